/**
 * Warnings: reported by each export that succeeds, and emitted by the process once for each code.
 */
import { addon } from './binding.js'

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
