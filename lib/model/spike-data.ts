import type { NativeSpikeTrains, SplitSpikes } from '../engine/native.js'
import { addon } from '../engine/native.js'
import type { RasterSource } from '../engine/plan/sources.js'
import { runJob } from '../engine/run-job.js'
import { invalidType, invalidValue } from '../errors.js'
import { copyOf, zeros } from '../memory/allocation.js'
import { isFixed, pinOwn, requireAttached } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { float64, float64Copy } from '../memory/float64.js'
import { NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { isNumericArray, lengthOf } from '../memory/typed-arrays.js'
import type { OptionNames } from '../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, positiveNumber, refuseOptions } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import type { Metadata, NeuronAttributes } from '../recording/attributes.js'
import { electrodesOf, unitLocationsOf } from '../recording/positions.js'
import { sampleTimes } from '../recording/raw-recording.js'
import type { CreateCallbacks, CreateOptions, Draft, SpikeDataOptions } from '../recording/spike-data-builder.js'
import {
  createOptions,
  draft,
  FEW,
  MAX_UNITS,
  Recording,
  seal,
  sealAsync,
  spikeDataOptions,
  unitCountFor,
} from '../recording/spike-data-builder.js'
import { endCounts, flatTrains, listedTrains } from '../recording/spike-trains.js'
import { rasterBins } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce, inSlices } from '../steps.js'

/** The most elements that an array can have in every version of Node. */
const MAX_RASTER_SIZE = 2 ** 32

/** The times of all units in ms, one unit after the other, and cumulative end counts, one a unit. */
export interface FlatSpikes {
  /** The spike times of all units in ms, unit by unit; a Float64Array is used without a copy. */
  flat: Numbers
  /** Unit *u* has the times from `index[u - 1]` to `index[u] - 1`. */
  index: Numbers
  /** Only without `flat`. */
  idces?: undefined
  /** Only without `flat`. */
  times?: undefined
}

/** The unit number and the time of each spike, in any order. */
export interface PairedSpikes {
  /** The unit of each spike, from 0 to `N - 1`. */
  idces: Numbers
  /** The time of each spike in ms. */
  times: Numbers
  /** Only without `idces`. */
  flat?: undefined
  /** Only without `idces`. */
  index?: undefined
}

/** The spikes of a recording: one array of times in ms for each unit, or arrays of all units. */
export type SpikeSource = readonly Numbers[] | FlatSpikes | PairedSpikes

type SpikeArrays = Partial<FlatSpikes> | Partial<PairedSpikes>

const SPIKE_ARRAYS: OptionNames<SpikeArrays> = { flat: true, index: true, idces: true, times: true }

/** Whether a value is a {@link SpikeData}, and does not only look like one. */
export let isSpikeData: (value: unknown) => value is SpikeData

/**
 * A spike-sorted recording: the spike times of every unit in ms, and what is known about units and recording.
 *
 * All times are finite and within `[startTime, startTime + length]`; violations throw at construction, with the unit's number
 * and the value. The arrays the recording is made of are used where they are: do not change them while it is in use. Their
 * buffers can no longer be transferred to another thread. The recording itself is frozen, because native code relies on it;
 * so subclasses cannot have fields, only private ones. `create`, `fromFlat` and `fromIdcesTimes` make a plain SpikeData, also
 * when called on a subclass.
 */
export class SpikeData {
  /** The number of units. */
  readonly N: number
  /** The length of the recording in ms. */
  readonly length: number
  /** Where the recording starts in ms; below 0 for data centred on an event. */
  readonly startTime: number
  /** One object for each unit, or null. */
  readonly neuronAttributes: readonly NeuronAttributes[] | null
  /** Anything else about the recording. */
  readonly metadata: Metadata
  /** Raw samples, channels × samples; 0 × 0 where none were given. */
  readonly rawData: NDArray
  /** The sampling rate `rawTime` was given as, in kHz, or null. */
  readonly rawTimeRateKHz: number | null

  readonly #recording: Recording
  readonly #spikeCount: number
  #train: readonly Float64Array[] | undefined
  #rawTime: NumericArray | undefined
  static {
    isSpikeData = (value): value is SpikeData => #recording in Object(value)
  }

