/**
 * What SpikeInterface's sortings have in common.
 */
import { repeated } from '../../memory/allocation.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { Steps } from '../../steps.js'
import { inRanges } from '../../steps.js'
import type { StoredSpikes } from './spikes.js'

/** The id of a unit. */
export type UnitId = number | string

/** The values of a property, one for each unit: undefined where it cannot be held here. */
export interface Property {
  readonly name: string
  readonly values: readonly unknown[] | NDArray | undefined
}

/** A property that units have, by its type alone. */
export interface PropertyKind {
  readonly name: string
  /** Whether it is one number for each unit. */
  readonly isNumber: boolean
  /** Whether it is an array for each unit. */
  readonly isArray: boolean
}

/** A sorting as it was saved. */
export interface Sorting {
  readonly samplingFrequency: number
  readonly unitIds: readonly UnitId[]
  readonly segmentCount: number
  readonly properties: readonly Property[]
  /**
   * Uses the spikes of some units, whose file is open meanwhile.
   *
   * @param rows - where in {@link unitIds} these units are
   */
  withSpikes<T>(segment: number, fsHz: number, rows: readonly number[], use: (spikes: StoredSpikes) => Promise<T>): Promise<T>
}

/** The place of each unit of a sorting among those asked for, −1 where it is not. */
export function* placesOf(unitCount: number, rows: readonly number[]): Steps<Int32Array> {
  const places = yield* repeated(Int32Array, unitCount, -1)
  yield* inRanges(rows.length, (from, to) => {
    for (let place = from; place < to; place++) places[rows[place] as number] = place
  })
  return places
}
