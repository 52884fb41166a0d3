/**
 * Warnings: reported by each export that succeeds, and emitted by the process once for each code.
 */
import { printable, quoted } from '../errors.js'
import { addon } from './native.js'

/** How many items a warning or an error lists: a message is one line. */
export const MOST_LISTED = 10

/** How long the name of a column, and why it is left out, are in a warning. */
const MOST_OF_COLUMN = 160

/** Something that an output does not hold as the caller may expect. */
export interface ExportWarning {
  /** `SPIKEPORT_…`; docs/errors.md lists them all. */
  readonly code: string
  /** One sentence. */
  readonly message: string
}

/**
 * Emits a warning as Node's own are, once in the life of the process for each code, whichever of its threads is first: a server that
 * exports a thousand recordings has one line in its log.
 */
export function emitWarning({ code, message }: ExportWarning): void {
  if (addon.isFirst(code)) process.emitWarning(message, { code })
}

/** Names given by the caller, as warnings show them: `'a', 'b'`, or the first ten `and 5 more`. */
export function named(names: readonly string[]): string {
  return listed(names, quoted)
}

/** The first ten of a list `and 5 more`, in the form that a function gives each. */
export function listed<T>(items: readonly T[], textOf: (item: T) => string): string {
  const more = items.length - MOST_LISTED
  return items.slice(0, MOST_LISTED).map(textOf).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** The numbers of units, for a message. */
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

/**
 * The warning for values of spikes on the disk, of which an output holds none.
 *
 * @param output - what it is
 */
export function spikeValuesLeftOut(output: string, names: readonly string[]): ExportWarning {
  const message = `Values of spikes on the disk are left out of the ${output}: ${named(names)}.`
  return { code: 'SPIKEPORT_SPIKE_VALUES_LEFT_OUT', message }
}

/**
 * The warning for columns of a file that no attribute can hold.
 *
 * @param what - what they are, as the first words of a sentence
 * @param columns - the name of each, and why
 */
export function columnsLeftOut(what: string, columns: readonly string[]): ExportWarning {
  const message = `${what} are left out: ${listed(columns, (column) => printable(column, MOST_OF_COLUMN))}.`
  return { code: 'SPIKEPORT_COLUMNS_LEFT_OUT', message }
}