  /**
   * Checks and, where needed, sorts the times before it returns: linear in the spikes. {@link SpikeData.create} leaves the
   * event loop free meanwhile.
   *
   * @param train - one array of spike times in ms for each unit. A Float64Array is used without a copy when its times are in
   *   order; any other array of numbers is converted. Times that are not in order are sorted in a copy, and those on buffers
   *   that are shared, resizable, frozen or memory of WebAssembly are copied: the caller's arrays never change.
   * @throws TypeError for values of the wrong type; for a time that is no number it names unit and entry
   * @throws RangeError for an unknown option, times outside the window, an `N` below the number of trains, attributes or raw times of the
   *   wrong number, raw data without raw time or the reverse, and arrays whose buffer was transferred
   */
  constructor(train: readonly Numbers[], options?: SpikeDataOptions)
  /** @internal */
  constructor(recording: Recording)
  constructor(train: readonly Numbers[] | Recording, options?: SpikeDataOptions) {
    const recording = train instanceof Recording ? train : seal(atOnce(listedDraft(train, spikeDataOptions(options))))
    const { native } = recording.trains
    const { startTime, neuronAttributes, metadata, raw } = recording.options
    this.#recording = recording
    this.#spikeCount = native.spikeCount
    this.N = native.unitCount
    this.length = recording.length
    this.startTime = startTime
    this.neuronAttributes = neuronAttributes
    this.metadata = metadata
    this.rawData = raw.data
    this.rawTimeRateKHz = 'rateKHz' in raw ? raw.rateKHz : null
    Object.freeze(this)
  }

  /**
   * The same as the constructor, {@link SpikeData.fromFlat} or {@link SpikeData.fromIdcesTimes} without holding up the event loop: input
   * is converted in slices of about a millisecond, and split, checked and sorted on the addon's threads. Leave the arrays alone until the
   * promise settles; their buffers can no longer be transferred.
   *
   * @param spikes - one array of spike times in ms for each unit; `{ flat, index }`, the times of all units one after the other with
   *   cumulative end counts, one a unit; or `{ idces, times }`, the unit number and the time in ms of each spike, in any order
   * @param options - those of the constructor; `signal`, and `onProgress`, which is called with `{ spikesDone, spikesTotal }`
   * @throws what the constructor, `fromFlat` or `fromIdcesTimes` throws; the signal's reason; what `onProgress` throws
   * @example
   * ```js
   * const sd = await SpikeData.create({ idces: [1, 0, 1], times: [12.5, 3, 40.25] }, { signal: AbortSignal.timeout(5000) })
   * console.log(sd.N, sd.spikeCount) // 2 3
   * ```
   */
  static async create(spikes: SpikeSource, options?: CreateOptions): Promise<SpikeData> {
    const { signal, onProgress, ...given } = createOptions(options)
    signal?.throwIfAborted()
    const draft = await draftFrom(spikes, given, signal)
    const report = onProgress && ((done: number, total: number) => onProgress({ spikesDone: done, spikesTotal: total }))
    const recording = await sealAsync(draft, signal, report && ((done, total) => done < total && report(done, total)))
    const { spikeCount } = recording.trains.native
    report?.(spikeCount, spikeCount)
    return new SpikeData(recording)
  }

  /**
   * A recording whose units lie one after the other in one array, as the ragged HDF5 style stores them. Linear in the spikes;
   * {@link SpikeData.create} takes `{ flat, index }` and leaves the event loop free.
   *
   * @param times - the spike times of all units in ms, unit by unit; a Float64Array is used without a copy
   * @param index - cumulative end counts, one for each unit: unit *u* has the times from `index[u - 1]` to `index[u] - 1`
   * @throws TypeError, RangeError as the constructor does, and RangeError for an index that falls or does not end with the
   *   number of times
   */
  static fromFlat(times: Numbers, index: Numbers, options?: SpikeDataOptions): SpikeData {
    return new SpikeData(seal(atOnce(flatDraft(times, index, spikeDataOptions(options), 'times'))))
  }

  /**
   * A recording from parallel arrays of unit numbers and spike times, in any order. Linear in the spikes; {@link SpikeData.create} takes
   * `{ idces, times }` and leaves the event loop free.
   *
   * @param idces - the unit of each spike, from 0 to `N - 1`
   * @param times - the time of each spike in ms
   * @param options - `N` defaults to the highest unit number plus 1. Without spikes, `length` defaults to 0
   * @throws TypeError, RangeError as the constructor does, and RangeError for arrays of different lengths or a unit number
   *   that is negative, fractional or not below `N`
   */
  static fromIdcesTimes(idces: Numbers, times: Numbers, options?: SpikeDataOptions): SpikeData {
    const given = spikeDataOptions(options)
    const spikes = atOnce(pairedSpikes(idces, times))
    const split = addon.splitByUnit(spikes.units, spikes.times, unitsFor(given), MAX_UNITS)
    return new SpikeData(seal(atOnce(splitDraft(split, spikes.units, given))))
  }

