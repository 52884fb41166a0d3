/**
 * The electrode table of SpikeLab's NWB-like file: one row an electrode, by id, each at the location of the first unit there;
 * without electrodes one row a unit.
 */
import type { Source } from '../../engine/plan/sources.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { arrayTypeOf } from '../../memory/typed-arrays.js'
import { distinctIds, electrodeIds } from '../../recording/electrode-ids.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'

const AXES = ['x', 'y', 'z']

/** The columns of the table by name, coordinates in the dtype of the locations; none without locations. */
export function* electrodeTable(
  electrodes: BigInt64Array | Float64Array | null,
  locations: NDArray | null,
): Steps<[name: string, source: Source][]> {
  if (!locations) return []
  const [unitCount, dimensions] = locations.shape as [number, number]
  const rows = electrodes ? yield* distinctIds(yield* electrodeIds(electrodes)) : undefined
  const count = rows ? rows.ids.length : unitCount
  const type = arrayTypeOf(locations.dtype)
  const axes = AXES.slice(0, dimensions).map((name) => ({ name, data: new type(count) as NumericArray & Record<number, number | bigint> }))
  for (let row = 0; row < count; row++) {
    const from = (rows ? (rows.firsts[row] as number) : row) * dimensions
    for (const [axis, { data }] of axes.entries()) data[row] = locations.data[from + axis] as number | bigint
    if (isDue()) yield
  }
  const id: Source = rows ? { kind: 'array', data: rows.ids, shape: [count] } : { kind: 'range', first: 0, count }
  return [['id', id], ...axes.map(({ name, data }): [string, Source] => [name, { kind: 'array', data, shape: [count] }])]
}
