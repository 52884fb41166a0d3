/**
 * Loads generic HDF5 files: SpikeLab's `load_spikedata_from_hdf5`.
 */
import type { Hdf5File } from '../../engine/reading/hdf5-file.js'
import { withHdf5File } from '../../engine/reading/hdf5-file.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { invalidValue } from '../../errors.js'
import { lazySpool } from '../../jobs/lazy-spool.js'
import type { LoadCall, LoadPath } from '../../jobs/load-call.js'
import { checkLoadCall, finishLoad, LOAD_OPTIONS, ProgressSum } from '../../jobs/load-call.js'
import { withLocalFile } from '../../jobs/local-source.js'
import { madeFrom } from '../../jobs/made-from-file.js'
import { SpikeData } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import { isMissing, lengthInMs, oneOf, positiveNumber, refuseOptions, wholeNumber } from '../../options/checks.js'
import { samplingFrequency, timeConversion } from '../../options/time-unit.js'
import { metadataCopy } from '../../recording/attributes.js'
import { LAZY_OPTIONS, recordingOf } from '../../recording/lazy-loading.js'
import { lengthTooShort, movedSpikes, timeProblem } from '../../recording/loaded-spikes.js'
import type { TrainProblem } from '../../recording/spike-data-builder.js'
import { MAX_UNITS } from '../../recording/spike-data-builder.js'
import { atOnce, inSlices } from '../../steps.js'
import type { LoadOptionsFor } from '../../storage/s3-options.js'
import type { GivenLoadOptions, LoadHdf5Options } from './load-options.js'
import { TIME_UNITS } from './load-options.js'
import { objectPath } from './names.js'
import { planRaw } from './read-raw.js'
import type { Settings } from './read-styles.js'
import { planSpikes } from './read-styles.js'
import { rootWindow } from './read-window.js'
import type { Names, RecognisedStyle } from './style.js'
import { assumedStyle, NAME_OPTIONS, recogniseStyle, styleOfOptions, USUAL_NAMES } from './style.js'

export const OPTIONS: OptionNames<GivenLoadOptions> = {
  ...LOAD_OPTIONS,
  style: true,
  rasterDataset: true,
  rasterBinSizeMs: true,
  spikeTimesDataset: true,
  spikeTimesIndexDataset: true,
  spikeTimesUnit: true,
  spikeTimesIndex: true,
  unitCount: true,
  groupPerUnit: true,
  groupTimeUnit: true,
  idcesDataset: true,
  timesDataset: true,
  timesUnit: true,
  fsHz: true,
  lengthMs: true,
  rawDataset: true,
  rawTimeDataset: true,
  rawTimeUnit: true,
  metadata: true,
  ...LAZY_OPTIONS,
}

/** The units of times, of which any may be `samples`, which `fsHz` is for. */
const UNITS = ['spikeTimesUnit', 'groupTimeUnit', 'timesUnit', 'rawTimeUnit'] as const

/**
 * Loads a recording from a generic HDF5 file in one of the four styles of {@link exportSpikeDataToHdf5}, as SpikeLab's
 * `load_spikedata_from_hdf5` does. Files of this package, SpikeLab, h5py and MATLAB (v7.3) with plain datasets: all integers and
 * floating-point numbers of both byte orders; contiguous, compact and chunked; with the filters deflate, shuffle, fletcher32 and, where the
 * HDF5 library has it, szip.
 *
 * Without `style` or another option that only one style has, the file decides. A style under other names than the usual ones is an assumption, with
 * the warning `SPIKEPORT_STYLE_ASSUMED`.
 *
 * The root attributes `start_time` and `length_ms` are the recording's window. Times outside it by no more than rounding, in samples half a
 * sample, are moved to its start or end, with the warning `SPIKEPORT_SPIKES_MOVED`.
 *
 * Nothing of the file is trusted, and nothing in it leads out of it: links to other files, external storage, virtual datasets and filters that
 * need a plugin are errors.
 *
 * @param path - the file, as a path or a `file:` URL; with `s3Download` an S3 URL
 * @param options - a {@link LoadHdf5Options}: the style and the names of its datasets, units, `fsHz`, `lengthMs`, raw data
 * @returns a promise of the recording; its times are in ms, its metadata has `source_file`
 * @throws TypeError, RangeError for options that make no sense, and for a `lengthMs` that ends before the last spike
 * @throws FormatError for a file that is not what it should be; the message names the object in it
 * @throws Error with the file system's `code`, S3Error; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const sd = await loadSpikeDataFromHdf5('ragged.h5')
 * const sorted = await loadSpikeDataFromHdf5('other.h5', { spikeTimesDataset: 'st', spikeTimesIndexDataset: 'sti', spikeTimesUnit: 'samples', fsHz: 30000 })
 * ```
 */