  /** The spike times of each unit in ms, in order. */
  get train(): readonly Float64Array[] {
    return (this.#train ??= Object.freeze(this.#paddedTrain()))
  }

  /** The number of spikes of all units. */
  get spikeCount(): number {
    return this.#spikeCount
  }

  /**
   * The time of each raw sample in ms, with the dtype it was given in. Where `rawTime` was given as a sampling rate it is `i / rate` as
   * float64, made when first asked for.
   */
  get rawTime(): NumericArray {
    return (this.#rawTime ??= sampleTimes(this.#recording.options.raw))
  }

  /**
   * The electrode of each unit: its `electrode`, `channel` or `ch`. Null without units, or when a unit has none of them.
   *
   * A BigInt64Array when all are whole numbers, otherwise a Float64Array.
   *
   * @throws TypeError for an electrode that is no number
   */
  get electrodes(): BigInt64Array | Float64Array | null {
    return atOnce(electrodesOf(this.neuronAttributes))
  }

  /**
   * The location of each unit, units × dimensions: its `location`, or `x`, `y` (and `z`), or `position`. Null without units,
   * or when a unit has none of them.
   *
   * @throws TypeError for a location that is no array of numbers
   * @throws RangeError for units with different numbers of coordinates
   */
  get unitLocations(): NDArray<Float64Array> | null {
    return atOnce(unitLocationsOf(this.neuronAttributes))
  }

  /** @internal The number of spikes of each unit, without the arrays that {@link SpikeData.train} keeps. */
  spikeCounts(): Steps<Float64Array> {
    return this.#recording.trains.counts()
  }

  /** @internal The trains as native code sees them, for the columns of an export. */
  get nativeTrains(): NativeSpikeTrains {
    return this.#recording.trains.native
  }

  /**
   * How often each unit fired in each bin, units × bins, as a dense array.
   *
   * Bin *j* holds the times *t* with `j·bin < t − startTime + timeOffset ≤ (j + 1)·bin`; times outside all bins count in the
   * first or last one, as a spike at `startTime` does.
   *
   * @param binSizeMs - the width of a bin in ms
   * @param timeOffset - ms added to every time, which also makes the raster that much longer
   * @throws TypeError for values that are no numbers
   * @throws RangeError for a bin size that is not finite and above 0, an offset that is not finite or below `-length`, or no bin
   *   to put the spikes in; for a bin size that makes more than 2³² counts
   * @throws Error with `ERR_MEMORY_ALLOCATION_FAILED` without memory for fewer
   */
  raster(binSizeMs = 1, timeOffset = 0): NDArray<BigInt64Array> {
    const { source, counts } = this.#emptyRaster(binSizeMs, timeOffset)
    addon.fillRaster(source, counts.data)
    return counts
  }

  /**
   * The same as {@link SpikeData.raster} without holding up the event loop: the addon's threads count.
   *
   * @param options - `signal` stops the call: the promise rejects with its reason
   * @throws what `raster` throws, or the signal's reason
   * @example
   * ```js
   * const { data, shape } = await sd.rasterAsync(5)
   * ```
   */
  async rasterAsync(binSizeMs = 1, timeOffset = 0, options?: Pick<CreateCallbacks, 'signal'>): Promise<NDArray<BigInt64Array>> {
    const { signal } = optionsFrom<Pick<CreateCallbacks, 'signal'>>(options, { signal: true })
    checkCallbacks({ signal })
    signal?.throwIfAborted()
    const { source, counts } = this.#emptyRaster(binSizeMs, timeOffset)
    if (counts.size + this.spikeCount <= FEW) addon.fillRaster(source, counts.data)
    else await runJob(() => addon.fillRasterAsync(source, pinOwn(counts.data)), signal)
    return counts
  }

  #emptyRaster(binSizeMs: number, timeOffset: number): { source: RasterSource; counts: NDArray<BigInt64Array> } {
    positiveNumber(binSizeMs, 'binSizeMs', 'a width in ms')
    const offset = `a finite time in ms of at least ${-this.length} (-length)`
    checkedNumber(timeOffset, 'timeOffset', offset, (ms) => ms >= -this.length && ms < Infinity)
    const bins = rasterBins(this.length + timeOffset, binSizeMs)
    if (bins === 0 && this.spikeCount > 0) {
      throw invalidValue('more than 0 ms, as there are spikes,', 'length + timeOffset', this.length + timeOffset)
    }
    // Not with `>`: infinitely many bins come out as NaN.
    if (!(Math.max(1, this.N) * bins <= MAX_RASTER_SIZE)) {
      throw invalidValue(`a width that makes at most ${MAX_RASTER_SIZE} counts in all`, 'binSizeMs', binSizeMs)
    }
    const startTime = this.startTime - timeOffset
    const source = { kind: 'raster', trains: this.nativeTrains, startTime, binSizeMs, bins } as const
    return { source, counts: new NDArray(zeros(BigInt64Array, this.N * bins), [this.N, bins]) }
  }

  #paddedTrain(): Float64Array[] {
    const arrays = this.#recording.trains.arrays()
    while (arrays.length < this.N) arrays.push(new Float64Array(0))
    return arrays
  }
}

