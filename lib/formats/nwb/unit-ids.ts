/**
 * The ids and the names of units.
 */
import { packTexts } from '../../engine/plan/packed-texts.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidType, invalidValue } from '../../errors.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { countIn } from '../../memory/typed-arrays.js'
import { isMissing, requiredString } from '../../options/checks.js'
import { int64List } from '../../options/integers.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'
import type { TableColumn } from './table.js'

/** Ids of the units: whole numbers, which become the ids of the table's rows; or texts, which become the column `unit_name`. */
export type UnitIds = ArrayLike<number | bigint> | readonly string[]

/** The column of names, which SpikeInterface takes for the ids. */
export const UNIT_NAME = 'unit_name'

const OPTION = 'unitIds'

export interface UnitNumbers {
  ids: Source
  /** Undefined where the units are not named. */
  names: TableColumn | undefined
  /** The ids or names; undefined where none are given. */
  given: ArrayLike<bigint | string> | undefined
}

/**
 * The numbers and the names of units: 0, 1, … and none, unless they are given.
 *
 * @throws TypeError, RangeError for an id that is no whole number and no text, or the same as another; for more or fewer than there are units
 */
export function* unitNumbers(given: unknown, unitCount: number): Steps<UnitNumbers> {
  const range: Source = { kind: 'range', first: 0, count: unitCount }
  if (isMissing(given)) return { ids: range, names: undefined, given: undefined }
  if (Array.isArray(given) && typeof given[0] === 'string') {
    const names = yield* checkedNames(given, unitCount)
    return { ids: range, names: yield* nameColumn(names), given: names }
  }
  const ids = yield* int64List(given, OPTION, unitCount, 'one id a unit')
  yield* requireDistinct(ids)
  return { ids: { kind: 'array', data: ids, shape: [unitCount] }, names: undefined, given: ids }
}

function* checkedNames(given: readonly unknown[], unitCount: number): Steps<string[]> {
  const count = countIn(given)
  if (count !== unitCount) throw invalidValue(`${unitCount}, one id a unit,`, `${OPTION}.length`, count)
  const names: string[] = []
  for (let unit = 0; unit < unitCount; unit++) {
    const name = given[unit]
    if (typeof name !== 'string') throw invalidType('a string, as the first id is one,', `${OPTION}[${unit}]`, name)
    names.push(requiredString(name, `${OPTION}[${unit}]`))
    spend(name.length)
    if (isDue()) yield
  }
  yield* requireDistinct(names)
  return names
}

function* nameColumn(names: readonly string[]): Steps<TableColumn> {
  const count = names.length
  const texts = yield* packTexts(count, (unit) => names[unit] as string)
  return { name: UNIT_NAME, description: 'The name of each unit.', values: { data: 'texts', texts, count } }
}

/** Throws for an id that is there already. */
function* requireDistinct<T extends bigint | string>(ids: ArrayLike<T>): Steps<void> {
  const units = new GrowingMap<T, number>()
  for (let unit = 0; unit < ids.length; unit++) {
    const id = ids[unit] as T
    const first = units.get(id)
    if (first !== undefined) throw invalidValue(`another id than ${OPTION}[${first}]`, `${OPTION}[${unit}]`, id)
    units.set(id, unit)
    if (isDue()) yield
  }
}
