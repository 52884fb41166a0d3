/**
 * The ids of electrodes, and what is the same among them.
 */
import { invalidValue } from '../errors.js'
import { unset } from '../memory/allocation.js'
import type { Steps } from '../steps.js'
import { inRanges, isDue } from '../steps.js'

/**
 * Electrodes as whole numbers. Fractions are cut off, as in the reference.
 *
 * @throws RangeError for an electrode beyond int64, naming the unit
 */
export function* electrodeIds(electrodes: BigInt64Array | Float64Array): Steps<BigInt64Array> {
  if (electrodes instanceof BigInt64Array) return electrodes
  const ids = unset(BigInt64Array, electrodes.length)
  for (const [unit, electrode] of electrodes.entries()) {
    if (!(electrode >= -(2 ** 63) && electrode < 2 ** 63)) {
      throw invalidValue('a number that fits int64', `the electrode of unit ${unit}`, electrode)
    }
    ids[unit] = BigInt(Math.trunc(electrode))
    if (isDue()) yield
  }
  return ids
}

/** Each id once, ascending; the first place that has it; and for each place the row of its id among these. */
export interface DistinctIds {
  ids: BigInt64Array
  firsts: Uint32Array
  rows: Uint32Array
}

export function* distinctIds(ids: BigInt64Array): Steps<DistinctIds> {
  const firsts = yield* ascendingOrder(ids)
  const distinct = unset(BigInt64Array, ids.length)
  const rows = unset(Uint32Array, ids.length)
  let count = 0
  for (const place of firsts) {
    const id = ids[place] as bigint
    if (count === 0 || distinct[count - 1] !== id) {
      distinct[count] = id
      firsts[count++] = place
    }
    rows[place] = count - 1
    if (isDue()) yield
  }
  return { ids: distinct.subarray(0, count), firsts: firsts.subarray(0, count), rows }
}

/** The places in the ascending order of their ids, equal ones as they come: a radix sort, one byte of the ids after the other. */
function* ascendingOrder(ids: BigInt64Array): Steps<Uint32Array> {
  const count = ids.length
  const width = ids.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)
  let order = unset(Uint32Array, count)
  let next = unset(Uint32Array, count)
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) order[i] = i
  })
  for (let byte = 0; byte < width; byte++) {
    // In the highest byte 128 to 255 come first: the negative numbers.
    const sign = byte === width - 1 ? 128 : 0
    const starts = new Uint32Array(257)
    yield* inRanges(count, (from, to) => {
      for (let i = from; i < to; i++) {
        const after = ((bytes[i * width + byte] as number) ^ sign) + 1
        starts[after] = (starts[after] as number) + 1
      }
    })
    if (starts.includes(count)) continue
    for (let value = 1; value < 256; value++) starts[value] = (starts[value] as number) + (starts[value - 1] as number)
    const [given, sorted] = [order, next]
    yield* inRanges(count, (from, to) => {
      for (let i = from; i < to; i++) {
        const place = given[i] as number
        const value = (bytes[place * width + byte] as number) ^ sign
        const start = starts[value] as number
        sorted[start] = place
        starts[value] = start + 1
      }
    })
    ;[order, next] = [next, order]
  }
  return order
}
