/**
 * The dtypes that arrays of numbers have, under numpy's names.
 */

/** The name of a dtype of numpy. */
export type NumberDtype = 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64'

/** The type strings, as arrays in memory have them. */
const TYPE_STRINGS: Readonly<Record<NumberDtype, string>> = {
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

export const NUMBER_DTYPES = Object.keys(TYPE_STRINGS) as NumberDtype[]

export function isNumberDtype(value: unknown): value is NumberDtype {
  return NUMBER_DTYPES.includes(value as NumberDtype)
}

/** The numpy type string of a dtype in memory, such as `<i2`. */
export function typeStringOf(dtype: NumberDtype): string {
  return TYPE_STRINGS[dtype]
}

/** The name of a type string. */
export function dtypeNamed(typeString: string): NumberDtype {
  return NUMBER_DTYPES.find((name) => TYPE_STRINGS[name] === typeString) as NumberDtype
}
