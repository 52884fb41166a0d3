/**
 * The numbers of units, for a message.
 */
import { MOST_LISTED } from '../warnings.js'

export class UnitList {
  readonly #first: number[] = []
  #count = 0

  get isEmpty(): boolean {
    return this.#count === 0
  }

  add(unit: number): void {
    if (this.#count++ < MOST_LISTED) this.#first.push(unit)
  }

  /** The form of a verb that these units take. */
  verb(one: string, many: string): string {
    return this.#count === 1 ? one : many
  }

  /** `unit 3`, `units 0, 1, 2`, or `units 0, 1, …, 9 and 5 more`. */
  toString(): string {
    const more = this.#count - this.#first.length
    return `${this.verb('unit', 'units')} ${this.#first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
}
