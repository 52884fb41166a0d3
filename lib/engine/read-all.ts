/**
 * Takes the values of a caller's iterator one after the other.
 */
import { invalidType } from '../errors.js'
import { orAborted } from './abort.js'

/** An iterator of a caller's, whose results come at once or later. */
export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>

/**
 * Calls `take` with each value, as `for await` does, but ends at once when the signal fires.
 *
 * @param name - what errors call the source
 * @throws what the source throws, and `take`; the signal's reason
 */
export async function readAll(
  iterator: AnyIterator,
  name: string,
  signal: AbortSignal | undefined,
  take: (value: unknown) => Promise<void>,
): Promise<void> {
  /** Whether the iterator has thrown or ended itself. */
  let hasEnded = false
  try {
    for (;;) {
      const next = await orAborted(
        nextOf(iterator, () => (hasEnded = true)),
        signal,
      )
      if (typeof next !== 'object' || next === null) throw invalidType('an iterator that returns results', name, next)
      if (next.done) {
        hasEnded = true
        return
      }
      await take(next.value)
    }
  } catch (error) {
    if (!hasEnded) await endOf(iterator, signal)
    throw error
  }
}

async function nextOf(iterator: AnyIterator, onThrow: () => void): Promise<IteratorResult<unknown>> {
  try {
    return await iterator.next()
  } catch (error) {
    onThrow()
    throw error
  }
}

/** Has an iterator clean up. What that throws is not the first error; after an abort it may never end, and is not waited for. */
async function endOf(iterator: AnyIterator, signal: AbortSignal | undefined): Promise<void> {
  try {
    const ended = Promise.resolve(iterator.return?.())
    ended.catch(() => {})
    if (!signal?.aborted) await orAborted(ended, signal)
  } catch {
    // The error before this one is thrown.
  }
}
