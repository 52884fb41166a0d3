/**
 * The channels of a Phy folder: those of the probe, of the units' electrodes, of the raw data, or one for each unit.
 */

import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidType, invalidValue } from '../../../errors.js'
import type { Numbers } from '../../../memory/float64.js'
import { copyNumbers, countOf } from '../../../memory/float64.js'
import { isNDArray } from '../../../memory/ndarray.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { DistinctIds } from '../../../recording/electrode-ids.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { ELECTRODE_NAMES, electrodesOf, locationIn } from '../../../recording/positions.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import type { Probe } from './probe.js'
import { MAX_ELECTRODE } from './probe.js'

export interface PhyChannels {
  /** The number of each channel in the raw data, ascending: the electrode of units on it. */
  map: Int32Array
  /** Where each channel is, in µm: x and y, all distinct. */
  positions: Float64Array
  shanks: Int32Array
  /** SpikeInterface's group of each channel, where they are given. */
  groups: Int32Array | undefined
  /** The channel of each unit, as an index of {@link map}; -1 where it is not known. */
  unitChannels: Int32Array
  /** The electrode of each unit, -1 where it is not known; undefined where the channels are not the electrodes of units. */
  electrodes: BigInt64Array | undefined
  /** What of the electrodes and places that were given is not kept, in sentences. */
  lost: string[]
}

/** Channels whose places are not known lie on a line, this far apart in µm. */
const PITCH_UM = 20

/**
 * The channels of the probe, where it is given; otherwise one for each distinct electrode, where all units have one; otherwise one for
 * each row of the raw data, where that is used; otherwise one for each unit, numbered.
 *
 * @param rawRows - the rows of the raw data that is used
 * @throws TypeError, RangeError for an electrode that is no channel number or a location that is none, naming the unit
 */
export function* phyChannels(
  { N, neuronAttributes }: SpikeData,
  probe: Probe | undefined,
  rawRows: number | undefined,
): Steps<PhyChannels> {
  const attributes = neuronAttributes ?? []
  let electrodes = yield* wholeElectrodes(yield* electrodesOf(neuronAttributes))
  const lost: string[] = []
  const { map, unitChannels } = yield* channelsFor()
  if (rawRows !== undefined && map.length > 0 && (map.at(-1) as number) >= rawRows) {
    const name = probe ? 'the highest of channels.ids' : 'the highest electrode'
    throw invalidValue(`a channel of rawData, from 0 to ${rawRows - 1},`, name, map.at(-1))
  }
  const { positions, lost: lostPlaces } = yield* placesFor()
  lost.push(...lostPlaces)
  const shanks = probe?.shanks ?? new Int32Array(map.length)
  return { map, positions, shanks, groups: probe?.groups, unitChannels, electrodes, lost }

  function* channelsFor(): Steps<Channels> {
    if (!probe && electrodes) return yield* channelsOf(electrodes)
    const given = probe?.ids ?? (rawRows === undefined ? undefined : (yield* numbered(rawRows)).map)
    if (given) {
      const found = yield* channelsAmong(given, N, attributes)
      electrodes = found.electrodes
      return { map: given, unitChannels: found.unitChannels }
    }
    lost.push(...(yield* incompleteElectrodes(attributes)))
    return yield* numbered(N)
  }

  function* placesFor(): Steps<{ positions: Float64Array; lost: string[] }> {
    if (probe?.positions) return yield* givenPositions(probe.positions, unitChannels, attributes)
    const { known, lost } = yield* channelPositions(attributes, unitChannels, map.length)
    return { positions: known ?? (yield* line(map.length)), lost }
  }
}

export function channelsLost(sentences: readonly string[]): ExportWarning {
  return { code: 'SPIKEPORT_PHY_CHANNELS', message: sentences.join(' ') }
}

function* wholeElectrodes(electrodes: BigInt64Array | Float64Array | null): Steps<BigInt64Array | undefined> {
  if (!electrodes) return undefined
  for (const [unit, electrode] of electrodes.entries()) {
    requireElectrode(electrode, unit)
    if (isDue()) yield
  }
  return electrodes as BigInt64Array
}

function requireElectrode(electrode: unknown, unit: number): void {
  const expected = `a whole number from 0 to ${MAX_ELECTRODE}, as phy is on,`
  const name = `the electrode of unit ${unit}`
  if (typeof electrode !== 'number' && typeof electrode !== 'bigint') throw invalidType(expected, name, electrode)
  const isWhole = typeof electrode === 'bigint' || Number.isSafeInteger(electrode)
  if (!isWhole || electrode < 0 || electrode > MAX_ELECTRODE) throw invalidValue(expected, name, electrode)
}

