/**
 * Work in steps: the same code runs at once, or in slices that leave the event loop free.
 */

/** Work that pauses at every `yield`, each step far shorter than a millisecond, and returns a `T`. */
export type Steps<T> = Generator<void, T, void>

/** How long one slice may hold the JS thread, in ms: the collection of garbage comes on top, and takes as long again. */
const SLICE_MS = 1

/** What waits for its next slice. Each turn of the event loop has one, however many there are. */
const waiting: (() => void)[] = []

/** Runs all steps now. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/**
 * Runs the steps in slices of about a millisecond, with a turn of the event loop between two slices. Once the signal has fired, the
 * next one rejects with its reason.
 */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  if (waiting.length > 0) await nextTurn()
  let sliceEnd = performance.now() + SLICE_MS
  let step = steps.next()
  while (!step.done) {
    if (performance.now() > sliceEnd) {
      await nextTurn()
      signal?.throwIfAborted()
      sliceEnd = performance.now() + SLICE_MS
    }
    step = steps.next()
  }
  return step.value
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(resume)
  })
}

function resume(): void {
  if (waiting.length > 1) setImmediate(resume)
  waiting.shift()?.()
}
