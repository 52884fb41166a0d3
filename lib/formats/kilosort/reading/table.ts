/**
 * Tables of text, with tabs or commas between cells, as Python's csv module and pandas read them.
 */
import type { RandomAccess } from '../../../files/random-access.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue, spend } from '../../../steps.js'

/** A table: the names of its columns, and the cells of each row, as many as there are columns. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Tables with more bytes are not read. Those of 100,000 clusters have a few megabytes. */
const MOST_BYTES = 64 * 2 ** 20

/** The most columns of a table. */
const MOST_COLUMNS = 1000

/** Cells that rows may lack: each takes memory that the file does not have. */
const MOST_MISSING = 2 ** 20

/** The most characters of the line with the names of the columns. */
const MOST_OF_LINE = 2 ** 20

/** What is read and decoded at once. */
const BLOCK_BYTES = 2 ** 18

/** Why a table cannot be read. */
export class TableProblem extends Error {}

/**
 * Reads a table. Commas separate cells only in a `.csv` without tabs in its first line: older versions of Phy wrote tabs under that name.
 *
 * @throws TableProblem for what is no table
 */
export async function readTable(file: RandomAccess, isCsv: boolean, signal: AbortSignal | undefined): Promise<Table> {
  if (file.size > MOST_BYTES) throw new TableProblem(`it has ${file.size} bytes, more than ${MOST_BYTES}`)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new TableProblem('it is not UTF-8')
    }
  }
  const parser = new Parser(isCsv)
  for (let at = 0; at < file.size; at += BLOCK_BYTES) {
    const block = Buffer.alloc(Math.min(BLOCK_BYTES, file.size - at))
    await file.read(block, at)
    signal?.throwIfAborted()
    await inSlices(parser.push(decode(block)), signal)
  }
  await inSlices(parser.push(decode()), signal)
  return inSlices(parser.end())
}

/** Follows a table character by character. A quote is one at the beginning of a cell; two in a quoted cell are one. */
class Parser {
  readonly #isCsv: boolean
  #separator: string | undefined
  #columns: string[] | undefined
  readonly #rows: string[][] = []
  #row: string[] = []
  #cell = ''
  /** The cells that rows have fewer than there are columns. */
  #missing = 0
  /** Whether the cell is in quotes, and whether these have ended. */
  #isQuoted = false
  #hasEnded = false
  /** A carriage return may be followed by a line feed of the same line end. */
  #afterReturn = false
  /** Text before the first line end, by which the separator is known. */
  #head: string | undefined = ''

  constructor(isCsv: boolean) {
    this.#isCsv = isCsv
  }

