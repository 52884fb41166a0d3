/**
 * HDF5 files that are open for reading.
 *
 * How a reader of a format uses it:
 *
 * ```ts
 * await withHdf5File(call.absolute, call.path, signal, async (file) => {
 *   const units = await file.describe('/units/id')        // undefined where nothing is there
 *   if (units?.kind !== 'dataset') throw file.error('it has no units', '/units/id')
 *   const ids = await file.numbers(units, options)        // a new array, in the type of the file
 *   const times = file.room(spikeTimes, Float64Array)     // or room of one's own, of any length below 2³² elements,
 *   await file.read([{ path: '/units/spike_times', into: times, scaling: { kind: 'times', factor: 1e3 } }], options) // and many at once
 *   const names = await file.texts(groupNames, signal)    // texts, or the paths that references lead to
 * })
 * ```
 *
 * A path leads from the root, with or without a slash at its start. Soft links are followed; what leads out of the file is a FormatError.
 * The file is hostile: `describe` states as `problem` what keeps elements from being read, and `room` and `read` throw it before memory is
 * taken. `children` of a group may be the group itself: compare `address` before you descend into one.
 */
import { FormatError, outOfMemory } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import { NDArray, sizeOf } from '../../memory/ndarray.js'
import { joined } from '../../memory/texts.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { bytesOf, itemBytesOf } from '../../memory/typed-arrays.js'
import { inSlices } from '../../steps.js'
import { addon } from '../native.js'
import type { NativeJob } from '../native-job.js'
import type {
  DatasetSamples,
  NativeAttribute,
  NativeAttributes,
  NativeBytes,
  NativeHdf5File,
  NativeRaster,
  NativeUnitDatasets,
  Scaling,
} from '../native-reading.js'
import type { NativeSamples } from '../native-samples.js'
import type { Falls, NativeSpikeTrains } from '../native-spike-trains.js'
import type { OnProgress } from '../run-job.js'
import { runJob } from '../run-job.js'
import type { AttributeValue, Hdf5Dataset, Hdf5Group } from './hdf5-description.js'
import { arrayTypeFor, described, withValues } from './hdf5-description.js'
import { MemoryBudget } from './memory-budget.js'
import type { Hdf5Child } from './packed.js'
import { onlyTextInPieces, unpackedChildren, unpackedTexts } from './packed.js'

export type { Hdf5Type, Scaling } from '../native-reading.js'
export type { Hdf5Child } from './packed.js'

/** Rows of a dataset, and the array that they go to. */
export interface Hdf5Read {
  readonly path: string
  /** An array with room for whole rows: see `ReadInto` for the types that it may have. */
  readonly into: NumericArray
  /** The first row, 0 without it. */
  readonly firstRow?: number | undefined
  /** Whether no axis but one is longer than 1: then each element is a row. */
  readonly isList?: boolean
  /** Only into a Float64Array. */
  readonly scaling?: Scaling | undefined
  /** Whether to note where the times fall; of one read, into a Float64Array. */
  readonly falls?: boolean
}

/** How to read. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the bytes of the arrays that are filled, and of all. */
  readonly onProgress?: OnProgress | undefined
  readonly threads?: number | undefined
}

const NO_PIECES: Map<string, readonly string[]> = new Map()

/** The elements that an array may have in every version of Node. */
const MOST_ELEMENTS = 2 ** 32

