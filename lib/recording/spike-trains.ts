/**
 * Hands spike trains to native code, which reads them in place.
 */

import { addon } from '../engine/native.js'
import type { NativeSpikeTrains, SealReport } from '../engine/native-spike-trains.js'
import { invalidType, invalidValue } from '../errors.js'
import { repeated, unset } from '../memory/allocation.js'
import { pinOwn } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { copyNumbers, countOf, isReadable } from '../memory/float64.js'
import { lengthOf, partOf } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { Lifetime } from './lifetime.js'
import type { ValueColumn } from './spike-values.js'

/** The times of some units, and native code's view of them. */
export interface UnitTrains {
  readonly native: NativeSpikeTrains
  /** Takes over the result of sealing. Call it once. */
  settle(sealed: SealReport): Steps<void>
  /** How many spikes each unit has, once settled; native code's empty units among them. */
  counts(): Steps<Float64Array>
  /** One array of sorted times a unit, once settled; without the empty units native code was padded with. */
  arrays(): Float64Array[]
  /** Of trains that are not in memory: how long they can be used. */
  readonly lifetime?: Lifetime
  /** Of the same: the values of each spike. */
  readonly values?: readonly ValueColumn[]
}

/** The most units that are handed to native code in one call, and the count of times to copy that ends a batch early. */
const BATCH_UNITS = 256
const BATCH_TIMES = 16_384
/** The same for units of one array. */
const BATCH_FLAT_UNITS = 16_384

/** Keeps the arrays that native code points into alive as long as its trains: a job references only those. */
const inUse = new WeakMap<NativeSpikeTrains, unknown>()

/** The units of one call: the caller's array of each, used where it is; undefined where it has to be copied. */
interface Batch {
  readonly given: (Float64Array | undefined)[]
  /** The copies, concatenated. */
  readonly copies: Float64Array
  /** How long each copy is, 0 for a unit that needs none. */
  readonly lengths: Float64Array
}

/**
 * One array of times in ms for each unit.
 *
 * @throws TypeError for anything but arrays of numbers, naming unit and entry
 * @throws RangeError for an array whose buffer was transferred
 */
export function* listedTrains(train: readonly Numbers[]): Steps<UnitTrains> {
  const native = new addon.SpikeTrains(train.length)
  const batches: Batch[] = []
  inUse.set(native, batches)
  for (let unit = 0; unit < train.length; ) {
    const batch = yield* batchFrom(train, unit)
    native.append(batch.given, batch.copies, batch.lengths)
    batches.push(batch)
    unit += batch.given.length
  }
  let sealed: SealReport
  return {
    native,
    *settle(result) {
      sealed = result
      yield* release(batches, result)
    },
    *counts() {
      const counts = yield* repeated(Float64Array, native.unitCount, 0)
      let unit = 0
      for (const { given, lengths } of batches) {
        for (const [i, times] of given.entries()) counts[unit++] = times ? lengthOf(times) : (lengths[i] as number)
        if (isDue(given.length)) yield
      }
      return yield* withSortedCounts(counts, sealed)
    },
    arrays() {
      return withSorted(batches.flatMap(batchArrays), sealed)
    },
  }
}

/** Collects the next units. */
function* batchFrom(train: readonly Numbers[], first: number): Steps<Batch> {
  const given: (Float64Array | undefined)[] = []
  const lengths: number[] = []
  let copied = 0
  for (let unit = first; unit < train.length && given.length < BATCH_UNITS && copied < BATCH_TIMES; unit++) {
    const times = train[unit] as Numbers
    const isGiven = isReadable(times)
    const length = isGiven ? 0 : countOf(times, `unit ${unit}`)
    given.push(isGiven ? pinOwn(times) : undefined)
    lengths.push(length)
    copied += length
    if (isDue()) yield
  }
  const copies = pinOwn(unset(Float64Array, copied))
  let start = 0
  for (const [i, length] of lengths.entries()) {
    if (length > 0) yield* copyNumbers(train[first + i] as Numbers, `unit ${first + i}`, copies, start, length)
    start += length
  }
  return { given, copies, lengths: new Float64Array(lengths) }
}

