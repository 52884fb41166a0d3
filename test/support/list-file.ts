/**
 * HDF5 files of lists in every type of numbers and either byte order, each list contiguous.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { bytesOf, itemBytesOf, type NumericArray } from '../../lib/memory/typed-arrays.js'
import { array, writeHdf5 } from './hdf5-plans.js'

/** How the datatypes of little-endian numbers begin in a file, and where the bit for big-endian ones is in them. */
const DATATYPES: Record<string, number[]> = {
  Float64Array: [0x11, 0x20, 0x3f, 0, 8, 0, 0, 0],
  Float32Array: [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0],
  BigInt64Array: [0x10, 0x08, 0, 0, 8, 0, 0, 0],
  Int32Array: [0x10, 0x08, 0, 0, 4, 0, 0, 0],
}
const ORDER_BYTE = 1

/** What a file holds. */
export interface Lists {
  /** Datasets of the root by their names. */
  readonly lists: Readonly<Record<string, NumericArray>>
  /** Attributes of the root, as int32. */
  readonly attributes?: Readonly<Record<string, number>>
  /** The list that is to be big-endian: no other object of the file has its type. */
  readonly bigEndian?: string
}

export async function writeLists(path: string, { lists, attributes = {}, bigEndian }: Lists): Promise<void> {
  const objects = Object.entries(lists).map(([name, data]) => array(name, data))
  // Object headers of the direct writer's have no checksums.
  await writeHdf5(
    { objects, attributes: Object.entries(attributes).map(([name, int32]) => ({ name, value: { int32 } })) },
    path,
    1,
    'direct',
  )
  if (bigEndian !== undefined) swap(path, lists[bigEndian] as NumericArray)
}

/** Makes a list big-endian, in place. */
function swap(path: string, list: NumericArray): void {
  const bytes = readFileSync(path)
  const datatype = Buffer.from(DATATYPES[list.constructor.name] as number[])
  const at = onlyPlace(bytes, datatype) + ORDER_BYTE
  bytes[at] = (bytes[at] as number) | 1
  if (list.length > 0) {
    const data = Buffer.from(bytesOf(list))
    const from = onlyPlace(bytes, data)
    const size = itemBytesOf(list)
    const swapped = bytes.subarray(from, from + data.length)
    if (size === 8) swapped.swap64()
    else swapped.swap32()
  }
  writeFileSync(path, bytes)
}

function onlyPlace(bytes: Buffer, wanted: Buffer): number {
  const at = bytes.indexOf(wanted)
  if (at < 0 || bytes.indexOf(wanted, at + 1) >= 0) throw new Error('Expected these bytes once.')
  return at
}
