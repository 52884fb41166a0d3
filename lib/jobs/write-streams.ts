/**
 * Writes the streams of an export to its file, before the plan of that file is made.
 */
import { onAbort, orAborted } from '../engine/abort.js'
import type { NativeBegunFile } from '../engine/native.js'
import { addon } from '../engine/native.js'
import { ReportPace } from '../engine/report-pace.js'
import { runJob } from '../engine/run-job.js'
import { invalidType } from '../errors.js'
import type { ExportOptions } from '../options/export-options.js'
import type { RawStream } from '../recording/raw-stream.js'
import type { StreamTarget, WriterOptions } from '../sources/sample-writer.js'
import { SampleWriter } from '../sources/sample-writer.js'

/** A stream, and the dataset that it becomes. */
export interface PlannedStream extends StreamTarget {
  readonly stream: RawStream
}

/** Begins the file of an export, and removes it unless `write` has an export take it. */
export async function withBegunFile<T>(
  target: string,
  signal: AbortSignal | undefined,
  write: (begun: NativeBegunFile) => Promise<T>,
): Promise<T> {
  const begun = new addon.BegunFile(target)
  try {
    await runJob(() => begun.open(), signal)
    return await write(begun)
  } finally {
    await begun.discard().promise
  }
}

/**
 * Reads all streams at the same time, since one may not go on before another does, and writes what they yield. The first failure stops
 * all of them; the promise rejects with it once no thread writes any more.
 *
 * @returns the bytes of their samples
 */
export async function writeStreams(streams: readonly PlannedStream[], file: NativeBegunFile, options: ExportOptions): Promise<number> {
  const stop = new AbortController()
  let failure: { error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    stop.abort(error)
  }
  const { signal, threads = 0 } = options
  // A signal that has fired meanwhile does not fire again.
  signal?.throwIfAborted()
  const forget = onAbort(signal, () => fail(signal?.reason))
  const progress = new StreamProgress(streams, options)
  const writing: WriterOptions = { signal: stop.signal, threads, onBytes: (bytes) => progress.add(bytes), onFailure: fail }
  await Promise.all(streams.map((planned) => writeStream(planned, file, writing).catch(fail)))
  forget()
  if (failure) throw failure.error
  return progress.bytes
}

async function writeStream({ stream, ...target }: PlannedStream, file: NativeBegunFile, options: WriterOptions): Promise<void> {
  const writer = new SampleWriter(target, file, options)
  try {
    await readAll(stream.begin(target.name), target.name, options.signal as AbortSignal, (block) => writer.write(block))
    await writer.end()
  } finally {
    await writer.settled()
  }
}

/** Calls `take` with each value, as `for await` does, but ends at once when the signal fires. */
async function readAll(
  iterator: AsyncIterator<unknown>,
  name: string,
  signal: AbortSignal,
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

async function nextOf(iterator: AsyncIterator<unknown>, onThrow: () => void): Promise<IteratorResult<unknown>> {
  try {
    return await iterator.next()
  } catch (error) {
    onThrow()
    throw error
  }
}

/** Has an iterator clean up. What that throws is not the first error; after an abort it may never end, and is not waited for. */
async function endOf(iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<void> {
  try {
    const ended = Promise.resolve(iterator.return?.())
    ended.catch(() => {})
    if (!signal.aborted) await orAborted(ended, signal)
  } catch {
    // The error before this one is thrown.
  }
}

/** Reports how far streams are, a few times a second. */
class StreamProgress {
  bytes = 0
  readonly #pace = new ReportPace()
  /** All bytes that will come; NaN where that is not known. */
  readonly #total: number
  readonly #onProgress: ExportOptions['onProgress']

  constructor(streams: readonly PlannedStream[], { onProgress }: ExportOptions) {
    const bytesOf = ({ dtype, samples = NaN, settings: { channels } }: PlannedStream) => Number(dtype.slice(2)) * channels * samples
    this.#total = streams.reduce((total, stream) => total + bytesOf(stream), 0)
    this.#onProgress = onProgress
  }

  add(bytes: number): void {
    this.bytes += bytes
    if (!this.#onProgress || !this.#pace.isTime()) return
    this.#onProgress({ bytesWritten: this.bytes, bytesTotal: Number.isNaN(this.#total) ? this.bytes : this.#total })
  }
}
