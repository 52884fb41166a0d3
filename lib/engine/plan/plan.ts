/**
 * The vocabulary of plans: what one native job writes, and how. Plain data, which readers in native/binding/ check field by field.
 */
import { PLAIN_FILES } from './byte-segments.js'
import { HDF5 } from './hdf5-tree.js'
import type { TypeOf } from './schema.js'
import { COUNT, fields, kinds, optional } from './schema.js'

export const PLAN = kinds('format', { ...HDF5.kinds, ...PLAIN_FILES.kinds })

export const EXPORT_SETTINGS = fields({
  /** Whether files and folders are also synced. */
  durable: 'flag',
  /** How many threads may work on the job; 0 means one a core. */
  threads: COUNT,
  /** Called at most a few times a second, and when all is written. It must not throw. */
  onProgress: optional('progress'),
})

export type Plan = TypeOf<typeof PLAN>
export type ExportSettings = TypeOf<typeof EXPORT_SETTINGS>
