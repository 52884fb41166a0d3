/**
 * Spike times of HDF5 files that lie unit by unit, without memory for all of them.
 */
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions, Scaling } from '../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../engine/run-job.js'
import { itemBytesOf } from '../../memory/typed-arrays.js'
import type { LazilyLoaded, LazySpool } from '../../recording/lazy-loading.js'
import { isVector } from './lists.js'
import type { StoredColumn } from './spool-spikes.js'
import { spoolRagged } from './spool-spikes.js'

/**
 * The spikes of a list of times: they stay in the file if they lie together there and each train is in order, and are copied to a spool
 * otherwise, which sorts them and finds those that are not finite.
 *
 * @param ends - cumulative end counts
 * @param values - lists of a value for each spike, which stay in the file as well or are copied with the times
 */
export async function lazyRagged(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  ends: BigInt64Array,
  scaling: Scaling | undefined,
  lazy: LazySpool,
  options: ReadOptions,
  values: readonly StoredColumn[] = [],
): Promise<LazilyLoaded> {
  const { path, shape } = dataset
  // A number by itself is a list of one.
  if (shape.length > 0 && !isVector(dataset)) throw file.error(`it has ${shape.length} axes, and is no list`, path)
  file.claim(dataset, Float64Array.BYTES_PER_ELEMENT)
  for (const column of values) file.claim(column.dataset, itemBytesOf(new column.type(0)))
  const datasets = values.map((column) => column.dataset)
  const reading = { ...options, onProgress: rising(options.onProgress) }
  const staying = [dataset, ...datasets].every((stored) => stored.layout === 'contiguous')
    ? await lazy.stay(({ native }) => file.spikeTrains(dataset, ends, scaling, native, reading, datasets), values)
    : undefined
  return staying ?? spoolRagged(file, dataset, ends, scaling, lazy.open(ends.length, values), reading, datasets)
}

/** Leaves out what was reported before: times that cannot stay are read again. */
export function rising(onProgress: OnProgress | undefined): OnProgress | undefined {
  let most = -1
  return (
    onProgress &&
    ((done, total) => {
      if (done <= most) return
      most = done
      onProgress(done, total)
    })
  )
}