export async function loadSpikeDataFromHdf5<Path extends LoadPath>(
  path: Path,
  ...[options]: LoadOptionsFor<Path, LoadHdf5Options>
): Promise<SpikeData> {
  const call = checkLoadCall<GivenLoadOptions>(path, options as GivenLoadOptions | undefined, OPTIONS)
  const settings = settingsFrom(call)
  const { signal } = call.given
  signal?.throwIfAborted()
  try {
    const sd = await withLocalFile(call, ({ absolute, path }) => withHdf5File(absolute, path, signal, (file) => load(file, call, settings)))
    finishLoad(call, settings.lazy)
    return sd
  } finally {
    await settings.lazy?.close()
  }
}

function settingsFrom({ given, source }: LoadCall<GivenLoadOptions>): Settings {
  const style = styleOfOptions(given)
  const name = (of: keyof Names) => objectPath(given[NAME_OPTIONS[of]] ?? USUAL_NAMES[of], NAME_OPTIONS[of]).path
  const unit = (option: keyof GivenLoadOptions & string, usual: string) => timeConversion(given[option] ?? usual, option, given.fsHz)
  const { fsHz, lengthMs, rasterBinSizeMs, unitCount, spikeTimesIndex = 'auto' } = given
  if (!isMissing(fsHz)) {
    samplingFrequency(fsHz)
    // The unit may have been forgotten: times in samples would be taken for seconds.
    if (UNITS.every((option) => isMissing(given[option]))) refuseOptions(given, ['fsHz'], 'as no unit of times is given')
  }
  oneOf(spikeTimesIndex, 'spikeTimesIndex', ['auto', 'ends', 'starts'])
  if (!isMissing(unitCount)) wholeNumber(unitCount, 'unitCount', 0, MAX_UNITS)
  if (!isMissing(rasterBinSizeMs)) positiveNumber(rasterBinSizeMs, 'rasterBinSizeMs', 'a width in ms')
  if (!isMissing(lengthMs)) lengthInMs(lengthMs, 'lengthMs')
  return {
    style,
    names: {
      raster: name('raster'),
      spikeTimes: name('spikeTimes'),
      spikeTimesIndex: name('spikeTimesIndex'),
      group: name('group'),
      idces: name('idces'),
      times: name('times'),
    },
    time: {
      ragged: unit(...TIME_UNITS.ragged),
      group: unit(...TIME_UNITS.group),
      paired: unit(...TIME_UNITS.paired),
      raw: unit('rawTimeUnit', 'ms'),
    },
    indexKind: spikeTimesIndex === 'auto' ? undefined : spikeTimesIndex,
    unitCount: unitCount ?? undefined,
    binSizeMs: rasterBinSizeMs ?? undefined,
    lengthMs: lengthMs ?? undefined,
    raw: rawNames(given),
    lazy: lazySpool(given),
    metadata: { source_file: source, ...atOnce(metadataCopy(given.metadata)) },
  }
}

