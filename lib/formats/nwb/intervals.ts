/**
 * Tables of intervals: trials, epochs and others.
 */
import { invalidValue, quoted } from '../../errors.js'
import type { Numbers } from '../../memory/float64.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { isObjectName, MOST_NAMES } from './column-names.js'
import { columnNames, entriesOf, nameField } from './fields.js'
import { inSeconds, intervalColumn } from './interval-columns.js'
import { isIntervalName } from './interval-names.js'
import { MOST_OBJECTS } from './probe.js'
import type { Table, TableColumn } from './table.js'

/** What an interval has in a column. Of numbers and texts, missing ones are NaN and an empty text; of arrays, no values. */
export type NwbIntervalValue = number | bigint | string | boolean | Numbers | NDArray | readonly string[] | Missing

/** A value for each interval: all numbers, all texts, all booleans, all arrays of numbers or all lists of texts. */
export type NwbIntervalColumn = NumericArray | NDArray | readonly NwbIntervalValue[]

/** Intervals of time: `TimeIntervals` of the NWB schema. */
export interface NwbIntervals {
  /** Where each interval starts, in ms. */
  startTime: Numbers
  /** Where each ends, in ms: not before it starts. */
  stopTime: Numbers
  /**
   * Further columns, by name: a value for each interval. Columns with names that end in `_time` or `_times`, as NWB has it for times, are
   * in ms here and in s in the file, whatever they are times of; an array has its own dtype otherwise. `tags` are lists of texts.
   */
  columns?: Readonly<Record<string, NwbIntervalColumn | Missing>> | undefined
  /** Names of further columns that are times in ms, and in s in the file. */
  timeColumns?: readonly string[] | undefined
  /** What the columns mean, by name. */
  descriptions?: Readonly<Record<string, string | Missing>> | undefined
  /** What the intervals are. */
  description?: string | undefined
}

/** Tables of intervals of a session. */
export interface NwbIntervalTables {
  /** The trials of an experiment, such as presentations of a stimulus. */
  trials?: NwbIntervals | undefined
  /** Parts of the session, such as rest and task. */
  epochs?: NwbIntervals | undefined
  /** Further tables, by name. `invalid_times` is what NWB calls intervals to be left out of analyses. */
  intervals?: Readonly<Record<string, NwbIntervals | Missing>> | undefined
}

export const INTERVAL_TABLES: OptionNames<NwbIntervalTables> = { trials: true, epochs: true, intervals: true }

const OPTIONS: OptionNames<NwbIntervals> = {
  startTime: true,
  stopTime: true,
  columns: true,
  timeColumns: true,
  descriptions: true,
  description: true,
}

/** The group of the tables. */
export const INTERVALS = 'intervals'

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['trials', 'The trials of the experiment.'],
  ['epochs', 'The epochs of the session.'],
  ['invalid_times', 'Intervals to be left out of analyses.'],
])

/** A table whose options have been read. */
interface GivenTable {
  name: string
  /** What errors call it. */
  option: string
  given: NwbIntervals
}

/**
 * The tables of a session.
 *
 * @throws TypeError, RangeError for a table that makes no sense
 */
export function* intervalTables({ trials, epochs, intervals }: NwbIntervalTables): Steps<Table[]> {
  const tables: Table[] = []
  // All are read before the first pause.
  for (const table of givenTables(trials, epochs, intervals)) tables.push(yield* intervalTable(table))
  return tables
}

function givenTables(trials: unknown, epochs: unknown, intervals: unknown): GivenTable[] {
  const tables: GivenTable[] = []
  const add = (name: string, option: string, given: unknown) => {
    if (!isMissing(given)) tables.push({ name, option, given: optionsFrom<NwbIntervals>(given, OPTIONS, option) })
  }
  add('trials', 'nwb.trials', trials)
  add('epochs', 'nwb.epochs', epochs)
  const further = entriesOf(intervals, 'nwb.intervals')
  if (further.length > MOST_OBJECTS) throw invalidValue(`at most ${MOST_OBJECTS} tables`, 'nwb.intervals', further.length)
  for (const [key, given] of further) {
    const option = `nwb.intervals[${quoted(key)}]`
    const name = nameField(key, 'the name of a table in nwb.intervals')
    if (name === 'trials' || name === 'epochs') throw invalidValue(`another name than ${name}, the table of nwb.${name},`, option, given)
    add(name, option, given)
  }
  return tables
}

