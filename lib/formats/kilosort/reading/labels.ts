/**
 * The clusters that a table of labels keeps, by SpikeLab's rules.
 */
import { GrowingMap } from '../../../memory/growing-map.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { MOST_IDS } from './clusters.js'
import type { Table } from './table.js'
import { isMissingCell, numberIn, TableProblem } from './table.js'

/** The labels of clusters that are kept, in lower case. */
const KEPT: ReadonlySet<string> = new Set(['good', 'mua', 'mua good'])

/** The columns of labels and of ids, those that come first before the others. */
const LABELS = ['group', 'KSLabel'] as const
const IDS = ['cluster_id', 'id'] as const

/** The column of a table that has the ids of its rows; -1 without one. */
export function idColumn({ columns }: Table): number {
  return columnOf(columns, IDS)
}

function columnOf(columns: readonly string[], names: readonly string[]): number {
  const name = names.find((candidate) => columns.includes(candidate))
  return name === undefined ? -1 : columns.indexOf(name)
}

/**
 * The ids in a column.
 *
 * @throws TableProblem for one that is no whole number from 0 to 2³¹ − 1
 */
export function* idsIn({ rows }: Table, column: number): Steps<number[]> {
  const ids: number[] = []
  for (const row of rows) {
    const cell = row[column] as string
    const id = numberIn(cell)
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= MOST_IDS) {
      throw new TableProblem(`the id in row ${ids.length + 1} is '${cell}', not a whole number from 0 to ${MOST_IDS - 1}`)
    }
    ids.push(id)
    if (isDue()) yield
  }
  return ids
}

/**
 * The ids of the clusters that a table keeps: those with a label of `good`, `mua` or `mua good`, in any case; with noise, all that it lists.
 * Without a label a cluster is dropped, and so is one that is not in the table. Of several rows of a cluster one suffices.
 *
 * @throws TableProblem without a column of ids or of labels
 */
export function* keptIds(table: Table, includeNoise: boolean): Steps<GrowingMap<number, boolean>> {
  const idAt = idColumn(table)
  if (idAt < 0) throw new TableProblem(`it has no column ${IDS.join(' or ')}`)
  const labelAt = columnOf(table.columns, LABELS)
  if (labelAt < 0) throw new TableProblem(`it has no column ${LABELS.join(' or ')}`)
  const ids = yield* idsIn(table, idAt)
  const kept = new GrowingMap<number, boolean>()
  for (const [i, id] of ids.entries()) {
    const label = table.rows[i]?.[labelAt] as string
    if (includeNoise || (!isMissingCell(label) && KEPT.has(label.toLowerCase()))) kept.set(id, true)
    if (isDue()) yield
  }
  return kept
}
