/**
 * Generic HDF5 files, in the four styles of SpikeLab's `export_spikedata_to_hdf5`.
 */
import { invalidType, invalidValue } from '../errors.js'
import { rasterBins } from '../model/bins.js'
import { requireSpikeData } from '../model/spike-data.js'
import type { SpikeData } from '../model/spike-data.js'
import { itemBytesOf } from '../model/typed-arrays.js'
import type { ExportOptions, ExportReport } from '../options.js'
import type { Column } from '../plan/columns.js'
import type { Hdf5Object, Hdf5Storage } from '../plan/hdf5-tree.js'
import type { S3Options } from '../storage/s3.js'
import { checkUnitType, timeConversion } from '../units.js'
import type { TimeUnit } from '../units.js'
import { beginExport } from './begin.js'
import type { OptionNames } from './begin.js'
import { checkDistinct, objectPath } from './hdf5-names.js'
import type { ObjectPath } from './hdf5-names.js'
import { rawStorage, STORAGE_OPTIONS, storageFrom } from './hdf5-storage.js'
import type { Hdf5StorageOptions } from './hdf5-storage.js'
import { windowAttributes } from './hdf5-window.js'
import { countsOf, runExport } from './run.js'

/** What an HDF5 file looks like. */
export type Hdf5Style = 'raster' | 'ragged' | 'group' | 'paired'

/** Options of {@link exportSpikeDataToHdf5}; names and defaults are the reference's. */
export interface Hdf5Options extends ExportOptions, S3Options, Hdf5StorageOptions {
  /** Case does not matter. Default `ragged`. */
  style?: Hdf5Style | undefined
  /** Raster: the name of the int64 counts, units × bins. Default `raster`. */
  rasterDataset?: string | undefined
  /** Raster: the width of a bin in ms. Required for that style. */
  rasterBinSizeMs?: number | null | undefined
  /** Ragged: the name of all spike times, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** Ragged: the name of the cumulative end counts, int64, one a unit. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
  /** Ragged: default `s`. */
  spikeTimesUnit?: TimeUnit | undefined
  /** The sampling frequency in Hz; required where a unit is `samples`. */
  fsHz?: number | null | undefined
  /** Group: the name of the group with one dataset a unit, named `0`, `1`, …. Default `units`. */
  groupPerUnit?: string | undefined
  /** Group: default `s`. */
  groupTimeUnit?: TimeUnit | undefined
  /** Paired: the name of the unit of each spike, int64. Default `idces`. */
  idcesDataset?: string | undefined
  /** Paired: the name of the time of each spike. Default `times`. */
  timesDataset?: string | undefined
  /** Paired: default `ms`. */
  timesUnit?: TimeUnit | undefined
  /** Where raw data goes, with its own dtype; only written along with `rawTimeDataset`, and when there is any. */
  rawDataset?: string | null | undefined
  /** Where the times of raw samples go. */
  rawTimeDataset?: string | null | undefined
  /** Default `ms`. */
  rawTimeUnit?: TimeUnit | undefined
}

