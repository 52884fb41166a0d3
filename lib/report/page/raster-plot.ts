/**
 * The raster: a canvas of ticks, one pixel of the style wide, over a canvas with the axes. The first unit of a page is on top.
 */
import { axisFor, tickText } from './axis.js'
import { byId, sharpCanvas } from './elements.js'
import type { Report } from './page-parts.js'
import { colour } from './theme.js'
import type { TimeView } from './time-view.js'

/** Room for the axes, in pixels of the style. */
export const MARGINS = { left: 66, right: 14, top: 6, bottom: 40 } as const

const TICK_SPACING = 80
const LABEL_SPACING = 32
const MOST_GAP = 6
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif'

/** The units that are shown. */
export interface UnitPage {
  readonly first: number
  readonly count: number
}

export class RasterPlot {
  readonly ticks = byId<HTMLCanvasElement>('raster-ticks')
  readonly #axes = byId<HTMLCanvasElement>('raster-axes')
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** The unit at a height of the canvas of ticks; undefined where there is none. */
  unitAt(y: number, { first, count }: UnitPage): number | undefined {
    const row = Math.floor((y / this.ticks.clientHeight) * count)
    return row >= 0 && row < count ? first + row : undefined
  }

  draw(view: TimeView, page: UnitPage, selected: number): void {
    const { clientWidth, clientHeight } = byId('raster')
    const width = Math.max(clientWidth - MARGINS.left - MARGINS.right, 40)
    const height = clientHeight - MARGINS.top - MARGINS.bottom
    const { style } = this.ticks
    style.left = `${MARGINS.left}px`
    style.top = `${MARGINS.top}px`
    style.width = `${width}px`
    style.height = `${height}px`
    this.#drawTicks(sharpCanvas(this.ticks, width, height), view, page)
    this.#drawAxes(sharpCanvas(this.#axes, clientWidth, clientHeight), width, height, view, page, selected)
  }

  #drawTicks(context: CanvasRenderingContext2D, { from, span }: TimeView, { first, count }: UnitPage): void {
    const { width, height } = this.ticks
    const image = context.createImageData(width, height)
    const pixels = new Uint32Array(image.data.buffer)
    const black = ink()
    const thickness = Math.max(1, Math.round(devicePixelRatio))
    const columns = new Uint8Array(width)
    const rowHeight = height / count
    for (let row = 0; row < count; row++) {
      columns.fill(0)
      this.#report.spikes.mark(columns, first + row, from, span / width)
      const top = Math.round(row * rowHeight)
      const bottom = Math.max(top + 1, Math.round((row + 1) * rowHeight) - gapOf(rowHeight))
      for (let x = 0; x < width; x++) {
        if (columns[x] === 0) continue
        for (let y = top; y < bottom; y++) pixels.fill(black, y * width + x, y * width + Math.min(x + thickness, width))
      }
    }
    context.putImageData(image, 0, 0)
  }

  #drawAxes(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    view: TimeView,
    { first, count }: UnitPage,
    selected: number,
  ): void {
    const ratio = devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.translate(MARGINS.left, MARGINS.top)
    context.font = FONT
    const rowHeight = height / Math.max(count, 1)
    if (selected >= first && selected < first + count) {
      context.fillStyle = colour('chosen')
      context.fillRect(0, (selected - first) * rowHeight, width, Math.max(rowHeight, 1))
    }
    context.strokeStyle = colour('line')
    context.strokeRect(-0.5, -0.5, width + 1, height + 1)
    context.fillStyle = colour('soft')
    const start = this.#report.info.startMs
    const axis = axisFor((start + view.from) / 1000, (start + view.to) / 1000, Math.max(2, width / TICK_SPACING))
    context.textAlign = 'center'
    context.textBaseline = 'top'
    for (const tick of axis.ticks) {
      const x = ((tick * 1000 - start - view.from) / view.span) * width
      context.fillRect(Math.round(x), height, 1, 5)
      // Inside of the canvas on either side.
      const text = tickText(tick, axis)
      const half = context.measureText(text).width / 2
      context.fillText(text, Math.min(Math.max(x, half - MARGINS.left), width + MARGINS.right - half), height + 8)
    }
    context.fillText('Time (s)', width / 2, height + 24)
    context.textAlign = 'right'
    context.textBaseline = 'middle'
    const units = axisFor(first, first + Math.max(count - 1, 0), Math.max(2, height / LABEL_SPACING))
    for (const unit of units.ticks) {
      if (unit >= first + count || !Number.isInteger(unit)) continue
      const y = (unit - first + 0.5) * rowHeight
      context.fillRect(-5, Math.round(y), 5, 1)
      context.fillText(String(unit), -9, y)
    }
    context.textAlign = 'center'
    context.rotate(-Math.PI / 2)
    context.fillText('Unit', -height / 2, 9 - MARGINS.left)
  }
}

/** The pixels between two rows. */
function gapOf(rowHeight: number): number {
  return rowHeight < 4 ? 0 : Math.min(Math.max(1, Math.round(rowHeight * 0.15)), MOST_GAP * devicePixelRatio)
}

/** The colour of ticks, which is written `#rrggbb`, as one number in the byte order of this machine. */
function ink(): number {
  const rgb = Number.parseInt(colour('tick').slice(1), 16)
  return new Uint32Array(Uint8Array.of(rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255).buffer)[0]!
}
