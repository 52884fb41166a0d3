/**
 * The part of the addon that reads files: the typed seam to native/binding/reading and hdf5_file_object.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NativeJob } from './native-job.js'
import type { NativeSamples } from './native-samples.js'
import type { Falls, NativeSpikeTrains } from './native-spike-trains.js'

/**
 * What becomes of each number while it is read, as float64: the operations of SpikeLab's `to_ms`, in their order.
 *
 * `times`: `x * factor`. `samplesToMs`: `x / factor * 1e3`.
 */
export interface Scaling {
  kind: 'times' | 'samplesToMs'
  factor: number
}

/** Where elements go: leave the array alone until the job has ended. */
export interface ReadInto {
  /**
   * A Float64Array takes numbers of every type. A BigInt64Array takes all integers, a Float32Array float16 as well, and any other array its own
   * type alone. Bytes of another order are swapped.
   */
  into: NumericArray
  /** Only into a Float64Array. */
  scaling?: Scaling | undefined
}

/** Elements that lie together in a plain file: `into.length` of them. */
export interface NativeFilePart extends ReadInto {
  /** The first byte. */
  offset: number
  /** The numpy type string in the file, such as `>i4`; also `<f2`, `|b1`. */
  dtype: string
}

/** A plain file, and what to read of it. */
export interface FilePartsRequest {
  path: string
  /** What errors call it. */
  name: string
  parts: readonly NativeFilePart[]
  /** What errors call each part. */
  objects: readonly string[]
  /** The size of the file in bytes: it is an error if that has changed. */
  size: number
}

/** Spike trains in a plain file. */
export interface TrainsInFile {
  path: string
  /** What errors call the file, and the object in it. */
  name: string
  object: string
  /** The size of the file in bytes: it is an error if that has changed. */
  size: number
  /** The numpy type strings that trains have in the file. */
  dtypes: readonly string[]
  /** What makes ms of a number. */
  scaling?: Scaling | undefined
}

/** Rows of a dataset: those from `firstRow` on that `into` has elements for. */
export interface NativeRead extends ReadInto {
  path: string
  firstRow: number
  /** Whether no axis but one is longer than 1: then each element is a row. */
  isList?: boolean
  /** Whether to note where the times fall; of one request, into a Float64Array. */
  falls?: boolean
}

/** The type of the elements of a dataset or attribute. */
export interface Hdf5Type {
  /** `boolean` is an enumeration of FALSE and TRUE, as h5py has it; `other` cannot be read. */
  readonly kind: 'number' | 'boolean' | 'enumeration' | 'text' | 'reference' | 'other'
  /** Of numbers, booleans and enumerations: the numpy type string in the file, such as `>i4`. */
  readonly dtype?: string
  /** Of enumerations: each name and its value. */
  readonly names?: readonly (readonly [string, number])[]
}

export interface NativeAttribute {
  readonly name: string
  readonly type: Hdf5Type
  /** Empty for a scalar. */
  readonly shape: readonly number[]
  /** Undefined where the attribute has no value, or one that cannot be read. */
  data?: NumericArray | readonly string[]
  /** Instead of `data`, where it is long: the bytes of the numbers, or texts as `texts` has them. */
  readonly packed?: NativeBytes
}

/** Attributes of an object, and what {@link NativeHdf5File.moreAttributes} takes for the next ones; undefined where there are no more. */
export interface NativeAttributes {
  readonly attributes: readonly NativeAttribute[]
  readonly more?: { readonly attributeReader: unique symbol }
}

/** A filter that can be read. */
export type Hdf5Filter = 'deflate' | 'shuffle' | 'fletcher32' | 'szip'

/** What is at a path of an HDF5 file. */
export interface NativeDescription extends NativeAttributes {
  readonly kind: 'group' | 'dataset' | 'datatype'
  readonly address: number
  // Of datasets:
  readonly type?: Hdf5Type
  readonly shape?: readonly number[]
  readonly isNull?: boolean
  readonly layout?: 'contiguous' | 'compact' | 'chunked'
  readonly chunk?: readonly number[]
  readonly problem?: string
  readonly bytes?: number
  readonly isCompressed?: boolean
  readonly filters?: readonly Hdf5Filter[]
}

/** Bytes that native code has: few as they are, many to be fetched by {@link ReadingAddon.takeBytes}. */
export type NativeBytes = Uint8Array | { readonly byteLength: number; readonly held: HeldBytes }
type HeldBytes = { readonly heldBytes: unique symbol }

/** The datasets of a group as one array. */
export interface NativeUnitDatasets {
  /** Cumulative end counts, one a dataset, in natural order of their names. */
  readonly ends: BigInt64Array
  readonly count: number
  /** How many of them are in compressed datasets. */
  readonly compressed: number
  /** Whether each that has spikes is contiguous. */
  readonly lieTogether: boolean
  readonly units: { readonly unitDatasets: unique symbol }
}

