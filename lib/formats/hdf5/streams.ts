/**
 * Datasets of samples that are gathered in tiles: of streams, and of files whose samples lie in another order.
 */
import { addon } from '../../engine/native.js'
import type { Hdf5Attribute, Hdf5Object, Hdf5Plan, Hdf5Storage, Stream } from '../../engine/plan/hdf5-tree.js'
import { invalidValue } from '../../errors.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import { dtypeNamed } from '../../memory/number-dtypes.js'
import type { RawFile } from '../../recording/raw-file.js'
import type { RawStream } from '../../recording/raw-stream.js'
import { isRawStream } from '../../recording/raw-stream.js'
import type { Hdf5StorageOptions, RawStorage } from './storage.js'
import { DEFAULT_CHUNK_BYTES } from './storage.js'

/**
 * What is gathered before it is written: all channels for as long as a chunk is. It is kept in memory a few times, so that chunks of many
 * channels are shorter than those of data whose length is known, and hold more channels.
 */
const MOST_GATHERED_BYTES = 2 ** 23

/** The plan of a file, and what it has of streams. */
export interface FilePlan {
  planFor: (target: string) => Hdf5Plan
  streams: PlannedStream[]
}

/** How streams are written. */
export interface StreamStorage extends RawStorage {
  /** Whether the options ask for a contiguous layout, which nothing of unknown length can have. */
  isContiguous: boolean
}

/** The storage of streams that the options ask for. */
export function streamStorage(storage: RawStorage, { layout }: Hdf5StorageOptions): StreamStorage {
  return { ...storage, isContiguous: layout === 'contiguous' }
}

/** Streams that are being written before the plan of their file is made. */
const underway = new WeakMap<RawFile | RawStream, PlannedStream>()

/** Has all further plans refer to what is being written of a stream. */
export function keepPlanned(planned: PlannedStream): void {
  underway.set(planned.stream, planned)
}

/**
 * Plans the dataset of a stream, or of a file.
 *
 * @param name - what errors call the stream
 * @param samples - how many have to come, where the times of samples decide that
 * @param growsLast - whether it is channels × samples, and not samples × channels
 * @throws RangeError for a stream that was read before, that says another number of samples, or has a contiguous layout
 */
export function plannedStream(
  stream: RawFile | RawStream,
  name: string,
  samples: number | undefined,
  { storage, channelsPerChunk, isContiguous }: StreamStorage,
  growsLast: boolean,
): PlannedStream {
  const kept = underway.get(stream)
  if (kept) return kept
  if (isRawStream(stream)) stream.requireUnused(name)
  if (isContiguous) {
    const because = isRawStream(stream) ? 'is a stream' : 'is a file in which the samples of a channel do not lie together'
    throw invalidValue(`'auto', 'chunked' or 'cloud', as ${name} ${because},`, 'layout', 'contiguous')
  }
  const [channels, said] = stream.shape
  if (samples !== undefined && !Number.isNaN(said) && said !== samples) {
    throw invalidValue(`${samples} samples, one for each time,`, name, said)
  }
  const settings: Stream = {
    dtype: dtypeNamed(stream.dtype),
    channels,
    growsLast,
    ...chunksOf(storage, channels, channelsPerChunk, Number(stream.dtype.slice(2))),
  }
  const native = new addon.StreamedDataset(settings)
  return { stream, name, dtype: stream.dtype, samples: samples ?? (Number.isNaN(said) ? undefined : said), settings, native }
}

/** The dataset of a stream in a plan. */
export function streamedDataset(path: string, { native }: PlannedStream, attributes?: Hdf5Attribute[]): Hdf5Object {
  return { object: 'streamedDataset', path, stream: native, ...(attributes && { attributes }) }
}

/** Chunks as long as few channels fill them, and no longer than what is gathered. */
function chunksOf(
  storage: Hdf5Storage,
  channels: number,
  channelsPerChunk: number,
  itemBytes: number,
): Pick<Stream, 'samplesPerChunk' | 'channelsPerChunk' | 'deflateLevel' | 'shuffle'> {
  const { chunkBytes = DEFAULT_CHUNK_BYTES, deflateLevel, shuffle } = storage.layout === 'chunked' ? storage : {}
  const most = Math.max(1, Math.floor(chunkBytes / itemBytes))
  const longest = Math.floor(Math.max(MOST_GATHERED_BYTES, chunkBytes) / (channels * itemBytes))
  const samplesPerChunk = Math.max(1, Math.min(Math.floor(most / Math.min(channels, channelsPerChunk)), longest))
  return { samplesPerChunk, channelsPerChunk: Math.min(channels, Math.max(1, Math.floor(most / samplesPerChunk))), deflateLevel, shuffle }
}
