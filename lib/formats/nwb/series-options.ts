/**
 * Further series of an NWB file, besides the raw data, as a caller gives them.
 */
import type { Numbers } from '../../memory/float64.js'
import type { NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import type { Missing } from '../../options/checks.js'
import type { RawFile } from '../../recording/raw-file.js'
import type { RawStream } from '../../recording/raw-stream.js'

/** Regular samples. */
export interface NwbWithRate {
  /** The sampling rate in Hz. */
  rateHz: number
  /** The time of the first sample in ms. Default 0. */
  startTime?: number | undefined
  /** Only without `rateHz`. */
  timestamps?: Missing
}

/** Samples with times of their own. */
export interface NwbWithTimestamps {
  /** The time of each sample in ms. */
  timestamps: Numbers
  /** Only without `timestamps`. */
  rateHz?: Missing
  /** Only without `timestamps`. */
  startTime?: Missing
}

/** What all series have. */
interface Common {
  /**
   * The samples, of any dtype, which they keep. Time is the last axis, as in a recording's `rawData`: channels × samples, coordinates ×
   * samples, or only samples. With `timeAxis: 'first'` it is the first one, as in the file, and there can be up to four. Or a file
   * (`rawFile`), or a stream (`rawStream`), which is written as it comes: samples × channels.
   */
  data: NumericArray | NDArray | RawFile | RawStream
  /** Which axis of `data` is time. Default `last`. Only of an array. */
  timeAxis?: 'first' | 'last' | undefined
  /** A sample times this, plus `offset`, is in the unit of the series. Not 0. Default 1. */
  conversion?: number | undefined
  /** In the unit of the series. Default 0. */
  offset?: number | undefined
  /** What the series is. */
  description?: string | undefined
  /** Anything else about it. */
  comments?: string | undefined
}

/** Where a series is in the file: `acquisition`, `stimulus`, or a module of `processing`, such as `processing/behavior`. */
export type NwbSeriesPlace = 'acquisition' | 'stimulus' | `processing/${string}`

/** Voltages that say what a count is. */
export interface NwbWithVolts {
  /** Volts per count: a sample times this, plus `offset`, is in volts. Not 0. */
  conversion: number
}

/** Voltages of a file that says what a count is. */
export interface NwbOfRawFile {
  /** The samples, which stay in their file. */
  data: RawFile
  /** Volts per count. Default: what the file says. */
  conversion?: number | undefined
}

/** Voltages of electrodes. */
export interface NwbElectrical extends Common {
  /**
   * The electrode id of each channel, as `neuronAttributes` has it. Default 0, 1, …, or the entries of `nwb.electrodes` in their order. With
   * `nwb.electrodes` each is the id of an entry.
   */
  electrodes?: ArrayLike<number | bigint> | undefined
  /** How the signals were filtered. */
  filtering?: string | undefined
  /** Only of a `SpatialSeries`, or a `Position`. */
  referenceFrame?: Missing
  /** It is `volts`. */
  unit?: Missing
}

/** `ElectricalSeries` of the NWB schema: voltages of electrodes. */
export type NwbElectricalSeries = NwbElectrical &
  (NwbWithVolts | NwbOfRawFile) & {
    /** Voltages of electrodes. */
    type: 'ElectricalSeries'
    /** Default `acquisition`. */
    place?: NwbSeriesPlace | undefined
  }

/** `LFP` of the NWB schema: an `ElectricalSeries` in `processing/ecephys/LFP`. */
export type NwbLfp = NwbElectrical &
  (NwbWithVolts | NwbOfRawFile) & {
    /** Local field potentials. */
    type: 'LFP'
    /** It is `processing/ecephys`. */
    place?: Missing
  }

/** `TimeSeries` of the NWB schema: anything measured over time. */
export interface NwbTimeSeries extends Common {
  /** Anything over time. */
  type: 'TimeSeries'
  /** The unit that `conversion` and `offset` lead to, such as `m/s`. */
  unit: string
  /** Default `acquisition`. */
  place?: NwbSeriesPlace | undefined
  /** Only of an `ElectricalSeries`, or an `LFP`. */
  electrodes?: Missing
  /** Only of an `ElectricalSeries`, or an `LFP`. */
  filtering?: Missing
  /** Only of a `SpatialSeries`, or a `Position`. */
  referenceFrame?: Missing
}

/** Directions or positions of up to three coordinates. */
interface Spatial extends Common {
  /** Default `meters`. */
  unit?: string | undefined
  /** What the coordinates count from. */
  referenceFrame?: string | undefined
  /** Only of an `ElectricalSeries`, or an `LFP`. */
  electrodes?: Missing
  /** Only of an `ElectricalSeries`, or an `LFP`. */
  filtering?: Missing
}

/** `SpatialSeries` of the NWB schema, such as the direction of a gaze. */
export interface NwbSpatialSeries extends Spatial {
  /** Directions or positions. */
  type: 'SpatialSeries'
  /** Default `processing/behavior`. */
  place?: NwbSeriesPlace | undefined
}

/** `Position` of the NWB schema: a `SpatialSeries` in `processing/behavior/Position`. */
export interface NwbPosition extends Spatial {
  /** Positions. */
  type: 'Position'
  /** It is `processing/behavior`. */
  place?: Missing
}

/** A series: data over time, with a rate or with timestamps. */
export type NwbSeries = (NwbElectricalSeries | NwbLfp | NwbTimeSeries | NwbSpatialSeries | NwbPosition) & (NwbWithRate | NwbWithTimestamps)

export type SeriesType = NwbSeries['type']
