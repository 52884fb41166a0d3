/**
 * Takes spikes in batches, of any number and in any order, and makes spike trains of them on the disk.
 */
import { addon } from '../engine/native.js'
import type { RecordingWindow, SealReport } from '../engine/native-spike-trains.js'
import type { NativeSpikeSpool, SpikeProblem } from '../engine/native-spool.js'
import type { OnProgress } from '../engine/run-job.js'
import { runJob } from '../engine/run-job.js'
import { invalidType, invalidValue, outOfMemory } from '../errors.js'
import type { Numbers } from '../memory/float64.js'
import { countOf, float64Copy } from '../memory/float64.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { dtypeOf, isNumericArray } from '../memory/typed-arrays.js'
import type { Missing, OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom } from '../options/checks.js'
import type { Steps } from '../steps.js'
import { inSlices, SLICE_MS } from '../steps.js'
import { MAX_UNITS, timeError } from './spike-data-builder.js'
import { unitNumber } from './spike-sources.js'
import type { SpikeValueArray, ValueColumn } from './spike-values.js'
import { batchValues } from './spike-values.js'
import type { SpooledTrains } from './spooled-trains.js'
import { spooledTrains } from './spooled-trains.js'

/** Spikes of any units, in any order. */
export interface SpikeBatch {
  /** The unit of each spike, from 0 to `N - 1`. */
  units: Numbers
  /** The time of each spike in ms. */
  times: Numbers
  /** For each name of `spikeValues`, the value of each spike. */
  values?: Readonly<Record<string, SpikeValueArray>> | Missing
  /** Only without `units`. */
  unit?: Missing
}

/** Spikes of one unit, in any order. */
export interface UnitBatch {
  /** The unit of all spikes, from 0 to `N - 1`. */
  unit: number
  /** The time of each spike in ms. */
  times: Numbers
  /** For each name of `spikeValues`, the value of each spike. */
  values?: Readonly<Record<string, SpikeValueArray>> | Missing
  /** Only without `unit`. */
  units?: Missing
}

const BATCH: OptionNames<SpikeBatch | UnitBatch> = { units: true, unit: true, times: true, values: true }

/** How many spikes are copied in one call of native code: a fraction of a millisecond. */
const PIECE = 65_536

/** The bytes of memory for each spike of a run: three buffers of them, of a unit number and a time each. */
const BYTES_A_SPIKE = 36
/** The same with values, which are in each buffer as well: sorting them takes more. */
const BYTES_WITH_VALUES = 40
const BUFFERS = 3

/** The most spikes of a run, so that their number has 32 bits. */
const MOST_RUN_SPIKES = 2 ** 31

/** How a spool is made. */
export interface SpoolSettings {
  /** The number of units; undefined where the highest unit number decides. */
  readonly N: number | undefined
  /** The folder that the spool's files without a path are made in. */
  readonly folder: string
  /** The bytes of memory that spikes may take. */
  readonly maxMemory: number
  /** Times outside are refused as they come; without it, all that are finite are taken. */
  readonly window?: RecordingWindow
  /** The values that come with each spike. */
  readonly values?: readonly ValueColumn[]
}

/**
 * A spool of spikes. Errors name batches by their number. After an error, and in the end, `close` it.
 */
export class SpikeSpool {
  readonly #settings: SpoolSettings
  readonly #signal: AbortSignal | undefined
  readonly #native: NativeSpikeSpool
  #batches = 0
  /** One more than the highest number of a unit that came by itself: it may have come without spikes. */
  #units = 0
  /** The run that is being written; its failure is thrown by the next call that needs it. */
  #flushing: Promise<void> | undefined
  /** What {@link SpikeSpool.sealed} has made, until it is kept. */
  #trains: SpooledTrains | undefined
  #sliceEnd = performance.now() + SLICE_MS

  /** @throws Error with `ERR_MEMORY_ALLOCATION_FAILED` where there is not as much memory */
  constructor(settings: SpoolSettings, signal: AbortSignal | undefined) {
    const { N, folder, maxMemory, window, values = [] } = settings
    this.#settings = settings
    this.#signal = signal
    const types = values.map(({ type }) => new type(0))
    const runSpikes = Math.min(Math.floor(maxMemory / bytesASpike(types)), MOST_RUN_SPIKES)
    try {
      this.#native = new addon.SpikeSpool(folder, folder, runSpikes, N ?? MAX_UNITS, window, types)
    } catch (error) {
      throw outOfMemory(error)
    }
  }

  /** How many spikes it has taken. */
  get spikeCount(): number {
    return this.#native.spikeCount
  }

  /** The values that come with each spike. */
  get values(): readonly ValueColumn[] {
    return this.#settings.values ?? []
  }

