/**
 * NPY files: a header, then the elements of a column.
 */
import { dtypeOf } from '../model/typed-arrays.js'
import type { NumericArray } from '../model/typed-arrays.js'
import type { PlainFile } from '../plan/byte-segments.js'
import type { Column } from '../plan/columns.js'
import { npyHeader } from './npy-header.js'

/** A column as `numpy.save` writes it. */
export function npyFile(name: string, dtype: string, shape: readonly number[], column: Column): PlainFile {
  return { name, segments: [{ segment: 'bytes', bytes: npyHeader(dtype, shape) }, { segment: 'column', column }] }
}

/** An array as `numpy.save` writes it. */
export function npyArrayFile(name: string, data: NumericArray, shape: readonly number[] = [data.length]): PlainFile {
  return npyFile(name, dtypeOf(data), shape, { column: 'array', data, shape })
}
