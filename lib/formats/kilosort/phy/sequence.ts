/**
 * Numbers of channels, one after the other.
 */
import { unset } from '../../../memory/allocation.js'
import type { Steps } from '../../../steps.js'
import { inRanges } from '../../../steps.js'

/** 0, 1, 2, …. */
export function* sequence(count: number): Steps<Int32Array> {
  const numbers = unset(Int32Array, count)
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) numbers[i] = i
  })
  return numbers
}
