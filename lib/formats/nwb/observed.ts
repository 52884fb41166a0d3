/**
 * When units were observed: the column `obs_intervals`.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import type { TimeWindow } from '../../recording/windows.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import type { TableColumn } from './table.js'
import { indexType } from './table.js'

/** Windows in ms, ascending and without overlaps: the same ones for all units, or a list for each unit. */
export type ObservedIntervals = readonly TimeWindow[] | readonly (readonly TimeWindow[])[]

const OPTION = 'nwb.obsIntervals'
const WINDOWS = 'an array of [start, end] pairs, or such an array for each unit,'

/**
 * The column, in s. Where nothing is given all units were observed in the recording's window.
 *
 * @throws TypeError, RangeError for anything but ascending windows, for all units or for each
 */
export function* observedColumn({ N, startTime, length }: SpikeData, given: unknown): Steps<TableColumn> {
  if (isMissing(given)) {
    const window = Float64Array.of(startTime / 1000, (startTime + length) / 1000)
    return sameForAll(N, window, 'The window of the recording in seconds, in which all units were observed.')
  }
  const list = listFrom(given, () => OPTION)
  const first: unknown = list[0]
  const areOfUnits = list.length === 0 ? N === 0 : Array.isArray(first) && (first.length === 0 || Array.isArray(first[0]))
  return areOfUnits ? yield* ofEachUnit(N, list) : yield* ofAllUnits(N, list)
}

function* ofAllUnits(unitCount: number, list: readonly unknown[]): Steps<TableColumn> {
  if (list.length === 0) throw invalidValue('at least one window', OPTION, list)
  const seconds: number[] = []
  yield* addWindows(seconds, list, () => OPTION)
  return sameForAll(unitCount, yield* packed(seconds), 'The intervals in seconds in which all units were observed.')
}

function sameForAll(unitCount: number, windows: Float64Array, description: string): TableColumn {
  const each = windows.length / 2
  return {
    name: 'obs_intervals',
    description,
    values: { data: 'numbers', source: { kind: 'repeated', data: windows, count: unitCount, rowLength: 2 } },
    index: { kind: 'range', first: each, step: each, count: unitCount, type: indexType(each * unitCount) },
  }
}

function* ofEachUnit(unitCount: number, lists: readonly unknown[]): Steps<TableColumn> {
  if (lists.length !== unitCount) throw invalidValue(`${unitCount}, one array of windows for each unit,`, `${OPTION}.length`, lists.length)
  const seconds: number[] = []
  const ends = unset(Uint32Array, unitCount)
  for (let unit = 0; unit < unitCount; unit++) {
    const option = () => `${OPTION}[${unit}]`
    yield* addWindows(seconds, listFrom(lists[unit], option), option)
    ends[unit] = seconds.length / 2
    if (isDue()) yield
  }
  const data = yield* packed(seconds)
  return {
    name: 'obs_intervals',
    description: 'The intervals in seconds in which each unit was observed.',
    values: { data: 'numbers', source: { kind: 'array', data, shape: [data.length / 2, 2] } },
    index: { kind: 'array', data: ends, shape: [unitCount] },
  }
}

/** Adds starts and ends in s. */
function* addWindows(seconds: number[], list: readonly unknown[], option: () => string): Steps<void> {
  let last = -Infinity
  // Not copied: an array of holes may be of any length.
  const { length } = list
  for (let i = 0; i < length; i++) {
    const window = list[i]
    const place = () => `${option()}[${i}]`
    if (!Array.isArray(window)) throw invalidType(WINDOWS, place(), window)
    // By their places, which is quicker than by an iterator.
    const { 0: start, 1: end, 2: more } = window as readonly unknown[]
    if (typeof start !== 'number' || typeof end !== 'number' || more !== undefined)
      throw invalidType('a [start, end] pair', place(), window)
    if (!Number.isFinite(start) || !Number.isFinite(end)) throw invalidValue('finite times in ms', place(), window)
    if (start > end || start < last) {
      throw invalidValue('windows in ascending order that do not overlap, none ending before it starts,', place(), [start, end])
    }
    seconds.push(start / 1000, end / 1000)
    last = end
    if (isDue()) yield
  }
}

function listFrom(given: unknown, option: () => string): readonly unknown[] {
  if (!Array.isArray(given)) throw invalidType(WINDOWS, option(), given)
  return given
}

function* packed(numbers: readonly number[]): Steps<Float64Array> {
  const data = unset(Float64Array, numbers.length)
  yield* inRanges(numbers.length, (from, to) => {
    for (let i = from; i < to; i++) data[i] = numbers[i] as number
  })
  return data
}
