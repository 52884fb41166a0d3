/**
 * What readers of formats ask of groups and small datasets.
 */
import { zeros } from '../../memory/allocation.js'
import type { Hdf5Dataset } from './hdf5-description.js'
import type { Hdf5Child, Hdf5File } from './hdf5-file.js'

/** The children of a group that are of a kind; none where there is no such group. */
export async function childrenOf(
  file: Hdf5File,
  path: string,
  kind: Hdf5Child['kind'],
  signal: AbortSignal | undefined,
): Promise<Hdf5Child[]> {
  if ((await file.describe(path, signal))?.kind !== 'group') return []
  return (await file.children(path, signal)).filter((child) => child.kind === kind)
}

/** The only number of a dataset; undefined where there is none. */
export async function scalarAt(file: Hdf5File, dataset: Hdf5Dataset, signal: AbortSignal | undefined): Promise<number> {
  const into = zeros(Float64Array, 1)
  await file.read([{ path: dataset.path, into }], { signal })
  return into[0] as number
}
