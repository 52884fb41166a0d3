/**
 * The samples of a series in an NWB file: time is their first axis.
 */
import type { Hdf5Attribute, Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import type { NDArray } from '../../memory/ndarray.js'
import { itemBytesOf } from '../../memory/typed-arrays.js'
import type { RawFile } from '../../recording/raw-file.js'
import { isRawFile } from '../../recording/raw-file.js'
import type { RawStream } from '../../recording/raw-stream.js'
import { isRawStream } from '../../recording/raw-stream.js'
import { transposedRawStorage } from '../hdf5/storage.js'
import type { StreamStorage } from '../hdf5/streams.js'
import { plannedStream, streamedDataset } from '../hdf5/streams.js'
import { attributesFrom } from './objects.js'

/** The samples of a series as native threads may read them, or as they come. */
export type SeriesData = Pick<NDArray, 'data' | 'shape'> | RawFile | RawStream

/** Samples, and what their dataset is. */
export interface SeriesSamples {
  data: SeriesData
  /** What errors call them. */
  name: string
  /** Of an array of two axes. */
  timeAxis: 'first' | 'last'
  /** How many samples there have to be, where times decide that. */
  count: number | undefined
  attributes: Hdf5Attribute[]
}

/**
 * The dataset of samples.
 *
 * @param streams - receives what comes as a stream, or is written like one
 * @throws RangeError for a stream that cannot be written like that
 */
export function samplesObject(path: string, samples: SeriesSamples, storage: StreamStorage, streams: PlannedStream[]): Hdf5Object {
  const { data, name, timeAxis, count, attributes } = samples
  const isContiguous = storage.storage.layout === 'contiguous'
  if (isRawFile(data) && isContiguous) {
    const source = { kind: 'fileSamples', samples: data.native, order: 'time' } as const
    return { object: 'dataset', path, source, storage: storage.storage, attributes }
  }
  if (isRawFile(data) || isRawStream(data)) {
    const planned = plannedStream(data, name, count, storage, false)
    streams.push(planned)
    return streamedDataset(path, planned, attributes)
  }
  const { data: numbers, shape } = data
  if (shape.length !== 2) {
    return { object: 'dataset', path, source: { kind: 'array', data: numbers, shape }, storage: storage.storage, attributes }
  }
  const [first, second] = shape as [number, number]
  const [length, width] = timeAxis === 'first' ? [first, second] : [second, first]
  return {
    object: 'dataset',
    path,
    source: { kind: timeAxis === 'first' ? 'array' : 'transposed', data: numbers, shape },
    storage: transposedRawStorage(storage, width, length, itemBytesOf(numbers)),
    attributes,
  }
}

/** What the samples of each channel of the series at a path are multiplied by besides the conversion of all. */
export function channelConversionObject(path: string, factors: readonly number[]): Hdf5Object {
  return {
    object: 'dataset',
    path: `${path}/channel_conversion`,
    source: { kind: 'array', data: Float32Array.from(factors), shape: [factors.length] },
    storage: { layout: 'contiguous' },
    // The axis of channels.
    attributes: attributesFrom({ axis: { int32: 1 } }),
  }
}
