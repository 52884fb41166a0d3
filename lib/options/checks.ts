/**
 * Checks of options: names, types and values.
 */
import { invalidType, invalidValue, unknownOption } from '../errors.js'
import { nearestName } from './nearest-name.js'

/** The names of a set of options. All are required, so that a missing one does not compile. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>

/**
 * The options of a call, each read once; none where the object is undefined. Inherited properties and the getters of a class are options
 * as well. Keys that are symbols are ignored.
 *
 * @param names - the names that these options have
 * @param name - what errors call the object
 * @throws TypeError for anything but a plain object or an instance of the caller's own class: for an array, a Map, a signal
 * @throws RangeError for an unknown name, also when its value is undefined: a misspelt option would have no effect
 */
export function optionsFrom<T extends object>(given: unknown, names: OptionNames<T>, name = 'options'): T {
  const options: Partial<T> = {}
  if (given === undefined) return options as T
  // Built-in classes have tags of their own.
  if (typeof given !== 'object' || Object.prototype.toString.call(given) !== '[object Object]') throw invalidType('an object', name, given)
  for (const key in given) if (!Object.hasOwn(names, key) && !isEverywhere(given as T, key)) throw unknownIn(names, name, key)
  for (const key of keysToRead(given as T, names)) {
    const value = (given as T)[key]
    if (value !== undefined) options[key] = value
  }
  return options as T
}

/** The options to read. A plain object has only its own properties, usually few of all options. */
function keysToRead<T extends object>(given: T, names: OptionNames<T>): (keyof T)[] {
  const prototype: unknown = Object.getPrototypeOf(given)
  if (prototype !== Object.prototype && prototype !== null) return Object.keys(names) as (keyof T)[]
  return (Object.getOwnPropertyNames(given) as (keyof T)[]).filter((key) => Object.hasOwn(names, key))
}

/** Whether a property comes from `Object.prototype`, where some libraries add to all objects. */
function isEverywhere(object: object, key: string): boolean {
  return key in Object.prototype && !Object.hasOwn(object, key)
}

function unknownIn(names: object, name: string, key: string): RangeError {
  return unknownOption(name, key, nearestName(key, Object.keys(names)))
}

/**
 * Throws for options that have no meaning in this call, unless they are missing.
 *
 * @param because - what makes them so, such as `as style is 'ragged'`
 */
export function refuseOptions<T extends object>(given: T, names: readonly (keyof T & string)[], because: string): void {
  for (const name of names) if (!isMissing(given[name])) throw invalidValue(`no value, ${because},`, name, given[name])
}

/** The value of an option that is left out; null counts, as it does wherever the reference has None. */
export type Missing = null | undefined

/** Whether a caller has left out an option. */
export function isMissing(value: unknown): value is Missing {
  return value === undefined || value === null
}

/** Text that files and their names can hold: not empty, no NUL, no lone surrogates. */
export function requiredString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidType('a string', name, value)
  if (value === '') throw invalidValue('a string that is not empty', name, value)
  if (value.includes('\0')) throw invalidValue('a string without NUL characters', name, value)
  // UTF-8, as files and their names have it, would make the same character of all of them.
  if (/\p{Surrogate}/u.test(value)) throw invalidValue('text without lone surrogates', name, value)
  return value
}

export function optionalBoolean(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalidType('a boolean', name, value)
}

export function optionalString(value: unknown, name: string): void {
  if (!isMissing(value) && typeof value !== 'string') throw invalidType('a string', name, value)
}

/**
 * One of a few texts.
 *
 * @throws TypeError for anything but text, RangeError for another one
 */
export function oneOf<T extends string>(value: unknown, name: string, choices: readonly T[]): T {
  if (choices.includes(value as T)) return value as T
  const texts = choices.map((choice) => `'${choice}'`)
  const expected = `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
  throw typeof value === 'string' ? invalidValue(expected, name, value) : invalidType(expected, name, value)
}

/**
 * A number that passes a test.
 *
 * @param expected - what it must be; the same text for a value of another type and for a number that does not pass
 */
export function checkedNumber(value: unknown, name: string, expected: string, passes: (value: number) => boolean): number {
  if (typeof value !== 'number') throw invalidType(expected, name, value)
  if (!passes(value)) throw invalidValue(expected, name, value)
  return value
}

/** The length of a recording. */
export function lengthInMs(value: unknown, name: string): number {
  return checkedNumber(value, name, 'a finite length in ms of 0 or more', (ms) => ms >= 0 && ms < Infinity)
}

/** A whole number of a range, both ends included. */
export function wholeNumber(value: unknown, name: string, least: number, most: number, unit = ''): number {
  const passes = (number: number) => Number.isInteger(number) && number >= least && number <= most
  return checkedNumber(value, name, `a whole number${unit} from ${least} to ${most}`, passes)
}

/** A finite number above 0: a width, a rate. */
export function positiveNumber(value: unknown, name: string, what: string): number {
  return checkedNumber(value, name, `${what} above 0`, (number) => number > 0 && number < Infinity)
}
