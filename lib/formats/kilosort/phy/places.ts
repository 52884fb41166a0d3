/**
 * Where the channels of a Phy folder are.
 */
import { UnitList } from '../../../engine/warnings.js'
import { repeated, unset } from '../../../memory/allocation.js'
import type { Numbers } from '../../../memory/float64.js'
import { copyNumbers, countOf } from '../../../memory/float64.js'
import { isNDArray } from '../../../memory/ndarray.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { DistinctIds } from '../../../recording/electrode-ids.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { locationIn } from '../../../recording/positions.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { sequence } from './sequence.js'

/** Channels whose places are not known lie on a line, this far apart in µm. */
const PITCH_UM = 20

/** The places of a probe, if all are known and distinct, and what units have otherwise. */
export function* givenPositions(
  positions: Float64Array,
  unitChannels: Int32Array,
  attributes: readonly NeuronAttributes[],
): Steps<{ positions: Float64Array; lost: string[] }> {
  const channels = yield* sequence(positions.length / 2)
  const { firsts, rows } = yield* distinctPlaces(positions, channels)
  let fault: string | undefined
  for (const channel of channels) {
    if (!Number.isFinite(positions[2 * channel]) || !Number.isFinite(positions[2 * channel + 1]))
      fault ??= `that of row ${channel} is not known`
    const first = firsts[rows[channel] as number] as number
    if (first !== channel) fault ??= `rows ${first} and ${channel} are the same`
    if (isDue()) yield
  }
  if (fault) {
    const instead = `its channels lie on a line, ${PITCH_UM} µm apart`
    const lost = [`The places of channels.positions are not kept in the Phy folder, as in the order of ids ${fault}: ${instead}.`]
    return { positions: yield* line(positions.length / 2), lost }
  }
  const elsewhere = new UnitList()
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    const location = locationIn(entry)
    if (location === null) continue
    const [x, y] = yield* coordinatesOf(location, `the location of unit ${unit}`)
    const channel = unitChannels[unit] as number
    if (channel < 0 || positions[2 * channel] !== x || positions[2 * channel + 1] !== y) elsewhere.add(unit)
  }
  return {
    positions,
    lost: elsewhere.isEmpty ? [] : [`The Phy folder has the places of channels.positions, and not that of ${elsewhere}.`],
  }
}

interface ChannelPositions {
  /** The x and y of each channel, if all are known and distinct. */
  known: Float64Array | undefined
  lost: string[]
}

/** The place of each channel: that of the first of its units which has one. */
export function* channelPositions(
  attributes: readonly NeuronAttributes[],
  unitChannels: Int32Array,
  channelCount: number,
): Steps<ChannelPositions> {
  const places = unset(Float64Array, 2 * channelCount)
  const isKnown = yield* repeated(Uint8Array, channelCount, 0)
  const elsewhere = new UnitList()
  const flattened = new UnitList()
  let someAreGiven = false
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    const location = locationIn(entry)
    if (location === null) continue
    someAreGiven = true
    const channel = unitChannels[unit] as number
    if (channel < 0) {
      elsewhere.add(unit)
      continue
    }
    const [x, y, z] = yield* coordinatesOf(location, `the location of unit ${unit}`)
    if (z !== 0) flattened.add(unit)
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      elsewhere.add(unit)
    } else if (!isKnown[channel]) {
      isKnown[channel] = 1
      places.set([x, y], 2 * channel)
    } else if (places[2 * channel] !== x || places[2 * channel + 1] !== y) {
      elsewhere.add(unit)
    }
  }
  if (channelCount === 0) return { known: places, lost: [] }
  const line = `lie on a line, ${PITCH_UM} µm apart`
  if (!someAreGiven) return { known: undefined, lost: [`The channels of the Phy folder ${line}, as their places are not known.`] }
  const fault = (yield* unplaced(isKnown, unitChannels)) ?? (yield* sharing(places, unitChannels))
  if (fault) return { known: undefined, lost: [`Places are not kept in the Phy folder, as ${fault}: its channels ${line}.`] }
  const lost = []
  if (!elsewhere.isEmpty) lost.push(`The Phy folder has each electrode in one place, which is not that of ${elsewhere}.`)
  if (!flattened.isEmpty) lost.push(`The Phy folder has places of two coordinates, and not the third of ${flattened}.`)
  return { known: places, lost }
}

/** x, y and z: NaN where x or y is missing, 0 for a missing z. */
function* coordinatesOf(location: unknown, name: string): Steps<[x: number, y: number, z: number]> {
  const numbers = (isNDArray(location) ? location.data : location) as Numbers
  const count = countOf(numbers, name)
  const coordinates = Float64Array.of(NaN, NaN, 0)
  yield* copyNumbers(numbers, name, coordinates, 0, Math.min(count, coordinates.length))
  return [...coordinates] as [number, number, number]
}

/** What is wrong where the places of some channels are not known. */
function* unplaced(isKnown: Uint8Array, unitChannels: Int32Array): Steps<string | undefined> {
  const units = new UnitList()
  for (const [unit, channel] of unitChannels.entries()) {
    if (isKnown[channel] === 0) units.add(unit)
    if (isDue()) yield
  }
  if (!units.isEmpty) return `the electrode of ${units} has no place in two dimensions`
  const channel = isKnown.indexOf(0)
  return channel < 0 ? undefined : `no unit with a place is on channel ${channel} of the folder`
}

/** What is wrong where several channels have one place. */
function* sharing(places: Float64Array, unitChannels: Int32Array): Steps<string | undefined> {
  const { firsts, rows } = yield* distinctPlaces(places, unitChannels)
  const units = new UnitList()
  for (const [unit, channel] of unitChannels.entries()) {
    const first = firsts[rows[unit] as number] as number
    if (unitChannels[first] !== channel) units.add(unit)
    if (isDue()) yield
  }
  return units.isEmpty ? undefined : `${units} ${units.verb('is', 'are')} in the place of another channel`
}

/** Which of these channels are in one place: rows of places, and the first channel of each. */
function* distinctPlaces(places: Float64Array, channels: Int32Array): Steps<DistinctIds> {
  const columns = yield* coordinateRows(places, channels, 0)
  const lines = yield* coordinateRows(places, channels, 1)
  const points = unset(BigInt64Array, channels.length)
  const halves = new Uint32Array(points.buffer)
  for (let i = 0; i < points.length; i++) {
    halves[2 * i] = columns[i] as number
    halves[2 * i + 1] = lines[i] as number
    if (isDue()) yield
  }
  return yield* distinctIds(points)
}

/** A number for x (0) or y (1) of each channel, the same where the coordinates are. */
function* coordinateRows(places: Float64Array, channels: Int32Array, axis: 0 | 1): Steps<Uint32Array> {
  const coordinates = unset(Float64Array, channels.length)
  for (const [i, channel] of channels.entries()) {
    // -0 is in the place of 0.
    coordinates[i] = (places[2 * channel + axis] as number) + 0
    if (isDue()) yield
  }
  const { rows } = yield* distinctIds(new BigInt64Array(coordinates.buffer))
  return rows
}

export function* line(count: number): Steps<Float64Array> {
  const positions = unset(Float64Array, 2 * count)
  for (let channel = 0; channel < count; channel++) {
    positions[2 * channel] = 0
    positions[2 * channel + 1] = PITCH_UM * channel
    if (isDue()) yield
  }
  return positions
}
