/**
 * Raw samples that stay in their file.
 */
import type { NativeSamples } from '../engine/native-samples.js'

/** Samples that lie in a plain file one of all channels after another, as they are in memory: what a program has to know to read them. */
export interface RawFrames {
  /** Absolute. */
  path: string
  /** The byte of the first sample. */
  offset: number
  /** The numbers from one sample to the next: those of all channels, and of others that are left out. */
  width: number
}

/** What a {@link RawFile} is made of. */
export interface RawFileParts {
  path: string
  /** The numpy type string of the samples in memory. */
  dtype: string
  channels: number
  samples: number
  /** Whether all samples of a channel lie together. */
  liesByChannel: boolean
  frames: RawFrames | undefined
  native: NativeSamples
  rateKHz: number | undefined
  conversion: number | undefined
  offset: number | undefined
  channelConversion: readonly number[] | undefined
  channelNames: readonly string[] | undefined
}

/** Makes a {@link RawFile}: its constructor is no caller's. */
export let newRawFile: (parts: RawFileParts) => RawFile

/** Checks the brand of a {@link RawFile}, a private field: rejects proxies and look-alikes. */
export let isRawFile: (value: unknown) => value is RawFile

/**
 * Raw samples that stay in their file, which `rawFile` has looked at: exports read them block by block. It stands for a recording's
 * `rawData`, or the data of a series of an NWB file, in any number of exports. The file is open only while one reads it; one that
 * has changed since is an error then.
 */
export class RawFile {
  /** Channels × samples, however they lie in the file. */
  readonly shape: readonly [channels: number, samples: number]
  /** The numpy type string of the samples in memory, such as `<i2`. */
  readonly dtype: string
  /** The path as it was given. */
  readonly path: string
  /** The sampling rate in kHz that the file says; undefined where it says none. */
  readonly rateKHz: number | undefined
  /** Volts a count, as the file says: a sample times this, times the number of its channel in `channelConversion`, plus `offset`, is in volts. */
  readonly conversion: number | undefined
  /** In volts. */
  readonly offset: number | undefined
  /** A factor for each channel; undefined where it is 1 for all. */
  readonly channelConversion: readonly number[] | undefined
  /** The name of each channel, where the file has some. */
  readonly channelNames: readonly string[] | undefined

  readonly #native: NativeSamples
  readonly #liesByChannel: boolean
  readonly #frames: RawFrames | undefined
  static {
    isRawFile = (value): value is RawFile => #native in Object(value)
    newRawFile = (parts) => new RawFile(parts)
  }

  private constructor(parts: RawFileParts) {
    this.shape = Object.freeze([parts.channels, parts.samples] as const)
    this.dtype = parts.dtype
    this.path = parts.path
    this.rateKHz = parts.rateKHz
    this.conversion = parts.conversion
    this.offset = parts.offset
    this.channelConversion = parts.channelConversion && Object.freeze([...parts.channelConversion])
    this.channelNames = parts.channelNames && Object.freeze([...parts.channelNames])
    this.#native = parts.native
    this.#liesByChannel = parts.liesByChannel
    this.#frames = parts.frames
    Object.freeze(this)
  }

  /** The number of axes. */
  get ndim(): 2 {
    return 2
  }

  /** The number of samples of all channels. */
  get size(): number {
    return this.shape[0] * this.shape[1]
  }

  /** @internal What native code reads. */
  get native(): NativeSamples {
    return this.#native
  }

  /** @internal Where its samples lie, if that is one of all channels after another in a plain file. */
  get frames(): RawFrames | undefined {
    return this.#frames
  }

  /** @internal Whether all samples of a channel lie together. */
  get liesByChannel(): boolean {
    return this.#liesByChannel
  }
}
