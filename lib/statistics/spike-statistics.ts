/**
 * Statistics of all units of a recording, computed on the addon's threads: intervals, lags, rates, and the occupancy of a raster.
 */
import { addon } from '../engine/native.js'
import type { StatisticsCounts } from '../engine/native-addon.js'
import { MAX_BINS } from '../engine/plan/spike-statistics.js'
import { runJob } from '../engine/run-job.js'
import { invalidValue } from '../errors.js'
import { repeated } from '../memory/allocation.js'
import { pinOwn } from '../memory/buffers.js'
import type { SpikeData } from '../model/spike-data.js'
import { requireSpikeData, whileOpen } from '../model/spike-data.js'
import type { OptionNames } from '../options/checks.js'
import { checkedNumber, optionsFrom, positiveNumber, wholeNumber } from '../options/checks.js'
import { checkCallbacks } from '../options/export-options.js'
import { rasterBins } from '../recording/windows.js'
import type { Steps } from '../steps.js'
import { inSlices } from '../steps.js'

export interface StatisticsOptions {
  /** The width of an interval's bin in ms; 0.5 by default. */
  readonly isiBinMs?: number
  /** Where the histogram of intervals ends, in ms, rounded up to whole bins; 50 by default. */
  readonly isiMaxMs?: number
  /** Intervals below it are violations, in ms; 2 by default. */
  readonly refractoryMs?: number
  /** The width of a lag's bin in ms; 1 by default. */
  readonly lagBinMs?: number
  /** Where the autocorrelograms end, in ms, rounded up to whole bins; 50 by default. */
  readonly lagMaxMs?: number
  /** The number of bins of the rates, over the whole window; 600 by default. */
  readonly rateBins?: number
  /** The number of bins of the occupancy, over the whole window; 0, the default, for none. */
  readonly occupancyBins?: number
  /** Stops the call: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called a few times a second, and once at the end. If it throws, the call stops and the promise rejects with that error. */
  readonly onProgress?: (progress: { spikesDone: number; spikesTotal: number }) => void
}

/** Counts of each unit in bins of equal width. A count of 2³² or more is 2³² - 1. */
export interface UnitHistograms {
  readonly binMs: number
  readonly bins: number
  /** N × bins, unit by unit. */
  readonly counts: Uint32Array
}

export interface SpikeStatistics {
  /** The spikes of each unit, N. */
  readonly spikeCounts: Float64Array
  /**
   * Intervals between successive spikes of a unit, from 0 to `isiMaxMs`. Bin *j* holds the intervals *d* with `floor(d / binMs) = j`, that is
   * `[j·binMs, (j + 1)·binMs)`. Longer ones are not counted, nor is one of exactly `bins·binMs`. Two spikes of one time have an interval of 0.
   */
  readonly isi: UnitHistograms
  /** The intervals of each unit that are less than `refractoryMs`, N; an interval of exactly `refractoryMs` is none of them. */
  readonly violations: Float64Array
  readonly refractoryMs: number
  /**
   * Pairs of spikes of one unit by lag, from 0 to `lagMaxMs`; the other side is its mirror image. Bins are those of intervals. Each pair counts
   * once, a spike with itself does not: *n* spikes of one time are n·(n − 1) / 2 pairs of lag 0.
   */
  readonly autocorrelograms: UnitHistograms
  /**
   * Spikes in equal bins of the window, from its start on: bin *j* is `[startTime + j·binMs, startTime + (j + 1)·binMs)`, and the last one has the
   * window's end as well. A spike's bin is `floor((t − startTime) / binMs)`, so that a start below 0 is like any other. In a window of length 0,
   * `binMs` is 0 and all spikes are in the first bin.
   */
  readonly rates: UnitHistograms
  /**
   * Whether a unit has a spike in a bin, for bins as those of `rates`: N rows of ceil(bins / 8) bytes, lowest bit first. Undefined without
   * `occupancyBins`.
   */
  readonly occupancy: { readonly binMs: number; readonly bins: number; readonly bits: Uint8Array } | undefined
}

const NAMES: OptionNames<StatisticsOptions> = {
  ...{ isiBinMs: true, isiMaxMs: true, refractoryMs: true, lagBinMs: true, lagMaxMs: true, rateBins: true, occupancyBins: true },
  ...{ signal: true, onProgress: true },
}

/** The most counts of a histogram of all units: the longest array in every version of Node. */
const MAX_COUNTS = 2 ** 32

/**
 * Computes the statistics of all units. Spikes on the disk are read block by block, and the numbers are those of the same spikes in memory.
 *
 * A unit without spikes has counts of 0. Time grows with the spikes and the pairs whose lag is counted, and at most with spikes times lag bins,
 * also where many spikes have one time.
 *
 * @throws TypeError, RangeError for options that make no sense, such as widths that are not finite and above 0, and more than 65536 bins
 * @throws Error with `ERR_INVALID_STATE` for a recording that was closed, with `ERR_MEMORY_ALLOCATION_FAILED` where memory does not suffice for
 *   the counts, or with the file system's `code`; the signal's reason; what `onProgress` throws
 */
