/**
 * Jobs of the addon as JavaScript sees them.
 */

/** A job that runs on the addon's threads. */
export interface NativeJob<T> {
  /** The job's result; it rejects with a `JobFailure`. */
  readonly promise: Promise<T>
  /** Names the job to `Addon.cancel`. */
  readonly id: number
}
