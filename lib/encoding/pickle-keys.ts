/**
 * Which keys or members of one container Python considers equal, although JavaScript tells them apart: `1`, `1n`, `true` and
 * `pyFloat(1)`; null and undefined.
 */
import { GrowingMap } from './growing-map.js'
import { PyFloat } from './python-values.js'

export class PickleKeys {
  readonly #seen = new GrowingMap<number | bigint | null, true>()

  /** Remembers a key; false where an equal one is there. Text and tuples are not looked at: equal tuples stay Python's affair. */
  add(key: unknown): boolean {
    const normal = normalised(key)
    // NaN equals nothing, itself included.
    if (normal === undefined || Number.isNaN(normal)) return true
    if (this.#seen.get(normal)) return false
    this.#seen.set(normal, true)
    return true
  }
}

/** One value for all that are equal: a number where there is one, else a bigint. Undefined for what is neither. */
function normalised(key: unknown): number | bigint | null | undefined {
  if (key === null || key === undefined) return null
  if (typeof key === 'number') return key
  if (typeof key === 'boolean') return Number(key)
  if (typeof key === 'bigint') return exactly(key)
  return key instanceof PyFloat ? key.value : undefined
}

function exactly(integer: bigint): number | bigint {
  const number = Number(integer)
  return Number.isFinite(number) && BigInt(number) === integer ? number : integer
}
