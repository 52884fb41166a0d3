/**
 * Commands that draw a recording: they load it as `convert` does, and write one file.
 */
import { basename, resolve } from 'node:path'
import { findingsOf, loadInput } from '../batch/input.js'
import { loadingStep } from '../batch/progress.js'
import type { ExportWarning } from '../engine/warnings.js'
import type { LoadProgress } from '../jobs/load-call.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportReport } from '../options/export-options.js'
import type { FileOptions } from '../report/write-file.js'
import { isS3Url } from '../storage/s3-url.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { given, inputFrom, requireS3, typedInput } from './conversion.js'
import { withTypedNames } from './ending.js'
import { reasonToSkip } from './existing.js'
import { OPTIONS_OF_INPUTS } from './format-options.js'
import type { CommandOptions } from './parse.js'
import { typedName } from './parse.js'
import { pathFrom } from './paths.js'
import type { Terminal } from './terminal.js'
import { counted, duration, size } from './text.js'
import { UsageError } from './usage-error.js'

const BYTES_A_SPIKE = 8

/** What a command draws. */
export interface Drawing {
  /** The options of the command. */
  readonly own: CommandOptions
  /** What its files end in. */
  readonly endings: readonly string[]
  /** What is added to the input's name where no output is given; undefined where one must be. */
  readonly usual?: string
  /** Draws, and returns what there is to report besides. */
  readonly write: (sd: SpikeData, output: string, source: DrawnSource, writing: FileOptions) => Promise<ExportReport & object>
}

/** What is drawn, as people know it. */
export interface DrawnSource {
  readonly name: string
  readonly format: string
}

export async function draw({ args, terminal, signal }: CommandCall, { own, endings, usual, write }: Drawing): Promise<number> {
  const startedAt = performance.now()
  const { values } = args
  const input = pathFrom(args.positionals[0] as string)
  const name = nameOf(input)
  const output = outputFrom(values.get('output') as string | undefined, endings, usual === undefined ? undefined : stem(name) + usual)
  requireS3(values, [input], 'IN')
  const reading = { ...inputFrom(input, values), targets: [] }
  const line = { input, output }
  const reason = await reasonToSkip(input, output, { output: { kind: 'file', extension: endings[0] as string } }, args)
  if (reason !== undefined) {
    terminal.say(`Left ${output} as it is: ${reason}.`)
    if (terminal.isJson) terminal.json({ status: 'skipped', ...line, reason })
    return EXIT.done
  }
  const warnings: ExportWarning[] = []
  const found = await findingsOf(reading, signal)
  const threads = given(values, ['threads'])
  const onWarning = (warning: ExportWarning) => warnings.push(warning)
  const loading = { ...threads, signal, onWarning, onProgress: (progress: LoadProgress) => terminal.progress(loadingStep(progress)) }
  const sd = await withTypedNames(typedInput, OPTIONS_OF_INPUTS, () => loadInput(reading, found, loading))
  try {
    const format = found?.format ?? reading.from ?? ''
    const { paths, bytesWritten, ...report } = await withTypedNames(
      (option) => `--${typedName(option)}`,
      Object.keys(own),
      () => write(sd, output, { name, format }, { ...threads, ...given(values, ['durable']), signal }),
    )
    const { spikeCount: _, unitCount: __, warnings: ___, ...more } = report
    const elapsedMs = performance.now() - startedAt
    for (const { message, code } of warnings) terminal.warn(`${message} (${code})`)
    const held = `${counted(sd.N, 'unit')}, ${counted(sd.spikeCount, 'spike')}`
    terminal.say(`Wrote ${output}: ${held}, ${size(bytesWritten)} in ${duration(elapsedMs)}.`)
    const counts = { units: sd.N, spikes: sd.spikeCount, ...more, bytesWritten, elapsedMs }
    if (terminal.isJson) terminal.json({ status: 'done', ...line, paths, ...counts, warnings })
    else for (const path of paths) terminal.result(path)
  } finally {
    await sd.close()
  }
  return EXIT.done
}

/** Shows how many spikes are done, as bytes that were read. */
export function showSpikes(terminal: Terminal, label: string) {
  return ({ spikesDone, spikesTotal }: { spikesDone: number; spikesTotal: number }) =>
    terminal.progress({ label, bytesDone: spikesDone * BYTES_A_SPIKE, bytesTotal: spikesTotal * BYTES_A_SPIKE })
}

/** The last part of a path. */
function nameOf(input: string): string {
  return basename(isS3Url(input) ? input : resolve(input)) || input
}

function stem(name: string): string {
  return name.replace(/(?<=.)\.[^.]+$/, '')
}

function outputFrom(typed: string | undefined, endings: readonly string[], usual: string | undefined): string {
  const expected = `a path that ends in ${endings.join(' or ')} for --output`
  if (typed === undefined && usual === undefined) throw new UsageError(`Expected ${expected}.`)
  const output = typed === undefined ? (usual as string) : pathFrom(typed)
  if (isS3Url(output) || !endings.some((ending) => output.toLowerCase().endsWith(ending))) {
    throw new UsageError(`Expected ${expected} but received ${typed}.`)
  }
  return output
}
