/**
 * When the units of a file were observed: the recording's window.
 */
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../../engine/run-job.js'
import { NDArray } from '../../../memory/ndarray.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import type { ColumnDatasets, ValueOf } from './columns.js'
import { endsOf } from './columns.js'

/** A window in ms; without `length` it ends with the last spike. */
export interface ReadWindow {
  startTime: number
  length?: number | undefined
}

/** A window with both ends. */
export interface WholeWindow extends ReadWindow {
  length: number
}

/** What `obs_intervals` say. */
export interface Observed {
  /** From the start of the first interval to the end of the last; undefined where there are none. */
  window: WholeWindow | undefined
  /** The intervals of a unit in ms, intervals × 2; undefined where all units have the same single one. */
  intervalsOf: ValueOf | undefined
}

/**
 * @param column - `obs_intervals` of the units
 * @throws FormatError for anything but starts and ends
 */
export async function observedIntervals(
  file: Hdf5File,
  column: ColumnDatasets,
  units: number,
  options: ReadOptions,
  onProgress: OnProgress | undefined,
): Promise<Observed> {
  const { data, index } = column
  if (data.shape.length !== 2 || data.shape[1] !== 2) throw file.error('it is not starts and ends', data.path)
  const bounds = file.room(data, Float64Array)
  await file.read([{ path: data.path, into: bounds, scaling: { kind: 'times', factor: 1e3 } }], { ...options, onProgress })
  const intervals = bounds.length / 2
  const ends = index && (await endsOf(file, index, units, intervals, options))
  if (!ends && intervals !== units) throw file.error(`it has ${intervals} intervals for ${units} rows`, data.path)
  const { window, areSame } = await inSlices(summaryOf(bounds), options.signal)
  if (areSame && intervals === units && (await inSlices(areOneEach(ends), options.signal))) return { window, intervalsOf: undefined }
  const intervalsOf = (unit: number) => {
    const [from, to] = ends ? [ends[unit - 1] ?? 0, ends[unit] as number] : [unit, unit + 1]
    return from === to ? undefined : new NDArray(bounds.subarray(from * 2, to * 2), [to - from, 2])
  }
  return { window, intervalsOf }
}

/** Whether each unit has one interval. */
function* areOneEach(ends: Float64Array | undefined): Steps<boolean> {
  for (const [unit, end] of ends?.entries() ?? []) {
    if (end !== unit + 1) return false
    if (isDue()) yield
  }
  return true
}

function* summaryOf(bounds: Float64Array): Steps<{ window: Observed['window']; areSame: boolean }> {
  let [first, last] = [Infinity, -Infinity]
  let areSame = true
  for (let i = 0; i < bounds.length; i += 2) {
    const [start, end] = [bounds[i] as number, bounds[i + 1] as number]
    if (start < first) first = start
    if (end > last) last = end
    areSame &&= start === bounds[0] && end === bounds[1]
    if (isDue()) yield
  }
  const isWindow = Number.isFinite(first) && Number.isFinite(last) && last >= first
  return { window: isWindow ? { startTime: first, length: last - first } : undefined, areSame }
}
