/**
 * The tables of a folder, `cluster_*.tsv` and `.csv`: attributes of units, and the ids that SpikeInterface and our own exports keep beside
 * the clusters.
 */
import { FormatError, quoted } from '../../../errors.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { tableFile } from '../phy/tables.js'
import { idColumn, idsIn } from './labels.js'
import type { Reading, Source } from './source.js'
import type { CellValue, Table } from './table.js'
import { columnValues, readTable, TableProblem } from './table.js'

/** A value of each cluster that has one. */
export type Column = GrowingMap<number, CellValue>

/** What the tables of a folder hold. */
export interface Tables {
  /** Columns by name. Where several tables have a column of a name, a cell of the table that is named after it comes first. */
  readonly columns: ReadonlyMap<string, Column>
  /** The tables that are left out, each with the reason. */
  readonly skipped: readonly string[]
  /** The columns that are left out, each with its table. */
  readonly lost: readonly string[]
}

/** The column of the ids that units had before they were numbered for Phy. */
export const SI_UNIT_ID = 'si_unit_id'

/** The column of the electrodes that our exports write. */
export const ELECTRODE = 'electrode'

/** Whether a file of this name is a table of clusters. */
export function isTable(name: string): boolean {
  return /^cluster_.*\.(?:tsv|csv)$/s.test(name)
}

/** Phy's summary of the other tables, with columns of its own, counts where these have nothing. */
const SUMMARY = /^cluster_info\./

/** More tables than any folder has. */
const MOST_TABLES = 1000

/**
 * Reads all tables of a folder. What is no table of clusters is left out.
 *
 * @param labels - the table of labels, under any name
 */
export async function readTables(source: Source, labels: string | undefined, reading: Reading): Promise<Tables> {
  const names = tableNames(source, labels)
  if (names.length > MOST_TABLES) throw new FormatError(source.path, `it has more than ${MOST_TABLES} tables of clusters`)
  const columns = new Map<string, Column>()
  const skipped: string[] = []
  const lost: string[] = []
  const place = (name: string) => (name === labels ? 0 : SUMMARY.test(name) ? 2 : 1)
  for (const name of names.sort().sort((a, b) => place(a) - place(b))) {
    try {
      lost.push(...(await inSlices(addColumns(columns, await tableIn(source, name, reading), name), reading.signal)))
    } catch (error) {
      const problem = problemOf(error)
      // What is wrong with labels is reported by those who need them.
      if (name !== labels) skipped.push(`${name} (${problem})`)
    }
  }
  return { columns, skipped, lost }
}

/** The names of all tables. */
export function tableNames({ names }: Source, labels?: string): string[] {
  return [...names].filter((name) => isTable(name) || name === labels)
}

/** Reads one table. */
export async function tableIn(source: Source, name: string, { signal }: Reading): Promise<Table> {
  return source.use(name, ({ bytes }) => readTable(bytes, name.endsWith('.csv'), signal))
}

/** What is wrong with a table; any other error is thrown. */
export function problemOf(error: unknown): string {
  if (error instanceof TableProblem) return error.message
  throw error
}

/** Whether a table is named after a column. */
function isTableOf(name: string, column: string): boolean {
  return name === tableFile(column) || name === `cluster_${column}.csv`
}

/** Columns that become no attributes: units have these names from other files, or no object can have them. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(['cluster_id', 'id', 'unit_id', 'location', '__proto__', ''])

/**
 * A cell of a table that is named after the column replaces any other; otherwise the first that has a value counts. Returns the columns that are
 * left out.
 */
function* addColumns(columns: Map<string, Column>, table: Table, file: string): Steps<string[]> {
  const idAt = idColumn(table)
  if (idAt < 0) throw new TableProblem('it has no column cluster_id or id')
  const ids = yield* idsIn(table, idAt)
  const lost: string[] = []
  for (const [at, name] of table.columns.entries()) {
    if (at === idAt) continue
    if (NO_ATTRIBUTES.has(name)) {
      lost.push(`${quoted(name)} in ${file}`)
      continue
    }
    const values = yield* columnValues(table, at)
    const column = columns.get(name) ?? new GrowingMap<number, CellValue>()
    columns.set(name, column)
    const isOwn = isTableOf(file, name)
    for (const [row, value] of values.entries()) {
      const id = ids[row] as number
      if (value !== undefined && (isOwn || column.get(id) === undefined)) column.set(id, value)
      if (isDue()) yield
    }
  }
  return lost
}
