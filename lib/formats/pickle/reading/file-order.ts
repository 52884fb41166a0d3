/**
 * Puts what is to be read of a file into the order of the file.
 */
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'

/** Sorts by position: a merge sort, which pauses. Linear where they are in order already. */
export function* inFileOrder<T>(items: readonly T[], positionOf: (item: T) => number): Steps<readonly T[]> {
  let sorted = items
  for (let width = 1; width < items.length; width *= 2) {
    const next: T[] = []
    let isSorted = true
    for (let start = 0; start < items.length; start += 2 * width) {
      const middle = Math.min(start + width, items.length)
      const end = Math.min(start + 2 * width, items.length)
      let [left, right] = [start, middle]
      while (left < middle || right < end) {
        const takesLeft = right === end || (left < middle && positionOf(sorted[left] as T) <= positionOf(sorted[right] as T))
        const item = sorted[takesLeft ? left++ : right++] as T
        isSorted &&= next.length === 0 || positionOf(next[next.length - 1] as T) <= positionOf(item)
        next.push(item)
        if (isDue()) yield
      }
    }
    sorted = next
    if (isSorted) break
  }
  return sorted
}
