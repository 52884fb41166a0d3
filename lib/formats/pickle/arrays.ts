/**
 * NumPy arrays in a pickle. Every one is `numpy.core.multiarray._reconstruct(numpy.ndarray, (0,), b'b')`, given its
 * state `(1, shape, dtype, False, bytes)` by BUILD: the one form that every numpy reads without a warning.
 *
 * Globals and dtypes are shared through the memo; data never is, because numpy may use the bytes where they are.
 */
import type { UnitPart } from '../../engine/plan/byte-segments.js'
import type { Source, UnitSpikeTimesSource } from '../../engine/plan/sources.js'
import { invalidValue } from '../../errors.js'
import { pin } from '../../memory/buffers.js'
import { requireWhole, sizeOf } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { bytesOf, dtypeOf, itemBytesOf, lengthOf } from '../../memory/typed-arrays.js'
import { PickleBytes } from './bytes.js'
import { OPCODES } from './opcodes.js'
import type { PickleOutput } from './output.js'
import type { SourceArray, TrainList } from './values.js'

/** Arrays of at most this many bytes are copied into the plan, so that a plan with many small arrays stays short. */
const INLINE_BYTES = 32 * 1024

/** What one array can hold before protocol 4. */
const MAX_BYTES = 0xffff_ffff

const FLOAT64 = '<f8'
const FLOAT64_BYTES = 8

export class PickleArrays {
  readonly #bytes: PickleBytes
  readonly #dtypes = new Map<string, number>()
  #unitParts: UnitPart[] | undefined
  #reconstruct = -1
  #reconstructArguments = -1

  constructor(readonly output: PickleOutput) {
    this.#bytes = new PickleBytes(output)
  }

  /**
   * An array with a copy of small data, or with large data that native code reads while the export runs.
   *
   * @param path - returns the name of the array for errors
   * @throws RangeError for data that was transferred or cut short, and for large data on a buffer that {@link pin} refuses
   */
  array(data: NumericArray, shape: readonly number[], path: () => string): void {
    requireWhole({ data, shape }, path)
    const dtype = dtypeOf(data)
    const bytes = lengthOf(data) * itemBytesOf(data)
    if (bytes > INLINE_BYTES) {
      this.#requireSize(bytes, path)
      return this.#source({ kind: 'array', data: pin(data, path()), shape }, dtype, shape)
    }
    this.#prepare(dtype)
    this.#begin()
    for (const axis of shape) this.output.integer(axis)
    this.#afterShape(dtype)
    this.#bytes.value(bytesOf(data))
    this.#end()
  }

  /** An array of elements that native code makes. */
  source({ source, dtype, shape }: SourceArray, path: () => string): void {
    const itemBytes = Number(dtype.slice(2))
    this.#requireSize(itemBytes * sizeOf(shape), path)
    this.#source(source, dtype, shape)
  }

  /** A list of one float64 array a unit. */
  trains({ trains }: TrainList, path: () => string): void {
    if (trains.spikeCount * FLOAT64_BYTES > MAX_BYTES) {
      const { unit, spikeCount } = trains.longestTrain()
      this.#requireSize(spikeCount * FLOAT64_BYTES, () => `${path()}[${unit}]`)
    }
    this.#prepare(FLOAT64)
    this.output.emptyList()
    const source: UnitSpikeTimesSource = { kind: 'unitSpikeTimes', trains, time: { to: 'ms' } }
    this.#unitParts ??= this.#makeUnitParts()
    this.output.out.segment({ segment: 'repeat', source, ...this.#bytes.transcoding, parts: this.#unitParts })
  }

  /** What one unit's array is made of: the same in every list of trains, as it refers to the same places in the memo. */
  #makeUnitParts(): UnitPart[] {
    const { out } = this.output
    const isText = this.output.protocol < 2
    const upToCount = () => {
      this.#begin()
      this.output.op(isText ? OPCODES.INT : OPCODES.LONG1)
      if (!isText) out.uint8(8)
    }
    const upToLength = () => {
      if (isText) out.latin1('\n')
      this.#afterShape(FLOAT64)
      this.#bytes.begin()
    }
    const afterData = () => {
      this.#bytes.end()
      this.#end()
      this.output.op(OPCODES.APPEND)
    }
    return [
      ...out.fragment(upToCount),
      { segment: 'unitSpikeCount', encoding: isText ? 'decimal' : 'u64' },
      ...out.fragment(upToLength),
      ...this.#bytes.length({ segment: 'unitByteLength' as const }),
      { segment: 'unitData' },
      ...out.fragment(afterData),
    ]
  }

  #source(source: Source, dtype: string, shape: readonly number[]): void {
    const { out } = this.output
    const { transcoding } = this.#bytes
    this.#prepare(dtype)
    this.#begin()
    for (const axis of shape) this.output.integer(axis)
    this.#afterShape(dtype)
    this.#bytes.begin()
    const length = this.#bytes.length({ segment: 'sourceByteLength' as const, source, ...transcoding })
    for (const segment of length) out.segment(segment)
    out.segment({ segment: 'sourceData', source, ...transcoding })
    this.#bytes.end()
    this.#end()
  }

  /** An array, and of its state the version and the beginning of the shape. */
  #begin(): void {
    this.output.get(this.#reconstruct)
    this.output.get(this.#reconstructArguments)
    this.output.op(OPCODES.REDUCE)
    this.output.op(OPCODES.MARK)
    this.output.integer(1)
    this.output.op(OPCODES.MARK)
  }

  /** The end of the shape, the dtype, and that the array is not in Fortran order. */
  #afterShape(dtype: string): void {
    this.output.op(OPCODES.TUPLE)
    this.output.get(this.#dtypes.get(dtype) as number)
    this.output.boolean(false)
  }

  #end(): void {
    this.output.op(OPCODES.TUPLE)
    this.output.op(OPCODES.BUILD)
  }

  #requireSize(bytes: number, path: () => string): void {
    const { protocol } = this.output
    if (protocol >= 4 || bytes <= MAX_BYTES) return
    throw invalidValue(`4 or 5 (${path()} has ${bytes} bytes, and before that an array ends at 4 GiB)`, 'protocol', protocol)
  }

  /** Puts what an array of this dtype refers to into the memo, where it is not there yet. */
  #prepare(dtype: string): void {
    if (this.#dtypes.size === 0) this.#prepareAny()
    if (!this.#dtypes.has(dtype)) this.#dtypes.set(dtype, this.#rememberDtype(dtype))
  }

  #rememberDtype(dtype: string): number {
    const { output } = this
    return output.remember(() => {
      output.global('numpy', 'dtype')
      output.op(OPCODES.MARK)
      output.text(dtype)
      output.op(OPCODES.TUPLE)
      output.op(OPCODES.REDUCE)
    })
  }

  #prepareAny(): void {
    const { output } = this
    this.#bytes.prepare()
    this.#reconstruct = output.remember(() => output.global('numpy.core.multiarray', '_reconstruct'))
    this.#reconstructArguments = output.remember(() => {
      output.op(OPCODES.MARK)
      output.global('numpy', 'ndarray')
      output.op(OPCODES.MARK)
      output.integer(0)
      output.op(OPCODES.TUPLE)
      this.#bytes.value(Buffer.from('b'))
      output.op(OPCODES.TUPLE)
    })
  }
}