/** The channel and the electrode of each unit among given ones; -1 for a unit without an electrode. */
function* channelsAmong(
  map: Int32Array,
  unitCount: number,
  attributes: readonly NeuronAttributes[],
): Steps<Pick<PhyChannels, 'unitChannels' | 'electrodes'>> {
  const channels = yield* indicesOf(map)
  const unitChannels = new Int32Array(unitCount).fill(-1)
  const electrodes = new BigInt64Array(unitCount).fill(-1n)
  let someAreKnown = false
  for (const [unit, { electrode, channel, ch }] of attributes.entries()) {
    if (isDue()) yield
    const own = electrode ?? channel ?? ch
    if (isMissing(own)) continue
    requireElectrode(own, unit)
    const index = channels.get(Number(own))
    if (index === undefined) throw invalidValue('one of the channels', `the electrode of unit ${unit}`, own)
    unitChannels[unit] = index
    electrodes[unit] = BigInt(map[index] as number)
    someAreKnown = true
  }
  return { unitChannels, electrodes: someAreKnown ? electrodes : undefined }
}

/** The index of each channel by its number. */
export function* indicesOf(map: Int32Array): Steps<Map<number, number>> {
  const indices = new Map<number, number>()
  for (const [index, id] of map.entries()) {
    indices.set(id, index)
    if (isDue()) yield
  }
  return indices
}

/** What is lost where only some units have an electrode. */
function* incompleteElectrodes(attributes: readonly NeuronAttributes[]): Steps<string[]> {
  const without = new UnitList()
  let someHave = false
  for (const [unit, entry] of attributes.entries()) {
    if (ELECTRODE_NAMES.every((name) => isMissing(entry[name]))) without.add(unit)
    else someHave = true
    if (isDue()) yield
  }
  if (!someHave) return []
  const reason = `${without} ${without.verb('has', 'have')} none`
  return [`Electrodes are not kept as channels of the Phy folder, as ${reason}: each unit has a channel of its own.`]
}

interface Channels {
  map: Int32Array
  unitChannels: Int32Array
}

function* channelsOf(electrodes: BigInt64Array): Steps<Channels> {
  const { ids, rows } = yield* distinctIds(electrodes)
  const map = new Int32Array(ids.length)
  for (const [channel, id] of ids.entries()) {
    map[channel] = Number(id)
    if (isDue()) yield
  }
  return { map, unitChannels: new Int32Array(rows.buffer, rows.byteOffset, rows.length) }
}

function* numbered(count: number): Steps<Channels> {
  const map = new Int32Array(count)
  for (let channel = 0; channel < count; channel++) {
    map[channel] = channel
    if (isDue()) yield
  }
  return { map, unitChannels: map }
}

/** The places of a probe, if all are known and distinct, and what units have otherwise. */
function* givenPositions(
  positions: Float64Array,
  unitChannels: Int32Array,
  attributes: readonly NeuronAttributes[],
): Steps<{ positions: Float64Array; lost: string[] }> {
  const channels = yield* numbered(positions.length / 2)
  const { firsts, rows } = yield* distinctPlaces(positions, channels.map)
  let fault: string | undefined
  for (const channel of channels.map.keys()) {
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
function* channelPositions(
  attributes: readonly NeuronAttributes[],
  unitChannels: Int32Array,
  channelCount: number,
): Steps<ChannelPositions> {
  const places = new Float64Array(2 * channelCount)
  const isKnown = new Uint8Array(channelCount)
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
  const points = new BigInt64Array(channels.length)
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
  const coordinates = new Float64Array(channels.length)
  for (const [i, channel] of channels.entries()) {
    // -0 is in the place of 0.
    coordinates[i] = (places[2 * channel + axis] as number) + 0
    if (isDue()) yield
  }
  const { rows } = yield* distinctIds(new BigInt64Array(coordinates.buffer))
  return rows
}

function* line(count: number): Steps<Float64Array> {
  const positions = new Float64Array(2 * count)
  for (let channel = 0; channel < count; channel++) {
    positions[2 * channel + 1] = PITCH_UM * channel
    if (isDue()) yield
  }
  return positions
}
