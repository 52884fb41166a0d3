/**
 * KiloSort folders.
 */
import { rm } from 'node:fs/promises'
import type { FolderPlan } from '../../engine/plan/byte-segments.js'
import type { TimeConversion } from '../../engine/plan/sources.js'
import type { ExportWarning } from '../../engine/warnings.js'
import { MOST_LISTED } from '../../engine/warnings.js'
import { invalidValue } from '../../errors.js'
import { checkExportCall, EXPORT_OPTIONS } from '../../jobs/export-call.js'
import { countsOf, runExport } from '../../jobs/run-export.js'
import type { SpikeData } from '../../model/spike-data.js'
import { requireSpikeData, whileOpen } from '../../model/spike-data.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, optionalBoolean, refuseOptions, requiredString } from '../../options/checks.js'
import type { ExportOptions, ExportReport } from '../../options/export-options.js'
import type { ExportPath } from '../../options/export-path.js'
import { int64List } from '../../options/integers.js'
import type { TimeUnit } from '../../options/time-unit.js'
import { samplingFrequency, timeConversion } from '../../options/time-unit.js'
import { electrodesOf } from '../../recording/positions.js'
import type { Steps } from '../../steps.js'
import { inSlices } from '../../steps.js'
import { entryPath, isFileName } from '../../storage/paths.js'
import type { OptionsFor, S3Options } from '../../storage/s3-options.js'
import { contentsOf } from './existing-folder.js'
import { npyArrayFile, npyFile } from './files/npy.js'
import { rememberOwn } from './files/own-files.js'
import { CHANNEL_MAP, SPIKE_CLUSTERS, SPIKE_TIMES } from './names.js'
import type { PhyOptions } from './phy/options.js'
import { phyOption } from './phy/options.js'
import { PARAMS } from './phy/params.js'
import type { PhyChannelOptions } from './phy/probe.js'
import { probeFrom } from './phy/probe.js'
import type { PhyCall, PhyFolder } from './phy/write.js'
import { phyFolder, recordingIn } from './phy/write.js'

/** The options of every KiloSort folder. */
export interface KilosortFolder {
  /** The sampling frequency in Hz. Required for every time unit. */
  fsHz: number
  /** The cluster id of each unit, one a unit. Default 0, 1, …. */
  clusterIds?: ArrayLike<number | bigint> | Missing
}

/** A folder of the reference's files. */
export interface ReferenceFiles {
  /**
   * Writes a folder in which the Phy program works, and which SpikeInterface, neo and SpikeLab open: spikes in the order of time,
   * clusters as int32 from 0 to N − 1 with `clusterIds` beside them, channels, templates and tables; `{}` is the same as true.
   * Default false: the reference's files.
   */
  phy?: false | undefined
  /** The file of the spike times; `.npy` is added where it is missing. Default `spike_times.npy`. */
  spikeTimesFile?: string | undefined
  /** The file of the cluster of each spike, int64. Default `spike_clusters.npy`. */
  spikeClustersFile?: string | undefined
  /** `samples` as int64, `ms` and `s` as float64. Default `samples`. */
  timeUnit?: TimeUnit | undefined
  /** Only with `phy`. */
  channels?: undefined
  /** Only with `phy`. */
  shift?: undefined
}

/** A folder that may be one for Phy, whose readers know one unit and one name for each file. */
export interface PhyFiles {
  /**
   * Writes a folder in which the Phy program works, and which SpikeInterface, neo and SpikeLab open: spikes in the order of time,
   * clusters as int32 from 0 to N − 1 with `clusterIds` beside them, channels, templates and tables; `{}` is the same as true.
   * Default false: the reference's files.
   */
  phy?: boolean | PhyOptions | undefined
  /** The file of the spike times: another only without `phy`. */
  spikeTimesFile?: 'spike_times.npy' | 'spike_times' | undefined
  /** The file of the cluster of each spike: another only without `phy`. */
  spikeClustersFile?: 'spike_clusters.npy' | 'spike_clusters' | undefined
  /** int64: another only without `phy`. */
  timeUnit?: 'samples' | undefined
  /** Only with a `phy` that is known to be on. */
  channels?: undefined
  /** Only with a `phy` that is known to be on. */
  shift?: undefined
}

/** A folder for Phy. */
export interface PhyFolderFiles extends Omit<PhyFiles, 'phy' | 'channels' | 'shift'> {
  /** Writes a folder in which the Phy program works: see {@link PhyFiles.phy}. */
  phy: true | PhyOptions
  /**
   * The whole probe, also channels without units. Each unit that has an electrode is on one of these. Default: the distinct electrodes of
   * the units.
   */
  channels?: PhyChannelOptions | Missing
  /** Counts samples from `startTime`, so that no time is below 0. Default false: from 0 ms, and times before are an error. */
  shift?: boolean | undefined
}

