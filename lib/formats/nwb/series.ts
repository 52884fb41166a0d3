/**
 * Further series of an NWB file, besides the raw data: what a caller gives, and how it is checked.
 */
import { invalidType, invalidValue, quoted } from '../../errors.js'
import type { Numbers } from '../../memory/float64.js'
import { pinnedNumbers } from '../../memory/float64.js'
import { isNDArray, NDArray } from '../../memory/ndarray.js'
import type { NumericArray } from '../../memory/typed-arrays.js'
import { isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import type { Missing, OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, positiveNumber, refuseOptions, requiredString } from '../../options/checks.js'
import { isPlainObject } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { electrodeList, electrodesFromList } from './electrode-list.js'
import { nameField } from './fields.js'
import type { SampleTimes } from './series-parts.js'

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
   * samples, or only samples. With `timeAxis: 'first'` it is the first one, as in the file, and there can be up to four.
   */
  data: NumericArray | NDArray
  /** Which axis of `data` is time. Default `last`. */
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

/** Voltages of electrodes. */
interface Electrical extends Common {
  /** Volts per count: a sample times this, plus `offset`, is in volts. Not 0. */
  conversion: number
  /** The electrode id of each channel, as `neuronAttributes` has it. Default 0, 1, …. */
  electrodes?: ArrayLike<number | bigint> | undefined
  /** How the signals were filtered. */
  filtering?: string | undefined
  /** Only of a `SpatialSeries`, or a `Position`. */
  referenceFrame?: Missing
  /** It is `volts`. */
  unit?: Missing
}

/** `ElectricalSeries` of the NWB schema: voltages of electrodes. */
export interface NwbElectricalSeries extends Electrical {
  type: 'ElectricalSeries'
  /** Default `acquisition`. */
  place?: NwbSeriesPlace | undefined
}

/** `LFP` of the NWB schema: an `ElectricalSeries` in `processing/ecephys/LFP`. */
export interface NwbLfp extends Electrical {
  type: 'LFP'
  /** It is `processing/ecephys`. */
  place?: Missing
}

/** `TimeSeries` of the NWB schema: anything measured over time. */
export interface NwbTimeSeries extends Common {
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
  type: 'SpatialSeries'
  /** Default `processing/behavior`. */
  place?: NwbSeriesPlace | undefined
}

/** `Position` of the NWB schema: a `SpatialSeries` in `processing/behavior/Position`. */
export interface NwbPosition extends Spatial {
  type: 'Position'
  /** It is `processing/behavior`. */
  place?: Missing
}

/** A series: data over time, with a rate or with timestamps. */
export type NwbSeries = (NwbElectricalSeries | NwbLfp | NwbTimeSeries | NwbSpatialSeries | NwbPosition) & (NwbWithRate | NwbWithTimestamps)

export type SeriesType = NwbSeries['type']

/** Where a series of a type lies, and what it has. */
interface Kind {
  /** The type of the series itself. */
  schemaType: 'ElectricalSeries' | 'TimeSeries' | 'SpatialSeries'
  /** The container that the schema has for it, in a module. */
  container?: 'LFP' | 'Position'
  place: NwbSeriesPlace
  unit: string | undefined
}

const KINDS: Readonly<Record<SeriesType, Kind>> = {
  ElectricalSeries: { schemaType: 'ElectricalSeries', place: 'acquisition', unit: 'volts' },
  LFP: { schemaType: 'ElectricalSeries', container: 'LFP', place: 'processing/ecephys', unit: 'volts' },
  TimeSeries: { schemaType: 'TimeSeries', place: 'acquisition', unit: undefined },
  SpatialSeries: { schemaType: 'SpatialSeries', place: 'processing/behavior', unit: 'meters' },
  Position: { schemaType: 'SpatialSeries', container: 'Position', place: 'processing/behavior', unit: 'meters' },
}

const OPTIONS: OptionNames<NwbSeries> = {
  type: true,
  data: true,
  timeAxis: true,
  rateHz: true,
  startTime: true,
  timestamps: true,
  conversion: true,
  offset: true,
  description: true,
  comments: true,
  place: true,
  unit: true,
  electrodes: true,
  filtering: true,
  referenceFrame: true,
}

const TYPES = `'ElectricalSeries', 'LFP', 'TimeSeries', 'SpatialSeries' or 'Position'`
const PLACES = `'acquisition', 'stimulus' or 'processing/', followed by the name of a module,`

/** The schema has data of up to four axes, of directions and positions two, and of up to three coordinates. */
const MOST_AXES = 4
const MOST_COORDINATES = 3

/** A series whose options are checked, but for the values of its arrays. */
export interface Series {
  name: string
  /** What errors call it. */
  option: string
  kind: Kind
  place: NwbSeriesPlace
  description: string
  comments: string | undefined
  filtering: string | undefined
  referenceFrame: string | undefined
  unit: string
  conversion: number
  offset: number
  data: NDArray
  timeAxis: 'first' | 'last'
  /** How many samples it has, and how many numbers each; of an electrical one, how many channels. */
  samples: number
  width: number
  time: { rateHz: number; startTime: number } | { timestamps: Numbers }
  /** The electrode id of each channel; undefined for 0, 1, …. */
  electrodes: ArrayLike<unknown> | undefined
}

/**
 * Checks the option `nwb.series`.
 *
 * @throws TypeError, RangeError for a series that makes no sense
 */
export function seriesFrom(option: unknown): Series[] {
  if (isMissing(option)) return []
  if (!isPlainObject(option)) throw invalidType('an object', 'nwb.series', option)
  const given = Object.entries(option).filter(([, series]) => !isMissing(series))
  return given.map(([key, series]) => oneSeries(nameField(key, 'the name of a series in nwb.series'), series))
}

function oneSeries(name: string, entry: unknown): Series {
  const option = `nwb.series[${quoted(name)}]`
  const given = optionsFrom<NwbSeries>(entry, OPTIONS, option)
  const kind = kindFrom(given.type, `${option}.type`)
  const isOfElectrodes = isElectrical({ kind })
  const because = `as ${option}.type is '${given.type}'`
  if (!isOfElectrodes) refuseOptions(given, ['electrodes', 'filtering'], because)
  if (kind.schemaType !== 'SpatialSeries') refuseOptions(given, ['referenceFrame'], because)
  if (isOfElectrodes) refuseOptions(given, ['unit'], because)
  if (kind.container) refuseOptions(given, ['place'], because)

  const data = dataFrom(given.data, `${option}.data`)
  const timeAxis = timeAxisFrom(given.timeAxis, `${option}.timeAxis`)
  if (timeAxis === 'last' && data.ndim > 2) {
    throw invalidValue(`'first', as the data has ${data.ndim} axes,`, `${option}.timeAxis`, given.timeAxis)
  }
  const samples = data.shape.at(timeAxis === 'last' ? -1 : 0) as number
  const width = data.shape.reduce((product, length) => product * length, 1) / samples
  if (data.size === 0) throw invalidValue('at least one sample', `${option}.data.shape`, data.shape)
  checkShape(kind, data, width, `${option}.data.shape`)
  const text = (field: 'comments' | 'filtering' | 'referenceFrame') => {
    return isMissing(given[field]) ? undefined : requiredString(given[field], `${option}.${field}`)
  }
  const volts = 'the volts per count, a finite number other than 0,'
  const isConversion = (factor: number) => Number.isFinite(factor) && factor !== 0
  return {
    name,
    option,
    kind,
    place: placeFrom(given.place ?? kind.place, `${option}.place`),
    description: requiredString(given.description ?? `The series ${quoted(name)}.`, `${option}.description`),
    comments: text('comments'),
    filtering: text('filtering'),
    referenceFrame: text('referenceFrame'),
    unit: isOfElectrodes ? 'volts' : requiredString(given.unit ?? kind.unit, `${option}.unit`),
    conversion: isOfElectrodes
      ? checkedNumber(given.conversion, `${option}.conversion`, volts, isConversion)
      : checkedNumber(given.conversion ?? 1, `${option}.conversion`, 'a finite number other than 0', isConversion),
    offset: checkedNumber(given.offset ?? 0, `${option}.offset`, 'a finite number', Number.isFinite),
    data,
    timeAxis,
    samples,
    width,
    time: timeFrom(given, option),
    electrodes: isOfElectrodes ? electrodeList(given.electrodes, width, `${option}.electrodes`) : undefined,
  }
}

/** Whether a series is of electrodes. */
export function isElectrical({ kind }: Pick<Series, 'kind'>): boolean {
  return kind.schemaType === 'ElectricalSeries'
}

/**
 * The arrays of a series as native threads may read them.
 *
 * @throws TypeError, RangeError for times that are not numbers, one for each sample; for arrays whose buffer was transferred
 */
export function* seriesArrays({ data, time, samples, option }: Series): Steps<{ data: NumericArray; times: SampleTimes }> {
  const pinned = yield* pinnedNumbers(data.data, `${option}.data`)
  if (!('timestamps' in time)) return { data: pinned, times: time }
  const times = yield* pinnedNumbers(time.timestamps, `${option}.timestamps`)
  const count = lengthOf(times)
  if (count !== samples) throw invalidValue(`${samples}, one time for each sample,`, `the length of ${option}.timestamps`, count)
  return { data: pinned, times: { times } }
}

/**
 * The electrode ids of the channels of all electrical series, one series after the other.
 *
 * @throws RangeError for one that is no whole number, or does not fit int64
 */
export function* seriesElectrodes(all: readonly Series[]): Steps<BigInt64Array> {
  const electrical = all.filter(isElectrical)
  const ids = new BigInt64Array(electrical.reduce((channels, { width }) => channels + width, 0))
  let filled = 0
  for (const { electrodes, width, option } of electrical) {
    ids.set(yield* electrodesFromList(electrodes, width, `${option}.electrodes`), filled)
    filled += width
  }
  return ids
}

function kindFrom(type: unknown, option: string): Kind {
  if (typeof type !== 'string') throw invalidType(TYPES, option, type)
  if (!Object.hasOwn(KINDS, type)) throw invalidValue(TYPES, option, type)
  return KINDS[type as SeriesType]
}

function dataFrom(given: unknown, option: string): NDArray {
  const data = isNumericArray(given) ? new NDArray(given, [lengthOf(given)]) : given
  if (!isNDArray(data)) throw invalidType('a typed array or an NDArray', option, given)
  if (data.ndim < 1 || data.ndim > MOST_AXES) throw invalidValue(`1 to ${MOST_AXES} axes`, `${option}.shape`, data.shape)
  return data
}

function timeAxisFrom(given: unknown = 'last', option: string): 'first' | 'last' {
  if (typeof given !== 'string') throw invalidType(`'first' or 'last'`, option, given)
  if (given !== 'first' && given !== 'last') throw invalidValue(`'first' or 'last'`, option, given)
  return given
}

function checkShape({ schemaType }: Kind, data: NDArray, width: number, option: string): void {
  if (schemaType === 'TimeSeries') return
  if (data.ndim > 2) throw invalidValue('one axis or two', option, data.shape)
  if (schemaType === 'SpatialSeries' && width > MOST_COORDINATES) {
    throw invalidValue(`up to ${MOST_COORDINATES} coordinates of samples`, option, data.shape)
  }
}

function placeFrom(given: unknown, option: string): NwbSeriesPlace {
  if (typeof given !== 'string') throw invalidType(PLACES, option, given)
  if (given === 'acquisition' || given === 'stimulus') return given
  const [, module] = /^processing\/(.*)$/s.exec(given) ?? []
  if (module === undefined) throw invalidValue(PLACES, option, given)
  return `processing/${nameField(module, option)}`
}

function timeFrom(given: NwbSeries, option: string): Series['time'] {
  const { rateHz, startTime, timestamps } = given
  if (!isMissing(timestamps)) {
    refuseOptions(given, ['rateHz', 'startTime'], `as ${option} has timestamps`)
    return { timestamps }
  }
  if (isMissing(rateHz)) throw invalidType('a sampling rate in Hz, or timestamps,', `${option}.rateHz`, rateHz)
  return {
    rateHz: positiveNumber(rateHz, `${option}.rateHz`, 'a sampling rate in Hz'),
    startTime: checkedNumber(startTime ?? 0, `${option}.startTime`, 'a finite time in ms', Number.isFinite),
  }
}
