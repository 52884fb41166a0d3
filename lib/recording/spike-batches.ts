/**
 * Recordings whose spikes come in batches and stay on the disk.
 */
import { tmpdir } from 'node:os'
import type { AnyIterator } from '../engine/read-all.js'
import { readAll } from '../engine/read-all.js'
import { ReportPace } from '../engine/report-pace.js'
import { invalidType } from '../errors.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, wholeNumber } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import { exportPath } from '../options/export-path.js'
import type { Steps } from '../steps.js'
import { inSlices } from '../steps.js'
import { neuronAttributesFor } from './attributes.js'
import type { Draft, SpikeDataOptions } from './spike-data-builder.js'
import { draft, OPTIONS, type Recording, settle, windowOf } from './spike-data-builder.js'
import { unitsFor } from './spike-sources.js'
import type { SpikeBatch, UnitBatch } from './spike-spool.js'
import { SpikeSpool } from './spike-spool.js'
import type { SpikeValueDtype } from './spike-values.js'
import { requireOtherNames, valueColumnsFrom } from './spike-values.js'
import type { SpooledTrains } from './spooled-trains.js'
import { spooledTrains } from './spooled-trains.js'

/** Batches of spikes: an array, a generator, a stream of objects of Node or the Web. */
export type SpikeBatches = Iterable<SpikeBatch | UnitBatch> | AsyncIterable<SpikeBatch | UnitBatch>

/** The progress of {@link SpikeData.fromBatches}. */
export interface BatchesProgress {
  /** Spikes that have come in batches so far. */
  spikesRead: number
  /** Spikes that are sorted and in their place, 0 while batches come. In the end all of them. */
  spikesSorted: number
}

/** Where {@link SpikeData.fromBatches} keeps spikes, and how it reports and stops. */
export interface SpoolOptions {
  /**
   * The folder, as a path or a `file:` URL, on whose disk spikes are kept, in files that have no path. They take 8 bytes a spike and those of its
   * values, and twice that and up to 8 more while they are sorted. Default: the system's folder of temporary files, which may be in memory: then
   * choose another.
   */
  spoolFolder?: string | URL | undefined
  /** The bytes of memory that spikes may take on their way, from 1 MiB on. Default 128 MiB. */
  maxMemory?: number | undefined
  /** Stops the call: the promise rejects with the signal's reason, the source is closed and the spool freed. */
  signal?: AbortSignal | undefined
  /** Called a few times a second, and once in the end. If it throws, the call stops and the promise rejects with that error. */
  onProgress?: ((progress: BatchesProgress) => void) | undefined
}

/** What spikes have besides their times. */
export interface SpikeValueOptions {
  /**
   * The dtype of what each spike has besides its time, by name: `{ amplitudes: 'float32' }`. Each batch then has `values` with an array for each
   * name. They stay on the disk, as {@link SpikeData.spikeValues}.
   */
  spikeValues?: Readonly<Record<string, SpikeValueDtype>> | Missing
}

/** Options of {@link SpikeData.fromBatches}. */
export type BatchesOptions = SpikeDataOptions & SpoolOptions & SpikeValueOptions

const BATCHES_OPTIONS: OptionNames<BatchesOptions> = {
  ...OPTIONS,
  spikeValues: true,
  spoolFolder: true,
  maxMemory: true,
  signal: true,
  onProgress: true,
}

const DEFAULT_MEMORY = 2 ** 27
const LEAST_MEMORY = 2 ** 20
const MOST_MEMORY = 2 ** 40

/** Where a spool is, and how much memory it takes. */
export interface CheckedSpool {
  readonly spoolFolder: string
  readonly maxMemory: number
}

/**
 * The options of {@link SpikeData.fromBatches}, their names and those of the spool checked.
 *
 * @throws TypeError, RangeError for options that make no sense
 */
export function batchesOptions(given: unknown): BatchesOptions & CheckedSpool {
  const options = optionsFrom<BatchesOptions>(given, BATCHES_OPTIONS)
  checkCallbacks(options)
  return { ...options, ...checkedSpool(options) }
}

/** Where spikes are kept, checked. */
export function checkedSpool({ spoolFolder, maxMemory = DEFAULT_MEMORY }: Pick<SpoolOptions, 'spoolFolder' | 'maxMemory'>): CheckedSpool {
  return {
    spoolFolder: spoolFolder === undefined ? tmpdir() : exportPath(spoolFolder, 'spoolFolder'),
    maxMemory: wholeNumber(maxMemory, 'maxMemory', LEAST_MEMORY, MOST_MEMORY, ' of bytes'),
  }
}

/** A recording that batches of spikes are put into. Close it in the end, also after a failure. */
export class PendingRecording {
  readonly #options: SpikeDataOptions
  readonly #signal: AbortSignal | undefined
  readonly #trains: SpooledTrains
  readonly #unsealed: Draft
  readonly #spool: SpikeSpool
  #isWhole = false

