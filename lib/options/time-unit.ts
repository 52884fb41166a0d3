/**
 * Units of exported times, and the conversion from ms.
 */
import type { Scaling } from '../engine/native-reading.js'
import type { TimeConversion } from '../engine/plan/sources.js'
import { invalidType, invalidValue } from '../errors.js'
import type { Steps } from '../steps.js'
import { inRanges } from '../steps.js'
import { isMissing, positiveNumber } from './checks.js'

/** `ms` and `s` as float64, `samples` as int64. */
export type TimeUnit = 'ms' | 's' | 'samples'

export const TIME_UNIT_NAMES = ['ms', 's', 'samples'] as const satisfies readonly TimeUnit[]

/**
 * The conversion to a unit.
 *
 * @throws TypeError for a unit that is no string
 * @throws RangeError for an unknown unit, or `samples` without a sampling frequency
 */
export function timeConversion(unit: unknown, name: string, fsHz: unknown): TimeConversion {
  const to = requireTimeUnit(unit, name)
  if (to !== 'samples') return { to }
  if (isMissing(fsHz)) throw invalidValue(`a sampling frequency in Hz, as ${name} is 'samples',`, 'fsHz', fsHz)
  return { to, fsHz: samplingFrequency(fsHz) }
}

/**
 * Checks a unit of times.
 *
 * @throws TypeError for a unit that is no string, RangeError for an unknown one
 */
export function requireTimeUnit(unit: unknown, name: string): TimeUnit {
  if (typeof unit !== 'string') throw invalidType(`one of 'ms', 's' and 'samples'`, name, unit)
  if (!isTimeUnit(unit)) throw invalidValue(`one of 'ms', 's' and 'samples'`, name, unit)
  return unit
}

/** How times in a unit become ms: SpikeLab's `to_ms`, operation by operation; undefined where they are. */
export function timeScaling(time: TimeConversion): Scaling | undefined {
  if (time.to === 'ms') return undefined
  return time.to === 's' ? { kind: 'times', factor: 1e3 } : { kind: 'samplesToMs', factor: time.fsHz }
}

/** Makes ms of times where they are, operation by operation as native code does. */
export function* scaleTimes(times: Float64Array, { kind, factor }: Scaling): Steps<void> {
  yield* inRanges(times.length, (from, to) => {
    if (kind === 'times') for (let i = from; i < to; i++) times[i] = (times[i] as number) * factor
    else for (let i = from; i < to; i++) times[i] = ((times[i] as number) / factor) * 1e3
  })
}

/** Checks a sampling frequency in Hz: finite and above 0. */
export function samplingFrequency(fsHz: unknown): number {
  return positiveNumber(fsHz, 'fsHz', 'a sampling frequency in Hz')
}

function isTimeUnit(unit: string): unit is TimeUnit {
  return (TIME_UNIT_NAMES as readonly string[]).includes(unit)
}
