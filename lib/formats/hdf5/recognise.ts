/**
 * Recognises generic HDF5 files, and finds out what they hold without reading spikes.
 */
import { numberIn } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { quoted } from '../../errors.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import { incomplete, unitsUnknown } from '../../jobs/findings.js'
import type { Assumptions, Recognition } from '../../jobs/reader.js'
import { leadsWithStart } from './index-start.js'
import { countOf, isList, list } from './lists.js'
import { TIME_UNITS } from './load-options.js'
import type { Hdf5Style } from './options.js'
import { rasterLength } from './read-styles.js'
import { rootWindow } from './read-window.js'
import type { Names } from './style.js'
import { assumedStyle, MOST_TRIED, recogniseStyle, USUAL_NAMES } from './style.js'

/** The spikes of a group of more datasets are not counted: each has to be looked at. */
const MOST_COUNTED = 4096

/** The beginning of a file that MATLAB has saved as HDF5. */
const MATLAB = /^MATLAB \d[\d.]*(?= MAT-file)/

/** Every HDF5 file that no other format marks as its own. */
export async function recogniseHdf5(candidate: Candidate): Promise<Recognition> {
  return candidate.isHdf5 ? 'structure' : undefined
}

/** The style of a file, all names, and the warning where these are not the usual ones. */
interface FoundStyle {
  file: Hdf5File
  style: Hdf5Style
  names: Readonly<Names>
  assumed: ExportWarning[]
}

async function styleOf(candidate: Candidate): Promise<FoundStyle> {
  const file = await candidate.hdf5()
  const { spikeTimes, spikeTimesIndex } = USUAL_NAMES
  const lists = await candidate.describeAll(spikeTimes, spikeTimesIndex)
  const isRagged = lists.every((found) => found?.kind === 'dataset')
  const found = await recogniseStyle(file, await candidate.root(), isRagged, false, candidate.signal)
  return { file, style: found.style, names: { ...USUAL_NAMES, ...found.names }, assumed: assumedStyle(found) }
}

/**
 * What is assumed of a file that the caller has not named a style for.
 *
 * @throws FormatError for a file without a style, also where the loader, which the caller has not named, would take any group for one
 */
export async function assumptionsOf(candidate: Candidate): Promise<Assumptions> {
  return { warnings: await unitAssumed(candidate, await styleOf(candidate)) }
}

/** The unit of times that a file does not state: files of SpikeLab and this package have the recording's length, and units as by default. */
async function unitAssumed(candidate: Candidate, { style, names }: FoundStyle): Promise<ExportWarning[]> {
  const root = await candidate.root()
  if (style === 'raster' || root?.attributes.has('length_ms')) return []
  const [option, unit] = TIME_UNITS[style]
  const object = { ragged: names.spikeTimes, group: names.group, paired: names.times }[style]
  const message = `The times in ${quoted(object)} are taken for ${unit}, as the file does not state their unit: format 'hdf5' has the option ${option}.`
  return [{ code: 'SPIKEPORT_UNIT_ASSUMED', message }]
}

/** What each style is made of. */
const USED = {
  ragged: ['spikeTimes', 'spikeTimesIndex'],
  paired: ['idces', 'times'],
  group: [],
  raster: ['raster'],
} as const satisfies Record<Hdf5Style, readonly (keyof Names)[]>

/** What a file holds. */
export async function inspectHdf5(candidate: Candidate): Promise<Findings> {
  const found = await styleOf(candidate)
  const { file, style, names, assumed } = found
  const { signal, start } = candidate
  const { startTime = 0, lengthMs } = rootWindow(file, await candidate.root())
  const { warnings = [], ...spikes } = await spikesOf(file, style, names, lengthMs, signal)
  const [producer] = MATLAB.exec(start) ?? []
  return {
    variant: style,
    ...(producer !== undefined && { producer }),
    startTimeMs: startTime,
    ...(lengthMs !== undefined && { lengthMs }),
    attributes: [],
    rawData: await arraysOf(
      file,
      USED[style].map((name) => names[name]),
      signal,
    ),
    warnings: [...assumed, ...warnings, ...(await unitAssumed(candidate, found))],
    ...spikes,
  }
}

/** What only some styles state. */
type OfStyle = Partial<Pick<Findings, 'units' | 'spikes' | 'lengthMs' | 'warnings'>>

async function spikesOf(
  file: Hdf5File,
  style: Hdf5Style,
  names: Readonly<Names>,
  lengthMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<OfStyle> {
  switch (style) {
    case 'ragged': {
      const spikes = countOf(await list(file, names.spikeTimes, signal))
      const index = await list(file, names.spikeTimesIndex, signal)
      const hasStart = lengthMs === undefined && (await leadsWithStart(file, index, signal))
      return { spikes, units: countOf(index) - Number(hasStart) }
    }
    case 'paired': {
      const spikes = countOf(await list(file, names.times, signal))
      return { spikes, warnings: [unitsUnknown(names.idces)] }
    }
    case 'group': {
      const units = (await file.children(names.group, signal)).length
      if (units > MOST_COUNTED) {
        return { units, warnings: [incomplete(`The spikes of more than ${MOST_COUNTED} datasets are not counted.`)] }
      }
      return { units, spikes: (await file.unitDatasets(names.group, signal)).count }
    }
    case 'raster': {
      const { shape, attributes } = await file.dataset(names.raster, signal)
      const widthMs = numberIn(attributes.get('bin_size_ms'))
      const [units = 0, bins = 0] = shape
      if (widthMs === undefined || !(widthMs > 0)) {
        const message = `The width of the bins of ${quoted(names.raster)} is not known: format 'hdf5' has the option rasterBinSizeMs.`
        return { units, warnings: [incomplete(message)] }
      }
      return { units, lengthMs: rasterLength(bins, widthMs) }
    }
  }
}

/**
 * Arrays of several axes in the root group, which may be raw data.
 *
 * @param others - what is known to be none
 */
async function arraysOf(file: Hdf5File, others: readonly string[], signal: AbortSignal | undefined): Promise<Findings['rawData']> {
  const datasets = (await file.children('/', signal)).filter(({ kind }) => kind === 'dataset').slice(0, MOST_TRIED)
  const found = await file.describeAll(
    datasets.map(({ name }) => name),
    signal,
  )
  return found.flatMap((array) =>
    array?.kind === 'dataset' && !others.includes(array.path) && array.shape.length > 1 && !isList(array) && array.type.dtype !== undefined
      ? [{ name: array.path, shape: [...array.shape], dtype: array.type.dtype }]
      : [],
  )
}
