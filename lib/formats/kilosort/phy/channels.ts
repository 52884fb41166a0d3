/**
 * The channels of a Phy folder: those of the probe, of the units' electrodes, of the raw data, or one for each unit.
 */
import type { ExportWarning } from '../../../engine/warnings.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidType, invalidValue } from '../../../errors.js'
import { repeated, unset } from '../../../memory/allocation.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import { distinctIds } from '../../../recording/electrode-ids.js'
import { ELECTRODE_NAMES, electrodesOf } from '../../../recording/positions.js'
import type { Steps } from '../../../steps.js'
import { isDue } from '../../../steps.js'
import { channelPositions, givenPositions, line } from './places.js'
import type { Probe } from './probe.js'
import { MAX_ELECTRODE } from './probe.js'
import { sequence } from './sequence.js'

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
  const shanks = probe?.shanks ?? (yield* repeated(Int32Array, map.length, 0))
  return { map, positions, shanks, groups: probe?.groups, unitChannels, electrodes, lost }

  function* channelsFor(): Steps<Channels> {
    if (!probe && electrodes) return yield* channelsOf(electrodes)
    const given = probe?.ids ?? (rawRows === undefined ? undefined : yield* sequence(rawRows))
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
  const unitChannels = yield* repeated(Int32Array, unitCount, -1)
  const electrodes = yield* repeated(BigInt64Array, unitCount, -1n)
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

/** Those that have been made, as several files of a folder need them. */
const madeIndices = new WeakMap<Int32Array, GrowingMap<number, number>>()

/**
 * The index of each channel by its number.
 *
 * @param map - does not change
 */
export function* indicesOf(map: Int32Array): Steps<GrowingMap<number, number>> {
  const made = madeIndices.get(map)
  if (made) return made
  const indices = new GrowingMap<number, number>()
  for (const [index, id] of map.entries()) {
    indices.set(id, index)
    if (isDue()) yield
  }
  madeIndices.set(map, indices)
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
  const map = unset(Int32Array, ids.length)
  for (const [channel, id] of ids.entries()) {
    map[channel] = Number(id)
    if (isDue()) yield
  }
  return { map, unitChannels: new Int32Array(rows.buffer, rows.byteOffset, rows.length) }
}

function* numbered(count: number): Steps<Channels> {
  const map = yield* sequence(count)
  return { map, unitChannels: map }
}
