/**
 * How an index of spike times begins, found out without reading it all.
 */
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import { beginsWithStart } from '../../recording/ragged-index.js'
import { countOf } from './lists.js'

/** Whether the first entry of an index is the start of the first unit, by its first and last entry. */
export async function leadsWithStart(file: Hdf5File, index: Hdf5Dataset, signal: AbortSignal | undefined): Promise<boolean> {
  const count = countOf(index)
  if (count === 0 || index.problem !== undefined) return false
  if (index.shape[0] !== count) {
    // One row.
    const entries = file.room(index, Float64Array)
    await file.read([{ path: index.path, into: entries }], { signal })
    return beginsWithStart(count, entries[0] as number, entries[count - 1] as number)
  }
  const [first, last] = [new Float64Array(1), new Float64Array(1)] as const
  await file.read(
    [
      { path: index.path, into: first },
      { path: index.path, into: last, firstRow: count - 1 },
    ],
    { signal },
  )
  return beginsWithStart(count, first[0] as number, last[0] as number)
}
