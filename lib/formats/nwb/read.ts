/**
 * Loads NWB files.
 */
import type { Hdf5File, ReadOptions } from '../../engine/reading/hdf5-file.js'
import { withHdf5File } from '../../engine/reading/hdf5-file.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { columnsLeftOut } from '../../engine/warnings.js'
import { invalidType, invalidValue } from '../../errors.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS, ProgressSum } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, lengthInMs, oneOf, optionalBoolean } from '../../options/checks.js'
import type { LazilyLoaded, LazyLoading, LazySpool } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS, recordingOf as recordingFrom } from '../../recording/lazy-loading.js'
import type { LoadedSpikes } from '../../recording/loaded-spikes.js'
import { halfASample, lengthTooShort, movedSpikes, timeProblem } from '../../recording/loaded-spikes.js'
import type { Recording, SpikeDataOptions, TrainProblem } from '../../recording/spike-data-builder.js'
import type { LoadOptionsFor, S3LoadOptions } from '../../storage/s3-options.js'
import { rootWindow } from '../hdf5/read-window.js'
import { ELECTRODES } from './probe.js'
import { planSeries } from './reading/raw-series.js'
import { SESSION_PATHS, sessionMetadata } from './reading/session.js'
import { readSpikelabUnits } from './reading/spikelab.js'
import { tableDatasets } from './reading/table.js'
import { readUnits, UNITS, unitsBytes, unitsOf } from './reading/units.js'
import type { ReadWindow, WholeWindow } from './reading/window.js'

/** What both profiles have. */
interface NwbLoadCommon extends LoadOptions {
  /** The length of the recording in ms. Default: what the file says, else up to the last spike. */
  lengthMs?: number | Missing
  /** Where the recording starts in ms. Default: what the file says, else 0. */
  startTimeMs?: number | Missing
  /** Whether a file without a table of units becomes a recording without units. Default false: an error. */
  allowNoUnits?: boolean | undefined
}

/** Everything in the file. */
export interface NwbLoadProfile extends NwbLoadCommon {
  /** `nwb`: everything in the file. `spikelab`: what SpikeLab's loader finds without pynwb. Default `nwb`. */
  profile?: 'nwb' | undefined
  /** Also reads raw samples: the series at this path, or of this name in `/acquisition`; `true` for its first `ElectricalSeries`. */
  rawData?: string | boolean | Missing
}

/** SpikeLab's answer. */
export interface SpikelabLoadProfile extends NwbLoadCommon {
  /** `nwb`: everything in the file. `spikelab`: what SpikeLab's loader finds without pynwb. Default `nwb`. */
  profile: 'spikelab'
  /** Only with the profile `nwb`. */
  rawData?: Missing
}

/** Options of {@link loadSpikeDataFromNwb}. Raw data with the profile `spikelab`, and options of S3 without `s3Download`, neither compile nor run. */
export type LoadNwbOptions = (NwbLoadProfile | SpikelabLoadProfile) & LazyLoading & S3LoadOptions

export const OPTIONS: OptionNames<LoadNwbOptions> = {
  ...LOAD_OPTIONS,
  profile: true,
  lengthMs: true,
  startTimeMs: true,
  allowNoUnits: true,
  rawData: true,
  ...LAZY_OPTIONS,
}

/**
 * Loads the units of an NWB file, 2.0 to the newest, as pynwb, neuroconv, MatNWB and {@link exportSpikeDataToNwb} write them: spike times,
 * and each column of the table as an attribute of the units, by its name.
 *
 * - Numbers, texts and booleans are values of JavaScript; arrays of one axis are typed arrays, of more an NDArray; lists of texts are arrays.
 *   Values of spikes are arrays, `waveforms` are spikes × samples (× electrodes). What is missing in the file, NaN, an empty text or an
 *   empty list, is missing in the unit's attributes.
 * - The ids of the rows are `unit_id`. The rows of the electrode table that a unit refers to become `electrode`, the id of the first row,
 *   `electrodes`, the ids of all if there are several, and of the first `location` (its `x`, `y`, `z`, else `rel_x`, …), `location_label` (the
 *   brain area) and `group_name`.
 * - The window is `lengthMs` and `startTimeMs`, else the root attributes that SpikeLab writes, else from the first to the last time of
 *   `obs_intervals`, which become an attribute, in ms, unless all units have the same single one. A window that the file says is widened
 *   where it does not hold all spikes, with the warning `SPIKEPORT_WINDOW_WIDENED`.
 * - `metadata` has `source_file`, `format`, and what the file says of session, subject and devices by the names of the schema:
 *   `identifier`, `session_description`, `session_start_time`, `subject_id`, `species`, `device_names`, …; `sampling_rate_hz` and
 *   `duration_seconds` of the first series; `fs_Hz`, which the resolution of the spike times says; `unit_count`. With `rawData`, `raw_data` says what its numbers mean.
 *
 * Columns that no attribute can hold are left out with the warning `SPIKEPORT_COLUMNS_LEFT_OUT`.
 *
 * With `profile: 'spikelab'` the result is that of SpikeLab's `load_spikedata_from_nwb(prefer_pynwb=False)`: `unit_id`, and `electrode` and
 * `location`, for which it takes the numbers of rows for ids.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @returns a promise of the recording; its times are in ms
 * @throws TypeError, RangeError for options that make no sense, and for a window that is given and does not hold all spikes
 * @throws FormatError for a file that is not what it should be, also for NWB 1.x; the message names the object in it
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeDataFromNwb('session.nwb')
 * console.log(sd.N, sd.neuronAttributes[0])
 * ```
 */
