/**
 * How a call ends that did not succeed: what is said, and the exit status.
 */
import { FormatError, printable, S3Error } from '../errors.js'
import { EXIT } from './command.js'
import { UsageError } from './usage-error.js'

/** The reason of the abort by a signal of the system. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`)
    this.name = 'Interrupted'
    this.signal = signal
  }
}

/** Failures of the system and of networks that may pass. */
const PASSING = new Set([
  ...['ENOSPC', 'EDQUOT', 'ENOMEM', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EINTR', 'ESTALE'],
  ...['ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN'],
])
const PASSING_S3 = new Set(['ERR_S3_UPLOAD', 'ERR_S3_DOWNLOAD'])

/** The exit status for an error. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof UsageError || isOptionError(error)) return EXIT.usage
  return mayPass(error) ? EXIT.tryAgain : EXIT.failed
}

/** What is said of an error: one sentence where it is one that this package means to throw. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error), 1000)
  const { code, path, syscall, message } = error as NodeJS.ErrnoException
  if (code !== undefined && path !== undefined && syscall !== undefined && message.startsWith(`${code}: `)) {
    return `${path}: ${message.slice(code.length + 2).split(`, ${syscall}`, 1)[0]} (${code}).`
  }
  const isMeant = error instanceof UsageError || error instanceof FormatError || error instanceof S3Error || code !== undefined
  return isMeant || error instanceof Interrupted ? message : (error.stack ?? message)
}

/**
 * Calls the library. Errors about options name them as they are typed.
 *
 * @param names - of options
 */
export async function withTypedNames<T>(typed: (name: string) => string, names: readonly string[], call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!isOptionError(error)) throw error
    const message = (error as Error).message
      .replace(/ for ([A-Za-z]+)([.[][^ ]*)? but received /, (sentence, name: string, rest = '') =>
        names.includes(name) ? ` for ${typed(name)}${rest} but received ` : sentence,
      )
      .replace(' but received undefined.', '.')
      .replace('overwrite: true,', '--overwrite,')
    throw new UsageError(message)
  }
}

/** What a line of JSON says of an error. */
export function errorAsJson(error: unknown): { code?: unknown; message: string } {
  const { code } = (error ?? {}) as { code?: unknown }
  return { ...(typeof code === 'string' && { code }), message: error instanceof Error ? error.message : String(error) }
}

function isOptionError(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === 'ERR_INVALID_ARG_VALUE' || code === 'ERR_INVALID_ARG_TYPE'
}

/** Whether an error, or what it was caused by, may not be there the next time. */
function mayPass(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException
    if (typeof code === 'string' && (PASSING.has(code) || PASSING_S3.has(code))) return true
  }
  return false
}
