/**
 * The attributes of units as rows of a table: numbers and short texts.
 */
import { printable } from '../errors.js'
import { isNDArray } from '../memory/ndarray.js'
import { isNumericArray } from '../memory/typed-arrays.js'
import type { NeuronAttributes } from '../recording/attributes.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { PageRow } from './page/page-data.js'

/** A table with more columns is of no use on a screen. */
const MOST_COLUMNS = 40
const MOST_CHARACTERS = 120
/** A longer array is shown by its shape. */
const MOST_ELEMENTS = 4

export interface AttributeTable {
  readonly columns: readonly string[]
  /** How many attributes are left out. */
  readonly leftOut: number
  readonly rows: readonly PageRow[]
}

/** All attributes, in the order in which units have them first. */
export function* attributeTable(units: number, attributes: readonly NeuronAttributes[] | null): Steps<AttributeTable> {
  const names = new Set<string>()
  for (const entry of attributes ?? []) {
    for (const name of Object.keys(entry)) names.add(name)
    if (isDue()) yield
  }
  const shown = [...names].slice(0, MOST_COLUMNS)
  const rows: PageRow[] = []
  for (let unit = 0; unit < units; unit++) {
    const entry = attributes?.[unit] ?? {}
    rows.push(shown.map((name) => (Object.hasOwn(entry, name) ? cell(entry[name]) : null)))
    if (isDue(1 + shown.length)) yield
  }
  const columns = shown.map((name) => printable(name, MOST_CHARACTERS))
  return { columns, leftOut: names.size - shown.length, rows }
}

/** What a table shows of a value. JSON has no numbers that are not finite. */
function cell(value: unknown): string | number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'string') return printable(value, MOST_CHARACTERS)
  if (typeof value === 'boolean') return String(value)
  if (isNDArray(value)) return value.ndim === 1 ? arrayText(value.data) : `array of ${value.shape.join(' × ')}`
  if (isNumericArray(value) || Array.isArray(value)) return arrayText(value)
  return value instanceof Date ? printable(String(value), MOST_CHARACTERS) : 'object'
}

function arrayText(array: ArrayLike<unknown>): string {
  if (array.length > MOST_ELEMENTS) return `array of ${array.length}`
  return Array.from(array, (element) => (typeof element === 'object' ? '…' : printable(String(element), MOST_CHARACTERS / 4))).join(', ')
}
