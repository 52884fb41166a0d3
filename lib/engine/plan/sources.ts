/**
 * The vocabulary of sources: the bulk parts of every export. A plan names them, native code fills them block by block.
 */
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { NativeSpikeTrains } from '../native.js'

/** How times in ms become the numbers of a source: a true division for `s`, `rint(x * (fs / 1000))` as int64 for `samples`. */
export type TimeConversion = { to: 'ms' } | { to: 's' } | { to: 'samples'; fsHz: number }

/** Spike times of all units in unit order: float64 for ms and s, int64 for samples. */
export interface SpikeTimesSource {
  kind: 'spikeTimes'
  trains: NativeSpikeTrains
  time: TimeConversion
}

/** Cumulative end counts, one a unit, int64 unless the type says otherwise. */
export interface SpikeTimesIndexSource {
  kind: 'spikeTimesIndex'
  trains: NativeSpikeTrains
  type?: 'uint32' | 'uint64'
}

/** The unit of every spike, in the order of {@link SpikeTimesSource}, int64: the unit's number, or `ids[unit]`. */
export interface SpikeUnitsSource {
  kind: 'spikeUnits'
  trains: NativeSpikeTrains
  ids?: BigInt64Array
}

/** Spike counts, units × bins, int64. Bin *j* holds the times in `(start + j·bin, start + (j+1)·bin]`. */
export interface RasterSource {
  kind: 'raster'
  trains: NativeSpikeTrains
  startTime: number
  binSizeMs: number
  bins: number
}

/** Numbers that are already there, in C order, with their own dtype. */
export interface ArraySource {
  kind: 'array'
  data: NumericArray
  shape: readonly number[]
}

/** The same numbers so many times, count × numbers. */
export interface RepeatedSource {
  kind: 'repeated'
  data: NumericArray
  count: number
}

/** Numbers that are already there as rows × columns in C order, turned round: columns × rows. */
export interface TransposedSource {
  kind: 'transposed'
  data: NumericArray
  /** The shape of `data`. */
  shape: readonly [rows: number, columns: number]
}

/**
 * Times in ms that are already there: made float64, then converted like spike times. With `keepsFloat32` a Float32Array is converted in
 * float32, as numpy does, and seconds are float32.
 */
export interface TimesSource {
  kind: 'times'
  data: NumericArray
  time: TimeConversion
  keepsFloat32?: boolean
}

/** `i / rateKHz` for i in 0..count−1: the time axis, in ms, of regularly sampled data; converted like spike times. */
export interface SampleTimesSource {
  kind: 'sampleTimes'
  count: number
  rateKHz: number
  time: TimeConversion
}

/** `first`, `first + 1`, …, int64 unless the type says otherwise: the row numbers of a table. */
export interface RangeSource {
  kind: 'range'
  first: number
  count: number
  type?: 'uint32' | 'uint64'
}

/** Zeros, and a one at element `first` and at every `step`-th behind it, in C order: an identity matrix, or nothing but ones. */
export interface OnesSource {
  kind: 'ones'
  type: 'float32' | 'float64'
  shape: readonly number[]
  first: number
  step: number
}

/**
 * Matrices of zeros with numbers in one column each, float32, matrices × rows × columns: matrix *m* has them in column `places[m]`,
 * which is below `columns`.
 */
export interface OneColumnEachSource {
  kind: 'oneColumnEach'
  /** One number a row, the same in all matrices; or matrices × rows. */
  data: Float32Array
  rows: number
  columns: number
  places: Int32Array
}

/** A source that is one array. */
export type Source =
  | SpikeTimesSource
  | SpikeTimesIndexSource
  | SpikeUnitsSource
  | RasterSource
  | ArraySource
  | RepeatedSource
  | TransposedSource
  | TimesSource
  | SampleTimesSource
  | RangeSource
  | OnesSource
  | OneColumnEachSource

/** One array a unit: the spike times of that unit alone. Only inside a `repeat`. */
export interface UnitSpikeTimesSource {
  kind: 'unitSpikeTimes'
  trains: NativeSpikeTrains
  time: TimeConversion
}