/** A folder on a disk may have been worked in. */
export interface LocalFolder {
  /** Nothing is uploaded. */
  s3Upload?: false | undefined
  /**
   * Also replaces the files of a folder in which a person, or another program, has worked: the files of Phy and KiloSort that are
   * not written go, and no others. Default false: such a folder is refused. Nothing under an S3 prefix is looked at, or goes.
   */
  overwrite?: boolean | undefined
}

/** A folder that may be under an S3 prefix, where nothing is looked at. */
export interface AnyFolder {
  /** Only without `s3Upload`. */
  overwrite?: undefined
}

/**
 * Options of {@link exportSpikeDataToKilosort}; names and defaults are the reference's.
 *
 * Options that contradict each other neither compile nor run: `phy` with another `timeUnit` than `samples` or other names of files,
 * `channels` and `shift` without it, options of S3 without `s3Upload`, and `overwrite` with it.
 */
export type KilosortOptions = KilosortFolder &
  ExportOptions &
  S3Options &
  (LocalFolder | AnyFolder) &
  (ReferenceFiles | PhyFiles | PhyFolderFiles)

/** The result of {@link exportSpikeDataToKilosort}. */
export interface KilosortReport extends ExportReport {
  /** The file of the spike times, or its S3 URL. */
  spikeTimesPath: string
  /** The file of the clusters, or its S3 URL. */
  spikeClustersPath: string
}

const OPTIONS: OptionNames<KilosortOptions> = {
  ...EXPORT_OPTIONS,
  fsHz: true,
  spikeTimesFile: true,
  spikeClustersFile: true,
  timeUnit: true,
  clusterIds: true,
  phy: true,
  channels: true,
  shift: true,
  overwrite: true,
}

/** Below this count, reading a file again is cheaper than remembering its state. Reading cannot recognise our own files with repeated ids. */
const MANY_SPIKES = 2 ** 18

/** Names of files, checked, with their ending. */
interface FileNames {
  spikeTimesFile: string
  spikeClustersFile: string
}

/**
 * Exports a recording to a folder with the files SpikeLab's `export_spikedata_to_kilosort` writes, as `numpy.save` would: the
 * time and the cluster of every spike, in unit order, and `channel_map.npy` with the electrode of each unit where all units have
 * one. With `phy` it is a folder in which the Phy program works. The guide `docs/phy.md` says what each file is made from, which readers
 * take it, and which folders count as curated.
 *
 * A folder in which a person or another program has worked is refused unless `overwrite` is true. The files are replaced together: a new
 * folder appears whole; in one that exists a crash in the wrong moment can leave new files beside old ones. Files of an earlier export
 * that this one does not have are removed, and so is Phy's cache. Other files, and folders, stay.
 *
 * @param sd - the recording
 * @param folder - the folder, as a path or a `file:` URL, created with the folders above it; with `s3Upload` an S3 URL
 * @param options - a {@link KilosortOptions}
 * @returns a promise of what was written
 * @throws TypeError, RangeError for options that make no sense, and RangeError for a folder in which a person or another program has
 *   worked, before anything is written
 * @throws RangeError, with `phy`, for a time before sample 0, or raw data that does not fit the spikes or int16
 * @throws Error with the file system's `code`, also where the files are in their place and Phy's cache cannot be removed; S3Error; or the
 *   signal's reason
 */
export async function exportSpikeDataToKilosort<Path extends ExportPath>(
  sd: SpikeData,
  folder: Path,
  ...[options]: OptionsFor<Path, KilosortOptions>
): Promise<KilosortReport> {
  requireSpikeData(sd, 'sd')
  return whileOpen([sd], () => writeFolder(sd, folder, options))
}

async function writeFolder(sd: SpikeData, folder: ExportPath, options: KilosortOptions | undefined): Promise<KilosortReport> {
  const call = checkExportCall<KilosortOptions>(folder, options, OPTIONS, 'folder')
  const { given } = call
  const { timeUnit = 'samples' } = given
  const fsHz = samplingFrequency(given.fsHz)
  const time = timeConversion(timeUnit, 'timeUnit', fsHz)
  const names = fileNames(given)
  const settings = phyOption(given.phy)
  if (settings) checkReadable(time, names)
  else refuseOptions(given, ['channels', 'shift'], 'as phy is off')
  optionalBoolean(given.shift, 'shift')
  optionalBoolean(given.overwrite, 'overwrite')
  if (given.s3Upload) refuseOptions(given, ['overwrite'], 'as s3Upload is true')
  const ids = isMissing(given.clusterIds)
    ? undefined
    : await inSlices(int64List(given.clusterIds, 'clusterIds', sd.N, 'one id a unit'), given.signal)
  const startMs = given.shift ? sd.startTime : 0
  const { files, prepare } = await inSlices(
    settings ? phyCall(sd, { fsHz, ids, settings, startMs }, given.channels, call.warnings) : kilosortFiles(sd, time, names, ids),
    given.signal,
  )
  if (sd.startTime !== startMs) call.warnings.push(startTimeLost(sd))

  const spikes = { timesFile: names.spikeTimesFile, clustersFile: names.spikeClustersFile, sd, ids }
  let cache: string | undefined
  let prepared: Promise<void> | undefined
  const planFor = async (target: string, entries: readonly string[]): Promise<FolderPlan> => {
    const contents = await contentsOf(target, entries, { ...spikes, ...recordingIn(target, settings, sd) }, given.signal)
    const { ours, others } = contents
    if (others.length > 0 && !given.overwrite) throw workedIn(others, target)
    cache = contents.cache && entryPath(target, contents.cache)
    const remove = [...ours, ...others].filter((name) => !files.some((file) => file.name === name)).sort(parametersLast)
    // Only for a folder that may be replaced, and once: a plan is made again where the folder changes meanwhile.
    prepared ??= prepare?.(given).then((warnings) => void call.warnings.push(...warnings))
    await prepared
    return { format: 'folder', target, files, remove, ...(settings && { spikes: { trains: sd.nativeTrains, fsHz, startMs } }) }
  }
  const report = await runExport(call, planFor, countsOf(sd))
  // With it, Phy would show the spikes that were there before.
  if (cache) await rm(cache, { recursive: true, force: true })
  const [spikeTimesPath, spikeClustersPath] = report.paths as [string, string]
  if (!given.s3Upload && (ids || sd.spikeCount >= MANY_SPIKES))
    await rememberOwn(entryPath(call.destination.absolute, names.spikeClustersFile))
  return { ...report, spikeTimesPath, spikeClustersPath }
}

