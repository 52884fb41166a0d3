/**
 * Memory that may be a lot.
 */
import { outOfMemory } from '../errors.js'

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
