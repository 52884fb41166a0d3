/**
 * The waveforms that the units of a recording have, for the templates of a Phy folder.
 */
import { UnitList } from '../../../engine/warnings.js'
import { repeated, unset } from '../../../memory/allocation.js'
import type { Numbers } from '../../../memory/float64.js'
import { copyNumbers, countOf } from '../../../memory/float64.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import { isNDArray } from '../../../memory/ndarray.js'
import { isNumericArray } from '../../../memory/typed-arrays.js'
import { isMissing } from '../../../options/checks.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { Steps } from '../../../steps.js'
import { inRanges, isDue, spend } from '../../../steps.js'
import type { PhyChannels } from './channels.js'
import { indicesOf } from './channels.js'
import { FEWEST_SAMPLES, MOST_SAMPLES } from './options.js'
import { sequence } from './sequence.js'

/** The attributes that hold a unit's waveform, those that come first before the others. */
const TEMPLATE_NAMES = ['template', 'waveform_mean'] as const

/** The attribute that holds the electrodes of a waveform of several. */
const ELECTRODES = 'electrodes'

/** Samples of a template, as KiloSort has them. */
const SAMPLES = 61

/** A placeholder's only sample that is not zero. Below it, as spikes outside of cells are. */
const DEPTH = -1

/** Waveforms of units on some channels each. */
export interface Waveforms {
  /** Samples × width, the same for all units; or units × samples × width. */
  data: Float32Array
  samples: number
  /** The most channels of a waveform. */
  width: number
  /** Units × width: the channels of each, as indices; -1 beyond the last. */
  places: Int32Array
  /** The units whose waveforms are placeholders; none where all are real. */
  missing: UnitList | 'all' | undefined
  /** Those whose channel is not known, which are on the first one. */
  unplaced: UnitList
  /** The attributes of units that the waveforms hold exactly. */
  kept: ReadonlySet<string>
}

/** The sample of the trough, as in KiloSort's templates: 20 of 61. */
function troughOf(samples: number): number {
  return Math.floor(samples / 3)
}

/** Placeholders of all units. */
export function* placeholders(unitCount: number, { unitChannels }: PhyChannels): Steps<Waveforms> {
  const data = new Float32Array(SAMPLES)
  data[troughOf(SAMPLES)] = DEPTH
  const unplaced = new UnitList()
  const places = unset(Int32Array, unitCount)
  for (const [unit, channel] of unitChannels.entries()) {
    places[unit] = Math.max(0, channel)
    if (channel < 0) unplaced.add(unit)
    if (isDue()) yield
  }
  return { data, samples: SAMPLES, width: 1, places, missing: unitCount > 0 ? 'all' : undefined, unplaced, kept: new Set() }
}

/** Puts a placeholder in the place of a waveform that is zero: on the first of its channels, or on this one. */
export function setPlaceholder(
  { data, samples, width }: Pick<Waveforms, 'data' | 'samples' | 'width'>,
  unit: number,
  trough: number,
  place = 0,
): void {
  data[(unit * samples + trough) * width + place] = DEPTH
}

/**
 * The waveforms of units, all with as many samples as the first one: of each unit the first of its attributes that is such a waveform, and
 * a placeholder where none is. Undefined where no unit has one.
 *
 * A waveform of one channel is on the unit's own; one of several is on the electrodes that the unit has in `electrodes`, or on all
 * channels.
 */
export function* waveformsOf(attributes: readonly NeuronAttributes[], channels: PhyChannels): Steps<Waveforms | undefined> {
  let indices: GrowingMap<number, number> | undefined
  const found: (Waveform | undefined)[] = []
  const kept = new Set<string>([...TEMPLATE_NAMES, ELECTRODES])
  let samples: number | undefined
  let width = 1
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    let waveform: Waveform | undefined
    let ofSeveral = false
    for (const name of TEMPLATE_NAMES) {
      if (isMissing(entry[name])) continue
      indices ??= yield* indicesOf(channels.map)
      const one = waveform ? undefined : yield* waveformIn(entry, name, unit, channels, indices)
      if (one) samples ??= one.samples
      if (one?.samples === samples && one) waveform = one
      else kept.delete(name)
    }
    if (waveform) {
      width = Math.max(width, waveform.places.length)
      ofSeveral = waveform.isOfElectrodes
    }
    if (!isMissing(entry[ELECTRODES]) && !ofSeveral) kept.delete(ELECTRODES)
    found.push(waveform)
  }
  return samples === undefined ? undefined : yield* joined(found, samples, width, channels, kept)
}

