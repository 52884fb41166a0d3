/**
 * The vocabulary of files of raw samples: where samples lie (RawLayout of lib/sources/raw-layout.ts).
 */
import type { TypeOf } from './schema.js'
import { COUNT, fields, whole, words } from './schema.js'

export const SAMPLES = fields({
  /** Absolute. */
  path: 'name',
  /** What errors call it. */
  name: 'name',
  /** The bytes of the file: it is an error if that has changed. */
  size: COUNT,
  /** The numpy type string in the file. */
  dtype: words(
    ...(['|b1', '|i1', '|u1', '<i2', '>i2', '<u2', '>u2', '<i4', '>i4', '<u4', '>u4'] as const),
    ...(['<i8', '>i8', '<u8', '>u8', '<f2', '>f2', '<f4', '>f4', '<f8', '>f8'] as const),
  ),
  order: words('time', 'channel'),
  offset: COUNT,
  channels: whole(1, 2 ** 53),
  samples: COUNT,
  /** The elements from one sample to the next, or by channel from one channel to the next. */
  stride: COUNT,
})

/** A type that samples may have in a file. */
export type StoredDtype = TypeOf<typeof SAMPLES.fields.dtype>

export type SamplesRequest = TypeOf<typeof SAMPLES>
