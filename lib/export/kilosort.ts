/**
 * KiloSort folders.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { npyHeader } from '../encoding/npy-header.js'
import { invalidType, invalidValue } from '../errors.js'
import { electrodesOf } from '../model/positions.js'
import { dtypeOf } from '../model/ndarray.js'
import { requireSpikeData } from '../model/spike-data.js'
import type { SpikeData } from '../model/spike-data.js'
import { inSlices } from '../steps.js'
import type { Steps } from '../steps.js'
import { requiredString } from '../options.js'
import type { ExportOptions, ExportReport } from '../options.js'
import type { FolderPlan, PlainFile } from '../plan/byte-segments.js'
import type { Column } from '../plan/columns.js'
import type { S3Options } from '../storage/s3.js'
import { samplingFrequency, timeConversion } from '../units.js'
import type { TimeUnit } from '../units.js'
import { beginExport } from './begin.js'
import type { OptionNames } from './begin.js'
import { countsOf, runExport } from './run.js'

/** Options of {@link exportSpikeDataToKilosort}; names and defaults are the reference's. */
export interface KilosortOptions extends ExportOptions, S3Options {
  /** The sampling frequency in Hz. Required, whatever the unit. */
  fsHz: number
  /** The file of the spike times; `.npy` is added where it is missing. Default `spike_times.npy`. */
  spikeTimesFile?: string | undefined
  /** The file of the cluster of each spike, int64. Default `spike_clusters.npy`. */
  spikeClustersFile?: string | undefined
  /** `samples` as int64, `ms` and `s` as float64. Default `samples`. */
  timeUnit?: TimeUnit | undefined
  /** The cluster id of each unit, one a unit. Default 0, 1, …. */
  clusterIds?: ArrayLike<number | bigint> | null | undefined
}

/** What {@link exportSpikeDataToKilosort} wrote. */
export interface KilosortReport extends ExportReport {
  spikeTimesPath: string
  spikeClustersPath: string
}

const OPTIONS: OptionNames<KilosortOptions> = {
  fsHz: true,
  spikeTimesFile: true,
  spikeClustersFile: true,
  timeUnit: true,
  clusterIds: true,
}

/** How many units one step reads: a fraction of a millisecond. */
const STEP_UNITS = 1024

const CHANNEL_MAP = 'channel_map.npy'

/**
 * Exports a recording to a folder with the files SpikeLab's `export_spikedata_to_kilosort` writes, as `numpy.save` would: the
 * time and the cluster of every spike, in unit order, and `channel_map.npy` with the electrode of each unit where all units have
 * one. Phy itself asks for more than these files.
 *
 * The files are replaced together: a new folder appears whole; in one that exists a crash in the wrong moment can leave new files
 * beside old ones. A channel map of an earlier export goes when this one has none.
 *
 * @param folder - the folder, made with the folders above it; with `s3Upload` an S3 URL
 * @throws TypeError, RangeError for options that make no sense, before anything is written
 * @throws Error with the file system's `code`, S3Error; or the signal's reason
 */
