/**
 * The columns of waveforms that the schema has, and attributes can fill.
 */
import type { ColumnValues } from './column-data.js'
import type { Attributes } from './objects.js'

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['waveform_mean', 'The mean waveform of each unit in volts, samples or samples × electrodes.'],
  ['waveform_sd', 'The standard deviation of the waveform of each unit in volts, samples or samples × electrodes.'],
])

/** What a column of waveforms has besides its numbers. */
export interface WaveformColumn {
  description: string
  attributes: Attributes
}

/**
 * What the attribute's column has as one of the schema's; undefined where its name or its axes are not those of one: units × samples, or
 * units × samples × electrodes.
 *
 * @param fsHz - the sampling frequency, if it is known
 */
export function waveformColumn(name: string, { values, index }: ColumnValues, fsHz: number | undefined): WaveformColumn | undefined {
  const description = DESCRIPTIONS.get(name)
  if (description === undefined || values.data !== 'numbers' || values.source.kind !== 'array' || index) return undefined
  const axes = values.source.shape.length
  return axes === 2 || axes === 3 ? { description, attributes: { unit: 'volts', sampling_rate: fsHz } } : undefined
}
