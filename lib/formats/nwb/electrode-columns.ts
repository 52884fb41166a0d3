/**
 * The columns of the electrode table: those that every table has, those of the schema, and further ones of the caller.
 */
import { isWritableText, packTexts } from '../../engine/plan/packed-texts.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { nans } from '../../memory/allocation.js'
import { isMissing, requiredString } from '../../options/checks.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue, spend } from '../../steps.js'
import type { AttributeValues } from './column-data.js'
import { isFreeInTable, isObjectName, MOST_NAMES } from './column-names.js'
import type { ElectrodeGroup } from './probe.js'
import type { NwbElectrode } from './probe-options.js'
import { booleanColumn, numberColumn, textColumn } from './scalar-columns.js'
import type { TableColumn } from './table.js'

/** A column of the schema that a table need not have, by the name of its option. */
interface SchemaColumn {
  option: keyof NwbElectrode
  column: string
  description: string
}

/** Columns of float64, NaN where an electrode has no number. */
const NUMBERS: readonly SchemaColumn[] = [
  { option: 'x', column: 'x', description: 'Where the electrode is in the brain in µm; +x is posterior.' },
  { option: 'y', column: 'y', description: 'Where the electrode is in the brain in µm; +y is inferior.' },
  { option: 'z', column: 'z', description: 'Where the electrode is in the brain in µm; +z is right.' },
  { option: 'relX', column: 'rel_x', description: 'The x coordinate of the electrode in its group in µm.' },
  { option: 'relY', column: 'rel_y', description: 'The y coordinate of the electrode in its group in µm.' },
  { option: 'relZ', column: 'rel_z', description: 'The z coordinate of the electrode in its group in µm.' },
  { option: 'imp', column: 'imp', description: 'The impedance of the electrode in ohms.' },
]

/** Columns of texts, empty where an electrode has none. */
const TEXTS: readonly SchemaColumn[] = [
  { option: 'filtering', column: 'filtering', description: 'How the hardware filtered the signal of the electrode.' },
  { option: 'reference', column: 'reference', description: 'What the signal of the electrode is measured against.' },
]

/** The columns that are not named by the caller. */
export const ELECTRODE_COLUMNS: ReadonlySet<string> = new Set([
  ...['location', 'group', 'group_name', 'channel_name'],
  ...[...NUMBERS, ...TEXTS].map(({ column }) => column),
])

/** What every electrode table has of each row. */
interface Places {
  count: number
  locationOf(row: number): string
  channelNameOf(row: number): string
  /** What the names of channels are. */
  channelNames: string
  groups: readonly ElectrodeGroup[]
  /** The group of each row, by its place among these. */
  choices: Int32Array
}

/** The columns that every electrode table has. */
export function* placeColumns({ count, locationOf, channelNameOf, channelNames, groups, choices }: Places): Steps<TableColumn[]> {
  const locations = yield* packTexts(count, locationOf)
  const groupNames = yield* packTexts(count, (row) => (groups[choices[row] as number] as ElectrodeGroup).name)
  const channels = yield* packTexts(count, channelNameOf)
  const targets = groups.map(({ path }) => path)
  return [
    { name: 'location', description: 'Where in the brain the electrode is.', values: { data: 'texts', texts: locations, count } },
    { name: 'group', description: 'The group of the electrode.', values: { data: 'references', targets, choices } },
    { name: 'group_name', description: 'The name of the group.', values: { data: 'texts', texts: groupNames, count } },
    { name: 'channel_name', description: channelNames, values: { data: 'texts', texts: channels, count } },
  ]
}

/** The columns of the schema that any electrode has a value for. */
export class SchemaColumns {
  readonly #columns = new Map<string, AttributeValues>()

  /**
   * Adds the values of a row.
   *
   * @throws TypeError, RangeError for a number or a text that makes no sense
   */
  add(entry: NwbElectrode, row: number, option: string): void {
    for (const { option: name, column } of NUMBERS) {
      const value = entry[name]
      if (!isMissing(value)) this.#add(column, row, knownNumber(value, `${option}.${name}`))
    }
    for (const { option: name, column } of TEXTS) {
      const value = entry[name]
      if (!isMissing(value)) this.#add(column, row, requiredString(value, `${option}.${name}`))
    }
  }

