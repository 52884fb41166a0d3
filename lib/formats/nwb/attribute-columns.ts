/**
 * Columns of the units' table from the attributes of the units.
 */
import { invalidValue, quoted } from '../../errors.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { arrayColumn } from './array-column.js'
import type { AttributeValues, ColumnData, HeldData } from './column-data.js'
import type { Taken } from './column-names.js'
import { freeName, isObjectName, takenBy } from './column-names.js'
import { booleanColumn, numberColumn, textColumn } from './scalar-columns.js'
import type { TableColumn } from './table.js'
import type { WaveformColumn } from './waveform-columns.js'
import { waveformColumn } from './waveform-columns.js'

/** More names than any recording has. A name per unit would make a column per unit, and take memory without bounds. */
const MOST_NAMES = 1000

/** An attribute whose column has another name, as its own is taken. */
export interface RenamedAttribute {
  name: string
  column: string
  takenBy: Taken
}

/** The columns, and the attributes that they do not hold as given. */
export interface AttributeColumns {
  columns: TableColumn[]
  renamed: RenamedAttribute[]
  /** Names of attributes that have a column. */
  named: ReadonlySet<string>
  /** Names of attributes whose values no column can hold. */
  unsupported: string[]
  /** Names of attributes that no dataset can have. */
  invalidNames: string[]
}

/**
 * A column for each attribute that units have: numbers, texts, booleans or arrays of numbers; missing values are NaN, an empty
 * text or no numbers. An attribute that is NaN for all units is left out.
 *
 * @param kept - names of attributes that are elsewhere in the file
 * @param fsHz - the sampling frequency of waveforms, if it is known
 * @param descriptions - what attributes mean, by name, where the caller describes them
 * @throws RangeError for more than a thousand names
 */
export function* attributeColumns(
  unitCount: number,
  attributes: readonly NeuronAttributes[] | null,
  kept: ReadonlySet<string>,
  fsHz: number | undefined,
  descriptions: ReadonlyMap<string, string>,
): Steps<AttributeColumns> {
  const columns: TableColumn[] = []
  const renamed: RenamedAttribute[] = []
  const unsupported: string[] = []
  const invalidNames: string[] = []
  const held: { name: string; data: HeldData; waveform: WaveformColumn | undefined; taken: Taken | undefined }[] = []
  for (const attribute of yield* attributesByName(attributes ?? [], kept)) {
    const { name } = attribute
    if (!isObjectName(name)) {
      invalidNames.push(name)
      continue
    }
    const data = yield* columnData(attribute, unitCount)
    if (data === 'empty') continue
    if (data === null) {
      unsupported.push(name)
    } else {
      const waveform = waveformColumn(name, data, fsHz)
      held.push({ name, data, waveform, taken: waveform ? undefined : takenBy(name) })
    }
  }
  // An attribute that has to be renamed takes the name of no other.
  const names = new Set(held.filter(({ taken }) => !taken).map(({ name }) => name))
  for (const { name, data, waveform, taken } of held) {
    const { note, ...values } = data
    const column = taken ? freeName(name, names) : name
    if (taken) renamed.push({ name, column, takenBy: taken })
    const ownDescription = waveform?.description ?? [`The attribute ${quoted(name)} of each unit.`, note].filter(Boolean).join(' ')
    const description = descriptions.get(name) ?? ownDescription
    columns.push({ name: column, description, ...values, ...(waveform && { attributes: waveform.attributes }) })
  }
  return { columns, renamed, named: new Set(held.map(({ name }) => name)), unsupported, invalidNames }
}

/**
 * The attributes, in the order in which they come first. Each value is read once.
 *
 * @param option - what errors call the list
 */
export function* attributesByName(
  attributes: readonly NeuronAttributes[],
  kept: ReadonlySet<string>,
  option = 'sd.neuronAttributes',
): Steps<AttributeValues[]> {
  const byName = new Map<string, AttributeValues>()
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    for (const name of Object.keys(entry)) {
      if (isDue()) yield
      const value = kept.has(name) ? undefined : entry[name]
      if (isMissing(value)) continue
      let found = byName.get(name)
      if (!found) byName.set(name, (found = { name, units: [], values: [] }))
      found.units.push(unit)
      found.values.push(value)
    }
    if (byName.size > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names of attributes`, option, byName.size)
  }
  return [...byName.values()]
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
