/**
 * Reads numpy's `.npz` archives: a zip of NPY files, whose names are those of the arrays.
 */
import { FormatError } from '../errors.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NpyHeader, Place } from './npy.js'
import { readNpyHeader, readNpyNumbers, readNpyTexts } from './npy.js'
import type { RandomAccess } from './random-access.js'
import type { ZipArchive } from './zip.js'

const EXTENSION = '.npy'

/** An array that is read as far as it is wanted. */
export interface OpenArray {
  /** Its NPY file. */
  readonly file: RandomAccess
  readonly header: NpyHeader
  readonly place: Place
  /** Where its NPY file begins in the archive; undefined of one that is deflated. */
  readonly storedAt: number | undefined
}

export class NpzArchive {
  readonly #zip: ZipArchive
  readonly #path: string
  readonly #signal: AbortSignal | undefined

  /** @param path - what errors call the file */
  constructor(zip: ZipArchive, path: string, signal: AbortSignal | undefined) {
    this.#zip = zip
    this.#path = path
    this.#signal = signal
  }

  /** @param path - what errors call the file */
  static async open(file: RandomAccess, path: string, signal?: AbortSignal): Promise<NpzArchive> {
    // Only now: most programs read no archives.
    const { ZipArchive } = await import('./zip.js')
    return new NpzArchive(await ZipArchive.open(file, path, signal), path, signal)
  }

  has(name: string): boolean {
    return this.#zip.has(name + EXTENSION)
  }

  /**
   * The NPY file of an array, and its header.
   *
   * @throws FormatError for an array that is not there
   */
  async array(name: string): Promise<{ file: RandomAccess; header: NpyHeader; place: Place }> {
    if (!this.has(name)) throw new FormatError(this.#path, `it has no array of this name`, name)
    const place = { path: this.#path, object: name }
    const file = await this.#zip.entry(name + EXTENSION, this.#signal)
    return { file, header: await readNpyHeader(file, place), place }
  }

  /**
   * Uses an array that may be large: only as much of it is inflated as is read.
   *
   * @throws FormatError for an array that is not there
   */
  async withArray<T>(name: string, use: (array: OpenArray) => Promise<T>): Promise<T> {
    if (!this.has(name)) throw new FormatError(this.#path, `it has no array of this name`, name)
    const place = { path: this.#path, object: name }
    return this.#zip.withEntry(name + EXTENSION, async (file, storedAt) =>
      use({ file, header: await readNpyHeader(file, place), place, storedAt }),
    )
  }

  /** The header of an array. */
  async header(name: string): Promise<NpyHeader> {
    return this.withArray(name, async ({ header }) => header)
  }

  /** An array of numbers, in C order. */
  async numbers(name: string): Promise<NumericArray> {
    const { file, header, place } = await this.array(name)
    return readNpyNumbers(file, header, place, this.#signal)
  }

  /** An array of one axis: numbers, or texts. */
  async values(name: string): Promise<NumericArray | readonly string[]> {
    const { file, header, place } = await this.array(name)
    if (header.dtype?.kind === 'U' || header.dtype?.kind === 'S') {
      return (await readNpyTexts(file, header, place, this.#signal)) as string[]
    }
    return readNpyNumbers(file, header, place, this.#signal)
  }

  /** A number that is an array of one element. */
  async number(name: string): Promise<number> {
    const numbers = await this.numbers(name)
    if (numbers.length !== 1) throw new FormatError(this.#path, `it has ${numbers.length} elements, not 1`, name)
    return Number(numbers[0])
  }
}
