/**
 * NWB files.
 */
import { invalidType, invalidValue } from '../errors.js'
import { electrodesOf, unitLocationsOf } from '../model/positions.js'
import { requireSpikeData } from '../model/spike-data.js'
import type { SpikeData } from '../model/spike-data.js'
import { inSlices } from '../steps.js'
import type { Steps } from '../steps.js'
import type { ExportOptions, ExportReport } from '../options.js'
import type { Column } from '../plan/columns.js'
import type { Hdf5Dataset, Hdf5Plan } from '../plan/hdf5-tree.js'
import type { S3Options } from '../storage/s3.js'
import { beginExport } from './begin.js'
import type { OptionNames } from './begin.js'
import { checkDistinct, objectPath } from './hdf5-names.js'
import type { ObjectPath } from './hdf5-names.js'
import { STORAGE_OPTIONS, storageFrom } from './hdf5-storage.js'
import type { Hdf5StorageOptions } from './hdf5-storage.js'
import { windowAttributes } from './hdf5-window.js'
import { electrodeTable } from './nwb-electrodes.js'
import { countsOf, runExport } from './run.js'

/** Options of {@link exportSpikeDataToNwb}; names and defaults are the reference's. */
export interface NwbOptions extends ExportOptions, S3Options, Hdf5StorageOptions {
  /** The name of all spike times in s, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** The name of the cumulative end counts, one a unit. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
  /** The group that holds them. Default `units`. */
  group?: string | undefined
  /** `spikelab`: the minimal, NWB-like tree of SpikeLab's exporter, which its own h5py reader opens. */
  profile?: 'spikelab' | undefined
}

const OPTIONS: OptionNames<NwbOptions> = {
  spikeTimesDataset: true,
  spikeTimesIndexDataset: true,
  group: true,
  profile: true,
  ...STORAGE_OPTIONS,
}

const ELECTRODES = 'general/extracellular_ephys/electrodes'

type Planned = { at: ObjectPath; column: Column }

/**
 * Exports a recording to the minimal NWB-like file that SpikeLab's `export_spikedata_to_nwb` writes: spike times in s with
 * their index and unit ids, the electrode of each unit, and an electrode table with positions, as far as they are known. The
 * root attributes `start_time` and `length_ms` hold the recording's window.
 *
 * @param path - the file, or with `s3Upload` an S3 URL
 * @throws TypeError, RangeError for options that make no sense, before anything is written
 * @throws Error with the file system's `code`, Hdf5Error, S3Error; or the signal's reason
 */
export async function exportSpikeDataToNwb(sd: SpikeData, path: string, options?: NwbOptions): Promise<ExportReport> {
  requireSpikeData(sd, 'sd')
  const { given, destination } = beginExport(path, options, OPTIONS)
  checkProfile(given.profile)
  const storage = storageFrom(given)

  const planned = await inSlices(columnsOf(sd, given))
  checkDistinct(planned.map(({ at }) => at))

  const objects = planned.map(({ at, column }): Hdf5Dataset => ({ object: 'dataset', path: at.path, column, storage }))
  const attributes = windowAttributes(sd)
  const planFor = (target: string): Hdf5Plan => ({ format: 'hdf5', target, attributes, objects })
  return runExport(planFor, destination, countsOf(sd), given)
}

function checkProfile(profile: unknown = 'spikelab'): void {
  if (typeof profile !== 'string') throw invalidType(`'spikelab'`, 'profile', profile)
  if (profile !== 'spikelab') throw invalidValue(`'spikelab', the only profile so far,`, 'profile', profile)
}

function* columnsOf(sd: SpikeData, options: NwbOptions): Steps<Planned[]> {
  const electrodes = yield* electrodesOf(sd.neuronAttributes)
  const table = yield* electrodeTable(electrodes, yield* unitLocationsOf(sd.neuronAttributes))
  const inTable = table.map(([name, column]): Planned => {
    return { at: { path: `${ELECTRODES}/${name}`, option: `the electrode table's ${name}` }, column }
  })
  return [...unitColumns(sd, electrodes, options), ...inTable]
}

function unitColumns(sd: SpikeData, electrodes: BigInt64Array | Float64Array | null, options: NwbOptions): Planned[] {
  const { spikeTimesDataset = 'spike_times', spikeTimesIndexDataset = 'spike_times_index', group = 'units' } = options
  const trains = sd.nativeTrains
  const parent = objectPath(group, 'group').path
  const inGroup = (name: string, option: string, column: Column): Planned => {
    const { path } = objectPath(name, option)
    return { at: { path: `${parent}/${path}`, option }, column }
  }
  const columns = [
    inGroup(spikeTimesDataset, 'spikeTimesDataset', { column: 'spikeTimes', trains, time: { to: 's' } }),
    inGroup(spikeTimesIndexDataset, 'spikeTimesIndexDataset', { column: 'spikeTimesIndex', trains }),
    inGroup('id', 'the unit ids', { column: 'range', first: 0, count: sd.N }),
  ]
  if (electrodes) {
    columns.push(
      inGroup('electrodes', 'the electrodes', { column: 'array', data: electrodes, shape: [electrodes.length] }),
      inGroup('electrodes_index', 'the index of the electrodes', { column: 'range', first: 1, count: sd.N }),
    )
  }
  return columns
}
