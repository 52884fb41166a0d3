import { invalidType, invalidValue } from '../errors.js'
import { requireAttached } from './buffers.js'
import type { NumericArray } from './typed-arrays.js'
import { dtypeOf, isNumericArray, lengthOf } from './typed-arrays.js'

/** Checks the brand of a {@link NDArray}, a private field: rejects proxies and look-alikes. */
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

  readonly #brand = true
  static {
    isNDArray = (value): value is NDArray => #brand in Object(value)
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
    const axes: number[] = []
    const { length: ndim } = shape
    for (let i = 0; i < ndim; i++) {
      const axis: unknown = shape[i]
      if (typeof axis !== 'number') throw invalidType('an array of axis lengths', 'shape', shape)
      if (!Number.isSafeInteger(axis) || axis < 0) throw invalidValue('whole axis lengths of 0 or more', 'shape', shape)
      axes.push(axis)
    }
    const size = sizeOf(axes)
    const length = lengthOf(data)
    if (size !== length) throw invalidValue(`a shape of ${length} elements in all`, 'shape', shape)
    this.data = data
    this.shape = Object.freeze(axes)
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

/** How many elements an array of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1)
}

/**
 * Checks that an array still has the elements it was made with: its buffer may have been transferred or resized since.
 *
 * @param name - what errors call it
 * @throws RangeError where it has not
 */
export function requireWhole({ data, shape }: Pick<NDArray, 'data' | 'shape'>, name: () => string): void {
  const size = sizeOf(shape)
  const length = lengthOf(data)
  if (length === size && size > 0) return
  requireAttached(data, name())
  if (length !== size) throw invalidValue(`an array of ${size} elements, as its shape says,`, name(), data)
}
