/**
 * The stretch of time that is shown, in ms from the start of the recording on.
 */

/** No stretch is shorter, unless the recording is. */
const SHORTEST_MS = 10

export class TimeView {
  from = 0
  to: number
  readonly #length: number

  constructor(lengthMs: number) {
    // A recording without length has an axis all the same.
    this.#length = lengthMs > 0 ? lengthMs : 1
    this.to = this.#length
  }

  get span(): number {
    return this.to - this.from
  }

  get isWhole(): boolean {
    return this.span >= this.#length
  }

  /** Makes the span `factor` times as long; what is at `part` of it stays there. */
  zoom(factor: number, part = 0.5): void {
    const span = Math.min(Math.max(this.span * factor, Math.min(SHORTEST_MS, this.#length)), this.#length)
    this.#show(this.from + (this.span - span) * part, span)
  }

  /** Moves by a part of the span. */
  move(part: number): void {
    this.#show(this.from + this.span * part, this.span)
  }

  reset(): void {
    this.#show(0, this.#length)
  }

  #show(from: number, span: number): void {
    this.from = Math.min(Math.max(from, 0), this.#length - span)
    this.to = this.from + span
  }
}