const OPTIONS: OptionNames<Hdf5Options> = {
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

const STYLES: readonly string[] = ['raster', 'ragged', 'group', 'paired']

/** The library's own limit. */
const MOST_AXES = 32

/** A dataset or group to be, before it has its place. */
type Planned = { at: ObjectPath; object: (path: string) => Hdf5Object }

/**
 * Exports a recording to a generic HDF5 file.
 *
 * The file opens without plugins in h5py 2 and later, MATLAB and HDF5 1.8 and later; its root attributes `start_time` and
 * `length_ms` hold the recording's window. Spike times are in unit order. An existing file is replaced once the new one is
 * whole; folders above it must be there.
 *
 * @param path - the file, or with `s3Upload` an S3 URL
 * @throws TypeError, RangeError for options that make no sense, before anything is written
 * @throws Error with the file system's `code`, Hdf5Error, S3Error; or the signal's reason
 */
export async function exportSpikeDataToHdf5(sd: SpikeData, path: string, options?: Hdf5Options): Promise<ExportReport> {
  requireSpikeData(sd, 'sd')
  const call = beginExport(path, options, OPTIONS)
  const { given } = call
  const style = styleFrom(given.style)
  const planned = [...rawObjects(sd, given), ...styleObjects(sd, style, given)]
  checkDistinct(planned.map(({ at }) => at))
  const attributes = windowAttributes(sd)
  const objects = planned.map(({ at, object }) => object(at.path))
  return runExport(call, (target) => ({ format: 'hdf5', target, attributes, objects }), countsOf(sd))
}

function styleFrom(style: unknown = 'ragged'): Hdf5Style {
  if (typeof style !== 'string') throw invalidType(`one of 'raster', 'ragged', 'group' and 'paired'`, 'style', style)
  const name = style.toLowerCase()
  if (!STYLES.includes(name)) throw invalidValue(`one of 'raster', 'ragged', 'group' and 'paired'`, 'style', style)
  return name as Hdf5Style
}

/** The objects of the style in use. The other styles' options are checked for their type only. */
function styleObjects(sd: SpikeData, style: Hdf5Style, options: Hdf5Options): Planned[] {
  checkTypes(options)
  switch (style) {
    case 'raster':
      return rasterObjects(sd, options)
    case 'ragged':
      return raggedObjects(sd, options)
    case 'group':
      return groupObjects(sd, options)
    case 'paired':
      return pairedObjects(sd, options)
  }
}

function rasterObjects(sd: SpikeData, options: Hdf5Options): Planned[] {
  const { rasterDataset = 'raster', rasterBinSizeMs: binSizeMs } = options
  if (typeof binSizeMs !== 'number' || !(binSizeMs > 0 && binSizeMs < Infinity)) {
    throw invalidValue('a width in ms above 0', 'rasterBinSizeMs', binSizeMs)
  }
  const bins = rasterBins(sd.length, binSizeMs)
  if (bins === 0 && sd.spikeCount > 0) throw invalidValue('a recording longer than 0 ms, as it has spikes,', 'sd.length', sd.length)
  if (!Number.isSafeInteger(bins * Math.max(sd.N, 1) * 8)) throw invalidValue('fewer bins', 'rasterBinSizeMs', binSizeMs)
  const column: Column = { column: 'raster', trains: sd.nativeTrains, startTime: sd.startTime, binSizeMs, bins }
  const attributes = [
    { name: 'bin_size_ms', value: binSizeMs },
    { name: 'time_origin_ms', value: sd.startTime },
  ]
  const storage = storageFrom(options, {})
  const object = (path: string): Hdf5Object => ({ object: 'dataset', path, column, storage, attributes })
  return [{ at: objectPath(rasterDataset, 'rasterDataset'), object }]
}

function raggedObjects(sd: SpikeData, options: Hdf5Options): Planned[] {
  const { spikeTimesDataset = 'spike_times', spikeTimesIndexDataset = 'spike_times_index', spikeTimesUnit = 's' } = options
  const time = timeConversion(spikeTimesUnit, 'spikeTimesUnit', options.fsHz)
  const storage = storageFrom(options)
  const trains = sd.nativeTrains
  return [
    dataset(spikeTimesDataset, 'spikeTimesDataset', { column: 'spikeTimes', trains, time }, storage),
    dataset(spikeTimesIndexDataset, 'spikeTimesIndexDataset', { column: 'spikeTimesIndex', trains }, storage),
  ]
}

function groupObjects(sd: SpikeData, options: Hdf5Options): Planned[] {
  const { groupPerUnit = 'units', groupTimeUnit = 's' } = options
  const time = timeConversion(groupTimeUnit, 'groupTimeUnit', options.fsHz)
  const storage = storageFrom(options)
  const column = { column: 'unitSpikeTimes', trains: sd.nativeTrains, time } as const
  const object = (path: string): Hdf5Object => ({ object: 'repeat', path, column, storage })
  return [{ at: objectPath(groupPerUnit, 'groupPerUnit'), object }]
}

function pairedObjects(sd: SpikeData, options: Hdf5Options): Planned[] {
  const { idcesDataset = 'idces', timesDataset = 'times', timesUnit = 'ms' } = options
  const time = timeConversion(timesUnit, 'timesUnit', options.fsHz)
  const storage = storageFrom(options)
  const trains = sd.nativeTrains
  return [
    dataset(idcesDataset, 'idcesDataset', { column: 'spikeUnits', trains }, storage),
    dataset(timesDataset, 'timesDataset', { column: 'spikeTimes', trains, time }, storage),
  ]
}

/** Raw data and its time axis, when there is any and both have a name. */
function rawObjects(sd: SpikeData, options: Hdf5Options): Planned[] {
  const { rawDataset, rawTimeDataset, rawTimeUnit = 'ms' } = options
  optionalName(rawDataset, 'rawDataset')
  optionalName(rawTimeDataset, 'rawTimeDataset')
  checkUnitType(rawTimeUnit, 'rawTimeUnit')
  if (!rawDataset || !rawTimeDataset || sd.rawData.shape.includes(0)) return []

  const { data, shape } = sd.rawData
  if (shape.length > MOST_AXES) throw invalidValue(`at most ${MOST_AXES} axes`, 'sd.rawData.shape', shape)
  const time = timeConversion(rawTimeUnit, 'rawTimeUnit', options.fsHz)
  const rateKHz = sd.rawTimeRateKHz
  const times: Column =
    rateKHz === null
      ? { column: 'times', data: sd.rawTime, time }
      : { column: 'sampleTimes', count: shape.at(-1) as number, rateKHz, time }
  const storage = storageFrom(options)
  return [
    dataset(rawDataset, 'rawDataset', { column: 'array', data, shape }, rawStorage(storage, shape, itemBytesOf(data))),
    dataset(rawTimeDataset, 'rawTimeDataset', times, storage),
  ]
}

function dataset(name: string, option: string, column: Column, storage: Hdf5Storage): Planned {
  return { at: objectPath(name, option), object: (path) => ({ object: 'dataset', path, column, storage }) }
}

/** The types of every style's options. */
function checkTypes(options: Hdf5Options): void {
  const names = ['rasterDataset', 'spikeTimesDataset', 'spikeTimesIndexDataset', 'groupPerUnit', 'idcesDataset', 'timesDataset'] as const
  for (const name of names) optionalName(options[name], name, false)
  for (const name of ['spikeTimesUnit', 'groupTimeUnit', 'timesUnit'] as const) checkUnitType(options[name], name)
  for (const name of ['fsHz', 'rasterBinSizeMs'] as const) {
    const value: unknown = options[name]
    if (value !== undefined && value !== null && typeof value !== 'number') throw invalidType('a number', name, value)
  }
}

function optionalName(value: unknown, name: string, nullable = true): void {
  if (value === undefined || (nullable && value === null)) return
  if (typeof value !== 'string') throw invalidType('a string', name, value)
}
