/**
 * The tables of NWB files: columns of the same length, indices that fit, references that lead to what they should.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import { firstOutside } from '../../../memory/first-outside.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices } from '../../../steps.js'
import type { CheckedFile, NwbObject } from './checked-file.js'
import { typeOf } from './checked-file.js'

const INDEX = '_index'
const ELECTRODE_GROUP = 'ElectrodeGroup'

/** Columns of references, and the type of what they lead to. */
const REFERENCES: Readonly<Record<string, string>> = { group: ELECTRODE_GROUP, electrode_group: ELECTRODE_GROUP }

/**
 * Checks a table, if it is there.
 *
 * @param required - the names of columns that it has to have
 */
export async function checkTable(checked: CheckedFile, path: string, required: readonly string[]): Promise<void> {
  const table = await checked.file.describe(path, checked.signal)
  if (!table) return
  checked.typed(table, ['colnames', 'description'])
  const ids = await checked.required(`${path}/id`, 'dataset')
  if (ids) checked.typed(ids)
  const columns = new Map<string, Hdf5Dataset>()
  for (const object of await checked.members(path, 'dataset')) {
    if (object.kind === 'dataset') columns.set(object.path.slice(path.length + 1), object)
  }
  for (const name of required) if (!columns.has(name)) await checked.required(`${path}/${name}`, 'dataset')
  const listed = table.attributes.get('colnames')
  for (const name of Array.isArray(listed) ? (listed as readonly string[]) : []) {
    if (!columns.has(name)) checked.report('NWB_TABLE', `colnames lists the column ${name}, which is not there.`, path)
  }
  const rows = ids?.kind === 'dataset' ? ids.shape[0] : undefined
  for (const [name, column] of columns) if (name !== 'id') await checkColumn(checked, name, column, columns, rows)
}

async function checkColumn(
  checked: CheckedFile,
  name: string,
  column: Hdf5Dataset,
  columns: ReadonlyMap<string, Hdf5Dataset>,
  rows: number | undefined,
): Promise<void> {
  const { path, shape } = column
  const type = typeOf(column)
  checked.typed(column, type === 'VectorIndex' ? [] : ['description'])
  const target = type === 'VectorIndex' && name.endsWith(INDEX) ? columns.get(name.slice(0, -INDEX.length)) : undefined
  const hasIndex = typeOf(columns.get(name + INDEX)) === 'VectorIndex'
  if (!hasIndex && rows !== undefined && shape[0] !== rows) {
    checked.report('NWB_TABLE', `It has ${shape[0] ?? 1} rows, and the table has ${rows}.`, path)
  }
  if (type === 'VectorIndex') await checkIndex(checked, column, target)
  if (type === 'DynamicTableRegion') await checkRegion(checked, column)
  const wanted = REFERENCES[name]
  if (wanted !== undefined && column.type.kind === 'reference') await checkReferences(checked, column, wanted)
}

/** Ends of rows in another column: ascending, the last at its end. */
async function checkIndex(checked: CheckedFile, index: Hdf5Dataset, target: Hdf5Dataset | undefined): Promise<void> {
  const { path } = index
  checked.attributes(index, ['target'])
  if (!target) return
  const stated = index.attributes.get('target')
  if (typeof stated === 'string' && stated !== target.path) checked.report('NWB_REFERENCE', `Its target is ${stated || 'nothing'}.`, path)
  const { data } = await checked.file.numbers(index, { signal: checked.signal })
  const fall = await inSlices(firstFall(data), checked.signal)
  if (fall !== undefined) checked.report('NWB_TABLE', `Entry ${fall} is less than the one before it.`, path)
  const last = Number(data.at(-1) ?? 0)
  const count = target.shape[0] ?? 0
  if (last !== count) checked.report('NWB_TABLE', `It ends with ${last}, and ${target.path} has ${count} rows.`, path)
}

function* firstFall(data: NumericArray): Steps<number | undefined> {
  let fall: number | undefined
  yield* inRanges(data.length, (from, to) => {
    for (let i = Math.max(from, 1); i < to && fall === undefined; i++) {
      if ((data[i] as number) < (data[i - 1] as number)) fall = i
    }
  })
  return fall
}

/** Numbers of rows in another table. */
async function checkRegion(checked: CheckedFile, region: Hdf5Dataset): Promise<void> {
  const { path } = region
  checked.attributes(region, ['table'])
  const stated = region.attributes.get('table')
  if (typeof stated !== 'string') return
  const table = stated === '' ? undefined : await checked.file.describe(stated, checked.signal)
  if (table?.kind !== 'group' || !table.attributes.has('colnames')) {
    checked.report('NWB_REFERENCE', `It refers to ${stated || 'nothing'}, which is no table.`, path)
    return
  }
  const ids = await checked.file.describe(`${stated}/id`, checked.signal)
  if (ids?.kind !== 'dataset' || region.type.kind !== 'number') return
  const rows = ids.shape[0] ?? 0
  const { data } = await checked.file.numbers(region, { signal: checked.signal })
  const outside = await inSlices(firstOutside(data, rows), checked.signal)
  if (outside !== undefined) checked.report('NWB_REFERENCE', `It refers to row ${outside} of ${stated}, which has ${rows}.`, path)
}

async function checkReferences(checked: CheckedFile, column: Hdf5Dataset, wanted: string): Promise<void> {
  const paths = new Set(await checked.file.texts(column, checked.signal))
  for (const path of paths) {
    const object: NwbObject | undefined = path === '' ? undefined : await checked.file.describe(path, checked.signal)
    if (typeOf(object) !== wanted) checked.report('NWB_REFERENCE', `It refers to ${path || 'nothing'}, which is no ${wanted}.`, column.path)
  }
}
