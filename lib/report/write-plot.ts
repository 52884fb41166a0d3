/**
 * Writes a plot of a recording as an SVG or PNG file, which appears whole, as those of exporters do.
 */
import { invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import { wholeNumber } from '../options/checks.js'
import type { ExportReport } from '../options/export-options.js'
import { inSlices } from '../steps.js'
import { pixelsOf } from './pixels.js'
import type { PlotOptions } from './plot.js'
import { plotOf } from './plot.js'
import { pngOf } from './png.js'
import { SVG_RESOLUTION, svgOf } from './svg.js'
import type { FileOptions } from './write-file.js'
import { writeFile } from './write-file.js'

const MOST_PIXELS = 1e8

/** What a plot has been drawn with. */
export interface PlotReport extends ExportReport {
  readonly ticks: number
  /** Those that ticks stand for. */
  readonly spikesShown: number
}

export interface PictureOptions extends PlotOptions {
  /** Pixels an inch, of a PNG. Default 300. */
  readonly dpi?: number
}

/** @throws what {@link plotOf} throws, RangeError for more pixels or ticks than a picture may have, and Error with the file system's `code` */
export async function writePlot(
  sd: SpikeData,
  path: string,
  { dpi: given = 300, ...options }: PictureOptions,
  writing: FileOptions,
): Promise<PlotReport> {
  const { signal } = options
  const dpi = wholeNumber(given, 'dpi', 36, 2400)
  const isSvg = path.toLowerCase().endsWith('.svg')
  const resolution = isSvg ? SVG_RESOLUTION : 72 / dpi
  const plot = await plotOf(sd, options, resolution)
  const { ticks, spikes: spikesShown } = plot
  if (isSvg) return { ...(await writeFile(path, await inSlices(svgOf(plot), signal), sd, writing)), ticks, spikesShown }
  if ((plot.width * plot.height) / resolution ** 2 > MOST_PIXELS) throw invalidValue(`at most ${MOST_PIXELS} pixels`, 'dpi', dpi)
  const pixels = await inSlices(pixelsOf(plot, dpi), signal)
  const segments = (await pngOf(pixels, dpi, signal)).map((bytes) => ({ segment: 'bytes', bytes }) as const)
  return { ...(await writeFile(path, segments, sd, writing)), ticks, spikesShown }
}