/** A folder for Phy. */
function* phyCall(sd: SpikeData, call: Omit<PhyCall, 'probe'>, channels: unknown, warnings: ExportWarning[]): Steps<PhyFolder> {
  return yield* phyFolder(sd, { ...call, probe: yield* probeFrom(channels) }, warnings)
}

/** The reference's files. */
function* kilosortFiles(sd: SpikeData, time: TimeConversion, names: FileNames, ids: BigInt64Array | undefined): Steps<PhyFolder> {
  const trains = sd.nativeTrains
  const spikes = [sd.spikeCount]
  const files = [
    npyFile(names.spikeTimesFile, time.to === 'samples' ? '<i8' : '<f8', spikes, { kind: 'spikeTimes', trains, time }),
    npyFile(names.spikeClustersFile, '<i8', spikes, { kind: 'spikeUnits', trains, ...(ids && { ids }) }),
  ]
  const electrodes = yield* electrodesOf(sd.neuronAttributes)
  return { files: electrodes ? [...files, npyArrayFile(CHANNEL_MAP, electrodes)] : files, prepare: undefined }
}

function fileNames({ spikeTimesFile: times = SPIKE_TIMES, spikeClustersFile: clusters = SPIKE_CLUSTERS }: KilosortOptions): FileNames {
  const spikeTimesFile = fileName(times, 'spikeTimesFile')
  const spikeClustersFile = fileName(clusters, 'spikeClustersFile')
  if (spikeTimesFile === spikeClustersFile) {
    throw invalidValue('another name than spikeTimesFile has', 'spikeClustersFile', spikeClustersFile)
  }
  return { spikeTimesFile, spikeClustersFile }
}

/** Readers of Phy folders accept one time unit, and one name for each file. */
function checkReadable(time: TimeConversion, { spikeTimesFile, spikeClustersFile }: FileNames): void {
  if (time.to !== 'samples') throw invalidValue(`'samples', as phy is on,`, 'timeUnit', time.to)
  if (spikeTimesFile !== SPIKE_TIMES) throw invalidValue(`${SPIKE_TIMES}, as phy is on,`, 'spikeTimesFile', spikeTimesFile)
  if (spikeClustersFile !== SPIKE_CLUSTERS) {
    throw invalidValue(`${SPIKE_CLUSTERS}, as phy is on,`, 'spikeClustersFile', spikeClustersFile)
  }
}

/** A name that stays inside the folder, with the ending that `numpy.save` adds. */
function fileName(value: unknown, option: string): string {
  const name = requiredString(value, option)
  if (!isFileName(name)) throw invalidValue('a file name without a folder', option, name)
  const file = name.endsWith('.npy') ? name : `${name}.npy`
  if (file === CHANNEL_MAP) throw invalidValue(`another name than ${CHANNEL_MAP}`, option, value)
  return file
}

/** A folder whose other files could not all be removed is still known by its parameters for one of ours. */
function parametersLast(name: string, other: string): number {
  return Number(name === PARAMS) - Number(other === PARAMS)
}

function workedIn(others: readonly string[], folder: string): RangeError {
  const list = others.slice(0, MOST_LISTED).join(', ') + (others.length > MOST_LISTED ? ', …' : '')
  return invalidValue(`a folder in which no other program and no person has worked (${list}), or overwrite: true,`, 'folder', folder)
}

function startTimeLost({ startTime }: SpikeData): ExportWarning {
  return {
    code: 'SPIKEPORT_START_TIME_LOST',
    message: `A KiloSort folder does not store startTime (${startTime} ms): spike times are written as they are, and a reader takes 0 for it.`,
  }
}
