/**
 * The group of electrodes that each unit is from: the column `electrode_group` of the schema.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { repeated } from '../../memory/allocation.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { isObjectName } from './column-names.js'
import type { ElectrodeGroup } from './probe.js'
import { DEFAULT_GROUP, ELECTRODE_TABLE, MOST_OBJECTS } from './probe.js'
import type { TableColumn } from './table.js'

/** The attribute that names the group, and its column. */
export const GROUP_NAME = 'electrode_group'

/**
 * The groups that units name, where all units name one, and each name can be a group's; otherwise the attribute is one like others.
 */
export function* namedGroups(attributes: readonly NeuronAttributes[]): Steps<string[] | undefined> {
  const names = new Set<string>()
  for (const entry of attributes) {
    const name = entry[GROUP_NAME]
    if (typeof name !== 'string' || !isObjectName(name) || name.includes('\\') || name === ELECTRODE_TABLE) return undefined
    names.add(name)
    // With that of other electrodes.
    if (names.size >= MOST_OBJECTS) return undefined
    if (isDue()) yield
  }
  return names.size > 0 ? [...names] : undefined
}

/** The rows of the units' electrodes, one unit after the other, where those of each unit end, and the group of each row. */
interface UnitRows {
  rows: BigInt64Array
  ends: Uint32Array
  groupOfRow: Int32Array
}

/** The groups of units. */
export interface UnitGroups {
  column: TableColumn
  /** That of each unit, by its place among the groups. */
  choices: Int32Array
  /** How many groups there are that units may name. */
  groupCount: number
}

/**
 * The column, if any unit names its group. One that does not is in the group of its electrodes.
 *
 * @throws TypeError, RangeError for a name that is none of a group, and for a unit without a name whose electrodes are not in one group
 */
export function* unitGroups(
  attributes: readonly NeuronAttributes[],
  groups: readonly ElectrodeGroup[],
  { rows, ends, groupOfRow }: UnitRows,
): Steps<UnitGroups | undefined> {
  const places = new Map(groups.map(({ name }, place) => [name, place]))
  const choices = yield* repeated(Int32Array, attributes.length, 0)
  let unnamed: number | undefined
  let isAnyNamed = false
  for (const [unit, entry] of attributes.entries()) {
    const option = `the ${GROUP_NAME} of unit ${unit}`
    const name = entry[GROUP_NAME]
    if (isMissing(name)) {
      const own = yield* groupOf(rows.subarray(ends[unit - 1] ?? 0, ends[unit]), groupOfRow)
      if (own === undefined) unnamed ??= unit
      else choices[unit] = own
    } else {
      if (typeof name !== 'string') throw invalidType('the name of a group of electrodes', option, name)
      const place = places.get(name)
      if (place === undefined) throw invalidValue('the name of a group of electrodes', option, name)
      choices[unit] = place
      isAnyNamed = true
    }
    if (isDue()) yield
  }
  if (!isAnyNamed) return undefined
  if (unnamed !== undefined) {
    throw invalidType(
      'a name, as other units have one and its electrodes are not in one group,',
      `the ${GROUP_NAME} of unit ${unnamed}`,
      undefined,
    )
  }
  const column: TableColumn = {
    name: GROUP_NAME,
    description: 'The group of electrodes that each unit is from.',
    values: { data: 'references', targets: groups.map(({ path }) => path), choices },
  }
  return { column, choices, groupCount: groups.length }
}

/** The group that all of these rows are in; undefined for several or none. */
function* groupOf(rows: BigInt64Array, groupOfRow: Int32Array): Steps<number | undefined> {
  let group: number | undefined
  for (const row of rows) {
    const own = groupOfRow[Number(row)]
    if (own !== (group ??= own)) return undefined
    if (isDue()) yield
  }
  return group
}

/** The groups that an electrode table has, and that of each row by its place among them. */
export interface RowGroups {
  groups: readonly ElectrodeGroup[]
  choices: Int32Array
}

/**
 * The group of each row of an electrode table: that of the first unit there; without a unit, the one that has no name of a unit's.
 *
 * @param count - how many rows there are
 * @param groups - those that units name come first, in the order of their numbers
 */
export function* groupsOfRows(
  count: number,
  unitRows: BigInt64Array,
  ends: Uint32Array | undefined,
  groups: readonly ElectrodeGroup[],
  ofUnits: UnitGroups | undefined,
): Steps<RowGroups> {
  const choices = yield* repeated(Int32Array, count, ofUnits ? -1 : 0)
  if (!ofUnits) return { groups, choices }
  let unit = 0
  for (const [place, row] of unitRows.entries()) {
    while (ends && (ends[unit] as number) <= place) unit++
    if (choices[Number(row)] === -1) choices[Number(row)] = ofUnits.choices[ends ? unit : place] as number
    if (isDue()) yield
  }
  const other = Math.max(
    groups.findIndex(({ name }) => name === DEFAULT_GROUP),
    0,
  )
  let areOthers = false
  for (const [row, choice] of choices.entries()) {
    if (choice < 0) {
      choices[row] = other
      areOthers = true
    }
    if (isDue()) yield
  }
  return { groups: areOthers ? groups : groups.slice(0, ofUnits.groupCount), choices }
}
