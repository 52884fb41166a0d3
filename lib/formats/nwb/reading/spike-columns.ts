/**
 * Finds the columns of the units' table that have one number for each spike.
 */
import { arrayTypeFor } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { ArrayType } from '../../../memory/typed-arrays.js'
import { MOST_COLUMNS, valueColumn } from '../../../recording/spike-values.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import type { StoredColumn } from '../../hdf5/spool-spikes.js'
import type { ColumnDatasets } from './columns.js'
import { endsOf } from './columns.js'

/**
 * Those columns whose values end with each unit where its spikes do: lists of numbers whose index is that of the times.
 *
 * @param ends - of the spikes: cumulative end counts, one a unit
 */
export async function spikeColumnsOf(
  file: Hdf5File,
  columns: readonly ColumnDatasets[],
  ends: BigInt64Array,
  options: ReadOptions,
): Promise<StoredColumn[]> {
  const found: StoredColumn[] = []
  const spikeCount = Number(ends.at(-1) ?? 0n)
  if (spikeCount === 0) return found
  for (const { name, data, index, outerIndex } of columns) {
    const isList = data.problem === undefined && data.type.kind === 'number' && data.shape.length === 1 && data.shape[0] === spikeCount
    if (!isList || !index || outerIndex || index.problem !== undefined || index.shape[0] !== ends.length) continue
    const own = await endsOf(file, index, ends.length, spikeCount, options)
    if (!(await inSlices(areEqual(own, ends), options.signal))) continue
    found.push({ ...valueColumn(name, arrayTypeFor(data.type) as ArrayType), dataset: data })
    if (found.length === MOST_COLUMNS) break
  }
  return found
}

function* areEqual(own: Float64Array, ends: BigInt64Array): Steps<boolean> {
  for (const [unit, end] of own.entries()) {
    if (end !== Number(ends[unit])) return false
    if (isDue()) yield
  }
  return true
}
