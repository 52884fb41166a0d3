/**
 * Electrode ids of the channels of a series.
 */
import { unset } from '../../memory/allocation.js'
import { isMissing } from '../../options/checks.js'
import { int64s, listOf } from '../../options/integers.js'
import type { Steps } from '../../steps.js'
import { inRanges } from '../../steps.js'

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
  return listOf(given, option, channels, 'one electrode for each channel')
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
  const ids = electrodes ? yield* int64s(electrodes, option, channels) : yield* inOrder(channels)
  return { ids, areInOrder: !electrodes, option }
}

function* inOrder(count: number): Steps<BigInt64Array> {
  const numbers = unset(BigInt64Array, count)
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) numbers[i] = BigInt(i)
  })
  return numbers
}
