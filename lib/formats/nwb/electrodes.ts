/**
 * The electrode table of an NWB file: that of the probe, or the electrodes of all units, raw channels and further series, and where they are.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { repeated, unset } from '../../memory/allocation.js'
import type { GrowingMap } from '../../memory/growing-map.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import { placeColumns } from './electrode-columns.js'
import type { ChannelElectrodes } from './electrode-list.js'
import type { ChannelRows } from './electrode-positions.js'
import { electrodePositions } from './electrode-positions.js'
import type { ElectrodeRows } from './electrode-rows.js'
import { electrodeRows } from './electrode-rows.js'
import { descriptionsFrom } from './fields.js'
import type { ElectrodeGroup, Probe } from './probe.js'
import { ELECTRODES, UNKNOWN } from './probe.js'
import type { ProbeElectrodes } from './probe-electrodes.js'
import { probeElectrodes } from './probe-electrodes.js'
import type { NwbProbe } from './probe-options.js'
import type { Table, TableColumn } from './table.js'
import { unitElectrodes } from './unit-electrodes.js'
import type { RowGroups, UnitGroups } from './unit-groups.js'
import { GROUP_NAME, groupsOfRows, unitGroups } from './unit-groups.js'
import type { ElectrodeCount } from './waveform-columns.js'

/** Why the numbers of rows are no ids. */
export type RowsByOrder = 'units' | 'probe'

export interface Electrodes {
  /** Undefined without an electrode to be in it. */
  table: Table | undefined
  /** The rows of the units' electrodes, one unit after the other; undefined where no unit has one. */
  unitRows: BigInt64Array | undefined
  /** Where those of each unit end; undefined where each has one. */
  unitEnds: Uint32Array | undefined
  /** The groups that the file has. */
  groups: readonly ElectrodeGroup[]
  /** The group of each unit, as the units' table has it; undefined where no unit names one. */
  unitGroups: TableColumn | undefined
  /** How many electrodes a unit lists; undefined where no unit has a list. */
  listCount: ElectrodeCount | undefined
  /** The row of each raw channel's electrode. */
  channelRows: BigInt64Array
  /** The rows of the electrodes of further series, one series after the other. */
  seriesRows: BigInt64Array
  /** What the rows are made from, if their numbers are not the ids of their electrodes. */
  rowsByOrder: RowsByOrder | undefined
  /** The attributes of units that the tables hold exactly. */
  kept: Set<string>
  /** What the table cannot hold of the electrodes and places that units have: a clause for each reason, with the units. */
  lost: readonly string[]
}

/** The electrodes of everything that has channels. */
export interface AllChannels {
  /** Undefined without raw data. */
  raw: ChannelElectrodes | undefined
  /** Those of each further series of electrodes. */
  series: readonly ChannelElectrodes[]
}

/**
 * The electrode table, if there is any electrode to be in it.
 *
 * @param groupNames - the groups that units name where the caller gives no electrodes, and all units name one
 * @throws TypeError, RangeError for an electrode or a location that makes no sense, naming the unit; for entries of `nwb.electrodes` that
 *   make none
 */
export function* electrodesFrom(
  sd: SpikeData,
  channels: AllChannels,
  { groups }: Probe,
  given: NwbProbe,
  groupNames: readonly string[] | undefined,
): Steps<Electrodes> {
  const attributes = sd.neuronAttributes ?? []
  const { electrodes, electrodeColumnDescriptions } = given
  if (!isMissing(electrodes)) {
    const descriptions = descriptionsFrom(electrodeColumnDescriptions, 'nwb.electrodeColumnDescriptions')
    return yield* electrodesOfProbe(attributes, channels, groups, yield* probeElectrodes(electrodes, groups, descriptions))
  }
  if (!isMissing(electrodeColumnDescriptions)) {
    throw invalidValue('no value, as nwb.electrodes is not given,', 'nwb.electrodeColumnDescriptions', electrodeColumnDescriptions)
  }
  const named = groups.filter(({ name }) => groupNames?.includes(name))
  const areAllThere = groupNames !== undefined && named.length === groupNames.length
  const ofUnits = areAllThere ? yield* unitGroups(attributes, named, NO_ROWS) : undefined
  return yield* electrodesOfChannels(attributes, channels, groups, ofUnits)
}

/** All units name their groups. */
const NO_ROWS = { rows: new BigInt64Array(0), ends: new Uint32Array(0), groupOfRow: new Int32Array(0) }

/** The table that the caller gives; the electrodes of units and raw channels are among its rows. */
function* electrodesOfProbe(
  attributes: readonly NeuronAttributes[],
  { raw, series }: AllChannels,
  groups: readonly ElectrodeGroup[],
  probe: ProbeElectrodes,
): Steps<Electrodes> {
  const { table, isChannelMap, rows, groups: groupOfRow } = probe
  const { ids, ends, listCount, kept, lost } = yield* unitElectrodes(attributes, true)
  const unitAt = (place: number) => (ends as Uint32Array).findIndex((end) => end > place)
  const unitRows = yield* rowsOf(ids, rows, (place) => `an electrode of unit ${unitAt(place)}`)
  const channelRows = raw ? yield* rowsOfChannels(raw, probe) : new BigInt64Array(0)
  const seriesRows: BigInt64Array[] = []
  for (const channels of series) seriesRows.push(yield* rowsOfChannels(channels, probe))
  const ofUnits = yield* unitGroups(attributes, groups, { rows: unitRows, ends: ends as Uint32Array, groupOfRow })
  if (ofUnits) kept.add(GROUP_NAME)
  return {
    table,
    unitRows: unitRows.length > 0 ? unitRows : undefined,
    unitEnds: ends,
    groups,
    unitGroups: ofUnits?.column,
    listCount,
    channelRows,
    seriesRows: yield* joined(seriesRows),
    rowsByOrder: isChannelMap ? undefined : 'probe',
    kept,
    lost,
  }
}

