/**
 * Which row of the electrode table stands for which electrode.
 *
 * A region of a table holds row numbers, while SpikeLab's h5py reader takes them for electrode ids. Both hold where row *k* is
 * electrode *k*: the table is the channel map of the array.
 */
import type { Source } from '../../engine/plan/sources.js'
import { unset } from '../../memory/allocation.js'
import { distinctIds } from '../../recording/electrode-ids.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'

/** The highest id of a channel map: a row for each number up to it costs some megabytes. */
const MOST_MAPPED = 65_535n

export interface ElectrodeRows {
  /** The id of each row. */
  ids: Source
  count: number
  /** For each of the ids given, its row. */
  rows: BigInt64Array
  /** Whether each row's number is the id of its electrode. */
  isChannelMap: boolean
}

/** The row of each electrode id. */
export function* electrodeRows(ids: BigInt64Array): Steps<ElectrodeRows> {
  let highest = -1n
  let isChannelMap = true
  for (const id of ids) {
    if (id < 0n || id > MOST_MAPPED) {
      isChannelMap = false
      break
    }
    if (id > highest) highest = id
    if (isDue()) yield
  }
  if (isChannelMap) {
    const count = Number(highest) + 1
    return { ids: { kind: 'range', first: 0, count }, count, rows: ids, isChannelMap }
  }
  const { ids: distinct, rows } = yield* distinctIds(ids)
  return {
    ids: { kind: 'array', data: distinct, shape: [distinct.length] },
    count: distinct.length,
    rows: yield* wide(rows),
    isChannelMap,
  }
}

function* wide(numbers: Uint32Array): Steps<BigInt64Array> {
  const copy = unset(BigInt64Array, numbers.length)
  for (const [i, number] of numbers.entries()) {
    copy[i] = BigInt(number)
    if (isDue()) yield
  }
  return copy
}
