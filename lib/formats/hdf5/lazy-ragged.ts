/**
 * Spike times of HDF5 files that lie unit by unit, without memory for all of them.
 */
import type { Hdf5Dataset, Hdf5File, ReadOptions, Scaling } from '../../engine/reading/hdf5-file.js'
import type { OnProgress } from '../../engine/run-job.js'
import type { LazilyLoaded, LazySpool } from '../../recording/lazy-loading.js'
import { spoolRagged } from './spool-spikes.js'

/**
 * The spikes of a list of times: they stay in the file if they lie together there and each train is in order, and are copied to a spool
 * otherwise, which sorts them and finds those that are not finite.
 *
 * @param ends - cumulative end counts
 */
export async function lazyRagged(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  ends: BigInt64Array,
  scaling: Scaling | undefined,
  lazy: LazySpool,
  options: ReadOptions,
): Promise<LazilyLoaded> {
  const { path, shape, layout } = dataset
  if (shape.length !== 1) throw file.error(`it has ${shape.length} axes, and is no list`, path)
  file.claim(dataset, Float64Array.BYTES_PER_ELEMENT)
  const reading = { ...options, onProgress: rising(options.onProgress) }
  const staying =
    layout === 'contiguous' ? await lazy.stay(({ native }) => file.spikeTrains(dataset, ends, scaling, native, reading)) : undefined
  return staying ?? spoolRagged(file, dataset, ends, scaling, lazy.open(ends.length), reading)
}

/** Leaves out what was reported before: times that cannot stay are read again. */
function rising(onProgress: OnProgress | undefined): OnProgress | undefined {
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
