/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Files that are written while a recording goes on: spikes and raw samples as they come, everything else at the end.
 */
import { Writable } from 'node:stream'
import { onAbort } from '../engine/abort.js'
import { addon } from '../engine/native.js'
import type { NativeBegunFile } from '../engine/native-streams.js'
import { ReportPace } from '../engine/report-pace.js'
import { runJob } from '../engine/run-job.js'
import { invalidState } from '../errors.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { SpikeData } from '../model/spike-data.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing } from '../options/checks.js'
import type { ExportOptions, ExportReport } from '../options/export-options.js'
import type { SpikeValueOptions, SpoolOptions } from '../recording/spike-batches.js'
import { checkedSpool } from '../recording/spike-batches.js'
import type { CreateOptions, RecordingOptions, SpikeDataOptions } from '../recording/spike-data-builder.js'
import type { SpikeBatch, UnitBatch } from '../recording/spike-spool.js'
import { requireOtherNames, valueColumnsFrom } from '../recording/spike-values.js'
import type { RawStreamOptions } from '../sources/raw-stream.js'
import { SampleWriter } from '../sources/sample-writer.js'
import { inSlices } from '../steps.js'
import { BatchQueue } from './batch-queue.js'
import type { NodeSink } from './node-sink.js'
import type { BegunExport } from './run-export.js'
import type { PlannedStream } from './write-streams.js'

/** The raw samples of a recording that goes on, from 0 ms on. */
export interface WriterRaw extends RawStreamOptions {
  /** The sampling rate in kHz. */
  rateKHz: number
}

/** What a recording that goes on is, and where its spikes are kept until the end. */
export type WriterRecording = RecordingOptions & Pick<SpoolOptions, 'spoolFolder' | 'maxMemory'>

export const WRITER_OPTIONS: OptionNames<WriterRecording & { raw: WriterRaw | Missing }> = {
  N: true,
  length: true,
  startTime: true,
  neuronAttributes: true,
  metadata: true,
  spoolFolder: true,
  maxMemory: true,
  raw: true,
}

/** What a writer needs of its format. */
export interface WriterParts {
  /** Where the file goes, absolute. */
  target: string
  options: ExportOptions
  /** Of the recording, with its raw data. */
  recording: SpikeDataOptions & Pick<SpoolOptions, 'spoolFolder' | 'maxMemory'> & SpikeValueOptions
  raw: PlannedStream | undefined
  /** Writes the file of the recording, of which raw data is there already. */
  finish: (sd: SpikeData, begun: BegunExport, signal: AbortSignal) => Promise<ExportReport>
}

/** Makes a writer: its constructor is no caller's. */
let newWriter: (parts: WriterParts, begun: NativeBegunFile) => RecordingWriter

/**
 * A file that is written while a recording goes on, as `openNwbWriter` and `openHdf5Writer` open it. It appears under its name with
 * {@link RecordingWriter.commit}, whole; without that, nothing does.
 *
 * Every call waits while the disk does: await it before the next one, and memory stays flat. Calls that are not awaited are kept in order.
 * After the first failure, of any call, the writer is closed and everything that it has written is removed: all further calls reject
 * with the same error.
 */
export class RecordingWriter {
  readonly #parts: WriterParts
  readonly #begun: NativeBegunFile
  readonly #samples: SampleWriter | undefined
  readonly #stop = new AbortController()
  readonly #forget: () => void
  readonly #pace = new ReportPace()
  /** Batches on their way to the spool; none before the first one. */
  #batches: BatchQueue<SpikeBatch | UnitBatch> | undefined
  #recording: Promise<SpikeData> | undefined
  #rawBytes = 0
  /** The last block, so that blocks are written in the order of calls. */
  #lastBlock: Promise<void> = Promise.resolve()
  #state: 'open' | 'committing' | 'committed' = 'open'
  #finishing: Promise<ExportReport> | undefined
  #failure: { error: unknown } | undefined
  #cleaned: Promise<void> | undefined
  static {
    newWriter = (parts, begun) => new RecordingWriter(parts, begun)
  }

