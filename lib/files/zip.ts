/**
 * Zip archives, such as numpy's `.npz`: entries that are stored are read where they are, others inflated, in memory or piece by piece. Names,
 * sizes and places are checked first: an archive cannot lead out of itself, nor become more than its own bytes can.
 */
import { pipeline, Readable } from 'node:stream'
import type { InflateRaw } from 'node:zlib'
import { crc32, createInflateRaw } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import { FormatError } from '../errors.js'
import { unsetBytes } from '../memory/allocation.js'
import type { RandomAccess } from './random-access.js'
import { InMemory, Part } from './random-access.js'

/** More entries than any archive of arrays has. */
const MOST_ENTRIES = 10_000

/** DEFLATE makes at most this many bytes of one. */
const MOST_GROWTH = 1032

const OTHER_DATA = 'its data is not what the directory states'

const STORED = 0
const DEFLATED = 8

/** How many bytes are inflated in one go. */
const PIECE_BYTES = 256 * 1024

/** An archive that is open as long as its file is. */
export class ZipArchive {
  readonly #file: RandomAccess
  readonly #reader: Reader
  readonly #zip: ZipFile
  readonly #path: string
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(file: RandomAccess, reader: Reader, zip: ZipFile, path: string, entries: ReadonlyMap<string, Entry>) {
    this.#file = file
    this.#reader = reader
    this.#zip = zip
    this.#path = path
    this.#entries = entries
  }

  /**
   * Reads the directory of an archive.
   *
   * @param path - what errors call the file
   * @throws FormatError for a file that is no archive, and for entries that are encrypted, overlap, appear twice or have names that lead
   *   elsewhere
   */
  static async open(file: RandomAccess, path: string, signal?: AbortSignal): Promise<ZipArchive> {
    const entries = new Map<string, Entry>()
    let compressedBytes = 0
    const reader = new Reader(file)
    const options = { strictFileNames: true, autoClose: false }
    const zip = await reader.orFailed(path, fromRandomAccessReaderPromise(reader, file.size, options))
    if (zip.entryCount > MOST_ENTRIES) throw new FormatError(path, `it has ${zip.entryCount} entries, more than ${MOST_ENTRIES}`)
    const each = zip.eachEntry()
    for (let next = await reader.orFailed(path, each.next()); !next.done; next = await reader.orFailed(path, each.next())) {
      signal?.throwIfAborted()
      const entry: Entry = next.value
      const { fileName, compressedSize } = entry
      if (entries.has(fileName)) throw new FormatError(path, 'two entries have this name', fileName)
      if (entry.isEncrypted()) throw new FormatError(path, 'it is encrypted', fileName)
      compressedBytes += compressedSize
      if (compressedBytes > file.size) throw new FormatError(path, 'its entries overlap', fileName)
      entries.set(fileName, entry)
    }
    return new ZipArchive(file, reader, zip, path, entries)
  }

  /** The names of all entries, in the order of the directory. */
  get names(): string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /**
   * The bytes of an entry.
   *
   * @throws FormatError for an entry that is not there, is compressed in another way, or is damaged
   */
  async entry(name: string, signal?: AbortSignal): Promise<RandomAccess> {
    const { entry, part } = await this.#find(name)
    const path = this.#path
    if (entry.compressionMethod === STORED) return part
    const inflating = inflated(part, entry.uncompressedSize, signal).catch((error: unknown) => {
      throw isZlibError(error) ? new FormatError(path, 'its compressed data is damaged', name, error) : error
    })
    const { bytes, checksum, isWhole } = await inflating
    if (!isWhole || checksum !== entry.crc32) throw new FormatError(path, OTHER_DATA, name)
    return new InMemory(bytes)
  }

