/**
 * What numbers are to Python.
 */

const KIND_NAMES: Readonly<Record<string, string>> = { i: 'int', u: 'uint', f: 'float' }

/** numpy's name of a dtype, such as `float64` for `<f8`. */
export function dtypeName(dtype: string): string {
  return `${KIND_NAMES[dtype[1] as string]}${8 * Number(dtype.slice(2))}`
}