  *push(text: string): Steps<void> {
    if (this.#head === undefined) return yield* this.#follow(text)
    this.#head += text
    if (/[\r\n]/.test(text)) yield* this.#begin()
    else if (this.#head.length > MOST_OF_LINE) throw new TableProblem(`its first line has more than ${MOST_OF_LINE} characters`)
  }

  *end(): Steps<Table> {
    yield* this.#begin()
    if (this.#isQuoted && !this.#hasEnded) throw new TableProblem('a cell in quotes does not end')
    if (this.#cell !== '' || this.#row.length > 0 || this.#isQuoted) this.#endRow()
    if (!this.#columns) throw new TableProblem('it is empty')
    return { columns: this.#columns, rows: this.#rows }
  }

  *#begin(): Steps<void> {
    const head = this.#head
    if (head === undefined) return
    const [first = ''] = head.split(/[\r\n]/, 1)
    this.#separator = this.#isCsv && !first.includes('\t') ? ',' : '\t'
    this.#head = undefined
    yield* this.#follow(head)
  }

  *#follow(text: string): Steps<void> {
    const special = this.#separator === ',' ? /[,\r\n"]/g : /[\t\r\n"]/g
    let at = 0
    while (at < text.length) {
      if (isDue()) yield
      if (this.#isQuoted && !this.#hasEnded) {
        const quote = text.indexOf('"', at)
        const end = quote < 0 ? text.length : quote
        this.#cell += text.slice(at, end)
        this.#hasEnded = quote >= 0
        spend(end - at)
        at = end + 1
        continue
      }
      special.lastIndex = at
      const found = special.exec(text)
      const end = found ? found.index : text.length
      if (end > at) {
        this.#cell += text.slice(at, end)
        this.#afterReturn = false
        // What follows quotes is as it is, quotes included.
        this.#isQuoted = false
        this.#hasEnded = false
        spend(end - at)
      }
      if (found) this.#take(found[0])
      at = end + 1
    }
  }

  #take(character: string): void {
    const isSecond = character === '\n' && this.#afterReturn
    this.#afterReturn = character === '\r'
    if (isSecond) return
    if (character === '"') {
      if (this.#isQuoted) {
        // The second of two, and the cell goes on.
        this.#hasEnded = false
        this.#cell += '"'
      } else if (this.#cell === '') {
        this.#isQuoted = true
      } else {
        this.#cell += '"'
      }
    } else if (character === this.#separator) {
      this.#endCell()
    } else {
      this.#endRow()
    }
  }

  #endCell(): void {
    if (this.#row.length === (this.#columns?.length ?? MOST_COLUMNS)) {
      throw new TableProblem(
        this.#columns ? `row ${this.#rows.length + 1} has more cells than there are columns` : 'it has too many columns',
      )
    }
    this.#row.push(this.#cell)
    this.#cell = ''
    this.#isQuoted = false
    this.#hasEnded = false
  }

  #endRow(): void {
    // Lines without anything are no rows.
    if (this.#row.length === 0 && this.#cell === '' && !this.#isQuoted) return
    this.#endCell()
    const row = this.#row
    this.#row = []
    if (!this.#columns) {
      this.#columns = row
      return
    }
    this.#missing += Math.max(0, this.#columns.length - row.length)
    if (this.#missing > MOST_MISSING) throw new TableProblem(`its rows lack more than ${MOST_MISSING} cells`)
    while (row.length < this.#columns.length) row.push('')
    this.#rows.push(row)
  }
}

/** The cells that are no value, as in pandas. */
const MISSING: ReadonlySet<string> = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>'],
  ...['N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
])

/** A value of a table. Whole numbers beyond 2⁵³ − 1 are bigints. */
export type CellValue = number | bigint | boolean | string

/** Whether a cell has no value. */
export function isMissingCell(cell: string): boolean {
  return MISSING.has(cell)
}

/** The values of a column, undefined where there is none: numbers or booleans where all are, otherwise texts. */
export function* columnValues({ rows }: Table, column: number): Steps<(CellValue | undefined)[]> {
  let areNumbers = true
  let areBooleans = true
  for (const row of rows) {
    const cell = row[column] as string
    if (!MISSING.has(cell)) {
      areNumbers &&= numberIn(cell) !== undefined
      areBooleans &&= booleanIn(cell) !== undefined
    }
    if (isDue()) yield
  }
  const values: (CellValue | undefined)[] = []
  for (const row of rows) {
    const cell = row[column] as string
    if (MISSING.has(cell)) values.push(undefined)
    else values.push(areNumbers ? numberIn(cell) : areBooleans ? booleanIn(cell) : cell)
    if (isDue()) yield
  }
  return values
}

const NUMBER = /^\s*[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|inf|infinity)\s*$/i

/** The number that a cell is. */
export function numberIn(cell: string): number | bigint | undefined {
  if (cell.length > 400 || !NUMBER.test(cell)) return undefined
  const text = cell.trim()
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  const number = Number(text)
  return Number.isSafeInteger(number) || !/^[+-]?\d+$/.test(text) ? number : BigInt(text.replace('+', ''))
}

function booleanIn(cell: string): boolean | undefined {
  if (cell === 'True' || cell === 'TRUE' || cell === 'true') return true
  return cell === 'False' || cell === 'FALSE' || cell === 'false' ? false : undefined
}
