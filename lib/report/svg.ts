/**
 * A plot as SVG: every tick is a line of its own that a program for drawing can take apart.
 */
import { segmentsForPlan } from '../engine/native-lists.js'
import type { FilePlan } from '../engine/plan/byte-segments.js'
import { SegmentBuilder } from '../engine/plan/segment-builder.js'
import { invalidValue } from '../errors.js'
import type { Steps } from '../steps.js'
import { isDue } from '../steps.js'
import type { Label, Plot } from './plot.js'
import { FONT_SIZE } from './plot.js'

/** In points: what is nearer is one tick. */
export const SVG_RESOLUTION = 0.01

/** Programs for drawing do not open files with more. */
const MOST_TICKS = 2_000_000

/** @throws RangeError for more ticks than programs open */
export function* svgOf({ width, height, rows, ticks, lines, labels, resolution }: Plot): Steps<FilePlan['segments']> {
  if (ticks > MOST_TICKS) {
    throw invalidValue(`a .png, fewer units or less time, as an SVG has at most ${MOST_TICKS} ticks,`, 'output', ticks)
  }
  const out = new SegmentBuilder()
  const inches = (points: number) => `${numberText(points / 72)}in`
  out.latin1(`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${inches(width)}" height="${inches(height)}" viewBox="0 0 ${numberText(width)} ${numberText(height)}">
<title>Raster of spikes</title>
<rect width="100%" height="100%" fill="#fff"/>
<g id="ticks" fill="none" stroke="#000" stroke-width="0.5">
`)
  for (const { top, bottom, places } of rows) {
    if (places.length === 0) continue
    const after = ` ${numberText(top)}v${numberText(bottom - top)}`
    out.latin1('<path d="')
    for (const place of places) {
      out.latin1(`M${numberText(place * resolution)}${after}`)
      if (isDue()) yield
    }
    out.latin1('"/>\n')
  }
  out.latin1('</g>\n<g id="axes" fill="none" stroke="#000" stroke-width="0.6" stroke-linecap="square">\n')
  for (const { from, to } of lines) out.latin1(`<path d="M${from.map(numberText).join(' ')}L${to.map(numberText).join(' ')}"/>\n`)
  out.latin1(`</g>\n<g id="labels" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="${FONT_SIZE}">\n`)
  for (const label of labels) out.utf8(labelText(label))
  out.latin1('</g>\n</svg>\n')
  return yield* segmentsForPlan(out.finish())
}

function labelText({ at, text, anchor, upright }: Label): string {
  const [x, y] = at.map(numberText)
  const turned = upright ? ` transform="rotate(-90 ${x} ${y})"` : ''
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${turned}>${text}</text>\n`
}

function numberText(points: number): string {
  return String(Math.round(points * 100) / 100)
}
