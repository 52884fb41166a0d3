/**
 * Time units of exported times, and how ms become them.
 */
import { invalidType, invalidValue } from './errors.js'
import type { TimeConversion } from './plan/columns.js'

/** `ms` and `s` as float64, `samples` as int64. */
export type TimeUnit = 'ms' | 's' | 'samples'

const TIME_UNITS: readonly string[] = ['ms', 's', 'samples']

/** Checks only the type, for options of a style that is not in use. */
export function checkUnitType(unit: unknown, name: string): void {
  if (unit !== undefined && typeof unit !== 'string') throw invalidType(`one of 'ms', 's' and 'samples'`, name, unit)
}

/**
 * The conversion to a unit.
 *
 * @throws TypeError for a unit that is no string
 * @throws RangeError for an unknown unit, or `samples` without a sampling frequency
 */
export function timeConversion(unit: TimeUnit, name: string, fsHz: number | null | undefined): TimeConversion {
  checkUnitType(unit, name)
  if (!TIME_UNITS.includes(unit)) throw invalidValue(`one of 'ms', 's' and 'samples'`, name, unit)
  if (unit !== 'samples') return { to: unit }
  if (fsHz === undefined || fsHz === null) throw invalidValue(`a sampling frequency in Hz, as ${name} is 'samples',`, 'fsHz', fsHz)
  return { to: 'samples', fsHz: samplingFrequency(fsHz) }
}

/** Checks a sampling frequency in Hz: finite and above 0. */
export function samplingFrequency(fsHz: unknown): number {
  if (typeof fsHz !== 'number') throw invalidType('a number', 'fsHz', fsHz)
  if (!(fsHz > 0 && fsHz < Infinity)) throw invalidValue('a sampling frequency in Hz above 0', 'fsHz', fsHz)
  return fsHz
}
