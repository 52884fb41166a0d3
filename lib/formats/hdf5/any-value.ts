/**
 * Whether a dataset holds any value, by a little of it.
 */
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import { arrayTypeFor } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import { zeros } from '../../memory/allocation.js'
import { sizeOf } from '../../memory/ndarray.js'
import { itemBytesOf } from '../../memory/typed-arrays.js'
import { inRanges, inSlices } from '../../steps.js'

/** What is read at most: less than a millisecond. */
const MOST_BYTES = 2 ** 18

/** A chunk is decoded as a whole. */
const MOST_OF_CHUNK = 2 ** 22

/**
 * Whether any element of a dataset that can be read is a value: a number but NaN, a text but an empty one, an object that a reference leads to.
 *
 * @returns undefined where that is not known without reading more than a little
 */
export async function anyValue(file: Hdf5File, dataset: Hdf5Dataset, signal: AbortSignal | undefined): Promise<boolean | undefined> {
  const { path, type, shape, chunk, bytes } = dataset
  const [rows = 1, ...rest] = shape
  const width = sizeOf(rest)
  if (rows * width === 0) return false
  if (type.kind === 'text' || type.kind === 'reference') {
    return bytes > MOST_BYTES ? undefined : (await file.texts(dataset, signal)).some((text) => text !== '')
  }
  const arrayType = arrayTypeFor(type)
  if (arrayType === undefined || !type.dtype?.includes('f')) return true
  const itemBytes = itemBytesOf(new arrayType(0))
  const mostRows = Math.floor(MOST_BYTES / (width * itemBytes))
  if (mostRows === 0 || sizeOf(chunk) * itemBytes > MOST_OF_CHUNK) return undefined
  const numbers = zeros(arrayType, Math.min(rows, mostRows) * width)
  await file.read([{ path, into: numbers }], { signal })
  let isAny = false
  const look = inRanges(numbers.length, (from, to) => {
    for (let i = from; !isAny && i < to; i++) isAny = !Number.isNaN(numbers[i])
  })
  await inSlices(look, signal)
  return isAny || (mostRows < rows ? undefined : false)
}
