/**
 * A raster for papers: what is drawn where, in points of 1/72 inch, for any kind of picture.
 */
import { invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import { checkedNumber } from '../options/checks.js'
import type { Steps } from '../steps.js'
import { inRanges, inSlices } from '../steps.js'
import { axisFor, tickText } from './page/axis.js'
import { allUnits, unitTrains } from './unit-trains.js'

export interface PlotOptions {
  /** The units from top to bottom. Default: all. */
  readonly units?: readonly number[] | undefined
  /** The stretch of time in ms. Default: the whole recording. */
  readonly startMs?: number | undefined
  readonly endMs?: number | undefined
  /** Default 7 and 4. */
  readonly widthInches?: number | undefined
  readonly heightInches?: number | undefined
  /** Whether the rate of these units together is drawn below. Default false. */
  readonly rate?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { spikesDone: number; spikesTotal: number }) => void) | undefined
}

export interface Line {
  readonly from: readonly [x: number, y: number]
  readonly to: readonly [x: number, y: number]
}

export interface Label {
  readonly at: readonly [x: number, y: number]
  readonly text: string
  /** What of the text is at the place: the middle or the end of its base line. */
  readonly anchor: 'middle' | 'end'
  /** Whether it is read from below. */
  readonly upright?: boolean
}

/** The ticks of one unit. */
export interface PlotRow {
  readonly top: number
  readonly bottom: number
  /** Places in x, in multiples of the resolution, each once. */
  readonly places: Int32Array
}

export interface Plot {
  readonly width: number
  readonly height: number
  /** What places count, in points. */
  readonly resolution: number
  readonly rows: readonly PlotRow[]
  /** The number of ticks, and of the spikes that they stand for: fewer where several are at one place. */
  readonly ticks: number
  readonly spikes: number
  readonly lines: readonly Line[]
  readonly labels: readonly Label[]
}

export const FONT_SIZE = 8
const MARGINS = { left: 44, right: 12, top: 8, bottom: 34 } as const
const TICK_LENGTH = 3.5
const TICK_SPACING = 60
const LABEL_SPACING = 24
/** How much of the height the rate takes, and the space above it. */
const RATE_PART = 0.22
const RATE_GAP = 8
const RATE_BINS = 300
const MOST_INCHES = 100