/** A raster whose spikes are counted. */
export interface NativeRaster {
  /** Cumulative end counts, one a unit. */
  readonly ends: BigInt64Array
  readonly count: number
  readonly bins: number
  readonly raster: { readonly rasterReader: unique symbol }
}

/** The raw samples of a dataset. */
export interface DatasetSamples {
  /** The numpy type string of samples in memory. */
  readonly dtype: string
  readonly channels: number
  readonly samples: number
  /** Whether those of a channel can be read without the others'. */
  readonly liesByChannel: boolean
}

type Report = (done: number, total: number) => void

/** An HDF5 file. `open` comes first; jobs that run keep the file open beyond `close`. */
export interface NativeHdf5File {
  /** The size of the file in bytes. */
  open(): NativeJob<number>
  /** The first ones, at least one of them; undefined for each path where nothing is. */
  describe(paths: readonly string[]): NativeJob<(NativeDescription | undefined)[]>
  moreAttributes(more: NonNullable<NativeAttributes['more']>): NativeJob<NativeAttributes>
  /** The children of a group, packed: see native/hdf5/reading/description.h. */
  children(path: string): NativeJob<NativeBytes>
  /** The texts of a dataset, packed: for each its length in bytes as uint32, and its bytes. Of references the paths of the objects. */
  texts(path: string): NativeJob<NativeBytes>
  /** @param threads - 0 for one a core */
  read(plan: { requests: readonly NativeRead[] }, threads: number, onProgress?: Report): NativeJob<Falls>
  /**
   * Makes spike trains of a dataset without a copy of it: times are read from the file, which stays open until `into` is closed, and are
   * converted then. That takes elements that lie together without filters, and trains that are finite and in order: all are inspected once.
   *
   * @param path - of a dataset; or of a group with a dataset for each unit
   * @param ends - cumulative end counts, one a unit, that never fall; the last is not above the number of elements. Or the datasets of the group
   * @param into - new spike trains, without units: they become those of the dataset
   * @param threads - 0 for one a core
   * @param values - paths of datasets of numbers with one for each spike, which have to lie together as well: they become values of the trains
   * @returns whether they could; `into` has no units where they could not
   */
  spikeTrains(
    path: string,
    ends: BigInt64Array | NativeUnitDatasets['units'],
    into: NativeSpikeTrains,
    scaling: Scaling | undefined,
    threads: number,
    onProgress?: Report,
    values?: readonly string[],
  ): NativeJob<boolean>
  unitDatasets(path: string): NativeJob<NativeUnitDatasets>
  /** @param first - the first spike, for some of them; undefined for all, once */
  readUnitDatasets(
    units: NativeUnitDatasets['units'],
    first: number | undefined,
    into: Float64Array,
    scaling: Scaling | undefined,
    threads: number,
    onProgress?: Report,
  ): NativeJob<Falls>
  raster(path: string, threads: number): NativeJob<NativeRaster>
  readRaster(
    raster: NativeRaster['raster'],
    into: Float64Array,
    startMs: number,
    widthMs: number,
    threads: number,
    onProgress?: Report,
  ): NativeJob<void>
  /** Makes the next times of a raster, chunk by chunk, those of each unit in order. There is room for no more than are left. */
  nextOfRaster(
    raster: NativeRaster['raster'],
    units: Uint32Array,
    into: Float64Array,
    startMs: number,
    widthMs: number,
    threads: number,
  ): NativeJob<void>
  /**
   * Opens the samples of a dataset of one or two axes.
   *
   * @param samples - gets them
   * @param byChannel - whether the axes are channels × samples, and not samples × channels
   */
  openSamples(samples: NativeSamples, path: string, byChannel: boolean): NativeJob<DatasetSamples>
  /** Its result comes when the file is closed, unless other jobs still use it. */
  close(): NativeJob<void>
}

export interface ReadingAddon {
  /** @param name - what errors call the file */
  Hdf5File: new (
    path: string,
    name: string,
  ) => NativeHdf5File
  /** Reads parts of a plain file. */
  readFileParts(request: FilePartsRequest, threads: number, onProgress?: Report): NativeJob<void>
  /**
   * Makes spike trains of numbers in a plain file without a copy of them, as {@link NativeHdf5File.spikeTrains} does.
   *
   * @param ends - cumulative end counts, one a unit, that never fall
   * @param offsets - the first byte of each unit that has spikes
   * @param types - which of the dtypes each unit has
   * @param into - new spike trains, without units: they become those of the file
   * @returns whether they could; `into` has no units where they could not
   */
  trainsInFile(
    request: TrainsInFile,
    ends: BigInt64Array,
    offsets: Float64Array,
    types: Uint8Array,
    into: NativeSpikeTrains,
    threads: number,
    onProgress?: Report,
  ): NativeJob<boolean>
  /** Copies bytes that native code has held, which it then frees. Once. */
  takeBytes(held: HeldBytes, into: Uint8Array): NativeJob<void>
}
