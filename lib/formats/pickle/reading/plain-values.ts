/**
 * Numbers, arrays, lists and names of keys among the values of a pickle.
 */
import type { Numbers } from '../../../memory/float64.js'
import { isNDArray, NDArray } from '../../../memory/ndarray.js'
import { shortest } from '../../../memory/plain-values.js'
import { isNumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { isDue, listInSteps } from '../../../steps.js'
import { PyFloat, PyTuple } from '../values.js'

/** A number, also one that is an array without axes; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof PyFloat) return value.value
  return isNDArray(value) && value.shape.length === 0 ? Number(value.data[0]) : undefined
}

/** An array of any axes; undefined for anything else. */
export function arrayIn(value: unknown): NDArray | undefined {
  if (isNDArray(value)) return value
  return isNumericArray(value) ? new NDArray(value, [value.length]) : undefined
}

/** The items of a list, a tuple or an array of one axis; undefined for anything else. */
export function listIn(value: unknown): readonly unknown[] | undefined {
  if (value instanceof PyTuple) return value.items
  if (Array.isArray(value)) return value
  return isNumericArray(value) ? Array.from<number | bigint>(value).map(shortest) : undefined
}

/** The pairs in an array of two columns; undefined for another. */
export function* rowsOf({ data, shape }: NDArray): Steps<number[][] | undefined> {
  const [rows = 0, columns] = shape
  if (shape.length !== 2 || columns !== 2) return undefined
  return yield* listInSteps(rows, (row) => [Number(data[2 * row]), Number(data[2 * row + 1])])
}

/** Numbers of one axis; undefined for anything else. */
export function* numbersIn(value: unknown): Steps<Numbers | undefined> {
  if (isNumericArray(value)) return value
  const items = listIn(value)
  if (!items) return undefined
  const numbers: number[] = []
  for (const item of items) {
    const number = numberIn(item)
    if (number === undefined) return undefined
    numbers.push(number)
    if (isDue()) yield
  }
  return numbers
}

/** A tuple as a key is shown to this depth and of so many items: those of a hostile file have exponentially many. */
const MOST_KEY_DEPTH = 4
const MOST_KEY_ITEMS = 16

/** A key as text: as Python's `json` has numbers, booleans and None. */
export function keyText(key: unknown, depth = 0): string {
  if (key instanceof PyFloat) return Number.isInteger(key.value) ? key.value.toFixed(1) : String(key.value)
  const items = key instanceof PyTuple ? key.items : Array.isArray(key) ? (key as readonly unknown[]) : undefined
  if (!items) return typeof key === 'object' && key !== null ? 'an object' : String(key)
  if (depth === MOST_KEY_DEPTH) return '(…)'
  const texts = items.slice(0, MOST_KEY_ITEMS).map((item) => keyText(item, depth + 1))
  return `(${texts.join(', ')}${items.length > MOST_KEY_ITEMS ? ', …' : ''})`
}
