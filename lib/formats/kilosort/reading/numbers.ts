/**
 * Numbers of NPY files, read block by block: one for each spike, or small tables of channels.
 */
import { readFileParts } from '../../../engine/reading/file-parts.js'
import type { ReadOptions, Scaling } from '../../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../../engine/run-job.js'
import { FormatError } from '../../../errors.js'
import type { NpyHeader } from '../../../files/npy.js'
import { readNpyHeader, readNpyNumbers } from '../../../files/npy.js'
import type { Dtype } from '../../../files/numpy-dtype.js'
import { arrayDtype, numbersFrom } from '../../../files/numpy-dtype.js'
import { unset } from '../../../memory/allocation.js'
import { pinOwn } from '../../../memory/buffers.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { arrayTypeOf } from '../../../memory/typed-arrays.js'
import { scaleTimes } from '../../../options/time-unit.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices } from '../../../steps.js'
import type { OpenFile, Reading } from './source.js'

/** An open NPY file of one number for each spike. */
export interface SpikeNumbers {
  readonly file: OpenFile
  readonly header: NpyHeader
  readonly dtype: Dtype
}

/** What is read and converted at once: a fraction of a millisecond. */
const BLOCK_BYTES = 2 ** 20

/** Tables of channels are not longer. */
const MOST_OF_A_TABLE = 2 ** 22

/**
 * An array of one number for each spike: of one axis, or of several of which only one is longer than 1, as MATLAB writes them.
 *
 * @throws FormatError for anything else
 */
export async function spikeNumbers(file: OpenFile): Promise<SpikeNumbers> {
  const { bytes, place } = file
  const header = await readNpyHeader(bytes, place)
  const { dtype, shape, descr } = header
  if (!dtype || !'biuf'.includes(dtype.kind))
    throw new FormatError(place.path, `its elements are of type ${descr}, not numbers`, place.object)
  if (shape.filter((axis) => axis !== 1).length > 1) {
    throw new FormatError(place.path, `its shape is ${shape.join(' × ')}, and not one number for each spike`, place.object)
  }
  return { file, header, dtype }
}

/** How large an array of {@link readSpikeNumbers} becomes. */
export function bytesInMemory({ header, dtype }: SpikeNumbers): number {
  return header.count * (dtype.itemBytes === 8 ? 8 : Math.max(dtype.itemBytes, dtype.kind === 'f' ? 4 : 1))
}

/** Numbers of 8 bytes as float64, which is exact up to 2⁵³; all others with their own type. */
export async function readSpikeNumbers(numbers: SpikeNumbers, options: ReadOptions): Promise<NumericArray> {
  return readInto(roomFor(numbers, numbers.header.count), numbers, 0, undefined, options)
}

/** An array for `count` numbers as {@link readSpikeNumbers} has them, which are not set. */
export function roomFor({ dtype }: SpikeNumbers, count: number): NumericArray {
  return unset<NumericArray>(dtype.itemBytes === 8 ? Float64Array : arrayTypeOf(arrayDtype(dtype)), count)
}

/**
 * Numbers as float64.
 *
 * @param scaling - makes ms of times, in SpikeLab's order of operations
 */
export async function readFloats(numbers: SpikeNumbers, scaling: Scaling | undefined, options: ReadOptions): Promise<Float64Array> {
  return readInto(unset(Float64Array, numbers.header.count), numbers, 0, scaling, options)
}

/** Fills an array with numbers from `first` on: on the addon's threads, or here from a file that is deflated. */
export async function readInto<T extends NumericArray>(
  into: T,
  numbers: SpikeNumbers,
  first: number,
  scaling: Scaling | undefined,
  options: ReadOptions,
): Promise<T> {
  const { header, dtype, file } = numbers
  const { place, plain } = file
  if (plain) {
    const order = dtype.isBigEndian ? '>' : dtype.itemBytes === 1 ? '|' : '<'
    const offset = plain.start + header.dataStart + first * header.itemBytes
    const part = { offset, dtype: `${order}${dtype.kind}${dtype.itemBytes}`, into: pinOwn(into), scaling, object: place.object }
    await readFileParts(plain.path, place.path, plain.size, [part], options)
    return into
  }
  const report = aFewTimesASecond(options.onProgress)
  const dataStart = header.dataStart + first * header.itemBytes
  await forEachBlock({ ...numbers, header: { ...header, count: into.length, dataStart } }, options, function* (block, from) {
    yield* copyBlock(block, into as Float64Array, from)
    if (scaling) yield* scaleTimes((into as Float64Array).subarray(from, from + block.length), scaling)
    report((from + block.length) * into.BYTES_PER_ELEMENT, into.byteLength)
  })
  return into
}

/** How often progress is reported, in ms. */
const INTERVAL_MS = 100

function aFewTimesASecond(onProgress: OnProgress | undefined): OnProgress {
  let next = performance.now() + INTERVAL_MS
  return (done, total) => {
    if (performance.now() < next) return
    next = performance.now() + INTERVAL_MS
    onProgress?.(done, total)
  }
}

/** Calls `use` with all elements, block by block; `from` is the place of a block's first. */
export async function forEachBlock(
  { file, header, dtype }: SpikeNumbers,
  { signal }: Pick<ReadOptions, 'signal'>,
  use: (block: NumericArray, from: number) => Steps<void>,
): Promise<void> {
  const { count, itemBytes, dataStart } = header
  const most = BLOCK_BYTES / itemBytes
  const bytes = new Uint8Array(Math.min(most, count) * itemBytes)
  for (let from = 0; from < count; from += most) {
    const block = bytes.subarray(0, Math.min(most, count - from) * itemBytes)
    await file.bytes.read(block, dataStart + from * itemBytes)
    signal?.throwIfAborted()
    const elements = await inSlices(numbersFrom(block, dtype), signal)
    await inSlices(use(elements, from), signal)
  }
}

/** Copies elements; integers of 8 bytes as float64, rounded once. As BigInts they would be slow. */
function* copyBlock(block: NumericArray, target: Float64Array, at: number): Steps<void> {
  if (typeof block[0] !== 'bigint') {
    target.set(block as Float64Array, at)
    return
  }
  const { buffer, byteOffset, length } = block
  const lows = new Uint32Array(buffer, byteOffset, 2 * length)
  const highs = block instanceof BigInt64Array ? new Int32Array(buffer, byteOffset, 2 * length) : lows
  yield* inRanges(length, (from, to) => {
    for (let i = from; i < to; i++) target[at + i] = (highs[2 * i + 1] as number) * 2 ** 32 + (lows[2 * i] as number)
  })
}

/** A small array of numbers. */
export interface NumberTable {
  readonly data: NumericArray
  readonly shape: readonly number[]
}

/**
 * Reads a small array of numbers, in C order.
 *
 * @throws FormatError for anything but numbers, and a large one
 */
export async function readNumberTable({ bytes, place }: OpenFile, { signal }: Reading): Promise<NumberTable> {
  const header = await readNpyHeader(bytes, place)
  if (header.count > MOST_OF_A_TABLE)
    throw new FormatError(place.path, `it has ${header.count} elements, more than ${MOST_OF_A_TABLE}`, place.object)
  return { data: await readNpyNumbers(bytes, header, place, signal), shape: header.shape }
}
