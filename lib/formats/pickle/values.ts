/**
 * Values that JavaScript has no type for: Python's floats and tuples, which callers mark, and what exporters put in the place of whole
 * objects and bulk data.
 */
import type { NativeSpikeTrains } from '../../engine/native-spike-trains.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidType } from '../../errors.js'

/** An attribute of a {@link PythonObject}: its name in Python, its value, and the name that errors call it by. */
export type PythonAttribute = readonly [name: string, value: unknown, label: string]

/** An instance of a Python class, made without calling `__init__`. */
export class PythonObject {
  /**
   * @param source - the object it stands for; where one object appears twice, Python sees one object as well
   * @param module - the module of the class, such as `spikelab.spikedata.spikedata`
   * @param name - the name of the class
   * @param state - the instance dict, in order
   */
  constructor(
    readonly source: object,
    readonly module: string,
    readonly name: string,
    readonly state: readonly PythonAttribute[],
  ) {}
}

/** A list whose items are made when they are written, so that long lists need no copy. */
export class LazyList<T = unknown> {
  constructor(
    readonly source: readonly T[],
    readonly item: (entry: T) => unknown,
  ) {}
}

/** An ndarray whose elements native code makes. */
export class SourceArray {
  constructor(
    readonly source: Source,
    readonly dtype: string,
    readonly shape: readonly number[],
  ) {}
}

/** A list of one float64 ndarray a unit: spike times in ms. */
export class TrainList {
  constructor(readonly trains: NativeSpikeTrains) {}
}

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

/** A tuple without items, to which a reader adds before it freezes both: a tuple may lead back to itself. */
export function openTuple(): PyTuple {
  return Object.create(PyTuple.prototype, { items: { value: [], enumerable: true, configurable: true, writable: true } }) as PyTuple
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

/** Whether a number is an `int` in Python: a whole one that is exact, but not −0. */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** A float of Python, marked where it would become an `int` as a number. */
export function wholeFloat(value: number): number | PyFloat {
  return isWhole(value) ? pyFloat(value) : value
}
