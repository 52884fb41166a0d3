/**
 * Columns with one number, truth or text a unit.
 */
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { nans, unset } from '../../memory/allocation.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { AttributeValues, ColumnData, HeldData } from './column-data.js'

/** Numbers: int64 when every unit has one and all are whole, else float64. */
export function* numberColumn({ units, values }: AttributeValues, unitCount: number): Steps<ColumnData> {
  let areWhole = units.length === unitCount
  let areFloats = true
  let areNaN = true
  for (const value of values) {
    if (typeof value !== 'number' && typeof value !== 'bigint') return null
    const isBig = typeof value === 'bigint'
    areWhole &&= isBig ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value) && !Object.is(value, -0)
    areFloats &&= !isBig || BigInt(Number(value)) === value
    areNaN &&= Number.isNaN(value)
    if (isDue()) yield
  }
  if (areNaN) return 'empty'
  if (areWhole) return numbers(yield* filled(unset(BigInt64Array, unitCount), units, (i) => BigInt(values[i] as number | bigint)))
  if (!areFloats) return null
  return numbers(yield* filled(yield* nans(unitCount), units, (i) => Number(values[i])))
}

/** Booleans when every unit has one; else 1, 0 and NaN. */
export function* booleanColumn({ units, values }: AttributeValues, unitCount: number): Steps<ColumnData> {
  if (!(yield* allAre('boolean', values))) return null
  const areComplete = units.length === unitCount
  const data = areComplete ? unset(Int8Array, unitCount) : yield* nans(unitCount)
  const column = numbers(yield* filled<number>(data, units, (i) => Number(values[i])), areComplete)
  return areComplete ? column : { ...column, note: '1 is true, 0 is false, and NaN is not known.' }
}

/** Texts, empty where a unit has none. */
export function* textColumn({ units, values }: AttributeValues, unitCount: number): Steps<ColumnData> {
  if (!(yield* allAre('string', values))) return null
  let next = 0
  let areWritable = true
  const texts = yield* packTexts(unitCount, (unit) => {
    if (units[next] !== unit) return ''
    const text = values[next++] as string
    areWritable &&= isWritableText(text)
    return text
  })
  return areWritable ? { values: { data: 'texts', texts, count: unitCount } } : null
}

function* allAre(type: 'boolean' | 'string', values: readonly unknown[]): Steps<boolean> {
  for (const value of values) {
    if (typeof value !== type) return false
    if (isDue()) yield
  }
  return true
}

/** Sets the elements of those units. */
function* filled<T extends number | bigint>(
  data: NumericArray & { [unit: number]: T },
  units: readonly number[],
  valueOf: (i: number) => T,
): Steps<NumericArray> {
  for (const [i, unit] of units.entries()) {
    data[unit] = valueOf(i)
    if (isDue()) yield
  }
  return data
}

function numbers(data: NumericArray, isBoolean = false): HeldData {
  return { values: { data: 'numbers', source: { kind: 'array', data, shape: [data.length] }, isBoolean } }
}
