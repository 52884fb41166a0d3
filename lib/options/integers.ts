/**
 * Whole numbers that a file holds as int64: the ids of units, clusters and electrodes.
 */
import { invalidType, invalidValue } from '../errors.js'
import { unset } from '../memory/allocation.js'
import { countIn } from '../memory/typed-arrays.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'

const INTEGER = 'a safe integer, or a bigint that fits int64,'

export function isInt64(value: unknown): value is number | bigint {
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value)
}

/** The error for a value that is none. */
export function notInt64(value: unknown, name: string): TypeError | RangeError {
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  return isNumber ? invalidValue(INTEGER, name, value) : invalidType(INTEGER, name, value)
}

/**
 * A list of whole numbers, each read once.
 *
 * @param count - how many there must be
 * @param each - what each is of: `one id a unit`
 * @throws TypeError, RangeError for anything else, naming the entry
 */
export function* int64List(given: unknown, name: string, count: number, each: string): Steps<BigInt64Array> {
  return yield* int64s(listOf(given, name, count, each), name, count)
}

/** The list itself, if it has as many entries; they are not looked at. */
export function listOf(given: unknown, name: string, count: number, each: string): ArrayLike<unknown> {
  if (typeof given !== 'object' || given === null || !('length' in given)) throw invalidType('an array of integers', name, given)
  const length = countIn(given)
  if (length !== count) throw invalidValue(`${count}, ${each},`, `${name}.length`, length)
  return given as unknown as ArrayLike<unknown>
}

/** The first `count` entries of a list, each read once. */
export function* int64s(list: ArrayLike<unknown>, name: string, count: number): Steps<BigInt64Array> {
  const numbers = unset(BigInt64Array, count)
  for (let i = 0; i < count; i++) {
    const number = list[i]
    if (!isInt64(number)) throw notInt64(number, `${name}[${i}]`)
    numbers[i] = BigInt(number)
    if (isDue()) yield
  }
  return numbers
}
