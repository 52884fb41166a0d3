/**
 * Reads HDF5 files with the HDF5 library's own WebAssembly build.
 */
import h5wasm, { Dataset, Group } from 'h5wasm/node'
import type { NumericArray } from '../../lib/model/ndarray.js'

export interface ReadDataset {
  dtype: string
  shape: readonly number[]
  values: NumericArray
  attributes: Record<string, unknown>
  /** Null for a contiguous dataset. */
  chunks: readonly number[] | null
  /** The ids of its filters: 1 is deflate, 2 is shuffle. */
  filters: readonly number[]
}

export interface ReadFile {
  attributes: Record<string, unknown>
  /** All groups and datasets below the root, by path. */
  groups: readonly string[]
  datasets: Record<string, ReadDataset>
}

export async function readHdf5(path: string): Promise<ReadFile> {
  await h5wasm.ready
  const file = new h5wasm.File(path, 'r')
  try {
    const groups: string[] = []
    const datasets: Record<string, ReadDataset> = {}
    for (const name of file.paths()) {
      const object = file.get(name)
      if (object instanceof Dataset) datasets[name] = readDataset(object)
      else if (object instanceof Group) groups.push(name)
    }
    return { attributes: attributesOf(file), groups, datasets }
  } finally {
    file.close()
  }
}

function readDataset(dataset: Dataset): ReadDataset {
  return {
    dtype: dataset.dtype as string,
    shape: dataset.shape ?? [],
    values: dataset.value as ReadDataset['values'],
    attributes: attributesOf(dataset),
    chunks: dataset.metadata.chunks,
    filters: dataset.filters.map(({ id }) => id),
  }
}

function attributesOf(object: Group | Dataset): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object.attrs).map(([name, attribute]) => [name, attribute.value]))
}
