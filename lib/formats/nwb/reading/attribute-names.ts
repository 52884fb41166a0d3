/**
 * Which attributes the units of a file have, without reading all columns: columns without a value for any unit become none.
 */
import type { Hdf5File } from '../../../engine/reading/hdf5-file.js'
import { UNIT_ID } from '../../../recording/unit-id.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { anyValue } from '../../hdf5/any-value.js'
import type { ColumnDatasets } from './columns.js'
import { electrodeAttributes, unitElectrodes } from './electrodes.js'
import type { TableDatasets } from './table.js'
import { attributeOf, ELECTRODES, OBSERVED, SPIKE_TIMES, unitCountOf } from './units.js'
import type { Observed } from './window.js'

/** The electrodes of more units, or of a larger table, are not read: some milliseconds. */
export const MOST_ELECTRODES = 2 ** 13

/** The names of attributes. */
export interface AttributeNames {
  /** Those that a unit has, and those that are {@link unknown}. */
  names: string[]
  /** Those of which more would have to be read to know whether any unit has one. */
  unknown: string[]
}

/** What is known of the table that the units' electrodes are in. */
export interface ElectrodeTable {
  count: number
  columns: readonly string[]
}

/**
 * The names of what the loader makes of the columns.
 *
 * @param observed - the observation intervals, if they have been read
 */
export async function attributeNames(
  file: Hdf5File,
  table: TableDatasets,
  electrodes: ElectrodeTable | undefined,
  observed: Observed | undefined,
  signal: AbortSignal | undefined,
): Promise<AttributeNames> {
  const { columns, ids } = table
  const units = unitCountOf(table)
  const found: AttributeNames = { names: [], unknown: [] }
  if (units === 0) return found
  // Several columns may become one attribute.
  const names = new Map<string, boolean>()
  const add = (name: string, isThere: boolean | undefined) => {
    if (isThere !== false) names.set(name, isThere ?? names.get(name) ?? false)
  }
  const idValues = ids ? { name: 'id', data: ids } : undefined
  const hasIds = idValues !== undefined && isReadable(idValues)
  if (hasIds) add(UNIT_ID, await hasValue(file, idValues, signal))
  for (const column of columns) {
    const { name, data } = column
    if (name === SPIKE_TIMES || (name === UNIT_ID && hasIds) || !isReadable(column)) continue
    if (name === ELECTRODES && data.type.kind === 'number') {
      const known = await namesOfElectrodes(file, column, units, electrodes, signal)
      for (const added of electrodeAttributes(electrodes?.columns ?? [])) add(added, known?.has(added))
    } else if (name === OBSERVED) {
      // One interval that all units have is the recording's window.
      if (!observed || observed.intervalsOf) add(name, observed && data.shape[0] !== 0)
    } else add(attributeOf(column, columns), await hasValue(file, column, signal))
  }
  for (const [name, isKnown] of names) {
    found.names.push(name)
    if (!isKnown) found.unknown.push(name)
  }
  return found
}

/** Whether an attribute can hold the values of a column. */
function isReadable({ data: { problem, shape, type } }: ColumnDatasets): boolean {
  return problem === undefined && type.kind !== 'other' && shape.length > 0 && !shape.slice(1).includes(0)
}

/** Whether any unit has a value of a column. */
async function hasValue(
  file: Hdf5File,
  { data, index, outerIndex }: ColumnDatasets,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  // An index leads to all values, and lists of them are values, also empty ones.
  const [lists = 0] = outerIndex && index ? index.shape : data.shape
  const areLists = index !== undefined || (data.shape.length > 1 && data.type.kind !== 'number')
  return areLists ? lists > 0 : anyValue(file, data, signal)
}

/** The names of what electrodes add to the attributes of any unit; undefined where there are many electrodes. */
async function namesOfElectrodes(
  file: Hdf5File,
  region: ColumnDatasets,
  units: number,
  table: ElectrodeTable | undefined,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const [rows = 0] = region.data.shape
  if (Math.max(rows, units, table?.count ?? 0) > MOST_ELECTRODES) return undefined
  const { attributesOf } = await unitElectrodes(file, region, units, true, { signal }, undefined)
  const all = electrodeAttributes(table?.columns ?? []).length
  const steps = function* (): Steps<Set<string>> {
    const names = new Set<string>()
    for (let unit = 0; unit < units && names.size < all; unit++) {
      for (const [name, value] of Object.entries(yield* attributesOf(unit))) if (value !== undefined) names.add(name)
      if (isDue()) yield
    }
    return names
  }
  return inSlices(steps(), signal)
}
