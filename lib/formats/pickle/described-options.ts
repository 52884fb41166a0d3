/**
 * The options of pickles, for the command line.
 */
import type { LoadOptions } from '../../jobs/load-call.js'
import type { TableOf } from '../../options/described.js'
import type { ExportOptions } from '../../options/export-options.js'
import type { LazyLoading } from '../../recording/lazy-loading.js'
import type { S3LoadOptions, S3Options } from '../../storage/s3-options.js'
import type { LoadSpikeDataPickleOptions } from './read.js'
import type { PickleOptions } from './write.js'

export const DESCRIBED_WRITING: TableOf<PickleOptions, ExportOptions & S3Options> = {
  protocol: { value: 'number', text: "The protocol of Python's pickle, 0 to 5. Default 5" },
}

export const DESCRIBED_READING: TableOf<LoadSpikeDataPickleOptions, LoadOptions & S3LoadOptions & LazyLoading> = {
  pythonTypes: { value: ['exact', 'plain'], text: 'Keeps what only Python distinguishes, or not. Default: plain for other formats' },
}