  /**
   * Uses an entry that may be large: a deflated one is inflated as far as it is read, and never in memory as a whole. Its checksum is compared
   * once all of it was inflated. Reading it backwards inflates it again from its beginning.
   *
   * @param use - is given its bytes, and where they begin in the archive if they are stored
   */
  async withEntry<T>(name: string, use: (bytes: RandomAccess, storedAt: number | undefined) => Promise<T>): Promise<T> {
    const { entry, part, start } = await this.#find(name)
    if (entry.compressionMethod === STORED) return use(part, start)
    const damaged = (cause?: unknown) => new FormatError(this.#path, 'its compressed data is damaged', name, cause)
    const bytes = new Inflated(part, entry, damaged, () => new FormatError(this.#path, OTHER_DATA, name))
    try {
      return await use(bytes, undefined)
    } finally {
      bytes.close()
    }
  }

  /** An entry that can be read, and its bytes as they are in the archive. */
  async #find(name: string): Promise<{ entry: Entry; part: Part; start: number }> {
    const entry = this.#entries.get(name)
    const path = this.#path
    if (!entry) throw new FormatError(path, 'it has no such entry', name)
    const { compressionMethod, compressedSize, uncompressedSize } = entry
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
      throw new FormatError(path, `it is compressed by method ${compressionMethod}, and only stored and deflated entries are read`, name)
    }
    if (uncompressedSize > MOST_GROWTH * compressedSize) {
      throw new FormatError(path, `it claims ${uncompressedSize} bytes in ${compressedSize} compressed ones`, name)
    }
    const { fileDataStart } = await this.#reader.orFailed(path, this.#zip.readLocalFileHeaderPromise(entry, { minimal: true }))
    return { entry, part: new Part(this.#file, fileDataStart, compressedSize), start: fileDataStart }
  }
}

/** A deflated entry, inflated as far as it is read: nothing but the current piece of it is in memory. */
class Inflated implements RandomAccess {
  readonly size: number
  readonly #part: RandomAccess
  readonly #crc32: number
  readonly #damaged: (cause?: unknown) => FormatError
  readonly #other: () => FormatError
  #stream: InflateRaw | undefined
  #pieces: AsyncIterator<Buffer> | undefined
  /** The piece that was inflated last, from where it has not been read yet. */
  #piece: Buffer = Buffer.alloc(0)
  /** Where this piece is in the entry. */
  #at = 0
  /** How many bytes were inflated, and their checksum. */
  #inflated = 0
  #checksum = 0

  /**
   * @param damaged - the error for data that cannot be inflated
   * @param other - the error for data of another checksum, or another length, than the directory states
   */
  constructor(
    part: RandomAccess,
    { uncompressedSize, crc32 }: Pick<Entry, 'uncompressedSize' | 'crc32'>,
    damaged: (cause?: unknown) => FormatError,
    other: () => FormatError,
  ) {
    this.size = uncompressedSize
    this.#part = part
    this.#crc32 = crc32
    this.#damaged = damaged
    this.#other = other
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    if (!this.#pieces || position < this.#at) this.#restart()
    for (let filled = 0; filled < target.length; ) {
      if (this.#piece.length === 0) this.#piece = await this.#next()
      const skipped = Math.min(position + filled - this.#at, this.#piece.length)
      const taken = Math.min(this.#piece.length - skipped, target.length - filled)
      target.set(this.#piece.subarray(skipped, skipped + taken), filled)
      filled += taken
      this.#at += skipped + taken
      this.#piece = this.#piece.subarray(skipped + taken)
    }
  }

  close(): void {
    this.#stream?.destroy()
  }

  #restart(): void {
    this.close()
    this.#piece = Buffer.alloc(0)
    this.#at = 0
    this.#inflated = 0
    this.#checksum = 0
    const stream = createInflateRaw({ chunkSize: PIECE_BYTES })
    // Errors of either come out of the iterator.
    pipeline(Readable.from(pieces(this.#part)), stream, () => {})
    this.#stream = stream
    this.#pieces = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  }

  async #next(): Promise<Buffer> {
    try {
      const { value, done } = await (this.#pieces as AsyncIterator<Buffer>).next()
      if (done) throw this.#damaged()
      this.#inflated += value.length
      this.#checksum = crc32(value, this.#checksum)
      const isWrong = this.#inflated > this.size || (this.#inflated === this.size && this.#checksum !== this.#crc32)
      if (isWrong) throw this.#other()
      return value
    } catch (error) {
      throw isZlibError(error) ? this.#damaged(error) : error
    }
  }
}

/** Inflates up to as many bytes as the directory states. */
async function inflated(part: RandomAccess, size: number, signal: AbortSignal | undefined) {
  const bytes = unsetBytes(size)
  let filled = 0
  let checksum = 0
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES })
  // Errors of either come out of the loop.
  pipeline(Readable.from(pieces(part)), inflate, () => {})
  for await (const piece of inflate as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    if (filled + piece.length > size) return { bytes, checksum, isWhole: false }
    bytes.set(piece, filled)
    filled += piece.length
    checksum = crc32(piece, checksum)
  }
  return { bytes, checksum, isWhole: filled === size }
}

async function* pieces(part: RandomAccess): AsyncGenerator<Buffer> {
  for (let from = 0; from < part.size; from += PIECE_BYTES) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, part.size - from))
    await part.read(piece, from)
    yield piece
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}

/** A file as yauzl reads it. */
class Reader extends RandomAccessReader {
  readonly #file: RandomAccess
  #fail: (error: unknown) => void = () => {}

  constructor(file: RandomAccess) {
    super()
    this.#file = file
  }

  /** What yauzl rejects with, or throws where it is called back, is the fault of the archive; what the file rejects with is itself. */
  async orFailed<T>(path: string, promise: Promise<T>): Promise<T> {
    const failed = new Promise<never>((_, reject) => (this.#fail = reject))
    try {
      return await Promise.race([promise, failed])
    } catch (error) {
      const isOther = error instanceof FormatError || !(error instanceof Error) || ('code' in error && 'syscall' in error)
      throw isOther ? error : new FormatError(path, `it is no valid zip archive (${error.message})`, undefined, error)
    }
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const isThere = position >= 0 && position + length <= this.#file.size
    const reading = isThere
      ? this.#file.read(buffer.subarray(offset, offset + length), position)
      : Promise.reject(new Error('it is cut off'))
    reading
      .then(
        () => callback(null),
        (error: Error) => callback(error),
      )
      .catch((error: unknown) => this.#fail(error))
  }

  override _readStreamForRange(): never {
    throw new Error('Entries are not read through yauzl.')
  }
}
