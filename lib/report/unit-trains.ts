/**
 * The spike trains of a recording one after the other, in memory or from the disk.
 */
import type { SpikeData } from '../model/spike-data.js'
import { nextTurn, SLICE_MS } from '../steps.js'

/** Units in the order that is given. Trains in memory come without a turn of the event loop, so that many of them are a long turn. */
export async function* unitTrains(
  sd: SpikeData,
  units: Iterable<number>,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ unit: number; times: Float64Array }> {
  let end = performance.now() + SLICE_MS
  for (const unit of units) {
    const times = await sd.loadTrain(unit, signal && { signal })
    yield { unit, times }
    if (performance.now() < end) continue
    await nextTurn(signal)
    end = performance.now() + SLICE_MS
  }
}

/** The numbers of all units. */
export function* allUnits({ N }: SpikeData): Generator<number> {
  for (let unit = 0; unit < N; unit++) yield unit
}
