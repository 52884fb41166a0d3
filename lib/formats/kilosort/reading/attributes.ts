/**
 * The attributes of units: their ids, their channels, and the columns of tables.
 */
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import type { UnitChannel } from './channels.js'
import type { Unit } from './clusters.js'
import type { Column } from './tables.js'
import { ELECTRODE, SI_UNIT_ID } from './tables.js'

/** Attributes of units, to which others may be added. */
export type MutableAttributes = Record<string, NeuronAttributes[string]>

/**
 * `unit_id`, `electrode` and `location`, then the columns of tables by name. A unit's id is that before it was numbered for Phy, where all units
 * have one of their own; otherwise its cluster's.
 */
export function* unitAttributes(
  units: readonly Unit[],
  channels: readonly UnitChannel[],
  columns: ReadonlyMap<string, Column>,
): Steps<MutableAttributes[]> {
  const originalIds = yield* distinctValues(units, columns.get(SI_UNIT_ID))
  const electrodes = columns.get(ELECTRODE)
  const others = [...columns].filter(([name]) => name !== ELECTRODE && !(originalIds && name === SI_UNIT_ID))
  const attributes: MutableAttributes[] = []
  for (const [unit, { id }] of units.entries()) {
    const { electrode, location } = channels[unit] as UnitChannel
    const entry: MutableAttributes = { unit_id: originalIds?.[unit] ?? id }
    // The name of an electrode is no channel.
    const own = electrode ?? electrodes?.get(id)
    if (own !== undefined) entry.electrode = own
    if (location) entry.location = location
    for (const [name, column] of others) {
      const value = column.get(id)
      if (value !== undefined) entry[name] = value
      if (isDue()) yield
    }
    attributes.push(entry)
    if (isDue()) yield
  }
  return attributes
}

/** The value of each unit, if all have one and no two the same. */
function* distinctValues(units: readonly Unit[], column: Column | undefined): Steps<readonly unknown[] | undefined> {
  if (!column) return undefined
  const values: unknown[] = []
  const seen = new GrowingMap<unknown, true>()
  for (const { id } of units) {
    const value = column.get(id)
    if (value === undefined || seen.get(value)) return undefined
    seen.set(value, true)
    values.push(value)
    if (isDue()) yield
  }
  return values
}
