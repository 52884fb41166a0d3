/**
 * HDF5 files that are written while a recording goes on.
 */
import { invalidValue } from '../../errors.js'
import { checkExportCall } from '../../jobs/export-call.js'
import type { RecordingWriter, WriterRaw, WriterRecording } from '../../jobs/recording-writer.js'
import { WRITER_OPTIONS } from '../../jobs/recording-writer.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing } from '../../options/checks.js'
import type { ExportOptions } from '../../options/export-options.js'
import { COMMON_OPTIONS } from '../../options/export-options.js'
import type { TimeUnit } from '../../options/time-unit.js'
import type { Hdf5Options, WithSamplingFrequency } from './options.js'
import { openFile, writerOptions } from './recording-file.js'
import type { Hdf5StorageOptions } from './storage.js'
import { STORAGE_OPTIONS } from './storage.js'
import { hdf5Plan } from './write.js'

/** The names of spikes in the file. */
export interface WriterRaggedNames {
  /** The name of all spike times, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** The name of the cumulative end counts, one a unit. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
}

/** Times that are never in samples. */
export interface WriterWithoutSamples {
  /** The unit of the spike times. Default `s`. */
  spikeTimesUnit?: Exclude<TimeUnit, 'samples'> | undefined
  /** The unit of the times of raw samples. Default `ms`. */
  rawTimeUnit?: Exclude<TimeUnit, 'samples'> | undefined
  /** The sampling frequency in Hz; required where a unit is `samples`. */
  fsHz?: number | Missing
}

/** Times that may be in samples. */
export interface WriterWithSamples extends WithSamplingFrequency {
  /** The unit of the spike times. Default `s`. */
  spikeTimesUnit?: TimeUnit | undefined
}

/** With raw data. */
export interface Hdf5WriterWithRaw {
  /** What the raw samples are. */
  raw: WriterRaw
  /** The name of raw data, channels × samples. Default `raw`. */
  rawDataset?: string | undefined
  /** The name of the times of raw samples. Default `raw_time`. */
  rawTimeDataset?: string | undefined
}

/** Without raw data. */
export interface Hdf5WriterWithoutRaw {
  /** What the raw samples are. */
  raw?: Missing
  /** Only with `raw`. */
  rawDataset?: Missing
  /** Only with `raw`. */
  rawTimeDataset?: Missing
}

/** Options of {@link openHdf5Writer}. */
export type Hdf5WriterOptions = WriterRecording &
  ExportOptions &
  Hdf5StorageOptions &
  WriterRaggedNames &
  (WriterWithoutSamples | WriterWithSamples) &
  (Hdf5WriterWithRaw | Hdf5WriterWithoutRaw)

const OPTIONS: OptionNames<Hdf5WriterOptions> = {
  ...COMMON_OPTIONS,
  ...STORAGE_OPTIONS,
  ...WRITER_OPTIONS,
  spikeTimesDataset: true,
  spikeTimesIndexDataset: true,
  spikeTimesUnit: true,
  rawDataset: true,
  rawTimeDataset: true,
  rawTimeUnit: true,
  fsHz: true,
}

/**
 * Opens an HDF5 file of the ragged style for a recording that goes on: spikes and raw samples are written as they come, in any order, and
 * the file appears with `commit`. It is what `exportSpikeDataToHdf5` writes of the whole recording, with raw data that can grow.
 *
 * @param path - the file, as a path or a `file:` URL
 * @param options - what the recording is, and how it is written
 * @throws TypeError, RangeError for options that make no sense
 * @throws Error with the file system's `code`; or the signal's reason
 * @example
 * ```js
 * await using writer = await openHdf5Writer('live.h5', { N: 2, length: 60_000, raw: { dtype: 'int16', channels: 4, rateKHz: 20 } })
 * await writer.writeRaw(new Int16Array(4 * 1000))
 * await writer.writeSpikes({ units: [0, 1], times: [12.5, 40.25] })
 * await writer.commit()
 * ```
 */
export async function openHdf5Writer(path: string | URL, options?: Hdf5WriterOptions): Promise<RecordingWriter> {
  const call = checkExportCall<Hdf5WriterOptions>(path, options, OPTIONS)
  const parts = writerOptions(call.given)
  const { raw, given } = parts
  for (const name of ['rawDataset', 'rawTimeDataset'] as const) {
    if (!raw && !isMissing(given[name])) throw invalidValue('no value, as there is no raw,', name, given[name])
  }
  const file = { ...given, ...(raw && { rawDataset: given.rawDataset ?? 'raw', rawTimeDataset: given.rawTimeDataset ?? 'raw_time' }) }
  const plan = async (sd: SpikeData) => hdf5Plan(sd, file as Hdf5Options)
  return openFile(call, parts, { first: plan, last: plan })
}
