/// <reference lib="esnext.disposable" preserve="true" />

import { addon } from '../engine/native.js'
import type { NativeSpikeTrains } from '../engine/native-spike-trains.js'
import type { RasterSource } from '../engine/plan/sources.js'
import { runJob } from '../engine/run-job.js'
import { invalidState, invalidType, invalidValue, quoted } from '../errors.js'
import { unset, zeros } from '../memory/allocation.js'
import { pinOwn } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { checkedNumber, optionsFrom, positiveNumber, wholeNumber } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import type { Metadata, NeuronAttributes } from '../recording/attributes.js'
import { electrodesOf, unitLocationsOf } from '../recording/positions.js'
import type { RawData } from '../recording/raw-recording.js'
import { sampleTimes } from '../recording/raw-recording.js'
import type { BatchesOptions, SpikeBatches } from '../recording/spike-batches.js'
import { batchesOptions, recordingFromBatches } from '../recording/spike-batches.js'
import type { CreateCallbacks, CreateOptions, SpikeDataOptions } from '../recording/spike-data-builder.js'
import { createOptions, FEW, Recording, seal, sealAsync, spikeDataOptions } from '../recording/spike-data-builder.js'
import type { SpikeSource } from '../recording/spike-sources.js'
import { draftFrom, flatDraft, listedDraft, pairedDraft } from '../recording/spike-sources.js'
import type { SpikeValues, ValueColumn } from '../recording/spike-values.js'
import { rasterBins } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { atOnce } from '../steps.js'
import { writableFolder } from '../storage/local.js'

/** The most elements that an array can have in every version of Node. */
const MAX_RASTER_SIZE = 2 ** 32

/** Checks the brand of a {@link SpikeData}, a private field: rejects proxies and look-alikes. */
export let isSpikeData: (value: unknown) => value is SpikeData

