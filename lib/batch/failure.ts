/**
 * What is to be said of an error, and whether it may be gone the next time.
 */
import { FormatError, printable, S3Error } from '../errors.js'
import type { Failure } from './journal.js'

/** Failures of the system and of networks that may pass. */
const PASSING = new Set([
  ...['ENOSPC', 'EDQUOT', 'ENOMEM', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EINTR', 'ESTALE'],
  ...['ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN'],
])
const PASSING_S3 = new Set(['ERR_S3_UPLOAD', 'ERR_S3_DOWNLOAD'])

/** What is said of an error: one sentence where it is one that this package means to throw. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error), 1000)
  const { code, path, syscall, message } = error as NodeJS.ErrnoException
  if (code !== undefined && path !== undefined && syscall !== undefined && message.startsWith(`${code}: `)) {
    return `${path}: ${message.slice(code.length + 2).split(`, ${syscall}`, 1)[0]} (${code}).`
  }
  const isMeant = error instanceof FormatError || error instanceof S3Error || code !== undefined
  return isMeant ? message : (error.stack ?? message)
}

/** Whether an error, or what it was caused by, may not be there the next time. */
export function mayPass(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException
    if (typeof code === 'string' && (PASSING.has(code) || PASSING_S3.has(code))) return true
  }
  return false
}

/** An error as plain data. */
export function failureFrom(error: unknown): Failure {
  const { code } = (error ?? {}) as { code?: unknown }
  return {
    message: failureMessage(error).replace(' but received undefined.', '.'),
    ...(typeof code === 'string' && { code }),
    mayPass: mayPass(error),
  }
}
