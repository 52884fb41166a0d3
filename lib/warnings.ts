/**
 * Warnings: reported by each export that succeeds, and emitted by the process once for each code.
 */
import { addon } from './binding.js'
import { quoted } from './errors.js'

/** How many items a warning or an error lists: a message is one line. */
export const MOST_LISTED = 10

/** Something that an output does not hold as the caller may expect. */
export interface ExportWarning {
  /** `SPIKEPORT_…`; the README lists them all. */
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
