/**
 * The part of the addon that reads raw samples where they lie: the typed seam to native/binding/samples.
 */
import type { NativeJob } from './native-job.js'
import type { SamplesRequest } from './plan/samples.js'

/** Samples that stay in their file. `open` comes first; each export opens the file again: it is an error if it has changed by then. */
export interface NativeSamples {
  /** Looks at the file. */
  open(request: SamplesRequest): NativeJob<void>
}

export interface SamplesAddon {
  Samples: new () => NativeSamples
}