export async function spikeStatistics(sd: SpikeData, options?: StatisticsOptions): Promise<SpikeStatistics> {
  requireSpikeData(sd, 'sd')
  const { signal, onProgress, ...given } = optionsFrom<StatisticsOptions>(options, NAMES)
  checkCallbacks({ signal, onProgress })
  const bins = binsFor(given, sd.length)
  for (const { count, option } of Object.values(bins)) requireCounts(sd.N * count, option)
  const refractoryMs = checkedNumber(
    given.refractoryMs ?? 2,
    'refractoryMs',
    'a finite time in ms of 0 or more',
    (ms) => ms >= 0 && ms < Infinity,
  )
  signal?.throwIfAborted()
  return whileOpen([sd], async () => {
    const spikeCounts = await inSlices(sd.spikeCounts(), signal)
    const { isi, lags, rates, occupancy } = bins
    const counts = await inSlices(emptyCounts(sd.N, bins), signal)
    const request = {
      ...{ trains: sd.nativeTrains, startMs: sd.startTime, lengthMs: sd.length, refractoryMs },
      ...{ isiBinMs: isi.widthMs, isiBins: isi.count, lagBinMs: lags.widthMs, lagBins: lags.count },
      ...{ rateBins: rates.count, occupancyBins: occupancy.count },
    }
    const report = onProgress && ((spikesDone: number, spikesTotal: number) => onProgress({ spikesDone, spikesTotal }))
    await runJob(
      (progress) => addon.spikeStatistics(request, counts, progress),
      signal,
      report && ((done, total) => done < total && report(done, total)),
    )
    signal?.throwIfAborted()
    report?.(sd.spikeCount, sd.spikeCount)
    const histograms = ({ widthMs, count }: Bins, counts: Uint32Array): UnitHistograms => ({ binMs: widthMs, bins: count, counts })
    return {
      ...{ spikeCounts, violations: counts.violations, refractoryMs },
      isi: histograms(isi, counts.isi),
      autocorrelograms: histograms(lags, counts.lags),
      rates: histograms(rates, counts.rates),
      occupancy: occupancy.count === 0 ? undefined : { binMs: occupancy.widthMs, bins: occupancy.count, bits: counts.occupancy },
    }
  })
}

/** Bins of one unit, and the option that their number follows from. */
interface Bins {
  readonly widthMs: number
  readonly count: number
  readonly option: keyof StatisticsOptions
}

type AllBins = Readonly<Record<'isi' | 'lags' | 'rates' | 'occupancy', Bins>>

/** @throws TypeError, RangeError for widths and counts that make no sense */
function binsFor(given: StatisticsOptions, lengthMs: number): AllBins {
  const { isiBinMs = 0.5, isiMaxMs = 50, lagBinMs = 1, lagMaxMs = 50, rateBins = 600, occupancyBins = 0 } = given
  const rates = wholeNumber(rateBins, 'rateBins', 1, MAX_BINS)
  const occupancy = wholeNumber(occupancyBins, 'occupancyBins', 0, MAX_BINS)
  return {
    isi: binsUpTo(isiMaxMs, 'isiMaxMs', isiBinMs, 'isiBinMs'),
    lags: binsUpTo(lagMaxMs, 'lagMaxMs', lagBinMs, 'lagBinMs'),
    rates: { widthMs: lengthMs / rates, count: rates, option: 'rateBins' },
    occupancy: { widthMs: occupancy === 0 ? 0 : lengthMs / occupancy, count: occupancy, option: 'occupancyBins' },
  }
}

/** Bins from 0 to `maxMs`, rounded up to whole ones. */
function binsUpTo(maxMs: number, maxName: string, widthMs: number, option: keyof StatisticsOptions): Bins {
  positiveNumber(widthMs, option, 'a width in ms')
  positiveNumber(maxMs, maxName, 'a time in ms')
  const count = Math.max(1, rasterBins(maxMs, widthMs))
  // Not with `>`: infinitely many bins come out as NaN.
  if (!(count <= MAX_BINS)) throw invalidValue(`a width that makes at most ${MAX_BINS} bins`, option, widthMs)
  return { widthMs, count, option }
}

function requireCounts(count: number, name: string): void {
  if (count > MAX_COUNTS) throw invalidValue(`at most ${MAX_COUNTS} counts of all units`, name, count)
}

/** The arrays that native code counts in. */
function* emptyCounts(units: number, { isi, lags, rates, occupancy }: AllBins): Steps<StatisticsCounts> {
  const zeros = function* (bins: number) {
    return pinOwn(yield* repeated(Uint32Array, units * bins, 0))
  }
  return {
    isi: yield* zeros(isi.count),
    lags: yield* zeros(lags.count),
    rates: yield* zeros(rates.count),
    violations: pinOwn(yield* repeated(Float64Array, units, 0)),
    occupancy: pinOwn(yield* repeated(Uint8Array, units * Math.ceil(occupancy.count / 8), 0)),
  }
}
