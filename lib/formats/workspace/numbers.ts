/**
 * What numbers are to Python.
 */

const KIND_NAMES: Readonly<Record<string, string>> = { i: 'int', u: 'uint', f: 'float' }

/** Whether a number is an `int` in Python: a whole one that is exact, but not −0. */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** numpy's name of a dtype, such as `float64` for `<f8`. */
export function dtypeName(dtype: string): string {
  return `${KIND_NAMES[dtype[1] as string]}${8 * Number(dtype.slice(2))}`
}
