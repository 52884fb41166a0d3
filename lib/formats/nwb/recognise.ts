/**
 * Recognises NWB files, and finds out what they hold without reading spikes.
 */
import { childrenOf } from '../../engine/reading/groups.js'
import type { Hdf5Dataset } from '../../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { quoted } from '../../errors.js'
import type { Candidate } from '../../jobs/candidate.js'
import type { Findings } from '../../jobs/findings.js'
import { incomplete, valuesUnknown } from '../../jobs/findings.js'
import type { Assumptions, Recognition } from '../../jobs/reader.js'
import { electricalSeries } from '../../sources/nwb-series.js'
import type { RootWindow } from '../hdf5/read-window.js'
import { rootWindow } from '../hdf5/read-window.js'
import type { LoadNwbOptions } from './read.js'
import { requireVersion, windowWith } from './read.js'
import type { ElectrodeTable } from './reading/attribute-names.js'
import { attributeNames } from './reading/attribute-names.js'
import { tablePath } from './reading/electrodes.js'
import { firstSeries } from './reading/session.js'
import { inspectSpikelabUnits } from './reading/spikelab.js'
import type { TableDatasets } from './reading/table.js'
import { tableDatasets } from './reading/table.js'
import { ELECTRODES, frequencyOf, OBSERVED, SPIKE_TIMES, UNITS, unitCountOf } from './reading/units.js'
import type { Observed } from './reading/window.js'
import { observedIntervals } from './reading/window.js'

/** Of more intervals the window is not read. */
const MOST_INTERVALS = 2 ** 16

/** More series are not looked at. */
const MOST_SERIES = 256

/** A version is a mark, and so are the units of SpikeLab's files, which have none. NWB 1.x has its version in a dataset. */
export async function recogniseNwb(candidate: Candidate): Promise<Recognition> {
  const times = `${UNITS}/${SPIKE_TIMES}`
  const [hasOne, ragged] = await Promise.all([hasVersion(candidate), candidate.describeAll(times, `${times}_index`)])
  return hasOne || ragged.every((list) => list?.kind === 'dataset') ? 'mark' : undefined
}

async function hasVersion(candidate: Candidate): Promise<boolean> {
  const [root, version] = await candidate.describeAll('/', '/nwb_version')
  return version !== undefined || Boolean(root?.attributes.has('nwb_version'))
}

/** SpikeLab's files, which have no version, have the ids of electrodes where NWB has rows. */
export async function profileOf(candidate: Candidate): Promise<Assumptions<LoadNwbOptions>> {
  return (await hasVersion(candidate)) ? {} : { options: { profile: 'spikelab' } }
}

/** What a file holds. */
export async function inspectNwb(candidate: Candidate): Promise<Findings> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  const version = await requireVersion(file, signal)
  if (!(await hasVersion(candidate))) return inspectSpikelab(candidate)
  const hasUnits = (await file.describe(UNITS, signal))?.kind === 'group'
  const table: TableDatasets = hasUnits ? await tableDatasets(file, UNITS, signal) : { columns: [], ids: undefined }
  const named = (name: string) => table.columns.find((column) => column.name === name)
  const times = named(SPIKE_TIMES)
  const electrodes = await electrodesOf(file, named(ELECTRODES)?.data, signal)
  const raw = await rawDataOf(file, signal)
  const window = await windowOf(candidate, table)
  const { names, unknown } = await attributeNames(file, table, electrodes, window.observed, signal)
  const fsHz = raw.fsHz ?? frequencyOf(times?.data)
  return {
    variant: 'nwb',
    ...(version !== undefined && { version }),
    ...(fsHz !== undefined && { fsHz }),
    units: unitCountOf(table),
    spikes: times?.data.shape[0] ?? 0,
    ...window.found,
    ...(electrodes && { channels: electrodes.count }),
    attributes: names,
    rawData: raw.rawData,
    warnings: [
      ...(hasUnits ? [] : [incomplete('The file has no table of units: the option allowNoUnits loads a recording without any.')]),
      ...window.warnings,
      ...valuesUnknown(unknown),
      ...raw.warnings,
    ],
  }
}

