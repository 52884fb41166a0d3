/**
 * What readers of the metadata of recordings share: texts of bounded length, whole samples, volts per count.
 */
import { FormatError } from '../errors.js'
import { readInPieces, withFile } from '../files/random-access.js'
import { zeros } from '../memory/allocation.js'
import type { RawFacts, RawLayout } from './raw-layout.js'

/** The samples of both formats are int16. */
const SAMPLE_BYTES = 2

/** The volts of a count, between which all devices are. */
const FEWEST_VOLTS = 1e-15
const MOST_VOLTS = 1e6

/**
 * The text of a file, UTF-8.
 *
 * @param absolute - its absolute path
 * @param name - what errors call it
 * @throws FormatError for a file of more than `mostBytes`, and for what is no regular file
 * @throws Error with the file system's `code`; the signal's reason
 */
export function textOf(absolute: string, name: string, mostBytes: number, signal: AbortSignal | undefined): Promise<string> {
  signal?.throwIfAborted()
  return withFile(absolute, name, async (file) => {
    if (file.size > mostBytes) throw new FormatError(name, `it has ${file.size} bytes, more than ${mostBytes}`)
    const bytes = zeros(Uint8Array, file.size)
    await readInPieces(file, bytes, 0, signal)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  })
}

/** Channels of a file that lie side by side. */
export interface ChannelRun {
  /** The first of them among all in the file. */
  readonly first: number
  readonly count: number
  /** All channels of the file. */
  readonly of: number
}

/**
 * Where some channels of a file of little-endian int16 samples lie, one sample of all channels after another.
 *
 * @param absolute - its absolute path
 * @param name - what errors call it
 * @throws FormatError for a file that ends within a sample of all channels, and for what is no regular file
 * @throws Error with the file system's `code`
 */
export async function int16Layout(absolute: string, name: string, channels: ChannelRun): Promise<RawLayout> {
  const size = await withFile(absolute, name, async (file) => file.size)
  const samples = size / (channels.of * SAMPLE_BYTES)
  if (!Number.isInteger(samples)) {
    throw new FormatError(name, `its last sample is not whole: it has ${size} bytes, for ${channels.of} channels of ${SAMPLE_BYTES} bytes`)
  }
  return {
    path: absolute,
    name,
    dtype: '<i2',
    order: 'time',
    offset: channels.first * SAMPLE_BYTES,
    channels: channels.count,
    samples,
    stride: channels.of,
    size,
  }
}

/** Whether a count may stand for that many volts. */
export function isVoltsPerCount(volts: number): boolean {
  return volts >= FEWEST_VOLTS && volts <= MOST_VOLTS
}

/** The facts for the volts of a count of each channel: one number where it suffices, else also the factors to that of the first channel. */
export function conversionOf(volts: readonly number[]): Pick<RawFacts, 'conversion' | 'channelConversion'> {
  const [conversion = 1] = volts
  if (volts.every((other) => other === conversion)) return { conversion }
  return { conversion, channelConversion: volts.map((other) => other / conversion) }
}
