/**
 * The typed seam to the addon. Native code knows containers and threads and no export format; it reports failures as plain
 * records, which become errors here.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import { loadAddon } from './load-addon.js'
import type { NativeJob } from './native-job.js'
import type { FilePartsRequest, NativeHdf5File, NativeUnitDatasets, ReadingAddon, Scaling, TrainsInFile } from './native-reading.js'
import type { NativeSamples, SamplesAddon } from './native-samples.js'
import type { Falls, NativeSpikeTrains, RecordingWindow, SealReport } from './native-spike-trains.js'
import type { Segment } from './plan/byte-segments.js'
import type { Hdf5Object, Stream } from './plan/hdf5-tree.js'
import type { MeanWaveformsRequest } from './plan/mean-waveforms.js'
import type { ExportSettings, Plan } from './plan/plan.js'
import type { SamplesRequest } from './plan/samples.js'
import type { RasterSource } from './plan/sources.js'
import type { Encoded } from './plan-encoder.js'
import { planEncoder } from './plan-encoder.js'

/** A spike that a spool does not take. */
export type SpikeProblem =
  /** A number that is no unit below the most there may be. */
  | { kind: 'unit'; unit: number; value: number }
  /** A time that is not finite, or outside the window. */
  | { kind: 'notFinite' | 'beforeStart' | 'afterEnd'; unit: number; value: number }

/**
 * Spikes of all units on their way to a file without a path, which has them unit by unit. They fill memory first; once it is full they have
 * to be flushed. After `seal` or `close` nothing but `close` may be called.
 */
export interface NativeSpikeSpool {
  /**
   * Copies spikes `from` to `to - 1`, as far as there is room and up to one with a {@link SpikeProblem}; returns how many were taken.
   *
   * @param units - the unit of each time, or that of all
   * @param values - of the spool's types, with one of each for each time; none where the spool takes none
   */
  append(units: NumericArray | number, times: Float64Array, from: number, to: number, values: readonly NumericArray[]): number
  /** Why the last spike that was not taken was not, unless there was no room. */
  problem(): SpikeProblem | undefined
  readonly isFull: boolean
  readonly spikeCount: number
  /** Writes what has filled memory, while more may come. One at a time. */
  flush(): NativeJob<void>
  /**
   * Makes spike trains of all spikes: sorted, and checked against the window.
   *
   * @param into - new spike trains, without units: they become those of the spool
   * @param unitCount - without it, the highest unit number plus 1
   * @param onProgress - called at most a few times a second with the number of spikes that are in their place, and of all
   */
  seal(
    into: NativeSpikeTrains,
    window: RecordingWindow,
    unitCount: number | undefined,
    onProgress?: (done: number, total: number) => void,
  ): NativeJob<SealReport>
  /** Frees everything. */
  close(): NativeJob<void>
}

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

/** The file of an export that streams are written to before its plan is made. */
export interface NativeBegunFile {
  /** Claims the partial file beside the target. */
  open(): NativeJob<void>
  /** Removes it, unless an export has taken it. */
  discard(): NativeJob<void>
}

