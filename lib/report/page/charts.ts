/**
 * Histograms and rates, drawn by uPlot.
 */
import uPlot from 'uplot'
import type { Axis } from './axis.js'
import { axisFor, tickText } from './axis.js'
import { byId } from './elements.js'
import { colour } from './theme.js'

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif'
const TICK_SPACING = 80
const LABEL_SPACING = 50
const LEFT = 66
const RIGHT = 14

/** There is no room for more digits. */
const LONG = 100_000
const compact = new Intl.NumberFormat('en', { notation: 'compact' })

/** The bins of a chart: where they begin, and where the last one ends. */
export interface ChartBins {
  readonly x: readonly number[]
  readonly end: number
}

export interface ChartKind {
  readonly xLabel: string
  readonly yLabel: string
  /** A range of x that is marked, from a number to another. */
  readonly marked?: readonly [from: number, to: number]
  readonly bars: boolean
}

export class Chart {
  readonly #host: HTMLElement
  #plot: uPlot | undefined
  #bins: ChartBins = { x: [], end: 1 }
  #values: ArrayLike<number> = []
  #kind: ChartKind | undefined
  /** Undefined for all of x. */
  #range: uPlot.Range.MinMax | undefined

  constructor(id: string) {
    this.#host = byId(id)
  }

  show(bins: ChartBins, kind: ChartKind, values: ArrayLike<number>): void {
    this.#bins = bins
    this.#values = values
    this.#kind = kind
    this.redraw()
  }

  /** Shows a part of x. */
  range(min: number, max: number): void {
    this.#range = [min, max]
    this.#plot?.setScale('x', { min, max })
  }

  /** Draws it in the colours and the size of now. */
  redraw(): void {
    if (!this.#kind) return
    this.#plot?.destroy()
    const { x, end } = this.#bins
    const y = Array.from(this.#values)
    // The last bin has a width as well: a point more for lines.
    const data = this.#kind.bars
      ? [x, y]
      : [
          [...x, end],
          [...y, y.at(-1) ?? 0],
        ]
    this.#plot = new uPlot(this.#options(this.#kind), data as uPlot.AlignedData, this.#host)
  }

  #options({ xLabel, yLabel, marked, bars }: ChartKind): uPlot.Options {
    const { x, end } = this.#bins
    const axis = { stroke: colour('soft'), font: FONT, labelFont: FONT, labelGap: 0, labelSize: 18 }
    const lines = { grid: { stroke: colour('grid'), width: 1 }, ticks: { stroke: colour('line'), width: 1, size: 5 } }
    const paths = bars ? uPlot.paths.bars?.({ size: [1, Infinity], align: 1, gap: 0 }) : uPlot.paths.stepped?.({ align: 1 })
    return {
      width: this.#host.clientWidth,
      height: this.#host.clientHeight,
      padding: [8, RIGHT, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => this.#range ?? [x[0] ?? 0, end] },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
      },
      axes: [
        { ...axis, ...lines, grid: { show: false }, size: 24, label: xLabel, ...ticksFor(this.#host.clientWidth / TICK_SPACING) },
        { ...axis, ...lines, size: LEFT - 18, label: yLabel, ...ticksFor(this.#host.clientHeight / LABEL_SPACING, bars) },
      ],
      series: [
        {},
        {
          stroke: bars ? colour('bar') : colour('accent'),
          fill: bars ? colour('bar') : colour('fill'),
          width: bars ? 0 : 1.25,
          points: { show: false },
          ...(paths && { paths }),
        },
      ],
      hooks: { drawClear: marked ? [(plot) => markRange(plot, marked)] : [] },
    }
  }
}

/**
 * Round numbers, as those of the raster.
 *
 * @param areWhole - for counts
 */
function ticksFor(most: number, areWhole = false): Pick<uPlot.Axis, 'splits' | 'values'> {
  const axisOf = (min: number, max: number) => axisFor(min, max, Math.max(2, most))
  return {
    splits: (_, __, min, max) => axisOf(min, max).ticks.filter((tick) => !areWhole || Number.isInteger(tick)),
    values: (_, splits) => splits.map((tick) => (Math.abs(tick) < LONG ? tickText(tick, digitsOf(splits)) : compact.format(tick))),
  }
}

function digitsOf(ticks: readonly number[]): Axis {
  const digits = Math.max(0, ...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0))
  return { ticks, digits }
}

function markRange({ ctx, bbox, valToPos }: uPlot, [from, to]: readonly [number, number]): void {
  const [left, right] = [valToPos(from, 'x', true), valToPos(to, 'x', true)]
  ctx.save()
  ctx.fillStyle = colour('violation-fill')
  ctx.fillRect(left, bbox.top, right - left, bbox.height)
  ctx.fillStyle = colour('violation')
  ctx.fillRect(right, bbox.top, Math.max(1, Math.round(devicePixelRatio)), bbox.height)
  ctx.restore()
}
