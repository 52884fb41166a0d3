/**
 * The vocabulary of mean waveforms: averages of raw samples around the spikes of each unit.
 */
import type { TypeOf } from './schema.js'
import { COUNT, fields, kinds, optional, whole } from './schema.js'

export const MEAN_WAVEFORMS = fields({
  trains: 'trains',
  fsHz: 'positive',
  /** The time of sample 0. */
  startMs: 'number',
  raw: kinds('in', {
    /** Samples of any dtype, rows × samples in C order; and the samples of each row. */
    memory: { data: 'numbers', samples: COUNT },
    /** Those of a file, whose channels are the rows. */
    file: { samples: 'samples' },
  }),
  /** The sample number of the first raw sample. */
  firstSample: whole(-(2 ** 52), 2 ** 52),
  /** A window is from so many samples before a spike's own … */
  samplesBefore: whole(0, 2 ** 16),
  /** … to so many after it, the spike's own included. */
  samplesAfter: whole(0, 2 ** 16),
  /** The row of each channel. */
  rows: 'Int32Array',
  /** The channels of each unit's mean, as many for each, -1 for none; all channels where it is missing. */
  channels: optional('Int32Array'),
})

export type MeanWaveformsRequest = TypeOf<typeof MEAN_WAVEFORMS>
