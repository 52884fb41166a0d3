/**
 * Raw samples for tests.
 */
import { createHash } from 'node:crypto'
import type { NumericArray, RawDtype } from '../../lib/index.js'

/** The arrays of raw samples by the names of their types. */
export const TYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<RawDtype, unknown>

/** Bits at random, samples × channels: NaN of every kind among floating-point numbers. */
export function noise(dtype: RawDtype, length: number, seed = 1): NumericArray {
  const type = TYPES[dtype]
  const bytes = new Uint8Array(length * type.BYTES_PER_ELEMENT)
  let state = seed
  for (let i = 0; i < bytes.length; i++) bytes[i] = (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16
  return new type(bytes.buffer)
}

/** The same samples as channels × samples. As bytes: JavaScript changes NaNs that it reads and writes. */
export function transposed<T extends NumericArray>(data: T, channels: number): T {
  const { BYTES_PER_ELEMENT: size, length } = data
  const from = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const to = new Uint8Array(from.length)
  for (let i = 0; i < length; i++) {
    const at = ((i % channels) * (length / channels) + Math.floor(i / channels)) * size
    for (let byte = 0; byte < size; byte++) to[at + byte] = from[i * size + byte] as number
  }
  return new (data.constructor as new (buffer: ArrayBuffer) => T)(to.buffer)
}

export const digestOf = (bytes: NodeJS.ArrayBufferView) => createHash('sha256').update(bytes).digest('hex')
