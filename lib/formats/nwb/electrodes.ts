/**
 * The electrode table of an NWB file: the electrodes of all units and raw channels, and where they are.
 */
import { packTexts } from '../../engine/plan/packed-texts.js'
import { UnitList } from '../../engine/warnings.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import { electrodeIds } from '../../recording/electrode-ids.js'
import { ELECTRODE_NAMES, electrodesOf, locationSource } from '../../recording/positions.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { electrodePositions } from './electrode-positions.js'
import type { ElectrodeRows } from './electrode-rows.js'
import { electrodeRows } from './electrode-rows.js'
import type { Probe } from './probe.js'
import { ELECTRODE_TABLE, EPHYS, UNKNOWN } from './probe.js'
import type { Table, TableColumn } from './table.js'

/** The path of the table. */
export const ELECTRODES = `${EPHYS}/${ELECTRODE_TABLE}`

export interface Electrodes {
  /** Undefined without an electrode to be in it. */
  table: Table | undefined
  /** The row of each unit's electrode; undefined where a unit has none. */
  unitRows: BigInt64Array | undefined
  /** The row of each raw channel's electrode. */
  channelRows: BigInt64Array
  /** The row of each electrode of further series. */
  seriesRows: BigInt64Array
  /** Whether each row's number is the id of its electrode. */
  isChannelMap: boolean
  /** The attributes of units that the table holds exactly. */
  kept: ReadonlySet<string>
  /** What the table cannot hold of the electrodes and places that units have: a clause for each reason, with the units. */
  lost: readonly string[]
}

/**
 * The electrode table, if there is any electrode to be in it: all units have one, or there are raw channels or further
 * series of electrodes.
 *
 * @param channels - the electrode id of each raw channel
 * @param series - the electrode ids of further series
 * @throws TypeError, RangeError for an electrode or a location that makes no sense, naming the unit
 */
export function* electrodesFrom(
  { neuronAttributes }: SpikeData,
  channels: BigInt64Array,
  series: BigInt64Array,
  { group }: Probe,
): Steps<Electrodes> {
  const attributes = neuronAttributes ?? []
  const given = yield* electrodesOf(attributes)
  const kept = new Set<string>()
  const lost: string[] = []
  if (!given) yield* addUnplaced(lost, attributes)
  const unitIds = given ? yield* electrodeIds(given) : new BigInt64Array(0)
  const ids = new BigInt64Array(unitIds.length + channels.length + series.length)
  ids.set(unitIds)
  ids.set(channels, unitIds.length)
  ids.set(series, unitIds.length + channels.length)
  if (ids.length === 0) return { table: undefined, unitRows: undefined, channelRows: ids, seriesRows: ids, isChannelMap: true, kept, lost }
  const layout = yield* electrodeRows(ids)
  const unitRows = given ? layout.rows.subarray(0, unitIds.length) : undefined
  const channelRows = layout.rows.subarray(unitIds.length, unitIds.length + channels.length)
  const seriesRows = layout.rows.subarray(unitIds.length + channels.length)
  if (given) yield* keepElectrodes(kept, attributes, given, unitIds)
  if (given instanceof Float64Array) yield* addFractions(lost, given)

  const columns = yield* describingColumns(layout, group)
  if (unitRows) {
    const positions = yield* electrodePositions(attributes, layout.count, unitRows, channelRows)
    for (const name of positions.kept) kept.add(name)
    lost.push(...positions.lost)
    columns.push(...positions.columns)
  }
  const description = layout.isChannelMap
    ? 'The channel map of the array: row k is channel k, whether or not anything was found there.'
    : 'The electrodes of the units and raw channels.'
  const type = { namespace: 'hdmf-common', name: 'DynamicTable' } as const
  const table = { path: ELECTRODES, type, description, ids: layout.ids, columns }
  return { table, unitRows, channelRows, seriesRows, isChannelMap: layout.isChannelMap, kept, lost }
}

/** The columns that every electrode table has. */
function* describingColumns({ ids, count, rows }: ElectrodeRows, group: Probe['group']): Steps<TableColumn[]> {
  const isUsed = new Uint8Array(count)
  for (const row of rows) {
    isUsed[Number(row)] = 1
    if (isDue()) yield
  }
  const locations = yield* packTexts(count, (row) => (isUsed[row] ? group.location : UNKNOWN))
  const groups = yield* packTexts(count, () => group.name)
  const channels = yield* packTexts(count, (row) => String(ids.kind === 'array' ? ids.data[row] : row))
  return [
    { name: 'location', description: 'Where in the brain the electrode is.', values: { data: 'texts', texts: locations, count } },
    { name: 'group', description: 'The group of the electrode.', values: { data: 'references', target: group.path, count } },
    { name: 'group_name', description: 'The name of the group.', values: { data: 'texts', texts: groups, count } },
    { name: 'channel_name', description: 'The id of the electrode as text.', values: { data: 'texts', texts: channels, count } },
  ]
}

/** The units without an electrode, because of which the table is of no unit, if others have one, or any has a place. */
function* addUnplaced(lost: string[], attributes: readonly NeuronAttributes[]): Steps<void> {
  const without = new UnitList()
  let isAnyPlaced = false
  for (const [unit, entry] of attributes.entries()) {
    const hasElectrode = ELECTRODE_NAMES.some((name) => !isMissing(entry[name]))
    if (!hasElectrode) without.add(unit)
    isAnyPlaced ||= hasElectrode || locationSource(entry) !== undefined
    if (isDue()) yield
  }
  if (isAnyPlaced) lost.push(`no electrode: ${without}`)
}

/** The units with an electrode of which a fraction is cut off. */
function* addFractions(lost: string[], electrodes: Float64Array): Steps<void> {
  const cut = new UnitList()
  for (const [unit, electrode] of electrodes.entries()) {
    if (!Number.isInteger(electrode)) cut.add(unit)
    if (isDue()) yield
  }
  if (!cut.isEmpty) lost.push(`electrodes that are no whole numbers: ${cut}`)
}

/** Adds those of {@link ELECTRODE_NAMES} that hold the id, or nothing, in every unit. */
function* keepElectrodes(
  kept: Set<string>,
  attributes: readonly NeuronAttributes[],
  electrodes: BigInt64Array | Float64Array,
  ids: BigInt64Array,
): Steps<void> {
  if (!(electrodes instanceof BigInt64Array)) return
  for (const name of ELECTRODE_NAMES) kept.add(name)
  for (const [unit, entry] of attributes.entries()) {
    for (const name of ELECTRODE_NAMES) {
      if (!isMissing(entry[name]) && !isId(entry[name], ids[unit] as bigint)) kept.delete(name)
    }
    if (isDue()) yield
  }
}

function isId(value: unknown, id: bigint): boolean {
  return typeof value === 'bigint' ? value === id : Number.isInteger(value) && BigInt(value as number) === id
}
