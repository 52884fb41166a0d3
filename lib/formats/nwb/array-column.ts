/**
 * Columns with an array of numbers a unit.
 */
import { quoted } from '../../errors.js'
import { zeros } from '../../memory/allocation.js'
import { requireAttached } from '../../memory/buffers.js'
import { isNDArray, NDArray } from '../../memory/ndarray.js'
import type { ArrayType, NumericArray } from '../../memory/typed-arrays.js'
import { arrayTypeOf, dtypeOf, isNumericArray, lengthOf, partOf } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import type { AttributeValues, ColumnData } from './column-data.js'
import { nestedNumbers } from './nested-numbers.js'

/** The library's own limit is 32 axes, and the units are one. */
const MOST_AXES = 31

/** As far as an index counts. */
const MOST_ROWS = 2 ** 32 - 1

/** What all arrays of a column have in common. */
interface Common {
  /** The shape of the first, and the lengths of its axes but the first, which all have. */
  shape: readonly number[]
  rest: readonly number[]
  haveOneLength: boolean
  type: ArrayType
  /** How many elements there are in all. */
  size: number
}

/**
 * Arrays of numbers. Those of one shape become a column of one more axis; those that differ in the length of their first axis are
 * concatenated, with an index. Where a unit has none, floats of one shape are NaN, others no numbers at all.
 *
 * @throws RangeError for an array whose buffer was transferred, naming attribute and unit
 */
export function* arrayColumn({ name, units, values }: AttributeValues, unitCount: number): Steps<ColumnData> {
  const arrays: NDArray[] = []
  for (const [i, value] of values.entries()) {
    const array = yield* ndarrayFrom(value)
    if (!array || array.shape.length === 0 || array.shape.length > MOST_AXES) return null
    requireAttached(array.data, `the attribute ${quoted(name)} of unit ${units[i]}`)
    arrays.push(array)
    if (isDue()) yield
  }
  const common = yield* commonOf(arrays)
  if (!common) return null
  const canBeNaN = common.type === Float64Array || common.type === Float32Array
  return common.haveOneLength && (units.length === unitCount || canBeNaN)
    ? yield* fixedColumn(arrays, units, unitCount, common)
    : yield* raggedColumn(arrays, units, unitCount, common)
}

/** What the arrays have in common; undefined where no column holds them all. */
function* commonOf(arrays: readonly NDArray[]): Steps<Common | undefined> {
  const [first] = arrays as [NDArray]
  const { shape } = first
  const dtype = dtypeOf(first.data)
  let haveOneLength = true
  let haveOneType = true
  let areFloats = true
  let size = 0
  let rows = 0
  for (const array of arrays) {
    const arrayDtype = dtypeOf(array.data)
    if (array.shape.length !== shape.length || array.shape.some((length, axis) => axis > 0 && length !== shape[axis])) return undefined
    haveOneLength &&= array.shape[0] === shape[0]
    haveOneType &&= arrayDtype === dtype
    areFloats &&= arrayDtype !== '<i8' && arrayDtype !== '<u8'
    size += lengthOf(array.data)
    rows += array.shape[0] as number
    if (isDue()) yield
  }
  if ((!haveOneType && !areFloats) || rows > MOST_ROWS) return undefined
  return { shape, rest: shape.slice(1), haveOneLength, type: haveOneType ? arrayTypeOf(dtype) : Float64Array, size }
}

function* fixedColumn(arrays: readonly NDArray[], units: readonly number[], unitCount: number, { shape, type }: Common): Steps<ColumnData> {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = zeros(type, unitCount * size)
  let next = 0
  for (let unit = 0; unit < unitCount; unit++) {
    const array = units[next] === unit ? (arrays[next++] as NDArray) : undefined
    yield* write(array?.data, size, data, unit * size)
    if (isDue()) yield
  }
  return { values: { data: 'numbers', source: { kind: 'array', data, shape: [unitCount, ...shape] } } }
}

function* raggedColumn(
  arrays: readonly NDArray[],
  units: readonly number[],
  unitCount: number,
  { rest, type, size }: Common,
): Steps<ColumnData> {
  const data = zeros(type, size)
  const ends = new Uint32Array(unitCount)
  let next = 0
  let rows = 0
  let filled = 0
  for (let unit = 0; unit < unitCount; unit++) {
    if (units[next] === unit) {
      const array = arrays[next++] as NDArray
      const length = lengthOf(array.data)
      yield* write(array.data, length, data, filled)
      rows += array.shape[0] as number
      filled += length
    }
    ends[unit] = rows
    if (isDue()) yield
  }
  return {
    values: { data: 'numbers', source: { kind: 'array', data, shape: [rows, ...rest] } },
    index: { kind: 'array', data: ends, shape: [unitCount] },
  }
}

/** Copies an array of this length, or fills with NaN; both arrays are of one type, or neither holds big integers. */
function write(from: NumericArray | undefined, length: number, to: NumericArray, at: number): Steps<void> {
  return inRanges(length, (start, end) => {
    if (from) (to as Float64Array).set(partOf(from, start, end) as Float64Array, at + start)
    else (to as Float64Array).fill(NaN, at + start, at + end)
  })
}

function* ndarrayFrom(value: unknown): Steps<NDArray | undefined> {
  if (isNDArray(value)) return value
  if (isNumericArray(value)) return new NDArray(value, [lengthOf(value)])
  return Array.isArray(value) ? yield* nestedNumbers(value) : undefined
}
