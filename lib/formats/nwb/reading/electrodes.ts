/**
 * Reads the electrodes of units: by the rows of the electrode table that a unit refers to.
 */
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../../engine/run-job.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { ELECTRODES } from '../probe.js'
import type { ColumnDatasets, ValueOf } from './columns.js'
import { columnValues, endsOf, UNKNOWN } from './columns.js'
import { tableDatasets } from './table.js'

/** The electrodes of units. */
export interface UnitElectrodes {
  /** How many a unit has. */
  countOf(unit: number): number
  /** What they add to the attributes of a unit. */
  attributesOf(unit: number): Steps<Record<string, unknown>>
}

/** The columns of places, one of which a table has: those in the brain, and those on the probe. */
const PLACES = [
  ['x', 'y', 'z'],
  ['rel_x', 'rel_y', 'rel_z'],
] as const

/** The names of the attributes that {@link unitElectrodes} adds, by the columns of the electrode table; no unit needs to have all. */
export function electrodeAttributes(columns: readonly string[]): string[] {
  const has = (name: string) => columns.includes(name)
  return [
    'electrode',
    'electrodes',
    ...(PLACES.some((names) => names.some(has)) ? ['location'] : []),
    ...(has('location') ? ['location_label'] : []),
    ...(has('group_name') || has('group') ? ['group_name'] : []),
  ]
}

/** The rows of the electrode table. */
interface Rows {
  count: number
  idOf: ValueOf
  placeOf(row: number): number[] | undefined
  groupOf: ValueOf
  areaOf: ValueOf
}

/**
 * The electrodes of each unit, by the rows of the table that its region refers to: `electrode`, the id of the first; `electrodes`, the ids of
 * all, where there are several; and of the first `location`, its place, `location_label`, the brain area, and `group_name`.
 *
 * In a file without a version, as SpikeLab writes it, a column that refers to no table holds ids instead of rows; the table may lack some.
 *
 * @param region - the column `electrodes` of the units
 * @param hasVersion - whether the file states its version of NWB
 * @throws FormatError for a region that leads beyond the table
 */
export async function unitElectrodes(
  file: Hdf5File,
  region: ColumnDatasets,
  units: number,
  hasVersion: boolean,
  options: ReadOptions,
  onProgress: OnProgress | undefined,
): Promise<UnitElectrodes> {
  const { data, index } = region
  const rows = file.room(data, Float64Array)
  await file.read([{ path: data.path, into: rows }], { ...options, onProgress })
  const ends = index && (await endsOf(file, index, units, rows.length, options))
  if (!ends && rows.length !== units) throw file.error(`it has ${rows.length} values for ${units} rows`, data.path)
  const table = await electrodeRows(file, tablePath(data), options)
  const rangeOf = (unit: number): [from: number, to: number] => (ends ? [ends[unit - 1] ?? 0, ends[unit] as number] : [unit, unit + 1])
  const countOf = (unit: number) => {
    const [from, to] = rangeOf(unit)
    return to - from
  }
  const hasIds = !hasVersion && !data.attributes.has('table')
  const rowOfId = table && hasIds ? await inSlices(rowsById(table), options.signal) : undefined
  const attributesOf = function* (unit: number): Steps<Record<string, unknown>> {
    const [from, to] = rangeOf(unit)
    if (from === to) return {}
    const ids: unknown[] = []
    for (let i = from; i < to; i++) {
      ids.push(rowOfId ? rows[i] : idOf(file, data, table, rows[i] as number))
      if (i < to - 1 && isDue()) yield
    }
    const first = rowOfId ? rowOfId.get(rows[from] as number) : (rows[from] as number)
    return {
      electrode: ids[0],
      electrodes: ids.length > 1 ? ids : undefined,
      ...(table && first !== undefined && aboutRow(table, first)),
    }
  }
  return { countOf, attributesOf }
}

/** What the table has of an electrode. */
function aboutRow({ placeOf, areaOf, groupOf }: Rows, row: number): Record<string, unknown> {
  return { location: placeOf(row), location_label: known(areaOf(row)), group_name: groupOf(row) }
}

/** Of equal ids, the first row counts. */
function* rowsById({ count, idOf }: Rows): Steps<GrowingMap<number, number>> {
  const rows = new GrowingMap<number, number>()
  for (let row = 0; row < count; row++) {
    const id = Number(idOf(row))
    if (rows.get(id) === undefined) rows.set(id, row)
    if (isDue()) yield
  }
  return rows
}

/** The id of a row; the row itself where the file has no table. */
function idOf(file: Hdf5File, { path }: Hdf5Dataset, table: Rows | undefined, row: number): unknown {
  if (!table) return row
  if (!Number.isInteger(row) || row < 0 || row >= table.count) {
    throw file.error(`it refers to row ${row} of an electrode table with ${table.count} rows`, path)
  }
  return table.idOf(row)
}

function known(text: unknown): unknown {
  return text === UNKNOWN ? undefined : text
}

/** The table that a region refers to; that of the schema where it does not say. */
export function tablePath(region: Hdf5Dataset | undefined): string {
  const table = region?.attributes.get('table')
  return typeof table === 'string' && table !== '' ? table : `/${ELECTRODES}`
}

async function electrodeRows(file: Hdf5File, path: string, options: ReadOptions): Promise<Rows | undefined> {
  if ((await file.describe(path, options.signal))?.kind !== 'group') return undefined
  const { columns, ids } = await tableDatasets(file, path, options.signal)
  if (!ids) throw file.error('it has no ids', path)
  if (ids.shape.length !== 1) throw file.error('its values are no ids', ids.path)
  const [count = 0] = ids.shape
  const column = async (name: string): Promise<ValueOf | undefined> => {
    const found = columns.find((each) => each.name === name)
    // Of the schema all have one value for each electrode.
    const isPlain = found && found.data.problem === undefined && !found.index && found.data.shape.length === 1
    return isPlain ? columnValues(file, found, count, options) : undefined
  }
  const idOf = await columnValues(file, { name: 'id', data: ids }, count, options)
  if (!idOf) throw file.error('its values are no ids', ids.path)
  return {
    count,
    idOf,
    placeOf: await places(column),
    groupOf: (await column('group_name')) ?? (await column('group')) ?? missing,
    areaOf: (await column('location')) ?? missing,
  }
}

/** The coordinates that a row has, NaN where one is not known; undefined where none is. */
async function places(column: (name: string) => Promise<ValueOf | undefined>): Promise<(row: number) => number[] | undefined> {
  for (const names of PLACES) {
    const axes: ValueOf[] = []
    for (const name of names) {
      const axis = await column(name)
      if (axis) axes.push(axis)
    }
    if (axes.length === 0) continue
    return (row) => {
      const place = axes.map((axis) => Number(axis(row) ?? NaN))
      return place.every(Number.isNaN) ? undefined : place
    }
  }
  return missing
}

function missing(): undefined {
  return undefined
}