export async function loadSpikeDataFromNwb<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadNwbOptions>
): Promise<SpikeData> {
  const call = checkLoadCall<LoadNwbOptions>(path, options, OPTIONS)
  checkOptions(call.given)
  const { signal } = call.given
  signal?.throwIfAborted()
  const lazy = lazySpool(call.given)
  try {
    const sd = await withLocalFile(call, ({ absolute, path }) => withHdf5File(absolute, path, signal, (file) => load(file, call, lazy)))
    finishLoad(call, lazy)
    return sd
  } finally {
    await lazy?.close()
  }
}

function checkOptions({ profile = 'nwb', lengthMs, startTimeMs, allowNoUnits, rawData }: LoadNwbOptions): void {
  oneOf(profile, 'profile', ['nwb', 'spikelab'])
  if (!isMissing(lengthMs)) lengthInMs(lengthMs, 'lengthMs')
  if (!isMissing(startTimeMs)) checkedNumber(startTimeMs, 'startTimeMs', 'a finite time in ms', Number.isFinite)
  optionalBoolean(allowNoUnits, 'allowNoUnits')
  if (isMissing(rawData)) return
  if (typeof rawData !== 'boolean' && typeof rawData !== 'string')
    throw invalidType('the name of a series, or a boolean', 'rawData', rawData)
  if (rawData === '') throw invalidValue('the name of a series', 'rawData', rawData)
  if (profile === 'spikelab') throw invalidValue(`no value, as profile is 'spikelab',`, 'rawData', rawData)
}

async function load(file: Hdf5File, call: LoadCall<LoadNwbOptions>, lazy: LazySpool | undefined): Promise<SpikeData> {
  const { given, source, warnings } = call
  const { signal, threads } = given
  const options: ReadOptions = { signal, threads }
  await file.foresee(['/', VERSION, UNITS, ...(given.profile === 'spikelab' ? [] : [...SESSION_PATHS, `/${ELECTRODES}`])], signal)
  const version = await requireVersion(file, signal)
  const hasUnits = (await file.describe(UNITS, signal))?.kind === 'group'
  if (!hasUnits && !given.allowNoUnits) throw file.error('it has no table of units', UNITS)
  const root = rootWindow(file, await file.describe('/', signal))
  const startTime = given.startTimeMs ?? root.startTime
  const length = given.lengthMs ?? root.lengthMs
  const own = { source_file: source, format: 'NWB' }
  if (given.profile === 'spikelab') {
    const units = hasUnits ? await readSpikelabUnits(file, lazy, options) : { spikes: NO_SPIKES, attributes: [], odd: [] }
    if (units.odd.length > 0) warnings.push(oddities(units.odd))
    const window = { startTime: startTime ?? 0, length }
    return recordingOf(file, units.spikes, window, { neuronAttributes: units.attributes, metadata: own }, STATED, call)
  }
  const session = await sessionMetadata(file, signal)
  // The loader's own entries are first, and none in the file takes their place.
  const metadata: Record<string, unknown> = { ...own, ...session, ...own }
  const table = hasUnits ? await tableDatasets(file, UNITS, signal) : undefined
  const series = isMissing(given.rawData) || given.rawData === false ? undefined : await planSeries(file, given.rawData, signal)
  const progress = new ProgressSum(given.onProgress, (table ? unitsBytes(table) : 0) + (series?.bytes ?? 0))
  const units = table && (await readUnits(file, table, version !== undefined, options, progress, lazy))
  const spikes = units?.spikes ?? NO_SPIKES
  metadata['unit_count'] = unitsOf(spikes)
  if (units?.fsHz !== undefined) {
    metadata['fs_Hz'] = units.fsHz
    metadata['sampling_rate_hz'] ??= units.fsHz
  }
  if (units && units.lost.length > 0) warnings.push(columnsLeftOut('Columns of the units', units.lost))
  const raw = await series?.read({ ...options, onProgress: progress.next(series.bytes) })
  if (raw) metadata['raw_data'] = raw.about
  const recorded = {
    neuronAttributes: units?.attributes ?? [],
    metadata,
    ...(raw && { rawData: raw.rawData, rawTime: raw.rawTime }),
  }
  const window = windowWith(startTime, length, units?.observed?.window)
  const canWiden = startTime === undefined && length === undefined
  return recordingOf(file, spikes, window, recorded, { canWiden, fsHz: units?.fsHz }, call)
}

