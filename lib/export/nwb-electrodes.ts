/**
 * The electrode table of an NWB file: one row an electrode, by id, each at the location of the first unit there; without
 * electrodes one row a unit.
 */
import { invalidValue } from '../errors.js'
import type { NDArray } from '../model/ndarray.js'
import type { Column } from '../plan/columns.js'
import type { Steps } from '../steps.js'

/** How many units, rows or digits one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024

const AXES = ['x', 'y', 'z']

/** The columns of the table by name; none without locations. */
export function* electrodeTable(
  electrodes: BigInt64Array | Float64Array | null,
  locations: NDArray<Float64Array> | null,
): Steps<[name: string, column: Column][]> {
  if (!locations) return []
  const [unitCount, dimensions] = locations.shape as [number, number]
  const rows = electrodes ? yield* firstUnits(yield* electrodeIds(electrodes)) : undefined
  const count = rows ? rows.ids.length : unitCount
  const axes = AXES.slice(0, dimensions).map((name) => ({ name, data: new Float64Array(count) }))
  for (let row = 0; row < count; row++) {
    const from = (rows ? (rows.units[row] as number) : row) * dimensions
    for (const [axis, { data }] of axes.entries()) data[row] = locations.data[from + axis] as number
    if (row % STEP_UNITS === 0) yield
  }
  const id: Column = rows ? { column: 'array', data: rows.ids, shape: [count] } : { column: 'range', first: 0, count }
  return [['id', id], ...axes.map(({ name, data }): [string, Column] => [name, { column: 'array', data, shape: [count] }])]
}

/** Electrodes as whole numbers. Fractions are cut off, as in the reference. */
function* electrodeIds(electrodes: BigInt64Array | Float64Array): Steps<BigInt64Array> {
  if (electrodes instanceof BigInt64Array) return electrodes
  const ids = new BigInt64Array(electrodes.length)
  for (const [unit, electrode] of electrodes.entries()) {
    if (!(electrode >= -(2 ** 63) && electrode < 2 ** 63)) {
      throw invalidValue('a number that fits int64', `the electrode of unit ${unit}`, electrode)
    }
    ids[unit] = BigInt(Math.trunc(electrode))
    if (unit % STEP_UNITS === 0) yield
  }
  return ids
}

/** Each id once, ascending, and the first unit that has it. */
function* firstUnits(ids: BigInt64Array): Steps<{ ids: BigInt64Array; units: Uint32Array }> {
  const units = yield* ascendingOrder(ids)
  const distinct = new BigInt64Array(ids.length)
  let count = 0
  for (const [i, unit] of units.entries()) {
    const id = ids[unit] as bigint
    if (count === 0 || distinct[count - 1] !== id) {
      distinct[count] = id
      units[count++] = unit
    }
    if (i % STEP_UNITS === 0) yield
  }
  return { ids: distinct.slice(0, count), units: units.subarray(0, count) }
}

/** The units in the ascending order of their ids, equal ones as they come: a radix sort, one byte of the ids after the other. */
function* ascendingOrder(ids: BigInt64Array): Steps<Uint32Array> {
  const count = ids.length
  const width = ids.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)
  let order = new Uint32Array(count)
  let next = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    order[i] = i
    if (i % STEP_UNITS === 0) yield
  }
  for (let place = 0; place < width; place++) {
    // In the highest byte 128 to 255 come first: the negative numbers.
    const sign = place === width - 1 ? 128 : 0
    const starts = new Uint32Array(257)
    for (let unit = 0; unit < count; unit++) {
      const after = ((bytes[unit * width + place] as number) ^ sign) + 1
      starts[after] = (starts[after] as number) + 1
      if (unit % STEP_UNITS === 0) yield
    }
    if (starts.includes(count)) continue
    for (let value = 1; value < 256; value++) starts[value] = (starts[value] as number) + (starts[value - 1] as number)
    for (let i = 0; i < count; i++) {
      const unit = order[i] as number
      const value = (bytes[unit * width + place] as number) ^ sign
      const start = starts[value] as number
      next[start] = unit
      starts[value] = start + 1
      if (i % STEP_UNITS === 0) yield
    }
    ;[order, next] = [next, order]
  }
  return order
}
