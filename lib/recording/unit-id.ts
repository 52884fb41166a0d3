/**
 * The attribute that loaders give the id of a unit.
 */
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { NeuronAttributes } from './attributes.js'

export const UNIT_ID = 'unit_id'

/** Whether an id is a whole number. */
export function isWholeId(id: unknown): id is number | bigint {
  return typeof id === 'bigint' || Number.isSafeInteger(id)
}

/** Whether the ids that units are written with are those of their attributes, which need not be written besides. */
export function* areUnitIds(attributes: readonly NeuronAttributes[], ids: ArrayLike<bigint | string>): Steps<boolean> {
  for (const [unit, entry] of attributes.entries()) {
    const id = entry[UNIT_ID]
    if ((isWholeId(id) ? BigInt(id) : id) !== ids[unit]) return false
    if (isDue()) yield
  }
  return attributes.length > 0
}
