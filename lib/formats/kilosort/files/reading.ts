/**
 * Reads existing files in blocks: no file is in memory as a whole, and none holds the JS thread.
 */
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import type { NpyDescription } from './npy.js'
import { MAX_HEADER_BYTES, readNpyHeader } from './npy.js'

/** The bytes compared in one turn of the event loop: a fraction of a millisecond. */
const BLOCK_BYTES = 2 ** 20

/** A file that is open for reading. */
export interface OpenFile {
  size: number
  /** The bytes from a place on, at most to the end of the file. */
  read: (start: number, length: number) => Promise<Buffer>
  /** All bytes from a place on, in blocks, each of which holds until the next. */
  blocks: (start: number) => AsyncGenerator<Buffer, void>
}

/** Uses a regular file; undefined where there is none. */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T | undefined> {
  // A pipe would be waited for otherwise.
  const handle = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NONBLOCK))
  if (!handle) return undefined
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) return undefined
    const { size } = stats
    return await use({
      size,
      read: (start, length) => readInto(handle, Buffer.alloc(Math.min(length, Math.max(0, size - start))), start),
      async *blocks(start) {
        const block = Buffer.alloc(Math.min(BLOCK_BYTES, Math.max(0, size - start)))
        for (let at = start; at < size; at += block.length) yield await readInto(handle, block.subarray(0, size - at), at)
      },
    })
  } finally {
    await handle.close()
  }
}

/** Uses an NPY file in our form whose size agrees with its header; undefined for anything else. */
export async function withNpyFile<T>(path: string, use: (file: OpenFile, array: NpyDescription) => Promise<T>): Promise<T | undefined> {
  return withFile(path, async (file) => {
    const array = readNpyHeader(await file.read(0, MAX_HEADER_BYTES))
    if (!array) return undefined
    const bytes = array.shape.reduce((product, length) => product * length, Number(array.dtype.slice(2)))
    return file.size === array.start + bytes ? use(file, array) : undefined
  })
}

/** Whether there are two files with the same bytes. */
export async function areSame(path: string, otherPath: string, signal: AbortSignal | undefined): Promise<boolean> {
  const same = await withFile(path, (file) =>
    withFile(otherPath, async (other) => {
      if (file.size !== other.size) return false
      const otherBlocks = other.blocks(0)
      for await (const block of file.blocks(0)) {
        signal?.throwIfAborted()
        const { value } = await otherBlocks.next()
        if (!value?.equals(block)) return false
      }
      return true
    }),
  )
  return same ?? false
}

/** Whether there is a folder at a path, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path)))?.isDirectory() ?? false
}

/** The result of a call, undefined for ENOENT and ENOTDIR: the export reports these itself. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
}

/** Fills a buffer from a place in a file on, shorter where the file has become so. */
async function readInto(handle: FileHandle, buffer: Buffer, start: number): Promise<Buffer> {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, start + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}
