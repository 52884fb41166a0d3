/**
 * Arrays of arrays of numbers, as they come from JSON.
 */

import { zeros } from '../../memory/allocation.js'
import { NDArray } from '../../memory/ndarray.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'

/** No file holds more axes, and a cycle has no end. */
const MOST_AXES = 32

/** An array of numbers, or of equally long arrays of them, as float64; undefined for anything else. */
export function* nestedNumbers(value: readonly unknown[]): Steps<NDArray | undefined> {
  const shape: number[] = []
  for (let level: unknown = value; Array.isArray(level); level = level[0]) {
    if (shape.push(level.length) > MOST_AXES) return undefined
  }
  let rows = 0
  for (const row of innermost(value, shape, 0)) {
    if (!row) return undefined
    rows++
    if (isDue()) yield
  }
  const length = shape.at(-1) as number
  const data = zeros(Float64Array, rows * length)
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

/** The arrays along the last axis, in order; undefined for an element that does not have the shape. */
function* innermost(value: unknown, shape: readonly number[], axis: number): Generator<readonly unknown[] | undefined> {
  if (!Array.isArray(value) || value.length !== shape[axis]) yield undefined
  else if (axis + 1 === shape.length) yield value
  else for (const element of value) yield* innermost(element, shape, axis + 1)
}
