/**
 * What a Phy folder holds of each spike besides its time and cluster: amplitudes and principal components.
 */
import { nativeArrays } from '../../../engine/native-arrays.js'
import type { PlainFile } from '../../../engine/plan/byte-segments.js'
import { runJob } from '../../../engine/run-job.js'
import { UnitList } from '../../../engine/warnings.js'
import { invalidType, invalidValue } from '../../../errors.js'
import { unset } from '../../../memory/allocation.js'
import { pinOwn } from '../../../memory/buffers.js'
import type { Numbers } from '../../../memory/float64.js'
import { copyNumbers, countOf, float64, pinnedNumbers } from '../../../memory/float64.js'
import type { GrowingMap } from '../../../memory/growing-map.js'
import { isNDArray } from '../../../memory/ndarray.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { dtypeOf, isNumericArray, lengthOf } from '../../../memory/typed-arrays.js'
import type { SpikeData } from '../../../model/spike-data.js'
import { isMissing } from '../../../options/checks.js'
import type { ExportOptions } from '../../../options/export-options.js'
import type { NeuronAttributes } from '../../../recording/attributes.js'
import type { Steps } from '../../../steps.js'
import { inRanges, isDue, spend } from '../../../steps.js'
import { npyArrayFile, npyHeader } from '../files/npy.js'
import { AMPLITUDES, AMPLITUDES_ATTRIBUTE } from '../names.js'
import type { PhyChannels } from './channels.js'
import { indicesOf } from './channels.js'
import type { PcFeatures } from './options.js'

export interface Amplitudes {
  file: PlainFile
  /** Whether all that units have as amplitudes is in the file. */
  areKept: boolean
  /** The units with spikes whose amplitudes are 1. */
  missing: UnitList
  /** The units with amplitudes that are NaN or infinite, as they are in the file. */
  notFinite: UnitList
}

/**
 * The amplitudes of spikes: the attribute `amplitudes` of units that have one number for each spike in it, and 1 for the spikes of others.
 * float32 where all are Float32Arrays, float64 otherwise. Undefined where no unit has any.
 */
export function* amplitudesOf(sd: SpikeData): Steps<Amplitudes | undefined> {
  const attributes = sd.neuronAttributes ?? []
  if (!(yield* someHave(attributes))) return undefined
  const counts = yield* sd.spikeCounts()
  const given: (Numbers | undefined)[] = []
  const missing = new UnitList()
  let areKept = true
  let areSingle = true
  let some = false
  for (let unit = 0; unit < sd.N; unit++) {
    if (isDue()) yield
    const value = attributes[unit]?.[AMPLITUDES_ATTRIBUTE]
    const count = counts[unit] as number
    const numbers = isMissing(value) ? undefined : yield* numbersIn(value, `${AMPLITUDES_ATTRIBUTE} of unit ${unit}`, count)
    given.push(numbers)
    if (numbers) {
      some ||= count > 0
      areSingle &&= isNumericArray(numbers) && dtypeOf(numbers) === '<f4'
    } else {
      areKept &&= isMissing(value)
      if (count > 0) missing.add(unit)
    }
  }
  if (!some) return undefined
  const arrays: NumericArray[] = []
  const one = pinOwn(areSingle ? Float32Array.of(1) : Float64Array.of(1))
  const notFinite = new UnitList()
  for (const [unit, numbers] of given.entries()) {
    if (isDue()) yield
    const name = `${AMPLITUDES_ATTRIBUTE} of unit ${unit}`
    const array = numbers === undefined ? one : areSingle ? yield* pinnedNumbers(numbers, name) : yield* float64(numbers, name)
    if (numbers !== undefined && !(yield* areFinite(array))) notFinite.add(unit)
    arrays.push(array)
  }
  const bytes = npyHeader(areSingle ? '<f4' : '<f8', [sd.spikeCount])
  const orderedValues = { arrays: yield* nativeArrays(arrays), width: 1 }
  return { file: { name: AMPLITUDES, segments: [{ segment: 'bytes', bytes }], orderedValues }, areKept, missing, notFinite }
}

/** Amplitudes that are on the disk. */
export interface StoredAmplitudes {
  readonly file: PlainFile
  /** Which of the recording's columns of values has them. */
  readonly column: number
}

/** The amplitudes that are on the disk, in the file that they are in from memory. Undefined where there are none. */
export function storedAmplitudes(sd: SpikeData): StoredAmplitudes | undefined {
  const column = sd.valueColumns.findIndex(({ name }) => name === AMPLITUDES_ATTRIBUTE)
  if (column < 0 || sd.spikeCount === 0) return undefined
  const isSingle = sd.valueColumns[column]?.dtype === 'float32'
  const bytes = npyHeader(isSingle ? '<f4' : '<f8', [sd.spikeCount])
  const orderedColumn = { column, type: isSingle ? 'float32' : 'float64' } as const
  return { file: { name: AMPLITUDES, segments: [{ segment: 'bytes', bytes }], orderedColumn }, column }
}

