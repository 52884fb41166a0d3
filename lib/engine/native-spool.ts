/**
 * Native code's spool of spikes.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NativeJob } from './native-job.js'
import type { NativeSpikeTrains, RecordingWindow, SealReport } from './native-spike-trains.js'

/** A spike that a spool does not take. */
export type SpikeProblem =
  /** A number that is no unit below the most there may be. */
  | { kind: 'unit'; unit: number; value: number }
  /** A time that is not finite, or outside the window. */
  | { kind: 'notFinite' | 'beforeStart' | 'afterEnd'; unit: number; value: number }

/**
 * Spikes of all units on their way to a file without a path, which has them unit by unit. They fill memory first; once it is full they have
 * to be flushed. After `seal` or `close` nothing but `close` may be called.
 */
export interface NativeSpikeSpool {
  /**
   * Copies spikes `from` to `to - 1`, as far as there is room and up to one with a {@link SpikeProblem}; returns how many were taken.
   *
   * @param units - the unit of each time, or that of all
   * @param values - of the spool's types, with one of each for each time; none where the spool takes none
   */
  append(units: NumericArray | number, times: Float64Array, from: number, to: number, values: readonly NumericArray[]): number
  /** Why the last spike that was not taken was not, unless there was no room. */
  problem(): SpikeProblem | undefined
  readonly isFull: boolean
  readonly spikeCount: number
  /** Writes what has filled memory, while more may come. One at a time. */
  flush(): NativeJob<void>
  /**
   * Makes spike trains of all spikes: sorted, and checked against the window.
   *
   * @param into - new spike trains, without units: they become those of the spool
   * @param unitCount - no fewer units than this, and than the highest unit number plus 1
   * @param onProgress - called at most a few times a second with the number of spikes that are in their place, and of all
   */
  seal(
    into: NativeSpikeTrains,
    window: RecordingWindow,
    unitCount: number | undefined,
    onProgress?: (done: number, total: number) => void,
  ): NativeJob<SealReport>
  /** Frees everything. */
  close(): NativeJob<void>
}
