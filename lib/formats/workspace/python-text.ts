/**
 * Numbers and texts as Python's `json.dumps` writes them: in ASCII, floats as `repr` does.
 */

/** Magnitudes that `repr` writes without an exponent. */
const LEAST_FIXED = 1e-4
const LEAST_EXPONENTIAL = 1e16

/** What JSON.stringify leaves as it is, and Python escapes. */
const NOT_ASCII = /[\x7f-\uffff]/g

/** A float, which has a point or an exponent where it is finite. JavaScript and Python choose the same digits: the fewest that suffice. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (value === 0 || (size >= LEAST_FIXED && size < LEAST_EXPONENTIAL)) return Number.isInteger(value) ? `${value}.0` : `${value}`
  // At least two digits of the exponent.
  return value.toExponential().replace(/([+-])(\d)$/, '$10$2')
}

/** A part of a text, without quotes. Any text can be cut anywhere: each UTF-16 code unit is escaped alone. */
export function escapedText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(NOT_ASCII, escapeSequence)
}

function escapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
