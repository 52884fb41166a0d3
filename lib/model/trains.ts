/**
 * Spike trains on their way into native code, which reads them where they are.
 */
import { addon } from '../binding.js'
import type { NativeTrains, SealedTrains } from '../binding.js'
import { invalidType, invalidValue } from '../errors.js'
import { pinOwn, requireAttached } from './buffers.js'
import { float64 } from './float64.js'
import type { Numbers } from './float64.js'
import { isNumericArray } from './ndarray.js'
import { atOnce } from '../steps.js'
import type { Steps } from '../steps.js'

/** The times of some units, and native code's view of them. */
export interface UnitTrains {
  readonly native: NativeTrains
  /** Takes over the sorted copies that sealing made. Call it once. */
  settle(sealed: SealedTrains): Steps<void>
  /** One array of sorted times a unit, once settled; without the empty units native code was padded with. */
  arrays(): Float64Array[]
}

/** How many units one step hands to native code or replaces: a fraction of a millisecond. */
const STEP_UNITS = 256

/** The arrays native code points into. They live as long as its trains, because a job holds nothing else. */
const inUse = new WeakMap<NativeTrains, readonly unknown[]>()

/**
 * One array of times in ms for each unit.
 *
 * @throws TypeError for anything but arrays of numbers, naming unit and entry
 * @throws RangeError for an array whose buffer was transferred
 */
export function* listedTrains(train: readonly Numbers[]): Steps<UnitTrains> {
  const native = new addon.Trains()
  const arrays: Float64Array[] = []
  inUse.set(native, arrays)
  for (const [unit, times] of train.entries()) {
    arrays.push(yield* float64(times, `unit ${unit}`))
    if (arrays.length % STEP_UNITS === 0) {
      native.append(arrays, arrays.length - STEP_UNITS, arrays.length)
      yield
    }
  }
  native.append(arrays, arrays.length - (arrays.length % STEP_UNITS), arrays.length)
  return { native, settle: (sealed) => replaceSorted(arrays, sealed), arrays: () => arrays }
}

/**
 * Units that lie behind each other in one array of times in ms. The arrays of single units are made when asked for.
 *
 * @param ends - what {@link endCounts} returned
 */
export function* flatTrains(times: Float64Array, ends: BigInt64Array): Steps<UnitTrains> {
  const native = new addon.Trains()
  const used: unknown[] = [times]
  inUse.set(native, used)
  native.appendFlat(times, ends)
  let sealed: SealedTrains
  return {
    native,
    *settle(result) {
      sealed = result
      used.push(result.sortedTimes)
    },
    arrays() {
      const arrays: Float64Array[] = []
      let from = 0
      for (const end of ends) arrays.push(times.subarray(from, (from = Number(end))))
      atOnce(replaceSorted(arrays, sealed))
      return arrays
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
export function endCounts(index: Numbers, spikeCount: number): BigInt64Array {
  if (!isNumericArray(index) && !Array.isArray(index)) throw invalidType('an array of numbers', 'index', index)
  if (isNumericArray(index)) requireAttached(index, 'index')
  const ends = new BigInt64Array(index.length)
  let last = 0
  for (const [unit, value] of index.entries()) {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw invalidType('a number', `entry ${unit} of index`, value)
    const end = Number(value)
    if (!Number.isInteger(end) || end < last || end > spikeCount) {
      throw invalidValue(`a whole number from ${last} to ${spikeCount}`, `entry ${unit} of index`, value)
    }
    ends[unit] = BigInt(end)
    last = end
  }
  if (last !== spikeCount) throw invalidValue(`${spikeCount}, the number of times,`, 'the last entry of index', last)
  return ends
}

/** Puts the sorted copies where the caller's unsorted arrays were, which are no longer needed. */
function* replaceSorted(arrays: Float64Array[], { sortedUnits, sortedTimes }: SealedTrains): Steps<void> {
  pinOwn(sortedTimes)
  let from = 0
  for (const [i, unit] of sortedUnits.entries()) {
    const to = from + (arrays[unit] as Float64Array).length
    arrays[unit] = sortedTimes.subarray(from, to)
    from = to
    if (i % STEP_UNITS === 0) yield
  }
}
