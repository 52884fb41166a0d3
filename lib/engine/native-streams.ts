/**
 * What native code writes before there is a plan: datasets of samples that come one after another.
 */
import type { NumericArray } from '../memory/typed-arrays.js'
import type { NativeJob } from './native-job.js'
import type { NativeSamples } from './native-samples.js'

/** The file of an export that streams are written to before its plan is made. */
export interface NativeBegunFile {
  /** Claims the partial file beside the target. */
  open(): NativeJob<void>
  /** Removes it, unless an export has taken it. */
  discard(): NativeJob<void>
}

/** A dataset of samples × channels that come one after another: they are gathered in tiles, which jobs encode and write. */
export interface NativeStreamedDataset {
  /**
   * Copies bytes of an array into the tile: at most a MiB, and what it has room for.
   *
   * @param from - the byte of the array to begin with
   * @returns how many bytes that were
   */
  append(numbers: NumericArray, from: number): number
  /**
   * Has an empty tile hold the samples of a file from number `first` on, as many as fit; flushing it reads them.
   *
   * @param samples - the same in all calls, of the dataset's type and channels
   * @returns how many that are
   */
  take(samples: NativeSamples, first: number): number
  /** Whether the tile has no room: it must be flushed. */
  readonly isFull: boolean
  /**
   * Encodes and writes the tile, while another one is filled. It is not empty; only the last one may not be full, and has whole samples.
   *
   * @param file - the same in all calls, open
   * @param threads - how many threads may work on it; 0 means one a core
   */
  flush(file: NativeBegunFile, threads: number): NativeJob<void>
  /** Frees the memory of tiles, when nothing comes any more and all jobs have ended. */
  free(): void
}