  /** The columns of a table with `count` rows. */
  *made(count: number): Steps<TableColumn[]> {
    const columns: TableColumn[] = []
    for (const { column: name, description } of NUMBERS) {
      const found = this.#columns.get(name)
      const data = found && (yield* numbersOf(found, count))
      if (data) columns.push({ name, description, values: { data: 'numbers', source: { kind: 'array', data, shape: [count] } } })
    }
    for (const { column: name, description } of TEXTS) {
      const found = this.#columns.get(name)
      const data = found && (yield* textColumn(found, count))
      if (data && data !== 'empty') columns.push({ name, description, ...data })
    }
    return columns
  }

  #add(name: string, row: number, value: number | string): void {
    let column = this.#columns.get(name)
    if (!column) this.#columns.set(name, (column = { name, units: [], values: [] }))
    column.units.push(row)
    column.values.push(value)
  }
}

type Kind = 'number' | 'boolean' | 'string'

const COLUMNS = { number: numberColumn, boolean: booleanColumn, string: textColumn }

/** The further columns, as the rows name them. */
export class FurtherColumns {
  /** All names, also of columns without a value. */
  readonly names = new Set<string>()
  readonly #option: string
  readonly #columns = new Map<string, AttributeValues & { kind: Kind }>()

  /** @param option - the list of rows */
  constructor(option: string) {
    this.#option = option
  }

  /**
   * Adds the values of a row.
   *
   * @throws TypeError, RangeError for a name or a value that no column can have, or of another kind than in an earlier row
   */
  *add(given: unknown, row: number, option: string): Steps<void> {
    if (!isPlainObject(given)) throw invalidType('a plain object', option, given)
    for (const name of Object.keys(given)) {
      const value = given[name]
      const where = () => `${option}[${quoted(name)}]`
      if (!this.names.has(name)) this.#addName(name, option)
      if (isDue()) yield
      if (isMissing(value)) continue
      const kind = kindOf(value, where)
      let column = this.#columns.get(name)
      if (!column) this.#columns.set(name, (column = { name, kind, units: [], values: [] }))
      if (kind !== column.kind) throw invalidType(`a ${column.kind}, as in ${this.#option}[${column.units[0]}],`, where(), value)
      column.units.push(row)
      column.values.push(value)
    }
  }

  /**
   * The columns of a table with `count` rows, without those of NaN only.
   *
   * @param descriptions - what they mean, by name, where the caller describes them
   * @throws RangeError for numbers that no column can hold
   */
  *made(count: number, descriptions: ReadonlyMap<string, string>): Steps<TableColumn[]> {
    const columns: TableColumn[] = []
    for (const column of this.#columns.values()) {
      const { name, kind, values } = column
      const data = yield* COLUMNS[kind](column, count)
      if (data === null)
        throw invalidValue('numbers that are all int64 or float64', `the column ${quoted(name)} of ${this.#option}`, values[0])
      if (data === 'empty') continue
      const { note, ...held } = data
      const description = descriptions.get(name) ?? [`The ${quoted(name)} of each electrode.`, note].filter(Boolean).join(' ')
      columns.push({ name, description, ...held })
    }
    return columns
  }

  #addName(name: string, option: string): void {
    if (!isObjectName(name)) throw invalidValue('names that an object in a file can have', option, name)
    if (ELECTRODE_COLUMNS.has(name) || !isFreeInTable(name))
      throw invalidValue('names that neither the table nor its readers have', option, name)
    this.names.add(name)
    if (this.names.size > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names of columns`, this.#option, this.names.size)
  }
}

function kindOf(value: unknown, name: () => string): Kind {
  const type = typeof value
  if (type === 'bigint') return 'number'
  if (type !== 'number' && type !== 'boolean' && type !== 'string') throw invalidType('a number, a text or a boolean', name(), value)
  if (type === 'string') {
    if (!isWritableText(value as string)) throw invalidValue('text without NUL characters and lone surrogates', name(), value)
    spend((value as string).length)
  }
  return type
}

/** A number, which may be NaN where it is not known. */
function knownNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalidType('a number', name, value)
  if (!Number.isFinite(value) && !Number.isNaN(value)) throw invalidValue('a finite number', name, value)
  return value
}

/** Numbers by row, NaN where there is none; undefined where all are NaN. */
function* numbersOf({ units: rows, values }: AttributeValues, count: number): Steps<Float64Array | undefined> {
  const data = yield* nans(count)
  let areNaN = true
  for (const [i, row] of rows.entries()) {
    data[row] = values[i] as number
    areNaN &&= Number.isNaN(values[i])
    if (isDue()) yield
  }
  return areNaN ? undefined : data
}
