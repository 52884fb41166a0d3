/**
 * Checks the further series of an NWB file.
 */
import { invalidType, invalidValue, quoted } from '../../errors.js'
import type { Numbers } from '../../memory/float64.js'
import { pinnedNumbers } from '../../memory/float64.js'
import { isNDArray, NDArray, requireWhole } from '../../memory/ndarray.js'
import { isNumericArray, lengthOf } from '../../memory/typed-arrays.js'
import type { OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, positiveNumber, refuseOptions, requiredString } from '../../options/checks.js'
import type { RawFile } from '../../recording/raw-file.js'
import { isRawFile } from '../../recording/raw-file.js'
import type { RawStream } from '../../recording/raw-stream.js'
import { isRawStream } from '../../recording/raw-stream.js'
import type { Steps } from '../../steps.js'
import { inRanges } from '../../steps.js'
import type { ChannelElectrodes } from './electrode-list.js'
import { electrodeList, electrodesFromList } from './electrode-list.js'
import { entriesOf, nameField } from './fields.js'
import { MOST_OBJECTS } from './probe.js'
import type { NwbSeries, NwbSeriesPlace, SeriesType } from './series-options.js'
import type { SampleTimes } from './series-parts.js'
import { isConversion, VOLTS_PER_COUNT } from './series-parts.js'
import type { SeriesData } from './series-samples.js'

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
  /** A factor for each channel, where there are some. */
  channelConversion: readonly number[] | undefined
  data: NDArray | RawFile | RawStream
  timeAxis: 'first' | 'last'
  /** How many samples it has, undefined for a stream; and how many numbers each; of an electrical one, how many channels. */
  samples: number | undefined
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
  const given = entriesOf(option, 'nwb.series')
  if (given.length > MOST_OBJECTS) throw invalidValue(`at most ${MOST_OBJECTS} series`, 'nwb.series', given.length)
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

  const isElsewhere = isRawStream(given.data) || isRawFile(given.data)
  const data = isElsewhere ? (given.data as RawFile | RawStream) : dataFrom(given.data, `${option}.data`)
  const timeAxis = timeAxisFrom(given.timeAxis, `${option}.timeAxis`)
  if (isElsewhere) refuseOptions(given, ['timeAxis'], `as ${option}.data is ${isRawFile(data) ? 'a file' : 'a stream'}`)
  const { samples, width } = isRawStream(data) ? { samples: undefined, width: data.shape[0] } : sizeOf(data, timeAxis, given, option)
  // What a file says of volts belongs to its conversion.
  const said = isOfElectrodes && isMissing(given.conversion) && isRawFile(data) ? data : undefined
  checkShape(kind, data, width, `${option}.data.shape`)
  const text = (field: 'comments' | 'filtering' | 'referenceFrame') => {
    return isMissing(given[field]) ? undefined : requiredString(given[field], `${option}.${field}`)
  }
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
      ? checkedNumber(given.conversion ?? said?.conversion, `${option}.conversion`, VOLTS_PER_COUNT, isConversion)
      : checkedNumber(given.conversion ?? 1, `${option}.conversion`, 'a finite number other than 0', isConversion),
    offset: checkedNumber(given.offset ?? said?.offset ?? 0, `${option}.offset`, 'a finite number', Number.isFinite),
    channelConversion: said?.channelConversion,
    data,
    timeAxis,
    samples,
    width,
    time: timeFrom(given, option),
    electrodes: isOfElectrodes ? electrodeList(given.electrodes, width, `${option}.electrodes`) : undefined,
  }
}

function sizeOf(data: NDArray | RawFile, timeAxis: 'first' | 'last', given: NwbSeries, option: string): { samples: number; width: number } {
  if (timeAxis === 'last' && data.ndim > 2) {
    throw invalidValue(`'first', as the data has ${data.ndim} axes,`, `${option}.timeAxis`, given.timeAxis)
  }
  if (data.size === 0) throw invalidValue('at least one sample', `${option}.data.shape`, data.shape)
  const samples = data.shape.at(timeAxis === 'last' ? -1 : 0) as number
  return { samples, width: data.size / samples }
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
export function* seriesArrays({ data, time, samples, option }: Series): Steps<{ data: SeriesData; times: SampleTimes }> {
  const pinned =
    isRawStream(data) || isRawFile(data) ? data : { data: yield* pinnedNumbers(data.data, `${option}.data`), shape: data.shape }
  if (!('timestamps' in time)) return { data: pinned, times: time }
  const times = yield* pinnedNumbers(time.timestamps, `${option}.timestamps`)
  const count = lengthOf(times)
  if (samples !== undefined && count !== samples)
    throw invalidValue(`${samples}, one time for each sample,`, `the length of ${option}.timestamps`, count)
  yield* inRanges(count, (from, to) => {
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(Number(times[i]))) throw invalidValue('finite times in ms', `${option}.timestamps[${i}]`, times[i])
    }
  })
  return { data: pinned, times: { times } }
}

/**
 * The electrodes of the channels of each electrical series.
 *
 * @throws TypeError, RangeError for one that is no whole number, or does not fit int64
 */
export function* seriesElectrodes(all: readonly Series[]): Steps<ChannelElectrodes[]> {
  const channels: ChannelElectrodes[] = []
  for (const { electrodes, width, option } of all.filter(isElectrical)) {
    channels.push(yield* electrodesFromList(electrodes, width, `${option}.electrodes`))
  }
  return channels
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
  requireWhole(data, () => option)
  return data
}

function timeAxisFrom(given: unknown = 'last', option: string): 'first' | 'last' {
  if (typeof given !== 'string') throw invalidType(`'first' or 'last'`, option, given)
  if (given !== 'first' && given !== 'last') throw invalidValue(`'first' or 'last'`, option, given)
  return given
}

function checkShape({ schemaType }: Kind, data: NDArray | RawFile | RawStream, width: number, option: string): void {
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