/** A dataset of samples × channels that come one after another: they are gathered in tiles, which jobs encode and write. */
export interface NativeStreamedDataset {
  /**
   * Copies bytes of an array into the tile: at most a MiB, and what it has room for.
   *
   * @param from - the byte of the array to begin with
   * @returns how many bytes that were
   */
  append(numbers: NumericArray, from: number): number
  /**
   * Has an empty tile hold the samples of a file from number `first` on, as many as fit; flushing it reads them.
   *
   * @param samples - the same in all calls, of the dataset's type and channels
   * @returns how many that are
   */
  take(samples: NativeSamples, first: number): number
  /** Whether the tile has no room: it must be flushed. */
  readonly isFull: boolean
  /**
   * Encodes and writes the tile, while another one is filled. It is not empty; only the last one may not be full, and has whole samples.
   *
   * @param file - the same in all calls, open
   * @param threads - how many threads may work on it; 0 means one a core
   */
  flush(file: NativeBegunFile, threads: number): NativeJob<void>
  /** Frees the memory of tiles, when nothing comes any more and all jobs have ended. */
  free(): void
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
   * @param runSpikes - how many spikes memory takes before they have to be flushed; it takes 36 bytes for each
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

/** The addon as it is: plans are {@link Encoded}, and follow the other arguments. */
interface NativeAddon
  extends Omit<
    Addon,
    | 'Segments'
    | 'Hdf5Objects'
    | 'StreamedDataset'
    | 'startExport'
    | 'fillRaster'
    | 'fillRasterAsync'
    | 'meanWaveforms'
    | 'Hdf5File'
    | 'readFileParts'
    | 'trainsInFile'
    | 'Samples'
  > {
  Segments: new (count: number) => NativeBatches
  Hdf5Objects: new (count: number) => NativeBatches
  StreamedDataset: new (...stream: Encoded) => NativeStreamedDataset
  startExport(plan: Plan, ...planAndSettings: Encoded): NativeJob<number>
  fillRaster(source: RasterSource, counts: BigInt64Array, ...encodedSource: Encoded): void
  fillRasterAsync(source: RasterSource, counts: BigInt64Array, ...encodedSource: Encoded): NativeJob<void>
  meanWaveforms(
    request: MeanWaveformsRequest,
    means: Float32Array,
    threads: number,
    onProgress: ((done: number, total: number) => void) | undefined,
    ...encodedRequest: Encoded
  ): NativeJob<MeanWaveforms>
  Hdf5File: new (path: string, name: string) => EncodedHdf5File
  readFileParts(request: FilePartsRequest, threads: number, onProgress: OnProgress | undefined, ...encodedRequest: Encoded): NativeJob<void>
  trainsInFile(
    request: TrainsInFile,
    ends: BigInt64Array,
    offsets: Float64Array,
    types: Uint8Array,
    into: NativeSpikeTrains,
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedRequest: Encoded
  ): NativeJob<boolean>
  Samples: new () => EncodedSamples
  /** The number by which encoded plans refer to the name of a field. */
  fieldNumber(name: string): number
}

interface NativeBatches {
  append(...elements: Encoded): void
}

interface EncodedHdf5File {
  read(
    plan: Parameters<NativeHdf5File['read']>[0],
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedPlan: Encoded
  ): NativeJob<Falls>
  spikeTrains(
    path: string,
    ends: BigInt64Array | NativeUnitDatasets['units'],
    into: NativeSpikeTrains,
    values: readonly string[],
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedScaling: Encoded
  ): NativeJob<boolean>
  readUnitDatasets(
    units: NativeUnitDatasets['units'],
    first: number | undefined,
    into: Float64Array,
    scaling: Scaling | undefined,
    threads: number,
    onProgress: OnProgress | undefined,
    ...encodedScaling: Encoded
  ): NativeJob<Falls>
}

interface EncodedSamples {
  open(...request: Encoded): NativeJob<void>
}

type OnProgress = (done: number, total: number) => void

const native = loadAddon() as NativeAddon
const encode = planEncoder(native.fieldNumber)

/** A class of native lists that encodes their elements. */
function listClass<T>(Batches: new (count: number) => NativeBatches): new (count: number) => NativeList<T> {
  // Under another type: `append` takes other arguments than the method that it overrides.
  const Base = Batches as unknown as new (count: number) => NativeList<unknown>
  const { append } = Batches.prototype as NativeBatches
  return class extends Base {
    override append(elements: readonly T[], from: number, to: number): void {
      append.apply(this as unknown as NativeBatches, encode(elements, from, to))
    }
  }
}

/** The class of files that are read, which encodes what is to be read. */
function fileClass(File: NativeAddon['Hdf5File']): Addon['Hdf5File'] {
  // Under another type, as above.
  const Base = File as unknown as Addon['Hdf5File']
  const { read, spikeTrains, readUnitDatasets } = File.prototype as EncodedHdf5File
  return class extends Base {
    override read(plan: Parameters<NativeHdf5File['read']>[0], threads: number, onProgress?: OnProgress): NativeJob<Falls> {
      return read.call(this as unknown as EncodedHdf5File, plan, threads, onProgress, ...encode([plan]))
    }

    override spikeTrains(
      path: string,
      ends: BigInt64Array | NativeUnitDatasets['units'],
      into: NativeSpikeTrains,
      scaling: Scaling | undefined,
      threads: number,
      onProgress?: OnProgress,
      values: readonly string[] = [],
    ): NativeJob<boolean> {
      const encoded = encode([scaling])
      return spikeTrains.call(this as unknown as EncodedHdf5File, path, ends, into, values, threads, onProgress, ...encoded)
    }

    override readUnitDatasets(
      units: NativeUnitDatasets['units'],
      first: number | undefined,
      into: Float64Array,
      scaling: Scaling | undefined,
      threads: number,
      onProgress?: OnProgress,
    ): NativeJob<Falls> {
      const encoded = encode([scaling])
      return readUnitDatasets.call(this as unknown as EncodedHdf5File, units, first, into, scaling, threads, onProgress, ...encoded)
    }
  }
}

/** The class of streamed datasets, which encodes how they are written. */
function streamClass(Native: NativeAddon['StreamedDataset']): Addon['StreamedDataset'] {
  return class extends Native {
    constructor(stream: Stream) {
      super(...encode([stream]))
    }
  }
}

/** The class of samples in files, which encodes where they are. */
function samplesClass(Native: NativeAddon['Samples']): Addon['Samples'] {
  // Under another type, as above.
  const Base = Native as unknown as Addon['Samples']
  const { open } = Native.prototype as EncodedSamples
  return class extends Base {
    override open(request: SamplesRequest): NativeJob<void> {
      return open.apply(this as unknown as EncodedSamples, encode([request]))
    }
  }
}

export const addon: Addon = {
  ...native,
  Segments: listClass(native.Segments),
  Hdf5Objects: listClass(native.Hdf5Objects),
  StreamedDataset: streamClass(native.StreamedDataset),
  Samples: samplesClass(native.Samples),
  startExport: (plan, settings) => native.startExport(plan, ...encode([plan, settings])),
  fillRaster: (source, counts) => native.fillRaster(source, counts, ...encode([source])),
  fillRasterAsync: (source, counts) => native.fillRasterAsync(source, counts, ...encode([source])),
  Hdf5File: fileClass(native.Hdf5File),
  readFileParts: (request, threads, onProgress) => native.readFileParts(request, threads, onProgress, ...encode([request])),
  trainsInFile: (request, ends, offsets, types, into, threads, onProgress) =>
    native.trainsInFile(request, ends, offsets, types, into, threads, onProgress, ...encode([request])),
  meanWaveforms: (request, means, threads, onProgress) => native.meanWaveforms(request, means, threads, onProgress, ...encode([request])),
}

// process.exit() skips the addon's own clean-up hook. Copies of this module in one process share the addon.
if (!process.listeners('exit').includes(addon.shutDown)) process.on('exit', addon.shutDown)
