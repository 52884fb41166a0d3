/**
 * The part of the addon that reads raw samples where they lie: the typed seam to native/binding/samples.
 */
import type { NativeJob } from './native-job.js'

/** Samples in a plain file, and where they lie in it (RawLayout of lib/sources/raw-layout.ts). */
export interface SamplesRequest {
  /** Absolute. */
  path: string
  /** What errors call it. */
  name: string
  /** The bytes of the file: it is an error if that has changed. */
  size: number
  /** The numpy type string in the file, such as `>i2`. */
  dtype: string
  order: 'time' | 'channel'
  offset: number
  channels: number
  samples: number
  stride: number
}

/** Samples that stay in their file. `open` comes first; each export opens the file again: it is an error if it has changed by then. */
export interface NativeSamples {
  /** Looks at the file. */
  open(request: SamplesRequest): NativeJob<void>
}

export interface SamplesAddon {
  Samples: new () => NativeSamples
}
