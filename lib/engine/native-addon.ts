/**
 * What the addon offers, as the rest of the package sees it.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NativeJob } from './native-job.js'
import type { ReadingAddon } from './native-reading.js'
import type { SamplesAddon } from './native-samples.js'
import type { NativeSpikeTrains, RecordingWindow } from './native-spike-trains.js'
import type { NativeSpikeSpool } from './native-spool.js'
import type { NativeBegunFile, NativeStreamedDataset } from './native-streams.js'
import type { Segment } from './plan/byte-segments.js'
import type { Hdf5Object, Stream } from './plan/hdf5-tree.js'
import type { MeanWaveformsRequest } from './plan/mean-waveforms.js'
import type { ExportSettings, Plan } from './plan/plan.js'
import type { RasterSource } from './plan/sources.js'
import type { StatisticsRequest } from './plan/spike-statistics.js'

/** What {@link Addon.splitByUnit} splits. */
type SplitArguments = [idces: NumericArray, times: Float64Array, unitCount: number | undefined, mostUnits: number, keepsTimes: boolean]

/** What {@link Addon.splitByUnit} found. */
export type SplitReport =
  /** All times, unit by unit, and where each unit ends. Without times, those that were given are in this order already. */
  | { times?: Float64Array; ends: BigInt64Array; problem?: undefined; tooHigh?: undefined }
  /** The first entry that is no unit number below the number of units. */
  | { problem: number; tooHigh?: undefined }
  /** The highest unit number, if it is not below the most units. */
  | { tooHigh: number; problem?: undefined }

/** Counts the labels of the spikes of each unit, in blocks. Linear in the spikes, and in units × labels where these are fewer. */
export interface NativeCommonLabels {
  /**
   * Counts a block: the unit and the label of each spike.
   *
   * @returns the first spike of the block with another label than a whole number, or one that is too high
   */
  count(units: NumericArray, labels: NumericArray): NativeJob<number | undefined>
  /** Fills in for each row the label that most of its spikes have, the lowest of several; -1 where there are none. */
  choose(chosen: Int32Array): NativeJob<void>
}

/** What {@link Addon.meanWaveforms} found besides the means. */
export interface MeanWaveforms {
  /** How many spikes the mean of each unit is of: those whose whole window is in the raw data. */
  spikeCounts: Float64Array
  /** How many means were not finite, and are 0. */
  notFinite: number
}

/** What {@link Addon.spikeStatistics} counts of each unit, unit by unit. */
export interface StatisticsCounts {
  isi: Uint32Array
  lags: Uint32Array
  rates: Uint32Array
  violations: Float64Array
  /** ceil(bins / 8) bytes a unit, lowest bit first. */
  occupancy: Uint8Array
}

/** Why a job failed, as native code reports it. */
export type JobFailure =
  | { failure: 'system'; errno: number; syscall: string; path: string }
  | { failure: 'hdf5'; message: string; stack: string }
  | { failure: 'format'; path: string; object: string; problem: string; stack: string }
  | { failure: 'value'; message: string }
  | { failure: 'target'; expected: string; path: string }
  | { failure: 'changed' }
  | { failure: 'memory' }
  | { failure: 'cancelled' }
  | { failure: 'unexpected'; message: string }

/** A long list of a plan as native code sees it, for the plan of one job. */
export interface NativeList<T> {
  /** Adds `elements[from]` to `elements[to - 1]`. What they refer to is used where it is: keep it alive. */
  append(elements: readonly T[], from: number, to: number): void
}

/** Many arrays as native code sees them, for a source of them all. */
export interface NativeArrays {
  /** Adds `arrays[from]` to `arrays[to - 1]`, which have one dtype. They are used where they are: keep them alive. */
  append(arrays: readonly NumericArray[], from: number, to: number): void
}

/** Where a path leads. */
export interface Location {
  /** The path after following all symbolic links. */
  path: string
  /** Whether anything is there. */
  exists: boolean
  /** Where an export to the path has its partial file or folder. */
  partial: string
}

