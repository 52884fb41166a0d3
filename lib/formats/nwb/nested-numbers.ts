/**
 * Arrays of arrays of numbers, as they come from JSON.
 */

import { zeros } from '../../memory/allocation.js'
import { NDArray } from '../../model/ndarray.js'
import type { Steps } from '../../steps.js'

/** How many numbers one step copies, and how many rows it counts: a fraction of a millisecond. */
const STEP_NUMBERS = 16_384
const STEP_ROWS = 4096

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
    if (++rows % STEP_ROWS === 0) yield
  }
  const length = shape.at(-1) as number
  const data = zeros(Float64Array, rows * length)
  let filled = 0
  // Not from a list of the rows, which may be one row many times over.
  for (const row of innermost(value, shape, 0)) {
    for (let i = 0; i < length; i++) {
      const number = row?.[i]
      if (typeof number !== 'number') return undefined
      data[filled++] = number
      if (filled % STEP_NUMBERS === 0) yield
    }
  }
  return new NDArray(data, shape)
}

/** The arrays along the last axis, in order; undefined for whatever has not this shape. */
function* innermost(value: unknown, shape: readonly number[], axis: number): Generator<readonly unknown[] | undefined> {
  if (!Array.isArray(value) || value.length !== shape[axis]) yield undefined
  else if (axis + 1 === shape.length) yield value
  else for (const element of value) yield* innermost(element, shape, axis + 1)
}
