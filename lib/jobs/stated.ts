/**
 * What a recording that was loaded from a file states of itself: options of an export that nobody has to give.
 */
import type { SpikeData } from '../model/spike-data.js'
import { isMissing } from '../options/checks.js'
import { isWholeId, UNIT_ID } from '../recording/unit-id.js'

/** The name that loaders give the sampling frequency of spikes in the metadata. That of a series may be another. */
const FREQUENCY = 'fs_Hz'

/** The id of a unit. */
export type StatedId = number | bigint | string

/** The sampling frequency in Hz; undefined where the metadata has none. */
export function statedFrequency({ metadata }: SpikeData): number | undefined {
  const rate = metadata[FREQUENCY]
  return typeof rate === 'number' && rate > 0 && rate < Infinity ? rate : undefined
}

/** The ids of the units, all of them whole numbers or all of them texts; undefined where a unit has none, or that of another. */
export function statedIds({ N, neuronAttributes }: SpikeData): StatedId[] | undefined {
  const ids = neuronAttributes?.map((attributes) => attributes[UNIT_ID])
  if (!ids || ids.length !== N || N === 0 || new Set(ids.map(String)).size < N) return undefined
  const areAll = (isOne: (id: unknown) => boolean) => ids.every(isOne)
  return areAll((id) => typeof id === 'string' && id !== '') || areAll(isWholeId) ? (ids as StatedId[]) : undefined
}

/** Options without those that were given. */
export function unlessGiven<T extends object>(stated: T, given: object): Partial<T> {
  return Object.fromEntries(Object.entries(stated).filter(([name]) => isMissing((given as Record<string, unknown>)[name]))) as Partial<T>
}
