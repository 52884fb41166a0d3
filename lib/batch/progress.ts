/**
 * How far the work on a recording has come.
 */
import type { LoadProgress } from '../jobs/load-call.js'
import type { Progress } from '../options/export-options.js'

/** What is being done, and how much of it has been. */
export interface Step {
  /** `Downloading`, `Reading`, `Averaging` or `Writing`. */
  readonly label: string
  /** Of {@link bytesTotal}. */
  readonly bytesDone: number
  /** 0 where it is not known. */
  readonly bytesTotal: number
}

/** What a loader is doing. */
export function loadingStep({ bytesRead, bytesTotal, downloaded }: LoadProgress): Step {
  return downloaded ? { label: 'Downloading', ...downloaded } : { label: 'Reading', bytesDone: bytesRead, bytesTotal }
}

/** What an exporter is doing. */
export function writingStep({ averaged, bytesWritten, bytesTotal }: Progress): Step {
  return averaged && bytesTotal === 0 ? { label: 'Averaging', ...averaged } : { label: 'Writing', bytesDone: bytesWritten, bytesTotal }
}
