/**
 * The bins of rates, and what is said of them.
 */
import { short } from './number-text.js'
import type { PageInfo } from './page-data.js'

/** Where bins begin in s, and where the last one ends. */
export function binStarts({ startMs, lengthMs, rates }: PageInfo): { x: number[]; end: number } {
  // A recording without length has an axis all the same.
  const binMs = lengthMs > 0 ? rates.binMs : 1 / rates.bins
  const at = (bin: number) => (startMs + bin * binMs) / 1000
  return { x: Array.from({ length: rates.bins }, (_, bin) => at(bin)), end: at(rates.bins) }
}

/** A sentence that ends with the highest rate. */
export function rateText(beginning: string, rate: Float64Array, binMs: number): string {
  if (binMs === 0) return 'A recording without length has no rates.'
  return `${beginning}, at most ${short(rate.reduce((a, b) => Math.max(a, b), 0))} spikes/s in bins of ${short(binMs)} ms.`
}
