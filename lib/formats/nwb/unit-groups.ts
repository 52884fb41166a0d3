/**
 * The group of electrodes that each unit is from: the column `electrode_group` of the schema.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { ElectrodeGroup } from './probe.js'
import type { TableColumn } from './table.js'

/** The attribute that names the group, and its column. */
export const GROUP_NAME = 'electrode_group'

/** The rows of the units' electrodes, one unit after the other, where those of each unit end, and the group of each row. */
interface UnitRows {
  rows: BigInt64Array
  ends: Uint32Array
  groupOfRow: Int32Array
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
): Steps<TableColumn | undefined> {
  const places = new Map(groups.map(({ name }, place) => [name, place]))
  const choices = new Int32Array(attributes.length)
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
  return {
    name: GROUP_NAME,
    description: 'The group of electrodes that each unit is from.',
    values: { data: 'references', targets: groups.map(({ path }) => path), choices },
  }
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
