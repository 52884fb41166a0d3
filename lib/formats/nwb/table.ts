/**
 * Tables of NWB files: a group with the ids of the rows and a dataset for each column.
 */
import type { Hdf5Attribute, Hdf5Object, Hdf5Storage, PackedTexts } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import { plainStorage } from '../hdf5/storage.js'
import type { Attributes, Namespace } from './objects.js'
import { typeAttributes, typedGroup } from './objects.js'

/** What a column holds: numbers in any number of axes, texts, or one of several objects for each row. */
export type TableData =
  | { data: 'numbers'; source: Source; isBoolean?: boolean }
  | { data: 'texts'; texts: PackedTexts; count: number }
  | { data: 'references'; targets: readonly string[]; choices: Int32Array }

export interface TableColumn {
  name: string
  description: string
  values: TableData
  /** Cumulative end counts, where a row has any number of values. */
  index?: Source
  /** Cumulative end counts of the entries of `index`, where a row has any number of them. */
  outerIndex?: Source
  /** The table that the values are row numbers of. */
  rowsOf?: string
  attributes?: Attributes
}

export interface Table {
  path: string
  type: { namespace: Namespace; name: string }
  description: string
  ids: Source
  columns: readonly TableColumn[]
}

/**
 * The type of an index whose last entry is this. Indices are unsigned, and numpy makes floats of uint64 as soon as it meets a signed
 * number: SpikeInterface then cannot slice by them.
 */
export function indexType(end: number): 'uint32' | 'uint64' {
  return end < 2 ** 32 ? 'uint32' : 'uint64'
}

/** The objects of a table, the group first. */
export function tableObjects({ path, type, description, ids, columns }: Table, storage: Hdf5Storage): Hdf5Object[] {
  const colnames = columns.map(({ name }) => name)
  return [
    typedGroup(path, type.namespace, type.name, { description, colnames }),
    { object: 'dataset', path: `${path}/id`, source: ids, storage, attributes: typeAttributes('hdmf-common', 'ElementIdentifiers') },
    ...columns.flatMap((column) => columnObjects(path, column, storage)),
  ]
}

function columnObjects(parent: string, column: TableColumn, storage: Hdf5Storage): Hdf5Object[] {
  const { name, description, values, index, outerIndex, rowsOf, attributes } = column
  const path = `${parent}/${name}`
  const type = rowsOf === undefined ? 'VectorData' : 'DynamicTableRegion'
  const table = rowsOf === undefined ? undefined : { reference: rowsOf }
  const objects = [dataObject(path, values, typeAttributes('hdmf-common', type, { description, table, ...attributes }), storage)]
  const each = outerIndex ? 'entry' : 'row'
  if (index) objects.push(indexObject(path, `Where the values of each ${each} end in '${name}'.`, index, storage))
  if (outerIndex) objects.push(indexObject(`${path}_index`, `Where the entries of each row end in '${name}_index'.`, outerIndex, storage))
  return objects
}

function indexObject(target: string, description: string, source: Source, storage: Hdf5Storage): Hdf5Object {
  const attributes = typeAttributes('hdmf-common', 'VectorIndex', { description, target: { reference: target } })
  return { object: 'dataset', path: `${target}_index`, source, storage, attributes }
}

function dataObject(path: string, values: TableData, attributes: readonly Hdf5Attribute[], storage: Hdf5Storage): Hdf5Object {
  switch (values.data) {
    case 'numbers': {
      const { source, isBoolean = false } = values
      return { object: 'dataset', path, source, storage, attributes, isBoolean }
    }
    case 'texts':
      return { object: 'textDataset', path, texts: values.texts, shape: [values.count], storage: plainStorage(storage), attributes }
    case 'references':
      return {
        object: 'referenceDataset',
        path,
        targets: values.targets,
        choices: values.choices,
        storage: plainStorage(storage),
        attributes,
      }
  }
}
