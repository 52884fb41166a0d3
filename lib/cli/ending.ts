/**
 * How a call ends that did not succeed: what is said, and the exit status.
 */
import { failureMessage, mayPass } from '../batch/failure.js'
import { SpecError } from '../batch/spec/problems.js'
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

/** The exit status for an error. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof SpecError || isOptionError(error)) return EXIT.usage
  return mayPass(error) ? EXIT.tryAgain : EXIT.failed
}

/** What is said of an error. */
export function messageOf(error: unknown): string {
  return error instanceof UsageError || error instanceof Interrupted ? error.message : failureMessage(error)
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
