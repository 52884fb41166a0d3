/**
 * Reads KiloSort and Phy folders.
 */
import type { ExportWarning } from '../../engine/warnings.js'
import { columnsLeftOut, listed } from '../../engine/warnings.js'
import { FormatError, invalidValue, printable, quoted } from '../../errors.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad } from '../../jobs/load-call.js'
import { withLocalFolder } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import { unset } from '../../memory/allocation.js'
import type { GrowingMap } from '../../memory/growing-map.js'
import { SpikeData } from '../../model/spike-data.js'
import { timeConversion } from '../../options/time-unit.js'
import type { LazySpool, SpooledSpikes } from '../../recording/lazy-loading.js'
import { recordingOf } from '../../recording/lazy-loading.js'
import type { LoadedSpikes } from '../../recording/loaded-spikes.js'
import { halfASample, movedSpikes } from '../../recording/loaded-spikes.js'
import type { TrainProblem } from '../../recording/spike-data-builder.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue } from '../../steps.js'
import type { LoadOptionsFor } from '../../storage/s3-options.js'
import type { KilosortSettings, LoadKilosortOptions } from './load-options.js'
import { OPTIONS, settingsFrom } from './load-options.js'
import { AMPLITUDES_ATTRIBUTE, SPIKE_TEMPLATES } from './names.js'
import { MAX_PARAMS_BYTES, PARAMS } from './phy/params.js'
import type { MutableAttributes } from './reading/attributes.js'
import { unitAttributes } from './reading/attributes.js'
import { unitChannels } from './reading/channels.js'
import type { Unit } from './reading/clusters.js'
import { clustersWithSpikes, idsWithoutSpikes, spikesIn, unitsAmong, valuesOf } from './reading/clusters.js'
import { keptIds } from './reading/labels.js'
import type { ParamValue } from './reading/params.js'
import { paramsFrom } from './reading/params.js'
import type { Reading, Source } from './reading/source.js'
import { withSource } from './reading/source.js'
import type { Spikes, StoredSpikes } from './reading/spikes.js'
import { readAmplitudes, readSpikes, spoolSpikes } from './reading/spikes.js'
import type { Column } from './reading/tables.js'
import { problemOf, readTables, SI_UNIT_ID, tableIn } from './reading/tables.js'
import { unusedTemplates } from './reading/templates.js'
import { filesToRead } from './reading/wanted.js'

/** How much of what is wrong with a table a warning shows: cells of it may be of any length. */
const MOST_OF_PROBLEM = 160

/**
 * Reads a folder of KiloSort 2, 2.5, 3 or 4, of Phy after curation, or of {@link exportSpikeDataToKilosort}, as SpikeLab's
 * `load_spikedata_from_kilosort` does: one unit for each cluster, by ascending id, with its times in ms (`samples / fs * 1e3`, in this order).
 * docs/reading-kilosort.md lists where it differs from SpikeLab.
 *
 * The units have as attributes: `unit_id`, the id of the cluster, or that in `cluster_si_unit_ids.tsv` where every unit has its own there;
 * `electrode`, the channel; `location`, the coordinates of the channel; and the columns of all `cluster_*.tsv` and `.csv` tables, as numbers or
 * booleans where all cells of a column are, without those cells that are empty. Clusters that only `cluster_si_unit_ids.tsv` knows are units
 * without spikes, unless curation has given their spikes to others. The metadata has `source_folder`, `source_format`, `cluster_ids`, `fs_Hz`
 * and `params`, the literals in `params.py`, which is read and never executed.
 *
 * Spikes are read, split and sorted on the addon's threads; the event loop stays free. Times up to half a sample outside the window are moved
 * to its edge, with a warning.
 *
 * @param folder - the folder, or a `.zip` of it, as a path or a `file:` URL; with `s3Download` an S3 URL, of which only the files that are
 *   read are downloaded. In an archive the files are in its root, or all in one folder
 * @param options - a {@link LoadKilosortOptions}
 * @returns a promise of the recording, from 0 ms on
 * @throws TypeError, RangeError for options that make no sense, and for a spike after `lengthMs`
 * @throws FormatError for missing files, files that are not what they should be, files of different lengths, ids that are no whole numbers from
 *   0 to 2³¹ − 1, times below 0, and archives that are damaged or hostile
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeDataFromKilosort('sorted', { clusterInfoTsv: 'cluster_group.tsv' })
 * console.log(sd.N, sd.neuronAttributes[0].location)
 * ```
 */
