import { invalidType, invalidValue } from '../errors.js'
import { isObject } from './genuine.js'

/** The typed arrays whose elements are numbers of a fixed size. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** Little-endian numpy type strings, by the name of the typed array. */
const DTYPES: ReadonlyMap<string | undefined, string> = new Map([
  ['Int8Array', '|i1'],
  ['Uint8Array', '|u1'],
  ['Uint8ClampedArray', '|u1'],
  ['Int16Array', '<i2'],
  ['Uint16Array', '<u2'],
  ['Int32Array', '<i4'],
  ['Uint32Array', '<u4'],
  ['BigInt64Array', '<i8'],
  ['BigUint64Array', '<u8'],
  ['Float32Array', '<f4'],
  ['Float64Array', '<f8'],
])

/** A class for each dtype. */
export const ARRAY_TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
] as const

/** How a typed array tells something of itself. A property of its own can lie, and native code goes by the truth. */
function getterOf<T>(property: PropertyKey): (this: unknown) => T {
  return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), property)?.get as (this: unknown) => T
}

/** What a typed array really is; undefined for anything else. */
const nameOf = getterOf<string | undefined>(Symbol.toStringTag)
const trueLength = getterOf<number>('length')
const trueBuffer = getterOf<ArrayBufferLike>('buffer')

/** Whether a value is a typed array of numbers of whatever subclass or realm: a Buffer is a Uint8Array, a DataView is none. */
export function isNumericArray(value: unknown): value is NumericArray {
  return DTYPES.has(nameOf.call(value))
}

/** How many elements a typed array really has. */
export function lengthOf(array: NumericArray): number {
  return trueLength.call(array)
}

/** The buffer that a typed array is really on. */
export function bufferOf(array: NumericArray): ArrayBufferLike {
  return trueBuffer.call(array)
}

/** The numpy type string of a typed array, such as `<f8` for a Float64Array. */
export function dtypeOf(data: NumericArray): string {
  return DTYPES.get(nameOf.call(data)) as string
}

/** Whether a value is an {@link NDArray}, and does not only look like one. */
export let isNDArray: (value: unknown) => value is NDArray

/**
 * A typed array with a shape, in C order: the last index runs fastest.
 *
 * The data is not copied; writing to it changes the array. The object itself is frozen, because native code relies on its
 * shape; so subclasses cannot have fields, only private ones.
 */
export class NDArray<T extends NumericArray = NumericArray> {
  /** The elements, in C order: the last index runs fastest. */
  readonly data: T
  /** The size of each dimension. */
  readonly shape: readonly number[]

  readonly #isGenuine = true
  static {
    isNDArray = (value): value is NDArray => isObject(value) && #isGenuine in value
  }

  /**
   * @param data - the elements in C order
   * @param shape - the length of each axis; the product is the number of elements, `[]` is a scalar
   * @throws TypeError for data that is no typed array or a shape that is no array of numbers
   * @throws RangeError for a negative or fractional axis, or a product that is not `data.length`
   */
  constructor(data: T, shape: readonly number[]) {
    if (!isNumericArray(data)) throw invalidType('a typed array of numbers', 'data', data)
    if (!Array.isArray(shape)) throw invalidType('an array of axis lengths', 'shape', shape)
    for (const axis of shape) {
      if (typeof axis !== 'number') throw invalidType('an array of axis lengths', 'shape', shape)
      if (!Number.isSafeInteger(axis) || axis < 0) throw invalidValue('whole axis lengths of 0 or more', 'shape', shape)
    }
    const size = shape.reduce((product: number, axis: number) => product * axis, 1)
    const length = lengthOf(data)
    if (size !== length) throw invalidValue(`a shape of ${length} elements in all`, 'shape', shape)
    this.data = data
    this.shape = Object.freeze([...shape])
    Object.freeze(this)
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length
  }

  /** The number of elements. */
  get size(): number {
    return lengthOf(this.data)
  }

  /** The numpy type string, such as `<f8`. */
  get dtype(): string {
    return dtypeOf(this.data)
  }
}
