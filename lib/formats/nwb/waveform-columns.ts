/**
 * The columns of waveforms that the schema has, and attributes can fill.
 */
import type { ColumnValues } from './column-data.js'
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
