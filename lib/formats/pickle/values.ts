/**
 * Values that exist only on their way into a pickle: what the exporters say about whole objects and about bulk data.
 */
import type { NativeSpikeTrains } from '../../engine/native.js'
import type { Source } from '../../engine/plan/sources.js'

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