/** The row of each channel's electrode; all rows in their order where the caller names no electrodes. */
function* rowsOfChannels({ ids, areInOrder, option }: ChannelElectrodes, { rows, count }: ProbeElectrodes): Steps<BigInt64Array> {
  if (!areInOrder) return yield* rowsOf(ids, rows, (channel) => `${option}[${channel}]`)
  if (ids.length !== count) {
    throw invalidType(`a list, as nwb.electrodes has ${count} entries for ${ids.length} channels,`, option, undefined)
  }
  return ids
}

/** The row of each id. */
function* rowsOf(ids: BigInt64Array, rows: GrowingMap<bigint, number>, nameOf: (place: number) => string): Steps<BigInt64Array> {
  const found = unset(BigInt64Array, ids.length)
  for (const [place, id] of ids.entries()) {
    const row = rows.get(id)
    if (row === undefined) throw invalidValue('the id of an entry of nwb.electrodes', nameOf(place), id)
    found[place] = BigInt(row)
    if (isDue()) yield
  }
  return found
}

/**
 * A table of the electrodes of the units, of the raw channels and of further series; none without any.
 *
 * @param groups - those that units name, if they do, and that of electrodes without a unit
 */
function* electrodesOfChannels(
  attributes: readonly NeuronAttributes[],
  { raw, series }: AllChannels,
  groups: readonly ElectrodeGroup[],
  ofUnits: UnitGroups | undefined,
): Steps<Electrodes> {
  const units = yield* unitElectrodes(attributes, false)
  const { ends, places, listCount, kept, lost } = units
  if (ofUnits) kept.add(GROUP_NAME)
  const none = {
    table: undefined,
    unitRows: undefined,
    unitEnds: undefined,
    groups: ofUnits ? groups.slice(0, ofUnits.groupCount) : groups,
    unitGroups: ofUnits?.column,
    listCount,
    rowsByOrder: undefined,
    kept,
    lost,
  }
  const rawIds = raw?.ids ?? new BigInt64Array(0)
  const ids = yield* joined([units.ids, rawIds, ...series.map((channels) => channels.ids)])
  if (ids.length === 0) return { ...none, channelRows: ids, seriesRows: ids }
  const layout = yield* electrodeRows(ids)
  const unitRows = layout.rows.subarray(0, units.ids.length)
  const channelRows = layout.rows.subarray(units.ids.length, units.ids.length + rawIds.length)
  const seriesRows = layout.rows.subarray(units.ids.length + rawIds.length)

  const rowGroups = yield* groupsOfRows(layout.count, unitRows, ends, groups, ofUnits)
  const columns = yield* describingColumns(layout, rowGroups)
  if (unitRows.length > 0) {
    const ofSeries: ChannelRows[] = raw ? [{ series: 'raw channels', rows: channelRows }] : []
    let used = 0
    for (const { ids, option } of series) {
      ofSeries.push({ series: option, rows: seriesRows.subarray(used, (used += ids.length)) })
    }
    const positions = yield* electrodePositions(attributes, layout.count, yield* rowsAt(unitRows, places), ofSeries)
    for (const name of positions.kept) kept.add(name)
    lost.push(...positions.lost)
    columns.push(...positions.columns)
  }
  const description = layout.isChannelMap
    ? 'The channel map of the array: row k is channel k, whether or not anything was found there.'
    : 'The electrodes of the units and raw channels.'
  const type = { namespace: 'hdmf-common', name: 'DynamicTable' } as const
  return {
    ...none,
    table: { path: ELECTRODES, type, description, ids: layout.ids, columns },
    groups: rowGroups.groups,
    ...(unitRows.length > 0 && { unitRows, unitEnds: ends }),
    channelRows,
    seriesRows,
    rowsByOrder: layout.isChannelMap ? undefined : 'units',
  }
}

function* joined(parts: readonly BigInt64Array[]): Steps<BigInt64Array> {
  const all = unset(
    BigInt64Array,
    parts.reduce((length, part) => length + part.length, 0),
  )
  let filled = 0
  for (const part of parts) {
    yield* inRanges(part.length, (from, to) => all.set(part.subarray(from, to), filled + from))
    filled += part.length
  }
  return all
}

/** The rows at these places, -1 for none. */
function* rowsAt(rows: BigInt64Array, places: Int32Array | undefined): Steps<BigInt64Array> {
  if (!places) return rows
  const found = unset(BigInt64Array, places.length)
  for (const [unit, place] of places.entries()) {
    found[unit] = place < 0 ? -1n : (rows[place] as bigint)
    if (isDue()) yield
  }
  return found
}

/** The columns that every electrode table has. */
function* describingColumns({ ids, count, rows }: ElectrodeRows, { groups, choices }: RowGroups): Steps<TableColumn[]> {
  const isUsed = yield* repeated(Uint8Array, count, 0)
  for (const row of rows) {
    isUsed[Number(row)] = 1
    if (isDue()) yield
  }
  return yield* placeColumns({
    count,
    locationOf: (row) => (isUsed[row] ? (groups[choices[row] as number] as ElectrodeGroup).location : UNKNOWN),
    channelNameOf: (row) => String(ids.kind === 'array' ? ids.data[row] : row),
    channelNames: 'The id of the electrode as text.',
    groups,
    choices,
  })
}
