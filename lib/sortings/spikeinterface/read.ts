/**
 * Reads sortings that SpikeInterface has saved: the folders `numpy_folder` and `npz_folder`, and `.npz` files.
 */
import { stat } from 'node:fs/promises'
import { FormatError, invalidType, invalidValue } from '../../errors.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadOptions, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS } from '../../jobs/load-call.js'
import type { FolderOrFile } from '../../jobs/local-source.js'
import { withLocalFolder } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import { GrowingMap } from '../../memory/growing-map.js'
import { SpikeData } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, positiveNumber, wholeNumber } from '../../options/checks.js'
import type { GivenLazy, LazyLoading, LazySpool } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS, recordingOf } from '../../recording/lazy-loading.js'
import { timeProblem } from '../../recording/loaded-spikes.js'
import { endAfter, latestOf } from '../../recording/sample-times.js'
import type { SpikeDataOptions } from '../../recording/spike-data-builder.js'
import type { Steps } from '../../steps.js'
import { inSlices, isDue, listInSteps } from '../../steps.js'
import { entryPath } from '../../storage/paths.js'
import type { LoadOptionsFor, S3LoadOptions } from '../../storage/s3-options.js'
import { numpyFolderSorting, SPIKES } from './folder.js'
import { npzSorting } from './npz.js'
import { unitAttributes } from './properties.js'
import { isProperty, PROPERTIES, propertiesIn } from './saved-properties.js'
import type { Sorting, UnitId } from './sorting.js'
import type { SegmentSpikes, SpooledSegment } from './spikes.js'
import { spikesInMemory, spooledSegment } from './spikes.js'

/** The options that only sortings of SpikeInterface have. */
export interface SpikeInterfaceReading {
  /** Which segment of the sorting. Default 0. */
  segmentIndex?: number | undefined
  /** The ids of the units to load, in this order. Default: all, in the sorting's order. */
  unitIds?: readonly (number | string)[] | Missing
  /** The sampling frequency in Hz, instead of the sorting's. */
  samplingFrequency?: number | Missing
}

/** Options of {@link loadSpikeDataFromSpikeInterface}. Options of S3 without `s3Download` neither compile nor run. */
export type LoadSpikeInterfaceOptions = SpikeInterfaceReading & LoadOptions & LazyLoading & S3LoadOptions

/** All of them, each of which may be missing. */
type GivenOptions = SpikeInterfaceReading & LoadOptions & GivenLazy & S3LoadOptions

export const OPTIONS: OptionNames<LoadSpikeInterfaceOptions> = {
  ...LOAD_OPTIONS,
  ...LAZY_OPTIONS,
  segmentIndex: true,
  unitIds: true,
  samplingFrequency: true,
}

const MOST_SEGMENTS = 2 ** 31 - 1

/** What is in a folder of each kind. */
export const NUMPY_FOLDER_INFO = 'numpysorting_info.json'
export const NPZ_IN_FOLDER = 'sorting_cached.npz'

const TO_READ: FolderOrFile = {
  wanted: [
    { folder: '', wants: (name) => name === NUMPY_FOLDER_INFO || name === SPIKES || name === NPZ_IN_FOLDER },
    { folder: PROPERTIES, wants: isProperty },
  ],
  extensions: ['.npz'],
}

/**
 * Loads a sorting that SpikeInterface has saved as `numpy_folder`, `npz_folder` or `.npz`.
 *
 * Each unit has `unit_id`; `electrode`, the first of the properties `channel`, `ch`, `peak_channel` and `electrode`; `location`, the first
 * of `location`, `unit_location` and `position`; and every other property by its own name. Metadata has `source_format`, `unit_ids` and
 * `fs_Hz`. Samples become ms as `sample / fs * 1000`; the recording starts at 0 and ends one unit in the last place after the last spike.
 *
 * @param pathOrFolder - the folder or the `.npz` file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadSpikeInterfaceOptions}
 * @returns a promise of the recording
 * @throws TypeError, RangeError for options that make no sense, such as ids or a segment that the sorting does not have
 * @throws FormatError for a folder or file that is no such sorting, or is damaged
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeDataFromSpikeInterface('sorting', { unitIds: [3, 0] })
 * ```
 */
export async function loadSpikeDataFromSpikeInterface<Path extends LoadPath>(
  pathOrFolder: Path,
  ...[options]: LoadOptionsFor<Path, LoadSpikeInterfaceOptions>
): Promise<SpikeData> {
  const call = checkLoadCall<GivenOptions>(pathOrFolder, options as GivenOptions | undefined, OPTIONS, 'pathOrFolder')
  const { signal, segmentIndex = 0, unitIds, samplingFrequency } = call.given
  wholeNumber(segmentIndex, 'segmentIndex', 0, MOST_SEGMENTS)
  if (!isMissing(samplingFrequency)) positiveNumber(samplingFrequency, 'samplingFrequency', 'a frequency in Hz')
  const wanted = isMissing(unitIds) ? undefined : idList(unitIds)
  const lazy = lazySpool(call.given)
  signal?.throwIfAborted()
  try {
    const sd = await withLocalFolder(call, TO_READ, (local) => load(local, segmentIndex, wanted, lazy))
    finishLoad(call, lazy)
    return sd
  } finally {
    await lazy?.close()
  }
}

