/**
 * Tables of the guides, for tests that check what they say.
 */
import { readFileSync } from 'node:fs'

/** A table: the texts of its cells by row and column, both of which the first cells name. */
export interface Table {
  columns: readonly string[]
  rows: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** The table under a heading of a guide in docs/. Marks of code are left out. */
export function tableOf(guide: string, heading: string): Table {
  const text = readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8')
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`))
  const lines = section?.split('\n').filter((line) => line.startsWith('|')) ?? []
  const [header = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
  const columns = header.slice(1)
  if (columns.length === 0 || rows.length === 0) throw new Error(`docs/${guide} has no table under '${heading}'.`)
  return {
    columns,
    rows: new Map(rows.map(([name = '', ...cells]) => [name, new Map(columns.map((column, i) => [column, cells[i] ?? '']))])),
  }
}
