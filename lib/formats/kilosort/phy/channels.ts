/**
 * The channels of a Phy folder: one for each electrode of the units, or for each unit.
 */

import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidValue } from '../../../errors.js'
import type { Numbers } from '../../../memory/float64.js'
import { copyNumbers, countOf } from '../../../memory/float64.js'
import { isNDArray } from '../../../memory/ndarray.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { ELECTRODE_NAMES, electrodesOf, locationIn } from '../../../recording/positions.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'

export interface PhyChannels {
  /** The electrode of each channel, ascending. */
  map: Int32Array
  /** The channel count of the raw data that the map refers to. */
  dataCount: number
  /** Where each channel is, in µm: x and y, all distinct. */
  positions: Float64Array
  /** The channel of each unit, as an index of {@link map}. */
  unitChannels: Int32Array
  /** The electrode of each unit, where all units have one. */
  electrodes: BigInt64Array | undefined
  /** What of the electrodes and places that were given is not kept, in sentences. */
  lost: readonly string[]
}

/** Channels whose places are not known lie on a line, this far apart in µm. */
const PITCH_UM = 20

/** phylib requires more channels in the data than the highest number in the map, all in int32. */
const MAX_ELECTRODE = 2n ** 31n - 2n

/**
 * One channel for each distinct electrode, where all units have one; otherwise one for each unit, numbered.
 *
 * @throws TypeError, RangeError for an electrode that is no channel number or a location that is none, naming the unit
 */
export function* phyChannels({ N, neuronAttributes }: SpikeData): Steps<PhyChannels> {
  const attributes = neuronAttributes ?? []
  const electrodes = yield* wholeElectrodes(yield* electrodesOf(neuronAttributes))
  const lost: string[] = []
  if (!electrodes) lost.push(...(yield* incompleteElectrodes(attributes)))
  const { map, unitChannels } = electrodes ? yield* channelsOf(electrodes) : yield* numbered(N)
  const places = yield* channelPositions(attributes, unitChannels, map.length)
  lost.push(...places.lost)
  return { map, dataCount: (map.at(-1) ?? -1) + 1, positions: places.known ?? (yield* line(map.length)), unitChannels, electrodes, lost }
}

export function channelsLost(sentences: readonly string[]): ExportWarning {
  return { code: 'SPIKEPORT_PHY_CHANNELS', message: sentences.join(' ') }
}

function* wholeElectrodes(electrodes: BigInt64Array | Float64Array | null): Steps<BigInt64Array | undefined> {
  if (!electrodes) return undefined
  for (const [unit, electrode] of electrodes.entries()) {
    if (typeof electrode === 'bigint' ? electrode < 0n || electrode > MAX_ELECTRODE : !Number.isSafeInteger(electrode)) {
      throw invalidValue(`a whole number from 0 to ${MAX_ELECTRODE}, as phy is on,`, `the electrode of unit ${unit}`, electrode)
    }
    if (isDue()) yield
  }
  return electrodes as BigInt64Array
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
    if (!isKnown[channel]) units.add(unit)
    if (isDue()) yield
  }
  return units.isEmpty ? undefined : `the electrode of ${units} has no place in two dimensions`
}

/** What is wrong where several channels have one place. */
function* sharing(places: Float64Array, unitChannels: Int32Array): Steps<string | undefined> {
  const columns = yield* coordinateRows(places, unitChannels, 0)
  const lines = yield* coordinateRows(places, unitChannels, 1)
  const points = new BigInt64Array(unitChannels.length)
  const halves = new Uint32Array(points.buffer)
  for (let unit = 0; unit < points.length; unit++) {
    halves[2 * unit] = columns[unit] as number
    halves[2 * unit + 1] = lines[unit] as number
    if (isDue()) yield
  }
  const { firsts, rows } = yield* distinctIds(points)
  const units = new UnitList()
  for (const [unit, channel] of unitChannels.entries()) {
    const first = firsts[rows[unit] as number] as number
    if (unitChannels[first] !== channel) units.add(unit)
    if (isDue()) yield
  }
  return units.isEmpty ? undefined : `${units} ${units.verb('is', 'are')} in the place of another channel`
}

/** A number for each unit's x (0) or y (1), the same where the coordinates are. */
function* coordinateRows(places: Float64Array, unitChannels: Int32Array, axis: 0 | 1): Steps<Uint32Array> {
  const coordinates = new Float64Array(unitChannels.length)
  for (const [unit, channel] of unitChannels.entries()) {
    // -0 is in the place of 0.
    coordinates[unit] = (places[2 * channel + axis] as number) + 0
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
