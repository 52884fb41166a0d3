/**
 * Many arrays on their way into native code.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import { addon } from './native.js'
import type { NativeArrays } from './native-addon.js'

/** How many arrays are handed to native code in one call. */
const BATCH_ARRAYS = 64

/** The arrays live as long as native code's view of them, because a job holds nothing else. */
const inUse = new WeakMap<NativeArrays, readonly NumericArray[]>()

/**
 * Arrays for a source.
 *
 * @param arrays - of one dtype, at least one, all pinned
 */
export function* nativeArrays(arrays: readonly NumericArray[]): Steps<NativeArrays> {
  const native = new addon.Arrays(arrays.length)
  inUse.set(native, arrays)
  for (let from = 0; from < arrays.length; from += BATCH_ARRAYS) {
    native.append(arrays, from, Math.min(from + BATCH_ARRAYS, arrays.length))
    if (isDue(BATCH_ARRAYS)) yield
  }
  return native
}
