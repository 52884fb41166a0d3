/**
 * The channels of a Phy folder.
 */
import { GrowingMap } from '../encoding/growing-map.js'
import { invalidValue } from '../errors.js'
import { electrodesOf, unitLocationsOf } from '../model/positions.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Steps } from '../steps.js'

export interface PhyChannels {
  /** The electrode of each channel. */
  map: Int32Array
  /** How many channels the data has that the map leads into. */
  dataCount: number
  /** Where each channel is, in µm: x and y, all distinct. */
  positions: Float64Array
  /** The electrode of each unit, where all units have one. */
  electrodes: BigInt64Array | undefined
}

/** Channels whose places are not known lie on a line, this far apart in µm. */
const PITCH_UM = 20

/** How many units one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024

/** phylib wants more channels in the data than the highest number in the map, all in int32. */
const MAX_ELECTRODE = 2n ** 31n - 2n

/**
 * One channel a unit, in unit order: SpikeLab takes entry *u* of the channel map for the electrode of unit *u*.
 *
 * @throws RangeError for an electrode that is no channel number, naming the unit
 */
export function* phyChannels({ N, neuronAttributes }: SpikeData): Steps<PhyChannels> {
  const electrodes = yield* wholeElectrodes(yield* electrodesOf(neuronAttributes))
  const map = new Int32Array(N)
  let dataCount = 0
  for (let unit = 0; unit < N; unit++) {
    const channel = electrodes ? Number(electrodes[unit]) : unit
    map[unit] = channel
    dataCount = Math.max(dataCount, channel + 1)
    if (unit % STEP_UNITS === 0) yield
  }
  const locations = yield* unitLocationsOf(neuronAttributes)
  const known = locations && (yield* distinctPlaces(locations.data, N))
  return { map, dataCount, positions: known ?? (yield* line(N)), electrodes }
}

function* wholeElectrodes(electrodes: BigInt64Array | Float64Array | null): Steps<BigInt64Array | undefined> {
  if (!electrodes) return undefined
  for (const [unit, electrode] of electrodes.entries()) {
    if (typeof electrode === 'bigint' ? electrode < 0n || electrode > MAX_ELECTRODE : !Number.isSafeInteger(electrode)) {
      throw invalidValue(`a whole number from 0 to ${MAX_ELECTRODE}, as phy is on,`, `the electrode of unit ${unit}`, electrode)
    }
    if (unit % STEP_UNITS === 0) yield
  }
  return electrodes as BigInt64Array
}

/** The x and y of each unit; null where two units are in one place, or there is no x and y. */
function* distinctPlaces(locations: Float64Array, unitCount: number): Steps<Float64Array | null> {
  const dimensions = locations.length / unitCount
  if (dimensions < 2) return null
  const positions = new Float64Array(2 * unitCount)
  const taken = new GrowingMap<string, true>()
  for (let unit = 0; unit < unitCount; unit++) {
    const [x = 0, y = 0] = locations.subarray(unit * dimensions)
    if (!Number.isFinite(x) || !Number.isFinite(y)) return null
    const place = `${x} ${y}`
    if (taken.get(place)) return null
    taken.set(place, true)
    positions.set([x, y], 2 * unit)
    if (unit % STEP_UNITS === 0) yield
  }
  return positions
}

function* line(count: number): Steps<Float64Array> {
  const positions = new Float64Array(2 * count)
  for (let channel = 0; channel < count; channel++) {
    positions[2 * channel + 1] = PITCH_UM * channel
    if (channel % STEP_UNITS === 0) yield
  }
  return positions
}
