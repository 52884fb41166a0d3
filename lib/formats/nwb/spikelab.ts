/**
 * The minimal, NWB-like tree that SpikeLab's `export_spikedata_to_nwb` writes.
 */
import type { Hdf5Object, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import type { SpikeData } from '../../model/spike-data.js'
import { electrodesOf, typedUnitLocationsOf } from '../../recording/positions.js'
import type { Steps } from '../../steps.js'
import type { ObjectPath } from '../hdf5/names.js'
import { checkDistinct, objectPath } from '../hdf5/names.js'
import { ELECTRODES } from './probe.js'
import { electrodeTable } from './spikelab-electrodes.js'

/** The names of what the tree holds. */
export interface SpikelabNames {
  spikeTimesDataset: string
  spikeTimesIndexDataset: string
  group: string
}

type Planned = { at: ObjectPath; source: Source }

/**
 * Spike times in s with their index and the unit ids, the electrode of each unit, and an electrode table with positions, as far as
 * they are known.
 *
 * @throws TypeError, RangeError for names that make no sense or collide, and for electrodes or locations that make none
 */
export function* spikelabObjects(sd: SpikeData, names: SpikelabNames, storage: Hdf5Storage): Steps<Hdf5Object[]> {
  const electrodes = yield* electrodesOf(sd.neuronAttributes)
  const table = yield* electrodeTable(electrodes, yield* typedUnitLocationsOf(sd.neuronAttributes))
  const inTable = table.map(([name, source]): Planned => {
    return { at: { path: `${ELECTRODES}/${name}`, option: `the electrode table's ${name}` }, source }
  })
  const planned = [...unitColumns(sd, electrodes, names), ...inTable]
  checkDistinct(planned.map(({ at }) => at))
  return planned.map(({ at, source }) => ({ object: 'dataset', path: at.path, source, storage }))
}

function unitColumns(sd: SpikeData, electrodes: BigInt64Array | Float64Array | null, names: SpikelabNames): Planned[] {
  const trains = sd.nativeTrains
  const parent = objectPath(names.group, 'group').path
  const inGroup = (name: string, option: string, source: Source): Planned => {
    const { path } = objectPath(name, option)
    return { at: { path: `${parent}/${path}`, option }, source }
  }
  const columns = [
    inGroup(names.spikeTimesDataset, 'spikeTimesDataset', { kind: 'spikeTimes', trains, time: { to: 's' } }),
    inGroup(names.spikeTimesIndexDataset, 'spikeTimesIndexDataset', { kind: 'spikeTimesIndex', trains }),
    inGroup('id', 'the unit ids', { kind: 'range', first: 0, count: sd.N }),
  ]
  if (electrodes) {
    columns.push(
      inGroup('electrodes', 'the electrodes', { kind: 'array', data: electrodes, shape: [electrodes.length] }),
      inGroup('electrodes_index', 'the index of the electrodes', { kind: 'range', first: 1, count: sd.N }),
    )
  }
  return columns
}
