/**
 * The selected unit: intervals, lags and rate, each as a chart and in words.
 */
import { Chart } from './charts.js'
import { byId, setText } from './elements.js'
import { count, counted, percent, short } from './number-text.js'
import type { Report } from './page-parts.js'
import { binStarts, rateText } from './rate-bins.js'

/** The attribute that loaders give an id as. */
const ID_COLUMN = 'unit_id'

export class UnitPanel {
  readonly #report: Report
  readonly #isi = new Chart('isi')
  readonly #lags = new Chart('lags')
  readonly #rate = new Chart('rate')

  constructor(report: Report) {
    this.#report = report
  }

  show(unit: number): void {
    const { info, spikeCounts, violations } = this.#report
    const spikes = spikeCounts[unit]!
    const intervals = Math.max(spikes - 1, 0)
    setText('unit-heading', this.#nameOf(unit))
    const hz = info.lengthMs > 0 ? (spikes / info.lengthMs) * 1000 : NaN
    const violated = `${count(violations[unit]!)} of ${count(intervals)} intervals below ${short(info.refractoryMs)} ms (${percent(violations[unit]!, intervals)})`
    setText('unit-summary', `Unit ${count(unit)}: ${counted(spikes, 'spike')}, ${short(hz)} Hz; ${violated}.`)
    byId<HTMLButtonElement>('previous-unit').disabled = unit === 0
    byId<HTMLButtonElement>('next-unit').disabled = unit === info.units - 1
    this.#showIsi(unit, violated)
    this.#showLags(unit)
    this.#showRate(unit)
  }

  /** With the id that a sorter gave the unit, where it has one. */
  #nameOf(unit: number): string {
    const { info, rows } = this.#report
    const id = rows[unit]?.[info.columns.indexOf(ID_COLUMN)] ?? null
    return id === null ? `Unit ${count(unit)}` : `Unit ${count(unit)} (${ID_COLUMN} ${id})`
  }

  redraw(): void {
    for (const chart of [this.#isi, this.#lags, this.#rate]) chart.redraw()
  }

  #showIsi(unit: number, violated: string): void {
    const { info, isi } = this.#report
    const { binMs, bins } = info.isi
    const counts = isi.subarray(unit * bins, (unit + 1) * bins)
    const end = bins * binMs
    const x = Array.from(counts, (_, bin) => bin * binMs)
    const marked = [0, Math.min(info.refractoryMs, end)] as const
    this.#isi.show({ x, end }, { xLabel: 'Interval (ms)', yLabel: 'Intervals', bars: true, marked }, counts)
    const shown = counts.reduce((sum, each) => sum + each, 0)
    setText(
      'isi-summary',
      `${violated}, marked. ${count(shown)} intervals are below ${short(end)} ms, in bins of ${short(binMs)} ms${mostText(counts, binMs)}.`,
    )
  }

  #showLags(unit: number): void {
    const { info, lags } = this.#report
    const { binMs, bins } = info.lags
    const half = lags.subarray(unit * bins, (unit + 1) * bins)
    const counts = Float64Array.from({ length: 2 * bins }, (_, i) => half[i < bins ? bins - 1 - i : i - bins]!)
    const x = Array.from(counts, (_, i) => (i - bins) * binMs)
    const end = bins * binMs
    this.#lags.show({ x, end }, { xLabel: 'Lag (ms)', yLabel: 'Pairs', bars: true }, counts)
    const pairs = half.reduce((sum, each) => sum + each, 0)
    setText(
      'lags-summary',
      `${count(pairs)} pairs of spikes up to ${short(end)} ms apart, in bins of ${short(binMs)} ms${mostText(half, binMs)}. Both sides are mirror images.`,
    )
  }

  #showRate(unit: number): void {
    const { info, rates } = this.#report
    const { binMs, bins } = info.rates
    const rate = Float64Array.from({ length: bins }, (_, bin) => (binMs > 0 ? (rates[unit * bins + bin]! / binMs) * 1000 : 0))
    this.#rate.show(binStarts(info), { xLabel: 'Time (s)', yLabel: 'Spikes/s', bars: false }, rate)
    setText('rate-summary', rateText('Over the whole recording', rate, binMs))
  }
}

/** Which bin has most, as a part of a sentence. */
function mostText(counts: Uint32Array, binMs: number): string {
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  if (most === 0) return ''
  const bin = counts.indexOf(most)
  return `, most from ${short(bin * binMs)} to ${short((bin + 1) * binMs)} ms (${count(most)})`
}
