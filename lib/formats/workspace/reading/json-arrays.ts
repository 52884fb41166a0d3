/**
 * SpikeLab's arrays in JSON: `{"__ndarray__": true, "dtype": …, "shape": …, "values": …}`.
 */
import { unset } from '../../../memory/allocation.js'
import { NDArray, sizeOf } from '../../../memory/ndarray.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { arrayTypeOf } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { PyFloat } from '../../pickle/values.js'
import { MOST_AXES } from '../lists.js'

const KINDS: Readonly<Record<string, string>> = { int: 'i', uint: 'u', float: 'f' }

/**
 * The array of such an object. One of another dtype than numbers becomes a list, nested where it has several axes.
 *
 * @throws what `fail` makes, for values that do not have the dtype or the shape
 */
export function* arrayFrom(object: Readonly<Record<string, unknown>>, fail: (problem: string) => Error): Steps<unknown> {
  const { dtype, shape, values } = object
  const wrong = () => fail('it has an array without a dtype, a shape and values that fit each other')
  if (typeof dtype !== 'string' || !isShape(shape)) throw wrong()
  const elements: unknown[] = []
  if (!(yield* flatten(values, 0, elements)) || elements.length !== sizeOf(shape)) throw wrong()
  const type = numpyType(dtype)
  if (type === undefined) return shape.length === 0 ? elements[0] : values
  const data = unset(arrayTypeOf(type), elements.length) as NumericArray & Record<number, number | bigint>
  const isBig = type === '<i8' || type === '<u8'
  const isFloat = type[1] === 'f'
  for (const [i, element] of elements.entries()) {
    const value = element instanceof PyFloat ? element.value : element
    if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong()
    if (isBig && !isInteger(value)) throw wrong()
    data[i] = isBig ? BigInt(value) : Number(value)
    // Of floats, digits may be lost, as in numpy; other numbers are kept or refused.
    if (!isFloat && data[i] !== (isBig ? BigInt(value) : value)) throw wrong()
    if (isDue()) yield
  }
  return shape.length === 1 ? data : new NDArray(data, shape)
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function isShape(shape: unknown): shape is number[] {
  return Array.isArray(shape) && shape.length <= MOST_AXES && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)
}

/** The elements of nested lists; false for lists in more axes than an array has. */
function* flatten(value: unknown, level: number, elements: unknown[]): Steps<boolean> {
  if (!Array.isArray(value)) {
    elements.push(value)
    return true
  }
  if (level === MOST_AXES) return false
  for (const item of value) {
    if (Array.isArray(item)) {
      if (!(yield* flatten(item, level + 1, elements))) return false
    } else {
      elements.push(item)
    }
    if (isDue()) yield
  }
  return true
}

/** The type string for a name of numpy's, such as `float64` or `>i4`; of float16 that of float32. Undefined for what is no number. */
function numpyType(dtype: string): string | undefined {
  const [, name = '', bits = ''] = /^(int|uint|float)(8|16|32|64)$/.exec(dtype) ?? []
  const [, letter = KINDS[name], bytes = Number(bits) / 8] = /^[<>=|]([iuf])([1248])$/.exec(dtype) ?? []
  if (letter === undefined) return undefined
  const size = letter === 'f' ? Math.max(4, Number(bytes)) : Number(bytes)
  return `${size === 1 ? '|' : '<'}${letter}${size}`
}
