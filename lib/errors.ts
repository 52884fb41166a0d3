/**
 * Every error this library throws, in one sentence: *Expected ⟨what⟩ for ⟨option⟩ but received ⟨value⟩.*
 */
import { inspect } from 'node:util'

/** A TypeError with `code: 'ERR_INVALID_ARG_TYPE'`: the value is of the wrong type. */
export function invalidType(expected: string, option: string, received: unknown): TypeError {
  return withCode(new TypeError(sentence(expected, option, received)), 'ERR_INVALID_ARG_TYPE')
}

/** A RangeError with `code: 'ERR_INVALID_ARG_VALUE'`: the type is right and the value is not. */
export function invalidValue(expected: string, option: string, received: unknown): RangeError {
  return withCode(new RangeError(sentence(expected, option, received)), 'ERR_INVALID_ARG_VALUE')
}

/** The HDF5 library refused. `cause` holds the library's own error stack, innermost call last. */
export class Hdf5Error extends Error {
  /** The same for every one. */
  readonly code = 'ERR_HDF5'

  constructor(message: string, stack: string) {
    super(message, { cause: stack })
    this.name = 'Hdf5Error'
  }
}

/** There is not as much memory as a call takes. */
export function outOfMemory(cause?: unknown): Error & { code: string } {
  return withCode(new Error('There is not enough memory for this.', { cause }), 'ERR_MEMORY_ALLOCATION_FAILED')
}

/** Gives an error a stable `code`. */
export function withCode<E extends Error>(error: E, code: string): E & { code: string } {
  return Object.assign(error, { code })
}

function sentence(expected: string, option: string, received: unknown): string {
  return `Expected ${expected} for ${option} but received ${describe(received)}.`
}

/** A value in at most one short line. */
function describe(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (value instanceof Error) return describe(`${value.name}: ${value.message}`)
  const whole = inspect(value, { depth: 0, customInspect: false, breakLength: Infinity, maxArrayLength: 3, maxStringLength: 80 })
  const text = whole.replace(/\s*\n\s*/g, ' ')
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/** What went wrong with an upload; a 401 or 403 of the store, whatever its name there, is `ERR_S3_ACCESS_DENIED`. */
export type S3ErrorCode =
  | 'ERR_S3_BUCKET_NOT_FOUND'
  | 'ERR_S3_ACCESS_DENIED'
  | 'ERR_S3_CREDENTIALS_MISSING'
  | 'ERR_S3_SDK_MISSING'
  | 'ERR_S3_UPLOAD'

/** An upload to S3 failed. `cause` holds the original error. */
export class S3Error extends Error {
  /** What went wrong. */
  readonly code: S3ErrorCode

  constructor(code: S3ErrorCode, message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'S3Error'
    this.code = code
  }
}