  private constructor(parts: WriterParts, begun: NativeBegunFile) {
    this.#parts = parts
    this.#begun = begun
    const { signal, threads = 0 } = parts.options
    this.#samples =
      parts.raw &&
      new SampleWriter(parts.raw, begun, {
        signal: this.#stop.signal,
        threads,
        onBytes: (bytes) => this.#report(bytes),
        onFailure: (error) => void this.#fail(error),
      })
    this.#forget = onAbort(signal, () => void this.#fail(signal?.reason))
  }

  /**
   * Writes spikes, in any order: they are kept on the disk, and sorted at the end.
   *
   * @param batch - `{ units, times }`, the unit and the time in ms of each spike; or `{ unit, times }`; with `values` where the writer has
   *   `spikeValues`. It may change once the promise is settled
   * @throws TypeError, RangeError as `SpikeData.fromBatches` does; the error that has closed the writer
   */
  writeSpikes(batch: SpikeBatch | UnitBatch): Promise<void> {
    return this.#run(() => this.#queue().give(batch))
  }

  /**
   * Writes raw samples.
   *
   * @param block - a typed array of the dtype, samples × channels, of any number of whole samples; or bytes of them. It may change once the
   *   promise is settled
   * @throws TypeError, RangeError for a block that makes no sense, and without `raw` in the options; the error that has closed the writer
   */
  writeRaw(block: NumericArray): Promise<void> {
    return this.#run(() => {
      const samples = this.#samples
      if (!samples) throw invalidState('a writer with raw data (raw)', 'writeRaw', 'one without')
      return (this.#lastBlock = this.#lastBlock.then(() => samples.write(block)))
    })
  }

  /**
   * Writes everything else, and puts the file in its place. All calls before this one are waited for.
   *
   * @returns a promise of what was written
   * @throws RangeError for raw samples that are not whole, or not as many as there have to be; what an export of the recording throws; the
   *   error that has closed the writer
   */
  commit(): Promise<ExportReport> {
    return this.#run(async () => {
      this.#state = 'committing'
      await this.#lastBlock
      await this.#samples?.end()
      await this.#samples?.settled()
      this.#batches?.end()
      const sd = await (this.#recording ?? this.#empty())
      try {
        const streams = this.#parts.raw ? [this.#parts.raw] : []
        this.#finishing = this.#parts.finish(sd, { file: this.#begun, streams, bytes: this.#rawBytes }, this.#stop.signal)
        const report = await this.#finishing
        this.#state = 'committed'
        this.#forget()
        return report
      } finally {
        await sd.close()
      }
    })
  }

  /** Removes what was written, unless it was committed; a commit that is under way is stopped. May be called again. */
  async close(): Promise<void> {
    await this.#fail(invalidState('an open writer', 'writer', 'one that was closed'))
  }

  /** The same, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * A Node stream of raw samples into the file, for `pipeline`: of Buffers, or of the blocks that `writeRaw` takes. Its end does not commit;
   * when it is destroyed with an error, the writer is closed.
   */
  rawSink(): NodeSink {
    return this.#sink((block) => this.writeRaw(block as NumericArray))
  }

  /** A Node stream of batches into the file, as `writeSpikes` takes them. Like {@link RecordingWriter.rawSink}. */
  spikeSink(): NodeSink {
    return this.#sink((batch) => this.writeSpikes(batch as SpikeBatch | UnitBatch))
  }

  /** The same as a Web stream: `pipeTo` it. When it is aborted, the writer is closed. */
  rawWebSink(): WritableStream<NumericArray> {
    return this.#webSink((block) => this.writeRaw(block))
  }

  /** A Web stream of batches. */
  spikeWebSink(): WritableStream<SpikeBatch | UnitBatch> {
    return this.#webSink((batch) => this.writeSpikes(batch))
  }

  #sink(write: (value: unknown) => Promise<void>): Writable {
    return new Writable({
      objectMode: true,
      highWaterMark: 1,
      write: (value, _, done) => void write(value).then(() => done(), done),
      destroy: (error, done) => {
        if (!error) done(null)
        else void this.#fail(error).then(() => done(error))
      },
    })
  }

  #webSink<T>(write: (value: T) => Promise<void>): WritableStream<T> {
    return new WritableStream({ write, abort: async (reason) => void (await this.#fail(reason)) }, { highWaterMark: 1 })
  }

  /** Does a piece of work, of which a failure closes the writer. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#failure) throw await this.#fail(this.#failure.error)
    if (this.#state !== 'open') throw invalidState('an open writer', 'writer', 'one that was committed')
    try {
      return await work()
    } catch (error) {
      throw await this.#fail(error)
    }
  }

  #queue(): BatchQueue<SpikeBatch | UnitBatch> {
    if (this.#batches) return this.#batches
    const { signal } = this.#stop
    this.#batches = new BatchQueue()
    this.#recording = SpikeData.fromBatches(this.#batches, { ...this.#parts.recording, signal })
    this.#recording.catch((error: unknown) => this.#fail(error))
    return this.#batches
  }

  /** A recording without spikes: it needs no spool, but for values that no spike has. */
  #empty(): Promise<SpikeData> {
    const { signal } = this.#stop
    const { spoolFolder: _, maxMemory: __, spikeValues, ...recording } = this.#parts.recording
    if (!isMissing(spikeValues)) return SpikeData.fromBatches([], { ...this.#parts.recording, signal })
    return SpikeData.create([], { ...recording, signal } as CreateOptions)
  }

  #report(bytes: number): void {
    this.#rawBytes += bytes
    if (this.#pace.isTime()) this.#parts.options.onProgress?.({ bytesWritten: this.#rawBytes, bytesTotal: this.#rawBytes })
  }

  /** Closes the writer. The promise resolves to the first failure, when nothing is left. */
  async #fail(error: unknown): Promise<unknown> {
    if (this.#state === 'committed') return error
    this.#failure ??= { error }
    const first = this.#failure.error
    this.#cleaned ??= this.#clean(first)
    await this.#cleaned
    return first
  }

  async #clean(error: unknown): Promise<void> {
    this.#forget()
    this.#stop.abort(error)
    this.#batches?.fail(error)
    await this.#finishing?.catch(() => {})
    await this.#samples?.settled()
    await this.#recording?.then(
      (sd) => sd.close(),
      () => {},
    )
    await this.#begun.discard().promise
  }
}

/**
 * The recording of a writer as it is before the first spike, to check its options with.
 *
 * @throws TypeError, RangeError for options that make no sense
 */
export async function emptyRecording(
  options: SpikeDataOptions,
  spool: SpoolOptions & SpikeValueOptions,
  signal: AbortSignal | undefined,
): Promise<SpikeData> {
  checkedSpool(spool)
  const columns = valueColumnsFrom(spool.spikeValues)
  // Without N, their number is right in the end only.
  const neuronAttributes = isMissing(options.N) ? undefined : options.neuronAttributes
  const empty = await SpikeData.create([], { ...options, neuronAttributes, signal } as CreateOptions)
  await inSlices(requireOtherNames(empty.neuronAttributes, columns), signal)
  return empty
}

/** Opens a writer: claims the partial file beside the target. */
export async function openWriter(parts: WriterParts): Promise<RecordingWriter> {
  const { signal } = parts.options
  const begun = new addon.BegunFile(parts.target)
  try {
    await runJob(() => begun.open(), signal)
    // A signal that has fired meanwhile does not fire again.
    signal?.throwIfAborted()
    return newWriter(parts, begun)
  } catch (error) {
    await begun.discard().promise
    throw error
  }
}
