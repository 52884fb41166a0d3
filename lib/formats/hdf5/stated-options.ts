/**
 * What a recording states of itself that generic HDF5 files need.
 */
import { statedFrequency, unlessGiven } from '../../jobs/stated.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Hdf5Options } from './options.js'

const UNITS = ['spikeTimesUnit', 'groupTimeUnit', 'timesUnit', 'rawTimeUnit'] as const

/** The sampling frequency, where times are written in samples. */
export function statedOptions(sd: SpikeData, given: object): Partial<Hdf5Options> {
  const units = given as Readonly<Record<(typeof UNITS)[number], unknown>>
  const fsHz = UNITS.some((name) => units[name] === 'samples') ? statedFrequency(sd) : undefined
  return fsHz === undefined ? {} : unlessGiven({ fsHz }, given)
}
