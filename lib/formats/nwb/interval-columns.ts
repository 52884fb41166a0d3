/**
 * The columns of a table of intervals.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { copyInSteps, nans } from '../../memory/allocation.js'
import type { Numbers } from '../../memory/float64.js'
import { float64Copy, pinnedNumbers } from '../../memory/float64.js'
import { isNDArray, NDArray, requireWhole } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import { isMissing } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import { arrayColumn, ndarrayFrom } from './array-column.js'
import type { AttributeValues, ColumnData, ColumnValues } from './column-data.js'
import { textListColumn } from './text-list-column.js'
import { valueColumn } from './value-column.js'

/** The schema's column of lists of texts. */
const TAGS = 'tags'

const VALUES = 'numbers, texts, booleans, arrays of numbers or lists of texts, all of one kind,'

/**
 * The data of a column with a value for each row.
 *
 * @param isOfTimes - whether the numbers are times in ms, which are in s in the file
 * @param option - what errors call the values
 * @throws TypeError, RangeError for values that are not one for each row, or not all of one kind
 */
export function* intervalColumn(name: string, given: unknown, rowCount: number, isOfTimes: boolean, option: string): Steps<ColumnValues> {
  if (isNDArray(given) && given.ndim === 0) throw invalidValue(VALUES, option, given)
  const length: unknown = isNDArray(given) ? given.shape[0] : isNumericArray(given) ? lengthOf(given) : Array.isArray(given) && given.length
  if (length === false) throw invalidType('an array or an NDArray', option, given)
  if (length !== rowCount) throw invalidValue(`${rowCount}, one value for each interval,`, `the length of ${option}`, length)
  if (isNDArray(given) || isNumericArray(given)) {
    if (name === TAGS) throw invalidType('an array of lists of texts', option, given)
    const array = isNDArray(given) ? given : new NDArray(given, [rowCount])
    requireWhole(array, () => option)
    const data = isOfTimes ? yield* inSeconds(array.data, option) : yield* pinnedNumbers(array.data, option)
    return numbers(data, array.shape)
  }
  const values = yield* presentValues(name, given as readonly unknown[], rowCount)
  // An option that is given has its column.
  if (values.units.length === 0 && name !== TAGS) return numbers(yield* nans(rowCount), [rowCount])
  const data =
    name === TAGS
      ? yield* tagsColumn(values, rowCount)
      : isOfTimes
        ? yield* timeColumn(values, rowCount)
        : yield* valueColumn(values, rowCount)
  if (data === null) throw invalidValue(isOfTimes ? 'times in ms, or arrays of them,' : VALUES, option, given)
  if (data === 'empty') return numbers(yield* nans(rowCount), [rowCount])
  return data
}

/**
 * Times in ms as float64 in s: a true division, as everywhere.
 *
 * @throws TypeError, RangeError for anything but an array of numbers
 */
export function* inSeconds(times: Numbers, option: string): Steps<Float64Array> {
  const seconds = yield* float64Copy(times, option)
  yield* inRanges(seconds.length, (from, to) => {
    for (let i = from; i < to; i++) seconds[i] = (seconds[i] as number) / 1000
  })
  return seconds
}

/** The values that are not missing, with their rows. */
function* presentValues(name: string, given: readonly unknown[], rowCount: number): Steps<AttributeValues> {
  const present: AttributeValues = { name, units: [], values: [] }
  for (const [row, value] of (yield* copyInSteps(given, rowCount)).entries()) {
    if (isDue()) yield
    if (isMissing(value)) continue
    present.units.push(row)
    present.values.push(value)
  }
  return present
}

/** Times, or arrays of times; NaN or none where a row has none. */
function* timeColumn({ name, units, values }: AttributeValues, rowCount: number): Steps<ColumnData> {
  if (typeof values[0] !== 'number' && typeof values[0] !== 'bigint') {
    const arrays: NDArray[] = []
    for (const value of values) {
      const array = yield* ndarrayFrom(value)
      if (!array) return null
      arrays.push(new NDArray(yield* inSeconds(array.data, name), array.shape))
      if (isDue()) yield
    }
    return yield* arrayColumn({ name, units, values: arrays }, rowCount)
  }
  const seconds = yield* nans(rowCount)
  for (const [i, value] of values.entries()) {
    if (typeof value !== 'number' && typeof value !== 'bigint') return null
    seconds[units[i] as number] = Number(value) / 1000
    if (isDue()) yield
  }
  return numbers(seconds, [rowCount])
}

/** Lists of texts: one text is a list of one. */
function* tagsColumn({ name, units, values }: AttributeValues, rowCount: number): Steps<ColumnData> {
  const lists: unknown[] = []
  for (const value of values) {
    lists.push(typeof value === 'string' ? [value] : value)
    if (isDue()) yield
  }
  return yield* textListColumn({ name, units, values: lists }, rowCount)
}

function numbers(data: NumericArray, shape: readonly number[]): ColumnValues {
  return { values: { data: 'numbers', source: { kind: 'array', data, shape } } }
}
