/**
 * Raw samples that come as a stream, as a caller gives them.
 */
import { invalidType } from '../errors.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { isNumericArray } from '../memory/typed-arrays.js'
import type { OptionNames } from '../options/checks.js'
import { isMissing, optionsFrom, wholeNumber } from '../options/checks.js'
import type { RawStream } from '../recording/raw-stream.js'
import { newRawStream } from '../recording/raw-stream.js'
import type { RawDtype } from './raw-dtypes.js'
import { rawTypeString } from './raw-dtypes.js'
import { MOST_CHANNELS } from './raw-layout.js'

/** What the samples of a stream are. */
export interface RawStreamOptions {
  /** The type of the samples, under numpy's name. */
  dtype: RawDtype
  /** The number of channels, up to 2²⁰: a block has whole samples of all of them. */
  channels: number
  /** How many samples of each channel will come. Another number is an error. Default: as many as come. */
  samples?: number | undefined
}

/**
 * Blocks of samples, one after another: typed arrays of one dtype, samples × channels in C order, each of any number of whole samples; or
 * Buffers and Uint8Arrays, whose bytes are the samples, little-endian, and may end anywhere.
 */
export type RawBlocks = AsyncIterable<NumericArray> | Iterable<NumericArray>

const OPTIONS: OptionNames<RawStreamOptions> = { dtype: true, channels: true, samples: true }

const ITERABLE = 'an async iterable, an iterable or a stream of typed arrays'

/**
 * Raw samples that come as a stream: a generator, a Node `Readable`, a Web `ReadableStream`, anything that is iterable. The result stands
 * for `rawData` of a recording, or `data` of a series of an NWB file.
 *
 * An export to HDF5 or NWB writes the samples as they come, in one pass, as chunks of a dataset that can grow. It asks for the next
 * block when it has copied the last one, so that a block may be used again, and waits while too many chunks are not yet written. What
 * the stream throws is what the export rejects with, a Node stream that fails before that included. An export that fails or is stopped
 * ends the stream, and leaves no file; one that fails before it has read from the stream leaves it as it is, for another.
 *
 * @param source - the blocks; read by one export
 * @throws TypeError, RangeError for what is no iterable, and for options that make no sense
 * @example
 * ```js
 * const raw = rawStream(createReadStream('recording.dat'), { dtype: 'int16', channels: 384 })
 * const sd = new SpikeData([], { length: 0, rawData: raw, rawTime: 30 })
 * await exportSpikeDataToNwb(sd, 'recording.nwb', { rawData: { conversion: 2.34e-6 } })
 * ```
 */
export function rawStream(source: RawBlocks, options: RawStreamOptions): RawStream {
  const { dtype, channels, samples } = optionsFrom<RawStreamOptions>(options, OPTIONS)
  return newRawStream({
    source: iterableFrom(source),
    dtype: rawTypeString(dtype),
    channels: wholeNumber(channels, 'channels', 1, MOST_CHANNELS),
    samples: isMissing(samples) ? undefined : wholeNumber(samples, 'samples', 0, Number.MAX_SAFE_INTEGER),
  })
}

function iterableFrom(source: unknown): AsyncIterable<unknown> | Iterable<unknown> {
  // A typed array is an iterable of numbers, and a text one of texts.
  if (typeof source !== 'object' || source === null || isNumericArray(source)) throw invalidType(ITERABLE, 'source', source)
  const { [Symbol.asyncIterator]: inTime, [Symbol.iterator]: atOnce } = source as Partial<AsyncIterable<unknown> & Iterable<unknown>>
  if (typeof inTime !== 'function' && typeof atOnce !== 'function') throw invalidType(ITERABLE, 'source', source)
  return source as AsyncIterable<unknown> | Iterable<unknown>
}