/** Opens a file, uses it, and closes it, also after a failure. */
export async function withHdf5File<T>(
  path: string,
  name: string,
  signal: AbortSignal | undefined,
  use: (file: Hdf5File) => Promise<T>,
): Promise<T> {
  const file = await Hdf5File.open(path, name, signal)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/** An open HDF5 file. Methods reject with FormatError, file system errors, or the signal's reason. */
export class Hdf5File {
  /** The path as the caller gave it. */
  readonly name: string
  readonly #native: NativeHdf5File
  #budget = new MemoryBudget(0)
  readonly #foreseen = new Map<string, Hdf5Group | Hdf5Dataset | undefined>()

  private constructor(native: NativeHdf5File, name: string) {
    this.#native = native
    this.name = name
  }

  /**
   * @param path - absolute
   * @param name - what errors call it
   */
  static async open(path: string, name: string, signal?: AbortSignal): Promise<Hdf5File> {
    const native = new addon.Hdf5File(path, name)
    const file = new Hdf5File(native, name)
    try {
      file.#budget = new MemoryBudget(await runJob(() => native.open(), signal))
    } catch (error) {
      // It may have been opened before it was cancelled.
      await file.close()
      throw error
    }
    return file
  }

  /** An error about this file. */
  error(problem: string, object?: string): FormatError {
    return new FormatError(this.name, problem, object)
  }

  /** What is at a path, undefined where nothing is. */
  async describe(path: string, signal?: AbortSignal): Promise<Hdf5Group | Hdf5Dataset | undefined> {
    const [found] = await this.describeAll([path], signal)
    return found
  }

  /** The same for several paths. */
  async describeAll(paths: readonly string[], signal?: AbortSignal): Promise<(Hdf5Group | Hdf5Dataset | undefined)[]> {
    if (paths.every((path) => this.#foreseen.has(path))) return paths.map((path) => this.#foreseen.get(path))
    return this.#describeAll(paths, signal)
  }

  /**
   * Describes what is at some paths that are going to be asked for, in one job: each takes about as long as small objects do. Where one of
   * them is damaged, that is found out when it is asked for.
   */
  async foresee(paths: readonly string[], signal?: AbortSignal): Promise<void> {
    const found = await this.#describeAll(paths, signal).catch((error: unknown) => {
      if (!(error instanceof FormatError)) throw error
      return []
    })
    for (const [i, description] of found.entries()) this.#foreseen.set(paths[i] as string, description)
  }

  async #describeAll(paths: readonly string[], signal?: AbortSignal): Promise<(Hdf5Group | Hdf5Dataset | undefined)[]> {
    const all: (Hdf5Group | Hdf5Dataset | undefined)[] = []
    while (all.length < paths.length) {
      const left = all.length === 0 ? paths : paths.slice(all.length)
      for (const description of await runJob(() => this.#native.describe(left), signal)) {
        const path = paths[all.length] as string
        if (!description?.more && !description?.attributes.some(({ packed }) => packed)) {
          all.push(description && described(path, description, withValues(new Map(), description), NO_PIECES))
          continue
        }
        const pieces = new Map<string, readonly string[]>()
        all.push(described(path, description, await this.#attributes(path, description, pieces, signal), pieces))
      }
    }
    return all
  }

  /**
   * The dataset at a path.
   *
   * @throws FormatError where there is none
   */
  async dataset(path: string, signal?: AbortSignal): Promise<Hdf5Dataset> {
    const found = await this.describe(path, signal)
    if (found === undefined) throw this.error('it is not there', path)
    if (found.kind !== 'dataset') throw this.error('it is no dataset', path)
    return found
  }

  /** The children of a group, in order of their names' bytes. */
  async children(path: string, signal?: AbortSignal): Promise<Hdf5Child[]> {
    return inSlices(unpackedChildren(await this.#bytes(() => this.#native.children(path), signal)), signal)
  }

  /**
   * A new array for all elements of a dataset, which are not set: read all of them.
   *
   * @param type - the class of the array; without it the one of the type in the file: Int8Array for booleans as h5py has them, Float32Array for float16
   * @throws FormatError for a dataset of no numbers, one whose elements cannot be read, and where all arrays together have more bytes than the
   * file justifies
   */
  room<T extends NumericArray = NumericArray>(dataset: Hdf5Dataset, type?: new (length: number) => T): T {
    const { problem, path, shape } = dataset
    if (problem !== undefined) throw this.error(problem, path)
    const count = sizeOf(shape)
    const room = type ?? arrayTypeFor(dataset.type)
    if (room === undefined) throw this.error('its elements are no numbers', path)
    if (count > MOST_ELEMENTS) throw outOfMemory()
    this.#take(path, count * itemBytesOf(new room(0)), dataset.isCompressed)
    return unset(room as new (length: number) => T, count)
  }

  /**
   * Checks what {@link Hdf5File.room} checks, for a reader that takes a dataset block by block, as numbers of `itemBytes` each.
   *
   * @throws FormatError for a dataset whose elements cannot be read, and where all together have more bytes than the file justifies
   */
  claim({ problem, path, shape, isCompressed }: Hdf5Dataset, itemBytes: number): void {
    if (problem !== undefined) throw this.error(problem, path)
    this.#take(path, sizeOf(shape) * itemBytes, isCompressed)
  }

  /** Reads rows of datasets into arrays. A few at a time: each takes about a microsecond of the JS thread. */
  async read(requests: readonly Hdf5Read[], { signal, onProgress, threads = 0 }: ReadOptions = {}): Promise<Falls> {
    const plan = {
      requests: requests.map(({ path, into, firstRow = 0, isList, scaling, falls }) => ({
        path,
        firstRow,
        into,
        ...(isList && { isList }),
        ...(scaling && { scaling }),
        ...(falls && { falls }),
      })),
    }
    return runJob((report) => this.#native.read(plan, threads, report), signal, onProgress)
  }

  /**
   * Makes spike trains of a dataset whose times stay where they are, if they lie together there, and each train is finite and in order. They
   * keep the file open until they are closed.
   *
   * @param ends - cumulative end counts, one a unit
   * @param into - new spike trains, without units; it has none if times cannot stay
   * @param values - datasets of numbers with one for each spike, which stay as well
   * @returns whether they stay
   */
  async spikeTrains(
    { path }: Hdf5Dataset,
    ends: BigInt64Array,
    scaling: Scaling | undefined,
    into: NativeSpikeTrains,
    { signal, onProgress, threads = 0 }: ReadOptions = {},
    values: readonly Hdf5Dataset[] = [],
  ): Promise<boolean> {
    const paths = values.map((dataset) => dataset.path)
    return runJob((report) => this.#native.spikeTrains(path, ends, into, scaling, threads, report, paths), signal, onProgress)
  }

  /** The same of the datasets of a group, each a spike train. */
  async unitTrains(
    path: string,
    { units }: NativeUnitDatasets,
    scaling: Scaling | undefined,
    into: NativeSpikeTrains,
    { signal, onProgress, threads = 0 }: ReadOptions = {},
  ): Promise<boolean> {
    return runJob((report) => this.#native.spikeTrains(path, units, into, scaling, threads, report), signal, onProgress)
  }

  /** All elements of a dataset of numbers, with its shape and in the type of the file. */
  async numbers(dataset: Hdf5Dataset, options?: ReadOptions): Promise<NDArray> {
    const into = this.room(dataset)
    await this.read([{ path: dataset.path, into }], options)
    return new NDArray(into, dataset.shape)
  }

  /** All texts of a dataset, in C order; of references, the paths of the objects (empty for a null reference). */
  async texts({ path, problem, bytes, isCompressed }: Hdf5Dataset, signal?: AbortSignal): Promise<string[]> {
    if (problem !== undefined) throw this.error(problem, path)
    this.#take(path, bytes, isCompressed)
    return inSlices(unpackedTexts(await this.#bytes(() => this.#native.texts(path), signal)), signal)
  }

  /** The datasets of a group, in natural order of their names, all of which must be lists of numbers: where each ends in one long array. */
  async unitDatasets(path: string, signal?: AbortSignal): Promise<NativeUnitDatasets> {
    const units = await runJob(() => this.#native.unitDatasets(path), signal)
    const { BYTES_PER_ELEMENT } = Float64Array
    this.#take(path, (units.count - units.compressed) * BYTES_PER_ELEMENT, false)
    this.#take(path, units.compressed * BYTES_PER_ELEMENT, true)
    return units
  }

  /** Reads them all. Once. */
  async readUnitDatasets(
    { units }: NativeUnitDatasets,
    into: Float64Array,
    scaling: Scaling | undefined,
    { signal, onProgress, threads = 0 }: ReadOptions = {},
  ): Promise<Falls> {
    return runJob((report) => this.#native.readUnitDatasets(units, undefined, into, scaling, threads, report), signal, onProgress)
  }

  /** Reads `into.length` of their numbers, from `first` on in the long array. Linear in the datasets that have them, on the JS thread. */
  async readSomeOfUnits(
    { units }: NativeUnitDatasets,
    first: number,
    into: Float64Array,
    scaling: Scaling | undefined,
    { signal, threads = 0 }: ReadOptions = {},
  ): Promise<void> {
    await runJob(() => this.#native.readUnitDatasets(units, first, into, scaling, threads), signal)
  }

  /** Counts the spikes of a raster, units × bins. */
  async raster(path: string, { signal, threads = 0 }: ReadOptions = {}): Promise<NativeRaster> {
    const raster = await runJob(() => this.#native.raster(path, threads), signal)
    this.#take(path, raster.count * Float64Array.BYTES_PER_ELEMENT, true)
    return raster
  }

  /** Makes the spike times of a raster, unit by unit, as SpikeLab's `from_raster` does. */
  async readRaster(
    { raster }: NativeRaster,
    into: Float64Array,
    { startMs, widthMs }: { startMs: number; widthMs: number },
    { signal, onProgress, threads = 0 }: ReadOptions = {},
  ): Promise<void> {
    await runJob((report) => this.#native.readRaster(raster, into, startMs, widthMs, threads, report), signal, onProgress)
  }

  /**
   * Makes the next `times.length` spike times of a raster, which are left, and the unit of each: chunk by chunk, so that those of one unit are in
   * order.
   */
  async nextOfRaster(
    { raster }: NativeRaster,
    units: Uint32Array,
    times: Float64Array,
    { startMs, widthMs }: { startMs: number; widthMs: number },
    { signal, threads = 0 }: ReadOptions = {},
  ): Promise<void> {
    await runJob(() => this.#native.nextOfRaster(raster, units, times, startMs, widthMs, threads), signal)
  }

  /** Has samples in a dataset, samples × channels or in the reverse order, stay in this file: they are read when it is closed. */
  async openSamples(samples: NativeSamples, path: string, byChannel: boolean, signal?: AbortSignal): Promise<DatasetSamples> {
    return runJob(() => this.#native.openSamples(samples, path, byChannel), signal)
  }

  /** Closes it. May be called again. */
  async close(): Promise<void> {
    await this.#native.close().promise
  }

  async #bytes(start: () => NativeJob<NativeBytes>, signal: AbortSignal | undefined): Promise<Uint8Array> {
    return this.#fetched(await runJob(start, signal), Uint8Array, signal)
  }

  /** Bytes as an array. */
  async #fetched<T extends NumericArray>(bytes: NativeBytes, type: new (length: number) => T, signal: AbortSignal | undefined): Promise<T> {
    const array = unset(type, bytes.byteLength / itemBytesOf(new type(0)))
    if ('held' in bytes) await runJob(() => addon.takeBytes(bytes.held, bytesOf(array)), signal)
    else bytesOf(array).set(bytes)
    return array
  }

  /** Attributes of which some are long, or that are many. */
  async #attributes(
    path: string,
    first: NativeAttributes,
    pieces: Map<string, readonly string[]>,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, AttributeValue>> {
    const values = new Map<string, AttributeValue>()
    for (let some = first; ; ) {
      for (const attribute of some.attributes) {
        if (attribute.packed) attribute.data = await this.#unpacked(path, attribute, pieces, signal)
      }
      withValues(values, some)
      const { more } = some
      if (more === undefined) return values
      some = await runJob(() => this.#native.moreAttributes(more), signal)
    }
  }

  /**
   * The value of an attribute that is long.
   *
   * @param pieces - gets those of a single text
   */
  async #unpacked(
    path: string,
    { name, type, shape, packed }: NativeAttribute,
    pieces: Map<string, readonly string[]>,
    signal: AbortSignal | undefined,
  ): Promise<NumericArray | string[]> {
    this.#take(path, (packed as NativeBytes).byteLength, false)
    const array = arrayTypeFor(type)
    if (array !== undefined) return this.#fetched(packed as NativeBytes, array, signal)
    const bytes = await this.#fetched(packed as NativeBytes, Uint8Array, signal)
    const parts = shape.length === 0 ? await inSlices(onlyTextInPieces(bytes), signal) : undefined
    if (!parts) return inSlices(unpackedTexts(bytes), signal)
    if (parts.length > 1) pieces.set(name, parts)
    return [joined(parts)]
  }

  #take(path: string, bytes: number, isCompressed: boolean): void {
    if (!this.#budget.take(bytes, isCompressed)) throw this.error('it needs more memory than all that the file can hold', path)
  }
}
