/**
 * The spikes of a report's raster: all of them as long as they are few enough for a page, else the occupancy of bins.
 */
import { unset } from '../memory/allocation.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Steps } from '../steps.js'
import { inRanges, inSlices } from '../steps.js'
import type { PageSpikes } from './page/page-data.js'
import { allUnits, unitTrains } from './unit-trains.js'

/** So many spikes take some 3 MB of the page. */
export const MOST_SPIKES = 2_000_000

/** Times are rounded to it, unless the recording is so long that its end would not fit into 31 bits. */
const RESOLUTION_MS = 0.1
const MOST_TICKS = 2 ** 31 - 1

/** The most bytes of one number in LEB128. */
const MOST_BYTES = 5

/** Room for the occupancy of all units, before compression, and the most bins of a unit. */
const OCCUPANCY_BYTES = 8e6
const MOST_BINS = 65536
const LEAST_BINS = 64

/** How many bins a unit's occupancy has; 0 where all spikes are shown. */
export function occupancyBins({ N, spikeCount }: SpikeData): number {
  if (spikeCount <= MOST_SPIKES) return 0
  return Math.max(LEAST_BINS, Math.min(MOST_BINS, Math.floor((8 * OCCUPANCY_BYTES) / N)))
}

/** The times of all spikes from the start of the window on. */
export async function codedSpikes(sd: SpikeData, signal?: AbortSignal): Promise<{ raster: PageSpikes; bytes: Uint8Array }> {
  const resolutionMs = resolutionFor(sd.length)
  const bytes = unset(Uint8Array, sd.spikeCount * MOST_BYTES)
  let end = 0
  for await (const { times } of unitTrains(sd, allUnits(sd), signal)) {
    end = await inSlices(coded(times, sd.startTime, resolutionMs, bytes, end), signal)
  }
  return { raster: { kind: 'spikes', resolutionMs }, bytes: bytes.subarray(0, end) }
}

function resolutionFor(lengthMs: number): number {
  let resolutionMs = RESOLUTION_MS
  while (lengthMs / resolutionMs > MOST_TICKS) resolutionMs *= 10
  return resolutionMs
}

/** Writes one unit's differences from `start` on, and returns where they end. */
function* coded(times: Float64Array, startMs: number, resolutionMs: number, bytes: Uint8Array, start: number): Steps<number> {
  let end = start
  let before = 0
  yield* inRanges(times.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const tick = Math.round((times[i]! - startMs) / resolutionMs)
      let difference = tick - before
      before = tick
      for (; difference > 0x7f; difference >>>= 7) bytes[end++] = (difference & 0x7f) | 0x80
      bytes[end++] = difference
    }
  })
  return end
}
