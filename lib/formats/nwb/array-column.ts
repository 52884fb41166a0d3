/**
 * Columns with an array of numbers a unit.
 */
import { quoted } from '../../errors.js'
import { repeated, unset } from '../../memory/allocation.js'
import { isNDArray, NDArray, requireWhole } from '../../memory/ndarray.js'
import type { ArrayType } from '../../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { AttributeValues, ColumnData } from './column-data.js'
import type { WithData } from './joined-numbers.js'
import { joinedNumbers } from './joined-numbers.js'
import { nestedNumbers } from './nested-numbers.js'

/** The library's own limit is 32 axes, and the units are one. */
export const MOST_AXES = 31

/** As far as an index counts. */
const MOST_ROWS = 2 ** 32 - 1

/** What all arrays of a column have in common. */
export interface Common {
  /** The shape of the first, and the lengths of its axes but the first, which all have. */
  shape: readonly number[]
  rest: readonly number[]
  haveOneLength: boolean
  type: ArrayType
  /** How long the first axes are together. */
  rows: number
}

/**
 * Arrays of numbers. Those of one shape become a column of one more axis; those that differ in the length of their first axis are
 * concatenated, with an index. Where a unit has none, floats of one shape are NaN, others no numbers at all.
 *
 * @throws RangeError for an array whose buffer was transferred or resized, naming attribute and unit
 */
export function* arrayColumn({ name, units, values }: AttributeValues, unitCount: number): Steps<ColumnData> {
  const arrays: NDArray[] = []
  for (const [i, value] of values.entries()) {
    const array = yield* ndarrayFrom(value)
    if (!array || array.shape.length === 0 || array.shape.length > MOST_AXES) return null
    requireWhole(array, () => `the attribute ${quoted(name)} of unit ${units[i]}`)
    arrays.push(array)
    if (isDue()) yield
  }
  const common = yield* commonOf(arrays)
  if (!common || common.rows > MOST_ROWS) return null
  const canBeNaN = common.type === Float64Array || common.type === Float32Array
  return common.haveOneLength && (units.length === unitCount || canBeNaN)
    ? yield* fixedColumn(arrays, units, unitCount, common)
    : yield* raggedColumn(arrays, units, unitCount, common)
}

/** What arrays, at least one, have in common; undefined where no column holds them all. */
export function* commonOf(arrays: readonly Pick<NDArray, 'data' | 'shape'>[]): Steps<Common | undefined> {
  const { data, shape } = arrays[0] as NDArray
  const dtype = dtypeOf(data)
  let haveOneLength = true
  let haveOneType = true
  let areFloats = true
  let rows = 0
  for (const array of arrays) {
    const arrayDtype = dtypeOf(array.data)
    if (array.shape.length !== shape.length || array.shape.some((length, axis) => axis > 0 && length !== shape[axis])) return undefined
    haveOneLength &&= array.shape[0] === shape[0]
    haveOneType &&= arrayDtype === dtype
    areFloats &&= arrayDtype !== '<i8' && arrayDtype !== '<u8'
    rows += array.shape[0] as number
    if (isDue()) yield
  }
  if (!haveOneType && !areFloats) return undefined
  return { shape, rest: shape.slice(1), haveOneLength, type: haveOneType ? arrayTypeOf(dtype) : Float64Array, rows }
}

function* fixedColumn(arrays: readonly NDArray[], units: readonly number[], unitCount: number, { shape, type }: Common): Steps<ColumnData> {
  const size = shape.reduce((product, length) => product * length, 1)
  // Where units have none, the type is one of floats.
  const none = yield* repeated(type as new (length: number) => Float64Array, units.length === unitCount ? 0 : size, NaN)
  const all: WithData[] = []
  let next = 0
  for (let unit = 0; unit < unitCount; unit++) {
    all.push(units[next] === unit ? (arrays[next++] as NDArray) : { data: none })
    if (isDue()) yield
  }
  return { values: { data: 'numbers', source: yield* joinedNumbers(all, type, [unitCount, ...shape]) } }
}

function* raggedColumn(arrays: readonly NDArray[], units: readonly number[], unitCount: number, { rest, type }: Common): Steps<ColumnData> {
  const ends = unset(Uint32Array, unitCount)
  let next = 0
  let rows = 0
  for (let unit = 0; unit < unitCount; unit++) {
    if (units[next] === unit) rows += (arrays[next++] as NDArray).shape[0] as number
    ends[unit] = rows
    if (isDue()) yield
  }
  return {
    values: { data: 'numbers', source: yield* joinedNumbers(arrays, type, [rows, ...rest]) },
    index: { kind: 'array', data: ends, shape: [unitCount] },
  }
}

/** The numbers of a unit: an NDArray, a typed array, or lists of numbers in lists; undefined for anything else. */
export function* ndarrayFrom(value: unknown): Steps<NDArray | undefined> {
  if (isNDArray(value)) return value
  if (isNumericArray(value)) return new NDArray(value, [lengthOf(value)])
  return Array.isArray(value) ? yield* nestedNumbers(value) : undefined
}
