/**
 * A picture of grey pixels that a plot is drawn in.
 */
import { repeated } from '../memory/allocation.js'
import type { Steps } from '../steps.js'
import { isDue, spend } from '../steps.js'
import type { Label, Plot } from './plot.js'
import { FONT_SIZE } from './plot.js'
import { strokesOf } from './stroke-font.js'

const WHITE = 255
/** In points. */
const TICK_WIDTH = 0.5
const LINE_WIDTH = 0.6

export interface Pixels {
  readonly width: number
  readonly height: number
  /** One byte each, row by row: 0 is black. */
  readonly data: Uint8Array
}

/** Ticks are whole pixels, so that none looks paler than another. */
export function* pixelsOf({ width, height, rows, lines, labels }: Plot, dpi: number): Steps<Pixels> {
  const scale = dpi / 72
  const [columns, count] = [Math.round(width * scale), Math.round(height * scale)]
  const pixels = { width: columns, height: count, data: yield* repeated(Uint8Array, columns * count, WHITE) }
  const thickness = Math.max(1, Math.round(TICK_WIDTH * scale))
  for (const { top, bottom, places } of rows) {
    const from = Math.round(top * scale)
    const to = Math.max(from + 1, Math.round(bottom * scale))
    for (const x of places) {
      fill(pixels, x, from, x + thickness, to)
      spend(32 * (to - from))
      if (isDue()) yield
    }
  }
  const line = Math.max(1, Math.round(LINE_WIDTH * scale))
  for (const { from, to } of lines) {
    const [x, right] = [from[0], to[0]].sort((a, b) => a - b).map((at) => Math.round(at * scale)) as [number, number]
    const [y, bottom] = [from[1], to[1]].sort((a, b) => a - b).map((at) => Math.round(at * scale)) as [number, number]
    fill(pixels, x, y, right + line, bottom + line)
    if (isDue()) yield
  }
  for (const label of labels) {
    drawText(pixels, label, scale)
    if (isDue(64)) yield
  }
  return pixels
}

function fill({ width, height, data }: Pixels, left: number, top: number, right: number, bottom: number): void {
  for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
    data.fill(0, y * width + Math.max(left, 0), y * width + Math.min(right, width))
  }
}

function drawText(pixels: Pixels, { at, text, anchor, upright }: Label, scale: number): void {
  const { width, thickness, strokes } = strokesOf(text, FONT_SIZE)
  const back = anchor === 'middle' ? width / 2 : width
  const place = ([x, y]: readonly [number, number]): [number, number] => {
    const [along, down] = [x - back, y]
    const [dx, dy] = upright ? [down, -along] : [along, down]
    return [(at[0] + dx) * scale, (at[1] + dy) * scale]
  }
  for (const [from, to] of strokes) drawStroke(pixels, place(from), place(to), (thickness * scale) / 2)
}

/** A line with round ends. A pixel is as dark as the line covers it, judged by the distance of its middle. */
function drawStroke({ width, height, data }: Pixels, from: [number, number], to: [number, number], radius: number): void {
  const reach = radius + 1
  const [left, right] = [Math.min(from[0], to[0]) - reach, Math.max(from[0], to[0]) + reach]
  const [top, bottom] = [Math.min(from[1], to[1]) - reach, Math.max(from[1], to[1]) + reach]
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const squared = dx * dx + dy * dy
  for (let y = Math.max(Math.floor(top), 0); y < Math.min(bottom, height); y++) {
    for (let x = Math.max(Math.floor(left), 0); x < Math.min(right, width); x++) {
      const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]]
      const part = squared === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / squared, 0), 1)
      const covered = radius + 0.5 - Math.hypot(px - part * dx, py - part * dy)
      const grey = Math.round(WHITE * (1 - Math.min(Math.max(covered, 0), 1)))
      const index = y * width + x
      if (grey < data[index]!) data[index] = grey
    }
  }
}
