/**
 * Raw samples in a file of nothing else: a flat binary, or an NPY file.
 */
import type { StoredDtype } from '../engine/plan/samples.js'
import { FormatError, invalidValue } from '../errors.js'
import { readNpyHeader } from '../files/npy.js'
import type { RandomAccess } from '../files/random-access.js'
import type { Missing } from '../options/checks.js'
import { isMissing, oneOf, optionalBoolean, wholeNumber } from '../options/checks.js'
import type { RawDtype } from './raw-dtypes.js'
import { rawTypeString, storedDtype } from './raw-dtypes.js'
import type { DescribedRaw, RawLayout } from './raw-layout.js'
import { MOST_CHANNELS } from './raw-layout.js'

/** In which order samples lie. */
export type RawOrder = 'time' | 'channel'
export const ORDERS = ['time', 'channel'] as const

/** What a flat binary file holds, which says nothing of itself. */
export interface FlatOptions {
  /** The type of the samples, under numpy's name. */
  dtype: RawDtype
  /** The number of channels, up to 2²⁰. */
  channels: number
  /**
   * `time`: one sample of all channels after another. `channel`: all samples of one channel after those of another. Default `time`.
   */
  order?: RawOrder | undefined
  /** The byte of the first sample. Default 0. */
  offset?: number | undefined
  /** How many samples each channel has. Default: all that follow, which have to be whole. */
  samples?: number | undefined
  /** Whether numbers have their lowest byte first. Default true. */
  littleEndian?: boolean | undefined
}

/** What is known of a file by its name and size. */
interface Place {
  readonly path: string
  readonly name: string
  readonly size: number
}

/**
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for a file without as many samples, or with a last one that is not whole
 */
export function describeFlat({ path, name, size }: Place, given: FlatOptions): DescribedRaw {
  const channels = wholeNumber(given.channels, 'channels', 1, MOST_CHANNELS)
  const inMemory = rawTypeString(given.dtype)
  const order = isMissing(given.order) ? 'time' : oneOf(given.order, 'order', ORDERS)
  const offset = isMissing(given.offset) ? 0 : wholeNumber(given.offset, 'offset', 0, Number.MAX_SAFE_INTEGER)
  optionalBoolean(given.littleEndian, 'littleEndian')
  const dtype = (given.littleEndian === false ? inMemory.replace('<', '>') : inMemory) as StoredDtype
  const sampleBytes = channels * Number(dtype.slice(2))
  if (offset > size) throw new FormatError(name, `it has ${size} bytes, and its samples are to begin at byte ${offset}`)
  const there = Math.floor((size - offset) / sampleBytes)
  const samples = isMissing(given.samples) ? there : wholeNumber(given.samples, 'samples', 0, Number.MAX_SAFE_INTEGER)
  if (samples > there) throw new FormatError(name, `it has ${there} samples of ${channels} channels, not ${samples}`)
  const over = (size - offset) % sampleBytes
  if (isMissing(given.samples) && over > 0) {
    throw new FormatError(name, `its last sample is not whole: ${over} bytes follow ${there} samples of ${channels} channels`)
  }
  const stride = order === 'time' ? channels : samples
  return { layout: { path, name, dtype, order, offset, channels, samples, stride, size }, facts: {} }
}

/**
 * An NPY file of one axis, which is one channel, or of two.
 *
 * @param given - `time` for samples × channels, the default, or `channel` for channels × samples
 * @throws FormatError for a file that is no such array
 */
export async function describeNpy(file: RandomAccess, { path, name, size }: Place, given: RawOrder | Missing): Promise<DescribedRaw> {
  const axes = isMissing(given) ? 'time' : oneOf(given, 'order', ORDERS)
  const { dtype: elements, descr, shape, isFortranOrder, dataStart } = await readNpyHeader(file, { path: name })
  const dtype = elements && storedDtype(elements)
  if (!dtype) throw new FormatError(name, `its elements are of type ${descr}, not real numbers`)
  if (shape.length !== 1 && shape.length !== 2) throw new FormatError(name, `it has ${shape.length} axes, not samples and channels`)
  const [first, second = 1] = shape as [number, number?]
  const [samples, channels] = axes === 'time' || shape.length === 1 ? [first, second] : [second, first]
  if (channels < 1 || channels > MOST_CHANNELS)
    throw invalidValue(`1 to ${MOST_CHANNELS} channels`, 'order', `${axes} for ${channels} channels`)
  const order: RawOrder = (axes === 'time') === !isFortranOrder || shape.length === 1 ? 'time' : 'channel'
  const stride = order === 'time' ? channels : samples
  const layout: RawLayout = { path, name, dtype, order, offset: dataStart, channels, samples, stride, size }
  return { layout, facts: {} }
}