export async function exportSpikeDataToKilosort(sd: SpikeData, folder: string, options: KilosortOptions): Promise<KilosortReport> {
  requireSpikeData(sd, 'sd')
  const { given, destination } = beginExport(folder, options, OPTIONS, 'folder')
  const { timeUnit = 'samples', spikeTimesFile: timesFile = 'spike_times.npy', spikeClustersFile: clustersFile = 'spike_clusters.npy' } = given
  const fsHz = samplingFrequency(given.fsHz)
  const time = timeConversion(timeUnit, 'timeUnit', fsHz)
  const spikeTimesFile = fileName(timesFile, 'spikeTimesFile')
  const spikeClustersFile = fileName(clustersFile, 'spikeClustersFile')
  if (spikeTimesFile === spikeClustersFile) {
    throw invalidValue('another name than spikeTimesFile has', 'spikeClustersFile', spikeClustersFile)
  }
  const ids = await inSlices(clusterIds(given.clusterIds, sd.N))
  const electrodes = await inSlices(electrodesOf(sd.neuronAttributes))
  warnOfStartTime(sd)

  const trains = sd.nativeTrains
  const spikes = [sd.spikeCount]
  const files = [
    npyFile(spikeTimesFile, time.to === 'samples' ? '<i8' : '<f8', spikes, { column: 'spikeTimes', trains, time }),
    npyFile(spikeClustersFile, '<i8', spikes, { column: 'spikeUnits', trains, ...(ids && { ids }) }),
  ]
  if (electrodes) {
    files.push(npyFile(CHANNEL_MAP, dtypeOf(electrodes), [electrodes.length], { column: 'array', data: electrodes, shape: [electrodes.length] }))
  }
  const planFor = async (target: string): Promise<FolderPlan> => ({
    format: 'folder',
    target,
    files,
    remove: !electrodes && (await hasOurChannelMap(target)) ? [CHANNEL_MAP] : [],
  })
  const report = await runExport(planFor, destination, countsOf(sd), given)
  const [spikeTimesPath, spikeClustersPath] = report.paths as [string, string]
  return { ...report, spikeTimesPath, spikeClustersPath }
}

function npyFile(name: string, dtype: string, shape: readonly number[], column: Column): PlainFile {
  const header = npyHeader(dtype, shape)
  return { name, segments: [{ segment: 'bytes', bytes: header }, { segment: 'column', column }] }
}

/** A name that stays inside the folder, with the ending that `numpy.save` adds. */
function fileName(value: unknown, option: string): string {
  const name = requiredString(value, option)
  if (/[/\\]/.test(name) || name === '.' || name === '..') throw invalidValue('a file name without a folder', option, name)
  const file = name.endsWith('.npy') ? name : `${name}.npy`
  if (file === CHANNEL_MAP) throw invalidValue(`another name than ${CHANNEL_MAP}`, option, value)
  return file
}

function* clusterIds(ids: unknown, unitCount: number): Steps<BigInt64Array | undefined> {
  if (ids === undefined || ids === null) return undefined
  if (typeof ids !== 'object' || !('length' in ids)) throw invalidType('an array of integers', 'clusterIds', ids)
  if (ids.length !== unitCount) throw invalidValue(`${unitCount}, one id a unit,`, 'clusterIds.length', ids.length)
  const given = ids as ArrayLike<unknown>
  const checked = new BigInt64Array(unitCount)
  for (let unit = 0; unit < unitCount; unit++) {
    const id = given[unit]
    if (typeof id !== 'number' && typeof id !== 'bigint') throw invalidType('an integer', `clusterIds[${unit}]`, id)
    const safe = typeof id === 'bigint' ? BigInt.asIntN(64, id) === id : Number.isSafeInteger(id)
    if (!safe) throw invalidValue('an integer', `clusterIds[${unit}]`, id)
    checked[unit] = BigInt(id)
    if (unit % STEP_UNITS === 0) yield
  }
  return checked
}

function warnOfStartTime({ startTime }: SpikeData): void {
  if (startTime === 0) return
  process.emitWarning(
    `A KiloSort folder does not store startTime (${startTime} ms): spike times are written as they are, and a reader takes 0 for it.`,
    { code: 'SPIKEPORT_START_TIME_LOST' },
  )
}

/** Whether the folder's channel map is one of ours: a KiloSort's own is int32. */
async function hasOurChannelMap(folder: string): Promise<boolean> {
  const file = await open(join(folder, CHANNEL_MAP)).catch(() => undefined)
  if (!file) return false
  try {
    if (!(await file.stat()).isFile()) return false
    const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0)
    return /^\x93NUMPY.+'descr': '<[if]8', 'fortran_order': False, 'shape': \(\d+,\)/s.test(buffer.toString('latin1', 0, bytesRead))
  } finally {
    await file.close()
  }
}
