/**
 * Work in steps: the same code runs at once, or in slices that leave the event loop free.
 */

/** Work that pauses at every `yield`, each step far shorter than a millisecond, and returns a `T`. */
export type Steps<T> = Generator<void, T, void>

/** How long one slice may hold the JS thread, in ms: the collection of garbage comes on top, and takes as long again. */
export const SLICE_MS = 1

/** Work that waits for its next slice, and what waits behind it. Each turn of the event loop has one slice. */
interface Waiting {
  readonly resume: () => void
  next: Waiting | undefined
}

let first: Waiting | undefined
let last: Waiting | undefined

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
  if (first) await nextTurn(signal)
  let sliceEnd = performance.now() + SLICE_MS
  let step = steps.next()
  while (!step.done) {
    if (performance.now() > sliceEnd) {
      await nextTurn(signal)
      sliceEnd = performance.now() + SLICE_MS
    }
    step = steps.next()
  }
  return step.value
}

async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resume) => {
    const waiting = { resume, next: undefined }
    if (last) last.next = waiting
    else setImmediate(resumeFirst)
    first ??= waiting
    last = waiting
  })
  signal?.throwIfAborted()
}

function resumeFirst(): void {
  const waiting = first as Waiting
  first = waiting.next
  if (first) setImmediate(resumeFirst)
  else last = undefined
  waiting.resume()
}
