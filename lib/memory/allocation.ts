/**
 * New arrays: large ones, whose allocation may fail, and copies of lists.
 */
import { constants } from 'node:buffer'
import { outOfMemory } from '../errors.js'
import type { Steps } from '../steps.js'
import { atOnce, inRanges } from '../steps.js'

/** Fewer bytes are cleared in no time. */
const CLEARED_IN_TIME = 2 ** 20

/**
 * An array of `length` zeros.
 *
 * @throws Error with `ERR_MEMORY_ALLOCATION_FAILED` where there is not as much memory, or no array as long
 */
export function zeros<T>(type: new (length: number) => T, length: number): T {
  try {
    return new type(length)
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(error) : error
  }
}

/**
 * Memory whose bytes are not set, all of which is going to be written before anything else sees it.
 *
 * @throws what {@link zeros} does
 */
export function unsetBytes(length: number): Uint8Array {
  // A Buffer may be shorter than other arrays.
  if (length > constants.MAX_LENGTH) return zeros(Uint8Array, length)
  try {
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(error) : error
  }
}

/**
 * An array of `length` elements that are not set, all of which are going to be written before anything else sees them.
 *
 * Memory that was in use before is cleared for {@link zeros} in one go, which takes milliseconds from some MB on.
 *
 * @throws what {@link zeros} does
 */
export function unset<T>(type: new (length: number) => T, length: number): T {
  const { BYTES_PER_ELEMENT: size = 1 } = type as { BYTES_PER_ELEMENT?: number }
  if (length * size < CLEARED_IN_TIME) return zeros(type, length)
  return new (type as unknown as new (buffer: ArrayBufferLike) => T)(unsetBytes(length * size).buffer)
}

/**
 * An array of `length` times the same number, set in steps.
 *
 * @throws what {@link zeros} does
 */
export function* repeated<N extends number | bigint, T extends { fill(number: N, from: number, to: number): unknown }>(
  type: new (length: number) => T,
  length: number,
  number: N,
): Steps<T> {
  const array = unset(type, length)
  yield* inRanges(length, (from, to) => array.fill(number, from, to))
  return array
}

/** An array of `length` NaN, as {@link repeated}. */
export function nans(length: number): Steps<Float64Array> {
  return repeated(Float64Array, length, NaN)
}

/** A copy of the first `count` entries. The list's length is not read: a proxy may return another one each time. */
export function copyOf<T>(list: readonly T[], count: number): T[] {
  return atOnce(copyInSteps(list, count))
}

/** The same in steps, for a list that may be long. */
export function* copyInSteps<T>(list: readonly T[], count: number): Steps<T[]> {
  const copy = new Array<T>(count)
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) copy[i] = list[i] as T
  })
  return copy
}
