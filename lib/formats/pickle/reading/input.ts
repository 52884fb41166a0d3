/**
 * The bytes of a pickle as its opcodes take them: from a window of the file, which moves along. Long data is read straight into memory of
 * its own, while the opcodes that follow are worked on.
 */
import type { RandomAccess } from '../../../files/random-access.js'
import { unsetBytes } from '../../../memory/allocation.js'
import { Slabs } from '../../../memory/slabs.js'
import type { BackgroundReads } from './background-reads.js'
import type { PickleFailures } from './failures.js'
import { StoredBytes } from './nodes.js'

/** Data from this size on is not read through the window. */
export const BULK_BYTES = 256 * 1024

/** The window is small after a jump, and grows as long as the opcodes are read one after another. */
const FIRST_WINDOW_BYTES = 64 * 1024
const WINDOW_BYTES_AFTER_JUMP = 4096
const MOST_WINDOW_BYTES = 2 ** 20

/** The longest line that is no text: numbers, names, indices. */
const MOST_LINE_BYTES = 8192

/** Where data is skipped: bytes and texts from these sizes on. Shorter texts are names, shorter bytes single numbers. */
const BYTES_SKIPPED = 64
const LONG_TEXT_SKIPPED = 4096

/** Bytes from this size on stay in the file where they are read later: shorter ones would cost more than they take. */
const BYTES_STORED = 512

/** What is read of a pickle: all, its structure, or all but long bytes. */
export type Extent = 'all' | 'structure' | 'short'

const NEWLINE = 0x0a

const NOTHING = new Uint8Array(0)

/** Thrown by the methods that take bytes, where the window has too few: {@link PickleInput.refill} gets them. */
export const STARVED = Symbol('starved')

export class PickleInput {
  readonly #file: RandomAccess
  readonly #reads: BackgroundReads
  readonly #failures: PickleFailures
  readonly #extent: Extent
  readonly #slabs = new Slabs()
  #memory: Buffer = Buffer.alloc(0)
  /** The part of the memory that is filled, and where in the file it is from. */
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0
  #at = 0
  #size = FIRST_WINDOW_BYTES
  /** Up to where in the file the window has to reach. */
  #neededEnd = 1
  /** Where the line at {@link offset} ends, or the search for its end goes on. */
  #lineEnd = -1
  #searchFrom = -1
  #skipped = 0
  #searched = 0

  /** How many bytes the opcodes have taken, without those that were skipped. */
  get taken(): number {
    return this.offset - this.#skipped
  }

  /** How many bytes were searched for the ends of long lines. */
  get searched(): number {
    return this.#searched
  }

  /** From this size on a text stays bytes. */
  readonly longTextBytes: number

  /** @param extent - of a `structure` the elements of arrays and long texts have no bytes */
  constructor(file: RandomAccess, reads: BackgroundReads, failures: PickleFailures, extent: Extent) {
    this.#file = file
    this.#reads = reads
    this.#failures = failures
    this.#extent = extent
    this.longTextBytes = extent === 'structure' ? LONG_TEXT_SKIPPED : BULK_BYTES
  }

  /** Where in the file the next byte is. */
  get offset(): number {
    return this.#windowStart + this.#at
  }

  /** Goes back to the beginning of an opcode that found too few bytes. */
  rewind(offset: number): void {
    this.#at = offset - this.#windowStart
  }

  /** How many bytes of the file follow. */
  get left(): number {
    return this.#file.size - this.offset
  }

