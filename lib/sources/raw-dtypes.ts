/**
 * The types of raw samples, under numpy's names.
 */
import type { StoredDtype } from '../engine/plan/samples.js'
import type { Dtype } from '../files/numpy-dtype.js'
import type { NumberDtype } from '../memory/number-dtypes.js'
import { NUMBER_DTYPES, typeStringOf } from '../memory/number-dtypes.js'
import { oneOf } from '../options/checks.js'

/** A dtype of numpy that raw samples may have. */
export type RawDtype = NumberDtype

/**
 * The numpy type string of samples in memory, such as `<i2`.
 *
 * @throws TypeError, RangeError for a name that is none
 */
export function rawTypeString(dtype: unknown): string {
  return typeStringOf(oneOf(dtype, 'dtype', NUMBER_DTYPES))
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
