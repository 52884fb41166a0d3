/**
 * What a report shows, from a recording and the statistics of its units.
 */
import type { SpikeData } from '../model/spike-data.js'
import { spikeStatistics } from '../statistics/spike-statistics.js'
import { inSlices } from '../steps.js'
import { attributeTable } from './attribute-rows.js'
import type { PageInfo, PageRow, PartName } from './page/page-data.js'
import { codedSpikes, occupancyBins } from './raster-data.js'
import { unitPositions } from './unit-positions.js'

/** The rates of all units have at most so many bins, and those of one unit these. */
const RATE_COUNTS = 4e6
const MOST_RATE_BINS = 600
const LEAST_RATE_BINS = 60

/** What the page says of where the recording comes from. */
export type ReportSource = Pick<PageInfo, 'title' | 'source' | 'format' | 'version'>

export interface ReportOptions {
  /** Intervals below it are violations, in ms. Default 2. */
  readonly refractoryMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { spikesDone: number; spikesTotal: number }) => void
}

export interface ReportData {
  readonly info: PageInfo
  readonly rows: readonly PageRow[]
  /** Little-endian, not compressed yet. */
  readonly parts: ReadonlyMap<PartName, Float64Array | Uint32Array | Uint8Array>
}

/** @throws RangeError for a refractory period that makes no sense; what {@link spikeStatistics} throws */
export async function reportData(sd: SpikeData, source: ReportSource, options: ReportOptions = {}): Promise<ReportData> {
  const { signal } = options
  const rateBins = Math.max(LEAST_RATE_BINS, Math.min(MOST_RATE_BINS, Math.floor(RATE_COUNTS / Math.max(sd.N, 1))))
  const statistics = await spikeStatistics(sd, { ...options, rateBins, occupancyBins: occupancyBins(sd) })
  const { rates, isi, autocorrelograms: lags, occupancy } = statistics
  const { raster, bytes } = occupancy
    ? { raster: { kind: 'occupancy', binMs: occupancy.binMs, bins: occupancy.bins } as const, bytes: occupancy.bits }
    : await codedSpikes(sd, signal)
  const { columns, leftOut, rows } = await inSlices(attributeTable(sd.N, sd.neuronAttributes), signal)
  const positions = await inSlices(unitPositions(sd.neuronAttributes), signal)
  const bins = ({ binMs, bins }: { binMs: number; bins: number }) => ({ binMs, bins })
  return {
    info: {
      ...source,
      ...{ units: sd.N, spikes: sd.spikeCount, startMs: sd.startTime, lengthMs: sd.length },
      ...{ refractoryMs: statistics.refractoryMs, raster, rates: bins(rates), isi: bins(isi), lags: bins(lags) },
      ...{ columns, columnsLeftOut: leftOut, hasPositions: positions !== undefined },
    },
    rows,
    parts: new Map<PartName, Float64Array | Uint32Array | Uint8Array>([
      ['spikeCounts', statistics.spikeCounts],
      ['violations', statistics.violations],
      ['rates', rates.counts],
      ['isi', isi.counts],
      ['lags', lags.counts],
      ['raster', bytes],
      ...(positions ? ([['positions', positions]] as const) : []),
    ]),
  }
}
