/**
 * Reads the spikes of generic HDF5 files, style by style.
 */
import { addon } from '../../engine/native.js'
import type { TimeConversion } from '../../engine/plan/sources.js'
import type { Hdf5Dataset, Hdf5Group } from '../../engine/reading/hdf5-description.js'
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../engine/reading/hdf5-file.js'
import { runJob } from '../../engine/run-job.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { UnitList } from '../../engine/warnings.js'
import { invalidValue } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import { pinOwn } from '../../memory/buffers.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { bytesOf } from '../../memory/typed-arrays.js'
import type { SpikeData } from '../../model/spike-data.js'
import { timeScaling } from '../../options/time-unit.js'
import type { LazilyLoaded, LazySpool } from '../../recording/lazy-loading.js'
import type { LoadedSpikes, LoadedWindow } from '../../recording/loaded-spikes.js'
import { halfASample, spacing } from '../../recording/loaded-spikes.js'
import type { IndexKind } from '../../recording/ragged-index.js'
import { splitIndex } from '../../recording/ragged-index.js'
import { FEW, MAX_UNITS } from '../../recording/spike-data-builder.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import { lazyRagged } from './lazy-ragged.js'
import { lazyUnits, spoolRaster } from './lazy-units.js'
import { countOf, list } from './lists.js'
import type { Hdf5Style } from './options.js'
import { spoolPaired } from './spool-spikes.js'
import type { Names } from './style.js'

/** The options of a call, checked. */
export interface Settings {
  style: Hdf5Style | undefined
  names: Names
  time: Record<'ragged' | 'group' | 'paired' | 'raw', TimeConversion>
  indexKind: IndexKind | undefined
  unitCount: number | undefined
  binSizeMs: number | undefined
  lengthMs: number | undefined
  raw: { data: string; times: string } | undefined
  /** Where spikes are kept; undefined where they are to be in memory. */
  lazy: LazySpool | undefined
  metadata: Record<string, unknown>
}

/** The recording's window as a file states it. */
export interface FileWindow {
  startTime: number
  lengthMs: number | undefined
}

/** Spikes of a file, and what is special about them. */
export type ReadSpikes = (LoadedSpikes | LazilyLoaded) & AboutSpikes

interface AboutSpikes extends LoadedWindow {
  /** The dataset or group that errors about times name. */
  object: string
  /** The length in ms, where the spikes' style determines it. */
  length?: number
  warnings: ExportWarning[]
  /** What is to be warned of once it is known how many spikes each unit has. */
  warningsOf?: (sd: SpikeData) => Promise<ExportWarning[]>
}

/** Spikes that are yet to be read. */
interface PlannedSpikes {
  /** How many bytes will be read. */
  bytes: number
  read: (options: ReadOptions) => Promise<ReadSpikes>
}

/** What a style is read with. */
interface Source extends Pick<ReadOptions, 'signal' | 'threads'> {
  file: Hdf5File
  settings: Settings
  window: FileWindow
  /** What is known to be under some names. */
  known: readonly (Hdf5Group | Hdf5Dataset | undefined)[]
}

/** Finds the spikes of a style in a file, and takes the memory for them. */
export async function planSpikes(style: Hdf5Style, source: Source): Promise<PlannedSpikes> {
  return { ragged: planRagged, paired: planPaired, group: planGroup, raster: planRaster }[style](source)
}

/** A list whose numbers can be read: of another, not even their number may be known. */
async function readableList(file: Hdf5File, path: string, signal: AbortSignal | undefined, known?: Source['known']): Promise<Hdf5Dataset> {
  const dataset = await list(file, path, signal, known)
  if (dataset.problem !== undefined) throw file.error(dataset.problem, path)
  return dataset
}

