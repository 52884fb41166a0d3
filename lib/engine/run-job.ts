/**
 * Runs native jobs to their end.
 */
import { onAbort } from './abort.js'
import { throwFailure } from './failures.js'
import { addon } from './native.js'
import type { NativeJob } from './native-job.js'

/** Called on the JS thread a few times a second: how much is done, and how much there is. */
export type OnProgress = (done: number, total: number) => void

/**
 * Starts a job and waits for its result. The signal, and what `onProgress` throws, cancel it: the promise rejects with the signal's
 * reason or with what was thrown once the job's threads have stopped. Once the signal has fired, `onProgress` is not called any more.
 *
 * @param start - starts the job; it is given a function that does not throw
 */
export async function runJob<T>(
  start: (onProgress?: OnProgress) => NativeJob<T>,
  signal: AbortSignal | undefined,
  onProgress?: OnProgress,
): Promise<T> {
  signal?.throwIfAborted()
  let thrown: { error: unknown } | undefined
  const guarded: OnProgress = (done, total) => {
    try {
      if (!thrown && !signal?.aborted) onProgress?.(done, total)
    } catch (error) {
      thrown = { error }
      addon.cancel(job.id)
    }
  }
  const job = start(onProgress && guarded)
  const forget = onAbort(signal, () => addon.cancel(job.id))
  try {
    const result = await job.promise
    if (thrown) throw thrown.error
    return result
  } catch (failure) {
    if (thrown) throw thrown.error
    signal?.throwIfAborted()
    return throwFailure(failure)
  } finally {
    forget()
  }
}
