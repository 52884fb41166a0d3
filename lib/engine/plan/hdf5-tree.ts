/**
 * The vocabulary of HDF5 files: a list of objects, in the order they are created. Missing parent groups are made.
 */
import type { Source, UnitSpikeTimesSource } from './sources.js'

/** A scalar attribute, or one of one axis: a number as float64 or int32, text as UTF-8 of variable length, or an object reference. */
export interface Hdf5Attribute {
  name: string
  value: number | Hdf5Int32 | string | readonly string[] | Hdf5Reference
}

/** A number that some reader wants as int32. */
export interface Hdf5Int32 {
  int32: number
}

/** The path of an object, which is looked up when all objects are there. */
export interface Hdf5Reference {
  reference: string
}

/**
 * How a dataset lies in the file. Chunks have the shape `chunk`, or where there is none as much of the last axes as `chunkBytes`
 * hold. A chunk of a raster that holds only zeros is never allocated. Rows can be added to a dataset that is `extendable`: its
 * first axis is unlimited.
 */
export type Hdf5Storage =
  | { layout: 'contiguous' }
  | { layout: 'chunked'; chunkBytes: number; chunk?: readonly number[]; deflateLevel?: number; shuffle?: boolean; extendable?: boolean }

/** The same for texts and references, which no filter compresses. */
export type Hdf5PlainStorage = { layout: 'contiguous' } | { layout: 'chunked'; chunkBytes: number; extendable?: boolean }

export interface Hdf5Dataset {
  object: 'dataset'
  path: string
  source: Source
  storage: Hdf5Storage
  attributes?: readonly Hdf5Attribute[]
  /** The numbers are int8, 0 or 1, and become what h5py makes of booleans: an enumeration of FALSE and TRUE. */
  isBoolean?: boolean
}

/** Texts of variable length, in UTF-8. */
export interface Hdf5Text {
  object: 'text'
  path: string
  texts: PackedTexts
  /** `[]` for one text without an axis. */
  shape: readonly number[]
  /** Contiguous where it is left out. */
  storage?: Hdf5PlainStorage
  attributes?: readonly Hdf5Attribute[]
}

/** Many texts in few arrays, so that native code takes them in at once: their UTF-8 one behind the other, and where each ends. */
export interface PackedTexts {
  bytes: Uint8Array
  ends: Float64Array
}

/** The same object reference so many times, as an array of one axis. */
export interface Hdf5References {
  object: 'references'
  path: string
  target: string
  count: number
  /** Contiguous where it is left out. */
  storage?: Hdf5PlainStorage
  attributes?: readonly Hdf5Attribute[]
}

/** A group that has attributes, or nothing in it. */
export interface Hdf5Group {
  object: 'group'
  path: string
  attributes?: readonly Hdf5Attribute[]
}

/** A second name for the object at another path. */
export interface Hdf5SoftLink {
  object: 'softLink'
  path: string
  target: string
}

/** One dataset a unit, named `0`, `1`, … in the group at `path`. */
export interface Hdf5UnitDatasets {
  object: 'repeat'
  path: string
  source: UnitSpikeTimesSource
  storage: Hdf5Storage
}

export type Hdf5Object = Hdf5Dataset | Hdf5UnitDatasets | Hdf5Text | Hdf5References | Hdf5Group | Hdf5SoftLink

/** One HDF5 file. A group comes before whatever is in it. */
export interface Hdf5Plan {
  format: 'hdf5'
  target: string
  attributes: readonly Hdf5Attribute[]
  objects: readonly Hdf5Object[]
}