function* joined(
  found: readonly (Waveform | undefined)[],
  samples: number,
  width: number,
  { unitChannels }: PhyChannels,
  kept: ReadonlySet<string>,
): Steps<Waveforms> {
  const data = yield* repeated(Float32Array, found.length * samples * width, 0)
  const places = unset(Int32Array, found.length * width)
  const missing = new UnitList()
  const unplaced = new UnitList()
  for (const [unit, waveform] of found.entries()) {
    const own = unitChannels[unit] as number
    const { numbers = undefined, places: given = [own] } = waveform ?? {}
    yield* inRanges(width, (from, to) => {
      for (let i = from; i < to; i++) places[unit * width + i] = given[i] ?? -1
    })
    if (places[unit * width] === -1) {
      places[unit * width] = 0
      unplaced.add(unit)
    }
    if (numbers) {
      for (let row = 0; row < samples; row++) {
        data.set(numbers.subarray(row * given.length, (row + 1) * given.length), (unit * samples + row) * width)
        spend(given.length)
        if (isDue()) yield
      }
    } else {
      missing.add(unit)
      setPlaceholder({ data, samples, width }, unit, troughOf(samples))
    }
    if (isDue()) yield
  }
  return { data, samples, width, places, missing: missing.isEmpty ? undefined : missing, unplaced, kept }
}

/** The waveform of one unit: samples × channels. */
interface Waveform {
  samples: number
  numbers: Float32Array
  places: readonly number[] | Int32Array
  /** Whether its channels are those of {@link ELECTRODES}. */
  isOfElectrodes: boolean
}

/** A waveform, finite and not all zero as float32; undefined for anything else. */
function* waveformIn(
  entry: NeuronAttributes,
  attribute: (typeof TEMPLATE_NAMES)[number],
  unit: number,
  { map, unitChannels }: PhyChannels,
  indices: GrowingMap<number, number>,
): Steps<Waveform | undefined> {
  const value = entry[attribute]
  const name = `${attribute} of unit ${unit}`
  const [samples, columns] = (yield* shapeOf(value, name)) ?? []
  if (samples === undefined || columns === undefined || samples < FEWEST_SAMPLES || samples > MOST_SAMPLES) return undefined
  const numbers = (isNDArray(value) ? value.data : value) as Numbers
  let places: readonly number[] | Int32Array = [unitChannels[unit] as number]
  const isOfElectrodes = columns > 1 && !isMissing(entry[ELECTRODES])
  if (isOfElectrodes) {
    const named = yield* placesOf(entry[ELECTRODES], `${ELECTRODES} of unit ${unit}`, columns, indices)
    if (!named) return undefined
    places = named
  } else if (columns > 1) {
    if (columns !== map.length) return undefined
    places = yield* sequence(map.length)
  }
  const finite = yield* finiteFloats(numbers, name, samples * columns)
  return finite && { samples, numbers: finite, places, isOfElectrodes }
}

/** Samples and channels of what can be a waveform by its shape. */
function* shapeOf(value: unknown, name: string): Steps<[samples: number, channels: number] | undefined> {
  if (isNDArray(value)) {
    const [samples = 0, ...others] = value.shape
    const [columns = 1, ...further] = others
    return value.shape.length > 0 && further.every((length) => length === 1) ? [samples, columns] : undefined
  }
  if (!isNumericArray(value) && !Array.isArray(value)) return undefined
  const count = countOf(value, name)
  if (count > MOST_SAMPLES) return undefined
  spend(count)
  return isNumericArray(value) || value.every((sample) => typeof sample === 'number') ? [count, 1] : undefined
}

/** The channels of a unit's electrodes, as many as expected, distinct, and all among the channels; undefined otherwise. */
function* placesOf(electrodes: unknown, name: string, count: number, indices: GrowingMap<number, number>): Steps<Int32Array | undefined> {
  const ids: unknown = isNDArray(electrodes) ? electrodes.data : electrodes
  if ((!isNumericArray(ids) && !Array.isArray(ids)) || countOf(ids, name) !== count) return undefined
  const places = unset(Int32Array, count)
  const taken = new GrowingMap<number, true>()
  for (let i = 0; i < count; i++) {
    const id: unknown = ids[i]
    const place = typeof id === 'number' || typeof id === 'bigint' ? indices.get(Number(id)) : undefined
    if (place === undefined || taken.get(place)) return undefined
    taken.set(place, true)
    places[i] = place
    if (isDue()) yield
  }
  return places
}

function* finiteFloats(numbers: Numbers, name: string, count: number): Steps<Float32Array | undefined> {
  const floats = unset(Float32Array, count)
  yield* copyNumbers(numbers, name, floats)
  let areFinite = true
  let areZero = true
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) {
      areFinite &&= Number.isFinite(floats[i])
      areZero &&= floats[i] === 0
    }
  })
  return areFinite && !areZero ? floats : undefined
}
