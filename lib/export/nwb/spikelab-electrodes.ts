/**
 * The electrode table of SpikeLab's NWB-like file: one row an electrode, by id, each at the location of the first unit there;
 * without electrodes one row a unit.
 */
import type { NDArray } from '../../model/ndarray.js'
import { arrayTypeOf } from '../../model/typed-arrays.js'
import type { NumericArray } from '../../model/typed-arrays.js'
import type { Column } from '../../plan/columns.js'
import type { Steps } from '../../steps.js'
import { distinctIds, electrodeIds } from './electrode-ids.js'

/** How many rows one step makes: a fraction of a millisecond. */
const STEP_ROWS = 1024

const AXES = ['x', 'y', 'z']

/** The columns of the table by name, coordinates in the dtype of the locations; none without locations. */
export function* electrodeTable(
  electrodes: BigInt64Array | Float64Array | null,
  locations: NDArray | null,
): Steps<[name: string, column: Column][]> {
  if (!locations) return []
  const [unitCount, dimensions] = locations.shape as [number, number]
  const rows = electrodes ? yield* distinctIds(yield* electrodeIds(electrodes)) : undefined
  const count = rows ? rows.ids.length : unitCount
  const type = arrayTypeOf(locations.dtype)
  const axes = AXES.slice(0, dimensions).map((name) => ({ name, data: new type(count) as NumericArray & Record<number, number | bigint> }))
  for (let row = 0; row < count; row++) {
    const from = (rows ? (rows.firsts[row] as number) : row) * dimensions
    for (const [axis, { data }] of axes.entries()) data[row] = locations.data[from + axis] as number | bigint
    if (row % STEP_ROWS === 0) yield
  }
  const id: Column = rows ? { column: 'array', data: rows.ids, shape: [count] } : { column: 'range', first: 0, count }
  return [['id', id], ...axes.map(({ name, data }): [string, Column] => [name, { column: 'array', data, shape: [count] }])]
}
