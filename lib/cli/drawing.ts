/**
 * Commands that draw a recording: they load it as `convert` does, and write one file.
 */
import { basename, resolve } from 'node:path'
import { findingsOf } from '../batch/input.js'
import type { ExportWarning } from '../engine/warnings.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportReport } from '../options/export-options.js'
import type { FileOptions } from '../report/write-file.js'
import { withoutEnding } from '../storage/paths.js'
import { isS3Url } from '../storage/s3-url.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { given, inputFrom, requireS3 } from './conversion.js'
import { withTypedNames } from './ending.js'
import { reasonToSkip } from './existing.js'
import { loadTyped, sayLeft, sayWritten } from './one-recording.js'
import type { CommandOptions } from './parse.js'
import { typedOption } from './parse.js'
import { pathFrom } from './paths.js'
import type { Terminal } from './terminal.js'
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

export async function draw(call: CommandCall, { own, endings, usual, write }: Drawing): Promise<number> {
  const { args, terminal, signal } = call
  const startedAt = performance.now()
  const { values } = args
  const input = pathFrom(args.positionals[0] as string)
  const name = nameOf(input)
  const output = outputFrom(
    values.get('output') as string | undefined,
    endings,
    usual === undefined ? undefined : withoutEnding(name) + usual,
  )
  requireS3(values, [input], 'IN')
  const reading = { ...inputFrom(input, values), targets: [] }
  const line = { input, output }
  const reason = await reasonToSkip(input, output, { output: { kind: 'file', extension: endings[0] as string } }, args)
  if (reason !== undefined) return sayLeft(terminal, line, reason)
  const warnings: ExportWarning[] = []
  const found = await findingsOf(reading, signal)
  const sd = await loadTyped(reading, found, call, warnings)
  try {
    const format = found?.format ?? reading.from ?? ''
    const writing = { ...given(values, ['threads', 'durable']), signal }
    const report = await withTypedNames(typedOption, Object.keys(own), () => write(sd, output, { name, format }, writing))
    const { paths, bytesWritten, spikeCount: _, unitCount: __, warnings: ___, ...more } = report
    sayWritten(terminal, line, sd, { name: output, paths, bytesWritten, warnings, startedAt, more })
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

function outputFrom(typed: string | undefined, endings: readonly string[], usual: string | undefined): string {
  const expected = `a path that ends in ${endings.join(' or ')} for --output`
  if (typed === undefined && usual === undefined) throw new UsageError(`Expected ${expected}.`)
  const output = typed === undefined ? (usual as string) : pathFrom(typed)
  if (isS3Url(output) || !endings.some((ending) => output.toLowerCase().endsWith(ending))) {
    throw new UsageError(`Expected ${expected} but received ${typed}.`)
  }
  return output
}