/** The names of raw data and its times; neither where both are missing. */
function rawNames(given: GivenLoadOptions): Settings['raw'] {
  const { rawDataset, rawTimeDataset } = given
  const hasData = !isMissing(rawDataset) && rawDataset !== ''
  const hasTimes = !isMissing(rawTimeDataset) && rawTimeDataset !== ''
  if (hasData !== hasTimes) {
    const [missing, other] = hasData ? ['rawTimeDataset', 'rawDataset'] : ['rawDataset', 'rawTimeDataset']
    throw invalidValue(`a name, as ${other} has one,`, missing, hasData ? rawTimeDataset : rawDataset)
  }
  if (!hasData) {
    refuseOptions(given, ['rawTimeUnit'], 'as no raw data is read')
    return undefined
  }
  return { data: objectPath(rawDataset, 'rawDataset').path, times: objectPath(rawTimeDataset, 'rawTimeDataset').path }
}

async function load(file: Hdf5File, call: LoadCall<GivenLoadOptions>, settings: Settings): Promise<SpikeData> {
  const { signal, threads } = call.given
  // One job for what most files need.
  const { spikeTimes, spikeTimesIndex } = settings.names
  const mayBeRagged = settings.style === undefined || settings.style === 'ragged'
  const [root, ...lists] = await file.describeAll(['/', ...(mayBeRagged ? [spikeTimes, spikeTimesIndex] : [])], signal)
  const isRagged = lists.every((list) => list?.kind === 'dataset')
  const found: RecognisedStyle = settings.style ? { style: settings.style } : await recogniseStyle(file, root, isRagged, true, signal)
  const { style } = found
  call.warnings.push(...assumedStyle(found))
  if (settings.style === undefined && (style === 'group' || style === 'raster')) {
    refuseOptions(call.given, ['unitCount'], `as the style of the file is '${style}'`)
  }
  const { startTime = 0, lengthMs } = rootWindow(file, root)
  const window = { startTime, lengthMs }
  const raw = settings.raw && (await planRaw(file, settings.raw, settings.time.raw, signal))
  const plan = await planSpikes(style, { file, settings: named(settings, found), window, known: lists, signal, threads })
  const progress = new ProgressSum(call.given.onProgress, plan.bytes + (raw?.bytes ?? 0))
  if (raw) {
    await file.read(raw.reads, { signal, threads, onProgress: progress.next(raw.bytes) })
    await inSlices(raw.finish(), signal)
  }
  const spikes = await plan.read({ signal, threads, onProgress: progress.next(plan.bytes) })
  call.warnings.push(...spikes.warnings)
  if (style === 'raster' && settings.lengthMs !== undefined && settings.lengthMs !== spikes.length) {
    call.warnings.push(ignoredLength(settings.lengthMs, spikes.length as number))
  }
  const length = style === 'raster' ? spikes.length : (settings.lengthMs ?? window.lengthMs)
  const options = {
    startTime: window.startTime,
    length,
    metadata: settings.metadata,
    ...(raw && { rawData: raw.data, rawTime: raw.times }),
  }
  const loaded = await madeFrom(call.path, () => recordingOf(spikes, options, spikes, signal), spikes.object)
  if (loaded.problem) throw problemError(file, loaded.problem, spikes.object, window.startTime, settings.lengthMs)
  const sd = new SpikeData(loaded.recording)
  if (spikes.warningsOf) call.warnings.push(...(await spikes.warningsOf(sd)))
  if (loaded.moved > 0) call.warnings.push(movedSpikes(loaded.moved))
  return sd
}

/** The settings with the names that a style was recognised under. */
function named(settings: Settings, { names }: RecognisedStyle): Settings {
  return names === undefined ? settings : { ...settings, names: { ...settings.names, ...names } }
}

/** The error for a time that the recording cannot have. */
function problemError(file: Hdf5File, problem: TrainProblem, object: string, startTime: number, lengthMs?: number): Error {
  if (problem.kind === 'afterEnd' && lengthMs !== undefined) return lengthTooShort(problem, lengthMs)
  return file.error(timeProblem(problem, startTime), object)
}

function ignoredLength(given: number, length: number): ExportWarning {
  const message = `The length of a raster comes from its bins: it is ${length} ms, and not lengthMs (${given}).`
  return { code: 'SPIKEPORT_RASTER_LENGTH', message }
}
