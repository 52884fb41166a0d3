/**
 * What makes a KiloSort folder one that Phy, and all who read Phy's folders, open.
 */
import { GrowingMap } from '../encoding/growing-map.js'
import { npyArrayFile } from '../encoding/npy-file.js'
import { npyHeader } from '../encoding/npy-header.js'
import { invalidType, invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import { optionalBoolean, optionsFrom } from '../options.js'
import type { OptionNames } from '../options.js'
import type { PlainFile } from '../plan/byte-segments.js'
import type { Steps } from '../steps.js'
import { phyChannels } from './phy-channels.js'
import { paramsFile } from './phy-params.js'
import { phyTables } from './phy-tables.js'
import { templateFiles } from './phy-templates.js'

/** What a folder for Phy has besides what its readers need. */
export interface PhyOptions {
  /**
   * Also writes a waveform, the template, for each unit: not one that was recorded, as a SpikeData has none, but a single one on
   * the unit's channel, with amplitudes of one. SpikeInterface's `read_kilosort_as_analyzer` asks for templates, and Phy and SpikeLab find
   * a unit's channel by them. Whatever a reader computes from these waveforms, but for the channel, means nothing. They take
   * 20 bytes times the square of the number of units, which may be 16,384. Default false.
   */
  templates?: boolean | undefined
}

const OPTIONS: OptionNames<PhyOptions> = { templates: true }

/** The ids that SpikeInterface takes, which makes a table as long as the highest one. */
const MAX_ID = 2 ** 31 - 1

/**
 * What the option `phy` asks for; undefined where there is to be no folder for Phy.
 *
 * @throws TypeError, RangeError for anything but a boolean or an object of known options
 */
export function phyOptions(phy: unknown): { templates: boolean } | undefined {
  if (phy === undefined || phy === false) return undefined
  if (phy === true) return { templates: false }
  if (typeof phy !== 'object' || phy === null) throw invalidType('a boolean or { templates }', 'phy', phy)
  const { templates = false } = optionsFrom<PhyOptions>(phy, OPTIONS, 'phy')
  optionalBoolean(templates, 'phy.templates')
  return { templates }
}

/**
 * The files of a folder that Phy opens.
 *
 * @param ids - the id of each unit, its number where there are none
 * @param templates - whether waveforms are made up
 * @throws TypeError, RangeError for ids, electrodes or labels that a reader would not take
 */
export function* phyFiles(sd: SpikeData, fsHz: number, ids: BigInt64Array | undefined, templates: boolean): Steps<PlainFile[]> {
  if (ids) yield* checkIds(ids)
  const channels = yield* phyChannels(sd)
  return [
    spikesFile('spike_times.npy', sd, 'samples'),
    spikesFile('spike_clusters.npy', sd, 'units'),
    spikesFile('spike_templates.npy', sd, 'units'),
    npyArrayFile('channel_map.npy', channels.map),
    npyArrayFile('channel_positions.npy', channels.positions, [channels.map.length, 2]),
    paramsFile(fsHz, channels.dataCount),
    ...(yield* phyTables(sd, ids, channels.electrodes)),
    ...(templates ? templateFiles(sd) : []),
  ]
}

function spikesFile(name: string, { spikeCount }: SpikeData, ordered: 'samples' | 'units'): PlainFile {
  const bytes = npyHeader(ordered === 'samples' ? '<i8' : '<i4', [spikeCount])
  return { name, segments: [{ segment: 'bytes', bytes }], ordered }
}

function* checkIds(ids: BigInt64Array): Steps<void> {
  const unitOf = new GrowingMap<bigint, number>()
  for (const [unit, id] of ids.entries()) {
    if (id < 0n || id > MAX_ID) throw invalidValue(`an id from 0 to ${MAX_ID}, as phy is on,`, `clusterIds[${unit}]`, id)
    const other = unitOf.get(id)
    if (other !== undefined) throw invalidValue(`another id than clusterIds[${other}], as phy is on,`, `clusterIds[${unit}]`, id)
    unitOf.set(id, unit)
    if (unit % 1024 === 0) yield
  }
}
