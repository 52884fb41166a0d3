/**
 * Raw data as an electrical series, samples × channels.
 */

import type { Hdf5Object, Hdf5Storage } from '../../engine/plan/hdf5-tree.js'
import type { Source } from '../../engine/plan/sources.js'
import { invalidType, invalidValue } from '../../errors.js'
import { countIn, itemBytesOf } from '../../memory/typed-arrays.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { OptionNames } from '../../options/checks.js'
import { checkedNumber, isMissing, optionsFrom, requiredString } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import { transposedRawStorage } from '../hdf5/storage.js'
import { ELECTRODES } from './electrodes.js'
import { nameField } from './fields.js'
import { attributesFrom, typeAttributes, typedGroup } from './objects.js'

/** How a recording's `rawData`, channels × samples, becomes an `ElectricalSeries`. */
export interface NwbRawData {
  /** Volts per count: a sample times this, plus `offset`, is in volts. Not 0. */
  conversion: number
  /** In volts. Default 0. */
  offset?: number | undefined
  /** Default `ElectricalSeries`. */
  name?: string | undefined
  /** Default: that these are the raw samples of the recording. */
  description?: string | undefined
  /** How the signals were filtered. */
  filtering?: string | undefined
  /** The electrode id of each channel, as `neuronAttributes` has it. Default 0, 1, …. */
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

const VOLTS_PER_COUNT = 'the volts per count, a finite number other than 0,'

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
  return {
    sd,
    name: nameField(given.name ?? 'ElectricalSeries', 'rawData.name'),
    description: requiredString(given.description ?? 'The raw samples of the recording.', 'rawData.description'),
    filtering: isMissing(given.filtering) ? undefined : requiredString(given.filtering, 'rawData.filtering'),
    conversion: checkedNumber(given.conversion, 'rawData.conversion', VOLTS_PER_COUNT, (volts) => Number.isFinite(volts) && volts !== 0),
    offset: checkedNumber(given.offset ?? 0, 'rawData.offset', 'a finite number of volts', Number.isFinite),
    electrodes: electrodeList(given.electrodes, shape[0] as number),
  }
}

/**
 * The electrode id of each channel.
 *
 * @throws RangeError for one that is no whole number, or does not fit int64
 */
export function* channelElectrodes({ sd, electrodes }: RawSeries): Steps<BigInt64Array> {
  const ids = new BigInt64Array(sd.rawData.shape[0] as number)
  for (let channel = 0; channel < ids.length; channel++) {
    const electrode = electrodes ? electrodes[channel] : channel
    const isWhole = typeof electrode === 'bigint' ? BigInt.asIntN(64, electrode) === electrode : Number.isSafeInteger(electrode)
    if (!isWhole) throw invalidValue('a safe integer, or a bigint that fits int64,', `rawData.electrodes[${channel}]`, electrode)
    ids[channel] = BigInt(electrode as number | bigint)
    if (isDue()) yield
  }
  return ids
}

/** The objects of the series; `rows` are the rows of its electrodes in their table. */
export function rawSeriesObjects(series: RawSeries, rows: BigInt64Array, storage: Hdf5Storage): Hdf5Object[] {
  const { sd, name, description, filtering, conversion, offset } = series
  const path = `acquisition/${name}`
  const { data, shape } = sd.rawData
  const [channels, samples] = shape as [number, number]
  const region = { description: 'The electrode of each channel.', table: { reference: ELECTRODES } }
  return [
    typedGroup(path, 'core', 'ElectricalSeries', { description, filtering }),
    {
      object: 'dataset',
      path: `${path}/data`,
      source: { kind: 'transposed', data, shape: [channels, samples] },
      storage: transposedRawStorage(storage, channels, samples, itemBytesOf(data)),
      // A resolution of -1 is one that is not known.
      attributes: attributesFrom({ conversion, offset, resolution: -1, unit: 'volts' }),
    },
    timeObject(path, sd, storage),
    {
      object: 'dataset',
      path: `${path}/electrodes`,
      source: { kind: 'array', data: rows, shape: [channels] },
      storage: { layout: 'contiguous' },
      attributes: typeAttributes('hdmf-common', 'DynamicTableRegion', region),
    },
  ]
}

/** The start and rate of regular samples, or the time of each. */
function timeObject(path: string, sd: SpikeData, storage: Hdf5Storage): Hdf5Object {
  const { rawTimeRateKHz } = sd
  if (rawTimeRateKHz === null) {
    const source: Source = { kind: 'times', data: sd.rawTime, time: { to: 's' } }
    const attributes = attributesFrom({ interval: { int32: 1 }, unit: 'seconds' })
    return { object: 'dataset', path: `${path}/timestamps`, source, storage, attributes }
  }
  const start: Source = { kind: 'array', data: Float64Array.of(0), shape: [] }
  const attributes = attributesFrom({ rate: rawTimeRateKHz * 1000, unit: 'seconds' })
  return { object: 'dataset', path: `${path}/starting_time`, source: start, storage: { layout: 'contiguous' }, attributes }
}

function electrodeList(given: unknown, channels: number): ArrayLike<unknown> | undefined {
  if (isMissing(given)) return undefined
  if (typeof given !== 'object' || !('length' in given)) throw invalidType('an array of integers', 'rawData.electrodes', given)
  const count = countIn(given)
  if (count !== channels) throw invalidValue(`${channels}, one electrode for each channel,`, 'rawData.electrodes.length', count)
  return given as ArrayLike<unknown>
}