/**
 * A spike-sorted recording, SpikeLab's `SpikeData`: spike times of every unit in ms, attributes of the units, metadata and raw data.
 *
 * All times are finite and within `[startTime, startTime + length]`. A time that is not makes the constructor throw an error with the
 * unit's number and the value.
 *
 * The recording refers to the caller's arrays: do not change them while it is in use. Their buffers can no longer be transferred to another
 * thread. The recording is frozen, because native code relies on it: subclasses can have private fields only. `create`, `fromFlat` and
 * `fromIdcesTimes` return a plain SpikeData, also when called on a subclass.
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
  /** Raw samples, channels × samples: an array, a file, or a stream that one export reads; 0 × 0 where none were given. */
  readonly rawData: RawData
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
   * Creates a recording from one array of spike times for each unit. The times are checked and, where needed, sorted before the
   * constructor returns: linear in the spikes. {@link SpikeData.create} does so without blocking the event loop.
   *
   * @param train - one array of spike times in ms for each unit. A Float64Array is used without a copy when its times are in
   *   order; any other array of numbers is converted. Times that are not in order are sorted in a copy, and those on buffers
   *   that are shared, resizable, frozen or memory of WebAssembly are copied: the caller's arrays never change.
   * @throws TypeError for values of the wrong type; for a time that is no number, the message names unit and entry
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
   * Creates a recording as the constructor, {@link SpikeData.fromFlat} or {@link SpikeData.fromIdcesTimes} do, without blocking the event
   * loop: input is converted in slices of about a millisecond, and split, checked and sorted on the addon's threads. Do not change the
   * arrays until the promise settles; their buffers can no longer be transferred.
   *
   * @param spikes - one array of spike times in ms for each unit; `{ flat, index }`, the times of all units one after the other with
   *   cumulative end counts, one a unit; or `{ idces, times }`, the unit number and the time in ms of each spike, in any order
   * @param options - those of the constructor; `signal`; and `onProgress`, which is called with `{ spikesDone, spikesTotal }`
   * @returns a promise of the recording
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
    signal?.throwIfAborted()
    const report = onProgress && ((done: number, total: number) => onProgress({ spikesDone: done, spikesTotal: total }))
    const recording = await sealAsync(draft, signal, report && ((done, total) => done < total && report(done, total)))
    signal?.throwIfAborted()
    const { spikeCount } = recording.trains.native
    report?.(spikeCount, spikeCount)
    return new SpikeData(recording)
  }

  /**
   * Creates a recording from one array with the spike times of all units, as the ragged HDF5 style stores them. Linear in the spikes;
   * {@link SpikeData.create} takes `{ flat, index }` and does not block the event loop.
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
   * Creates a recording from parallel arrays of unit numbers and spike times, in any order. Linear in the spikes; {@link SpikeData.create}
   * takes `{ idces, times }` and does not block the event loop.
   *
   * @param idces - the unit of each spike, from 0 to `N - 1`
   * @param times - the time of each spike in ms
   * @param options - `N` defaults to the highest unit number plus 1. Without spikes, `length` defaults to 0
   * @throws TypeError, RangeError as the constructor does, and RangeError for arrays of different lengths or a unit number
   *   that is negative, fractional or not below `N`
   */
  static fromIdcesTimes(idces: Numbers, times: Numbers, options?: SpikeDataOptions): SpikeData {
    return new SpikeData(seal(pairedDraft(idces, times, spikeDataOptions(options))))
  }

  /**
   * Creates a recording whose spikes come in batches, in any order, and stay on the disk: memory is bounded however many there are. The
   * recording is like any other, and exports of it are the same bytes; only {@link SpikeData.train} and {@link SpikeData.raster} need spikes
   * in memory, in place of which it has {@link SpikeData.loadTrain} and {@link SpikeData.rasterAsync}.
   *
   * Each batch is copied before the next one is asked for, so a source may fill the same arrays again; it waits while the disk does. The
   * disk's files have no path: nothing remains of them however the process ends. {@link SpikeData.close} frees them, as `using` and garbage
   * collection do.
   *
   * With `spikeValues`, spikes have values besides their times, such as amplitudes, which stay on the disk and are sorted with them:
   * {@link SpikeData.spikeValues}.
   *
   * @param batches - an iterable or async iterable of `{ units, times }`, the unit number and the time in ms of each spike, or of
   *   `{ unit, times }`, times of one unit; with `spikeValues` each has `values`, an object with an array for each name
   * @param options - those of the constructor, {@link SpoolOptions} and {@link SpikeValueOptions}. `N` defaults to the highest unit number plus 1, also
   *   of a unit without spikes that comes as `{ unit, times: [] }`
   * @returns a promise of the recording
   * @throws TypeError, RangeError as the constructor does; for a batch that is none, for a unit number that is negative, fractional or
   *   not below `N`, and for values that are not one of their dtype for each spike, naming batch and entry
   * @throws Error with the file system's `code`, as `ENOSPC`; what the source throws; the signal's reason; what `onProgress` throws
   * @example
   * ```js
   * async function* batches() {
   *   for await (const { cluster, time } of sorter) yield { units: cluster, times: time }
   * }
   * await using sd = await SpikeData.fromBatches(batches(), { length: 3_600_000, spoolFolder: '/scratch' })
   * await exportSpikeDataToNwb(sd, 'sorted.nwb')
   * ```
   */
  static async fromBatches(batches: SpikeBatches, options?: BatchesOptions): Promise<SpikeData> {
    const given = batchesOptions(options)
    given.signal?.throwIfAborted()
    return new SpikeData(await recordingFromBatches(batches, { ...given, spoolFolder: writableFolder(given.spoolFolder) }))
  }

  /** Whether the spikes are on the disk, not in memory: in a spool, or in the file that they were loaded from. */
  get isSpooled(): boolean {
    return this.#recording.trains.lifetime !== undefined
  }

  /**
   * Reads the spike times of one unit in ms, in order. Of a recording in memory it is `train[unit]` itself.
   *
   * @param unit - the number of the unit, from 0 to `N - 1`
   * @param options - `signal` stops the call: the promise rejects with its reason
   * @throws TypeError, RangeError for what is no unit
   * @throws Error with `ERR_INVALID_STATE` where the recording was closed, or with the file system's `code`
   * @throws FormatError where the spikes are in the file that they were loaded from, and that was changed since
   */
  async loadTrain(unit: number, options?: Pick<CreateCallbacks, 'signal'>): Promise<Float64Array> {
    const { signal } = optionsFrom<Pick<CreateCallbacks, 'signal'>>(options, { signal: true })
    checkCallbacks({ signal })
    this.#requireUnit(unit)
    signal?.throwIfAborted()
    if (!this.isSpooled) return this.train[unit] as Float64Array
    return whileOpen([this], async () => {
      const { native } = this.#recording.trains
      const count = new Float64Array(1)
      native.countSpikes(count, unit)
      const times = unset(Float64Array, count[0] as number)
      if (times.length > 0) await runJob(() => native.readTrain(unit, pinOwn(times)), signal)
      return times
    })
  }

  /**
   * Values that each spike has besides its time, and that are on the disk as the times are, by name: those of {@link SpikeData.fromBatches},
   * and those that a loader leaves there with `lazy`. None of a recording in memory, whose values of spikes are `neuronAttributes`.
   *
   * An export writes them as it writes an attribute with a value for each spike. They follow their spikes where these are sorted; spikes of one
   * time stay in the order they came.
   */
  get spikeValues(): Readonly<Record<string, SpikeValues>> {
    const values = Object.create(null) as Record<string, SpikeValues>
    for (const { name, dtype } of this.valueColumns) values[name] = Object.freeze({ dtype })
    return Object.freeze(values)
  }

  /**
   * Reads the values of one unit's spikes, in the order of its times.
   *
   * @param name - one of the names of {@link SpikeData.spikeValues}
   * @param unit - the number of the unit, from 0 to `N - 1`
   * @param options - `signal` stops the call: the promise rejects with its reason
   * @returns a promise of a typed array of the dtype
   * @throws TypeError, RangeError for what is no such name or no unit
   * @throws what {@link SpikeData.loadTrain} throws
   * @example
   * ```js
   * const amplitudes = await sd.loadSpikeValues('amplitudes', 0) // a Float32Array
   * ```
   */
  async loadSpikeValues(name: string, unit: number, options?: Pick<CreateCallbacks, 'signal'>): Promise<NumericArray> {
    const { signal } = optionsFrom<Pick<CreateCallbacks, 'signal'>>(options, { signal: true })
    checkCallbacks({ signal })
    const names = this.valueColumns.map((column) => column.name)
    const column = names.indexOf(name)
    if (column < 0) {
      const expected = names.length > 0 ? `one of ${names.map(quoted).join(', ')}` : 'a recording with values of spikes on the disk'
      throw invalidValue(expected, 'name', name)
    }
    this.#requireUnit(unit)
    signal?.throwIfAborted()
    return whileOpen([this], async () => {
      const { native } = this.#recording.trains
      const count = new Float64Array(1)
      native.countSpikes(count, unit)
      const values = unset((this.valueColumns[column] as ValueColumn).type, count[0] as number)
      if (values.length > 0) await runJob(() => native.readValues(column, unit, pinOwn(values)), signal)
      return values
    })
  }

  /**
   * Frees the spikes of a recording that are on the disk, and waits for exports and other calls that use them. Others that begin later are
   * errors. It does nothing where spikes are in memory, and may be called again.
   */
  async close(): Promise<void> {
    await this.#recording.trains.lifetime?.close()
  }

  /** The same as {@link SpikeData.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** The same as {@link SpikeData.close} without waiting, for `using`. */
  [Symbol.dispose](): void {
    void this.close()
  }

  /**
   * The spike times of each unit in ms, in order.
   *
   * @throws Error with `ERR_INVALID_STATE` where they are on the disk: {@link SpikeData.loadTrain} reads those of one unit
   */
  get train(): readonly Float64Array[] {
    return (this.#train ??= Object.freeze(this.#paddedTrain()))
  }

  /** The number of spikes of all units. */
  get spikeCount(): number {
    return this.#spikeCount
  }

  /**
   * The time of each raw sample in ms, with the dtype it was given in. Where `rawTime` was given as a sampling rate it is `i / rate` as
   * float64, computed on first use.
   *
   * @throws RangeError where that is the rate of a stream whose length is not known
   */
  get rawTime(): NumericArray {
    return (this.#rawTime ??= sampleTimes(this.#recording.options.raw))
  }

  /**
   * The electrode of each unit: the first of its attributes `electrode`, `channel` and `ch`. A BigInt64Array when all are whole numbers,
   * otherwise a Float64Array. Null without units, or when a unit has none of these attributes.
   *
   * @throws TypeError for an electrode that is no number
   */
  get electrodes(): BigInt64Array | Float64Array | null {
    return atOnce(electrodesOf(this.neuronAttributes))
  }

  /**
   * The location of each unit, units × dimensions: its attribute `location`, or `x`, `y` (and `z`), or `position`. Null without units, or
   * when a unit has none of these attributes.
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

  /** @internal The first unit whose times were not in order as they were given: values of its spikes are in another order. */
  get firstReordered(): number | undefined {
    return this.#recording.firstReordered
  }

  /** @internal The values of {@link SpikeData.spikeValues}, in the order in which native code has them. */
  get valueColumns(): readonly ValueColumn[] {
    return this.#recording.trains.values ?? []
  }

  /** @internal The trains as native code sees them, for the sources of an export. */
  get nativeTrains(): NativeSpikeTrains {
    const { native, lifetime } = this.#recording.trains
    lifetime?.requireThere('sd')
    return native
  }

  /** @internal Keeps spikes on the disk until the function that is returned is called; undefined where they are in memory. */
  keepOpen(): (() => void) | undefined {
    return this.#recording.trains.lifetime?.use('sd')
  }

  /**
   * Counts the spikes of each unit in each bin. Linear in the spikes and the counts; {@link SpikeData.rasterAsync} does not block the event
   * loop.
   *
   * Bin *j* holds the times *t* with `j·bin < t − startTime + timeOffset ≤ (j + 1)·bin`; times outside all bins count in the
   * first or last one, as a spike at `startTime` does.
   *
   * @param binSizeMs - the width of a bin in ms
   * @param timeOffset - ms added to every time, which also makes the raster that much longer
   * @returns the counts, units × bins, int64, dense
   * @throws TypeError for values that are no numbers
   * @throws RangeError for a bin size that is not finite and above 0, an offset that is not finite or below `-length`, or no bin
   *   to put the spikes in; for a bin size that makes more than 2³² counts
   * @throws Error with `ERR_MEMORY_ALLOCATION_FAILED` where memory does not suffice for fewer counts, and with `ERR_INVALID_STATE` where
   *   spikes are on the disk
   */
  raster(binSizeMs = 1, timeOffset = 0): NDArray<BigInt64Array> {
    if (this.isSpooled) throw invalidState('a recording with its spikes in memory', 'raster', 'one that is spooled (use rasterAsync)')
    const { source, counts } = this.#emptyRaster(binSizeMs, timeOffset)
    addon.fillRaster(source, counts.data)
    return counts
  }

  /**
   * Counts the spikes of each unit in each bin as {@link SpikeData.raster} does, on the addon's threads.
   *
   * @param binSizeMs - the width of a bin in ms
   * @param timeOffset - ms added to every time, which also makes the raster that much longer
   * @param options - `signal` stops the call: the promise rejects with its reason
   * @returns a promise of the counts, units × bins, int64, dense
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
    return whileOpen([this], async () => {
      const { source, counts } = this.#emptyRaster(binSizeMs, timeOffset)
      if (counts.size + this.spikeCount <= FEW && !this.isSpooled) addon.fillRaster(source, counts.data)
      else await runJob(() => addon.fillRasterAsync(source, pinOwn(counts.data)), signal)
      return counts
    })
  }

  #requireUnit(unit: number): void {
    if (this.N === 0) throw invalidValue('a recording with units', 'unit', unit)
    wholeNumber(unit, 'unit', 0, this.N - 1)
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

/** The recordings that a call uses, and keeps open: closing them waits for its end. */
export class RecordingsInUse {
  readonly #ends: (() => void)[] = []

  /** @throws Error with `ERR_INVALID_STATE` for a recording that was closed */
  add(sd: SpikeData): void {
    const end = sd.keepOpen()
    if (end) this.#ends.push(end)
  }

  end(): void {
    for (const end of this.#ends) end()
  }
}

/** Does what uses recordings, which stay open until the promise settles. */
export async function whileOpen<T>(recordings: readonly SpikeData[], work: () => Promise<T>): Promise<T> {
  const inUse = new RecordingsInUse()
  try {
    for (const sd of recordings) inUse.add(sd)
    return await work()
  } finally {
    inUse.end()
  }
}