function batchArrays({ given, copies, lengths }: Batch): Float64Array[] {
  let end = 0
  return given.map((times, i) => times ?? copies.subarray(end, (end += lengths[i] as number)))
}

/** Releases the caller's arrays that sorted copies replace. */
function* release(batches: readonly Batch[], { sortedUnits }: SealReport): Steps<void> {
  let first = 0
  let i = 0
  for (const { given } of batches) {
    for (; i < sortedUnits.length && (sortedUnits[i] as number) < first + given.length; i++) {
      given[(sortedUnits[i] as number) - first] = undefined
    }
    first += given.length
    if (isDue(given.length)) yield
  }
}

/**
 * The units of one array of times in ms, unit by unit. The arrays of single units are made on first use.
 *
 * @param ends - what {@link endCounts} returned
 * @param isOwn - whether the times were made here and may be sorted where they are
 */
export function* flatTrains(times: Float64Array, ends: BigInt64Array, isOwn: boolean): Steps<UnitTrains> {
  const native = new addon.SpikeTrains(ends.length)
  inUse.set(native, times)
  for (let from = 0; from < ends.length; from += BATCH_FLAT_UNITS) {
    if (from > 0) yield
    native.appendFlat(times, ends, isOwn, from, Math.min(from + BATCH_FLAT_UNITS, ends.length))
  }
  let sealed: SealReport
  return {
    native,
    *settle(result) {
      sealed = result
    },
    *counts() {
      const counts = yield* repeated(Float64Array, native.unitCount, 0)
      for (const [unit, end] of ends.entries()) {
        counts[unit] = Number(end - (ends[unit - 1] ?? 0n))
        if (isDue()) yield
      }
      return counts
    },
    arrays() {
      const arrays: Float64Array[] = []
      const honest = partOf(times, 0, lengthOf(times))
      let from = 0
      for (const end of ends) arrays.push(honest.subarray(from, (from = Number(end))))
      return withSorted(arrays, sealed)
    },
  }
}

/**
 * A cumulative index as end counts, one for each unit.
 *
 * @throws TypeError for anything but an array of numbers
 * @throws RangeError for an entry that is no count, is below the one before it, or does not end with the last spike, and for an
 *   array whose buffer was transferred
 */
export function* endCounts(index: Numbers, spikeCount: number): Steps<BigInt64Array> {
  const ends = unset(BigInt64Array, countOf(index, 'index'))
  let last = 0
  for (let unit = 0; unit < ends.length; unit++) {
    const value: unknown = index[unit]
    if (typeof value !== 'number' && typeof value !== 'bigint') throw invalidType('a number', `entry ${unit} of index`, value)
    const end = Number(value)
    if (!Number.isInteger(end) || end < last || end > spikeCount) {
      throw invalidValue(`a whole number from ${last} to ${spikeCount}`, `entry ${unit} of index`, value)
    }
    ends[unit] = BigInt(end)
    last = end
    if (isDue()) yield
  }
  if (last !== spikeCount) throw invalidValue(`${spikeCount}, the number of times,`, 'the last entry of index', last)
  return ends
}

/** Replaces the counts of units that sealing has copied: the caller's arrays are released. */
function* withSortedCounts(counts: Float64Array, { sortedUnits, sortedEnds }: SealReport): Steps<Float64Array> {
  for (const [i, unit] of sortedUnits.entries()) {
    counts[unit] = (sortedEnds[i] as number) - (sortedEnds[i - 1] ?? 0)
    if (isDue()) yield
  }
  return counts
}

/** Replaces the caller's unsorted arrays by the sorted copies of sealing. */
function withSorted(arrays: Float64Array[], { sortedUnits, sortedEnds, sortedTimes }: SealReport): Float64Array[] {
  pinOwn(sortedTimes)
  for (const [i, unit] of sortedUnits.entries()) arrays[unit] = sortedTimes.subarray(sortedEnds[i - 1] ?? 0, sortedEnds[i])
  return arrays
}
