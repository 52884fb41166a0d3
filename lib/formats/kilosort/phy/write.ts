/**
 * What makes a KiloSort folder one in which the Phy program works, and which all who read Phy's folders open.
 */

import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import type { ExportWarning } from '../../../engine/warnings.js'
import { invalidType, invalidValue } from '../../../errors.js'
import type { SpikeData } from '../../../model/spike-data.js'
import type { OptionNames } from '../../../options/checks.js'
import { optionsFrom } from '../../../options/checks.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { npyArrayFile, npyHeader } from '../files/npy.js'
import { CHANNEL_MAP, SPIKE_CLUSTERS, SPIKE_TEMPLATES, SPIKE_TIMES } from '../names.js'
import { channelsLost, phyChannels } from './channels.js'
import { paramsFile } from './params.js'
import { attributesSkipped, phyTables } from './tables.js'
import { phyTemplates } from './templates.js'

/** What a folder for Phy has besides what its readers need. */
export interface PhyOptions {
  /**
   * Templates are always there: the `template` or else `waveform_mean` of the units that have one of one channel, and placeholders of
   * the others. True says no more than that.
   */
  templates?: true | undefined
}

const OPTIONS: OptionNames<PhyOptions> = { templates: true }

/** The ids that SpikeInterface takes, which makes a table as long as the highest one. */
const MAX_ID = 2 ** 31 - 1

/**
 * Whether the option `phy` asks for a folder for Phy.
 *
 * @throws TypeError, RangeError for anything but a boolean or an object of known options
 */
export function phyOption(phy: unknown): boolean {
  if (phy === undefined || typeof phy === 'boolean') return phy ?? false
  if (typeof phy !== 'object' || phy === null) throw invalidType('a boolean or { templates }', 'phy', phy)
  const { templates = true }: { templates?: unknown } = optionsFrom<PhyOptions>(phy, OPTIONS, 'phy')
  if (typeof templates !== 'boolean') throw invalidType('a boolean', 'phy.templates', templates)
  if (!templates) throw invalidValue('true, as Phy needs templates,', 'phy.templates', templates)
  return true
}

/**
 * The files of a folder that Phy opens.
 *
 * @param ids - the id of each unit, its number where there are none
 * @param warnings - gets what the folder does not hold
 * @throws TypeError, RangeError for ids, electrodes, locations or labels that a reader would not take
 */
export function* phyFiles(sd: SpikeData, fsHz: number, ids: BigInt64Array | undefined, warnings: ExportWarning[]): Steps<PlainFile[]> {
  if (ids) yield* checkIds(ids)
  const channels = yield* phyChannels(sd)
  const templates = yield* phyTemplates(sd, channels)
  const tables = yield* phyTables(sd, ids, channels.electrodes, templates.kept)
  if (channels.lost.length > 0) warnings.push(channelsLost(channels.lost))
  const skipped = attributesSkipped(tables.skipped)
  if (skipped) warnings.push(skipped)
  warnings.push(...templates.warnings)
  const channelCount = channels.map.length
  return [
    spikesFile(SPIKE_TIMES, sd, 'samples'),
    spikesFile(SPIKE_CLUSTERS, sd, 'units'),
    spikesFile(SPIKE_TEMPLATES, sd, 'units'),
    npyArrayFile(CHANNEL_MAP, channels.map),
    npyArrayFile('channel_positions.npy', channels.positions, [channelCount, 2]),
    npyArrayFile('channel_shanks.npy', new Int32Array(channelCount)),
    paramsFile(fsHz, channels.dataCount),
    ...tables.files,
    ...templates.files,
  ]
}

function spikesFile(name: string, { spikeCount }: SpikeData, ordered: 'samples' | 'units'): PlainFile {
  const bytes = npyHeader(ordered === 'samples' ? '<i8' : '<i4', [spikeCount])
  return { name, segments: [{ segment: 'bytes', bytes }], ordered }
}

function* checkIds(ids: BigInt64Array): Steps<void> {
  const { firsts, rows } = yield* distinctIds(ids)
  for (const [unit, id] of ids.entries()) {
    if (id < 0n || id > MAX_ID) throw invalidValue(`an id from 0 to ${MAX_ID}, as phy is on,`, `clusterIds[${unit}]`, id)
    const first = firsts[rows[unit] as number] as number
    if (first !== unit) throw invalidValue(`another id than clusterIds[${first}], as phy is on,`, `clusterIds[${unit}]`, id)
    if (isDue()) yield
  }
}