async function planRagged({ file, settings, window, known, signal }: Source): Promise<PlannedSpikes> {
  const { spikeTimes, spikeTimesIndex } = settings.names
  const time = settings.time.ragged
  const timesDataset = await readableList(file, spikeTimes, signal, known)
  const times = settings.lazy ? undefined : file.room(timesDataset, Float64Array)
  const count = countOf(timesDataset)
  const index = file.room(await list(file, spikeTimesIndex, signal, known))
  if (index.length > MAX_UNITS + 1) throw file.error(`it has more than ${MAX_UNITS} entries`, spikeTimesIndex)
  return {
    bytes: count * Float64Array.BYTES_PER_ELEMENT + bytesOf(index).length,
    async read(options) {
      const reads = [
        ...(times ? [{ path: spikeTimes, into: times, scaling: timeScaling(time), falls: true }] : []),
        { path: spikeTimesIndex, into: index },
      ]
      const falls = await file.read(reads, times ? options : { ...options, onProgress: undefined })
      // SpikeLab's exporter and ours write the attribute, and an index of ends.
      const kind = settings.indexKind ?? (window.lengthMs === undefined ? undefined : 'ends')
      const split = await inSlices(splitIndex(index, count, kind, settings.unitCount), signal)
      if (split.problem !== undefined) throw file.error(split.problem, spikeTimesIndex)
      if (!times) {
        const lazy = settings.lazy as LazySpool
        return spikesOf(spikeTimes, await lazyRagged(file, timesDataset, split.ends, timeScaling(time), lazy, options), time)
      }
      return spikesOf(spikeTimes, { times, ends: split.ends, falls }, time)
    },
  }
}

async function planPaired({ file, settings, signal }: Source): Promise<PlannedSpikes> {
  const { idces, times: timesName } = settings.names
  const time = settings.time.paired
  const unitDataset = await readableList(file, idces, signal)
  const timesDataset = await readableList(file, timesName, signal)
  const [count, timeCount] = [countOf(unitDataset), countOf(timesDataset)]
  if (count !== timeCount) throw file.error(`it has ${count} entries, and ${timesName} has ${timeCount}`, idces)
  const { lazy, unitCount } = settings
  if (lazy) {
    file.claim(unitDataset, Float64Array.BYTES_PER_ELEMENT)
    file.claim(timesDataset, Float64Array.BYTES_PER_ELEMENT)
    return {
      bytes: count * Float64Array.BYTES_PER_ELEMENT,
      async read(options) {
        const about = { count, scaling: timeScaling(time), unitCount }
        const spikes = await spoolPaired(file, unitDataset, timesDataset, about, lazy.open(unitCount), options)
        const warningsOf = async (sd: SpikeData) => {
          if (unitCount !== undefined) return []
          const counts = await inSlices(sd.spikeCounts(), signal)
          const missing = await inSlices(
            emptyUnits(sd.N, (unit) => counts[unit] as number),
            signal,
          )
          return missing.isEmpty ? [] : [sparseUnits(missing)]
        }
        return { ...spikesOf(timesName, spikes, time), endsAfterLast: false, warningsOf }
      },
    }
  }
  const units = file.room(unitDataset)
  const times = file.room(timesDataset, Float64Array)
  return {
    bytes: bytesOf(times).length + bytesOf(units).length,
    async read(options) {
      const reads = [
        { path: idces, into: units },
        { path: timesName, into: times, scaling: timeScaling(time), falls: true },
      ]
      const falls = await file.read(reads, options)
      const spikes = await byUnit(file, idces, units, { times, falls }, settings.unitCount, signal)
      const missing = await inSlices(
        emptyUnits(spikes.ends.length, (unit) => Number(spikes.ends[unit]) - Number(spikes.ends[unit - 1] ?? 0n)),
        signal,
      )
      const warnings = missing.isEmpty || settings.unitCount !== undefined ? [] : [sparseUnits(missing)]
      return { ...spikesOf(timesName, spikes, time), endsAfterLast: false, warnings }
    },
  }
}

