/**
 * The types of raw samples, under numpy's names.
 */
import type { StoredDtype } from '../engine/plan/samples.js'
import type { Dtype } from '../files/numpy-dtype.js'
import { oneOf } from '../options/checks.js'

/** A dtype of numpy that raw samples may have. */
export type RawDtype = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64'

/** The type strings, as arrays in memory have them. */
const TYPE_STRINGS: Readonly<Record<RawDtype, string>> = {
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float32: '<f4',
  float64: '<f8',
}
const NAMES = Object.keys(TYPE_STRINGS) as RawDtype[]

export function isRawDtype(value: unknown): value is RawDtype {
  return NAMES.includes(value as RawDtype)
}

/**
 * The numpy type string of samples in memory, such as `<i2`.
 *
 * @throws TypeError, RangeError for a name that is none
 */
export function typeStringOf(dtype: unknown): string {
  return TYPE_STRINGS[oneOf(dtype, 'dtype', NAMES)]
}

/** The type string of numbers that raw samples can be in a file; undefined for other numbers, and for what are none. */
export function storedDtype({ kind, itemBytes, isBigEndian }: Dtype): StoredDtype | undefined {
  if (kind !== 'b' && !'iuf'.includes(kind)) return undefined
  const order = itemBytes === 1 ? '|' : isBigEndian ? '>' : '<'
  return `${order}${kind}${itemBytes}` as StoredDtype
}

/** What they are in memory: floating-point numbers of half precision become float32, and booleans uint8. */
export function memoryDtype(stored: StoredDtype): string {
  if (stored === '|b1') return '|u1'
  return stored.endsWith('f2') ? '<f4' : stored.replace('>', '<')
}

/** The name of a type string. */
export function nativeDtype(typeString: string): RawDtype {
  return NAMES.find((name) => TYPE_STRINGS[name] === typeString) as RawDtype
}
