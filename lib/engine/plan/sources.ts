/**
 * The vocabulary of sources: the bulk parts of every export. A plan names them, native code fills them block by block.
 */
import type { TypeOf } from './schema.js'
import { COUNT, fields, kinds, list, optional, whole, words } from './schema.js'

/** How times in ms become the numbers of a source. */
const TIME = kinds('to', {
  ms: {},
  /** A true division by 1000. */
  s: {},
  /** `rint(x * (fs / 1000))` as int64. */
  samples: { fsHz: 'positive' },
})

/** The type of whole numbers; int64 where there is none. */
const WHOLE_TYPE = optional(words('uint32', 'uint64'))

/** A source that is one array. */
export const SOURCE = kinds('kind', {
  /** Spike times of all units in unit order: float64 for ms and s, int64 for samples. */
  spikeTimes: { trains: 'trains', time: TIME },
  /** Cumulative end counts, one a unit. */
  spikeTimesIndex: { trains: 'trains', type: WHOLE_TYPE },
  /** The unit of every spike, in the order of `spikeTimes`, int64. */
  spikeUnits: {
    trains: 'trains',
    /** What stands for each unit, instead of its number. */
    ids: optional('BigInt64Array'),
  },
  /** A column of the values that trains on the disk have of each spike, in the order of `spikeTimes`, with its own dtype. */
  spikeValues: { trains: 'trains', column: COUNT },
  /** Cumulative end counts, one a spike, of a column with a number of values for each spike, in the order of `spikeTimes`. */
  spikeValuesIndex: {
    trains: 'trains',
    /** How many values each spike of a unit has, one count a unit. */
    each: 'Int32Array',
    type: WHOLE_TYPE,
  },
  /** Spike counts, units × bins, int64. Bin *j* holds the times in `(start + j·bin, start + (j+1)·bin]`. */
  raster: { trains: 'trains', startTime: 'number', binSizeMs: 'positive', bins: COUNT },
  /** Numbers that are already there, in C order, with their own dtype or as float64. */
  array: { data: 'numbers', shape: list(COUNT), type: optional(words('float64')) },
  /** Many arrays of one dtype, one after the other in C order. */
  joined: {
    arrays: 'arrays',
    shape: list(COUNT),
    /**
     * One count an array: how many columns its matrices have, each of which is transposed, rows × columns to columns × rows. The rows
     * are as many as the last axis is long. 0 for an array that stays as it is.
     */
    columns: optional('Int32Array'),
  },
  /** The same numbers `count` times, as rows of `rowLength`; where there is none, count × numbers. */
  repeated: { data: 'numbers', count: COUNT, rowLength: optional(COUNT) },
  /** Numbers that are already there as rows × columns in C order, transposed: columns × rows. */
  transposed: {
    data: 'numbers',
    /** The shape of `data`: two axes. */
    shape: list(COUNT),
  },
  /** Times in ms that are already there: converted to float64, then like spike times. */
  times: {
    data: 'numbers',
    time: TIME,
    /** A Float32Array is converted in float32, as numpy does, and seconds are float32. */
    keepsFloat32: optional('flag'),
  },
  /** `i / rateKHz` for i in 0..count−1: the time axis, in ms, of regularly sampled data; converted like spike times. */
  sampleTimes: { count: COUNT, rateKHz: 'positive', time: TIME },
  /** The same for all samples of a stream that has ended. */
  streamTimes: { stream: 'streamedDataset', rateKHz: 'positive', time: TIME },
  /** `first`, `first + step`, …: the row numbers of a table, or where rows of one length end. Where there is no `step` it is 1. */
  range: { first: COUNT, count: COUNT, step: optional(COUNT), type: WHOLE_TYPE },
  /** Zeros, and a one at element `first` and at every `step`-th after it, in C order: an identity matrix, or only ones. */
  ones: { type: words('float32', 'float64'), shape: list(COUNT), first: COUNT, step: whole(1, 2 ** 53) },
  /** Matrices of zeros with numbers in some columns each, float32, matrices × rows × columns. */
  columnsEach: {
    /** Rows × width, the same in all matrices; or matrices × rows × width. */
    data: 'Float32Array',
    rows: COUNT,
    columns: COUNT,
    /** Matrices × width: the columns that numbers are in; those at -1 are left out. */
    places: 'Int32Array',
    /** How many columns of each matrix have numbers. */
    width: whole(1, 2 ** 53),
  },
  /** Raw samples of a file: samples × channels, or with order `channel`, in which they have to lie, channels × samples. */
  fileSamples: { samples: 'samples', order: words('time', 'channel') },
  /** The same as `timeMajorInt16`, of samples in a file. */
  fileInt16: { samples: 'samples', skipped: COUNT, scale: optional('positive') },
  /**
   * Raw samples as int16, samples × channels. They are multiplied by the scale and rounded, half to even; without a scale they are whole
   * numbers. One that does not fit int16 fails the job.
   */
  timeMajorInt16: {
    data: 'numbers',
    /** The shape of `data`: channels × samples. */
    shape: list(COUNT),
    /** How many samples of each channel are left out at the beginning. */
    skipped: COUNT,
    scale: optional('positive'),
  },
})

/** One array a unit: the spike times of that unit alone. Only inside a `repeat`. */
export const UNIT_SOURCE = kinds('kind', {
  unitSpikeTimes: { trains: 'trains', time: TIME },
})

/** Spikes of which several files have parts, in one order of time for all of them. */
export const ORDERED_SPIKES = fields({
  trains: 'trains',
  fsHz: 'positive',
  /** The time of sample 0; 0 where there is none. */
  startMs: optional('number'),
})

export type TimeConversion = TypeOf<typeof TIME>
export type Source = TypeOf<typeof SOURCE>
export type RasterSource = Extract<Source, { kind: 'raster' }>
export type UnitSpikeTimesSource = TypeOf<typeof UNIT_SOURCE>
