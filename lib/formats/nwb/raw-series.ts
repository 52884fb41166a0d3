/**
 * Raw data as an electrical series, samples × channels.
 */
import type { Hdf5Object } from '../../engine/plan/hdf5-tree.js'
import { invalidValue } from '../../errors.js'
import type { PlannedStream } from '../../jobs/write-streams.js'
import { lengthOf } from '../../memory/typed-arrays.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import { isRawFile } from '../../recording/raw-file.js'
import type { Steps } from '../../steps.js'
import type { StreamStorage } from '../hdf5/streams.js'
import type { ChannelElectrodes } from './electrode-list.js'
import { electrodeList, electrodesFromList } from './electrode-list.js'
import { nameField } from './fields.js'
import { attributesFrom, typedGroup } from './objects.js'
import { channelsObject, isConversion, timesObject, VOLTS_PER_COUNT } from './series-parts.js'
import { channelConversionObject, samplesObject } from './series-samples.js'

/** How a recording's `rawData`, channels × samples, becomes an `ElectricalSeries`. */
export interface NwbRawData {
  /** Volts per count: a sample times this, plus `offset`, is in volts. Not 0. Required, unless `rawData` is a file that says it. */
  conversion?: number | undefined
  /** In volts. Default: what the file of `rawData` says, or 0. */
  offset?: number | undefined
  /** Default `ElectricalSeries`. */
  name?: string | undefined
  /** Default: that these are the raw samples of the recording. */
  description?: string | undefined
  /** How the signals were filtered. */
  filtering?: string | undefined
  /** The electrode id of each channel, as `neuronAttributes` has it. Default 0, 1, …, or the entries of `nwb.electrodes` in their order. */
  electrodes?: ArrayLike<number | bigint> | undefined
}

/** Raw data whose options are checked, but for the values of `electrodes`. */
export interface RawSeries {
  sd: SpikeData
  name: string
  description: string
  filtering: string | undefined
  conversion: number
  offset: number
  /** A factor for each channel, where there are some. */
  channelConversion: readonly number[] | undefined
  /** The electrode id of each channel; undefined for 0, 1, …. */
  electrodes: ArrayLike<unknown> | undefined
}

const OPTIONS: OptionNames<NwbRawData> = {
  conversion: true,
  offset: true,
  name: true,
  description: true,
  filtering: true,
  electrodes: true,
}

/**
 * Checks the option `rawData`; undefined without it.
 *
 * @throws TypeError, RangeError for an option that makes no sense, or a recording without raw data of channels × samples
 */
export function rawSeriesFrom(sd: SpikeData, option: unknown): RawSeries | undefined {
  if (isMissing(option)) return undefined
  const given = optionsFrom<NwbRawData>(option, OPTIONS, 'rawData')
  const { shape } = sd.rawData
  if (shape.length !== 2) throw invalidValue('raw data of channels × samples', 'sd.rawData.shape', shape)
  if (shape.includes(0)) throw invalidValue('a recording with raw data, as rawData is given,', 'sd.rawData.shape', shape)
  const said = isRawFile(sd.rawData) ? sd.rawData : undefined
  // Those of the file belong to its conversion.
  const isSaid = isMissing(given.conversion)
  return {
    sd,
    name: nameField(given.name ?? 'ElectricalSeries', 'rawData.name'),
    description: requiredString(given.description ?? 'The raw samples of the recording.', 'rawData.description'),
    filtering: isMissing(given.filtering) ? undefined : requiredString(given.filtering, 'rawData.filtering'),
    conversion: checkedNumber(given.conversion ?? said?.conversion, 'rawData.conversion', VOLTS_PER_COUNT, isConversion),
    offset: checkedNumber(given.offset ?? (isSaid ? said?.offset : 0) ?? 0, 'rawData.offset', 'a finite number of volts', Number.isFinite),
    channelConversion: isSaid ? said?.channelConversion : undefined,
    electrodes: electrodeList(given.electrodes, shape[0] as number, 'rawData.electrodes'),
  }
}

/**
 * The electrode id of each channel; none without raw data.
 *
 * @throws TypeError, RangeError for one that is no whole number, or does not fit int64
 */
export function* channelElectrodes(series: RawSeries | undefined): Steps<ChannelElectrodes | undefined> {
  return series && (yield* electrodesFromList(series.electrodes, series.sd.rawData.shape[0] as number, 'rawData.electrodes'))
}

/** Where the series is in the file. */
export function rawSeriesPath({ name }: RawSeries): string {
  return `acquisition/${name}`
}

/**
 * The objects of the series.
 *
 * @param rows - the rows of its electrodes in their table
 * @param streams - receives what comes as a stream
 */
export function rawSeriesObjects(series: RawSeries, rows: BigInt64Array, storage: StreamStorage, streams: PlannedStream[]): Hdf5Object[] {
  const { sd, description, filtering, conversion, offset, channelConversion } = series
  const path = rawSeriesPath(series)
  const { rawData, rawTimeRateKHz: rate } = sd
  const count = rate === null ? lengthOf(sd.rawTime) : undefined
  // A resolution of -1 is one that is not known.
  const attributes = attributesFrom({ conversion, offset, resolution: -1, unit: 'volts' })
  return [
    typedGroup(path, 'core', 'ElectricalSeries', { description, filtering }),
    samplesObject(`${path}/data`, { data: rawData, name: 'sd.rawData', timeAxis: 'last', count, attributes }, storage, streams),
    ...(channelConversion ? [channelConversionObject(path, channelConversion)] : []),
    timesObject(path, rate === null ? { times: sd.rawTime } : { rateHz: rate * 1000, startTime: 0 }, storage.storage),
    channelsObject(path, rows),
  ]
}
