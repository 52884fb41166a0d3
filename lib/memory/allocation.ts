/**
 * New arrays: large ones, whose allocation may fail, and copies of lists.
 */
import { outOfMemory } from '../errors.js'
import type { Steps } from '../steps.js'

/** How many elements one step fills: a fraction of a millisecond. */
const STEP_ELEMENTS = 65_536

/**
 * An array of so many zeros.
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
 * An array of so many NaN.
 *
 * @throws what {@link zeros} does
 */
export function* nans(length: number): Steps<Float64Array> {
  const data = zeros(Float64Array, length)
  for (let start = 0; start < length; start += STEP_ELEMENTS) {
    data.fill(NaN, start, start + STEP_ELEMENTS)
    yield
  }
  return data
}

/** The first so many entries as a list of its own. The list is not asked how long it is: a proxy may say something else each time. */
export function copyOf<T>(list: readonly T[], count: number): T[] {
  const copy = new Array<T>(count)
  for (let i = 0; i < count; i++) copy[i] = list[i] as T
  return copy
}
