/**
 * The vocabulary of HDF5 files: a list of objects, in the order they are created. Missing parent groups are made.
 */
import type { Column, UnitSpikeTimesColumn } from './columns.js'

/** A float64 scalar attribute. */
export interface Hdf5Attribute {
  name: string
  value: number
}

/**
 * How a dataset lies in the file. Chunks have the shape `chunk`, or where there is none as much of the last axes as `chunkBytes`
 * hold. A chunk of a raster that holds only zeros is never allocated.
 */
export type Hdf5Storage =
  | { layout: 'contiguous' }
  | { layout: 'chunked'; chunkBytes: number; chunk?: readonly number[]; deflateLevel?: number; shuffle?: boolean }

export interface Hdf5Dataset {
  object: 'dataset'
  path: string
  column: Column
  storage: Hdf5Storage
  attributes?: readonly Hdf5Attribute[]
}

/** One dataset a unit, named `0`, `1`, … in the group at `path`. */
export interface Hdf5UnitDatasets {
  object: 'repeat'
  path: string
  column: UnitSpikeTimesColumn
  storage: Hdf5Storage
}

export type Hdf5Object = Hdf5Dataset | Hdf5UnitDatasets

/** One HDF5 file. */
export interface Hdf5Plan {
  format: 'hdf5'
  target: string
  attributes: readonly Hdf5Attribute[]
  objects: readonly Hdf5Object[]
}