  /**
   * Takes a batch, which may be changed once the promise has resolved. Waits for the disk while memory is full.
   *
   * @throws TypeError, RangeError for anything but a batch, for a number that is no unit, for a time that is not finite or outside the
   *   window, and for values that are not one of the declared type for each spike
   * @throws Error with the file system's `code`
   */
  async add(batch: unknown): Promise<void> {
    const name = `batch ${this.#batches++}`
    const { units, unit, times, values: given } = optionsFrom<Partial<SpikeBatch> | Partial<UnitBatch>>(batch, BATCH, name)
    if (isMissing(units) === isMissing(unit)) throw invalidValue('either units or unit', name, batch)
    const count = countOf(times as Numbers, `times of ${name}`)
    const source = isMissing(units) ? this.#oneUnit(unit, name) : await this.#typed(unitsFor(units, count, name), `units of ${name}`)
    const inMs = await this.#float64(times as Numbers, `times of ${name}`)
    const values = await inSlices(batchValues(given, this.values, count, name), this.#signal)
    const taken = await this.#append(source, inMs, count, values)
    if (taken < count) throw this.#refusal(this.#native.problem(), taken, times as Numbers, name)
  }

  /**
   * Takes spikes of a file: the first `times.length` numbers of `units`, or spikes of one unit. All may be changed once the promise has
   * resolved.
   *
   * @param values - of each column, of its type
   * @returns the first spike that cannot be taken, by its place among these, and why; undefined where all were taken
   */
  async addTimes(
    units: NumericArray | number,
    times: Float64Array,
    values: readonly NumericArray[] = [],
  ): Promise<{ at: number; problem: SpikeProblem } | undefined> {
    const at = await this.#append(units, times, times.length, values)
    const problem = this.#native.problem()
    return problem && { at, problem }
  }

  /**
   * Makes the spike trains of all spikes.
   *
   * @param into - where they go
   * @throws Error with the file system's `code`
   */
  async seal(into: SpooledTrains, window: RecordingWindow, onProgress?: OnProgress): Promise<SealReport> {
    await this.#flushing
    return runJob((report) => this.#native.seal(into.native, window, this.#settings.N ?? this.#units, report), this.#signal, onProgress)
  }

  /**
   * The spike trains of all spikes, in no window. They are freed with the spool unless they are kept.
   *
   * @throws Error with the file system's `code`
   */
  async sealed(): Promise<SpooledTrains> {
    const trains = spooledTrains(this.values)
    this.#trains = trains
    await this.seal(trains, { startTime: 0 })
    return trains
  }

  /** Leaves the spike trains to others. */
  keep(): void {
    this.#trains = undefined
  }

  /** Frees its files and its memory, unless they have become spike trains of others. */
  async close(): Promise<void> {
    await this.#flushing?.catch(() => {})
    await this.#trains?.lifetime.close()
    await runJob(() => this.#native.close(), undefined)
  }

  /** Copies spikes up to one that cannot be taken; returns how many were. */
  async #append(units: NumericArray | number, times: Float64Array, count: number, values: readonly NumericArray[]): Promise<number> {
    for (let from = 0; from < count; ) {
      const to = Math.min(from + PIECE, count)
      from += this.#native.append(units, times, from, to, values)
      if (this.#native.isFull) await this.#flush()
      else if (from < to) return from
      await this.#breathe()
    }
    return count
  }

  async #flush(): Promise<void> {
    await this.#flushing
    this.#flushing = runJob(() => this.#native.flush(), this.#signal)
    // It is waited for, but perhaps later than it fails.
    this.#flushing.catch(() => {})
  }

  /** Leaves the event loop free once in a while, however fast batches come. */
  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return
    await inSlices(oneTurn(), this.#signal)
    this.#sliceEnd = performance.now() + SLICE_MS
  }

  /** The unit of a batch that has but one. */
  #oneUnit(unit: unknown, name: string): number {
    const { N } = this.#settings
    if (typeof unit !== 'number') throw invalidType('a unit number', `unit of ${name}`, unit)
    if (!(Number.isInteger(unit) && unit >= 0 && unit < (N ?? MAX_UNITS))) {
      throw invalidValue(N === undefined ? `a unit number from 0 to ${MAX_UNITS - 1}` : unitNumber(N), `unit of ${name}`, unit)
    }
    this.#units = Math.max(this.#units, unit + 1)
    return unit
  }

  /** Numbers that native code can read. */
  async #typed(numbers: Numbers, name: string): Promise<NumericArray> {
    return isNumericArray(numbers) ? numbers : inSlices(float64Copy(numbers, name), this.#signal)
  }

  async #float64(numbers: Numbers, name: string): Promise<Float64Array> {
    if (isNumericArray(numbers) && dtypeOf(numbers) === '<f8') return numbers as Float64Array
    return inSlices(float64Copy(numbers, name), this.#signal)
  }

  /** Why spike number `at` of a batch was not taken. */
  #refusal(problem: SpikeProblem | undefined, at: number, times: Numbers, name: string): Error {
    if (!problem) return invalidValue('an array that does not become shorter while it is read', `times of ${name}`, times)
    const { kind, unit, value } = problem
    const { N, window = { startTime: 0 } } = this.#settings
    if (kind === 'unit') {
      const expected = N === undefined && unit >= MAX_UNITS ? `unit numbers from 0 to ${MAX_UNITS - 1}` : unitNumber(N)
      return invalidValue(expected, `entry ${at} of units of ${name}`, unit)
    }
    return timeError({ kind, unit, value }, window, `unit ${unit}, entry ${at} of ${name},`)
  }
}

function bytesASpike(types: readonly NumericArray[]): number {
  if (types.length === 0) return BYTES_A_SPIKE
  return BYTES_WITH_VALUES + BUFFERS * types.reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0)
}

function* oneTurn(): Steps<void> {
  yield
}

function unitsFor(units: Numbers, count: number, name: string): Numbers {
  const length = countOf(units, `units of ${name}`)
  if (length !== count) throw invalidValue(`${length}, the length of units,`, `times.length of ${name}`, count)
  return units
}