export interface Addon extends ReadingAddon, SamplesAddon {
  /** @param unitCount - how many units will be added */
  SpikeTrains: new (
    unitCount: number,
  ) => NativeSpikeTrains
  /**
   * @param folder - where files without a path are made, which errors call `name`
   * @param runSpikes - how many spikes memory takes before they have to be flushed; it takes 36 bytes for each, and with values 40 and three
   *   times those of its values
   * @param mostUnits - the highest unit number and 1 more
   * @param window - times outside are not taken; without it, all that are finite are
   * @param values - an array of each type that values of spikes have, without elements
   */
  SpikeSpool: new (
    folder: string,
    name: string,
    runSpikes: number,
    mostUnits: number,
    window: RecordingWindow | undefined,
    values: readonly NumericArray[],
  ) => NativeSpikeSpool
  /**
   * @param rows - for each unit its row among those that are asked for, -1 where it is not
   * @param rowCount - how many are asked for
   * @param labelCount - the labels of their spikes are below this
   * @param spikeCount - of all blocks
   */
  CommonLabels: new (
    rows: Int32Array,
    rowCount: number,
    labelCount: number,
    spikeCount: number,
  ) => NativeCommonLabels
  /** @param count - how many segments will be added */
  Segments: new (
    count: number,
  ) => NativeList<Segment>
  /** @param count - how many objects will be added */
  Hdf5Objects: new (
    count: number,
  ) => NativeList<Hdf5Object>
  /** @param count - how many arrays will be added */
  Arrays: new (
    count: number,
  ) => NativeArrays
  /** @param target - the absolute path of the file */
  BegunFile: new (
    target: string,
  ) => NativeBegunFile
  StreamedDataset: new (stream: Stream) => NativeStreamedDataset
  /** Starts a job that writes what a plan describes. Its result is the number of bytes written. */
  startExport(plan: Plan, settings: ExportSettings): NativeJob<number>
  /** Stops a job of this thread, if it still runs: its promise rejects soon after. */
  cancel(id: number): void
  /**
   * Splits parallel arrays by unit, keeping the order within each. Linear in the spikes.
   *
   * @param idces - no other thread may write to them during the call
   * @param unitCount - without it, the highest unit number plus 1
   * @param mostUnits - a higher count is not tried
   * @param keepsTimes - whether times that come unit by unit are not copied
   */
  splitByUnit(...spikes: SplitArguments): SplitReport
  /** The same on the addon's threads. */
  splitByUnitAsync(...spikes: SplitArguments): NativeJob<SplitReport>
  /**
   * Finds the column of each matrix that has its largest absolute value, the first of several; -1 where no element is a number.
   *
   * @param matrices - matrices × rows × columns in C order
   * @param chosen - one a matrix, is filled
   */
  largestColumns(matrices: NumericArray, columns: number, chosen: Int32Array): NativeJob<void>
  /** Counts spikes into a dense array, units × bins in C order. */
  fillRaster(source: RasterSource, counts: BigInt64Array): void
  /** The same on the addon's threads; leave the counts alone until the promise resolves. */
  fillRasterAsync(source: RasterSource, counts: BigInt64Array): NativeJob<void>
  /**
   * Averages raw samples around spikes on the addon's threads, in one pass over the samples.
   *
   * @param means - units × window × channels, zeros; leave them alone until the promise resolves
   * @param threads - how many threads may work on it; 0 means one a core
   * @param onProgress - called at most a few times a second with the bytes of raw samples that were passed, and of all
   */
  meanWaveforms(
    request: MeanWaveformsRequest,
    means: Float32Array,
    threads: number,
    onProgress?: (done: number, total: number) => void,
  ): NativeJob<MeanWaveforms>
  /**
   * Counts intervals, lags and spikes of all units on the addon's threads.
   *
   * @param counts - zeros; leave them alone until the promise resolves. A count of 2³² or more becomes 2³² - 1
   * @param onProgress - called at most a few times a second with the number of spikes that are done, and of all
   */
  spikeStatistics(request: StatisticsRequest, counts: StatisticsCounts, onProgress?: (done: number, total: number) => void): NativeJob<void>
  /**
   * What a folder holds between two exports to it, partial files aside: names, each with a NUL and numbers that change with the file,
   * and another NUL. Empty where there is no folder, undefined while an export replaces files there. Rejects with a
   * {@link JobFailure}.
   *
   * @param despiteLock - whether it is of no matter that another has the folder locked
   */
  folderEntries(path: string, despiteLock: boolean): Promise<Uint8Array | undefined>
  /** Cancels this thread's jobs and waits until they have cleaned up; their promises stay open. */
  shutDown(): void
  /** Where an absolute path leads: file system calls on this thread. */
  locate(path: string): Location | JobFailure
  /** Whether no thread of this process has asked for this key before. */
  isFirst(key: string): boolean
  /** The HDF5 library the addon was built with, such as `HDF5 library version 1.10.8`. */
  hdf5Version: string
}
