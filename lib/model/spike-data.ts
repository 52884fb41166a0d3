import type { NativeSpikeTrains } from '../engine/native.js'
import { addon } from '../engine/native.js'
import { invalidType, invalidValue } from '../errors.js'
import { copyOf, zeros } from '../memory/allocation.js'
import { isFixed, pinOwn, requireAttached } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { float64, float64Copy } from '../memory/float64.js'
import { NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { isNumericArray, lengthOf } from '../memory/typed-arrays.js'
import { checkedNumber, isMissing, positiveNumber } from '../options/checks.js'
import type { Metadata, NeuronAttributes } from '../recording/attributes.js'
import { electrodesOf, unitLocationsOf } from '../recording/positions.js'
import { sampleTimes } from '../recording/raw-recording.js'
import type { Draft, SpikeDataOptions } from '../recording/spike-data-builder.js'
import { draft, MAX_UNITS, Recording, seal, sealAsync, spikeDataOptions, unitCountFor } from '../recording/spike-data-builder.js'
import { endCounts, flatTrains, listedTrains } from '../recording/spike-trains.js'
import { rasterBins } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce, inSlices } from '../steps.js'

/** The most elements that an array can have in every version of Node. */
const MAX_RASTER_SIZE = 2 ** 32

/** Checks the brand of a {@link SpikeData}, a private field: rejects proxies and look-alikes. */
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
    const recording = train instanceof Recording ? train : seal(atOnce(listedDraft(train, options)))
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
   * The same as the constructor without holding up the event loop: input is converted in slices of a few ms, and checked and
   * sorted on the addon's threads. Leave the arrays alone until the promise resolves.
   */
  static async create(train: readonly Numbers[], options?: SpikeDataOptions): Promise<SpikeData> {
    return new SpikeData(await sealAsync(await inSlices(listedDraft(train, options))))
  }

  /**
   * A recording from one array with the times of all units, unit by unit, as the ragged HDF5 style stores them.
   *
   * @param times - the spike times of all units in ms, unit by unit; a Float64Array is used without a copy
   * @param index - cumulative end counts, one for each unit: unit *u* has the times from `index[u - 1]` to `index[u] - 1`
   * @throws TypeError, RangeError as the constructor does, and RangeError for an index that falls or does not end with the
   *   number of times
   */
  static fromFlat(times: Numbers, index: Numbers, options?: SpikeDataOptions): SpikeData {
    const given = spikeDataOptions(options)
    const flat = atOnce(float64(times, 'times'))
    const ends = endCounts(index, lengthOf(flat))
    return new SpikeData(seal(atOnce(flatDraft(flat, ends, flat !== times, given))))
  }

  /**
   * A recording from parallel arrays of unit numbers and spike times, in any order.
   *
   * @param idces - the unit of each spike, from 0 to `N - 1`
   * @param times - the time of each spike in ms
   * @param options - `N` defaults to the highest unit number plus 1. Without spikes, `length` defaults to 0
   * @throws TypeError, RangeError as the constructor does, and RangeError for arrays of different lengths or a unit number
   *   that is negative, fractional or not below `N`
   */
  static fromIdcesTimes(idces: Numbers, times: Numbers, options?: SpikeDataOptions): SpikeData {
    const given = spikeDataOptions(options)
    // Native code reads the unit numbers twice, so no other thread may write to them.
    const units = isNumericArray(idces) && isFixed(idces) ? idces : atOnce(float64Copy(idces, 'idces'))
    requireAttached(units, 'idces')
    const values = atOnce(float64(times, 'times'))
    const [length, timeCount] = [lengthOf(units), lengthOf(values)]
    if (timeCount !== length) throw invalidValue(`${length}, the length of idces,`, 'times.length', timeCount)

    const unitCount = unitCountFor(0, given.N ?? highestUnit(units) + 1)
    const { times: flat, ends, problem } = addon.splitByUnit(units, values, unitCount)
    if (problem !== undefined) throw invalidValue(unitNumber(given.N), `entry ${problem} of idces`, units[problem])
    return new SpikeData(seal(atOnce(flatDraft(pinOwn(flat), ends, true, given))))
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
    const counts = zeros(BigInt64Array, this.N * bins)
    addon.fillRaster({ kind: 'raster', trains: this.nativeTrains, startTime, binSizeMs, bins }, counts)
    return new NDArray(counts, [this.N, bins])
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

function listedDraft(train: readonly Numbers[], options: SpikeDataOptions | undefined): Steps<Draft> {
  const given = spikeDataOptions(options)
  if (!Array.isArray(train)) throw invalidType('an array with the spike times of each unit', 'train', train)
  const { length } = train
  // A copy of an array of holes takes memory for every one of them.
  if (length > MAX_UNITS) throw invalidValue(`at most ${MAX_UNITS} units`, 'train.length', length)
  return draft(length, given, listedTrains(copyOf(train, length)))
}

function flatDraft(times: Float64Array, ends: BigInt64Array, isOwn: boolean, options: SpikeDataOptions): Steps<Draft> {
  return draft(ends.length, options, flatTrains(times, ends, isOwn))
}

/** The highest unit number, -1 without any. Entries that are no unit numbers are told apart later. */
function highestUnit(idces: NumericArray): number {
  let highest = -1
  const count = lengthOf(idces)
  for (let i = 0; i < count; i++) {
    const unit = idces[i] as number | bigint
    if (unit > highest) highest = Math.floor(Number(unit))
  }
  if (highest >= MAX_UNITS) throw invalidValue(`unit numbers from 0 to ${MAX_UNITS - 1}`, 'idces', highest)
  return highest
}

/** What an entry of `idces` must be. */
function unitNumber(N: number | null | undefined): string {
  if (isMissing(N)) return 'a whole unit number of 0 or more'
  return N === 0 ? 'no entry, as N is 0,' : `a whole unit number from 0 to ${N - 1}, as N is ${N},`
}
