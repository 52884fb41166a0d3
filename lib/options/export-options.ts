/**
 * The options every export takes, and what every export reports.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { invalidType } from '../errors.js'
import type { OptionNames } from './checks.js'
import { optionalBoolean, wholeNumber } from './checks.js'

/** How far an export is. */
export interface Progress {
  /** Of `bytesTotal`, those handed over already. */
  bytesWritten: number
  /** All bytes the export will hand to the file system, before compression. */
  bytesTotal: number
}

/** Options every export takes. */
export interface ExportOptions {
  /** Stops the export: the promise rejects with the signal's reason and no file remains. */
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

export const COMMON_OPTIONS: OptionNames<ExportOptions> = { signal: true, onProgress: true, durable: true, threads: true }

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
  const { durable, threads } = options
  checkCallbacks(options)
  optionalBoolean(durable, 'durable')
  if (threads !== undefined) wholeNumber(threads, 'threads', 1, 1024)
}

/** Checks what stops a call, and what hears of its progress. */
export function checkCallbacks({ signal, onProgress }: { signal?: unknown; onProgress?: unknown }): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidType('an AbortSignal', 'signal', signal)
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalidType('a function', 'onProgress', onProgress)
}
