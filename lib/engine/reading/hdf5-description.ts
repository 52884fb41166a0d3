/**
 * What the objects of an HDF5 file are: groups and datasets, and their attributes.
 */
import { NDArray } from '../../memory/ndarray.js'
import { shortest } from '../../memory/plain-values.js'
import type { ArrayType } from '../../memory/typed-arrays.js'
import { arrayTypeOf, lengthOf } from '../../memory/typed-arrays.js'
import type { Hdf5Filter, Hdf5Type, NativeAttribute, NativeAttributes, NativeDescription } from '../native-reading.js'

/** The value of an attribute: of a scalar, or an array with its shape. */
export type AttributeValue = number | bigint | boolean | string | NDArray | readonly string[]

/** What every object of a file has. */
interface Described {
  /** The path it was asked for by. */
  readonly path: string
  /** Which object it is, under any of its paths. */
  readonly address: number
  /** Attributes by name, without those that have no value or one of a type that cannot be read. */
  readonly attributes: ReadonlyMap<string, AttributeValue>
  /** Those attributes that are one long text, in pieces: to look at its characters, V8 copies the whole text in one go. */
  readonly pieces: ReadonlyMap<string, readonly string[]>
}

/** A group, or a datatype, which holds nothing. */
export interface Hdf5Group extends Described {
  readonly kind: 'group' | 'datatype'
}

export interface Hdf5Dataset extends Described {
  readonly kind: 'dataset'
  readonly type: Hdf5Type
  /** Empty for a scalar, `[0]` for a dataset without a dataspace. */
  readonly shape: readonly number[]
  readonly layout: 'contiguous' | 'compact' | 'chunked'
  /** Of a chunked dataset: the size of a chunk on each axis. */
  readonly chunk: readonly number[]
  /** Why its elements cannot be read; undefined where they can. */
  readonly problem: string | undefined
  /** What all elements have, as they are in the file without compression. */
  readonly bytes: number
  readonly isCompressed: boolean
  /** What its chunks have been through, in the order of writing; without those that cannot be read, which are the `problem`. */
  readonly filters: readonly Hdf5Filter[]
}

/** The class of arrays for elements of a type in a file; undefined for no numbers. */
export function arrayTypeFor({ dtype }: Hdf5Type): ArrayType | undefined {
  if (dtype === undefined) return undefined
  const size = dtype.slice(1)
  return arrayTypeOf(size === 'f2' ? '<f4' : `${size.endsWith('1') ? '|' : '<'}${size}`)
}

/** Adds attributes that have a value to those by name. */
export function withValues(values: Map<string, AttributeValue>, { attributes }: NativeAttributes): Map<string, AttributeValue> {
  for (const attribute of attributes) {
    const value = attributeValue(attribute)
    if (value !== undefined) values.set(attribute.name, value)
  }
  return values
}

/** What native code says of an object, with its attributes. */
export function described(
  path: string,
  description: NativeDescription,
  attributes: Described['attributes'],
  pieces: Described['pieces'],
): Hdf5Group | Hdf5Dataset {
  const { kind, address } = description
  if (kind !== 'dataset') return { kind, path, address, attributes, pieces }
  const { type, shape, layout, chunk, problem, bytes, isCompressed, filters } = description as Required<NativeDescription>
  return { kind, path, address, attributes, pieces, type, shape, layout, chunk, problem, bytes, isCompressed, filters }
}

function attributeValue({ type, shape, data }: NativeAttribute): AttributeValue | undefined {
  if (data === undefined) return undefined
  if (shape.length > 0) return 'BYTES_PER_ELEMENT' in data ? new NDArray(data, shape) : data
  const value = data[0] as number | bigint | string
  if (type.kind === 'boolean') return value === 1
  return typeof value === 'string' ? value : shortest(value)
}

/** The only element of an array, and the array's elements as numbers: attributes are often arrays of one element in files of MATLAB. */
export function numberIn(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (!(value instanceof NDArray) || lengthOf(value.data) !== 1) return undefined
  return Number(value.data[0])
}
