/**
 * The electrode table of an NWB file: the electrodes of all units and raw channels, and where they are.
 */
import { packTexts } from '../../encoding/packed-texts.js'
import { ELECTRODE_NAMES, electrodesOf, locationSource, unitLocationsOf } from '../../model/positions.js'
import type { NDArray } from '../../model/ndarray.js'
import type { NeuronAttributes } from '../../model/attributes.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options.js'
import type { Steps } from '../../steps.js'
import { electrodeIds } from './electrode-ids.js'
import { electrodeRows } from './electrode-rows.js'
import type { ElectrodeRows } from './electrode-rows.js'
import { ELECTRODE_TABLE, EPHYS, UNKNOWN } from './probe.js'
import type { Probe } from './probe.js'
import type { Table, TableColumn } from './table.js'

/** How many units or rows one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024

/** The path of the table. */
export const ELECTRODES = `${EPHYS}/${ELECTRODE_TABLE}`

const AXES = ['x', 'y', 'z']

export interface Electrodes {
  table: Table
  /** The row of each unit's electrode; undefined where a unit has none. */
  unitRows: BigInt64Array | undefined
  /** The row of each raw channel's electrode. */
  channelRows: BigInt64Array
  /** Whether each row's number is the id of its electrode. */
  isChannelMap: boolean
  /** The attributes of units that the table tells exactly. */
  told: ReadonlySet<string>
}

/**
 * The electrode table, if there is any electrode to be in it: all units have one, or there are raw channels.
 *
 * @param channels - the electrode id of each raw channel
 * @throws TypeError, RangeError for an electrode or a location that makes no sense, naming the unit
 */
export function* electrodesFrom(
  { neuronAttributes }: SpikeData,
  channels: BigInt64Array,
  { group }: Probe,
): Steps<Electrodes | undefined> {
  const given = yield* electrodesOf(neuronAttributes)
  if (!given && channels.length === 0) return undefined
  const unitIds = given ? yield* electrodeIds(given) : new BigInt64Array(0)
  const ids = new BigInt64Array(unitIds.length + channels.length)
  ids.set(unitIds)
  ids.set(channels, unitIds.length)
  const layout = yield* electrodeRows(ids)
  const unitRows = given ? layout.rows.subarray(0, unitIds.length) : undefined

  const locations = unitRows && (yield* unitLocationsOf(neuronAttributes))
  const positions = unitRows && locations ? yield* positionsOf(layout, unitRows, locations) : undefined
  const told = new Set<string>()
  if (given) yield* addToldElectrodes(told, neuronAttributes ?? [], given, unitIds)
  if (positions?.areExact) yield* addToldLocations(told, neuronAttributes ?? [])

  return {
    table: {
      path: ELECTRODES,
      type: { namespace: 'hdmf-common', name: 'DynamicTable' },
      description: layout.isChannelMap
        ? 'The channel map of the array: row k is channel k, whether or not anything was found there.'
        : 'The electrodes of the units and raw channels.',
      ids: layout.ids,
      columns: [...(yield* describingColumns(layout, group)), ...(positions?.columns ?? [])],
    },
    unitRows,
    channelRows: layout.rows.subarray(unitIds.length),
    isChannelMap: layout.isChannelMap,
    told,
  }
}

/** The columns that every electrode table has. */
function* describingColumns({ count, rows }: ElectrodeRows, group: Probe['group']): Steps<TableColumn[]> {
  const isUsed = new Uint8Array(count)
  for (const [i, row] of rows.entries()) {
    isUsed[Number(row)] = 1
    if (i % STEP_UNITS === 0) yield
  }
  const locations = yield* packTexts(count, (row) => (isUsed[row] ? group.location : UNKNOWN))
  const names = yield* packTexts(count, () => group.name)
  return [
    { name: 'location', description: 'Where in the brain the electrode is.', values: { data: 'texts', texts: locations, count } },
    { name: 'group', description: 'The group of the electrode.', values: { data: 'references', target: group.path, count } },
    { name: 'group_name', description: 'The name of the group.', values: { data: 'texts', texts: names, count } },
  ]
}

/** The coordinates of each row: those of its first unit, NaN without any. */
function* positionsOf(
  { count }: ElectrodeRows,
  unitRows: BigInt64Array,
  locations: NDArray<Float64Array>,
): Steps<{ columns: TableColumn[]; areExact: boolean }> {
  const dimensions = locations.shape[1] as number
  const axes = AXES.slice(0, dimensions).map((name) => ({ name, data: new Float64Array(count).fill(NaN) }))
  const isPlaced = new Uint8Array(count)
  let areExact = dimensions <= AXES.length
  for (const [unit, id] of unitRows.entries()) {
    const row = Number(id)
    for (const [axis, { data }] of axes.entries()) {
      const coordinate = locations.data[unit * dimensions + axis] as number
      if (!isPlaced[row]) data[row] = coordinate
      else areExact &&= Object.is(data[row], coordinate)
    }
    isPlaced[row] = 1
    if (unit % STEP_UNITS === 0) yield
  }
  const columns = axes.map(({ name, data }): TableColumn => {
    const values = { data: 'numbers', column: { column: 'array', data, shape: [count] } } as const
    return { name, description: `The ${name} coordinate of the electrode, as the units' attributes give it.`, values }
  })
  return { columns, areExact }
}

/** Those names of electrodes that say nothing but the id. */
function* addToldElectrodes(
  told: Set<string>,
  attributes: readonly NeuronAttributes[],
  electrodes: BigInt64Array | Float64Array,
  ids: BigInt64Array,
): Steps<void> {
  if (!(electrodes instanceof BigInt64Array)) return
  for (const name of ELECTRODE_NAMES) told.add(name)
  for (const [unit, entry] of attributes.entries()) {
    for (const name of ELECTRODE_NAMES) {
      if (!isMissing(entry[name]) && !isId(entry[name], ids[unit] as bigint)) told.delete(name)
    }
    if (unit % STEP_UNITS === 0) yield
  }
}

function isId(value: unknown, id: bigint): boolean {
  return typeof value === 'bigint' ? value === id : Number.isInteger(value) && BigInt(value as number) === id
}

/** The names that all locations come from, where they are the same for all units. */
function* addToldLocations(told: Set<string>, attributes: readonly NeuronAttributes[]): Steps<void> {
  const names = locationSource(attributes[0] as NeuronAttributes)
  for (const [unit, entry] of attributes.entries()) {
    if (locationSource(entry) !== names) return
    if (unit % STEP_UNITS === 0) yield
  }
  for (const name of names ?? []) told.add(name)
}
