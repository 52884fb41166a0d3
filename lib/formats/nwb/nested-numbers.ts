/**
 * Arrays of arrays of numbers, as they come from JSON.
 */
import { unset } from '../../memory/allocation.js'
import { NDArray, sizeOf } from '../../memory/ndarray.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue, spend } from '../../steps.js'

/** No file holds more axes, and a cycle has no end. */
const MOST_AXES = 32

/** Up to so many numbers are read in one go. */
const FEW_NUMBERS = 4096

/** An array of numbers, or of equally long arrays of them, as float64; undefined for anything else. */
export function* nestedNumbers(value: readonly unknown[]): Steps<NDArray | undefined> {
  const shape: number[] = []
  for (let level: unknown = value; Array.isArray(level); level = level[0]) {
    if (shape.push(level.length) > MOST_AXES) return undefined
  }
  if (fewIn(shape)) {
    const data = new Float64Array(sizeOf(shape))
    spend(data.length)
    return fill(data, 0, value, shape, 0) === data.length ? new NDArray(data, shape) : undefined
  }
  let rows = 0
  for (const row of innermost(value, shape, 0)) {
    if (!row) return undefined
    rows++
    if (isDue()) yield
  }
  const length = shape.at(-1) as number
  const data = unset(Float64Array, rows * length)
  let filled = 0
  let areNumbers = true
  // Not from a list of the rows, which may be one row many times over.
  for (const row of innermost(value, shape, 0)) {
    if (!row) return undefined
    yield* inRanges(length, (from, to) => {
      for (let i = from; i < to && areNumbers; i++) {
        const number = row[i]
        if (typeof number === 'number') data[filled + i] = number
        else areNumbers = false
      }
    })
    if (!areNumbers) return undefined
    filled += length
  }
  return new NDArray(data, shape)
}

/** Whether an array of this shape, and its rows, are quickly read. */
function fewIn(shape: readonly number[]): boolean {
  return shape.reduce((product, length) => product * Math.max(length, 1), 1) <= FEW_NUMBERS
}

/** Sets elements from number `filled` on. Returns the number of the one after the last, or -1 where the shape or a number is another. */
function fill(data: Float64Array, filled: number, value: unknown, shape: readonly number[], axis: number): number {
  const length = shape[axis] as number
  if (!Array.isArray(value) || value.length !== length) return -1
  const isRow = axis + 1 === shape.length
  let next = filled
  for (let i = 0; i < length && next >= 0; i++) {
    const element: unknown = value[i]
    if (!isRow) next = fill(data, next, element, shape, axis + 1)
    else if (typeof element === 'number') data[next++] = element
    else return -1
  }
  return next
}

/** The arrays along the last axis, in order; undefined for an element that does not have the shape. */
function* innermost(value: unknown, shape: readonly number[], axis: number): Generator<readonly unknown[] | undefined> {
  if (!Array.isArray(value) || value.length !== shape[axis]) yield undefined
  else if (axis + 1 === shape.length) yield value
  else for (const element of value) yield* innermost(element, shape, axis + 1)
}
