/**
 * What makes a KiloSort folder one that Phy, and all who read Phy's folders, open.
 */
import { npyArrayFile } from '../encoding/npy-file.js'
import { npyHeader } from '../encoding/npy-header.js'
import { invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import type { PlainFile } from '../plan/byte-segments.js'
import type { Steps } from '../steps.js'
import { phyChannels } from './phy-channels.js'
import { paramsFile } from './phy-params.js'
import { phyTables } from './phy-tables.js'

/** The ids that SpikeInterface takes, which makes a table as long as the highest one. */
const MAX_ID = 2 ** 31 - 1

/**
 * The files of a folder that Phy opens.
 *
 * @param ids - the id of each unit, its number where there are none
 * @throws TypeError, RangeError for ids, electrodes or labels that a reader would not take
 */
export function* phyFiles(sd: SpikeData, fsHz: number, ids: BigInt64Array | undefined): Steps<PlainFile[]> {
  if (ids) yield* checkIds(ids)
  const channels = yield* phyChannels(sd)
  return [
    spikesFile('spike_times.npy', sd, 'samples'),
    spikesFile('spike_clusters.npy', sd, 'units'),
    spikesFile('spike_templates.npy', sd, 'units'),
    npyArrayFile('channel_map.npy', channels.map),
    npyArrayFile('channel_positions.npy', channels.positions, [channels.map.length, 2]),
    paramsFile(fsHz, channels.map),
    ...(yield* phyTables(sd, ids, channels.electrodes)),
  ]
}

function spikesFile(name: string, { spikeCount }: SpikeData, ordered: 'samples' | 'units'): PlainFile {
  const bytes = npyHeader(ordered === 'samples' ? '<i8' : '<i4', [spikeCount])
  return { name, segments: [{ segment: 'bytes', bytes }], ordered }
}

function* checkIds(ids: BigInt64Array): Steps<void> {
  const unitOf = new Map<bigint, number>()
  for (const [unit, id] of ids.entries()) {
    if (id < 0n || id > MAX_ID) throw invalidValue(`an id from 0 to ${MAX_ID}, as phy is on,`, `clusterIds[${unit}]`, id)
    const other = unitOf.get(id)
    if (other !== undefined) throw invalidValue(`another id than clusterIds[${other}], as phy is on,`, `clusterIds[${unit}]`, id)
    unitOf.set(id, unit)
    if (unit % 1024 === 0) yield
  }
}
