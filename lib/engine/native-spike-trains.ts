/**
 * The typed seam to native spike trains: native/binding/spike_trains_object.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NativeJob } from './native-job.js'

/** The spike trains of a recording in native code: where the times of each unit are, and how many. */
export interface NativeSpikeTrains {
  readonly unitCount: number
  readonly spikeCount: number
  /** The unit with the most spikes, the first of several, and how many it has. Linear in the units. */
  longestTrain(): { unit: number; spikeCount: number }
  /**
   * Appends units. Each array of `given` is used where it is; for an undefined entry *i*, the unit's times are the next `lengths[i]`
   * of `copies`, which may be sorted in place. Keep all of them alive.
   */
  append(given: readonly (Float64Array | undefined)[], copies: Float64Array, lengths: Float64Array): void
  /**
   * Appends units whose times are contiguous in one array; `ends` holds cumulative end counts, the last being `times.length`.
   *
   * @param isOwn - whether the times may be sorted in place
   * @param from - the first unit to be added: the count of those added before
   * @param to - the unit after the last one
   */
  appendFlat(times: Float64Array, ends: BigInt64Array, isOwn: boolean, from: number, to: number): void
  /** Appends units without spikes, which take no memory. Nothing can be appended afterwards. */
  appendEmpty(count: number): void
  /**
   * Checks every time and sorts the trains that are not in order; of those that belong to the caller it sorts copies. Linear in the
   * spikes; call it once.
   */
  seal(window: RecordingWindow): SealReport
  /**
   * The same on the addon's threads.
   *
   * @param onProgress - called at most a few times a second with the number of spikes that are in order, and of all
   * @param falls - of trains that lie in one array, unit by unit
   */
  sealAsync(window: RecordingWindow, onProgress?: (done: number, total: number) => void, falls?: Falls): NativeJob<SealReport>
  /** Fills `counts` with how many spikes each unit has, from unit `first` on. */
  countSpikes(counts: Float64Array, first: number): void
  /** Reads all times of a unit, as many as `times` has; leave it alone until the promise resolves. */
  readTrain(unit: number, times: Float64Array): NativeJob<void>
  /** Reads all values of a unit from a column into an array of its type, one for each spike; leave them alone until the promise resolves. */
  readValues(column: number, unit: number, values: NumericArray): NativeJob<void>
  /** The units with values in a column that are NaN or infinite, ascending. */
  unitsNotFinite(column: number): NativeJob<Float64Array>
  /** Counts what is unusual about the times. Linear in the spikes. @param end - of the window, in ms */
  survey(end: number): NativeJob<TimeSurvey>
  /**
   * Of trains that are not in memory: makes the units with these numbers the units, -1 being one without spikes, and checks them against a
   * window.
   *
   * @param units - without it, all units stay
   * @returns the first of all times, Infinity without spikes, and the last, -Infinity
   */
  select(units: Float64Array | undefined, window: RecordingWindow): NativeJob<SealReport & { earliest: number; latest: number }>
  /** Of trains that are not in memory: moves times before `first` there, and those after `last`. Returns how many these are. */
  limit(first: number, last: number): NativeJob<number>
  /** Frees trains that are not in memory. Nothing may use them any more. */
  close(): NativeJob<void>
}

/** The recording's window in ms; without `length` it ends at the last spike. */
export interface RecordingWindow {
  startTime: number
  length?: number
}

/** The result of {@link NativeSpikeTrains.survey}. */
export interface TimeSurvey {
  /** How many spikes are at the time of the one before them in their unit. */
  repeated: number
  /** How many units have such spikes, and the first of them. */
  repeatingUnits: number
  firstRepeating?: number
  /** How many spikes are at the very end of the window. */
  atEnd: number
  /** How many units have no spikes. */
  emptyUnits: number
}

/** The result of {@link NativeSpikeTrains.seal}. */
export interface SealReport {
  /** The length of the window in ms: the one given, or the last spike minus the start (0 without spikes). */
  length: number
  /** The first unit with a time that is not allowed, and that time. */
  problem?: { kind: 'notFinite' | 'beforeStart' | 'afterEnd'; unit: number; value: number }
  /** The first unit whose times were not in order; undefined where all were. */
  firstReordered?: number
  /** Numbers of the units of which sorted copies were made, ascending. */
  sortedUnits: Float64Array
  /** Where in `sortedTimes` each of these ends. */
  sortedEnds: Float64Array
  /** The sorted times of those units, contiguous. */
  sortedTimes: Float64Array
}

/**
 * Every place of an array whose time is not at least the one before it, ascending: NaN never is, nor is what follows it. Undefined where that
 * was not noted, and where there are very many.
 */
export type Falls = Float64Array | undefined
