/**
 * Electrode ids of the channels of a series.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { countIn } from '../../memory/typed-arrays.js'
import { isMissing } from '../../options/checks.js'
import { isInt64, notInt64 } from '../../options/integers.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'

/** The electrodes of the channels of a series. */
export interface ChannelElectrodes {
  /** One a channel. */
  ids: BigInt64Array
  /** Whether they are 0, 1, … because the caller does not name them. */
  areInOrder: boolean
  /** What errors call the list. */
  option: string
}

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
 * @throws TypeError, RangeError for one that is no whole number, or does not fit int64
 */
export function* electrodesFromList(
  electrodes: ArrayLike<unknown> | undefined,
  channels: number,
  option: string,
): Steps<ChannelElectrodes> {
  const ids = new BigInt64Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const electrode = electrodes ? electrodes[channel] : channel
    if (!isInt64(electrode)) throw notInt64(electrode, `${option}[${channel}]`)
    ids[channel] = BigInt(electrode)
    if (isDue()) yield
  }
  return { ids, areInOrder: !electrodes, option }
}