export async function loadSpikeDataFromKilosort<Path extends LoadPath>(
  folder: Path,
  ...[options]: LoadOptionsFor<Path, LoadKilosortOptions>
): Promise<SpikeData> {
  const call = checkLoadCall<LoadKilosortOptions>(folder, options, OPTIONS, 'folder')
  const settings = settingsFrom(call.given)
  const { signal } = call.given
  signal?.throwIfAborted()
  const lazy = lazySpool(call.given)
  try {
    const sd = await withLocalFolder(call, filesToRead(settings), ({ absolute, path }) =>
      withSource(absolute, path, settings.timesFile, signal, (source) => load(source, call, settings, lazy)),
    )
    finishLoad(call, lazy)
    return sd
  } finally {
    await lazy?.close()
  }
}

async function load(
  source: Source,
  call: LoadCall<LoadKilosortOptions>,
  settings: KilosortSettings,
  lazy: LazySpool | undefined,
): Promise<SpikeData> {
  const { signal, threads } = call.given
  // Without the call's listener, which is told of spikes only.
  const reading = { signal, threads }
  const { timesFile, clustersFile, timeUnit, lengthMs } = settings
  const missing = [timesFile, clustersFile].filter((name) => !source.names.has(name))
  if (missing.length > 0) throw new FormatError(source.path, `it has no ${missing.join(' and no ')}`)
  const params = await readParams(source, reading)
  const fsHz = settings.fsHz ?? rateIn(params)
  if (timeUnit === 'samples' && fsHz === undefined) {
    throw invalidValue(`a sampling frequency in Hz, as no ${PARAMS} has a sample_rate,`, 'fsHz', settings.fsHz)
  }
  const { columns, skipped, lost: lostColumns } = await readTables(source, settings.labels, reading)
  const isKept = await labelledClusters(source, settings, call.warnings, reading)
  const time = timeConversion(timeUnit, 'timeUnit', fsHz)
  const spikes = await (lazy ? spoolSpikes(source, settings, time, lazy, call.given) : readSpikes(source, settings, time, call.given))
  const clusters = await inSlices(clustersWithSpikes(spikes.clusters, spikes.split), signal)
  const empty = await emptyClusters(source, spikes, clusters, columns.get(SI_UNIT_ID), reading)
  const units = await inSlices(unitsAmong(clusters, empty, isKept), signal)

  const lost: string[] = []
  const channels = await unitChannels(source, { units, clusters, spikes, columns, ...settings }, lost, reading)
  const isColumn = ([name]: readonly [string, Column]) => !(lazy && settings.amplitudes && name === AMPLITUDES_ATTRIBUTE)
  const attributes = await inSlices(unitAttributes(units, channels, new Map([...columns].filter(isColumn))), signal)
  const found = await foundSpikes(source, spikes, units, settings.amplitudes ? attributes : undefined, reading)

  const metadata = {
    source_folder: call.source,
    source_format: 'KiloSort',
    cluster_ids: await inSlices(idsOf(units), signal),
    ...(fsHz !== undefined && { fs_Hz: fsHz }),
    ...(params && { params: Object.fromEntries(params) }),
  }
  const options = { neuronAttributes: attributes, metadata, length: lengthMs }
  const tolerance = halfASample(fsHz)
  const made = () => recordingOf(found, options, { tolerance, endsAfterLast: true }, signal)
  const loaded = await madeFrom(source.path, made, timesFile)
  if (loaded.problem) throw timeError(loaded.problem, units, source.path, timesFile, lengthMs)
  if (lostColumns.length > 0) call.warnings.push(columnsLeftOut('Columns of tables that cannot be attributes by their names', lostColumns))
  call.warnings.push(...warningsOf(skipped, lost, loaded.moved))
  // The last report: all is read.
  spikes.progress.next(0)?.(0, 0)
  return new SpikeData(loaded.recording)
}

/**
 * The spikes of the units.
 *
 * @param attributes - get the amplitudes, if there are any
 */
async function foundSpikes(
  source: Source,
  spikes: Spikes | StoredSpikes,
  units: readonly Unit[],
  attributes: readonly MutableAttributes[] | undefined,
  reading: Reading,
): Promise<LoadedSpikes | SpooledSpikes> {
  const { signal } = reading
  if ('spool' in spikes) return { spool: spikes.spool, problem: undefined, units: await inSlices(numbersOf(units), signal) }
  const kept = await inSlices(valuesOf(units, spikes.split), signal)
  if (attributes) {
    await inSlices(addAmplitudes(attributes, await readAmplitudes(source, spikes, units, kept, reading), kept.ends), signal)
  }
  return { times: kept.values, ends: kept.ends }
}

