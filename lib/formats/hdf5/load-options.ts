/**
 * The options of loading generic HDF5 files: a union, so that options that contradict each other do not compile.
 */
import type { LoadOptions } from '../../jobs/load-call.js'
import type { Missing } from '../../options/checks.js'
import type { TimeUnit } from '../../options/time-unit.js'
import type { PlainObject } from '../../recording/attributes.js'
import type { GivenLazy, LazyLoading } from '../../recording/lazy-loading.js'
import type { IndexKind } from '../../recording/ragged-index.js'
import type { S3LoadOptions } from '../../storage/s3-options.js'
import type { WithoutSamples, WithSamplingFrequency } from './options.js'

/** Spike counts, units × bins. */
export interface LoadRasterStyle {
  /** Without it, the names that are given, and then the names in the file decide. Case does not matter. */
  style?: 'raster' | undefined
  /** The name of the counts, units × bins. Default `raster`. */
  rasterDataset?: string | undefined
  /** The width of a bin in ms. Default: the attribute `bin_size_ms` of the counts. */
  rasterBinSizeMs?: number | undefined
}

/** All spike times in one array, unit by unit, and where each unit ends. */
export interface LoadRaggedStyle {
  /** Without it, the names that are given, and then the names in the file decide. Case does not matter. */
  style?: 'ragged' | undefined
  /** The name of all spike times, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** The name of the index. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
  /** The unit of the spike times. Default `s`. */
  spikeTimesUnit?: TimeUnit | undefined
  /**
   * What the index holds: `ends`, cumulative end counts; `starts`, the first spike of each unit. `auto` takes the index of a file with the root
   * attribute `length_ms`, as SpikeLab and spikeport write it, for ends; elsewhere a leading 0 for the start of the first unit. Default
   * `auto`.
   */
  spikeTimesIndex?: 'auto' | IndexKind | undefined
  /** The number of units, which tells ends from starts. Default: the number of ends. */
  unitCount?: number | undefined
}

/** One array of spike times for each unit. */
export interface LoadGroupStyle {
  /** Without it, the names that are given, and then the names in the file decide. Case does not matter. */
  style?: 'group' | undefined
  /** The name of the group with one dataset a unit. Default `units`. */
  groupPerUnit?: string | undefined
  /** The unit of the spike times. Default `s`. */
  groupTimeUnit?: TimeUnit | undefined
}

/** Two parallel arrays: the unit and the time of each spike. */
export interface LoadPairedStyle {
  /** Without it, the names that are given, and then the names in the file decide. Case does not matter. */
  style?: 'paired' | undefined
  /** The name of the unit of each spike. Default `idces`. */
  idcesDataset?: string | undefined
  /** The name of the time of each spike. Default `times`. */
  timesDataset?: string | undefined
  /** The unit of the spike times. Default `ms`, as `exportSpikeDataToHdf5` writes them; SpikeLab's loader expects `s` unless told. */
  timesUnit?: TimeUnit | undefined
  /** The number of units; the last ones may have no spikes. Default: the highest unit number plus 1. */
  unitCount?: number | undefined
}

/** A style that the names in the file decide. */
export interface LoadAnyStyle {
  /** Without it, the names in the file decide. Case does not matter. */
  style?: 'raster' | 'ragged' | 'group' | 'paired' | undefined
}

/** Options of every style. */
export interface LoadHdf5Common extends LoadOptions {
  /** The length of the recording in ms. Default: the root attribute `length_ms`, else up to the last spike. Not for a raster. */
  lengthMs?: number | Missing
  /** Metadata of the recording. `source_file`, the absolute path, is added unless it is there. */
  metadata?: PlainObject | Missing
}

/** Raw data is read with its times. */
export interface LoadRawData {
  /** The name of raw data, channels × samples, which keeps its dtype. Needs `rawTimeDataset`. */
  rawDataset: string | Missing
  /** The name of the times of raw samples. Needs `rawDataset`. */
  rawTimeDataset: string | Missing
}

