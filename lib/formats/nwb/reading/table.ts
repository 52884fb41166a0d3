/**
 * Which datasets of a table's group are its columns.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../../engine/reading/hdf5-file.js'
import type { ColumnDatasets } from './columns.js'

const INDEX = '_index'

/** How many objects are described in one go, so that the event loop is not blocked. */
const DESCRIBED_AT_ONCE = 200

/** More columns than any table has: each costs memory, in the file and here. */
const MOST_COLUMNS = 4096

export interface TableDatasets {
  columns: readonly ColumnDatasets[]
  /** The ids of the rows, if the table has them. */
  ids: Hdf5Dataset | undefined
}

/**
 * The columns of the table at a path, those that `colnames` lists first.
 *
 * @throws FormatError for a table of too many objects
 */
export async function tableDatasets(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<TableDatasets> {
  const children = await file.children(path, signal)
  if (children.length > MOST_COLUMNS) throw file.error(`it has ${children.length} objects, more than the columns of any table`, path)
  const datasets = new Map<string, Hdf5Dataset>()
  for (let from = 0; from < children.length; from += DESCRIBED_AT_ONCE) {
    const names = children.slice(from, from + DESCRIBED_AT_ONCE).map(({ name }) => name)
    const found = await file.describeAll(
      names.map((name) => `${path}/${name}`),
      signal,
    )
    for (const [i, dataset] of found.entries()) if (dataset?.kind === 'dataset') datasets.set(names[i] as string, dataset)
  }
  const columns: ColumnDatasets[] = []
  for (const name of await columnNames(file, path, datasets, signal)) {
    const data = datasets.get(name)
    if (!data || name === 'id') continue
    const index = indexOf(name, datasets)
    columns.push({ name, data, index, outerIndex: index && indexOf(name + INDEX, datasets) })
  }
  return { columns, ids: datasets.get('id') }
}

/** The names of the columns in the order of the table, then those of datasets that it does not list and that are no index. */
async function columnNames(
  file: Hdf5File,
  path: string,
  datasets: ReadonlyMap<string, Hdf5Dataset>,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const listed = (await file.describe(path, signal))?.attributes.get('colnames')
  const names = new Set(Array.isArray(listed) ? (listed as readonly string[]) : [])
  for (const name of datasets.keys()) {
    const of = name.slice(0, -INDEX.length)
    const isIndex = name.endsWith(INDEX) && datasets.has(of) && indexOf(of, datasets) !== undefined
    if (!isIndex) names.add(name)
  }
  return names
}

/** The index of a column. Another column may have its name, but not its type; files of SpikeLab have no types. */
function indexOf(name: string, datasets: ReadonlyMap<string, Hdf5Dataset>): Hdf5Dataset | undefined {
  const index = datasets.get(name + INDEX)
  const type = index?.attributes.get('neurodata_type')
  return type === undefined || type === 'VectorIndex' ? index : undefined
}