/** The units with amplitudes on the disk that are NaN or infinite. */
export async function storedNotFinite(sd: SpikeData, { column }: StoredAmplitudes, { signal }: ExportOptions): Promise<UnitList> {
  const units = new UnitList()
  for (const unit of await runJob(() => sd.nativeTrains.unitsNotFinite(column), signal)) units.add(unit)
  return units
}

function* areFinite(floats: NumericArray): Steps<boolean> {
  let finite = true
  yield* inRanges(lengthOf(floats), (from, to) => {
    for (let i = from; i < to && finite; i++) finite = Number.isFinite(floats[i])
  })
  return finite
}

function* someHave(attributes: readonly NeuronAttributes[]): Steps<boolean> {
  for (const entry of attributes) {
    if (!isMissing(entry[AMPLITUDES_ATTRIBUTE])) return true
    if (isDue()) yield
  }
  return false
}

/** `count` numbers along one axis; undefined for anything else. */
function* numbersIn(value: unknown, name: string, count: number): Steps<Numbers | undefined> {
  const numbers: unknown = isNDArray(value) && value.shape.length === 1 ? value.data : value
  if (!isNumericArray(numbers) && !Array.isArray(numbers)) return undefined
  if (countOf(numbers, name) !== count) return undefined
  if (isNumericArray(numbers)) return numbers
  for (let i = 0; i < count; i++) {
    if (typeof numbers[i] !== 'number') return undefined
    if (isDue()) yield
  }
  return numbers as number[]
}

/**
 * `pc_features.npy`, float32, spikes × components × channels, and `pc_feature_ind.npy`, the channels of each unit.
 *
 * @throws TypeError, RangeError for anything but one array a unit, as the option describes them
 */
export function* pcFeatureFiles(sd: SpikeData, { map }: PhyChannels, { features, electrodes }: PcFeatures): Steps<PlainFile[]> {
  const name = 'phy.pcFeatures'
  for (const [key, list] of Object.entries({ features, electrodes })) {
    if (list.length !== sd.N) throw invalidValue(`${sd.N}, one a unit,`, `${name}.${key}.length`, list.length)
  }
  const counts = yield* sd.spikeCounts()
  const indices = yield* indicesOf(map)
  let components = 1
  let channels = 1
  let places = unset(Int32Array, sd.N)
  const arrays: NumericArray[] = []
  for (let unit = 0; unit < sd.N; unit++) {
    if (isDue()) yield
    const array: unknown = features[unit]
    if (!isNDArray(array)) throw invalidType('an NDArray', `${name}.features[${unit}]`, array)
    if (unit === 0) {
      const [, firstComponents = 0, firstChannels = 0] = array.shape
      if (array.shape.length !== 3 || firstComponents < 1 || firstChannels < 1) {
        throw invalidValue('spikes × components × channels', `${name}.features[0].shape`, array.shape)
      }
      components = firstComponents
      channels = firstChannels
      places = unset(Int32Array, sd.N * channels)
    }
    const expected = [counts[unit] as number, components, channels]
    if (array.shape.length !== 3 || expected.some((length, axis) => array.shape[axis] !== length)) {
      throw invalidValue(`${expected.join(' × ')}, spikes × components × channels,`, `${name}.features[${unit}].shape`, array.shape)
    }
    arrays.push(yield* float32(array.data, `${name}.features[${unit}]`))
    yield* placesInto(places.subarray(unit * channels, (unit + 1) * channels), electrodes[unit], `${name}.electrodes[${unit}]`, indices)
  }
  const bytes = npyHeader('<f4', [sd.spikeCount, components, channels])
  const orderedValues = { arrays: yield* nativeArrays(arrays), width: components * channels }
  return [
    { name: 'pc_features.npy', segments: [{ segment: 'bytes', bytes }], orderedValues },
    npyArrayFile('pc_feature_ind.npy', places, [sd.N, channels]),
  ]
}

function* float32(numbers: NumericArray, name: string): Steps<NumericArray> {
  if (dtypeOf(numbers) === '<f4') return yield* pinnedNumbers(numbers, name)
  const copy = unset(Float32Array, countOf(numbers, name))
  yield* copyNumbers(numbers, name, copy)
  return pinOwn(copy)
}

/** The channels of electrodes. */
function* placesInto(places: Int32Array, electrodes: unknown, name: string, indices: GrowingMap<number, number>): Steps<void> {
  const ids: unknown = isNDArray(electrodes) ? electrodes.data : electrodes
  if (!isNumericArray(ids) && !Array.isArray(ids)) throw invalidType('an array of electrodes', name, electrodes)
  const count = countOf(ids, name)
  if (count !== places.length) throw invalidValue(`${places.length}, one a channel of the features,`, `${name}.length`, count)
  for (let i = 0; i < count; i++) {
    const id: unknown = ids[i]
    if (typeof id !== 'number' && typeof id !== 'bigint') throw invalidType('an electrode', `${name}[${i}]`, id)
    const place = indices.get(Number(id))
    if (place === undefined) throw invalidValue('one of the channels', `${name}[${i}]`, id)
    places[i] = place
    spend(1)
    if (isDue()) yield
  }
}