/** @internal The window that is stated, and where it is not that of the observation intervals. */
export function windowWith(startTime: number | undefined, length: number | undefined, observed: WholeWindow | undefined): ReadWindow {
  const start = startTime ?? observed?.startTime ?? 0
  if (length !== undefined || !observed) return { startTime: start, length }
  return { startTime: start, length: startTime === undefined ? observed.length : Math.max(0, observed.startTime + observed.length - start) }
}

/** Where NWB 1.x has its version. */
const VERSION = '/nwb_version'

const NO_SPIKES: LoadedSpikes = { times: new Float64Array(0), ends: new BigInt64Array(0) }

/** How a window came about. */
interface WindowOrigin {
  /** Whether one that does not hold all spikes is widened: unless the file or the caller states it. */
  canWiden: boolean
  /** What the times are exact to, if it is known. */
  fsHz?: number | undefined
}

const STATED: WindowOrigin = { canWiden: false }

/** The recording of these spikes. */
async function recordingOf(
  file: Hdf5File,
  spikes: LoadedSpikes | LazilyLoaded,
  window: ReadWindow,
  options: SpikeDataOptions,
  { canWiden, fsHz }: WindowOrigin,
  { given, path, warnings }: LoadCall<LoadNwbOptions>,
): Promise<SpikeData> {
  const tolerance = halfASample(fsHz)
  const make = () => recordingFrom(spikes, { ...options, ...window }, { tolerance, endsAfterLast: true, canWiden }, given.signal)
  const made = await madeFrom(path, make, `${UNITS}/spike_times`)
  if (made.problem) throw problemError(file, made.problem, window, given)
  if (made.moved > 0) warnings.push(movedSpikes(made.moved))
  if (made.isWidened && window.length !== undefined) warnings.push(windowWidened(made.recording))
  return new SpikeData(made.recording)
}

/** The error for a time that the recording cannot have. */
function problemError(file: Hdf5File, problem: TrainProblem, { startTime }: ReadWindow, given: LoadNwbOptions): Error {
  const { kind, unit, value } = problem
  if (kind === 'beforeStart' && !isMissing(given.startTimeMs)) {
    const expected = `a time in ms from which the recording holds all spikes (unit ${unit} has a spike at ${value} ms)`
    return invalidValue(expected, 'startTimeMs', given.startTimeMs)
  }
  if (kind === 'afterEnd' && !isMissing(given.lengthMs)) return lengthTooShort(problem, given.lengthMs)
  return file.error(timeProblem(problem, startTime), `${UNITS}/spike_times`)
}

/**
 * Refuses NWB 1.x, which has its version in a dataset. SpikeLab's minimal files have no version.
 *
 * @internal
 * @returns the version of the format
 * @throws FormatError for any other version than 2
 */
export async function requireVersion(file: Hdf5File, signal: AbortSignal | undefined): Promise<string | undefined> {
  const [root, dataset] = await file.describeAll(['/', VERSION], signal)
  const stated = dataset?.kind === 'dataset' ? (await file.texts(dataset, signal))[0] : root?.attributes.get('nwb_version')
  if (stated === undefined) return undefined
  const version = String(stated)
  if (version.replace(/^(NWB-)?v?/i, '').startsWith('2')) return version
  throw file.error(`it is of NWB version ${version}, and only versions 2.x can be read`)
}

function windowWidened({ options: { startTime }, length }: Recording): ExportWarning {
  const end = startTime + length
  const message = `Spikes lie outside the observation intervals of the file: the recording lasts from ${startTime} to ${end} ms, which holds them all.`
  return { code: 'SPIKEPORT_WINDOW_WIDENED', message }
}

function oddities(odd: readonly string[]): ExportWarning {
  return { code: 'SPIKEPORT_NWB_UNITS', message: `The table of units has ${odd.join(', and ')}.` }
}
