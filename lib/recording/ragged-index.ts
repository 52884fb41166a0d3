/**
 * The index of ragged data in files: where each unit ends, or where it begins.
 */
import { unset } from '../memory/allocation.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'

/**
 * `ends`: cumulative end counts, one a unit, as SpikeLab and NWB have them. `starts`: the first entry of each unit, from 0 on, with or
 * without the end of the last unit after them.
 */
export type IndexKind = 'ends' | 'starts'

/** What an index means: cumulative end counts, or why it means nothing. */
export type SplitIndex = { ends: BigInt64Array; problem?: undefined } | { problem: string }

/**
 * Reads an index, in SpikeLab's way where nothing is known of it: a leading 0 is taken for the start of the first unit if there are further
 * entries and not all are 0.
 *
 * @param count - how many values it indexes
 * @param kind - undefined where it is not known
 * @param unitCount - undefined where it is not known
 */
export function* splitIndex(
  index: NumericArray,
  count: number,
  kind: IndexKind | undefined,
  unitCount: number | undefined,
): Steps<SplitIndex> {
  const { length } = index
  const at = (i: number) => Number(index[i])
  const leads = length > 0 && at(0) === 0
  if (unitCount !== undefined && length !== unitCount && !(length === unitCount + 1 && leads && kind !== 'ends')) {
    return { problem: `it has ${length} entries, for ${unitCount} units` }
  }
  let hasStarts = kind === 'starts'
  if (kind === undefined) {
    hasStarts = unitCount === undefined ? length > 0 && beginsWithStart(length, at(0), at(length - 1)) : length === unitCount + 1
  }
  if (!hasStarts) return yield* checkedEnds(index, 0, length, count)
  if (!leads && length > 0) return { problem: 'it does not begin with 0' }
  // With the end of the last unit, or without.
  const isClosed = unitCount === undefined ? length >= 2 && at(length - 1) === count : length === unitCount + 1
  if (isClosed || length === 0) return yield* checkedEnds(index, 1, length, count)
  if (kind === undefined) {
    return { problem: `its last entry is ${at(length - 1)}, and there are ${count} spike times` }
  }
  return yield* checkedEnds(index, 1, length, count, true)
}

/**
 * Whether the first entry of an index of which nothing is known is taken for the start of the first unit, as SpikeLab takes it.
 *
 * @param length - the number of entries
 */
export function beginsWithStart(length: number, first: number, last: number): boolean {
  return first === 0 && length >= 2 && last > 0
}

/** The entries from `first` on as ends, and the count of all values after them if they lack it. */
function* checkedEnds(index: NumericArray, first: number, length: number, count: number, isOpen = false): Steps<SplitIndex> {
  const entries = Math.max(0, length - first)
  const ends = unset(BigInt64Array, entries + (isOpen ? 1 : 0))
  let last = 0
  for (let i = 0; i < entries; i++) {
    const value = index[first + i] as number | bigint
    const end = Number(value)
    if (!Number.isInteger(end) || end < last || end > count) {
      return { problem: `entry ${first + i} is ${value}, where a whole number from ${last} to ${count} has to be` }
    }
    ends[i] = BigInt(end)
    last = end
    if (isDue()) yield
  }
  if (isOpen) ends[entries] = BigInt(count)
  else if (last !== count) return { problem: `its last entry is ${last}, and there are ${count} spike times` }
  return { ends }
}
