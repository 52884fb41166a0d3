/**
 * `spikeport convert`: loads a recording from any format, and exports it to any other.
 */
import { findingsOf, loadInput } from '../batch/input.js'
import { loadingStep, writingStep } from '../batch/progress.js'
import { rawDataLeftOut, writeTarget } from '../batch/target.js'
import type { ExportWarning } from '../engine/warnings.js'
import type { Inspection } from '../formats/inspect.js'
import { outputNamed } from '../formats/outputs.js'
import type { LoadProgress } from '../jobs/load-call.js'
import type { Progress } from '../options/export-options.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { conversionFrom, given, typedInput } from './conversion.js'
import { withTypedNames } from './ending.js'
import { reasonToSkip } from './existing.js'
import { OPTIONS_OF_INPUTS } from './format-options.js'
import { typedName } from './parse.js'
import { counted, duration, size } from './text.js'

/** Converts, and returns the exit status. */
export async function convert({ args, terminal, signal }: CommandCall): Promise<number> {
  const startedAt = performance.now()
  const conversion = conversionFrom(args)
  const {
    input,
    targets: [target],
  } = conversion
  const { output, to } = target
  const line = { input, output, format: to }
  const reason = await reasonToSkip(input, output, outputNamed(to).format, args)
  if (reason !== undefined) {
    terminal.say(`Left ${output} as it is: ${reason}.`)
    if (terminal.isJson) terminal.json({ status: 'skipped', ...line, reason })
    return EXIT.done
  }
  const found = await findingsOf(conversion, signal)
  if (args.values.get('dryRun') === true) {
    terminal.say(`Would convert ${input}${found ? ` (${summary(found)})` : ''} to ${output} (${to}).`)
    if (terminal.isJson) terminal.json({ status: 'planned', ...line, found })
    return EXIT.done
  }

  const warnings: ExportWarning[] = []
  const loading = {
    ...given(args.values, ['threads']),
    signal,
    onWarning: (warning: ExportWarning) => warnings.push(warning),
    onProgress: (progress: LoadProgress) => terminal.progress(loadingStep(progress)),
  }
  const sd = await withTypedNames(typedInput, OPTIONS_OF_INPUTS, () => loadInput(conversion, found, loading))
  try {
    const leftOut = rawDataLeftOut(found, sd)
    if (leftOut) warnings.push(leftOut)
    const writing = {
      ...given(args.values, ['threads', 'durable']),
      signal,
      onProgress: (progress: Progress) => terminal.progress(writingStep(progress)),
    }
    const { paths, bytesWritten, ...report } = await withTypedNames(
      (name) => `--${typedName(name)}`,
      Object.keys(outputNamed(to).format.described),
      () => writeTarget(sd, target, writing),
    )
    warnings.push(...report.warnings)
    const elapsedMs = performance.now() - startedAt
    for (const { message, code } of warnings) terminal.warn(`${message} (${code})`)
    const held = `${counted(sd.N, 'unit')}, ${counted(sd.spikeCount, 'spike')}`
    terminal.say(`Wrote ${output} (${to}): ${held}, ${size(bytesWritten)} in ${duration(elapsedMs)}.`)
    const counts = { units: sd.N, spikes: sd.spikeCount, bytesWritten, elapsedMs }
    if (terminal.isJson) terminal.json({ status: 'done', ...line, paths, ...counts, warnings })
    else for (const path of paths) terminal.result(path)
  } finally {
    await sd.close()
  }
  return EXIT.done
}

function summary({ format, units, spikes }: Inspection): string {
  return [format, units === undefined ? [] : counted(units, 'unit'), spikes === undefined ? [] : counted(spikes, 'spike')].flat().join(', ')
}
