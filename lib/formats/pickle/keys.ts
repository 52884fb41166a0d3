/**
 * Keys or members of one container that Python considers equal, although JavaScript tells them apart: `1`, `1n`, `true` and
 * `pyFloat(1)`; null and undefined. Tuples are not looked at: of equal ones Python keeps one.
 */
import { GrowingMap } from '../../memory/growing-map.js'
import { PyFloat } from './python-values.js'

/** Plain numbers are the rule and equal none of their kind, so that each pair is found at its other member. */
export class PickleKeys {
  readonly #floats = new GrowingMap<number, true>()

  /** @param has - whether the container has a key, the same in JavaScript, that will be written */
  constructor(readonly has: (key: unknown) => boolean) {}

  /** Whether a key has an equal one in Python. Call it once for each. */
  hasEqual(key: unknown): boolean {
    if (key === undefined) return this.has(null)
    if (typeof key === 'boolean') return this.has(Number(key)) || this.has(BigInt(key))
    if (typeof key === 'bigint') return this.has(Number(key)) && isExact(key)
    return key instanceof PyFloat && this.#floatHasEqual(key.value)
  }

  #floatHasEqual(value: number): boolean {
    // NaN equals nothing, itself included.
    if (Number.isNaN(value)) return false
    if (this.#floats.get(value)) return true
    this.#floats.set(value, true)
    if (this.has(value) || (Number.isInteger(value) && this.has(BigInt(value)))) return true
    return (value === 0 || value === 1) && this.has(value === 1)
  }
}

function isExact(integer: bigint): boolean {
  const number = Number(integer)
  return Number.isFinite(number) && BigInt(number) === integer
}