/** What a file without a version holds of what its profile loads. */
async function inspectSpikelab(candidate: Candidate): Promise<Findings> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  const { startTime = 0, lengthMs } = rootWindow(file, await candidate.root())
  const electrodes = await electrodesOf(file, undefined, signal)
  const units = await inspectSpikelabUnits(file, signal)
  const { rawData, warnings } = await rawDataOf(file, signal)
  return {
    variant: 'spikelab',
    ...units,
    startTimeMs: startTime,
    ...(lengthMs !== undefined && { lengthMs }),
    ...(electrodes && { channels: electrodes.count }),
    rawData,
    warnings: [...units.warnings, ...warnings],
  }
}

/** The electrode table that units refer to, else that of the schema. */
async function electrodesOf(
  file: Hdf5File,
  region: Hdf5Dataset | undefined,
  signal: AbortSignal | undefined,
): Promise<ElectrodeTable | undefined> {
  const path = tablePath(region)
  if ((await file.describe(path, signal))?.kind !== 'group') return undefined
  const { columns, ids } = await tableDatasets(file, path, signal)
  return { count: ids?.shape[0] ?? columns[0]?.data.shape[0] ?? 0, columns: columns.map(({ name }) => name) }
}

/** What is known of a window, and what is not. */
interface FoundWindow {
  found: Pick<Findings, 'startTimeMs' | 'lengthMs'>
  warnings: ExportWarning[]
  /** The observation intervals, if they were read. */
  observed?: Observed | undefined
}

/** The window as the loader takes it, where that is known before the spikes are. */
async function windowOf(candidate: Candidate, { columns, ids }: TableDatasets): Promise<FoundWindow> {
  const file = await candidate.hdf5()
  const { signal } = candidate
  const root = rootWindow(file, await candidate.root())
  const intervals = columns.find(({ name }) => name === OBSERVED)
  const units = unitCountOf({ columns, ids })
  const hasObserved = intervals !== undefined && intervals.data.problem === undefined
  const areMany = hasObserved && Math.max(units, intervals.data.shape[0] ?? 0) > MOST_INTERVALS
  if (areMany && (root.startTime === undefined || root.lengthMs === undefined)) {
    return {
      found: stated(root),
      warnings: [incomplete(`The window is not known, as more than ${MOST_INTERVALS} intervals are not read.`)],
    }
  }
  const observed = hasObserved && !areMany ? await observedIntervals(file, intervals, units, { signal }, undefined) : undefined
  const { startTime, length } = windowWith(root.startTime, root.lengthMs, observed?.window)
  const mayBeWider = observed?.window !== undefined && root.startTime === undefined && root.lengthMs === undefined
  return {
    observed,
    found: stated({ startTime, lengthMs: length }),
    warnings: mayBeWider
      ? [incomplete(`The window is that of ${quoted(OBSERVED)}: spikes outside of it make that of the recording wider.`)]
      : [],
  }
}

function stated({ startTime, lengthMs }: RootWindow): FoundWindow['found'] {
  return { ...(startTime !== undefined && { startTimeMs: startTime }), ...(lengthMs !== undefined && { lengthMs }) }
}

/** Raw data, and the frequency of the first series. */
async function rawDataOf(
  file: Hdf5File,
  signal: AbortSignal | undefined,
): Promise<Pick<Findings, 'rawData' | 'warnings'> & { fsHz?: number | undefined }> {
  if ((await childrenOf(file, '/acquisition', 'group', signal)).length > MOST_SERIES) {
    return { rawData: [], warnings: [incomplete(`Raw data is not looked for, as /acquisition has more than ${MOST_SERIES} groups.`)] }
  }
  const { sampling_rate_hz } = await firstSeries(file, signal)
  return { rawData: await seriesOf(file, signal), fsHz: sampling_rate_hz, warnings: [] }
}

async function seriesOf(file: Hdf5File, signal: AbortSignal | undefined): Promise<Findings['rawData']> {
  const found: Findings['rawData'] = []
  for await (const path of electricalSeries(file, signal)) {
    const data = await file.describe(`${path}/data`, signal)
    if (data?.kind === 'dataset' && data.type.dtype !== undefined) {
      found.push({ name: path, shape: [...data.shape], dtype: data.type.dtype })
    }
  }
  return found
}