function* numbersOf(units: readonly Unit[]): Steps<Float64Array> {
  const numbers = unset(Float64Array, units.length)
  for (const [unit, { number }] of units.entries()) {
    numbers[unit] = number
    if (isDue()) yield
  }
  return numbers
}

/** @internal What `params.py` assigns; undefined without one. */
export async function readParams(source: Source, { signal }: Reading): Promise<Map<string, ParamValue> | undefined> {
  if (!source.names.has(PARAMS)) return undefined
  return source.use(PARAMS, async ({ bytes, place }) => {
    const { size } = bytes
    if (size > MAX_PARAMS_BYTES) throw new FormatError(place.path, `it has ${size} bytes, more than ${MAX_PARAMS_BYTES}`, place.object)
    const text = Buffer.alloc(size)
    await bytes.read(text, 0)
    return inSlices(paramsFrom(text.toString()), signal)
  })
}

/** @internal The sampling frequency in Hz that `params.py` states. */
export function rateIn(params: ReadonlyMap<string, ParamValue> | undefined): number | undefined {
  const rate = params?.get('sample_rate')
  return typeof rate === 'number' && rate > 0 && rate < Infinity ? rate : undefined
}

/** Which clusters the table of labels keeps; all where there is none, or none that can be used. */
async function labelledClusters(
  source: Source,
  { labels, includeNoise }: KilosortSettings,
  warnings: ExportWarning[],
  reading: Reading,
): Promise<GrowingMap<number, boolean> | undefined> {
  if (labels === undefined) return undefined
  let problem = 'the folder has none'
  if (source.names.has(labels)) {
    try {
      return await inSlices(keptIds(await tableIn(source, labels, reading), includeNoise), reading.signal)
    } catch (error) {
      problem = problemOf(error)
    }
  }
  warnings.push({
    code: 'SPIKEPORT_KILOSORT_LABELS_IGNORED',
    message: `All clusters are kept, as ${quoted(labels)} cannot be used: ${printable(problem, MOST_OF_PROBLEM)}.`,
  })
  return undefined
}

/** @internal The ids of clusters without spikes: those of units that the folder was made from, but for clusters whose spikes curation has moved. */
export async function emptyClusters(
  source: Source,
  spikes: Pick<Spikes | StoredSpikes, 'clusters'>,
  clusters: readonly Unit[],
  column: Column | undefined,
  reading: Reading,
): Promise<number[]> {
  if (!column) return []
  const { signal } = reading
  const candidates = await inSlices(idsWithoutSpikes(column, clusters), signal)
  if (candidates.length === 0 || !source.names.has(SPIKE_TEMPLATES)) return candidates
  return unusedTemplates(source, spikesIn(spikes.clusters), candidates, reading)
}

function* addAmplitudes(attributes: readonly MutableAttributes[], amplitudes: Float64Array, ends: BigInt64Array): Steps<void> {
  let from = 0
  for (const [unit, entry] of attributes.entries()) {
    const to = Number(ends[unit])
    entry[AMPLITUDES_ATTRIBUTE] = amplitudes.subarray(from, to)
    from = to
    if (isDue()) yield
  }
}

function* idsOf(units: readonly Unit[]): Steps<number[]> {
  const ids: number[] = []
  for (const { id } of units) {
    ids.push(id)
    if (isDue()) yield
  }
  return ids
}

function timeError({ kind, unit, value }: TrainProblem, units: readonly Unit[], path: string, file: string, lengthMs = NaN): Error {
  const spike = `a spike of cluster ${units[unit]?.id}`
  if (kind === 'afterEnd') return invalidValue(`a length in ms that has all spikes (${spike} is at ${value} ms)`, 'lengthMs', lengthMs)
  return new FormatError(
    path,
    kind === 'notFinite' ? `the time of ${spike} is ${value}` : `${spike} is at ${value} ms, before the recording`,
    file,
  )
}

function warningsOf(skipped: readonly string[], lost: readonly string[], moved: number): ExportWarning[] {
  const warnings: ExportWarning[] = []
  if (skipped.length > 0) {
    const message = `Tables of clusters are left out: ${listed(skipped, (text) => printable(text, MOST_OF_PROBLEM))}.`
    warnings.push({ code: 'SPIKEPORT_KILOSORT_TABLES_SKIPPED', message })
  }
  if (lost.length > 0) {
    warnings.push({ code: 'SPIKEPORT_KILOSORT_CHANNELS', message: `Channels of units may not be known. ${lost.join(' ')}` })
  }
  if (moved > 0) warnings.push(movedSpikes(moved))
  return warnings
}
