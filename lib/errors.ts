/**
 * Every error this library throws, in one sentence: *Expected ⟨what⟩ for ⟨option⟩ but received ⟨value⟩.*
 */
import { inspect, types } from 'node:util'

/** Characters that a terminal or a log executes or hides instead of showing them, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu

/** The most characters of a message, of the parts of a sentence, and of a name in a list. */
const MOST_CHARACTERS = 1000
const MOST_OF_EXPECTED = 300
const MOST_OF_OPTION = 160
const MOST_OF_VALUE = 120
const MOST_OF_NAME = 80

const ELLIPSIS = '...'

/** An object with more properties than this is shown as its class only. */
const MOST_PROPERTIES = 32

/** A TypeError with `code: 'ERR_INVALID_ARG_TYPE'`: the value is of the wrong type. */
export function invalidType(expected: string, option: string, received: unknown): TypeError {
  return withCode(new TypeError(sentence(expected, option, describe(received))), 'ERR_INVALID_ARG_TYPE')
}

/**
 * A RangeError with `code: 'ERR_INVALID_ARG_VALUE'`: the type is right and the value is not. A bigint is shown as its digits, because
 * ids that a caller gives as numbers are checked as bigints.
 */
export function invalidValue(expected: string, option: string, received: unknown): RangeError {
  const shown = typeof received === 'bigint' ? printable(String(received), MOST_OF_VALUE) : describe(received)
  return valueError(sentence(expected, option, shown))
}

/** The same for a name that is not an option; `nearest` is the option that was probably meant. */
export function unknownOption(options: string, received: string, nearest: string | undefined): RangeError {
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
  return valueError(sentence('the name of an option', options, describe(received) + hint))
}

/** The same with the whole message given. */
export function valueError(message: string): RangeError {
  return withCode(new RangeError(printable(message, MOST_CHARACTERS)), 'ERR_INVALID_ARG_VALUE')
}

/** An Error with `code: 'ERR_INVALID_STATE'`: what is called is not in the state for it. */
export function invalidState(expected: string, option: string, received: string): Error & { code: string } {
  return withCode(new Error(printable(sentence(expected, option, received), MOST_CHARACTERS)), 'ERR_INVALID_STATE')
}

/** A call of the HDF5 library failed. `cause` holds the library's own error stack, innermost call last. */
export class Hdf5Error extends Error {
  /** The code of all errors of this class. */
  readonly code = 'ERR_HDF5'

  constructor(message: string, stack: string) {
    super(printable(message, MOST_CHARACTERS), { cause: stack })
    this.name = 'Hdf5Error'
  }
}

/**
 * A file is not what it should be: damaged, of another format, or with something in it that is not supported. The message names the file,
 * the object in it and what is wrong.
 */
export class FormatError extends Error {
  /** The code of all errors of this class. */
  readonly code = 'ERR_INVALID_FILE'
  /** The file, or the folder or archive that it is in, as the caller gave it. */
  readonly path: string
  /** The object in the file, such as `/units/spike_times`; undefined where it is the file as a whole. */
  readonly object: string | undefined

  /**
   * @param problem - what is wrong, without a full stop: *it is cut off*. What it quotes of the file is bounded and made printable here
   * @param object - the object in the file
   */
  constructor(path: string, problem: string, object?: string, cause?: unknown) {
    const place = object === undefined ? '' : `${printable(object, MOST_OF_OPTION)} in `
    const message = `Cannot read ${place}'${printable(path, MOST_OF_EXPECTED)}': ${printable(problem, MOST_OF_EXPECTED)}.`
    super(printable(message, MOST_CHARACTERS), cause === undefined ? undefined : { cause })
    this.name = 'FormatError'
    this.path = path
    this.object = object
  }
}

/** An error with `code: 'ERR_MEMORY_ALLOCATION_FAILED'`: memory does not suffice for a call. */
export function outOfMemory(cause?: unknown): Error & { code: string } {
  return withCode(new Error('There is not enough memory for this.', { cause }), 'ERR_MEMORY_ALLOCATION_FAILED')
}

/** Gives an error a stable `code`. */
export function withCode<E extends Error>(error: E, code: string): E & { code: string } {
  return Object.assign(error, { code })
}

/** Text of one line that is bounded and printable: what cannot be printed is escaped, and the middle of long text left out. */
export function printable(text: string, most: number): string {
  // Once more, as the second cut may halve a character.
  return escaped(withoutMiddle(escaped(withoutMiddle(text, most)), most))
}

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, escapeSequence)
}

function withoutMiddle(text: string, most: number): string {
  const half = Math.floor((most - ELLIPSIS.length) / 2)
  return text.length > most ? text.slice(0, half) + ELLIPSIS + text.slice(-half) : text
}

/** A name given by the caller, as messages show it. */
export function quoted(name: string): string {
  return `'${printable(name, MOST_OF_NAME)}'`
}

function escapeSequence(character: string): string {
  const code = character.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x1_0000 ? `\\u${hex}` : `\\u{${hex}}`
}

/** @param received - the value as {@link describe} shows it */
function sentence(expected: string, option: string, received: string): string {
  return `Expected ${printable(expected, MOST_OF_EXPECTED)} for ${printable(option, MOST_OF_OPTION)} but received ${received}.`
}

/** A value in at most one short line. A getter that throws must not replace the error. */
function describe(value: unknown): string {
  try {
    return printable(textOf(value), MOST_OF_VALUE)
  } catch {
    return 'a value that cannot be shown'
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (value instanceof Error) return textOf(`${value.name}: ${value.message}`)
  const depth = isUnlisted(value) ? -1 : 0
  const text = inspect(value, { depth, customInspect: false, breakLength: Infinity, maxArrayLength: 3, maxStringLength: 80 })
  return text.replace(/\s*\n\s*/g, ' ')
}

/**
 * Whether an object is shown as its class only: one with many properties or with symbols as keys (the internals of Node's classes), and a
 * proxy, so that its traps are not called. Of arrays, Maps and Sets only the first elements are listed.
 */
function isUnlisted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false
  if (types.isProxy(value) || Object.keys(value).length > MOST_PROPERTIES) return true
  return Object.getOwnPropertySymbols(value).some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol))
}

/**
 * The reasons for which an upload or a download fails. Every 401 or 403 of the store is `ERR_S3_ACCESS_DENIED`, under any name of the store's.
 */
export type S3ErrorCode =
  | 'ERR_S3_BUCKET_NOT_FOUND'
  | 'ERR_S3_OBJECT_NOT_FOUND'
  | 'ERR_S3_ACCESS_DENIED'
  | 'ERR_S3_CREDENTIALS_MISSING'
  | 'ERR_S3_SDK_MISSING'
  | 'ERR_S3_UPLOAD'
  | 'ERR_S3_DOWNLOAD'

/** An upload to S3, or a download from there, failed. `cause` holds the original error. */
export class S3Error extends Error {
  /** The reason. */
  readonly code: S3ErrorCode

  constructor(code: S3ErrorCode, message: string, cause: unknown) {
    super(printable(message, MOST_CHARACTERS), { cause })
    this.name = 'S3Error'
    this.code = code
  }
}
