/**
 * The first step of every loader, before it awaits anything: reads the options once, checks the common ones, and makes the path absolute; and
 * the last one.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { emitWarning } from '../engine/warnings.js'
import { invalidType } from '../errors.js'
import type { OptionNames } from '../options/checks.js'
import { optionsFrom, wholeNumber } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import { exportPath } from '../options/export-path.js'
import type { LazySpool } from '../recording/lazy-loading.js'
import { requireReadPermission } from '../storage/local.js'
import { absolutePath } from '../storage/paths.js'
import type { S3LoadOptions } from '../storage/s3-options.js'
import { checkS3Options, S3_LOAD_OPTIONS } from '../storage/s3-options.js'
import { withoutQuery } from '../storage/s3-url.js'

/** A path, or a `file:` URL; with `s3Download` an S3 URL, as for exports. */
export type LoadPath = string | URL

/** The progress of a loader. */
export interface LoadProgress {
  /** Bytes of data read so far, as they are in memory. */
  bytesRead: number
  /** All bytes that will be read. */
  bytesTotal: number
  /** Only while files are downloaded from S3, before anything is read: both other numbers are 0 until then. */
  downloaded?: DownloadProgress
}

/** How much has been downloaded of the files that a loader reads. */
export interface DownloadProgress {
  /** Bytes that have arrived. */
  bytesDone: number
  /** The size of all files. */
  bytesTotal: number
}

/** Options every loader takes. */
export interface LoadOptions {
  /** Stops the call: the promise rejects with the signal's reason, and nothing is kept open. */
  signal?: AbortSignal | undefined
  /**
   * Called a few times a second while data are read, and once when all are. If it throws, the call stops and the promise rejects with that
   * error.
   */
  onProgress?: ((progress: LoadProgress) => void) | undefined
  /** The most threads of the addon that may work on this call at once. Default: one a core. */
  threads?: number | undefined
  /** Called with each warning of this call once it has succeeded. Without it, the process emits each code once. */
  onWarning?: ((warning: ExportWarning) => void) | undefined
}

/** The names of what every loader takes, before its own. */
export const LOAD_OPTIONS: OptionNames<LoadOptions & S3LoadOptions> = {
  signal: true,
  onProgress: true,
  threads: true,
  onWarning: true,
  ...S3_LOAD_OPTIONS,
}

/** A call of a loader. */
export interface LoadCall<T extends LoadOptions> {
  /** The options as they were at the call. */
  given: T
  /** The path as the caller gave it, a URL object as text, without the signature of an S3 URL; errors show it. */
  path: string
  /** What `source_file` in the metadata holds: the absolute path, or the S3 URL. */
  source: string
  /** The absolute path to read; of an S3 URL only inside `withLocalFile` and `withLocalFolder`. */
  absolute: string
  /** What to warn of once the call has succeeded; loaders add to it. */
  warnings: ExportWarning[]
}

/**
 * Checks the common options and the names of all.
 *
 * @param pathName - what the loader calls its path
 * @throws TypeError, RangeError for an option that is invalid or unknown
 * @throws Error with `ERR_ACCESS_DENIED` where Node's permission model does not let this process read the path
 */
export function checkLoadCall<T extends LoadOptions & S3LoadOptions>(
  path: unknown,
  options: T | undefined,
  names: OptionNames<T>,
  pathName = 'path',
): LoadCall<T> {
  const given = optionsFrom<T>(options, names)
  const source = withoutQuery(exportPath(path, pathName))
  checkS3Options('s3Download', source, given, pathName)
  checkCallbacks(given)
  if (given.onWarning !== undefined && typeof given.onWarning !== 'function') throw invalidType('a function', 'onWarning', given.onWarning)
  if (given.threads !== undefined) wholeNumber(given.threads, 'threads', 1, 1024)
  if (given.s3Download) return { given, path: source, source, absolute: '', warnings: [] }
  const absolute = absolutePath(source)
  requireReadPermission(absolute)
  return { given, path: source, source: absolute, absolute, warnings: [] }
}

/** The progress of a call whose data are read by several jobs, one after the other. */
export class ProgressSum {
  readonly #onProgress: LoadOptions['onProgress']
  readonly #total: number
  #done = 0

  /** @param bytesTotal - of all jobs */
  constructor(onProgress: LoadOptions['onProgress'], bytesTotal: number) {
    this.#onProgress = onProgress
    this.#total = bytesTotal
  }

  /** What the next job reports to; undefined without a listener. */
  next(bytes: number): ((done: number, total: number) => void) | undefined {
    const before = this.#done
    this.#done += bytes
    const onProgress = this.#onProgress
    return onProgress && ((done) => onProgress({ bytesRead: before + done, bytesTotal: this.#total }))
  }
}

/**
 * The last step of every loader: reports the call's warnings, and leaves spikes that are not in memory to the caller.
 *
 * @param lazy - what has them, unless a listener throws or the signal has fired
 */
export function finishLoad({ given, warnings }: LoadCall<LoadOptions>, lazy?: LazySpool): void {
  given.signal?.throwIfAborted()
  for (const warning of warnings) (given.onWarning ?? emitWarning)(warning)
  lazy?.keep()
}
