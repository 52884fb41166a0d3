/**
 * Abort signals. Many exports may share one: it has one listener of ours, however many.
 */

const listening = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `stop` when the signal fires. Returns how to take that back. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (!signal) return () => {}
  const stops = listening.get(signal) ?? listen(signal)
  stops.add(stop)
  return () => stops.delete(stop)
}

function listen(signal: AbortSignal): Set<() => void> {
  const stops = new Set<() => void>()
  listening.set(signal, stops)
  const stopAll = () => {
    for (const stop of stops) stop()
  }
  signal.addEventListener('abort', stopAll, { once: true })
  return stops
}
