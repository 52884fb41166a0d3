/**
 * The vocabulary of statistics of spike trains: how intervals, lags and times are counted.
 */
import type { TypeOf } from './schema.js'
import { fields, whole } from './schema.js'

/** The most bins of one unit. */
export const MAX_BINS = 2 ** 16

export const SPIKE_STATISTICS = fields({
  trains: 'trains',
  /** The window that is cut into bins of rates and of occupancy, in ms. */
  startMs: 'number',
  lengthMs: 'number',
  isiBinMs: 'positive',
  isiBins: whole(1, MAX_BINS),
  /** Intervals below it are violations. */
  refractoryMs: 'number',
  lagBinMs: 'positive',
  lagBins: whole(1, MAX_BINS),
  rateBins: whole(1, MAX_BINS),
  /** 0 for no occupancy. */
  occupancyBins: whole(0, MAX_BINS),
})

export type StatisticsRequest = TypeOf<typeof SPIKE_STATISTICS>
