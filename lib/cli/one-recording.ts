/**
 * What commands have in common that load one recording and write one output: how it is loaded, and what is said of it.
 */
import type { Conversion } from '../batch/conversion.js'
import { loadInput } from '../batch/input.js'
import { loadingStep } from '../batch/progress.js'
import type { ExportWarning } from '../engine/warnings.js'
import type { Inspection } from '../formats/inspect.js'
import type { SpikeData } from '../model/spike-data.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { given, typedInput } from './conversion.js'
import { withTypedNames } from './ending.js'
import { OPTIONS_OF_INPUTS } from './format-options.js'
import type { Terminal } from './terminal.js'
import { counted, duration, size } from './text.js'

/** What each line of JSON has. */
interface Line {
  readonly input: string
  readonly output: string
}

/** Says that an output is left as it is, and returns the exit status. */
export function sayLeft(terminal: Terminal, line: Line, reason: string): number {
  terminal.say(`Left ${line.output} as it is: ${reason}.`)
  if (terminal.isJson) terminal.json({ status: 'skipped', ...line, reason })
  return EXIT.done
}

/**
 * Loads the recording, with progress. Errors about options name them as they are typed.
 *
 * @param warnings - to which those of the loader are added
 */
export function loadTyped(
  conversion: Conversion,
  found: Inspection | undefined,
  { args, terminal, signal }: CommandCall,
  warnings: ExportWarning[],
): Promise<SpikeData> {
  return withTypedNames(typedInput, OPTIONS_OF_INPUTS, () =>
    loadInput(conversion, found, {
      ...given(args.values, ['threads']),
      signal,
      onWarning: (warning) => warnings.push(warning),
      onProgress: (progress) => terminal.progress(loadingStep(progress)),
    }),
  )
}

/** What was written. */
interface Written {
  /** What people know the output by. */
  readonly name: string
  readonly paths: readonly string[]
  readonly bytesWritten: number
  readonly warnings: readonly ExportWarning[]
  readonly startedAt: number
  /** Further numbers for the line of JSON. */
  readonly more?: object
}

/** Says what was written: its paths, or a line of JSON, are the result. */
export function sayWritten(
  terminal: Terminal,
  line: Line,
  sd: SpikeData,
  { name, paths, bytesWritten, warnings, startedAt, more }: Written,
): void {
  const elapsedMs = performance.now() - startedAt
  for (const { message, code } of warnings) terminal.warn(`${message} (${code})`)
  const held = `${counted(sd.N, 'unit')}, ${counted(sd.spikeCount, 'spike')}`
  terminal.say(`Wrote ${name}: ${held}, ${size(bytesWritten)} in ${duration(elapsedMs)}.`)
  const counts = { units: sd.N, spikes: sd.spikeCount, ...more, bytesWritten, elapsedMs }
  if (terminal.isJson) terminal.json({ status: 'done', ...line, paths, ...counts, warnings })
  else for (const path of paths) terminal.result(path)
}
