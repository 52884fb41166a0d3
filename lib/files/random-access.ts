/**
 * Bytes that are read from any position: a file, a part of one, or memory. Nothing that is read is trusted: sizes are checked before
 * memory is allocated, and a file that changes meanwhile is an error.
 */
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { FormatError } from '../errors.js'

/** Bytes that are read from any position. */
export interface RandomAccess {
  /** The number of bytes. */
  readonly size: number
  /**
   * Fills `target` with the bytes from `position` on, which must be there.
   *
   * @throws FormatError for a file that has become shorter
   */
  read(target: Uint8Array, position: number): Promise<void>
}

/** The most bytes that are read between two looks at a signal, and in one call of the system. */
const MOST_BYTES_A_READ = 4 * 2 ** 20

/** So that opening a named pipe does not wait for its writer. Windows has no such flag. */
const NON_BLOCKING = (constants.O_NONBLOCK as number | undefined) ?? 0

/**
 * Runs `use` with an open file, which is closed afterwards in every case.
 *
 * @param absolute - its absolute path
 * @param path - what errors call it
 * @throws FormatError for anything but a regular file, and for a file that changes before `use` has ended
 * @throws Error with the file system's `code`
 */
export async function withFile<T>(absolute: string, path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const handle = await open(absolute, constants.O_RDONLY | NON_BLOCKING)
  try {
    const before = await handle.stat({ bigint: true })
    if (before.isDirectory()) throw new FormatError(path, 'it is a folder')
    if (!before.isFile()) throw new FormatError(path, 'it is not a regular file')
    const result = await use(new OpenFile(handle, path, Number(before.size)))
    const after = await handle.stat({ bigint: true })
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw new FormatError(path, 'it has changed while it was read')
    return result
  } finally {
    await handle.close()
  }
}

class OpenFile implements RandomAccess {
  readonly #handle: FileHandle
  readonly #path: string

  constructor(
    handle: FileHandle,
    path: string,
    readonly size: number,
  ) {
    this.#handle = handle
    this.#path = path
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      const length = Math.min(target.length - filled, MOST_BYTES_A_READ)
      const { bytesRead } = await this.#handle.read(target, filled, length, position + filled)
      if (bytesRead === 0) throw new FormatError(this.#path, 'it has become shorter while it was read')
      filled += bytesRead
    }
  }
}

/**
 * The same piece by piece, so that a signal need not wait for all of it.
 *
 * @throws the signal's reason
 */
export async function readInPieces(
  file: RandomAccess,
  target: Uint8Array,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let from = 0; from < target.length; from += MOST_BYTES_A_READ) {
    await file.read(target.subarray(from, from + MOST_BYTES_A_READ), position + from)
    signal?.throwIfAborted()
  }
}

/** `size` bytes of another from `start` on, which has them. */
export class Part implements RandomAccess {
  readonly #whole: RandomAccess
  readonly #start: number

  constructor(
    whole: RandomAccess,
    start: number,
    readonly size: number,
  ) {
    this.#whole = whole
    this.#start = start
  }

  read(target: Uint8Array, position: number): Promise<void> {
    return this.#whole.read(target, this.#start + position)
  }
}

/** Bytes in memory. */
export class InMemory implements RandomAccess {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get size(): number {
    return this.#bytes.length
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    if (position + target.length > this.size) throw new RangeError('Expected a position from which all bytes are there.')
    target.set(this.#bytes.subarray(position, position + target.length))
  }
}
