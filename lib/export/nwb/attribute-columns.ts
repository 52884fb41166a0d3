/**
 * Columns of the units' table from the attributes of the units.
 */
import { invalidValue } from '../../errors.js'
import type { NeuronAttributes } from '../../model/attributes.js'
import { isMissing } from '../../options.js'
import type { Steps } from '../../steps.js'
import { arrayColumn } from './array-column.js'
import { booleanColumn, numberColumn, textColumn } from './scalar-columns.js'
import type { TableColumn } from './table.js'

/** How many values one step reads: a fraction of a millisecond. */
const STEP_VALUES = 4096

/** More names than any recording has: as many columns as units would take memory without bounds. */
const MOST_NAMES = 1000

/** Names that mean something else in a units' table. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'spike_times', 'obs_intervals', 'electrodes', 'electrode_group', 'waveforms'])

/** The values that one attribute has, with the units that have them, ascending. */
export interface AttributeValues {
  name: string
  units: number[]
  values: unknown[]
}

/** What becomes of a column: its data, with a note for who reads it; none as there is nothing to hold; or null as it cannot be held. */
export type ColumnData = (Pick<TableColumn, 'values' | 'index'> & { note?: string }) | 'empty' | null

/** Columns, and the names of the attributes that none can hold. */
export interface AttributeColumns {
  columns: TableColumn[]
  skipped: string[]
}

/**
 * A column for each attribute that units have: numbers, texts, booleans or arrays of numbers; missing values are NaN, an empty
 * text or no numbers. An attribute that is NaN for all units is left out.
 *
 * @param told - names of attributes that are elsewhere in the file
 * @throws RangeError for more than a thousand names
 */
export function* attributeColumns(
  unitCount: number,
  attributes: readonly NeuronAttributes[] | null,
  told: ReadonlySet<string>,
): Steps<AttributeColumns> {
  const columns: TableColumn[] = []
  const skipped: string[] = []
  for (const attribute of yield* attributesByName(attributes ?? [], told)) {
    const { name } = attribute
    const data = isColumnName(name) ? yield* columnData(attribute, unitCount) : null
    if (data === 'empty') continue
    if (data === null) {
      skipped.push(name)
    } else {
      const { note, ...held } = data
      columns.push({ name, description: [`The attribute '${name}' of each unit.`, note].filter(Boolean).join(' '), ...held })
    }
  }
  return { columns, skipped }
}

/** The attributes, in the order in which they come first. Each value is read once. */
function* attributesByName(attributes: readonly NeuronAttributes[], told: ReadonlySet<string>): Steps<AttributeValues[]> {
  const byName = new Map<string, AttributeValues>()
  let read = 0
  for (const [unit, entry] of attributes.entries()) {
    for (const name of Object.keys(entry)) {
      if (++read % STEP_VALUES === 0) yield
      const value = told.has(name) ? undefined : entry[name]
      if (isMissing(value)) continue
      let found = byName.get(name)
      if (!found) byName.set(name, (found = { name, units: [], values: [] }))
      found.units.push(unit)
      found.values.push(value)
    }
    if (byName.size > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names of attributes`, 'sd.neuronAttributes', byName.size)
  }
  return [...byName.values()]
}

/** Readers take what ends with `_index` for the index of another column. */
function isColumnName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0\p{Surrogate}]|_index$/u.test(name) && !RESERVED.has(name)
}

function columnData(attribute: AttributeValues, unitCount: number): Steps<ColumnData> {
  const first = attribute.values[0]
  switch (typeof first) {
    case 'number':
    case 'bigint':
      return numberColumn(attribute, unitCount)
    case 'boolean':
      return booleanColumn(attribute, unitCount)
    case 'string':
      return textColumn(attribute, unitCount)
    default:
      return arrayColumn(attribute, unitCount)
  }
}