/** Sorts parallel arrays by unit. */
async function byUnit(
  file: Hdf5File,
  name: string,
  units: NumericArray,
  { times, falls }: Omit<LoadedSpikes, 'ends'>,
  unitCount: number | undefined,
  signal: AbortSignal | undefined,
): Promise<LoadedSpikes> {
  // Few spikes may have high unit numbers, up to which every unit takes time and memory.
  const areFew = units.length <= FEW && (unitCount ?? 0) <= FEW
  let split = areFew ? addon.splitByUnit(units, times, unitCount, FEW, true) : undefined
  if (!split || split.tooHigh !== undefined) {
    split = await runJob(() => addon.splitByUnitAsync(pinOwn(units), pinOwn(times), unitCount, MAX_UNITS, true), signal)
  }
  if (split.tooHigh !== undefined)
    throw file.error(`it has unit number ${split.tooHigh}, and at most ${MAX_UNITS} units are possible`, name)
  if (split.problem === undefined) return split.times ? { times: split.times, ends: split.ends } : { times, ends: split.ends, falls }
  const number = units[split.problem]
  const expected = unitCount === undefined ? 'no unit number' : `no number of ${unitCount} units`
  throw file.error(`entry ${split.problem} is ${number}, which is ${expected}`, name)
}

async function planGroup({ file, settings, signal }: Source): Promise<PlannedSpikes> {
  const { group } = settings.names
  const time = settings.time.group
  const units = await file.unitDatasets(group, signal)
  if (units.ends.length > MAX_UNITS) throw file.error(`it has more than ${MAX_UNITS} datasets`, group)
  const { lazy } = settings
  if (lazy) {
    return {
      bytes: units.count * Float64Array.BYTES_PER_ELEMENT,
      read: async (options) => spikesOf(group, await lazyUnits(file, group, units, timeScaling(time), lazy, options), time),
    }
  }
  const times = unset(Float64Array, units.count)
  return {
    bytes: bytesOf(times).length,
    async read(options) {
      const falls = await file.readUnitDatasets(units, times, timeScaling(time), options)
      return spikesOf(group, { times, ends: units.ends, falls }, time)
    },
  }
}

async function planRaster({ file, settings, window, signal, threads }: Source): Promise<PlannedSpikes> {
  const { raster: name } = settings.names
  const { attributes } = await file.dataset(name, signal)
  const widthMs = settings.binSizeMs ?? numberIn(attributes.get('bin_size_ms'))
  if (widthMs === undefined) {
    throw invalidValue(`a width in ms above 0, as ${name} has no attribute bin_size_ms,`, 'rasterBinSizeMs', undefined)
  }
  if (!(widthMs > 0 && widthMs < Infinity)) throw file.error(`its attribute bin_size_ms is ${widthMs}`, name)
  const counted = await file.raster(name, { signal, threads })
  const bins = { startMs: window.startTime, widthMs }
  const about = (spikes: LoadedSpikes | LazilyLoaded) => {
    return { ...spikesOf(name, spikes, { to: 'ms' }), length: rasterLength(counted.bins, widthMs) }
  }
  const { lazy } = settings
  if (lazy) {
    return {
      bytes: counted.count * Float64Array.BYTES_PER_ELEMENT,
      read: async (options) => about(await spoolRaster(file, counted, bins, lazy.open(counted.ends.length), options)),
    }
  }
  const times = unset(Float64Array, counted.count)
  return {
    bytes: bytesOf(times).length,
    async read(options) {
      await file.readRaster(counted, times, bins, options)
      return about({ times, ends: counted.ends })
    },
  }
}

/** The length in ms of a raster. As in SpikeLab a little less than its bins, so that a raster of its spikes has no bin more. */
export function rasterLength(bins: number, widthMs: number): number {
  const end = bins * widthMs
  return Math.max(end - spacing(end), 0)
}

function spikesOf(object: string, spikes: LoadedSpikes | LazilyLoaded, time: TimeConversion): ReadSpikes {
  const tolerance = halfASample(time.to === 'samples' ? time.fsHz : undefined)
  return { ...spikes, object, tolerance, endsAfterLast: true, warnings: [] }
}

function* emptyUnits(units: number, spikesOfUnit: (unit: number) => number): Steps<UnitList> {
  const empty = new UnitList()
  for (let unit = 0; unit < units; unit++) {
    if (spikesOfUnit(unit) === 0) empty.add(unit)
    if (isDue()) yield
  }
  return empty
}

function sparseUnits(missing: UnitList): ExportWarning {
  const message = `No spike is of ${missing}: ${missing.verb('it becomes a unit', 'they become units')} without spikes.`
  return { code: 'SPIKEPORT_UNITS_SPARSE', message }
}
