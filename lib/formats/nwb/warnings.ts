/**
 * Warnings about what an NWB file does not hold as the caller may expect.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { listed, named } from '../../engine/warnings.js'
import { quoted } from '../../errors.js'
import type { AttributeColumns, RenamedAttribute } from './attribute-columns.js'
import type { Taken } from './column-names.js'
import type { RowsByOrder } from './electrodes.js'
import { UNKNOWN_START } from './session.js'

/** A start of the session that was not given. */
export const START_UNKNOWN: ExportWarning = {
  code: 'SPIKEPORT_NWB_START_UNKNOWN',
  message: `An NWB file needs a start of the session: without nwb.sessionStartTime it says ${UNKNOWN_START}.`,
}

const WHO_TAKES: Record<Taken, string> = {
  schema: 'the NWB schema has these names',
  pynwb: "pynwb's class of the table has these names",
  index: 'readers take these names for indices of other columns',
}

/** What attributes are lost, or are called otherwise. */
export function attributeWarnings({ renamed, unsupported, invalidNames }: AttributeColumns): ExportWarning[] {
  const reasons = [
    ...(unsupported.length > 0 ? [`no column can hold the values of ${named(unsupported)}`] : []),
    ...(invalidNames.length > 0 ? [`no object in a file can have the names ${named(invalidNames)}`] : []),
  ]
  const warnings: ExportWarning[] = []
  if (reasons.length > 0) {
    const message = `Attributes are left out of the NWB file: ${reasons.join('; ')}.`
    warnings.push({ code: 'SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', message })
  }
  if (renamed.length > 0) {
    const message = `Attributes have columns of other names in the NWB file: ${renamings(renamed).join('; ')}.`
    warnings.push({ code: 'SPIKEPORT_NWB_ATTRIBUTES_RENAMED', message })
  }
  return warnings
}

function renamings(renamed: readonly RenamedAttribute[]): string[] {
  return (Object.keys(WHO_TAKES) as Taken[]).flatMap((taken) => {
    const all = renamed.filter(({ takenBy }) => takenBy === taken)
    const pairs = listed(all, ({ name, column }) => `${quoted(name)} is ${quoted(column)}`)
    return all.length > 0 ? [`${pairs}, as ${WHO_TAKES[taken]}`] : []
  })
}

/** Values of spikes that were not sorted with the times, of which the first are those of this unit. */
export function spikesReordered(names: readonly string[], unit: number | undefined): ExportWarning {
  const sorted = `The spike times of unit ${unit}, and perhaps of others, were not in order and have been sorted`
  return {
    code: 'SPIKEPORT_NWB_SPIKES_REORDERED',
    message: `${sorted}; the values of each spike in ${named(names)} have not, so that they may no longer match. Sort both before.`,
  }
}

/** Electrodes and places that the electrode table does not have as the units do. */
export function electrodesLost(reasons: readonly string[]): ExportWarning {
  const lost = 'The electrode table of the NWB file cannot hold all electrodes and places of units, which remain columns of the units'
  return { code: 'SPIKEPORT_NWB_ELECTRODES_LOST', message: `${lost}: ${reasons.join('; ')}.` }
}

const WHY_ROWS: Record<RowsByOrder, string> = {
  units: 'The electrodes are not numbered from 0 to 65535',
  probe: 'The ids of nwb.electrodes are not 0, 1, … in their order',
}

/** Row numbers that are no channels. */
export function electrodesByRow(reason: RowsByOrder): ExportWarning {
  const effect = 'so the NWB file refers to them by row: pynwb finds their ids, and SpikeLab without pynwb takes the rows for ids'
  return { code: 'SPIKEPORT_NWB_ELECTRODE_ROWS', message: `${WHY_ROWS[reason]}, ${effect}.` }
}

/** Descriptions that nothing in the file has. */
export function descriptionsUnused(names: readonly string[]): ExportWarning {
  const unused = "nwb.columnDescriptions describes attributes that no column of the NWB file's units is made from"
  return { code: 'SPIKEPORT_NWB_DESCRIPTIONS_UNUSED', message: `${unused}: ${named(names)}.` }
}
