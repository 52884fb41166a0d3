/**
 * The properties in a folder of SpikeInterface: an NPY file each.
 */
import { readdir } from 'node:fs/promises'
import { FormatError } from '../../errors.js'
import type { NpyHeader } from '../../files/npy.js'
import { readNpyHeader, readNpyNumbers, readNpyTexts, UnsupportedElements } from '../../files/npy.js'
import type { Dtype } from '../../files/numpy-dtype.js'
import { isNumeric } from '../../files/numpy-dtype.js'
import type { RandomAccess } from '../../files/random-access.js'
import { withFile } from '../../files/random-access.js'
import { NDArray } from '../../memory/ndarray.js'
import { shortest } from '../../memory/plain-values.js'
import { inSlices, listInSteps } from '../../steps.js'
import { entryPath } from '../../storage/paths.js'
import type { Property, PropertyKind } from './sorting.js'

/** The folder in a folder of SpikeInterface that they are in. */
export const PROPERTIES = 'properties'

const EXTENSION = '.npy'
const MOST_PROPERTIES = 1000

/** Whether a file of this name is a property. */
export function isProperty(name: string): boolean {
  return name.endsWith(EXTENSION)
}

/** The names of the properties, in order. */
async function propertyNames(absolute: string, path: string): Promise<string[]> {
  const names = await readdir(entryPath(absolute, PROPERTIES)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter(isProperty).sort()
  if (files.length > MOST_PROPERTIES) throw new FormatError(path, `it has ${files.length} properties, more than ${MOST_PROPERTIES}`)
  return files.map((name) => name.slice(0, -EXTENSION.length))
}

/** The properties, in the order of their names. */
export async function propertiesIn(
  absolute: string,
  path: string,
  unitCount: number,
  signal: AbortSignal | undefined,
): Promise<Property[]> {
  const properties: Property[] = []
  for (const name of await propertyNames(absolute, path)) {
    const inFolder = entryPath(PROPERTIES, name + EXTENSION)
    const read = (file: RandomAccess) => propertyFrom(file, entryPath(path, inFolder), unitCount, signal)
    const values = await withFile(entryPath(absolute, inFolder), entryPath(path, inFolder), read)
    properties.push({ name, values })
  }
  return properties
}

/** The properties that units get, without their values. */
export async function propertyKinds(
  absolute: string,
  path: string,
  unitCount: number,
  signal: AbortSignal | undefined,
): Promise<PropertyKind[]> {
  const kinds: PropertyKind[] = []
  for (const name of await propertyNames(absolute, path)) {
    signal?.throwIfAborted()
    const inFolder = entryPath(PROPERTIES, name + EXTENSION)
    const place = entryPath(path, inFolder)
    const header = await withFile(entryPath(absolute, inFolder), place, (file) => headerOf(file, place))
    const dtype = header && readableDtype(header, unitCount)
    if (dtype) kinds.push({ name, isNumber: header.shape.length === 1 && 'iuf'.includes(dtype.kind), isArray: header.shape.length > 1 })
  }
  return kinds
}

/** The type of a property's elements; undefined where units cannot have them as attributes. */
function readableDtype({ dtype, shape }: NpyHeader, unitCount: number): Dtype | undefined {
  if (!dtype || shape[0] !== unitCount || dtype.kind === 'O' || dtype.kind === 'c') return undefined
  return isNumeric(dtype) || shape.length === 1 ? dtype : undefined
}

/** The header of a property; undefined for elements of a type that is not read here, such as float128 or a structure with arrays. */
async function headerOf(file: RandomAccess, path: string): Promise<NpyHeader | undefined> {
  try {
    return await readNpyHeader(file, { path })
  } catch (error) {
    if (error instanceof UnsupportedElements) return undefined
    throw error
  }
}

async function propertyFrom(
  file: RandomAccess,
  path: string,
  unitCount: number,
  signal: AbortSignal | undefined,
): Promise<Property['values']> {
  const header = await headerOf(file, path)
  if (!header) return undefined
  const dtype = readableDtype(header, unitCount)
  if (!dtype) return undefined
  const { shape } = header
  if (!isNumeric(dtype)) return readNpyTexts(file, header, { path }, signal)
  const numbers = await readNpyNumbers(file, header, { path }, signal)
  if (shape.length > 1) return new NDArray(numbers, shape)
  const valueAt = (i: number) => (dtype.kind === 'b' ? numbers[i] !== 0 : shortest(numbers[i] as number | bigint))
  return inSlices(listInSteps<unknown>(numbers.length, valueAt), signal)
}
