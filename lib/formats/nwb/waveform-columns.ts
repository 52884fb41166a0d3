/**
 * The columns of waveforms that the schema has, and attributes can fill.
 */
import { invalidValue, quoted } from '../../errors.js'
import { nans, repeated } from '../../memory/allocation.js'
import { NDArray, requireWhole } from '../../memory/ndarray.js'
import { dtypeOf } from '../../memory/typed-arrays.js'
import type { Steps } from '../../steps.js'
import { inRanges, isDue } from '../../steps.js'
import { ndarrayFrom } from './array-column.js'
import type { AttributeValues, ColumnValues } from './column-data.js'
import type { Attributes } from './objects.js'

/** The waveforms of single spikes, which have a second index. */
export const WAVEFORMS = 'waveforms'

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['waveform_mean', 'The mean waveform of each unit in volts, samples or samples × electrodes.'],
  [WAVEFORMS, 'The waveforms of each spike in volts, waveforms × samples: one for each electrode of the unit.'],
  ['waveform_sd', 'The standard deviation of the waveform of each unit in volts, samples or samples × electrodes.'],
])

/** What a column of waveforms has besides its numbers. */
export interface WaveformColumn {
  description: string
  attributes: Attributes
}

/**
 * What the attribute's column has as one of the schema's; undefined where its name or its axes are not those of one: units × samples, or
 * units × samples × electrodes; or waveforms × samples with an index of spikes.
 *
 * @param fsHz - the sampling frequency, if it is known
 */
export function waveformColumn(
  name: string,
  { values, index, outerIndex }: ColumnValues,
  fsHz: number | undefined,
): WaveformColumn | undefined {
  const description = DESCRIPTIONS.get(name)
  if (description === undefined || values.data !== 'numbers' || !('shape' in values.source)) return undefined
  const axes = values.source.shape.length
  const isOfSchema = name === WAVEFORMS ? outerIndex !== undefined : !index && (axes === 2 || axes === 3)
  return isOfSchema ? { description, attributes: { unit: 'volts', sampling_rate: fsHz } } : undefined
}

/** How many electrodes a unit has; undefined where it does not list them. */
export type ElectrodeCount = (unit: number) => number | undefined

/**
 * The waveforms of units that list their electrodes, samples × electrodes: all as wide as the widest, NaN beyond the electrodes of a unit.
 * What is no mean or deviation of the schema stays as it is.
 *
 * @throws RangeError for a waveform of more or fewer electrodes than its unit lists, or whose buffer was transferred, naming the unit
 */
export function* alignedWaveforms(attribute: AttributeValues, countOf: ElectrodeCount): Steps<AttributeValues> {
  const { name, units, values } = attribute
  if (name === WAVEFORMS || !DESCRIPTIONS.has(name)) return attribute
  const arrays: NDArray[] = []
  let widest = 0
  for (const [i, value] of values.entries()) {
    const array = yield* ndarrayFrom(value)
    if (array?.ndim !== 2) return attribute
    const unit = units[i] as number
    requireWhole(array, () => `the attribute ${quoted(name)} of unit ${unit}`)
    const [, width] = array.shape as [number, number]
    const count = countOf(unit)
    if (count !== undefined && width !== count) throw notOfElectrodes(name, unit, 'samples', count, array.shape)
    widest = Math.max(widest, width)
    arrays.push(array)
    if (isDue()) yield
  }
  const aligned: NDArray[] = []
  for (const array of arrays) aligned.push(array.shape[1] === widest ? array : yield* widened(array, widest))
  return { name, units, values: aligned }
}

/** The error for waveforms of a unit that are not of the electrodes that it lists. */
export function notOfElectrodes(name: string, unit: number, axes: string, count: number, shape: readonly number[]): RangeError {
  const expected = `${axes} × ${count}, one for each of the unit's electrodes,`
  return invalidValue(expected, `the shape of the attribute ${quoted(name)} of unit ${unit}`, shape)
}

/** The same rows with NaN behind them; in float64 unless they are float32. */
function* widened({ data, shape }: NDArray, width: number): Steps<NDArray> {
  const [rows, own] = shape as [number, number]
  const wide = dtypeOf(data) === '<f4' ? yield* repeated(Float32Array, rows * width, NaN) : yield* nans(rows * width)
  for (let row = 0; row < rows && own > 0; row++) {
    yield* inRanges(own, (from, to) => {
      for (let i = from; i < to; i++) wide[row * width + i] = Number(data[row * own + i])
    })
  }
  return new NDArray(wide, shape.with(1, width))
}
