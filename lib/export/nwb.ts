/**
 * NWB files.
 */
import { invalidType, invalidValue } from '../errors.js'
import { electrodesOf, unitLocationsOf } from '../model/positions.js'
import type { NDArray } from '../model/ndarray.js'
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
const AXES = ['x', 'y', 'z']
/** How many units or rows one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024

type Electrodes = BigInt64Array | Float64Array
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

  const electrodes = await inSlices(electrodesOf(sd.neuronAttributes))
  const locations = await inSlices(unitLocationsOf(sd.neuronAttributes))
  const planned = [...unitColumns(sd, electrodes, given), ...(await inSlices(electrodeTable(electrodes, locations)))]
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

function unitColumns(sd: SpikeData, electrodes: Electrodes | null, options: NwbOptions): Planned[] {
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

/** One row an electrode, by id, each at the location of the first unit there; without electrodes one row a unit. */
function* electrodeTable(electrodes: Electrodes | null, locations: NDArray<Float64Array> | null): Steps<Planned[]> {
  if (!locations) return []
  const [unitCount, dimensions] = locations.shape as [number, number]
  const at = (name: string): ObjectPath => ({ path: `${ELECTRODES}/${name}`, option: `the electrode table's ${name}` })
  const axes = AXES.slice(0, dimensions)
  const rows = electrodes ? yield* firstUnits(electrodes) : undefined
  const count = rows ? rows.ids.length : unitCount
  const columns = axes.map(() => new Float64Array(count))
  for (let row = 0; row < count; row++) {
    const from = (rows ? (rows.units[row] as number) : row) * dimensions
    for (const [axis, column] of columns.entries()) column[row] = locations.data[from + axis] as number
    if (row % STEP_UNITS === 0) yield
  }
  const id: Column = rows ? { column: 'array', data: rows.ids, shape: [count] } : { column: 'range', first: 0, count }
  return [
    { at: at('id'), column: id },
    ...columns.map((data, axis): Planned => ({ at: at(axes[axis] as string), column: { column: 'array', data, shape: [count] } })),
  ]
}

/** Each electrode id once, ascending, and the first unit that has it. Fractions are cut off, as in the reference. */
function* firstUnits(electrodes: Electrodes): Steps<{ ids: BigInt64Array; units: number[] }> {
  const unitOf = new Map<bigint, number>()
  for (const [unit, electrode] of electrodes.entries()) {
    if (typeof electrode === 'number' && !Number.isFinite(electrode)) {
      throw invalidValue('a finite number', `the electrode of unit ${unit}`, electrode)
    }
    const id = typeof electrode === 'bigint' ? electrode : BigInt(Math.trunc(electrode))
    if (!unitOf.has(id)) unitOf.set(id, unit)
    if (unit % STEP_UNITS === 0) yield
  }
  const ids = new BigInt64Array(unitOf.size)
  const units: number[] = []
  let row = 0
  for (const id of unitOf.keys()) ids[row++] = id
  yield
  for (const id of ids.sort()) {
    if (units.push(unitOf.get(id) as number) % STEP_UNITS === 0) yield
  }
  return { ids, units }
}
