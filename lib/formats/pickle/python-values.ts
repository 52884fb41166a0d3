/**
 * Values that Python tells apart and JavaScript does not, for metadata and attributes that go into a pickle.
 */
import { invalidType } from '../../errors.js'

/** A number that stays a `float` in Python, also where it is whole. Made by {@link pyFloat}. */
export class PyFloat {
  /** The number. */
  readonly value: number

  constructor(value: number) {
    if (typeof value !== 'number') throw invalidType('a number', 'pyFloat', value)
    this.value = value
    Object.freeze(this)
  }
}

/** A list that is a `tuple` in Python. Made by {@link pyTuple}. */
export class PyTuple {
  /** What is in it, in order. Frozen. */
  readonly items: readonly unknown[]

  constructor(items: readonly unknown[]) {
    this.items = Object.freeze([...items])
    Object.freeze(this)
  }
}

/**
 * Marks a number as a Python `float`. Without it whole numbers become `int`: `2` is `2`, `pyFloat(2)` is `2.0`.
 *
 * @throws TypeError for anything but a number
 */
export function pyFloat(value: number): PyFloat {
  return new PyFloat(value)
}

/** Marks a list as a Python `tuple`: `pyTuple(1, 'a')` is `(1, 'a')`. Tuples can be keys of a Map and members of a Set. */
export function pyTuple(...items: readonly unknown[]): PyTuple {
  return new PyTuple(items)
}
