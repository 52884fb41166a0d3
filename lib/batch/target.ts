/**
 * Exports a recording to one target of a conversion.
 */
import { dirname } from 'node:path'
import type { ExportWarning } from '../engine/warnings.js'
import type { Inspection } from '../formats/inspect.js'
import { outputNamed } from '../formats/outputs.js'
import { NDArray, sizeOf } from '../memory/ndarray.js'
import type { SpikeData } from '../model/spike-data.js'
import type { OptionTable } from '../options/described.js'
import type { ExportReport, Progress } from '../options/export-options.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Options, Target } from './conversion.js'
import { makeFolder } from './folders.js'

/** How a recording is converted: what a worker process is sent beside it. */
export interface Manner {
  readonly threads?: number
  readonly durable?: boolean
}

/** How an exporter is called besides the options that users give. */
export interface Writing extends Manner {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/**
 * Exports it with what the recording states of itself, into folders that are made where they are missing.
 *
 * @returns the exporter's report, with warnings of what is lost as well
 */
export async function writeTarget(sd: SpikeData, { output, to, writing }: Target, calling: Writing): Promise<ExportReport> {
  const { format, options } = outputNamed(to)
  if (!isS3Url(output)) await makeFolder(dirname(output))
  const given = { ...options, ...withDates(format.described, writing) }
  const warnings: ExportWarning[] = []
  const stated = format.stated?.(sd, given, warnings)
  const report = await format.write(format.from?.(sd) ?? sd, output, { ...given, ...stated, ...calling })
  return { ...report, warnings: [...warnings, ...report.warnings] }
}

/** Options with dates for those that are dates: plain data has them as text. */
function withDates(described: OptionTable, given: Options): Options {
  const valueOf = ([name, value]: [string, unknown]) => [
    name,
    described[name]?.value === 'date' && typeof value === 'string' ? new Date(value) : value,
  ]
  return Object.fromEntries(Object.entries(given).map(valueOf))
}

/** What is to be said of an input whose raw data has not been loaded; undefined where there is none. */
export function rawDataLeftOut(found: Inspection | undefined, sd: SpikeData): ExportWarning | undefined {
  if (!found || found.rawData.length === 0 || !hasNoRawData(sd)) return undefined
  const names = found.rawData.map(({ name }) => name).join(', ')
  const message = `Raw data is left out (${names}): the options of both formats that have raw in their names take it along.`
  return { code: 'SPIKEPORT_RAW_DATA_LEFT_OUT', message }
}

function hasNoRawData({ rawData }: SpikeData): boolean {
  return rawData instanceof NDArray && sizeOf(rawData.shape) === 0
}