/** No raw data is read. */
export interface LoadNoRawData {
  /** The name of raw data: needs `rawTimeDataset`. */
  rawDataset?: Missing
  /** The name of the times of raw samples: needs `rawDataset`. */
  rawTimeDataset?: Missing
  /** The unit of the times of raw samples: needs both. */
  rawTimeUnit?: undefined
}

type UnitOption = 'spikeTimesUnit' | 'groupTimeUnit' | 'timesUnit' | 'rawTimeUnit'

/** A unit of times is given, so that `fsHz` may be: required where it is `samples`, and without effect elsewhere. */
type WithUnit<Name> = Name extends UnitOption
  ? (Readonly<Record<Name, TimeUnit>> & WithSamplingFrequency) | (Readonly<Record<Name, Exclude<TimeUnit, 'samples'>>> & WithoutSamples)
  : never

/** Without `fsHz`, which needs a unit: times in samples whose unit was forgotten would be taken for seconds. */
export interface LoadWithoutFrequency extends WithoutSamples {
  /** The sampling frequency in Hz: needs a unit, and is required where it is `samples`. */
  fsHz?: Missing
}

/** The options that only some styles have. */
export const LOAD_STYLE_OPTIONS = {
  ragged: ['spikeTimesDataset', 'spikeTimesIndexDataset', 'spikeTimesUnit', 'spikeTimesIndex'],
  paired: ['idcesDataset', 'timesDataset', 'timesUnit'],
  group: ['groupPerUnit', 'groupTimeUnit'],
  raster: ['rasterDataset', 'rasterBinSizeMs'],
} as const

/** The option for the unit of a style's times, and the unit that exporters write. */
export const TIME_UNITS = {
  ragged: ['spikeTimesUnit', 's'],
  group: ['groupTimeUnit', 's'],
  paired: ['timesUnit', 'ms'],
} as const

type StyleOption = (typeof LOAD_STYLE_OPTIONS)[keyof typeof LOAD_STYLE_OPTIONS][number] | 'unitCount'

type OfStyle<Style> = LoadHdf5Common & Style & Readonly<Partial<Record<Exclude<StyleOption, keyof Style>, Missing>>>

/** The styles, each without the options of the others. */
type AnyOfStyles =
  | OfStyle<LoadRasterStyle>
  | OfStyle<LoadGroupStyle>
  | OfStyle<LoadPairedStyle>
  | OfStyle<LoadRaggedStyle>
  | OfStyle<LoadAnyStyle>

/** TypeScript reports errors about the last member that may be meant: the simplest ones come last. */
type OfUnits<Units> = AnyOfStyles & Units & (LoadRawData | LoadNoRawData) & LazyLoading & S3LoadOptions

/**
 * Options of {@link loadSpikeDataFromHdf5}: names and units are those of {@link exportSpikeDataToHdf5}, and so are the defaults of units. Options
 * of different styles, a unit that is `samples` without `fsHz`, `fsHz` without any unit, `rawTimeUnit` without raw data, `rawDataset` without
 * `rawTimeDataset` or the reverse, and options of S3 without `s3Download` neither compile nor run.
 */
export type LoadHdf5Options = OfUnits<WithUnit<UnitOption>> | OfUnits<LoadWithoutFrequency>

/** All of them, each of which may be missing. */
export type GivenLoadOptions = LoadHdf5Common &
  S3LoadOptions &
  Partial<LoadRawData> &
  Omit<LoadRasterStyle, 'style'> &
  Omit<LoadGroupStyle, 'style'> &
  Omit<LoadPairedStyle, 'style'> &
  Omit<LoadRaggedStyle, 'style'> &
  LoadAnyStyle &
  GivenLazy & { fsHz?: number | Missing; rawTimeUnit?: TimeUnit | undefined }
