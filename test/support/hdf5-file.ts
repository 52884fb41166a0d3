/**
 * Reads HDF5 files with the HDF5 library's own WebAssembly build.
 */
import h5wasm, { Dataset, File, Group, Reference } from 'h5wasm/node'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'

export interface ReadDataset {
  dtype: string
  shape: readonly number[]
  /** Numbers; or a list of texts, or of {@link ReadReference}s; one text where there is no axis. */
  values: NumericArray
  /** What the numbers of an enumeration are called. */
  names: Record<string, number> | null
  attributes: Record<string, unknown>
  /** Null for a contiguous dataset. */
  chunks: readonly number[] | null
  /** The ids of its filters: 1 is deflate, 2 is shuffle. */
  filters: readonly number[]
}

export interface ReadFile {
  attributes: Record<string, unknown>
  /** All groups, datasets and soft links below the root, by path. */
  groups: readonly string[]
  groupAttributes: Record<string, Record<string, unknown>>
  datasets: Record<string, ReadDataset>
  links: Record<string, string>
}

/** The path of the object that is referred to. */
export interface ReadReference {
  reference: string
}

export async function readHdf5(path: string): Promise<ReadFile> {
  await h5wasm.ready
  const file = new File(path, 'r')
  try {
    const read: ReadFile & { groups: string[] } = {
      attributes: attributesOf(file, file),
      groups: [],
      groupAttributes: {},
      datasets: {},
      links: {},
    }
    const datasets: [name: string, dataset: ReadDataset][] = []
    for (const name of file.paths()) {
      const link: string | null = file.get_link(name)
      const object = link === null ? file.get(name) : link
      if (typeof object === 'string') {
        read.links[name] = object
      } else if (object instanceof Dataset) {
        datasets.push([name, readDataset(object, file)])
      } else if (object instanceof Group) {
        read.groups.push(name)
        read.groupAttributes[name] = attributesOf(object, file)
      }
    }
    // An assignment would take the name `__proto__` for the prototype.
    return { ...read, datasets: Object.fromEntries(datasets) }
  } finally {
    file.close()
  }
}

/** What is in a file, and in which order. */
export async function readContent(path: string): Promise<object> {
  const { datasets, ...rest } = await readHdf5(path)
  return { ...rest, datasets: Object.entries(datasets) }
}

function readDataset(dataset: Dataset, file: File): ReadDataset {
  return {
    dtype: dataset.dtype as string,
    shape: dataset.shape ?? [],
    values: withPaths(dataset.value, file) as ReadDataset['values'],
    names: dataset.metadata.enum_type?.members ?? null,
    attributes: attributesOf(dataset, file),
    chunks: dataset.metadata.chunks,
    filters: dataset.filters.map(({ id }) => id),
  }
}

function attributesOf(object: Group | Dataset, file: File): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object.attrs).map(([name, attribute]) => [name, withPaths(attribute.value, file)]))
}

/** The same value, with the paths of the objects that references in it are to. */
function withPaths(value: unknown, file: File): unknown {
  const paths = new Map<string, string>()
  const pathOf = (reference: Reference): string => {
    const key = reference.ref_data.join()
    if (!paths.has(key)) {
      const object = file.dereference(reference)
      paths.set(key, object instanceof Group || object instanceof Dataset ? object.path : '')
    }
    return paths.get(key)!
  }
  const named = (entry: unknown): unknown => {
    if (Array.isArray(entry)) return entry.map(named)
    return entry instanceof Reference ? ({ reference: pathOf(entry) } satisfies ReadReference) : entry
  }
  return named(value)
}
