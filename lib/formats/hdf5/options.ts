/**
 * The options of generic HDF5 files: a union, so that options that contradict each other do not compile.
 */
import type { Missing } from '../../options/checks.js'
import type { ExportOptions } from '../../options/export-options.js'
import type { TimeUnit } from '../../options/time-unit.js'
import type { S3Options } from '../../storage/s3-options.js'
import type { Hdf5StorageOptions } from './storage.js'

/** The arrangement of spikes in an HDF5 file, a `style` of SpikeLab. */
export type Hdf5Style = 'raster' | 'ragged' | 'group' | 'paired'

/** Spike counts, units × bins. */
export interface RasterStyle {
  /** Case does not matter. Default `ragged`. */
  style: 'raster'
  /** The name of the int64 counts, units × bins. Default `raster`. */
  rasterDataset?: string | undefined
  /** The width of a bin in ms. At most 2⁴⁰ counts, units × bins, of 8 bytes each once loaded. */
  rasterBinSizeMs: number
}

/** All spike times in one array, unit by unit, and where each unit ends. */
export interface RaggedStyle {
  /** Case does not matter. Default `ragged`. */
  style?: 'ragged' | undefined
  /** The name of all spike times, unit by unit. Default `spike_times`. */
  spikeTimesDataset?: string | undefined
  /** The name of the cumulative end counts, int64, one a unit. Default `spike_times_index`. */
  spikeTimesIndexDataset?: string | undefined
  /** The unit of the spike times. Default `s`. */
  spikeTimesUnit?: TimeUnit | undefined
}

/** One array of spike times for each unit. */
export interface GroupStyle {
  /** Case does not matter. Default `ragged`. */
  style: 'group'
  /** The name of the group with one dataset a unit, named `0`, `1`, …. Default `units`. */
  groupPerUnit?: string | undefined
  /** The unit of the spike times. Default `s`. */
  groupTimeUnit?: TimeUnit | undefined
}

/** Two parallel arrays: the unit and the time of each spike. */
export interface PairedStyle {
  /** Case does not matter. Default `ragged`. */
  style: 'paired'
  /** The name of the unit of each spike, int64. Default `idces`. */
  idcesDataset?: string | undefined
  /** The name of the time of each spike. Default `times`. */
  timesDataset?: string | undefined
  /** The unit of the spike times. Default `ms`. */
  timesUnit?: TimeUnit | undefined
}

/** A style that is known at run time only: with the names and units that are its defaults. */
export interface DefaultStyle {
  /** Case does not matter. Default `ragged`. */
  style?: Exclude<Hdf5Style, 'raster'> | undefined
}

/** With a sampling frequency, times can be in samples. */
export interface WithSamplingFrequency {
  /** The sampling frequency in Hz; required where a unit is `samples`, and without effect elsewhere. */
  fsHz: number
  /** The unit of the times of raw samples. Default `ms`. */
  rawTimeUnit?: TimeUnit | undefined
}

/** Without a sampling frequency, times cannot be in samples. */
export interface WithoutSamples {
  /** Ragged: the unit of the spike times. Default `s`. */
  spikeTimesUnit?: Exclude<TimeUnit, 'samples'> | Missing
  /** Group: the unit of the spike times. Default `s`. */
  groupTimeUnit?: Exclude<TimeUnit, 'samples'> | Missing
  /** Paired: the unit of the spike times. Default `ms`. */
  timesUnit?: Exclude<TimeUnit, 'samples'> | Missing
  /** The sampling frequency in Hz; required where a unit is `samples`, and without effect elsewhere. */
  fsHz?: number | Missing
  /** The unit of the times of raw samples. Default `ms`. */
  rawTimeUnit?: Exclude<TimeUnit, 'samples'> | undefined
}

/** Raw data is written with its times. */
export interface WithRawData {
  /** The name of raw data, channels × samples, written with its own dtype if there is any. Needs `rawTimeDataset`. */
  rawDataset: string | Missing
  /** The name of the times of raw samples. Needs `rawDataset`. */
  rawTimeDataset: string | Missing
}

/** Raw data is left out. */
export interface WithoutRawData {
  /** The name of raw data, channels × samples, written with its own dtype if there is any. Needs `rawTimeDataset`. */
  rawDataset?: Missing
  /** The name of the times of raw samples. Needs `rawDataset`. */
  rawTimeDataset?: Missing
}

/** The options that only one style has. */
export const STYLE_OPTIONS = {
  raster: ['rasterDataset', 'rasterBinSizeMs'],
  ragged: ['spikeTimesDataset', 'spikeTimesIndexDataset', 'spikeTimesUnit'],
  group: ['groupPerUnit', 'groupTimeUnit'],
  paired: ['idcesDataset', 'timesDataset', 'timesUnit'],
} as const satisfies Record<Hdf5Style, readonly string[]>

type StyleOption = (typeof STYLE_OPTIONS)[Hdf5Style][number]

/** A style, a layout, units, raw data and a destination that go together; options of other styles can only be missing. */
export type Hdf5FileOptions<Style, Layout, Units, Raw, Upload> = ExportOptions &
  Style &
  Layout &
  Units &
  Raw &
  Upload &
  Readonly<Partial<Record<Exclude<StyleOption, keyof Style>, Missing>>>

/** One member for each choice. TypeScript reports errors about the last member that may be meant: the simplest ones come last. */
type EveryCombination<Style, Layout, Units, Raw, Upload> = Style extends unknown
  ? Layout extends unknown
    ? Units extends unknown
      ? Raw extends unknown
        ? Upload extends unknown
          ? Hdf5FileOptions<Style, Layout, Units, Raw, Upload>
          : never
        : never
      : never
    : never
  : never

/**
 * Options of {@link exportSpikeDataToHdf5}; names and defaults are the reference's.
 *
 * Options that contradict each other are errors at run time, and most of them at compile time: an option of another style that is not
 * missing, the style `raster` without `rasterBinSizeMs`, a unit that is `samples` without `fsHz`, `rawDataset` without `rawTimeDataset` or the
 * reverse, a contiguous layout with `compression` or `chunkBytes`, and options of S3 without `s3Upload`.
 */
export type Hdf5Options = EveryCombination<
  RasterStyle | RaggedStyle | GroupStyle | PairedStyle | DefaultStyle,
  Hdf5StorageOptions,
  WithSamplingFrequency | WithoutSamples,
  WithRawData | WithoutRawData,
  S3Options
>
