/**
 * Spikes of HDF5 files with a dataset for each unit, and of rasters, without memory for all of them.
 */
import type { NativeRaster, NativeUnitDatasets } from '../../engine/native-reading.js'
import type { Hdf5File, ReadOptions, Scaling } from '../../engine/reading/hdf5-file.js'
import type { LazilyLoaded, LazySpool, SpooledSpikes } from '../../recording/lazy-loading.js'
import type { SpikeSpool } from '../../recording/spike-spool.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import { rising } from './lazy-ragged.js'
import { fillUnits, spoolAll, unitNumbers } from './spool-spikes.js'

/** The most datasets that are read in one call: native code lists them on the JS thread. */
const MOST_DATASETS = 4096

/**
 * The spikes of a group: they stay in the file if those of each unit lie together there and are in order, and are copied to a spool otherwise,
 * which sorts them and finds those that are not finite.
 *
 * @param path - of the group
 */
export async function lazyUnits(
  file: Hdf5File,
  path: string,
  units: NativeUnitDatasets,
  scaling: Scaling | undefined,
  lazy: LazySpool,
  options: ReadOptions,
): Promise<LazilyLoaded> {
  const reading = { ...options, onProgress: rising(options.onProgress) }
  const staying = units.lieTogether ? await lazy.stay(({ native }) => file.unitTrains(path, units, scaling, native, reading)) : undefined
  return staying ?? spoolUnits(file, units, scaling, lazy.open(units.ends.length), reading)
}

async function spoolUnits(
  file: Hdf5File,
  units: NativeUnitDatasets,
  scaling: Scaling | undefined,
  spool: SpikeSpool,
  options: ReadOptions,
): Promise<SpooledSpikes> {
  const { ends, count } = units
  let unit = 0
  const spooled = await spoolAll(spool, count, options, {
    units: unitNumbers,
    async read(from, { units: numbers, times }) {
      const first = unit
      unit = await inSlices(fillUnits(numbers as Uint32Array, ends, first, from, times.length), options.signal)
      const cuts = await inSlices(cutsOf(ends, first, from, times.length), options.signal)
      for (const [i, at] of cuts.entries()) {
        await file.readSomeOfUnits(units, from + at, times.subarray(at, cuts[i + 1]), scaling, options)
      }
    },
  })
  return { ...spooled, unitCount: ends.length }
}

/** Where in a block of spikes, the first of which is of `unit` or a later one, calls begin that read a few datasets each. */
function* cutsOf(ends: BigInt64Array, unit: number, from: number, count: number): Steps<number[]> {
  const cuts = [0]
  for (let next = unit + MOST_DATASETS; next < ends.length; next += MOST_DATASETS) {
    const at = Number(ends[next]) - from
    if (at >= count) break
    if (at > (cuts.at(-1) as number)) cuts.push(at)
    if (isDue()) yield
  }
  return cuts
}

/** Puts the spikes of a raster into a spool. */
export async function spoolRaster(
  file: Hdf5File,
  raster: NativeRaster,
  bins: { startMs: number; widthMs: number },
  spool: SpikeSpool,
  options: ReadOptions,
): Promise<SpooledSpikes> {
  const spooled = await spoolAll(spool, raster.count, options, {
    units: unitNumbers,
    read: (_, { units, times }) => file.nextOfRaster(raster, units as Uint32Array, times, bins, options),
  })
  return { ...spooled, unitCount: raster.ends.length }
}
