/**
 * The table of units: sorted by any column, filtered, and shown in pages, so that thousands of units are as quick as ten.
 */
import { byId, element, onClick, setText } from './elements.js'
import { count, counted, percent, short } from './number-text.js'
import type { Report } from './page-parts.js'

const ROWS_A_PAGE = 25
/** Of attributes that are numbers. */
const DIGITS = 7

interface Column {
  readonly name: string
  readonly isText: boolean
  readonly value: (unit: number) => string | number | null
  readonly text: (unit: number) => string
}

const collator = new Intl.Collator('en', { numeric: true })

export class UnitTable {
  readonly #columns: readonly Column[]
  readonly #units: number
  readonly #select: (unit: number) => void
  readonly #body = document.querySelector('tbody') as HTMLElement
  readonly #headers: HTMLTableCellElement[] = []
  /** All text of a unit in small letters, made when it is first looked for. */
  #texts: string[] | undefined
  #order: number[]
  #sorted = { column: 0, ascending: true }
  #first = 0
  #selected = 0

  constructor(report: Report, select: (unit: number) => void) {
    this.#units = report.info.units
    this.#columns = columnsOf(report)
    this.#select = select
    this.#order = Array.from({ length: this.#units }, (_, unit) => unit)
    this.#makeHead()
    byId('filter').addEventListener('input', () => this.#arrange())
    onClick('previous-rows', () => this.#turn(-ROWS_A_PAGE))
    onClick('next-rows', () => this.#turn(ROWS_A_PAGE))
    this.#body.addEventListener('click', ({ target }) => {
      const row = (target as Element).closest('tr')
      if (row) this.#select(Number(row.dataset['unit']))
    })
    this.#body.addEventListener('keydown', (event) => this.#key(event))
    this.#arrange()
  }

  /** Marks a unit, and shows the page that it is on, if the filter lets it through. */
  show(unit: number): void {
    this.#selected = unit
    const at = this.#order.indexOf(unit)
    if (at >= 0) this.#first = at - (at % ROWS_A_PAGE)
    // Rows are made anew: the focus goes along.
    const hasFocus = this.#body.contains(document.activeElement)
    this.#draw()
    if (hasFocus) (this.#body.querySelector('[aria-pressed=true]') as HTMLElement | null)?.focus()
  }

  #makeHead(): void {
    const row = element('tr')
    for (const [column, { name, isText }] of this.#columns.entries()) {
      const header = element('th', '', isText ? 'text' : '')
      header.scope = 'col'
      const button = element('button', name)
      button.type = 'button'
      button.addEventListener('click', () => {
        this.#sorted = { column, ascending: this.#sorted.column === column ? !this.#sorted.ascending : true }
        this.#arrange()
      })
      header.append(button)
      this.#headers.push(header)
      row.append(header)
    }
    document.querySelector('thead')?.append(row)
  }

  /** Filters and sorts. Units that are alike stay in the order of their numbers, and those without a value come last. */
  #arrange(): void {
    const words = byId<HTMLInputElement>('filter').value.toLowerCase().split(/\s+/).filter(Boolean)
    const all = Array.from({ length: this.#units }, (_, unit) => unit)
    if (words.length > 0)
      this.#texts ??= all.map((unit) =>
        this.#columns
          .map(({ text }) => text(unit))
          .join('\n')
          .toLowerCase(),
      )
    this.#order = words.length === 0 ? all : all.filter((unit) => words.every((word) => this.#texts?.[unit]?.includes(word)))
    const { column, ascending } = this.#sorted
    const { value } = this.#columns[column]!
    const values = all.map(value)
    const sign = ascending ? 1 : -1
    this.#order.sort((a, b) => compared(values[a]!, values[b]!, sign) || a - b)
    for (const [i, header] of this.#headers.entries()) {
      const name = this.#columns[i]!.name
      const button = header.firstElementChild as HTMLElement
      if (i === column) header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending')
      else header.removeAttribute('aria-sort')
      button.textContent = i === column ? `${name} ${ascending ? '▴' : '▾'}` : name
      button.title = name
    }
    this.#first = 0
    this.#draw()
  }

  #turn(rows: number): void {
    this.#first += rows
    this.#draw()
  }

  #draw(): void {
    const shown = this.#order.slice(this.#first, this.#first + ROWS_A_PAGE)
    this.#body.replaceChildren(...shown.map((unit) => this.#row(unit)))
    const { length } = this.#order
    const all = counted(length, 'unit')
    const of = length === this.#units ? all : `${all} that the filter lets through, of ${count(this.#units)}`
    setText('rows-shown', length === 0 ? `No rows: ${of}` : `${count(this.#first + 1)} to ${count(this.#first + shown.length)} of ${of}`)
    byId<HTMLButtonElement>('previous-rows').disabled = this.#first === 0
    byId<HTMLButtonElement>('next-rows').disabled = this.#first + ROWS_A_PAGE >= length
  }

  #row(unit: number): HTMLTableRowElement {
    const row = element('tr', '', unit === this.#selected ? 'chosen' : '')
    row.dataset['unit'] = String(unit)
    const [, ...others] = this.#columns
    const header = element('th')
    header.scope = 'row'
    const button = element('button', String(unit))
    button.type = 'button'
    button.setAttribute('aria-pressed', String(unit === this.#selected))
    header.append(button)
    row.append(header)
    for (const { isText, text } of others) {
      const cell = element('td', text(unit), isText ? 'text' : '')
      if (isText) cell.title = cell.textContent ?? ''
      row.append(cell)
    }
    return row
  }

  /** Up and down go from row to row. */
  #key(event: KeyboardEvent): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const row = (event.target as Element).closest('tr')
    if (step === undefined || !row) return
    const next = this.#order[this.#order.indexOf(Number(row.dataset['unit'])) + step]
    event.preventDefault()
    if (next !== undefined) this.#select(next)
  }
}

function compared(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * collator.compare(String(a), String(b))
}

function columnsOf({ info, rows, spikeCounts, violations }: Report): Column[] {
  const number = (name: string, value: (unit: number) => number | null, text: (unit: number) => string): Column => {
    return { name, isText: false, value, text }
  }
  const intervals = (unit: number) => Math.max(spikeCounts[unit]! - 1, 0)
  const rate = (unit: number) => (info.lengthMs > 0 ? (spikeCounts[unit]! / info.lengthMs) * 1000 : NaN)
  return [
    number('Unit', (unit) => unit, String),
    number(
      'Spikes',
      (unit) => spikeCounts[unit]!,
      (unit) => count(spikeCounts[unit]!),
    ),
    number(
      'Rate (Hz)',
      (unit) => orNull(rate(unit)),
      (unit) => short(rate(unit)),
    ),
    number(
      'Violations',
      (unit) => violations[unit]!,
      (unit) => count(violations[unit]!),
    ),
    number(
      'Violations (%)',
      (unit) => orNull((100 * violations[unit]!) / intervals(unit)),
      (unit) => percent(violations[unit]!, intervals(unit)),
    ),
    ...info.columns.map((name, column) => {
      const value = (unit: number) => rows[unit]?.[column] ?? null
      const isText = rows.some((row) => typeof row[column] === 'string')
      return { name, isText, value, text: (unit: number) => cellText(value(unit)) }
    }),
  ]
}

function cellText(value: string | number | null): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value ?? '')
  return String(Number(value.toPrecision(DIGITS)))
}

function orNull(number: number): number | null {
  return Number.isFinite(number) ? number : null
}
