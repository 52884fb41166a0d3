/**
 * NWB files that are written while a recording goes on.
 */
import { invalidValue } from '../../errors.js'
import { checkExportCall } from '../../jobs/export-call.js'
import type { RecordingWriter, WriterRaw, WriterRecording } from '../../jobs/recording-writer.js'
import { WRITER_OPTIONS } from '../../jobs/recording-writer.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing } from '../../options/checks.js'
import type { ExportOptions } from '../../options/export-options.js'
import { COMMON_OPTIONS } from '../../options/export-options.js'
import type { SpikeValueOptions } from '../../recording/spike-batches.js'
import { inSlices } from '../../steps.js'
import { openFile, writerOptions } from '../hdf5/recording-file.js'
import type { Hdf5StorageOptions } from '../hdf5/storage.js'
import { STORAGE_OPTIONS } from '../hdf5/storage.js'
import type { NwbRawData } from './raw-series.js'
import type { NwbSession } from './session.js'
import type { NwbOptions, NwbProfile } from './write.js'
import { nwbPlan } from './write.js'

/** With raw data. */
export interface NwbWriterWithRaw {
  /** What the raw samples are. */
  raw: WriterRaw
  /** How they become an `ElectricalSeries`. */
  rawData: NwbRawData
}

/** Without raw data. */
export interface NwbWriterWithoutRaw {
  /** What the raw samples are. */
  raw?: Missing
  /** Only with `raw`. */
  rawData?: Missing
}

/** Options of {@link openNwbWriter}. */
export type NwbWriterOptions = WriterRecording &
  SpikeValueOptions &
  ExportOptions &
  Hdf5StorageOptions &
  Pick<NwbProfile, 'nwb' | 'fsHz' | 'unitIds'> &
  (NwbWriterWithRaw | NwbWriterWithoutRaw)

const OPTIONS: OptionNames<NwbWriterOptions> = {
  ...COMMON_OPTIONS,
  ...STORAGE_OPTIONS,
  ...WRITER_OPTIONS,
  spikeValues: true,
  nwb: true,
  fsHz: true,
  unitIds: true,
  rawData: true,
}

/**
 * Opens an NWB file for a recording that goes on: spikes and raw samples are written as they come, in any order, and the file appears with
 * `commit`. It is what `exportSpikeDataToNwb` writes of the whole recording, with raw data that can grow.
 *
 * `nwb` is checked here, and read again by `commit`: what has been added to its tables meanwhile, such as trials, is in the file.
 *
 * @param path - the file, as a path or a `file:` URL
 * @param options - what the recording is, and how it is written
 * @throws TypeError, RangeError for options that make no sense
 * @throws Error with the file system's `code`; or the signal's reason
 * @example
 * ```js
 * const raw = { dtype: 'int16', channels: 384, rateKHz: 30 }
 * await using writer = await openNwbWriter('live.nwb', { N: 2, raw, rawData: { conversion: 2.34e-6 }, fsHz: 30_000 })
 * await pipeline(amplifier, writer.rawSink())
 * await writer.writeSpikes({ unit: 1, times: [12.5, 40.25] })
 * await writer.commit()
 * ```
 */
export async function openNwbWriter(path: string | URL, options?: NwbWriterOptions): Promise<RecordingWriter> {
  const call = checkExportCall<NwbWriterOptions>(path, options, OPTIONS)
  const parts = writerOptions(call.given)
  const { raw, given } = parts
  if (raw && isMissing(given.rawData)) throw invalidValue('the series of the raw data, as there is raw,', 'rawData', given.rawData)
  if (!raw && !isMissing(given.rawData)) throw invalidValue('no value, as there is no raw,', 'rawData', given.rawData)
  // What is about units cannot be checked before these are there.
  const early = { ...given, unitIds: undefined, nwb: withoutUnits(given.nwb) } as NwbOptions
  return openFile(call, parts, {
    first: (empty) => inSlices(nwbPlan(empty, early, []), given.signal),
    last: (sd, warnings, signal) => inSlices(nwbPlan(sd, given as NwbOptions, warnings), signal),
  })
}

/** A session without what is about units. */
function withoutUnits(session: unknown): unknown {
  if (typeof session !== 'object' || session === null) return session
  const { obsIntervals: _, spikeColumns: __, columnDescriptions: ___, ...others } = session as NwbSession
  return others
}
