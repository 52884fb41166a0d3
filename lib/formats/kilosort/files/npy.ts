/**
 * NPY files, byte for byte what `numpy.save` of numpy 1.24 or later writes.
 */
import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import type { Source } from '../../../engine/plan/sources.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { dtypeOf } from '../../../memory/typed-arrays.js'

/** Spare room for the digits of the axis an array grows along, so that numpy can append to a file in place. */
const GROWTH_AXIS_MAX_DIGITS = 21

const MAGIC = '\x93NUMPY'

/** The whole header, magic included, is a multiple of this many bytes. */
const ALIGNMENT = 64

/** The longest header that is read: ours have at most three axes, and are half as long. */
export const MAX_HEADER_BYTES = 4 * ALIGNMENT

/**
 * Everything in an NPY file that precedes the data: magic, version, length and the description of the array.
 *
 * @param dtype - the numpy type string, such as `<f8`
 * @param shape - the length of each axis; `[]` is a scalar
 * @param fortranOrder - whether the first index runs fastest
 */
export function npyHeader(dtype: string, shape: readonly number[], fortranOrder = false): Uint8Array {
  const order = fortranOrder ? 'True' : 'False'
  const description = `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': ${pythonTuple(shape)}, }`
  const text = description + ' '.repeat(growthPadding(shape, fortranOrder))
  return versioned(text, 1) ?? (versioned(text, 2) as Uint8Array)
}

/** The header in format version 1.0 or 2.0, which differ in the width of the length; undefined where the length does not fit. */
function versioned(text: string, version: 1 | 2): Uint8Array | undefined {
  const lengthBytes = version === 1 ? 2 : 4
  const start = MAGIC.length + 2 + lengthBytes
  const unpadded = text.length + 1
  // Like numpy, a header that already ends on the boundary gets another 64 bytes.
  const length = unpadded + ALIGNMENT - ((start + unpadded) % ALIGNMENT)
  if (length >= 2 ** (8 * lengthBytes)) return undefined
  const header = Buffer.alloc(start + length, ' ')
  header.write(MAGIC, 'latin1')
  header.writeUInt16LE(version, MAGIC.length)
  header.writeUIntLE(length, MAGIC.length + 2, lengthBytes)
  header.write(text, start, 'latin1')
  header.write('\n', start + length - 1)
  return header
}

function growthPadding(shape: readonly number[], fortranOrder: boolean): number {
  const axis = fortranOrder ? shape.at(-1) : shape[0]
  return axis === undefined ? 0 : Math.max(0, GROWTH_AXIS_MAX_DIGITS - String(axis).length)
}

function pythonTuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/** The description of an array, and where its elements begin. */
export interface NpyDescription {
  dtype: string
  shape: number[]
  start: number
}

/** What {@link npyHeader} has written, at the beginning of these bytes, in C order and version 1.0; undefined for anything else. */
export function readNpyHeader(bytes: Buffer): NpyDescription | undefined {
  const head = /^\x93NUMPY\x01\x00..\{'descr': '([<|]\w+)', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n/s.exec(
    bytes.toString('latin1', 0, MAX_HEADER_BYTES),
  )
  if (!head) return undefined
  const [text, dtype = '', axes = ''] = head
  return { dtype, shape: axes.split(',').filter(Boolean).map(Number), start: text.length }
}

/** A source as `numpy.save` writes it. */
export function npyFile(name: string, dtype: string, shape: readonly number[], source: Source): PlainFile {
  return {
    name,
    segments: [
      { segment: 'bytes', bytes: npyHeader(dtype, shape) },
      { segment: 'sourceData', source },
    ],
  }
}

/** An array as `numpy.save` writes it. */
export function npyArrayFile(name: string, data: NumericArray, shape: readonly number[] = [data.length]): PlainFile {
  return npyFile(name, dtypeOf(data), shape, { kind: 'array', data, shape })
}
