/**
 * Writes what an export gathers in tiles, streams and the samples of files, to its file, before the plan of that file is made.
 */
import { onAbort } from '../engine/abort.js'
import { addon } from '../engine/native.js'
import type { NativeBegunFile } from '../engine/native-streams.js'
import { readAll } from '../engine/read-all.js'
import { ReportPace } from '../engine/report-pace.js'
import { runJob } from '../engine/run-job.js'
import type { ExportOptions } from '../options/export-options.js'
import type { RawFile } from '../recording/raw-file.js'
import { isRawFile } from '../recording/raw-file.js'
import type { RawStream } from '../recording/raw-stream.js'
import type { StreamTarget, WriterOptions } from '../sources/sample-writer.js'
import { SampleWriter } from '../sources/sample-writer.js'

/** A stream, or the samples of a file that are written like one, and the dataset that it becomes. */
export interface PlannedStream extends StreamTarget {
  readonly stream: RawStream | RawFile
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
    if (isRawFile(stream)) await writer.writeFile(stream)
    else await readAll(stream.begin(target.name), target.name, options.signal, (block) => writer.write(block))
    await writer.end()
  } finally {
    await writer.settled()
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
