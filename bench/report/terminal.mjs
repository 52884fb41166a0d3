/**
 * The figures for the terminal: aligned tables, and what is not as it should be.
 */
import { columns } from '../../scripts/demo/format.mjs'
import { verdicts } from '../goals.mjs'
import { duration, judged, megabytes, milliseconds, ratio } from './format.mjs'
import { aloneTable, batchTable, compressedTable, largerTable, loadsTable, mainTable, otherTable, scalingTable } from './tables.mjs'

/** @type {[title: string, table: (figures: any) => string[][]][]} */
const TABLES = [
  ['Against the reference', ({ results }) => mainTable(results)],
  ['Compressed', ({ results }) => compressedTable(results)],
  ['Loading', ({ results }) => loadsTable(results)],
  ['Other comparisons', ({ results }) => otherTable(results)],
  ['One export in a process of its own', ({ alone }) => aloneTable(alone)],
  ['Scaling', ({ scaling }) => scalingTable(scaling)],
  ['Larger than memory', ({ larger }) => largerTable(larger)],
  ['Batches', ({ batch }) => batchTable(batch)],
]
/** @type {Record<string, [format: (value: number) => string, unit?: number]>} */
const FORMATS = {
  faster: [ratio],
  larger: [ratio],
  perByte: [ratio],
  extraBytes: [megabytes, 1e6],
  seconds: [duration],
  turnMs: [milliseconds],
}

export function printTables(figures) {
  for (const [title, table] of TABLES) {
    const cells = table(figures)
    if (cells.length > 1) console.log(`\n${title}\n\n${columns(cells)}`)
  }
}

/** One line for each goal that is not reached. */
export function printMissed(results) {
  for (const result of results) {
    for (const { subject, peer, ...verdict } of verdicts(result).filter(({ missed }) => missed)) {
      const against = peer ? `, against ${peer}` : ''
      console.log(`Goal not reached: ${result.workload.name}: ${subject} ${judged(verdict, ...FORMATS[subject])}${against}`)
    }
  }
}
