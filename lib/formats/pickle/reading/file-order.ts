/**
 * Puts what is to be read of a file into the order of the file.
 */
import { unset } from '../../../memory/allocation.js'
import { isInOrder, sortedOrder } from '../../../memory/sorted-order.js'
import type { Steps } from '../../../steps.js'
import { isDue, listInSteps } from '../../../steps.js'

/** Sorts by position. Linear where they are in order already. */
export function* inFileOrder<T>(items: readonly T[], positionOf: (item: T) => number): Steps<readonly T[]> {
  const positions = unset(Float64Array, items.length)
  for (const [i, item] of items.entries()) {
    positions[i] = positionOf(item)
    if (isDue()) yield
  }
  if (yield* isInOrder(positions)) return items
  const order = yield* sortedOrder(positions)
  return yield* listInSteps(items.length, (i) => items[order[i] as number] as T)
}
