/**
 * Reads the table of units with all of its columns.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { numberIn } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../../engine/run-job.js'
import type { ProgressSum } from '../../../jobs/load-call.js'
import { unset } from '../../../memory/allocation.js'
import { NDArray, sizeOf } from '../../../memory/ndarray.js'
import { setOwn } from '../../../memory/plain-values.js'
import { arrayTypeOf, dtypeOf } from '../../../memory/typed-arrays.js'
import type { LazilyLoaded, LazySpool } from '../../../recording/lazy-loading.js'
import { valuesWith } from '../../../recording/lazy-loading.js'
import type { LoadedSpikes } from '../../../recording/loaded-spikes.js'
import { splitIndex } from '../../../recording/ragged-index.js'
import { MAX_UNITS } from '../../../recording/spike-data-builder.js'
import { UNIT_ID } from '../../../recording/unit-id.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices, isDue } from '../../../steps.js'
import { lazyRagged } from '../../hdf5/lazy-ragged.js'
import type { ColumnDatasets, ValueOf } from './columns.js'
import { bytesOfNumbers, columnValues, finished, LongValue, madeOf } from './columns.js'
import type { UnitElectrodes } from './electrodes.js'
import { unitElectrodes } from './electrodes.js'
import { spikeColumnsOf } from './spike-columns.js'
import type { TableDatasets } from './table.js'
import type { Observed } from './window.js'
import { observedIntervals } from './window.js'

export const UNITS = '/units'

/** The columns that become no attribute of their name. */
export const SPIKE_TIMES = 'spike_times'
export const ELECTRODES = 'electrodes'
export const OBSERVED = 'obs_intervals'
const PLACE = 'location'
const AREA = 'location_label'
/** Columns whose last axis is the electrodes of the unit that has most of them; NaN beyond those of another. */
const OF_ELECTRODES = new Set(['waveform_mean', 'waveform_sd'])

const AS_FLOAT64 = new Set([SPIKE_TIMES, ELECTRODES, OBSERVED])

/** The units of the table. */
export interface ReadUnits {
  spikes: LoadedSpikes | LazilyLoaded
  attributes: Record<string, unknown>[]
  observed: Observed | undefined
  /** The sampling frequency in Hz that the times are exact to, if it is known. */
  fsHz: number | undefined
  /** Columns that no attribute can hold, and why. */
  lost: string[]
}

/** The number of units that spikes are of. */
export function unitsOf(spikes: LoadedSpikes | LazilyLoaded): number {
  return 'times' in spikes ? spikes.ends.length : (spikes.unitCount as number)
}

/** How many bytes of numbers {@link readUnits} reads, indices and ids aside. */
export function unitsBytes({ columns }: TableDatasets): number {
  return columns.reduce((sum, { name, data }) => sum + bytesOfColumn(name, data), 0)
}

/** The number of units of the table. */
export function unitCountOf({ columns, ids }: TableDatasets): number {
  return ids?.shape[0] ?? columns.find(({ name }) => name === SPIKE_TIMES)?.index?.shape[0] ?? 0
}

function bytesOfColumn(name: string, data: Hdf5Dataset): number {
  return AS_FLOAT64.has(name) ? 8 * sizeOf(data.shape) : bytesOfNumbers(data)
}

/**
 * All of the table.
 *
 * @param hasVersion - whether the file states its version of NWB
 * @param progress - for {@link unitsBytes}
 * @throws FormatError for a table that contradicts itself; the message names the column
 */
export async function readUnits(
  file: Hdf5File,
  { columns, ids }: TableDatasets,
  hasVersion: boolean,
  options: ReadOptions,
  progress: ProgressSum,
  lazy: LazySpool | undefined,
): Promise<ReadUnits> {
  const { signal } = options
  const onProgress = ({ name, data }: ColumnDatasets) => progress.next(bytesOfColumn(name, data))
  const times = columns.find(({ name }) => name === SPIKE_TIMES)
  const count = unitCountOf({ columns, ids })
  if (count > MAX_UNITS) throw file.error(`it has ${count} rows, more than the ${MAX_UNITS} units of a recording`, UNITS)
  const spikes = await readSpikes(file, times?.data, times?.index, count, lazy, options, times && onProgress(times), columns.filter(isFree))
  const stored = new Set(valuesWith(spikes).map(({ name }) => name))

  const named: [string, ValueOf][] = []
  const lost: string[] = []
  const unitId = ids && (await columnValues(file, { name: 'id', data: ids }, count, options))
  if (unitId) named.push([UNIT_ID, unitId])
  let observed: Observed | undefined
  let electrodes: UnitElectrodes | undefined
  for (const column of columns) {
    const { name, data } = column
    if (name === SPIKE_TIMES) continue
    if (stored.has(name)) {
      onProgress(column)
      continue
    }
    if (name === UNIT_ID && unitId) lost.push(`${name}: the ids of the rows have its name`)
    else if (data.problem !== undefined) lost.push(`${name}: ${data.problem}`)
    else if (name === ELECTRODES && data.type.kind === 'number')
      electrodes = await unitElectrodes(file, column, count, hasVersion, options, onProgress(column))
    else if (name === OBSERVED) {
      observed = await observedIntervals(file, column, count, options, onProgress(column))
      if (observed.intervalsOf) named.push([OBSERVED, observed.intervalsOf])
    } else {
      const values = await columnValues(file, column, count, options, onProgress(column))
      const attribute = attributeOf(column, columns)
      if (values) named.push([attribute, OF_ELECTRODES.has(name) ? ofOwnElectrodes(values, () => electrodes) : values])
      else lost.push(`${name}: its values are no numbers, booleans or texts`)
    }
  }
  const attributes = await inSlices(attributesOf(count, named, electrodes, stored), signal)
  return { spikes, attributes, observed, fsHz: frequencyOf(times?.data), lost }
}

