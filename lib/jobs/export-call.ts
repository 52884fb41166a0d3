/**
 * The first step of every exporter, before it awaits anything: reads the options once, checks the common ones, and makes the path
 * absolute.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { invalidValue } from '../errors.js'
import type { OptionNames } from '../options/checks.js'
import { optionsFrom } from '../options/checks.js'
import type { ExportOptions } from '../options/export-options.js'
import { COMMON_OPTIONS, checkExportOptions } from '../options/export-options.js'
import { exportPath } from '../options/export-path.js'
import { absolutePath, endsInSeparator } from '../storage/paths.js'
import type { S3Options } from '../storage/s3-options.js'
import { checkS3Options, S3_OPTIONS } from '../storage/s3-options.js'

/** The names of what every exporter takes, before its own. */
export const EXPORT_OPTIONS: OptionNames<ExportOptions & S3Options> = { ...COMMON_OPTIONS, ...S3_OPTIONS }

/** Where an export goes. */
export interface Destination {
  /** As the caller gave it, a URL object as text: a path or an S3 URL. */
  given: string
  /** The absolute path; without meaning for an S3 URL. */
  absolute: string
  /** Whether it is a folder. */
  isFolder: boolean
  /** Where the plan's companion goes, if it has one: a path or an S3 URL. */
  companion?: string
}

/** A call of an exporter. */
export interface ExportCall<T extends ExportOptions & S3Options> {
  /** The options as they were at the call. */
  given: T
  destination: Destination
  /** When the call came, by `performance.now()`. */
  startedAt: number
  /** What to warn of once the export has succeeded; exporters add to it. */
  warnings: ExportWarning[]
}

/**
 * Checks the common options and the names of all.
 *
 * @param pathName - what the exporter calls its path: a `folder` may end in a separator
 * @throws TypeError, RangeError for an option that is invalid or unknown
 */
export function checkExportCall<T extends ExportOptions & S3Options>(
  path: unknown,
  options: T | undefined,
  names: OptionNames<T>,
  pathName: 'path' | 'folder' = 'path',
): ExportCall<T> {
  const startedAt = performance.now()
  const given = optionsFrom<T>(options, names)
  const target = exportPath(path, pathName)
  checkS3Options('s3Upload', target, given, pathName)
  checkExportOptions(given)
  if (pathName === 'path' && endsInSeparator(target) && !given.s3Upload) throw invalidValue('the path of a file', pathName, path)
  return {
    given,
    destination: { given: target, absolute: absolutePath(target), isFolder: pathName === 'folder' },
    startedAt,
    warnings: [],
  }
}
