/**
 * Raw samples that come as a stream.
 */
import { Readable } from 'node:stream'
import { invalidValue } from '../errors.js'

/** What a {@link RawStream} is made of. */
export interface RawStreamParts {
  /** Yields blocks, which are checked as they come. */
  source: AsyncIterable<unknown> | Iterable<unknown>
  /** The numpy type string of the samples. */
  dtype: string
  channels: number
  /** How many samples will come, if that is known. */
  samples: number | undefined
}

/** Makes a {@link RawStream}: its constructor is no caller's. */
export let newRawStream: (parts: RawStreamParts) => RawStream

/** Checks the brand of a {@link RawStream}, a private field: rejects proxies and look-alikes. */
export let isRawStream: (value: unknown) => value is RawStream

/**
 * Raw samples that come as a stream, which `rawStream` has made: an export writes them as they come and never has more than a few chunks
 * in memory. It stands for a recording's `rawData`, or the data of a series, in one export to HDF5 or NWB.
 */
export class RawStream {
  /** Channels × samples; the number of samples is NaN where it is not known. */
  readonly shape: readonly [channels: number, samples: number]
  /** The numpy type string of the samples, such as `<i2`. */
  readonly dtype: string

  readonly #source: AsyncIterable<unknown> | Iterable<unknown>
  readonly #state = { isUsed: false }
  static {
    isRawStream = (value): value is RawStream => #source in Object(value)
    newRawStream = (parts) => new RawStream(parts)
  }

  private constructor({ source, dtype, channels, samples = NaN }: RawStreamParts) {
    this.shape = Object.freeze([channels, samples] as const)
    this.dtype = dtype
    this.#source = source
    // A file that is not there fails before an export reads it, which then reports that.
    if (source instanceof Readable) source.on('error', () => {})
    Object.freeze(this)
  }

  /** The number of axes. */
  get ndim(): 2 {
    return 2
  }

  /** The number of samples of all channels; NaN where it is not known. */
  get size(): number {
    return this.shape[0] * this.shape[1]
  }

  /**
   * @internal Checks that no export has read it.
   *
   * @throws RangeError where one has
   */
  requireUnused(name: string): void {
    if (this.#state.isUsed) throw invalidValue('a stream that no other export has read', name, this)
  }

  /** @internal Begins to read it. Once. */
  begin(name: string): AsyncIterator<unknown> {
    this.requireUnused(name)
    this.#state.isUsed = true
    return iteratorOf(this.#source)
  }
}

/**
 * Reads blocks. Streams end at once when it returns; their own iterators, which are async generators, do so only once the next block has
 * come.
 */
function iteratorOf(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  if (source instanceof ReadableStream) {
    const reader = (source as ReadableStream<unknown>).getReader()
    const next = () => reader.read() as Promise<IteratorResult<unknown>>
    return { next, return: () => reader.cancel().then(() => ({ value: undefined, done: true })) }
  }
  if (!(Symbol.asyncIterator in source)) return blocksOf(source)
  const iterator = source[Symbol.asyncIterator]()
  if (!(source instanceof Readable)) return iterator
  const end = () => {
    source.destroy()
    return Promise.resolve({ value: undefined, done: true as const })
  }
  return { next: () => iterator.next(), return: end }
}

async function* blocksOf(source: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* source
}