function* intervalTable({ name, option, given }: GivenTable): Steps<Table> {
  const columns = entriesOf(given.columns, `${option}.columns`)
  if (columns.length > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} columns`, `${option}.columns`, columns.length)
  const own = new Set(['start_time', 'stop_time', ...columns.map(([column]) => column)])
  const descriptions = new Map(entriesOf(given.descriptions, `${option}.descriptions`))
  for (const described of descriptions.keys()) {
    if (!own.has(described)) throw invalidValue('names of columns', `${option}.descriptions`, described)
  }
  const ofTimes = timeColumnsFrom(given.timeColumns, `${option}.timeColumns`, own)
  const describe = (column: string, byDefault: string): string => {
    return requiredString(descriptions.get(column) ?? byDefault, `${option}.descriptions[${quoted(column)}]`)
  }

  const { starts, stops } = yield* limitsFrom(given, option)
  const count = starts.length
  const limit = (column: string, byDefault: string, data: Float64Array): TableColumn => ({
    name: column,
    description: describe(column, byDefault),
    values: { data: 'numbers', source: { kind: 'array', data, shape: [count] } },
  })
  const all = [
    limit('start_time', 'Where each interval starts, in seconds.', starts),
    limit('stop_time', 'Where each interval ends, in seconds.', stops),
  ]
  for (const [column, values] of columns) {
    const of = `${option}.columns[${quoted(column)}]`
    if (!isObjectName(column) || !isIntervalName(column)) {
      throw invalidValue('a name that neither NWB nor pynwb has for another thing', `${option}.columns`, column)
    }
    const areTimes = ofTimes(column)
    const description = describe(
      column,
      `The ${areTimes ? 'times' : 'values'} ${quoted(column)} of each interval${areTimes ? ', in seconds' : ''}.`,
    )
    all.push({ name: column, description, ...(yield* intervalColumn(column, values, count, areTimes, of)) })
  }
  return {
    path: `${INTERVALS}/${name}`,
    type: { namespace: 'core', name: 'TimeIntervals' },
    description: requiredString(given.description ?? DESCRIPTIONS.get(name) ?? `The intervals ${quoted(name)}.`, `${option}.description`),
    ids: { kind: 'range', first: 0, count },
    columns: all,
  }
}

/** Where intervals start and stop, in s. */
function* limitsFrom({ startTime, stopTime }: NwbIntervals, option: string): Steps<{ starts: Float64Array; stops: Float64Array }> {
  const starts = yield* inSeconds(startTime, `${option}.startTime`)
  const stops = yield* inSeconds(stopTime, `${option}.stopTime`)
  if (stops.length !== starts.length) {
    throw invalidValue(`${starts.length}, one stop for each start,`, `the length of ${option}.stopTime`, stops.length)
  }
  for (const [row, start] of starts.entries()) {
    const stop = stops[row] as number
    if (!Number.isFinite(start)) throw invalidValue('finite times in ms', `${option}.startTime[${row}]`, startTime[row])
    // A start that is finite is below no NaN.
    if (!(stop >= start && stop < Infinity)) {
      throw invalidValue('a finite time in ms that is not before the start', `${option}.stopTime[${row}]`, stopTime[row])
    }
    if (isDue()) yield
  }
  return { starts, stops }
}

/** Distinguishes the columns whose values are times. */
function timeColumnsFrom(given: unknown, option: string, columns: ReadonlySet<unknown>): (column: string) => boolean {
  const named = new Set<string>(isMissing(given) ? [] : columnNames(given, option))
  for (const name of named) if (!columns.has(name)) throw invalidValue('names of columns', option, name)
  return (column) => named.has(column) || /_times?$/.test(column)
}