async function load(
  { given, path, absolute, warnings }: LoadCall<GivenOptions>,
  segmentIndex: number,
  wanted: readonly UnitId[] | undefined,
  lazy: LazySpool | undefined,
): Promise<SpikeData> {
  const { signal, samplingFrequency } = given
  const sorting = await sortingAt(absolute, path, given)
  if (segmentIndex >= sorting.segmentCount) {
    throw invalidValue(`a segment from 0 to ${sorting.segmentCount - 1}`, 'segmentIndex', segmentIndex)
  }
  const fsHz = samplingFrequency ?? sorting.samplingFrequency
  if (!(fsHz > 0 && fsHz < Infinity)) throw new FormatError(path, `the sampling frequency is ${fsHz} Hz`)
  const rows = await inSlices(rowsOf(sorting.unitIds, wanted), signal)
  const spikes = await sorting.withSpikes<SegmentSpikes | SpooledSegment>(segmentIndex, fsHz, rows, (stored) =>
    lazy ? spooledSegment(stored, rows.length, lazy, given) : spikesInMemory(stored, given),
  )
  const { leftOut } = spikes
  if (leftOut > 0) {
    warnings.push({
      code: 'SPIKEPORT_SPIKEINTERFACE_SKIPPED',
      message: `Spikes of units that the sorting does not list were left out: ${leftOut}.`,
    })
  }
  const ids = await inSlices(
    listInSteps(rows.length, (i) => sorting.unitIds[rows[i] as number] as UnitId),
    signal,
  )
  const neuronAttributes = await inSlices(unitAttributes(ids, rows, sorting.properties, warnings), signal)
  const metadata = { source_format: 'SpikeInterface', unit_ids: ids, fs_Hz: fsHz }
  if ('spool' in spikes) return spooledRecording(spikes, { neuronAttributes, metadata }, { path, signal })
  const { units, times } = spikes
  const length = endAfter(await inSlices(latestOf(times), signal))
  return madeFrom(path, () => SpikeData.create({ idces: units, times }, { N: ids.length, length, neuronAttributes, metadata, signal }))
}

async function sortingAt(absolute: string, path: string, options: LoadOptions): Promise<Sorting> {
  if (!(await stat(absolute)).isDirectory()) return npzSorting(absolute, path, options)
  if (await isThere(entryPath(absolute, NUMPY_FOLDER_INFO))) return numpyFolderSorting(absolute, path, NUMPY_FOLDER_INFO, options)
  const npz = entryPath(absolute, NPZ_IN_FOLDER)
  const properties = (unitCount: number) => propertiesIn(absolute, path, unitCount, options.signal)
  if (await isThere(npz)) return npzSorting(npz, entryPath(path, NPZ_IN_FOLDER), options, properties)
  throw new FormatError(path, `it has neither ${NUMPY_FOLDER_INFO} nor ${NPZ_IN_FOLDER}`)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

function idList(given: unknown): readonly UnitId[] {
  if (!Array.isArray(given)) throw invalidType('an array of unit ids', 'unitIds', given)
  return Array.from(given, (id: unknown, i) => {
    if (typeof id !== 'number' && typeof id !== 'string') throw invalidType('a number or a string', `entry ${i} of unitIds`, id)
    return id
  })
}

/** Where in the sorting each unit is that is asked for. */
function* rowsOf(ids: readonly UnitId[], wanted: readonly UnitId[] | undefined): Steps<number[]> {
  if (!wanted) return yield* listInSteps(ids.length, (row) => row)
  const places = new GrowingMap<UnitId, number>()
  for (const [row, id] of ids.entries()) {
    places.set(id, row)
    if (isDue()) yield
  }
  const rows = new Set<number>()
  for (const [i, id] of wanted.entries()) {
    const row = places.get(id)
    if (row === undefined) throw invalidValue('the id of a unit of the sorting', `entry ${i} of unitIds`, id)
    if (rows.has(row)) throw invalidValue('an id that no other entry is', `entry ${i} of unitIds`, id)
    rows.add(row)
    if (isDue()) yield
  }
  return [...rows]
}

/**
 * A recording of spikes in a spool, from 0 on, which ends one unit in the last place after the last spike.
 *
 * @param path - what errors call the file
 * @throws FormatError for a time that it cannot have
 */
async function spooledRecording(
  spikes: SpooledSegment,
  options: SpikeDataOptions,
  { path, signal }: { path: string; signal: AbortSignal | undefined },
): Promise<SpikeData> {
  const loaded = await madeFrom(path, () => recordingOf(spikes, options, { tolerance: 0, endsAfterLast: true }, signal))
  if (loaded.problem) throw new FormatError(path, timeProblem(loaded.problem, 0))
  return new SpikeData(loaded.recording)
}
