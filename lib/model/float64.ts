/**
 * Numbers in any array become float64.
 */
import { invalidType } from '../errors.js'
import { isFixed, pin, pinOwn, requireAttached } from './buffers.js'
import { dtypeOf, isNumericArray } from './ndarray.js'
import type { NumericArray } from './ndarray.js'
import type { Steps } from '../steps.js'

/** Numbers as a caller has them: a typed array, or an array of numbers. */
export type Numbers = NumericArray | readonly number[]

/** How many elements one step converts: a fraction of a millisecond, also for big integers. */
const STEP_ELEMENTS = 16_384

/**
 * Numbers as float64 that native threads may read: a Float64Array itself where its buffer allows, otherwise a copy.
 *
 * @throws TypeError for anything but an array of numbers, naming the entry
 * @throws RangeError for an array whose buffer was transferred
 */
export function* float64(numbers: Numbers, name: string): Steps<Float64Array> {
  // A buffer without bytes is not worth a mark, and may still be transferred.
  const mayStay = isNumericArray(numbers) && isFloat64(numbers) && numbers.buffer.byteLength > 0 && isFixed(numbers)
  if (mayStay) return pin(numbers, name)
  return yield* float64Copy(numbers, name)
}

/** The same, always as a copy. */
export function* float64Copy(numbers: Numbers, name: string): Steps<Float64Array> {
  const fill = filler(numbers, name)
  const copy = new Float64Array(numbers.length)
  for (let from = 0; from < copy.length; from += STEP_ELEMENTS) {
    fill(copy, from, Math.min(from + STEP_ELEMENTS, copy.length))
    yield
  }
  return pinOwn(copy)
}

function isFloat64(array: NumericArray): array is Float64Array {
  return dtypeOf(array) === '<f8'
}

/** What copies elements `from` to `to - 1` of the given numbers. */
function filler(numbers: Numbers, name: string): (copy: Float64Array, from: number, to: number) => void {
  if (isNumericArray(numbers)) {
    requireAttached(numbers, name)
    return isBigInt(numbers)
      ? (copy, from, to) => {
          for (let i = from; i < to; i++) copy[i] = Number(numbers[i])
        }
      : (copy, from, to) => copy.set(numbers.subarray(from, to), from)
  }
  if (!Array.isArray(numbers)) throw invalidType('an array of numbers', name, numbers)
  return (copy, from, to) => {
    for (let i = from; i < to; i++) {
      const number: unknown = numbers[i]
      if (typeof number !== 'number') throw invalidType('a number', `entry ${i} of ${name}`, number)
      copy[i] = number
    }
  }
}

function isBigInt(array: NumericArray): array is BigInt64Array | BigUint64Array {
  return dtypeOf(array) === '<i8' || dtypeOf(array) === '<u8'
}