  private constructor(
    options: SpikeDataOptions,
    signal: AbortSignal | undefined,
    trains: SpooledTrains,
    unsealed: Draft,
    spool: SpikeSpool,
  ) {
    this.#options = options
    this.#signal = signal
    this.#trains = trains
    this.#unsealed = unsealed
    this.#spool = spool
  }

  /**
   * Checks the options, and makes the spool.
   *
   * @throws TypeError, RangeError for options that make no sense
   */
  static async open({
    spoolFolder,
    maxMemory,
    signal,
    onProgress: _,
    spikeValues,
    ...options
  }: BatchesOptions & CheckedSpool): Promise<PendingRecording> {
    const N = unitsFor(options)
    const window = windowOf(options)
    const values = valueColumnsFrom(spikeValues)
    const trains = spooledTrains(values)
    // Without N, the number of units is only known in the end.
    const early = N === undefined ? { ...options, neuronAttributes: undefined } : options
    const unsealed = await inSlices(draft(N ?? 0, early as SpikeDataOptions, ready(trains)), signal)
    await inSlices(requireOtherNames(unsealed.options.neuronAttributes, values), signal)
    const spool = new SpikeSpool({ N, folder: spoolFolder, maxMemory, window, values }, signal)
    return new PendingRecording(options as SpikeDataOptions, signal, trains, unsealed, spool)
  }

  /** How many spikes it has taken. */
  get spikeCount(): number {
    return this.#spool.spikeCount
  }

  /** Takes a batch: see {@link SpikeSpool.add}. */
  add(batch: unknown): Promise<void> {
    return this.#spool.add(batch)
  }

  /**
   * Makes the recording of all batches. Once.
   *
   * @param onProgress - called with how many spikes are in their place
   * @throws TypeError, RangeError for attributes of another number of units
   * @throws Error with the file system's `code`
   */
  async finish(onProgress?: (spikesSorted: number) => void): Promise<Recording> {
    const { window, options } = this.#unsealed
    const { spikeCount } = this
    const report = onProgress && ((done: number, total: number) => done < total && onProgress(done))
    const sealed = await this.#spool.seal(this.#trains, window, report)
    const neuronAttributes = isMissing(this.#options.N)
      ? await inSlices(neuronAttributesFor(this.#trains.native.unitCount, this.#options.neuronAttributes), this.#signal)
      : options.neuronAttributes
    await inSlices(requireOtherNames(neuronAttributes, this.#spool.values), this.#signal)
    const recording = await inSlices(settle({ ...this.#unsealed, options: { ...options, neuronAttributes } }, sealed), this.#signal)
    this.#signal?.throwIfAborted()
    onProgress?.(spikeCount)
    this.#isWhole = true
    return recording
  }

  /** Frees what is not the recording's; all where there is none. */
  async close(): Promise<void> {
    if (!this.#isWhole) await this.#trains.lifetime.close()
    await this.#spool.close()
  }
}

/**
 * Takes all batches, and makes a recording of them. The source is closed when that fails.
 *
 * @param given - what {@link batchesOptions} returned
 * @throws TypeError, RangeError for what is no source of batches, and for what {@link SpikeSpool.add} refuses; what the source throws
 */
export async function recordingFromBatches(batches: SpikeBatches, given: BatchesOptions & CheckedSpool): Promise<Recording> {
  const { signal, onProgress } = given
  const begin = beginningOf(batches)
  const pending = await PendingRecording.open(given)
  try {
    const pace = new ReportPace()
    const { iterator, isAsync } = begin()
    await readAll(iterator, 'batches', signal, async (batch) => {
      await pending.add(isAsync ? batch : await batch)
      if (onProgress && pace.isTime()) onProgress({ spikesRead: pending.spikeCount, spikesSorted: 0 })
    })
    const spikesRead = pending.spikeCount
    return await pending.finish(onProgress && ((spikesSorted) => onProgress({ spikesRead, spikesSorted })))
  } finally {
    await pending.close()
  }
}

/** @internal */
export function* ready(trains: SpooledTrains): Steps<SpooledTrains> {
  return trains
}

/**
 * What begins to iterate over a source.
 *
 * @throws TypeError for what cannot be iterated over
 */
function beginningOf(batches: unknown): () => { iterator: AnyIterator; isAsync: boolean } {
  const iterable = Object(batches) as Record<symbol, unknown>
  for (const symbol of [Symbol.asyncIterator, Symbol.iterator]) {
    const method = iterable[symbol]
    if (isMissing(method) || typeof method !== 'function') continue
    return () => ({ iterator: Reflect.apply(method, batches, []) as AnyIterator, isAsync: symbol === Symbol.asyncIterator })
  }
  throw invalidType('an iterable or async iterable of batches', 'batches', batches)
}
