/**
 * Where electrodes are: columns of their table, from the places of the units.
 */
import { UnitList } from '../../engine/warnings.js'
import { nans, repeated } from '../../memory/allocation.js'
import { GrowingMap } from '../../memory/growing-map.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import { locationSource, unitLocationsOf } from '../../recording/positions.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { TableColumn } from './table.js'

/**
 * To the schema `x`, `y` and `z` are places in the brain, and `rel_x`, … places on the probe. SpikeLab reads the former, SpikeInterface
 * the latter; the attributes may mean either.
 */
const AXES = ['x', 'y', 'z']

/** The rows of the electrodes of a series' channels. */
export interface ChannelRows {
  /** What a warning calls its channels. */
  series: string
  rows: BigInt64Array
}

export interface ElectrodePositions {
  columns: TableColumn[]
  /** The attributes that the columns hold exactly. */
  kept: readonly string[]
  /** What they cannot hold: a clause for each reason, with the units. */
  lost: readonly string[]
}

/**
 * The columns of a table with `count` rows; none where a unit has no place.
 *
 * @param unitRows - the row that each unit is at, -1 for none or several
 * @throws TypeError, RangeError for a location that makes no sense, naming the unit
 */
export function* electrodePositions(
  attributes: readonly NeuronAttributes[],
  count: number,
  unitRows: BigInt64Array,
  channels: readonly ChannelRows[],
): Steps<ElectrodePositions> {
  const locations = yield* unitLocationsOf(attributes)
  if (!locations) return { columns: [], kept: [], lost: yield* withoutPositions(attributes) }
  const { axes, others, several } = yield* coordinatesOf(count, unitRows, locations)
  const isBeyond = (locations.shape[1] as number) > AXES.length
  const collisions: string[] = []
  for (const { series, rows } of channels) {
    const pair = yield* channelsAtOnePosition(axes, rows)
    if (pair) collisions.push(`${series} at one place, and so no rel_x and rel_y: channels ${pair.join(' and ')}`)
  }
  const lost = []
  if (isBeyond) lost.push(`places of more than ${AXES.length} coordinates: all units`)
  if (!others.isEmpty) lost.push(`another place than the first unit on the same electrode: ${others}`)
  if (!several.isEmpty) lost.push(`places of units that are on several electrodes, or none: ${several}`)
  lost.push(...collisions)
  const columns = axes.map((axis) => coordinateColumn(axis, '', ''))
  if (collisions.length === 0) columns.push(...axes.map((axis) => coordinateColumn(axis, 'rel_', ' on the probe')))
  return { columns, kept: isBeyond || !others.isEmpty || !several.isEmpty ? [] : yield* keptLocations(attributes), lost }
}

/** The units without a place, because of which the table has none, if others have one. */
function* withoutPositions(attributes: readonly NeuronAttributes[]): Steps<string[]> {
  const without = new UnitList()
  let isAnyPlaced = false
  for (const [unit, entry] of attributes.entries()) {
    if (locationSource(entry)) isAnyPlaced = true
    else without.add(unit)
    if (isDue()) yield
  }
  return isAnyPlaced ? [`no place: ${without}`] : []
}

/** The coordinates of all rows along one axis. */
interface Axis {
  name: string
  data: Float64Array
}

/**
 * The coordinates of each row, which are those of its first unit, NaN without any; the units that are somewhere else; and those that are at
 * no one row.
 */
function* coordinatesOf(
  count: number,
  unitRows: BigInt64Array,
  locations: NDArray<Float64Array>,
): Steps<{ axes: Axis[]; others: UnitList; several: UnitList }> {
  const dimensions = locations.shape[1] as number
  const axes: Axis[] = []
  for (const name of AXES.slice(0, dimensions)) axes.push({ name, data: yield* nans(count) })
  const isPlaced = yield* repeated(Uint8Array, count, 0)
  const others = new UnitList()
  const several = new UnitList()
  for (const [unit, id] of unitRows.entries()) {
    const row = Number(id)
    if (isDue()) yield
    if (row < 0) {
      several.add(unit)
      continue
    }
    let isThere = true
    for (const [axis, { data }] of axes.entries()) {
      const coordinate = locations.data[unit * dimensions + axis] as number
      if (!isPlaced[row]) data[row] = coordinate
      else isThere &&= Object.is(data[row], coordinate)
    }
    isPlaced[row] = 1
    if (!isThere) others.add(unit)
  }
  return { axes, others, several }
}

function coordinateColumn({ name, data }: Axis, prefix: '' | 'rel_', where: string): TableColumn {
  return {
    name: prefix + name,
    description: `The ${name} coordinate of the electrode${where}, as the units' attributes give it.`,
    values: { data: 'numbers', source: { kind: 'array', data, shape: [data.length] } },
  }
}

/** The first two channels that share a place in the plane: SpikeInterface reads no recording whose probe has such. */
function* channelsAtOnePosition([x, y]: readonly Axis[], rows: BigInt64Array): Steps<[number, number] | undefined> {
  const channels = new GrowingMap<string, number>()
  for (const [channel, id] of rows.entries()) {
    if (isDue()) yield
    const place = [x, y].map((axis) => axis?.data[Number(id)] ?? NaN)
    if (place.some(Number.isNaN)) continue
    const first = channels.get(String(place))
    if (first !== undefined) return [first, channel]
    channels.set(String(place), channel)
  }
  return undefined
}

/** The names that all locations come from, where they are the same for all units. */
function* keptLocations(attributes: readonly NeuronAttributes[]): Steps<readonly string[]> {
  const names = locationSource(attributes[0] as NeuronAttributes)
  for (const entry of attributes) {
    if (locationSource(entry) !== names) return []
    if (isDue()) yield
  }
  return names ?? []
}
