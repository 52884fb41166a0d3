/**
 * The types of raw samples, under numpy's names.
 */
import { invalidType, invalidValue } from '../errors.js'

/** A dtype of numpy that raw samples may have. */
export type RawDtype = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64'

const TYPE_STRINGS: Readonly<Record<RawDtype, string>> = {
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
  float32: 'f4',
  float64: 'f8',
}

export function isRawDtype(value: unknown): value is RawDtype {
  return typeof value === 'string' && Object.hasOwn(TYPE_STRINGS, value)
}

/**
 * The numpy type string of samples in a file, such as `>i2`.
 *
 * @throws TypeError, RangeError for a name that is none
 */
export function storedDtype(dtype: unknown, isLittleEndian: boolean): string {
  const expected = "a dtype of numpy, such as 'int16',"
  if (typeof dtype !== 'string') throw invalidType(expected, 'dtype', dtype)
  if (!isRawDtype(dtype)) throw invalidValue(expected, 'dtype', dtype)
  return (isLittleEndian ? '<' : '>') + TYPE_STRINGS[dtype]
}

/** The type string that samples have in memory, and so in what is exported: halves become float32. */
export function exportedDtype(stored: string): string {
  const code = stored.slice(1)
  return code === 'f2' ? '<f4' : `${code.endsWith('1') ? '|' : '<'}${code}`
}

/** The size of a sample in bytes. */
export function bytesOf(stored: string): number {
  return Number(stored.at(-1))
}

/** The name of the type of samples in memory, such as `int16` for `<i2`. */
export function nativeDtype(dtype: string): RawDtype {
  const [name] = Object.entries(TYPE_STRINGS).find(([, code]) => code === dtype.slice(1)) as [RawDtype, string]
  return name
}
