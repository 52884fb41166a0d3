/**
 * How the fields that a caller fills in are checked.
 */
import type { Hdf5TextDataset } from '../../engine/plan/hdf5-tree.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { isMissing, requiredString } from '../../options/checks.js'
import { isPlainObject } from '../../recording/attributes.js'
import { MOST_NAMES } from './column-names.js'
import { textAt, textsAt } from './objects.js'

/** A date and a time with its zone: a Date, or text such as `2026-03-01T14:05:00+01:00`. */
export type DateTime = string | Date

/** The parts of ISO 8601 that every reader takes. */
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

const DATE_TIME_FORM = `an ISO 8601 date and time with a zone, such as '2026-03-01T14:05:00+01:00',`

/** Text that becomes part of paths in archives, where a slash would be a folder. */
export function idField(value: unknown, name: string): string {
  const id = requiredString(value, name)
  if (/[/\\]/.test(id)) throw invalidValue('an id without slashes', name, value)
  return id
}

/** The name of an object in the file. */
export function nameField(value: unknown, name: string): string {
  const text = idField(value, name)
  if (text === '.' || text === '..') throw invalidValue('the name of an object', name, value)
  return text
}

/** Text that follows a pattern. */
export function formField(value: unknown, name: string, pattern: RegExp, expected: string): string {
  if (typeof value !== 'string') throw invalidType(expected, name, value)
  if (!pattern.test(value)) throw invalidValue(expected, name, value)
  return value
}

/** One text or several; none at all is an error. */
export function listField(value: unknown, name: string): string[] {
  if (typeof value === 'string') return [requiredString(value, name)]
  if (!Array.isArray(value)) throw invalidType('a string or an array of strings', name, value)
  if (value.length === 0) throw invalidValue('at least one string', name, value)
  return value.map((entry, i) => requiredString(entry, `${name}[${i}]`))
}

/** Names of columns, of which no table has more than a thousand: so they are read in one go. */
export function columnNames(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw invalidType('an array of names', name, value)
  const { length } = value
  if (length > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names`, `${name}.length`, length)
  return Array.from({ length }, (_, i) => requiredString(value[i], `${name}[${i}]`))
}

/** A date and time as text, a string as it was given. */
export function dateTimeField(value: unknown, name: string): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw invalidValue('a valid date', name, value)
    return dateTimeField(value.toISOString(), name)
  }
  if (typeof value !== 'string') throw invalidType(`a Date or ${DATE_TIME_FORM}`, name, value)
  const [, year, month, day] = DATE_TIME.exec(value) ?? []
  if (!isDay(Number(year), Number(month), Number(day))) throw invalidValue(DATE_TIME_FORM, name, value)
  return value
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** A field that becomes a dataset: its name there, and its form. */
export interface Field {
  dataset: string
  check: (value: unknown, name: string) => string | string[]
}

/** The names of fields, as those of options. */
export function namesOf<T extends Readonly<Record<string, Field>>>(fields: T): Record<keyof T, true> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, true])) as Record<keyof T, true>
}

/** The datasets of those fields that are given, in a group. */
export function fieldObjects(group: string, given: object, option: string, fields: Readonly<Record<string, Field>>): Hdf5TextDataset[] {
  const values = given as Readonly<Record<string, unknown>>
  const present = Object.entries(fields).filter(([name]) => !isMissing(values[name]))
  return present.map(([name, { dataset, check }]) => {
    const path = `${group}/${dataset}`
    const value = check(values[name], `${option}.${name}`)
    return typeof value === 'string' ? textAt(path, value) : textsAt(path, value)
  })
}

/**
 * Descriptions of columns by their names; those that are missing are left out.
 *
 * @throws TypeError, RangeError for a description that is no text
 */
export function descriptionsFrom(given: unknown, option: string): ReadonlyMap<string, string> {
  return new Map(entriesOf(given, option).map(([name, text]) => [name, requiredString(text, `${option}[${quoted(name)}]`)]))
}

/**
 * The properties of an object that are not missing, each read once; none where the object is.
 *
 * @throws TypeError for anything but an object
 */
export function entriesOf(given: unknown, option: string): [string, unknown][] {
  if (isMissing(given)) return []
  if (!isPlainObject(given)) throw invalidType('an object', option, given)
  return Object.entries(given).filter(([, value]) => !isMissing(value))
}
