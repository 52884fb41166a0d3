/**
 * Failures of native jobs as errors.
 */
import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { FormatError, Hdf5Error, invalidValue, outOfMemory, valueError } from '../errors.js'
import type { JobFailure } from './native-addon.js'

/** The folder of an export has changed since its plan was made. */
export class FolderChanged extends Error {}

/** Throws the error that a native job's rejection stands for. */
export function throwFailure(rejection: unknown): never {
  throw isJobFailure(rejection) ? errorFrom(rejection) : rejection
}

/** The error for a failure: a file system error looks as Node's own do, with `code`, `errno`, `syscall` and `path`. */
function errorFrom(failure: JobFailure): Error {
  switch (failure.failure) {
    case 'system':
      return systemError(failure.errno, failure.syscall, failure.path)
    case 'hdf5':
      return new Hdf5Error(failure.message, failure.stack)
    case 'format':
      return formatError(failure)
    case 'value':
      return valueError(failure.message)
    case 'target':
      return invalidValue(failure.expected, 'path', failure.path)
    case 'changed':
      return new FolderChanged()
    case 'memory':
      return outOfMemory()
    case 'cancelled':
      return new DOMException('The operation was aborted.', 'AbortError')
    case 'unexpected':
      return new Error(failure.message)
  }
}

function formatError({ path, object, problem, stack }: Extract<JobFailure, { failure: 'format' }>): FormatError {
  return new FormatError(path, problem, object === '' ? undefined : object, stack === '' ? undefined : stack)
}

/** Names that Node has no text for, such as EDQUOT. */
function errnoName(errno: number): string {
  const [name] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? []
  return name ?? `errno ${errno}`
}

function isJobFailure(value: unknown): value is JobFailure {
  return typeof value === 'object' && value !== null && 'failure' in value
}

function systemError(errno: number, syscall: string, path: string): Error {
  const [code, meaning] = getSystemErrorMap().get(-errno) ?? [errnoName(errno), 'the system refused']
  return Object.assign(new Error(`${code}: ${meaning}, ${syscall} '${path}'`), { errno: -errno, code, syscall, path })
}
