/**
 * The options every export takes, and what every export reports.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { invalidType } from '../errors.js'
import type { OptionNames } from './checks.js'
import { optionalBoolean, wholeNumber } from './checks.js'

/** The progress of an export. */
export interface Progress {
  /** Bytes handed to the file system so far, before compression. */
  bytesWritten: number
  /** All bytes the export will hand to the file system, before compression. While a stream of unknown length is written, those so far. */
  bytesTotal: number
  /**
   * Only while templates are averaged over raw data, before anything is written: how many bytes of it are done, and of how many. Both
   * other numbers are 0 until then.
   */
  averaged?: AveragingProgress
}

/** How much of the raw data templates have been averaged over. */
export interface AveragingProgress {
  /** Bytes of samples that are done. */
  bytesDone: number
  /** All bytes of samples. */
  bytesTotal: number
}

/** Options every export takes. */
export interface ExportOptions {
  /** Stops the export: the promise rejects with the signal's reason and no file remains. */
  signal?: AbortSignal | undefined
  /**
   * Called a few times a second while the export runs, and once at its end. If it throws, the export stops and the promise rejects with
   * that error. If the last call throws, the output is already in place.
   */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Also syncs file and folder before the promise resolves. Default false. */
  durable?: boolean | undefined
  /** The most threads of the addon that may work on this export at once. Default: one a core. */
  threads?: number | undefined
}

export const COMMON_OPTIONS: OptionNames<ExportOptions> = { signal: true, onProgress: true, durable: true, threads: true }

/** The result of an export. */
export interface ExportReport {
  /** The files written, or their S3 URLs. */
  paths: string[]
  /** The size of the files, together. */
  bytesWritten: number
  /** The number of spikes of the exported object; 0 for rates and correlations. */
  spikeCount: number
  /** The number of its units. */
  unitCount: number
  /** The time from the call to the end of the export, in ms. */
  elapsedMs: number
  /** All warnings of this export. The process itself emits each code only once. */
  warnings: readonly ExportWarning[]
}

/** Checks the options every export takes. */
export function checkExportOptions(options: ExportOptions): void {
  const { durable, threads } = options
  checkCallbacks(options)
  optionalBoolean(durable, 'durable')
  if (threads !== undefined) wholeNumber(threads, 'threads', 1, 1024)
}

/** Checks `signal` and `onProgress`. */
export function checkCallbacks({ signal, onProgress }: { signal?: unknown; onProgress?: unknown }): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidType('an AbortSignal', 'signal', signal)
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalidType('a function', 'onProgress', onProgress)
}
