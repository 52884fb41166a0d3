/**
 * The numbers of many arrays as one source.
 */
import { nativeArrays } from '../../engine/native-arrays.js'
import type { Source } from '../../engine/plan/sources.js'
import { unset } from '../../memory/allocation.js'
import { float64Copy, pinnedNumbers } from '../../memory/float64.js'
import type { ArrayType, NumericArray } from '../../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, lengthOf, partOf } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue, spend } from '../../steps.js'

/** Up to so many numbers, in all or for each array, are copied faster than arrays are pinned and handed over one by one. */
const FEW_NUMBERS = 16_384
const FEW_EACH = 64

/** An array, as an NDArray has it. */
export interface WithData {
  readonly data: NumericArray
}

/**
 * The numbers of arrays, one after the other. Long arrays are read where they are, which pins their buffers: there is no copy of them all.
 *
 * @param arrays - of this type; or else, with float64 as the type, of any but big integers
 * @param shape - that of all numbers
 */
export function* joinedNumbers(arrays: readonly WithData[], type: ArrayType, shape: readonly number[]): Steps<Source> {
  const size = shape.reduce((product, length) => product * length, 1)
  if (size <= FEW_NUMBERS || size <= FEW_EACH * arrays.length) {
    return { kind: 'array', data: yield* concatenated(arrays, type, size), shape }
  }
  return { kind: 'joined', arrays: yield* nativeArrays(yield* pinnedArrays(arrays, type)), shape }
}

/** Arrays of one type that native threads may read: the same ones where possible. */
export function* pinnedArrays(arrays: readonly WithData[], type: ArrayType): Steps<NumericArray[]> {
  const pinned: NumericArray[] = []
  for (const { data: array } of arrays) {
    const isOfType = arrayTypeOf(dtypeOf(array)) === type
    pinned.push(isOfType ? yield* pinnedNumbers(array, 'a column') : yield* float64Copy(array as Float64Array, 'a column'))
    if (isDue()) yield
  }
  return pinned
}

function* concatenated(arrays: readonly WithData[], type: ArrayType, size: number): Steps<NumericArray> {
  const data = unset(type, size)
  let filled = 0
  for (const { data: array } of arrays) {
    const length = lengthOf(array)
    // Both arrays are of one type, or neither holds big integers.
    if (length <= FEW_EACH) {
      ;(data as Float64Array).set(array as Float64Array, filled)
      spend(length)
    } else {
      yield* inRanges(length, (from, to) => (data as Float64Array).set(partOf(array, from, to) as Float64Array, filled + from))
    }
    filled += length
    if (isDue()) yield
  }
  return data
}