  /** The next bytes, in memory that is overwritten later. */
  take(length: number): Buffer {
    const from = this.#at
    if (from + length > this.#window.length) this.#starve(length)
    this.#at = from + length
    return this.#window.subarray(from, this.#at)
  }

  uint8(): number {
    if (this.#at >= this.#window.length) this.#starve(1)
    return this.#window[this.#at++] as number
  }

  uint16(): number {
    return this.take(2).readUInt16LE()
  }

  uint32(): number {
    return this.take(4).readUInt32LE()
  }

  int32(): number {
    return this.take(4).readInt32LE()
  }

  /** A length of eight bytes. What no number holds exactly is beyond every file. */
  uint64(): number {
    const bytes = this.take(8)
    return bytes.readUInt32LE(4) * 2 ** 32 + bytes.readUInt32LE()
  }

  float64(): number {
    return this.take(8).readDoubleBE()
  }

  /** A line of a number or a name, without its end. */
  line(): string {
    const end = this.#window.indexOf(NEWLINE, this.#at)
    if (end >= 0 && end - this.#at <= MOST_LINE_BYTES) {
      const text = this.#window.toString('latin1', this.#at, end)
      this.#at = end + 1
      return text
    }
    const { length } = this.#window
    if (end >= 0 || length - this.#at > MOST_LINE_BYTES) throw this.#failures.at(`a line has more than ${MOST_LINE_BYTES} bytes`)
    return this.#starve(length - this.#at + 1)
  }

  /**
   * The bytes of a line of text, which may be of any length, without its end.
   *
   * @param read - `text` where a long one may be skipped
   */
  textLine(read: 'data' | 'text' = 'data'): Uint8Array {
    const start = this.offset
    if (this.#lineEnd < start) {
      const end = this.#window.indexOf(NEWLINE, this.#at)
      if (end < 0) {
        this.#searchFrom = this.#windowStart + this.#window.length
        return this.#starve(this.#window.length - this.#at + 1)
      }
      this.#lineEnd = this.#windowStart + end
    }
    const bytes = this[read](this.#lineEnd - start)
    this.#at++
    return bytes
  }

  /** The same as {@link data} for bytes that may be an array's elements. */
  bytes(length: number): Uint8Array | StoredBytes {
    if (this.#extent === 'short' && length >= BYTES_STORED) {
      this.#skip(length)
      return new StoredBytes(length)
    }
    return this.#extent === 'structure' && length >= BYTES_SKIPPED ? this.#skip(length) : this.data(length)
  }

  /** The same for text, or for bytes as text. */
  text(length: number): Uint8Array {
    return this.#extent === 'structure' && length >= LONG_TEXT_SKIPPED ? this.#skip(length) : this.data(length)
  }

  #skip(length: number): Uint8Array {
    if (length > this.left) throw this.#failures.cutOff()
    this.#at += length
    this.#skipped += length
    if (this.#at > this.#window.length) this.#size = WINDOW_BYTES_AFTER_JUMP
    return NOTHING
  }

  /**
   * Bytes of their own memory. Long ones arrive later, before {@link BackgroundReads.all} resolves.
   *
   * @throws FormatError for more than the file has left
   */
  data(length: number): Uint8Array {
    if (length > this.left) throw this.#failures.cutOff()
    if (length < BULK_BYTES) return this.#slabs.copyOf(this.take(length))
    const bytes = unsetBytes(length)
    const inWindow = Math.min(Math.max(0, this.#window.length - this.#at), length)
    bytes.set(this.#window.subarray(this.#at, this.#at + inWindow))
    this.#reads.add(bytes.subarray(inWindow), this.offset + inWindow)
    this.#at += length
    if (this.#at > this.#window.length) this.#size = WINDOW_BYTES_AFTER_JUMP
    return bytes
  }

  /** Moves the window on, so that it has the bytes that were missing, and returns how many bytes it has read. */
  async refill(signal: AbortSignal | undefined): Promise<number> {
    if (this.left === 0) throw this.#failures.cutOff()
    if (this.#searchFrom >= 0) await this.#findLineEnd(signal)
    const start = this.offset
    const kept = Math.max(0, this.#window.length - this.#at)
    const length = Math.min(Math.max(this.#neededEnd - start, this.#size), this.#file.size - start)
    const memory = this.#memory.length >= length ? this.#memory : Buffer.from(unsetBytes(length).buffer)
    if (kept > 0) this.#window.copy(memory, 0, this.#at)
    await this.#file.read(memory.subarray(kept, length), start + kept)
    this.#memory = memory
    this.#window = memory.subarray(0, length)
    this.#windowStart = start
    this.#at = 0
    this.#size = Math.min(this.#size * 4, MOST_WINDOW_BYTES)
    return length - kept
  }

  /** Reads on to the end of a line that is longer than the window. */
  async #findLineEnd(signal: AbortSignal | undefined): Promise<void> {
    const memory = Buffer.from(unsetBytes(Math.min(MOST_WINDOW_BYTES, this.#file.size - this.#searchFrom)).buffer)
    let from = this.#searchFrom
    this.#searchFrom = -1
    while (this.#lineEnd < from) {
      const part = memory.subarray(0, this.#file.size - from)
      if (part.length === 0) throw this.#failures.cutOff()
      await this.#file.read(part, from)
      signal?.throwIfAborted()
      this.#searched += part.length
      const found = part.indexOf(NEWLINE)
      if (found >= 0) this.#lineEnd = from + found
      else from += part.length
    }
  }

  #starve(needed: number): never {
    if (needed > this.left) throw this.#failures.cutOff()
    this.#neededEnd = this.offset + needed
    throw STARVED
  }
}
