/**
 * The options every export takes, and what every export reports.
 */
import { invalidType, invalidValue } from './errors.js'
import type { ExportWarning } from './warnings.js'

/** How far an export is. */
export interface Progress {
  /** Of `bytesTotal`, those handed over already. */
  bytesWritten: number
  /** All bytes the export will hand to the file system, before compression. */
  bytesTotal: number
}

/** Options every export takes. */
export interface ExportOptions {
  /** Stops the export: the promise rejects with the signal's reason and nothing is left behind. */
  signal?: AbortSignal | undefined
  /**
   * Called a few times a second while the export runs, and once at its end. What it throws stops the export, and is what the
   * promise rejects with; thrown by the last call, that comes when the output is in its place already.
   */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Also syncs file and folder before the promise resolves. Default false. */
  durable?: boolean | undefined
  /** How many of the addon's threads may work on this export. Default: one a core. */
  threads?: number | undefined
}

/** The names of {@link ExportOptions}. */
export const COMMON_OPTIONS: ReadonlySet<string> = new Set(['signal', 'onProgress', 'durable', 'threads'] satisfies (keyof ExportOptions)[])

/** What an export wrote. */
export interface ExportReport {
  /** The files written, or their S3 URLs. */
  paths: string[]
  /** The size of the files, together. */
  bytesWritten: number
  /** How many spikes the exported object has; 0 for one of rates or correlations. */
  spikeCount: number
  /** How many units it has. */
  unitCount: number
  /** How long the export took, in ms, from the call on. */
  elapsedMs: number
  /** What the output does not hold as expected. The process emits each code only once; this is the whole list of this export. */
  warnings: readonly ExportWarning[]
}

/** Checks the options every export takes. */
export function checkExportOptions(options: ExportOptions): void {
  const { signal, onProgress, durable, threads } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidType('an AbortSignal', 'signal', signal)
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalidType('a function', 'onProgress', onProgress)
  optionalBoolean(durable, 'durable')
  if (threads === undefined) return
  if (typeof threads !== 'number') throw invalidType('a number', 'threads', threads)
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) throw invalidValue('a whole number from 1 to 1024', 'threads', threads)
}

/** An options object: undefined counts as none, an array or anything but an object is an error. */
export function optionsObject<T extends object>(options: T | undefined, name = 'options'): T {
  if (options === undefined) return {} as T
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw invalidType('an object', name, options)
  return options
}

/** What a caller has left out; null counts, as it does wherever the reference has None. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** Throws for a key that is no option's name: a misspelt option would do nothing. */
export function checkOptionNames(given: object, isName: (name: string) => boolean, name = 'options'): void {
  const other = Object.keys(given).find((key) => !isName(key))
  if (other !== undefined) throw invalidValue('the name of an option', name, other)
}

/** Text that files and their names can hold: not empty, no NUL, no half characters. */
export function requiredString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidType('a string', name, value)
  if (value === '') throw invalidValue('a string that is not empty', name, value)
  if (value.includes('\0')) throw invalidValue('a string without NUL characters', name, value)
  // UTF-8, as files and their names have it, would make the same character of all of them.
  if (/\p{Surrogate}/u.test(value)) throw invalidValue('text without lone surrogates', name, value)
  return value
}

export function optionalBoolean(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidType('a boolean', name, value)
}

export function optionalString(value: unknown, name: string): void {
  if (!isMissing(value) && typeof value !== 'string') throw invalidType('a string', name, value)
}
