/**
 * Arrays and lists of a workspace as values of JavaScript.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { NDArray } from '../../../memory/ndarray.js'
import { shortest } from '../../../memory/plain-values.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { isWhole, wholeFloat } from '../../pickle/values.js'
import type { Finish, Walk } from './walk.js'

/** An ndarray: of booleans and texts a list, nested where it has several axes. */
export type LoadedArray = NumericArray | NDArray | readonly unknown[]

/** The elements of a list take some 8 bytes each, those that are objects, texts or members of a Set up to a hundred. */
const MOST_BOOLEANS = 2 ** 26
const MOST_ELEMENTS = 2 ** 22

/** Plans an ndarray in its own dtype; one of float16 as float32. */
export function arrayOf(walk: Walk, dataset: Hdf5Dataset): Finish<LoadedArray> {
  const { type, shape } = dataset
  if (type.kind === 'boolean' || type.kind === 'text') {
    const elements = listElements(walk, dataset)
    // Without axes it is a list of one: no list has none.
    const axes = shape.length === 0 ? [1] : shape
    return async () => inSlices(nested(await elements(), axes), walk.signal) as Promise<readonly unknown[]>
  }
  const numbers = walk.room(dataset)
  return async () => (shape.length === 1 ? numbers : new NDArray(numbers, shape))
}

/** Plans a list of Python's: what `tolist` of the array makes. */
export function listOf(walk: Walk, dataset: Hdf5Dataset): Finish<readonly unknown[]> {
  const { path, shape } = dataset
  if (shape.length === 0) throw walk.error('it is no list: it has no axes', path)
  const elements = listElements(walk, dataset)
  return async () => inSlices(nested(await elements(), shape), walk.signal) as Promise<readonly unknown[]>
}

/** Plans the elements of a dataset as values of Python's, by their place in C order. */
export function listElements(walk: Walk, dataset: Hdf5Dataset): Finish<(i: number) => unknown> {
  const { type, shape, path, problem } = dataset
  const most = type.kind === 'boolean' ? MOST_BOOLEANS : MOST_ELEMENTS
  // Also of lists that are empty there is one for each entry of the axes before.
  const count = shape.reduce((product, axis) => product * Math.max(1, axis), 1)
  if (count > most) throw walk.error(`it has ${count} elements, more than the ${most} of a list`, path)
  if (type.kind === 'text') {
    if (problem !== undefined) throw walk.error(problem, path)
    return async () => {
      const texts = shape.includes(0) ? [] : await walk.file.texts(dataset, walk.signal)
      return (i) => texts[i]
    }
  }
  const numbers = walk.room(dataset)
  if (type.kind === 'boolean') return async () => (i) => numbers[i] !== 0
  return async () => inSlices(pythonNumbers(numbers, walk.isPlain), walk.signal)
}

/**
 * Numbers as Python has them: integers as numbers or, where that is not exact, bigints; floats as numbers. Where all are floats that
 * are whole, each is marked, as they would become integers when they are written again.
 */
export function* pythonNumbers(numbers: NumericArray, isPlain: boolean): Steps<(i: number) => unknown> {
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) return (i) => shortest(numbers[i] as bigint)
  if (isPlain || !(numbers instanceof Float64Array || numbers instanceof Float32Array)) return (i) => numbers[i]
  for (const number of numbers) {
    if (!isWhole(number) && !Number.isNaN(number)) return (i) => numbers[i]
    if (isDue()) yield
  }
  return (i) => wholeFloat(numbers[i] as number)
}

/** Lists in lists, as a shape of at least one axis has them. */
export function* nested(valueAt: (i: number) => unknown, shape: readonly number[], at = { next: 0 }): Steps<readonly unknown[]> {
  const [length = 0, ...rest] = shape
  const list: unknown[] = []
  for (let i = 0; i < length; i++) {
    if (rest.length === 0) list.push(valueAt(at.next++))
    else list.push(yield* nested(valueAt, rest, at))
    if (isDue()) yield
  }
  return list
}