/**
 * Checks an argument that must be a SpikeData.
 *
 * @throws TypeError for anything else
 */
export function requireSpikeData(value: unknown, name: string): asserts value is SpikeData {
  if (!isSpikeData(value)) throw invalidType('a SpikeData', name, value)
}

/** The input of a recording that is made off the JS thread. */
async function draftFrom(spikes: SpikeSource, given: SpikeDataOptions, signal: AbortSignal | undefined): Promise<Draft> {
  if (Array.isArray(spikes)) return inSlices(listedDraft(spikes, given), signal)
  const { flat, index, idces, times } = spikeArrays(spikes)
  if (idces === undefined && times === undefined) return inSlices(flatDraft(flat as Numbers, index as Numbers, given, 'flat'), signal)
  const paired = await inSlices(pairedSpikes(idces as Numbers, times as Numbers), signal)
  const units = pinOwn(paired.units)
  const splitting = runJob(() => addon.splitByUnitAsync(units, paired.times, unitsFor(given), MAX_UNITS), signal)
  return inSlices(splitDraft(await splitting, units, given), signal)
}

function spikeArrays(spikes: unknown): SpikeArrays {
  if (Object.prototype.toString.call(spikes) !== '[object Object]') {
    throw invalidType('an array with the spike times of each unit, { flat, index } or { idces, times }', 'train', spikes)
  }
  const arrays = optionsFrom<SpikeArrays>(spikes, SPIKE_ARRAYS, 'train')
  if (arrays.flat !== undefined || arrays.index !== undefined) {
    refuseOptions(arrays, ['idces', 'times'], 'as train is { flat, index }')
  }
  return arrays
}

function listedDraft(train: readonly Numbers[], given: SpikeDataOptions): Steps<Draft> {
  if (!Array.isArray(train)) throw invalidType('an array with the spike times of each unit', 'train', train)
  const { length } = train
  // A copy of an array of holes takes memory for every one of them.
  if (length > MAX_UNITS) throw invalidValue(`at most ${MAX_UNITS} units`, 'train.length', length)
  return draft(length, given, listedTrains(copyOf(train, length)))
}

/** @param name - what errors call the times */
function* flatDraft(times: Numbers, index: Numbers, given: SpikeDataOptions, name: string): Steps<Draft> {
  const flat = yield* float64(times, name)
  const ends = yield* endCounts(index, lengthOf(flat))
  return yield* draft(ends.length, given, flatTrains(flat, ends, flat !== times))
}

/** Unit numbers and times as native code reads them. */
function* pairedSpikes(idces: Numbers, times: Numbers): Steps<{ units: NumericArray; times: Float64Array }> {
  // Native code reads the unit numbers more than once, so no other thread may write to them.
  const units = isNumericArray(idces) && isFixed(idces) ? idces : yield* float64Copy(idces, 'idces')
  requireAttached(units, 'idces')
  const values = yield* float64(times, 'times')
  const [length, timeCount] = [lengthOf(units), lengthOf(values)]
  if (timeCount !== length) throw invalidValue(`${length}, the length of idces,`, 'times.length', timeCount)
  return { units, times: values }
}

/** The number of units that the options ask for, if they do. */
function unitsFor({ N }: SpikeDataOptions): number | undefined {
  return isMissing(N) ? undefined : unitCountFor(0, N)
}

function splitDraft(split: SplitSpikes, units: NumericArray, given: SpikeDataOptions): Steps<Draft> {
  if (split.tooHigh !== undefined) throw invalidValue(`unit numbers from 0 to ${MAX_UNITS - 1}`, 'idces', split.tooHigh)
  if (split.problem !== undefined) throw invalidValue(unitNumber(given.N), `entry ${split.problem} of idces`, units[split.problem])
  return draft(split.ends.length, given, flatTrains(pinOwn(split.times), split.ends, true))
}

/** What an entry of `idces` must be. */
function unitNumber(N: number | null | undefined): string {
  if (isMissing(N)) return 'a whole unit number of 0 or more'
  return N === 0 ? 'no entry, as N is 0,' : `a whole unit number from 0 to ${N - 1}, as N is ${N},`
}
