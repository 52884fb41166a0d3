/**
 * The electrode table as the caller gives it: one row for each channel of the probe.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { unset } from '../../memory/allocation.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import { isInt64, notInt64 } from '../../options/integers.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { FurtherColumns, placeColumns, SchemaColumns } from './electrode-columns.js'
import type { ElectrodeGroup } from './probe.js'
import { ELECTRODES } from './probe.js'
import type { NwbElectrode } from './probe-options.js'
import { ELECTRODE_OPTIONS } from './probe-options.js'
import type { Table } from './table.js'

/** The option that gives the table. */
const OPTION = 'nwb.electrodes'

/** The electrodes of a probe. */
export interface ProbeElectrodes {
  /** Undefined without an electrode. */
  table: Table | undefined
  count: number
  /** Whether each row's number is the id of its electrode. */
  isChannelMap: boolean
  /** The row of each electrode by its id. */
  rows: GrowingMap<bigint, number>
  /** The group of each row, by its place among the groups. */
  groups: Int32Array
}

/**
 * The table of the electrodes that the caller lists.
 *
 * @param descriptions - what the further columns mean, by name
 * @throws TypeError, RangeError for an entry that makes no sense, for two of one id, or of one name in a group, for a group that is none, for a column whose name or
 *   values no column can have, and for a description of no column
 */
export function* probeElectrodes(
  given: unknown,
  groups: readonly ElectrodeGroup[],
  descriptions: ReadonlyMap<string, string>,
): Steps<ProbeElectrodes> {
  if (!Array.isArray(given)) throw invalidType('an array of electrodes', OPTION, given)
  const count = given.length
  const ids = unset(BigInt64Array, count) as BigInt64Array
  const choices = unset(Int32Array, count)
  const rows = new GrowingMap<bigint, number>()
  const rowsByName = new GrowingMap<string, number>()
  const locations: string[] = []
  const channelNames: string[] = []
  const ofSchema = new SchemaColumns()
  const further = new FurtherColumns(OPTION)
  const groupPlaces = new Map(groups.map(({ name }, place) => [name, place]))
  let isChannelMap = true
  for (let row = 0; row < count; row++) {
    const option = `${OPTION}[${row}]`
    const entry = optionsFrom<NwbElectrode>(given[row] ?? null, ELECTRODE_OPTIONS, option)
    const number = entry.id ?? row
    if (!isInt64(number)) throw notInt64(number, `${option}.id`)
    const id = BigInt(number)
    const same = rows.get(id)
    if (same !== undefined) throw invalidValue(`another id than ${OPTION}[${same}] has`, `${option}.id`, id)
    rows.set(id, row)
    ids[row] = id
    isChannelMap &&= id === BigInt(row)

    const choice = groupChoice(entry.group, groupPlaces, `${option}.group`)
    choices[row] = choice
    locations.push(requiredString(entry.location ?? (groups[choice] as ElectrodeGroup).location, `${option}.location`))
    const channelName = requiredString(entry.channelName ?? String(id), `${option}.channelName`)
    // Readers find a channel by its name and its group.
    const inGroup = `${choice} ${channelName}`
    const alike = rowsByName.get(inGroup)
    if (alike !== undefined) {
      const expected = `another name than ${OPTION}[${alike}] has in the same group`
      throw invalidValue(expected, `${option}.channelName`, channelName)
    }
    rowsByName.set(inGroup, row)
    channelNames.push(channelName)
    ofSchema.add(entry, row, option)
    if (!isMissing(entry.columns)) yield* further.add(entry.columns, row, `${option}.columns`)
    if (isDue()) yield
  }
  for (const name of descriptions.keys()) {
    if (!further.names.has(name)) throw invalidValue(`the name of a column of ${OPTION}`, 'nwb.electrodeColumnDescriptions', name)
  }

  const places = {
    count,
    locationOf: (row: number) => locations[row] as string,
    channelNameOf: (row: number) => channelNames[row] as string,
    channelNames: 'The name of the channel, or the id of the electrode as text.',
    groups,
    choices,
  }
  const table: Table = {
    path: ELECTRODES,
    type: { namespace: 'hdmf-common', name: 'DynamicTable' },
    description: 'All channels of the probe, whether or not anything was found there.',
    ids: { kind: 'array', data: ids, shape: [count] },
    columns: [...(yield* placeColumns(places)), ...(yield* ofSchema.made(count)), ...(yield* further.made(count, descriptions))],
  }
  return { table: count > 0 ? table : undefined, count, isChannelMap, rows, groups: choices }
}

function groupChoice(group: unknown, places: ReadonlyMap<string, number>, option: string): number {
  if (isMissing(group) && places.size === 1) return 0
  const name = requiredString(group, option)
  const place = places.get(name)
  if (place === undefined) throw invalidValue('the name of a group of electrodes', option, name)
  return place
}
