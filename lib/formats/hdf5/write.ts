/**
 * Generic HDF5 files, in the four styles of SpikeLab's `export_spikedata_to_hdf5`.
 */
import type { Hdf5Object, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import type { Source, TimeConversion } from '../../engine/plan/sources.js'
import { invalidType, invalidValue } from '../../errors.js'
import { checkExportCall, EXPORT_OPTIONS } from '../../jobs/export-call.js'
import { countsOf, runExport } from '../../jobs/run-export.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import { lengthOf } from '../../memory/typed-arrays.js'
import type { SpikeData } from '../../model/spike-data.js'
import { requireSpikeData, whileOpen } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import { isMissing, positiveNumber, refuseOptions } from '../../options/checks.js'
import type { ExportReport } from '../../options/export-options.js'
import type { ExportPath } from '../../options/export-path.js'
import { samplingFrequency, timeConversion } from '../../options/time-unit.js'
import { isRawFile } from '../../recording/raw-file.js'
import { isRawStream } from '../../recording/raw-stream.js'
import { rasterBins } from '../../recording/windows.js'
import type { OptionsFor } from '../../storage/s3-options.js'
import type { ObjectPath } from './names.js'
import { checkDistinct, objectPath, windowAttributes } from './names.js'
import type { GroupStyle, Hdf5Options, Hdf5Style, PairedStyle, RaggedStyle, RasterStyle } from './options.js'
import { STYLE_OPTIONS } from './options.js'
import { DEFAULT_CHUNK_BYTES, mainStorage, pagesFrom, rawStorage, rawStorageFrom, STORAGE_OPTIONS } from './storage.js'
import type { FilePlan } from './streams.js'
import { plannedStream, streamedDataset, streamStorage } from './streams.js'

const OPTIONS: OptionNames<Hdf5Options> = {
  ...EXPORT_OPTIONS,
  style: true,
  rasterDataset: true,
  rasterBinSizeMs: true,
  spikeTimesDataset: true,
  spikeTimesIndexDataset: true,
  spikeTimesUnit: true,
  fsHz: true,
  groupPerUnit: true,
  groupTimeUnit: true,
  idcesDataset: true,
  timesDataset: true,
  timesUnit: true,
  rawDataset: true,
  rawTimeDataset: true,
  rawTimeUnit: true,
  ...STORAGE_OPTIONS,
}

/** 8 TiB. Numpy loads a raster as one dense int64 array and SpikeLab's loader copies it; the largest machines have 24 TiB of memory. */
const MOST_COUNTS = 2 ** 40

/** The library's own limit. */
const MOST_AXES = 32

const STYLES = Object.entries(STYLE_OPTIONS)

/** The options of one style. */
type Given<Style> = Hdf5Options & Style

/** A dataset or group to be, before it has its place. */
type Planned = { at: ObjectPath; object: (path: string) => Hdf5Object }

/**
 * Exports a recording to a generic HDF5 file, as SpikeLab's `export_spikedata_to_hdf5` does.
 *
 * The file opens without plugins in h5py 2 and later, MATLAB and HDF5 1.8 and later; its root attributes `start_time` and
 * `length_ms` hold the recording's window. Spike times are in unit order. An existing file is replaced once the new one is
 * complete; the folders above it must exist.
 *
 * @param sd - the recording
 * @param path - the file, as a path or a `file:` URL; with `s3Upload` an S3 URL
 * @param options - an {@link Hdf5Options}
 * @returns a promise of what was written
 * @throws TypeError, RangeError for options that make no sense, before anything is written
 * @throws Error with the file system's `code`, Hdf5Error, S3Error; or the signal's reason
 * @example
 * ```js
 * const { bytesWritten } = await exportSpikeDataToHdf5(sd, 'raster.h5', { style: 'raster', rasterBinSizeMs: 1 })
 * ```
 */
export async function exportSpikeDataToHdf5<Path extends ExportPath>(
  sd: SpikeData,
  path: Path,
  ...[options]: OptionsFor<Path, Hdf5Options>
): Promise<ExportReport> {
  requireSpikeData(sd, 'sd')
  return whileOpen([sd], () => writeHdf5(sd, path, options))
}

async function writeHdf5(sd: SpikeData, path: ExportPath, options: Hdf5Options | undefined): Promise<ExportReport> {
  const call = checkExportCall<Hdf5Options>(path, options, OPTIONS)
  const { planFor, streams } = hdf5Plan(sd, call.given)
  return runExport(call, planFor, countsOf(sd), streams)
}

/** What makes the plan of a file, and what it has of streams. */
export function hdf5Plan(sd: SpikeData, given: Hdf5Options): FilePlan {
  const style = styleFrom(given.style)
  refuseOtherStyles(given, style)
  if (!isMissing(given.fsHz)) samplingFrequency(given.fsHz)
  const streams: PlannedStream[] = []
  const planned = [...rawObjects(sd, given, streams), ...styleObjects(sd, style, given)]
  checkDistinct(planned.map(({ at }) => at))
  const pages = pagesFrom(given)
  const attributes = windowAttributes(sd)
  const objects = planned.map(({ at, object }) => object(at.path))
  return { planFor: (target) => ({ format: 'hdf5', target, ...pages, attributes, objects }), streams }
}

function styleFrom(style: unknown = 'ragged'): Hdf5Style {
  if (typeof style !== 'string') throw invalidType(`one of 'raster', 'ragged', 'group' and 'paired'`, 'style', style)
  const name = style.toLowerCase()
  if (!Object.hasOwn(STYLE_OPTIONS, name)) throw invalidValue(`one of 'raster', 'ragged', 'group' and 'paired'`, 'style', style)
  return name as Hdf5Style
}

function refuseOtherStyles(given: Hdf5Options, style: Hdf5Style): void {
  for (const [other, names] of STYLES) {
    if (other !== style) refuseOptions<Hdf5Options>(given, names, `as style is '${style}' and not '${other}'`)
  }
}

function styleObjects(sd: SpikeData, style: Hdf5Style, options: Hdf5Options): Planned[] {
  switch (style) {
    case 'raster':
      return rasterObjects(sd, options as Given<RasterStyle>)
    case 'ragged':
      return raggedObjects(sd, options as Given<RaggedStyle>)
    case 'group':
      return groupObjects(sd, options as Given<GroupStyle>)
    case 'paired':
      return pairedObjects(sd, options as Given<PairedStyle>)
  }
}

function rasterObjects(sd: SpikeData, options: Given<RasterStyle>): Planned[] {
  const { rasterDataset = 'raster', rasterBinSizeMs } = options
  const width = `a width in ms above 0, as style is 'raster',`
  if (isMissing(rasterBinSizeMs)) throw invalidValue(width, 'rasterBinSizeMs', rasterBinSizeMs)
  const binSizeMs = positiveNumber(rasterBinSizeMs, 'rasterBinSizeMs', 'a width in ms')
  const bins = rasterBins(sd.length, binSizeMs)
  if (bins === 0 && sd.spikeCount > 0) throw invalidValue('a recording longer than 0 ms, as it has spikes,', 'sd.length', sd.length)
  // Not with `>`: infinitely many bins come out as NaN.
  if (!(bins * Math.max(sd.N, 1) <= MOST_COUNTS)) {
    throw invalidValue(`a width in ms that makes at most ${MOST_COUNTS} counts, units × bins (8 TiB),`, 'rasterBinSizeMs', binSizeMs)
  }
  const source: Source = { kind: 'raster', trains: sd.nativeTrains, startTime: sd.startTime, binSizeMs, bins }
  const attributes = [
    { name: 'bin_size_ms', value: binSizeMs },
    { name: 'time_origin_ms', value: sd.startTime },
  ]
  const storage = mainStorage(options, {})
  const object = (path: string): Hdf5Object => ({ object: 'dataset', path, source, storage, attributes })
  return [{ at: objectPath(rasterDataset, 'rasterDataset'), object }]
}

function raggedObjects(sd: SpikeData, options: Given<RaggedStyle>): Planned[] {
  const { spikeTimesDataset = 'spike_times', spikeTimesIndexDataset = 'spike_times_index', spikeTimesUnit = 's' } = options
  const time = timeConversion(spikeTimesUnit, 'spikeTimesUnit', options.fsHz)
  const storage = mainStorage(options)
  const trains = sd.nativeTrains
  return [
    dataset(objectPath(spikeTimesDataset, 'spikeTimesDataset'), { kind: 'spikeTimes', trains, time }, storage),
    dataset(objectPath(spikeTimesIndexDataset, 'spikeTimesIndexDataset'), { kind: 'spikeTimesIndex', trains }, storage),
  ]
}

function groupObjects(sd: SpikeData, options: Given<GroupStyle>): Planned[] {
  const { groupPerUnit = 'units', groupTimeUnit = 's' } = options
  const time = timeConversion(groupTimeUnit, 'groupTimeUnit', options.fsHz)
  const storage = mainStorage(options)
  const source = { kind: 'unitSpikeTimes', trains: sd.nativeTrains, time } as const
  const object = (path: string): Hdf5Object => ({ object: 'unitDatasets', path, source, storage })
  return [{ at: objectPath(groupPerUnit, 'groupPerUnit'), object }]
}

function pairedObjects(sd: SpikeData, options: Given<PairedStyle>): Planned[] {
  const { idcesDataset = 'idces', timesDataset = 'times', timesUnit = 'ms' } = options
  const time = timeConversion(timesUnit, 'timesUnit', options.fsHz)
  const storage = mainStorage(options)
  const trains = sd.nativeTrains
  return [
    dataset(objectPath(idcesDataset, 'idcesDataset'), { kind: 'spikeUnits', trains }, storage),
    dataset(objectPath(timesDataset, 'timesDataset'), { kind: 'spikeTimes', trains, time }, storage),
  ]
}

/**
 * Raw data and its time axis, when there is any and they have names. Their options are checked in either case.
 *
 * @param streams - receives what comes as a stream
 */
function rawObjects(sd: SpikeData, options: Hdf5Options, streams: PlannedStream[]): Planned[] {
  const { rawTimeUnit = 'ms' } = options
  const rawDataset = optionalName(options.rawDataset, 'rawDataset')
  const rawTimeDataset = optionalName(options.rawTimeDataset, 'rawTimeDataset')
  requireBoth(options, rawDataset, rawTimeDataset)
  const time = timeConversion(rawTimeUnit, 'rawTimeUnit', options.fsHz)
  const storage = rawStorageFrom(options)
  if (!rawDataset || !rawTimeDataset || sd.rawData.shape.includes(0)) return []

  if (isRawStream(sd.rawData) || (isRawFile(sd.rawData) && !sd.rawData.liesByChannel)) {
    const { rawTimeRateKHz: rateKHz } = sd
    const samples = rateKHz === null ? lengthOf(sd.rawTime) : undefined
    const stream = plannedStream(sd.rawData, 'sd.rawData', samples, streamStorage(storage, options), true)
    streams.push(stream)
    const times: Source = rateKHz === null ? rawTimes(sd, time) : { kind: 'streamTimes', stream: stream.native, rateKHz, time }
    return [
      { at: rawDataset, object: (path) => streamedDataset(path, stream) },
      dataset(rawTimeDataset, times, extendable(storage.storage)),
    ]
  }

  const { shape, dtype } = sd.rawData
  if (shape.length > MOST_AXES) throw invalidValue(`at most ${MOST_AXES} axes`, 'sd.rawData.shape', shape)
  const raw: Source = isRawFile(sd.rawData)
    ? { kind: 'fileSamples', samples: sd.rawData.native, order: 'channel' }
    : { kind: 'array', data: sd.rawData.data, shape }
  return [
    dataset(rawDataset, raw, rawStorage(storage, shape, Number(dtype.slice(2)))),
    dataset(rawTimeDataset, rawTimes(sd, time), storage.storage),
  ]
}

/** Raw data without times, or times without data, would be left out in silence. */
function requireBoth(options: Hdf5Options, rawDataset: ObjectPath | undefined, rawTimeDataset: ObjectPath | undefined): void {
  if (rawDataset && !rawTimeDataset) throw invalidValue('a name, as rawDataset has one,', 'rawTimeDataset', options.rawTimeDataset)
  if (rawTimeDataset && !rawDataset) throw invalidValue('a name, as rawTimeDataset has one,', 'rawDataset', options.rawDataset)
}

/** The time of each raw sample, with precision and dtype of the reference's `raw_time / 1e3` and `rint(raw_time * (fs / 1e3))`. */
function rawTimes(sd: SpikeData, time: TimeConversion): Source {
  const { rawTimeRateKHz: rateKHz } = sd
  if (rateKHz !== null) return { kind: 'sampleTimes', count: sd.rawData.shape.at(-1) as number, rateKHz, time }
  if (time.to === 'ms') return { kind: 'array', data: sd.rawTime, shape: [lengthOf(sd.rawTime)] }
  return { kind: 'times', data: sd.rawTime, time, keepsFloat32: true }
}

/** The storage of what grows with a stream. */
function extendable(storage: Hdf5Storage): Hdf5Storage {
  return { chunkBytes: DEFAULT_CHUNK_BYTES, ...storage, layout: 'chunked', isExtendable: true }
}

function dataset(at: ObjectPath, source: Source, storage: Hdf5Storage): Planned {
  return { at, object: (path) => ({ object: 'dataset', path, source, storage }) }
}

/** Null and an empty text are no name, as in the reference. */
function optionalName(value: unknown, option: string): ObjectPath | undefined {
  return isMissing(value) || value === '' ? undefined : objectPath(value, option)
}
