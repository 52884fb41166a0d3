/**
 * Electrode ids of the channels of a series.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { countIn } from '../../memory/typed-arrays.js'
import { isMissing } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'

/**
 * A list with as many electrodes as there are channels; undefined where none is given.
 *
 * @throws TypeError, RangeError for anything else
 */
export function electrodeList(given: unknown, channels: number, option: string): ArrayLike<unknown> | undefined {
  if (isMissing(given)) return undefined
  if (typeof given !== 'object' || !('length' in given)) throw invalidType('an array of integers', option, given)
  const count = countIn(given)
  if (count !== channels) throw invalidValue(`${channels}, one electrode for each channel,`, `${option}.length`, count)
  return given as ArrayLike<unknown>
}

/**
 * The electrode id of each channel: 0, 1, … without a list.
 *
 * @throws RangeError for one that is no whole number, or does not fit int64
 */
export function* electrodesFromList(electrodes: ArrayLike<unknown> | undefined, channels: number, option: string): Steps<BigInt64Array> {
  const ids = new BigInt64Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const electrode = electrodes ? electrodes[channel] : channel
    const isWhole = typeof electrode === 'bigint' ? BigInt.asIntN(64, electrode) === electrode : Number.isSafeInteger(electrode)
    if (!isWhole) throw invalidValue('a safe integer, or a bigint that fits int64,', `${option}[${channel}]`, electrode)
    ids[channel] = BigInt(electrode as number | bigint)
    if (isDue()) yield
  }
  return ids
}
