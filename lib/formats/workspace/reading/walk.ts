/**
 * The walk through a workspace that is loaded: first it finds what there is and makes room for it, then all numbers are read in a few
 * calls, then objects are made of them.
 */
import type { AttributeValue, Hdf5Dataset, Hdf5Group } from '../../../engine/reading/hdf5-description.js'
import { numberIn } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5Child, Hdf5File, Hdf5Read, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { LoadOptions } from '../../../jobs/load-call.js'
import { ProgressSum } from '../../../jobs/load-call.js'
import { madeFrom } from '../../../jobs/made-from-file.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { LazySpool } from '../../../recording/lazy-loading.js'
import type { Steps } from '../../../steps.js'
import { inSlices, SLICE_MS } from '../../../steps.js'

/** Makes a value once all arrays are filled. Call it once. */
export type Finish<T = unknown> = () => Promise<T>

/** What is at a path. */
export type Found = Hdf5Group | Hdf5Dataset

/** A child of a group, and what it is. */
export interface Child {
  readonly name: string
  readonly path: string
  readonly found: Found
}

/** Each takes about a kilobyte of memory: the exporter's limit. */
const MOST_OBJECTS = 2 ** 18

/** How many objects are described, and how many datasets are read, in one call: it takes the JS thread about a millisecond. */
export const BATCH = 100

export class Walk {
  /** Attributes of units that are left out, and why. */
  readonly lost: string[] = []
  /** How many spikes were moved into the windows of their recordings. */
  moved = 0
  /** How what is not read at once is read later. */
  reading: ReadOptions
  readonly #reads: Hdf5Read[] = []
  readonly #bytes: number[] = []
  #laterBytes = 0
  /** The path of each object that was found, by its address. */
  readonly #paths = new GrowingMap<number, string>()
  #objects = 0
  #turnEnd = 0

  /**
   * @param isPlain - whether whole floats become numbers and tuples arrays
   * @param lazy - where spikes are kept; undefined where they are to be in memory
   */
  constructor(
    readonly file: Hdf5File,
    readonly isPlain: boolean,
    readonly lazy: LazySpool | undefined,
    readonly signal: AbortSignal | undefined,
  ) {
    this.reading = { signal }
  }

  error(problem: string, object: string): Error {
    return this.file.error(problem, object)
  }

  /**
   * Leaves the event loop free where this turn has been long: what is awaited is often there at once. Call it once for each of many objects.
   *
   * @throws the signal's reason
   */
  async pause(): Promise<void> {
    if (performance.now() < this.#turnEnd) return
    await inSlices(nothing(), this.signal)
    this.#turnEnd = performance.now() + SLICE_MS
  }

  /** Makes an object; what its constructor refuses is the fault of the file. */
  made<T>(path: string, make: () => T | Promise<T>): Promise<T> {
    return madeFrom(this.file.name, make, path)
  }

  /**
   * What is at each path, undefined where nothing is.
   *
   * @throws FormatError for an object that was found before, as links that lead back or to one object many times make a file endless
   */
  async describeAll(paths: readonly string[]): Promise<(Found | undefined)[]> {
    const all: (Found | undefined)[] = []
    for (let from = 0; from < paths.length; from += BATCH) {
      const some = await this.file.describeAll(paths.slice(from, from + BATCH), this.signal)
      for (const found of some) if (found) this.#add(found)
      all.push(...some)
    }
    return all
  }

  /** The children of a group, in order of their names' bytes. */
  async children(path: string, isTaken: (child: Hdf5Child) => boolean = () => true): Promise<Child[]> {
    const all = await this.file.children(path, this.signal)
    this.#requireFew(all.length)
    const children: Child[] = []
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH).filter(isTaken)
      const paths = batch.map(({ name }) => `${path === '/' ? '' : path}/${name}`)
      for (const [i, found] of (await this.describeAll(paths)).entries()) {
        const childPath = paths[i] as string
        if (!found) throw this.error('its link leads nowhere', childPath)
        children.push({ name: (batch[i] as Hdf5Child).name, path: childPath, found })
      }
    }
    return children
  }

  /** The dataset that was found at a path. */
  dataset(path: string, found: Found | undefined): Hdf5Dataset {
    if (found === undefined) throw this.error('it is not there', path)
    if (found.kind !== 'dataset') throw this.error('it is no dataset', path)
    return found
  }

  /** Makes room for the numbers of a dataset, which is filled before anything is finished. */
  room<T extends NumericArray = NumericArray>(dataset: Hdf5Dataset, type?: new (length: number) => T): T {
    if (dataset.type.dtype === undefined) throw this.error(dataset.problem ?? 'its elements are no numbers', dataset.path)
    const into = this.file.room(dataset, type)
    if (into.length === 0) return into
    this.#reads.push({ path: dataset.path, into })
    this.#bytes.push(into.byteLength)
    return into
  }

  /** Announces bytes that are read once all arrays are filled, as {@link reading} has it. Once. */
  readLater(bytes: number): void {
    this.#laterBytes = bytes
  }

  /** Fills all arrays. */
  async read({ onProgress, threads }: LoadOptions): Promise<void> {
    const options: ReadOptions = { signal: this.signal, threads }
    const progress = new ProgressSum(onProgress, sum(this.#bytes) + this.#laterBytes)
    for (let from = 0; from < this.#reads.length; from += BATCH) {
      const to = from + BATCH
      await this.file.read(this.#reads.slice(from, to), { ...options, onProgress: progress.next(sum(this.#bytes.slice(from, to))) })
    }
    this.reading = { ...options, onProgress: progress.next(this.#laterBytes) }
  }

  #add({ path, address }: Found): void {
    const before = this.#paths.get(address)
    if (before !== undefined) throw this.error(`it is the object at ${before} again`, path)
    this.#requireFew(1)
    this.#paths.set(address, path)
    this.#objects++
  }

  #requireFew(more: number): void {
    if (this.#objects + more > MOST_OBJECTS) throw this.file.error(`it has more than ${MOST_OBJECTS} groups and datasets`)
  }
}

/** Takes a turn. */
function* nothing(): Steps<void> {
  yield
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** The text of an attribute, undefined where it has none. */
export function textIn(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/**
 * The number of an attribute.
 *
 * @param missing - what it is where the object does not have it
 */
export function numberOf(walk: Walk, { path, attributes }: Found, name: string, missing?: number): number {
  const value = attributes.get(name)
  if (value === undefined && missing !== undefined) return missing
  const number = numberIn(value)
  if (number === undefined)
    throw walk.error(value === undefined ? `it has no attribute ${name}` : `its attribute ${name} is no number`, path)
  return number
}