/** A rectangle that data is drawn in. */
interface Panel {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * @param resolution - how far ticks are apart at least, in points
 * @throws RangeError for units that are not there, a stretch of time without length, and sizes that make no sense
 */
export async function plotOf(sd: SpikeData, options: PlotOptions, resolution: number): Promise<Plot> {
  const { units = [...allUnits(sd)], signal, onProgress } = options
  const foreign = units.find((unit) => unit >= sd.N)
  if (foreign !== undefined) throw invalidValue(`units below ${sd.N}, of which the recording has as many,`, 'units', foreign)
  const { startMs, endMs } = stretch(sd, options)
  const [width, height] = [sizeOf(options, 'widthInches', 7), sizeOf(options, 'heightInches', 4)]
  const inside = { left: MARGINS.left, top: MARGINS.top, width: width - MARGINS.left - MARGINS.right }
  const all = height - MARGINS.top - MARGINS.bottom
  const raster: Panel = { ...inside, height: options.rate === true ? all * (1 - RATE_PART) - RATE_GAP : all }
  const rows: PlotRow[] = []
  const counts = new Float64Array(RATE_BINS)
  const rowHeight = raster.height / Math.max(units.length, 1)
  let [spikes, ticks, read] = [0, 0, 0]
  for await (const { times } of unitTrains(sd, units, signal)) {
    const found = await inSlices(placesOf(times, startMs, endMs, raster, resolution, counts), signal)
    const top = raster.top + rows.length * rowHeight
    rows.push({ top, bottom: top + rowHeight * (rowHeight < 1 ? 1 : 0.85), places: found.places })
    spikes += found.spikes
    ticks += found.places.length
    read += times.length
    onProgress?.({ spikesDone: read, spikesTotal: sd.spikeCount })
  }
  const drawn = [...timeAxis(raster, height - MARGINS.bottom, startMs, endMs), ...unitAxis(raster, units)]
  if (options.rate === true) {
    const panel: Panel = { ...inside, top: MARGINS.top + all * (1 - RATE_PART), height: all * RATE_PART }
    drawn.push(...ratePanel(panel, counts, (endMs - startMs) / RATE_BINS))
  }
  const lines = drawn.filter((each): each is Line => 'from' in each)
  const labels = drawn.filter((each): each is Label => 'text' in each)
  return { width, height, resolution, rows, ticks, spikes, lines, labels }
}

function stretch({ startTime, length }: SpikeData, options: PlotOptions): { startMs: number; endMs: number } {
  const isFinite = (ms: number) => Number.isFinite(ms)
  const startMs = checkedNumber(options.startMs ?? startTime, 'startMs', 'a finite time in ms', isFinite)
  // A recording without length has an axis all the same.
  const endMs = checkedNumber(options.endMs ?? startTime + (length || 1), 'endMs', 'a finite time in ms', isFinite)
  if (!(endMs > startMs)) throw invalidValue(`a time after ${startMs} ms`, 'endMs', endMs)
  return { startMs, endMs }
}

/** A size in points. */
function sizeOf(options: PlotOptions, name: 'widthInches' | 'heightInches', usual: number): number {
  const inches = options[name] ?? usual
  return 72 * checkedNumber(inches, name, `a size in inches from 1 to ${MOST_INCHES}`, (size) => size >= 1 && size <= MOST_INCHES)
}

/** Where spikes of a unit are, and how many; counts them for the rate. */
function* placesOf(
  times: Float64Array,
  startMs: number,
  endMs: number,
  { left, width }: Panel,
  resolution: number,
  counts: Float64Array,
): Steps<{ places: Int32Array; spikes: number }> {
  const [first, end] = [indexFrom(times, (ms) => ms >= startMs), indexFrom(times, (ms) => ms > endMs)]
  const places = new Int32Array(Math.min(Math.max(end - first, 0), Math.ceil(width / resolution) + 2))
  const span = endMs - startMs
  let found = 0
  let before = -1
  yield* inRanges(end - first, (from, to) => {
    for (let i = first + from; i < first + to; i++) {
      const part = (times[i]! - startMs) / span
      const bin = Math.min(Math.floor(part * RATE_BINS), RATE_BINS - 1)
      counts[bin] = counts[bin]! + 1
      // Quotients that should be whole may be a little less.
      const place = Math.floor((left + part * width) / resolution + 1e-6)
      if (place !== before) places[found++] = before = place
    }
  })
  return { places: places.subarray(0, found), spikes: end - first }
}

/** The first of ascending times from which on a test passes. */
function indexFrom(times: Float64Array, passes: (ms: number) => boolean): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (passes(times[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

function* timeAxis({ left, top, width, height }: Panel, bottom: number, startMs: number, endMs: number): Generator<Line | Label> {
  yield { from: [left, bottom], to: [left + width, bottom] }
  // Above the rate, the raster has a line of its own.
  if (top + height < bottom) yield { from: [left, top + height], to: [left + width, top + height] }
  const axis = axisFor(startMs / 1000, endMs / 1000, Math.max(2, width / TICK_SPACING))
  for (const tick of axis.ticks) {
    const x = left + ((tick * 1000 - startMs) / (endMs - startMs)) * width
    yield { from: [x, bottom], to: [x, bottom + TICK_LENGTH] }
    yield { at: [x, bottom + TICK_LENGTH + FONT_SIZE + 1], text: tickText(tick, axis), anchor: 'middle' }
  }
  yield { at: [left + width / 2, bottom + TICK_LENGTH + 2.6 * FONT_SIZE], text: 'Time (s)', anchor: 'middle' }
}

function* unitAxis({ left, top, height }: Panel, units: readonly number[]): Generator<Line | Label> {
  yield { from: [left, top], to: [left, top + height] }
  const rowHeight = height / Math.max(units.length, 1)
  const rows = axisFor(0, Math.max(units.length - 1, 0), Math.max(2, height / LABEL_SPACING))
  for (const row of rows.ticks) {
    const unit = units[row]
    if (unit === undefined) continue
    const y = top + (row + 0.5) * rowHeight
    yield { from: [left - TICK_LENGTH, y], to: [left, y] }
    yield { at: [left - TICK_LENGTH - 2, y + FONT_SIZE * 0.35], text: String(unit), anchor: 'end' }
  }
  yield { at: [FONT_SIZE + 2, top + height / 2], text: 'Unit', anchor: 'middle', upright: true }
}

function* ratePanel({ left, top, width, height }: Panel, counts: Float64Array, binMs: number): Generator<Line | Label> {
  yield { from: [left, top], to: [left, top + height] }
  const rates = counts.map((count) => (count / binMs) * 1000)
  const most = rates.reduce((a, b) => Math.max(a, b), 0) || 1
  const steps = Math.max(2, height / LABEL_SPACING)
  const [, step = most] = axisFor(0, most, steps).ticks
  // The highest tick is at the top.
  const highest = Math.ceil(most / step) * step
  const axis = axisFor(0, highest, Math.max(steps, highest / step))
  const yOf = (rate: number) => top + height * (1 - rate / highest)
  for (const tick of axis.ticks) {
    yield { from: [left - TICK_LENGTH, yOf(tick)], to: [left, yOf(tick)] }
    yield { at: [left - TICK_LENGTH - 2, yOf(tick) + FONT_SIZE * 0.35], text: tickText(tick, axis), anchor: 'end' }
  }
  yield { at: [FONT_SIZE + 2, top + height / 2], text: 'Spikes/s', anchor: 'middle', upright: true }
  const xOf = (bin: number) => left + (bin / RATE_BINS) * width
  for (const [bin, rate] of rates.entries()) {
    if (bin > 0) yield { from: [xOf(bin), yOf(rates[bin - 1]!)], to: [xOf(bin), yOf(rate)] }
    yield { from: [xOf(bin), yOf(rate)], to: [xOf(bin + 1), yOf(rate)] }
  }
}
