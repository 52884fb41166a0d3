/**
 * Work in steps: the same code runs at once, or in slices that leave the event loop free.
 */
import { setImmediate } from 'node:timers/promises'

/** Work that pauses at every `yield`, each step far shorter than a millisecond, and returns a `T`. */
export type Steps<T> = Generator<void, T, void>

/** How long one slice may hold the JS thread, in ms. */
const SLICE_MS = 2

/** Runs all steps now. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** Runs the steps in slices of about 2 ms, with a turn of the event loop between two slices. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let sliceStart = performance.now()
  let step = steps.next()
  while (!step.done) {
    if (performance.now() - sliceStart > SLICE_MS) {
      await setImmediate()
      sliceStart = performance.now()
    }
    step = steps.next()
  }
  return step.value
}
