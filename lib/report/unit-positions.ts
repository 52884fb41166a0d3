/**
 * Where units are on the probe, as far as their attributes say it.
 */
import { nans } from '../memory/allocation.js'
import { isNDArray } from '../memory/ndarray.js'
import type { NeuronAttributes } from '../recording/attributes.js'
import { locationIn } from '../recording/positions.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'

/** The first two coordinates of each unit, NaN where it has none that are finite; undefined where no unit has any. */
export function* unitPositions(attributes: readonly NeuronAttributes[] | null): Steps<Float64Array | undefined> {
  if (attributes === null) return undefined
  const positions = yield* nans(2 * attributes.length)
  let hasAny = false
  for (const [unit, entry] of attributes.entries()) {
    const location = locationIn(entry)
    const [x, y] = (isNDArray(location) ? location.data : (location ?? [])) as ArrayLike<unknown> as [unknown, unknown]
    if (isDue()) yield
    if (!isCoordinate(x) || !isCoordinate(y)) continue
    positions[2 * unit] = Number(x)
    positions[2 * unit + 1] = Number(y)
    hasAny = true
  }
  return hasAny ? positions : undefined
}

function isCoordinate(value: unknown): value is number | bigint {
  return (typeof value === 'number' || typeof value === 'bigint') && Number.isFinite(Number(value))
}