/** Whether a column becomes nothing but an attribute of its name. */
function isFree({ name }: ColumnDatasets): boolean {
  return !(name === UNIT_ID || name === SPIKE_TIMES || name === ELECTRODES || name === OBSERVED)
}

/** The attribute of a column: of its name, but a column of places may have the names of brain areas, and a recording's places are coordinates. */
export function attributeOf({ name, data }: ColumnDatasets, columns: readonly ColumnDatasets[]): string {
  const isArea = name === PLACE && data.type.kind === 'text' && columns.every((other) => other.name !== AREA)
  return isArea ? AREA : name
}

/** Samples × electrodes without those beyond the unit's own. */
function ofOwnElectrodes(values: ValueOf, electrodes: () => UnitElectrodes | undefined): ValueOf {
  return (unit) => {
    const value = values(unit)
    const own = Math.max(1, electrodes()?.countOf(unit) ?? 1)
    if (value instanceof LongValue) return new LongValue(ofElectrodes(value, own))
    return value instanceof NDArray ? madeOf(value.size, ofElectrodes(value, own)) : value
  }
}

/** The first `own` electrodes, if the numbers of all others are NaN. */
function* ofElectrodes(made: unknown, own: number): Steps<unknown> {
  const value = yield* finished(made)
  if (!(value instanceof NDArray) || value.ndim !== 2) return value
  const [samples, width] = value.shape as [number, number]
  if (own >= width) return value
  const { data } = value
  let areOthersNaN = true
  yield* inRanges(value.size, (from, to) => {
    for (let i = from; areOthersNaN && i < to; i++) areOthersNaN = i % width < own || Number.isNaN(data[i])
  })
  if (!areOthersNaN) return value
  const kept = unset(arrayTypeOf(dtypeOf(data)), samples * own)
  yield* inRanges(samples * own, (from, to) => {
    for (let i = from; i < to; i++) kept[i] = data[Math.floor(i / own) * width + (i % own)] as never
  })
  return new NDArray(kept, [samples, own])
}

/** @param stored - the names of what stays on the disk, which no attribute may have */
function* attributesOf(
  units: number,
  named: readonly [string, ValueOf][],
  electrodes: UnitElectrodes | undefined,
  stored: ReadonlySet<string>,
): Steps<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  for (let unit = 0; unit < units; unit++) {
    const attributes: Record<string, unknown> = {}
    // A column of the units' own comes before what their electrode has of the name.
    if (electrodes) {
      for (const [name, value] of Object.entries(yield* electrodes.attributesOf(unit))) {
        if (value !== undefined && !stored.has(name)) attributes[name] = value
      }
    }
    for (const [name, valueOf] of named) {
      const made = valueOf(unit)
      const value = made instanceof LongValue ? yield* made.steps : made
      if (value !== undefined) setOwn(attributes, name, value)
      if (isDue()) yield
    }
    all.push(attributes)
  }
  return all
}

/**
 * The spike times in ms, in memory of their own or on the disk; none for a table without the column.
 *
 * @param columns - those of which the disk also keeps what has a number for each spike
 */
export async function readSpikes(
  file: Hdf5File,
  times: Hdf5Dataset | undefined,
  index: Hdf5Dataset | undefined,
  units: number | undefined,
  lazy: LazySpool | undefined,
  options: ReadOptions,
  onProgress?: OnProgress,
  columns: readonly ColumnDatasets[] = [],
): Promise<LoadedSpikes | LazilyLoaded> {
  if (!times) return { times: new Float64Array(0), ends: new BigInt64Array(units ?? 0) }
  if (!index) throw file.error('it has no index', times.path)
  if (times.problem !== undefined) throw file.error(times.problem, times.path)
  const entries = (await file.numbers(index, options)).data
  const into = lazy ? undefined : file.room(times, Float64Array)
  const split = await inSlices(splitIndex(entries, sizeOf(times.shape), undefined, units), options.signal)
  if (split.problem !== undefined) throw file.error(split.problem, index.path)
  const scaling = { kind: 'times', factor: 1e3 } as const
  if (!into) {
    const values = await spikeColumnsOf(file, columns, split.ends, options)
    return lazyRagged(file, times, split.ends, scaling, lazy as LazySpool, { ...options, onProgress }, values)
  }
  const falls = await file.read([{ path: times.path, into, scaling, falls: true }], { ...options, onProgress })
  return { times: into, ends: split.ends, falls }
}

/** From the resolution of the times in s, which is one over the frequency. */
export function frequencyOf(times: Hdf5Dataset | undefined): number | undefined {
  const resolution = numberIn(times?.attributes.get('resolution'))
  if (resolution === undefined || !(resolution > 0 && resolution < Infinity)) return undefined
  const whole = Math.round(1 / resolution)
  return 1 / whole === resolution ? whole : 1 / resolution
}
