/**
 * The order of numbers, found out in steps.
 */
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import { unset } from './allocation.js'

/** Whether no number is below the one before it. */
export function* isInOrder(numbers: Float64Array): Steps<boolean> {
  for (let i = 1; i < numbers.length; i++) {
    if ((numbers[i] as number) < (numbers[i - 1] as number)) return false
    if (isDue()) yield
  }
  return true
}

/** The places of numbers in ascending order, equal ones as they come: a merge sort. */
export function* sortedOrder(numbers: Float64Array): Steps<Uint32Array> {
  let order = unset(Uint32Array, numbers.length)
  let next = unset(Uint32Array, numbers.length)
  for (let i = 0; i < order.length; i++) {
    order[i] = i
    if (isDue()) yield
  }
  for (let width = 1; width < order.length; width *= 2) {
    for (let start = 0; start < order.length; start += 2 * width) {
      const middle = Math.min(start + width, order.length)
      const end = Math.min(start + 2 * width, order.length)
      let [left, right] = [start, middle]
      for (let i = start; i < end; i++) {
        const takesLeft =
          left < middle && (right === end || (numbers[order[left] as number] as number) <= (numbers[order[right] as number] as number))
        next[i] = order[takesLeft ? left++ : right++] as number
        if (isDue()) yield
      }
    }
    ;[order, next] = [next, order]
  }
  return order
}
