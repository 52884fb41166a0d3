/**
 * What the command line is told of a format's options: all but those that every exporter or loader has.
 */
import type { TableOf } from '../options/described.js'
import type { ExportOptions } from '../options/export-options.js'
import type { LazyLoading } from '../recording/lazy-loading.js'
import type { S3LoadOptions, S3Options } from '../storage/s3-options.js'
import type { LoadOptions } from './load-call.js'

/** The options of an exporter. */
export type ExporterTable<Options> = TableOf<Options, ExportOptions & S3Options>

/** The options of a loader. */
export type LoaderTable<Options> = TableOf<Options, LoadOptions & S3LoadOptions & LazyLoading>
