/**
 * The options of loading KiloSort and Phy folders.
 */
import { invalidValue } from '../../errors.js'
import type { LoadOptions } from '../../jobs/load-call.js'
import { LOAD_OPTIONS } from '../../jobs/load-call.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { isMissing, lengthInMs, optionalBoolean, refuseOptions, requiredString } from '../../options/checks.js'
import type { TimeUnit } from '../../options/time-unit.js'
import { requireTimeUnit, samplingFrequency } from '../../options/time-unit.js'
import type { LazyLoading } from '../../recording/lazy-loading.js'
import { LAZY_OPTIONS } from '../../recording/lazy-loading.js'
import { isFileName } from '../../storage/paths.js'
import type { S3LoadOptions } from '../../storage/s3-options.js'
import { CHANNEL_MAP, CHANNEL_POSITIONS, SPIKE_CLUSTERS, SPIKE_TIMES } from './names.js'
import type { FileNames } from './reading/wanted.js'

/** The options that only KiloSort folders have; names and defaults are those of SpikeLab. */
export interface KilosortReading {
  /** The sampling frequency in Hz. Default: `sample_rate` in `params.py`. Without either, `timeUnit: 'samples'` is an error. */
  fsHz?: number | Missing
  /** The file of the spike times; `.npy` is added where it is missing. Default `spike_times.npy`. */
  spikeTimesFile?: string | undefined
  /** The file of the cluster of each spike. Default `spike_clusters.npy`. */
  spikeClustersFile?: string | undefined
  /** The unit of the spike times. Default `samples`. */
  timeUnit?: TimeUnit | undefined
  /** The length of the recording in ms. Default: just after the last spike. */
  lengthMs?: number | Missing
  /** The file with the channel of each row of the probe. Default `channel_map.npy`. */
  channelMapFile?: string | undefined
  /** The file with the coordinates of each row of the probe. Default `channel_positions.npy`. */
  channelPositionsFile?: string | undefined
  /**
   * Reads `amplitudes.npy` into the attribute `amplitudes` of the units: one number for each spike, in the order of `train`. With `lazy` they are on
   * the disk, as `SpikeData.spikeValues`. Default false.
   */
  amplitudes?: boolean | undefined
}

/** Labels decide which clusters become units. */
export interface LabelledClusters {
  /**
   * A table with the labels of clusters, such as `cluster_group.tsv` or `cluster_info.tsv`: only clusters whose `group`, or else `KSLabel`, is
   * `good`, `mua` or `mua good` become units, and none that is not in it. Default: all clusters.
   */
  clusterInfoTsv: string | Missing
  /** Also keeps the clusters in `clusterInfoTsv` that have other labels. Default false. Needs `clusterInfoTsv`. */
  includeNoise?: boolean | undefined
}

/** All clusters become units. */
export interface AllClusters {
  /** A table with the labels of clusters. Default: all clusters. */
  clusterInfoTsv?: Missing
  /** Only with `clusterInfoTsv`. */
  includeNoise?: undefined
}

/** Options of `loadSpikeDataFromKilosort`. `includeNoise` without `clusterInfoTsv`, and options of S3 without `s3Download`, neither compile nor run. */
export type LoadKilosortOptions = KilosortReading & (LabelledClusters | AllClusters) & LazyLoading & LoadOptions & S3LoadOptions

/** @internal */
export const OPTIONS: OptionNames<LoadKilosortOptions> = {
  ...LOAD_OPTIONS,
  fsHz: true,
  spikeTimesFile: true,
  spikeClustersFile: true,
  clusterInfoTsv: true,
  timeUnit: true,
  includeNoise: true,
  lengthMs: true,
  channelMapFile: true,
  channelPositionsFile: true,
  amplitudes: true,
  ...LAZY_OPTIONS,
}

/** @internal The options, checked. */
export interface KilosortSettings extends FileNames {
  readonly fsHz: number | undefined
  readonly timeUnit: TimeUnit
  readonly includeNoise: boolean
  readonly lengthMs: number | undefined
}

/** @internal Checks the options. */
export function settingsFrom(given: LoadKilosortOptions): KilosortSettings {
  const { spikeTimesFile = SPIKE_TIMES, spikeClustersFile = SPIKE_CLUSTERS, timeUnit = 'samples' } = given
  const { channelMapFile = CHANNEL_MAP, channelPositionsFile = CHANNEL_POSITIONS, clusterInfoTsv, lengthMs } = given
  optionalBoolean(given.includeNoise, 'includeNoise')
  if (isMissing(clusterInfoTsv)) refuseOptions(given, ['includeNoise'], 'as there is no clusterInfoTsv')
  optionalBoolean(given.amplitudes, 'amplitudes')
  if (!isMissing(lengthMs)) lengthInMs(lengthMs, 'lengthMs')
  return {
    fsHz: isMissing(given.fsHz) ? undefined : samplingFrequency(given.fsHz),
    timesFile: arrayName(spikeTimesFile, 'spikeTimesFile'),
    clustersFile: arrayName(spikeClustersFile, 'spikeClustersFile'),
    labels: isMissing(clusterInfoTsv) ? undefined : fileName(clusterInfoTsv, 'clusterInfoTsv'),
    timeUnit: requireTimeUnit(timeUnit, 'timeUnit'),
    includeNoise: given.includeNoise ?? false,
    lengthMs: lengthMs ?? undefined,
    mapFile: arrayName(channelMapFile, 'channelMapFile'),
    positionsFile: arrayName(channelPositionsFile, 'channelPositionsFile'),
    amplitudes: given.amplitudes ?? false,
  }
}

/** A name that stays inside the folder. */
function fileName(value: unknown, option: string): string {
  const name = requiredString(value, option)
  if (!isFileName(name)) throw invalidValue('a file name without a folder', option, name)
  return name
}

function arrayName(value: unknown, option: string): string {
  const name = fileName(value, option)
  return name.endsWith('.npy') ? name : `${name}.npy`
}
