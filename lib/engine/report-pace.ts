/**
 * How often progress is reported by what is not a native job: those have a pace of their own.
 */

/** How long at least passes between two reports. */
const PACE_MS = 200

export class ReportPace {
  #last = performance.now()

  /** Whether it is time for a report, which the next then follows. */
  isTime(): boolean {
    const now = performance.now()
    if (now - this.#last < PACE_MS) return false
    this.#last = now
    return true
  }
}
