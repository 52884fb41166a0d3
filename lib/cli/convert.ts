/**
 * `spikeport convert`: loads a recording from any format, and exports it to any other.
 */
import { findingsOf } from '../batch/input.js'
import { writingStep } from '../batch/progress.js'
import { rawDataLeftOut, writeTarget } from '../batch/target.js'
import type { ExportWarning } from '../engine/warnings.js'
import type { Inspection } from '../formats/inspect.js'
import { outputNamed } from '../formats/outputs.js'
import type { Progress } from '../options/export-options.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { conversionFrom, given } from './conversion.js'
import { withTypedNames } from './ending.js'
import { reasonToSkip } from './existing.js'
import { loadTyped, sayLeft, sayWritten } from './one-recording.js'
import { typedOption } from './parse.js'
import { counted } from './text.js'

/** Converts, and returns the exit status. */
export async function convert(call: CommandCall): Promise<number> {
  const { args, terminal, signal } = call
  const startedAt = performance.now()
  const conversion = conversionFrom(args)
  const {
    input,
    targets: [target],
  } = conversion
  const { output, to } = target
  const { format } = outputNamed(to)
  const line = { input, output, format: to }
  const reason = await reasonToSkip(input, output, format, args)
  if (reason !== undefined) return sayLeft(terminal, line, reason)
  const found = await findingsOf(conversion, signal)
  if (args.values.get('dryRun') === true) {
    terminal.say(`Would convert ${input}${found ? ` (${summary(found)})` : ''} to ${output} (${to}).`)
    if (terminal.isJson) terminal.json({ status: 'planned', ...line, found })
    return EXIT.done
  }

  const warnings: ExportWarning[] = []
  const sd = await loadTyped(conversion, found, call, warnings)
  try {
    const leftOut = rawDataLeftOut(found, sd)
    if (leftOut) warnings.push(leftOut)
    const writing = {
      ...given(args.values, ['threads', 'durable']),
      signal,
      onProgress: (progress: Progress) => terminal.progress(writingStep(progress)),
    }
    const report = await withTypedNames(typedOption, Object.keys(format.described), () => writeTarget(sd, target, writing))
    const { paths, bytesWritten } = report
    warnings.push(...report.warnings)
    sayWritten(terminal, line, sd, { name: `${output} (${to})`, paths, bytesWritten, warnings, startedAt })
  } finally {
    await sd.close()
  }
  return EXIT.done
}

function summary({ format, units, spikes }: Inspection): string {
  return [format, units === undefined ? [] : counted(units, 'unit'), spikes === undefined ? [] : counted(spikes, 'spike')].flat().join(', ')
}
