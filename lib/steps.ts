/**
 * Work in steps: the same code runs at once, or in slices that leave the event loop free. How often work pauses is decided here, by the
 * clock: loops ask `if (isDue()) yield` once an item, or leave their elements to {@link inRanges}.
 */

/** Work that yields when {@link isDue} returns true, and returns a `T`. */
export type Steps<T> = Generator<void, T, void>

/** How long one slice may hold the JS thread, in ms. Garbage collection adds about as much. */
export const SLICE_MS = 1

/** How many items, of at most a few µs each, pass between two looks at the clock, which take some 40 ns each. */
const ITEMS_PER_LOOK = 64

/** How many elements of arrays, or characters of texts, take as long as an item: up to 30 ns each. */
const ELEMENTS_PER_ITEM = 128
const ELEMENTS_PER_LOOK = ITEMS_PER_LOOK * ELEMENTS_PER_ITEM

/** When the current slice ends, by `performance.now()`; never while work runs at once. */
let sliceEnd = 0
let itemsLeft = 0

/**
 * Whether the current slice is over, so that the work has to `yield`. Call it once for each item: it costs about a nanosecond.
 *
 * @param items - how many items were worked on since the last call
 */
export function isDue(items = 1): boolean {
  itemsLeft -= items
  return itemsLeft <= 0 && isSliceOver()
}

/** Counts elements of arrays or characters of texts that were worked on for the current item, before {@link isDue} is asked. */
export function spend(elements: number): void {
  itemsLeft -= Math.floor(elements / ELEMENTS_PER_ITEM)
}

function isSliceOver(): boolean {
  itemsLeft = ITEMS_PER_LOOK
  return sliceEnd !== Infinity && performance.now() > sliceEnd
}

/** Works on `count` elements of arrays, `from` to `to - 1` in each call. */
export function* inRanges(count: number, work: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += ELEMENTS_PER_LOOK) {
    const to = Math.min(from + ELEMENTS_PER_LOOK, count)
    work(from, to)
    spend(to - from)
    if (isDue()) yield
  }
}

/** A list of `count` items, one after the other, each of at most a few µs. */
export function* listInSteps<T>(count: number, item: (i: number) => T): Steps<T[]> {
  const list: T[] = []
  for (let i = 0; i < count; i++) {
    list.push(item(i))
    if (isDue()) yield
  }
  return list
}

/** Runs all steps now. */
export function atOnce<T>(steps: Steps<T>): T {
  const end = sliceEnd
  sliceEnd = Infinity
  try {
    let step = steps.next()
    while (!step.done) step = steps.next()
    return step.value
  } finally {
    sliceEnd = end
  }
}

/** Work that waits for its slice, in the order of arrival. Each turn of the event loop has one slice. */
interface Waiting {
  readonly resume: () => void
  next: Waiting | undefined
}

let first: Waiting | undefined
let last: Waiting | undefined

/**
 * Runs the steps in slices of about a millisecond, with a turn of the event loop between two slices.
 *
 * @throws the signal's reason, as a rejection before the next slice
 */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  if (first) await nextTurn(signal)
  for (;;) {
    sliceEnd = performance.now() + SLICE_MS
    const step = steps.next()
    if (step.done) return step.value
    await nextTurn(signal)
  }
}

/** Waits for a turn of the event loop, as work that is done in slices does. */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
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
