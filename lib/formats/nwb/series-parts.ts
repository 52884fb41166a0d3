/**
 * Objects that series have in common, the raw data among them.
 */
import type { Hdf5Object, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { attributesFrom, typeAttributes } from './objects.js'
import { ELECTRODES } from './probe.js'

/** What errors expect of the conversion of a series of electrodes. */
export const VOLTS_PER_COUNT = 'the volts per count, a finite number other than 0,'

export function isConversion(factor: number): boolean {
  return Number.isFinite(factor) && factor !== 0
}

/** When the samples of a series were taken: the times in ms of each, or a rate and the time in ms of the first. */
export type SampleTimes = { times: NumericArray } | { rateHz: number; startTime: number }

/** The times of the samples of the series at a path. */
export function timesObject(path: string, given: SampleTimes, storage: Hdf5Storage): Hdf5Object {
  if ('times' in given) {
    const source: Source = { kind: 'times', data: given.times, time: { to: 's' } }
    const attributes = attributesFrom({ interval: { int32: 1 }, unit: 'seconds' })
    return { object: 'dataset', path: `${path}/timestamps`, source, storage, attributes }
  }
  const start: Source = { kind: 'array', data: Float64Array.of(given.startTime / 1000), shape: [] }
  const attributes = attributesFrom({ rate: given.rateHz, unit: 'seconds' })
  return { object: 'dataset', path: `${path}/starting_time`, source: start, storage: { layout: 'contiguous' }, attributes }
}

/** The electrodes of the channels of the series at a path, as rows of their table. */
export function channelsObject(path: string, rows: BigInt64Array): Hdf5Object {
  const region = { description: 'The electrode of each channel.', table: { reference: ELECTRODES } }
  return {
    object: 'dataset',
    path: `${path}/electrodes`,
    source: { kind: 'array', data: rows, shape: [rows.length] },
    storage: { layout: 'contiguous' },
    attributes: typeAttributes('hdmf-common', 'DynamicTableRegion', region),
  }
}
