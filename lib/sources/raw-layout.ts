/**
 * What is known of raw samples in a file: where they lie, and what the numbers are.
 */
import type { StoredDtype } from '../engine/plan/samples.js'

/** More channels than any probe has. */
export const MOST_CHANNELS = 2 ** 20

/** Where samples lie in a plain file. */
export interface RawLayout {
  /** The file of the samples, absolute. */
  readonly path: string
  /** What errors call it: the path as the caller gave it, or one made of that. */
  readonly name: string
  /** The numpy type string of the samples in the file, such as `<i2` or `>f4`. */
  readonly dtype: StoredDtype
  /** `time`: one sample of all channels after another. `channel`: all samples of one channel after those of another. */
  readonly order: 'time' | 'channel'
  /** The byte of the first sample of the first channel. */
  readonly offset: number
  readonly channels: number
  readonly samples: number
  /** The elements from one sample to the next, or with order `channel` from one channel to the next: there may be others between. */
  readonly stride: number
  /** The bytes of the file. */
  readonly size: number
}

/** What a format says about samples. */
export interface RawFacts {
  /** Samples a ms. */
  readonly rateKHz?: number | undefined
  /** A count times this, times the factor of its channel, plus `offset`, is in volts. */
  readonly conversion?: number | undefined
  /** In volts. */
  readonly offset?: number | undefined
  /** A factor for each channel, where not all have the same conversion. */
  readonly channelConversion?: readonly number[] | undefined
  /** A name for each channel. */
  readonly channelNames?: readonly string[] | undefined
}

/** Samples of a file. */
export interface DescribedRaw {
  readonly layout: RawLayout
  readonly facts: RawFacts
}
