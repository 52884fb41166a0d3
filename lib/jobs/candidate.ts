/**
 * What a path leads to, as far as formats look at it to recognise their own: each part is read once, by the first format that asks for it.
 */
import { opendir } from 'node:fs/promises'
import type { Hdf5Dataset, Hdf5Group } from '../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../engine/reading/hdf5-file.js'
import { Hdf5File as File } from '../engine/reading/hdf5-file.js'
import { FormatError } from '../errors.js'
import { hasHdf5 } from '../files/hdf5-signature.js'
import { NpzArchive } from '../files/npz.js'
import type { RandomAccess } from '../files/random-access.js'
import { InMemory, withFile } from '../files/random-access.js'
import type { ZipArchive } from '../files/zip.js'
import { entryPath } from '../storage/paths.js'
import type { LoadCall, LoadOptions } from './load-call.js'

/** How much of the beginning of a file is read. */
const START_BYTES = 4096

/** More names of a folder are not looked at. */
export const MOST_NAMES = 16_384

/** Of an archive, and of one without entries. */
const ZIP = ['PK\x03\x04', 'PK\x05\x06']

/** What is at a path of an HDF5 file. */
type Found = Hdf5Group | Hdf5Dataset | undefined

/** Paths that are looked up together. */
interface Batch {
  readonly paths: string[]
  readonly found: Promise<Found[]>
}

/** Where a candidate is. */
export type Place = Pick<LoadCall<LoadOptions>, 'path' | 'absolute'> & { readonly signal: AbortSignal | undefined }

/** What was read of it already: of a file or of a folder. */
interface Contents {
  readonly bytes?: RandomAccess
  readonly start?: string
  readonly isHdf5?: boolean
  readonly names?: readonly string[]
}

/** A file or folder whose format is to be recognised. */
export class Candidate {
  /** The path as the caller gave it. */
  readonly path: string
  readonly absolute: string
  readonly signal: AbortSignal | undefined
  /** The bytes of a file; none of a folder. */
  readonly bytes: RandomAccess
  /** The first bytes of a file, one character each. */
  readonly start: string
  /** What is in a folder; undefined for a file. */
  readonly folder: ReadonlySet<string> | undefined
  /** Whether a folder has more names than {@link folder}. */
  readonly hasMoreNames: boolean
  /** Whether it is an HDF5 file: MATLAB has 512 bytes of text before its beginning, others any power of two from there on. */
  readonly isHdf5: boolean
  #hdf5: Promise<Hdf5File> | undefined
  readonly #found = new Map<string, Promise<Found>>()
  #batch: Batch | undefined
  #zip: Promise<ZipArchive> | undefined

  private constructor(place: Place, { bytes = new InMemory(Buffer.alloc(0)), start = '', isHdf5 = false, names }: Contents) {
    this.path = place.path
    this.absolute = place.absolute
    this.signal = place.signal
    this.bytes = bytes
    this.start = start
    this.folder = names && new Set(names.slice(0, MOST_NAMES))
    this.hasMoreNames = names !== undefined && names.length > MOST_NAMES
    this.isHdf5 = isHdf5
  }

  /**
   * Looks at what is at a path; what was opened is closed afterwards.
   *
   * @throws FormatError for what is neither a folder nor a regular file
   * @throws Error with the file system's `code`
   */
  static async with<T>(place: Place, isFolder: boolean, use: (candidate: Candidate) => Promise<T>): Promise<T> {
    const { absolute, path, signal } = place
    if (isFolder) return use(new Candidate(place, { names: await namesIn(absolute, signal) }))
    return withFile(absolute, path, async (bytes) => {
      const start = await startOf(bytes)
      // The directory of an archive is at its end, and a file in it may be anything.
      const isHdf5 = !isZip(start) && (await hasHdf5(bytes, start))
      signal?.throwIfAborted()
      const candidate = new Candidate(place, { bytes, start, isHdf5 })
      try {
        return await use(candidate)
      } finally {
        await candidate.#close()
      }
    })
  }

  /** The HDF5 file, which is closed for those who ask for it. */
  async hdf5(): Promise<Hdf5File> {
    return (this.#hdf5 ??= File.open(this.absolute, this.path, this.signal))
  }

  /** The root group of the HDF5 file; undefined for anything else. */
  root(): Promise<Found> {
    return this.describe('/')
  }

  /**
   * What is at a path of the HDF5 file; undefined where nothing is, or what cannot be read, and for anything else. Each path is looked up once,
   * and those that are asked for while the file is being opened in one go.
   */
  describe(path: string): Promise<Found> {
    if (!this.isHdf5) return Promise.resolve(undefined)
    const known = this.#found.get(path)
    if (known) return known
    const found = this.#lookUp(path)
    this.#found.set(path, found)
    return found
  }

  /** The same for several paths. */
  describeAll(...paths: readonly string[]): Promise<Found[]> {
    return Promise.all(paths.map((path) => this.describe(path)))
  }

  async #lookUp(path: string): Promise<Found> {
    const batch = (this.#batch ??= { paths: [], found: this.#lookUpBatch() })
    const at = batch.paths.push(path) - 1
    return (await batch.found)[at]
  }

  async #lookUpBatch(): Promise<Found[]> {
    const file = await this.hdf5()
    const { paths } = this.#batch as Batch
    this.#batch = undefined
    // A link that leads out of the file is an error, for all of them: then the others count.
    return file.describeAll(paths, this.signal).catch((error: unknown) => {
      if (error instanceof FormatError) return Promise.all(paths.map((path) => this.#unlessWrong(file, path)))
      throw error
    })
  }

  async #unlessWrong(file: Hdf5File, path: string): Promise<Found> {
    return file.describe(path, this.signal).catch((error: unknown) => {
      if (error instanceof FormatError) return undefined
      throw error
    })
  }

  /** @internal The zip archive; undefined for anything else. */
  async zip(): Promise<ZipArchive | undefined> {
    if (!isZip(this.start)) return undefined
    return (this.#zip ??= this.#archive())
  }

  async #archive(): Promise<ZipArchive> {
    const { ZipArchive } = await import('../files/zip.js')
    return ZipArchive.open(this.bytes, this.path, this.signal)
  }

  /** Whether an archive has arrays of all these names, as numpy's `.npz` has them. */
  async hasArrays(...names: readonly string[]): Promise<boolean> {
    const npz = await this.npz()
    return npz !== undefined && names.every((name) => npz.has(name))
  }

  /** The archive as one of numpy's; undefined for anything else. */
  async npz(): Promise<NpzArchive | undefined> {
    const zip = await this.zip()
    return zip && new NpzArchive(zip, this.path, this.signal)
  }

  /** The first bytes of a file in the folder, one character each. */
  async startOf(name: string): Promise<string> {
    return withFile(entryPath(this.absolute, name), entryPath(this.path, name), startOf)
  }

  async #close(): Promise<void> {
    // A file that could not be opened is not open.
    const file = await this.#hdf5?.catch(() => undefined)
    await file?.close()
  }
}

async function startOf(file: RandomAccess): Promise<string> {
  const start = Buffer.alloc(Math.min(file.size, START_BYTES))
  await file.read(start, 0)
  return start.toString('latin1')
}

function isZip(start: string): boolean {
  return ZIP.some((magic) => start.startsWith(magic))
}

/** The names in a folder, and one more than are looked at where there are more. */
async function namesIn(absolute: string, signal: AbortSignal | undefined): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of await opendir(absolute)) {
    signal?.throwIfAborted()
    names.push(name)
    if (names.length > MOST_NAMES) break
  }
  return names
}
