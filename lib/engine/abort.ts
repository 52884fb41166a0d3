/**
 * Abort signals. Many exports may share one: it has one listener of ours, and that only while one of them runs. A signal that
 * depends on others, as `AbortSignal.any` makes it, stays in memory for as long as it has a listener.
 */
import { SLICE_MS } from '../steps.js'

/** What a signal stops, and our listener. */
interface Watch {
  readonly stops: Set<() => void>
  readonly listener: () => void
}

const watches = new WeakMap<AbortSignal, Watch>()

/** Calls `stop` when the signal fires. Returns what takes that back, which must be called once. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (!signal) return () => {}
  const watch = watches.get(signal) ?? begin(signal)
  watch.stops.add(stop)
  return () => {
    watch.stops.delete(stop)
    if (watch.stops.size > 0) return
    signal.removeEventListener('abort', watch.listener)
    watches.delete(signal)
  }
}

/** The same promise, but rejected with the signal's reason as soon as it fires, or has fired. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  let forget = () => {}
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else forget = onAbort(signal, () => reject(signal.reason))
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    forget()
  }
}

function begin(signal: AbortSignal): Watch {
  const stops = new Set<() => void>()
  const watch = { stops, listener: () => callInSlices(stops.values()) }
  signal.addEventListener('abort', watch.listener)
  watches.set(signal, watch)
  return watch
}

/** Calls all of them, those that are taken back meanwhile aside, and leaves the event loop free in between. */
function callInSlices(stops: Iterator<() => void>): void {
  const sliceEnd = performance.now() + SLICE_MS
  for (let stop = stops.next(); !stop.done; stop = stops.next()) {
    stop.value()
    if (performance.now() > sliceEnd) {
      setImmediate(callInSlices, stops)
      return
    }
  }
}
