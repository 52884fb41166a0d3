/**
 * Converts numbers in any array to float64, or copies them with their dtype.
 */
import { invalidType } from '../errors.js'
import type { Steps } from '../steps.js'
import { inRanges } from '../steps.js'
import { unset } from './allocation.js'
import { isFixed, pinOwn, requireAttached } from './buffers.js'
import type { NumericArray } from './typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray, lengthOf, partOf } from './typed-arrays.js'

/** Numbers as a caller has them: a typed array, or an array of numbers. */
export type Numbers = NumericArray | readonly number[]

/**
 * Numbers as float64 that native threads may read: a Float64Array itself where its buffer allows, otherwise a copy.
 *
 * @throws TypeError for anything but an array of numbers, naming the entry
 * @throws RangeError for an array whose buffer was transferred
 */
export function* float64(numbers: Numbers, name: string): Steps<Float64Array> {
  return isReadable(numbers) ? pinOwn(numbers) : yield* float64Copy(numbers, name)
}

/** The same, always as a copy. */
export function* float64Copy(numbers: Numbers, name: string): Steps<Float64Array> {
  const copy = unset(Float64Array, countOf(numbers, name))
  yield* copyNumbers(numbers, name, copy)
  return pinOwn(copy)
}

/** A typed array itself where its buffer allows, otherwise a copy of its dtype; an array of numbers as float64. */
export function* pinnedNumbers(numbers: Numbers, name: string): Steps<NumericArray> {
  return isNumericArray(numbers) && lengthOf(numbers) > 0 && isFixed(numbers) ? pinOwn(numbers) : yield* numbersCopy(numbers, name)
}

/** The same, always as a copy. */
export function* numbersCopy(numbers: Numbers, name: string): Steps<NumericArray> {
  const type: new (length: number) => NumericArray = isNumericArray(numbers) ? arrayTypeOf(dtypeOf(numbers)) : Float64Array
  const copy = unset(type, countOf(numbers, name))
  yield* copyNumbers(numbers, name, copy)
  return pinOwn(copy)
}

/** Whether numbers are float64 that native threads can read where they are: none at all are not worth it. */
export function isReadable(numbers: Numbers): numbers is Float64Array {
  return isNumericArray(numbers) && isFloat64(numbers) && lengthOf(numbers) > 0 && isFixed(numbers)
}

/**
 * How many numbers there are.
 *
 * @throws TypeError for anything but an array
 * @throws RangeError for an array whose buffer was transferred
 */
export function countOf(numbers: Numbers, name: string): number {
  if (isNumericArray(numbers)) {
    requireAttached(numbers, name)
    return lengthOf(numbers)
  }
  if (!Array.isArray(numbers)) throw invalidType('an array of numbers', name, numbers)
  return numbers.length
}

/**
 * Copies the first `count` numbers, no more than {@link countOf} found, to `target` from `start` on: an array of float64, or of the
 * dtype that the numbers have.
 *
 * @throws TypeError for an entry that is no number
 */
export function copyNumbers(numbers: Numbers, name: string, target: NumericArray, start = 0, count = target.length): Steps<void> {
  return inRanges(count, copier(numbers, name, target, start))
}

function isFloat64(array: NumericArray): array is Float64Array {
  return dtypeOf(array) === '<f8'
}

/** What copies elements `from` to `to - 1`. */
function copier(numbers: Numbers, name: string, target: NumericArray, start: number): (from: number, to: number) => void {
  if (isNumericArray(numbers) && isBigInt(numbers) === isBigInt(target)) {
    return (from, to) => (target as Float64Array).set(partOf(numbers, from, to) as Float64Array, start + from)
  }
  if (isNumericArray(numbers)) {
    return (from, to) => {
      for (let i = from; i < to; i++) target[start + i] = Number(numbers[i])
    }
  }
  return (from, to) => {
    for (let i = from; i < to; i++) {
      const number: unknown = numbers[i]
      if (typeof number !== 'number') throw invalidType('a number', `entry ${i} of ${name}`, number)
      target[start + i] = number
    }
  }
}

function isBigInt(array: NumericArray): array is BigInt64Array | BigUint64Array {
  return dtypeOf(array) === '<i8' || dtypeOf(array) === '<u8'
}
