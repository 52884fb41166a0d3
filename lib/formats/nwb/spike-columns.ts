/**
 * Columns with values for each spike: ragged, with the index of the spike times.
 */
import { nativeArrays } from '../../engine/native-arrays.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidType, invalidValue, quoted } from '../../errors.js'
import { repeated, unset } from '../../memory/allocation.js'
import type { NDArray } from '../../memory/ndarray.js'
import { requireWhole } from '../../memory/ndarray.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { commonOf, MOST_AXES, ndarrayFrom } from './array-column.js'
import type { AttributeValues, HeldData } from './column-data.js'
import { joinedNumbers, pinnedArrays } from './joined-numbers.js'
import { indexType } from './table.js'
import type { ElectrodeCount } from './waveform-columns.js'
import { notOfElectrodes } from './waveform-columns.js'

/** The spikes that values belong to. */
export interface UnitSpikes {
  trains: SpikeData['nativeTrains']
  /** How many each unit has. */
  counts: Float64Array
}

/** The values of the units that have spikes: arrays whose first axis is the spikes. */
interface SpikeValues {
  units: number[]
  arrays: NDArray[]
}

/**
 * A column with a value, or an array of one shape, for each spike.
 *
 * @throws TypeError, RangeError for a unit whose values are not one for each of its spikes
 */
export function* spikeColumn(attribute: AttributeValues, spikes: UnitSpikes): Steps<HeldData> {
  const found = yield* spikeValues(attribute, spikes)
  if (found instanceof Error) throw found
  const { arrays } = found
  const index = spikeIndex(spikes)
  if (arrays.length === 0) return { values: { data: 'numbers', source: { kind: 'array', data: new Float64Array(0), shape: [0] } }, index }
  const common = yield* commonOf(arrays)
  if (!common) throw differing(attribute, 'arrays of one dtype, and of one shape for each spike,')
  const source = yield* joinedNumbers(arrays, common.type, [spikes.trains.spikeCount, ...common.rest])
  return { values: { data: 'numbers', source }, index }
}

/**
 * The column of the schema with the waveforms of single spikes, from arrays of spikes × samples, or spikes × samples × electrodes. In
 * the file they are waveforms × samples, and each spike has a waveform for each electrode.
 *
 * @param countOf - how many electrodes each unit lists, if any unit does
 * @returns the error for values of other shapes
 * @throws RangeError for waveforms of more or fewer electrodes than their unit lists
 */
export function* spikeWaveforms(
  attribute: AttributeValues,
  spikes: UnitSpikes,
  countOf: ElectrodeCount | undefined,
): Steps<HeldData | Error> {
  const found = yield* spikeValues(attribute, spikes)
  if (found instanceof Error) return found
  const { units, arrays } = found
  if (arrays.length === 0) return differing(attribute, 'waveforms of spikes')
  const { trains, counts } = spikes
  const each = yield* repeated(Int32Array, trains.unitCount, 0)
  const columns = unset(Int32Array, arrays.length)
  // As if all were of one electrode.
  const flat: Pick<NDArray, 'data' | 'shape'>[] = []
  let total = 0
  let areMatrices = false
  const samples = arrays[0]?.shape[1] ?? 0
  for (const [i, { data, shape }] of arrays.entries()) {
    const [, length, electrodes = 1] = shape
    const isFit = shape.length === 2 || shape.length === 3
    if (!isFit || length !== samples || samples === 0 || electrodes === 0) {
      return differing(attribute, 'arrays of spikes × samples, or spikes × samples × electrodes, with as many samples each,')
    }
    const unit = units[i] as number
    const listed = countOf?.(unit)
    if (listed !== undefined && electrodes !== listed) throw notOfElectrodes(attribute.name, unit, 'spikes × samples', listed, shape)
    each[unit] = columns[i] = electrodes
    total += (counts[unit] as number) * electrodes
    areMatrices ||= electrodes > 1
    flat.push({ data, shape: [counts[unit] as number, samples] })
    if (isDue()) yield
  }
  const common = yield* commonOf(flat)
  if (!common) return differing(attribute, 'arrays of one dtype')
  const shape = [total, samples]
  const source: Source = areMatrices
    ? { kind: 'joined', arrays: yield* nativeArrays(yield* pinnedArrays(arrays, common.type)), shape, columns }
    : yield* joinedNumbers(arrays, common.type, shape)
  return {
    values: { data: 'numbers', source },
    index: { kind: 'spikeValuesIndex', trains, each, type: indexType(total) },
    outerIndex: spikeIndex(spikes),
  }
}

/** A column of the values that a recording has on the disk, of each spike. */
export function storedSpikeColumn(column: number, spikes: Pick<UnitSpikes, 'trains'>): HeldData {
  return {
    values: { data: 'numbers', source: { kind: 'spikeValues', trains: spikes.trains, column } },
    index: spikeIndex(spikes),
  }
}

/** Whether an attribute's column has as many values for each unit as that has spikes. */
export function* haveValueEach({ values, index }: HeldData, counts: Float64Array): Steps<boolean> {
  if (index && index.kind !== 'array') return true
  const shape = values.data === 'numbers' && 'shape' in values.source ? values.source.shape : []
  if (!index && shape.length < 2) return false
  let end = 0
  for (const [unit, count] of counts.entries()) {
    end += count
    if (index ? index.data[unit] !== end : shape[1] !== count) return false
    if (isDue()) yield
  }
  return true
}

/** The values of the units that have spikes; or the error for the first unit that has not one for each. */
function* spikeValues({ name, units, values }: AttributeValues, { counts }: UnitSpikes): Steps<SpikeValues | Error> {
  const found: SpikeValues = { units: [], arrays: [] }
  let next = 0
  for (const [unit, count] of counts.entries()) {
    if (isDue()) yield
    const value = units[next] === unit ? values[next++] : undefined
    if (count === 0 && value === undefined) continue
    const option = () => `the attribute ${quoted(name)} of unit ${unit}`
    const array = value === undefined ? undefined : yield* ndarrayFrom(value)
    if (!array || array.ndim === 0 || array.ndim > MOST_AXES)
      return invalidType('an array of numbers, one for each spike,', option(), value)
    requireWhole(array, option)
    const { [0]: length } = array.shape
    if (length !== count) return invalidValue(`${count}, one value for each spike,`, `the length of ${option()}`, length)
    if (count === 0) continue
    found.units.push(unit)
    found.arrays.push(array)
  }
  return found
}

function spikeIndex({ trains }: Pick<UnitSpikes, 'trains'>): Source {
  return { kind: 'spikeTimesIndex', trains, type: indexType(trains.spikeCount) }
}

function differing({ name, values }: AttributeValues, expected: string): RangeError {
  return invalidValue(expected, `the attribute ${quoted(name)}`, values[0])
}
