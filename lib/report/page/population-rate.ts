/**
 * The rate of all units together, over the time that the raster shows.
 */
import { Chart } from './charts.js'
import { setText } from './elements.js'
import { short } from './number-text.js'
import type { Report } from './page-parts.js'
import { binStarts, rateText } from './rate-bins.js'
import type { TimeView } from './time-view.js'

export class PopulationRate {
  readonly #chart = new Chart('population')
  readonly #startMs: number

  constructor({ info, rates }: Report) {
    const { binMs, bins } = info.rates
    this.#startMs = info.startMs
    const rate = new Float64Array(bins)
    for (let i = 0; i < rates.length; i++) rate[i % bins]! += rates[i]!
    for (let bin = 0; bin < bins; bin++) rate[bin] = binMs > 0 ? (rate[bin]! / binMs) * 1000 : 0
    this.#chart.show(binStarts(info), { xLabel: 'Time (s)', yLabel: 'Spikes/s', bars: false }, rate)
    const mean = info.lengthMs > 0 ? (info.spikes / info.lengthMs) * 1000 : NaN
    setText('population-summary', rateText(`All units: ${short(mean)} spikes/s on average`, rate, binMs))
  }

  range({ from, to }: TimeView): void {
    this.#chart.range((this.#startMs + from) / 1000, (this.#startMs + to) / 1000)
  }

  redraw(): void {
    this.#chart.redraw()
  }
}
