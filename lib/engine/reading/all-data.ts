/**
 * Reads everything in an HDF5 file, so that damage anywhere in it is found.
 */
import { unset } from '../../memory/allocation.js'
import { pinOwn } from '../../memory/buffers.js'
import { itemBytesOf } from '../../memory/typed-arrays.js'
import type { Hdf5Dataset } from './hdf5-description.js'
import { arrayTypeFor } from './hdf5-description.js'
import type { Hdf5File, ReadOptions } from './hdf5-file.js'

/** What is read at once, and the most that is where rows or chunks are longer. */
const BLOCK_BYTES = 2 ** 24
const LONGEST_BLOCK = 2 ** 28

/** What keeps an object from being read: an error, or why it is left out. */
export interface ReadFailure {
  readonly path: string
  readonly error?: unknown
  readonly skipped?: string
}

/** All datasets of a file, each once, and what cannot be described. */
async function* datasetsIn(file: Hdf5File, signal: AbortSignal | undefined): AsyncGenerator<Hdf5Dataset | ReadFailure> {
  const seen = new Set<number>()
  const open = ['/']
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    try {
      const prefix = group === '/' ? '' : group
      const children = (await file.children(group, signal)).filter(({ address, kind }) => {
        const isNew = kind !== 'nothing' && !seen.has(address)
        seen.add(address)
        return isNew
      })
      open.push(...children.filter(({ kind }) => kind === 'group').map(({ name }) => `${prefix}/${name}`))
      for (const { name } of children) {
        const path = `${prefix}/${name}`
        yield await file.describe(path, signal).then(
          (object) => (object?.kind === 'dataset' ? object : { path }),
          (error: unknown) => ({ path, error }),
        )
      }
    } catch (error) {
      yield { path: group, error }
    }
  }
}

/**
 * Reads all datasets of a file, in blocks of bounded size.
 *
 * @returns what cannot be read, one after the other
 */
export async function* readEverything(file: Hdf5File, options: ReadOptions): AsyncGenerator<ReadFailure> {
  for await (const object of datasetsIn(file, options.signal)) {
    options.signal?.throwIfAborted()
    if (!('kind' in object)) {
      if (object.error !== undefined) yield object
      continue
    }
    const { path } = object
    try {
      const skipped = await readAll(file, object, options)
      if (skipped !== undefined) yield { path, skipped }
    } catch (error) {
      yield { path, error }
    }
  }
}

/** Reads all of a dataset; returns why that is not done. */
async function readAll(file: Hdf5File, dataset: Hdf5Dataset, options: ReadOptions): Promise<string | undefined> {
  const { path, shape, layout, chunk, problem, type } = dataset
  if (problem !== undefined) return problem
  const rowItems = shape.slice(1).reduce((product, axis) => product * axis, 1)
  const rows = shape[0] ?? 1
  if (rows * rowItems === 0) return undefined
  const arrayType = arrayTypeFor(type)
  if (arrayType === undefined) {
    await file.texts(dataset, options.signal)
    return undefined
  }
  const rowBytes = rowItems * itemBytesOf(new arrayType(0))
  // Whole chunks, so that each is decompressed once.
  const step = layout === 'chunked' ? (chunk[0] ?? 1) : 1
  const atOnce = Math.min(rows, Math.max(1, Math.floor(BLOCK_BYTES / (rowBytes * step))) * step)
  if (atOnce * rowBytes > LONGEST_BLOCK) return `${atOnce} of its rows, which have to be read together, have ${atOnce * rowBytes} bytes`
  const room = unset(arrayType, atOnce * rowItems)
  for (let firstRow = 0; firstRow < rows; firstRow += atOnce) {
    const into = room.subarray(0, Math.min(atOnce, rows - firstRow) * rowItems)
    await file.read([{ path, firstRow, into: pinOwn(into) }], options)
  }
  return undefined
}
