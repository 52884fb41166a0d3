/**
 * The streams that a `structure.oebin` describes.
 */
import { FormatError } from '../errors.js'
import { PLAIN_JSON, parsedJson } from '../files/json.js'
import { isPlainObject } from '../recording/attributes.js'
import type { Steps } from '../steps.js'
import type { ChannelRun } from './metadata.js'
import { isVoltsPerCount } from './metadata.js'
import { MOST_CHANNELS } from './raw-layout.js'

/** Channels of a file of samples that belong together. */
export interface Stream {
  readonly streamName: string | undefined
  readonly folderName: string
  /** The folder of its samples below `continuous`, name by name. */
  readonly folder: readonly string[]
  readonly rateHz: number
  /** Whether the channels are those beside others. */
  readonly isBeside: boolean
  /**
   * The channels, and where they are in the file.
   *
   * @throws FormatError, which other streams need not care for
   */
  details(): { run: ChannelRun; channels: StreamChannel[] }
}

/** A channel. */
export interface StreamChannel {
  readonly name: string
  readonly unit: string
  /** Of a count; undefined for what is no voltage. */
  readonly volts: number | undefined
}

/** The inputs of NI devices, whose unit is left out although a count is in volts. */
const NI_INPUT = /^AI\d{1,9}$/

/** The sign for micro has three forms. */
const UNITS = new Map([
  ['uV', 1e-6],
  ['\u00b5V', 1e-6],
  ['\u03bcV', 1e-6],
  ['mV', 1e-3],
  ['V', 1],
])

type Fields = Readonly<Record<string, unknown>>

/**
 * The streams of a text, in its order.
 *
 * @param file - what errors call the file
 * @throws FormatError for anything else
 */
export function* streamsFrom(text: string, file: string): Steps<Stream[]> {
  const structure = yield* parsedJson([text], PLAIN_JSON, (problem) => new FormatError(file, problem))
  const continuous = isPlainObject(structure) ? structure['continuous'] : undefined
  if (!Array.isArray(continuous)) throw new FormatError(file, 'it has no list of streams, continuous')
  const streams = continuous.flatMap((fields: unknown, i) =>
    streamsOf(fields, (problem) => new FormatError(file, problem, `continuous[${i}]`)),
  )
  if (streams.length === 0) throw new FormatError(file, 'no stream in continuous has signals')
  const folders = new Set<string>()
  for (const { folderName } of streams) {
    if (folders.has(folderName)) throw new FormatError(file, `two streams are named '${folderName}'`)
    folders.add(folderName)
  }
  return streams
}

type Fail = (problem: string) => FormatError

/** The stream of a file of samples, or the two. */
function streamsOf(fields: unknown, fail: Fail): Stream[] {
  if (!isPlainObject(fields)) throw fail('it is no object')
  const { folder_name, stream_name, sample_rate } = fields
  if (stream_name !== undefined && typeof stream_name !== 'string') throw fail('stream_name is no text')
  if (typeof sample_rate !== 'number' || !(sample_rate / 1000 > 0 && sample_rate < Infinity)) throw fail('sample_rate is no number above 0')
  const folder = folderFrom(folder_name, fail)
  const channels = channelsOf(fields, fail)
  const named = channels.map(({ channel_name }) => channel_name)
  const ofKind = (kind: Kind) => [...named.keys()].filter((i) => kindOf(named[i] as string) === kind)
  const [signals, adc] = [ofKind('signal'), ofKind('adc')]
  const streamOf = (places: readonly number[], suffix: string): Stream => ({
    streamName: stream_name === undefined ? undefined : stream_name + suffix,
    folderName: folder.join('/') + suffix,
    folder,
    rateHz: sample_rate,
    isBeside: suffix !== '',
    details: () => ({
      run: runOf(places, channels.length, fail),
      channels: places.map((i) => channelFrom(channels[i] as NamedFields, fail)),
    }),
  })
  const streams: Stream[] = []
  if (signals.length > 0) streams.push(streamOf(signals, ''))
  if (adc.length > 0) streams.push(streamOf(adc, signals.length > 0 ? '_ADC' : ''))
  return streams
}

/** The names of a path that leads to a folder below, on every system. Windows leaves out dots and spaces at the end of a name. */
function folderFrom(path: unknown, fail: Fail): string[] {
  if (typeof path !== 'string') throw fail('folder_name is no text')
  const folder = path.replace(/[/\\]$/, '').split(/[/\\]/)
  if (folder.some((name) => /^[. ]*$|[\0:]/.test(name))) throw fail(`folder_name is no path below its own folder: '${path}'`)
  return folder
}

type Kind = 'signal' | 'adc' | 'sync'

function kindOf(name: string): Kind {
  if (name.includes('SYNC')) return 'sync'
  return name.includes('ADC') ? 'adc' : 'signal'
}

interface NamedFields extends Fields {
  readonly channel_name: string
}

function channelsOf({ channels, num_channels }: Fields, fail: Fail): NamedFields[] {
  if (!Array.isArray(channels) || channels.length > MOST_CHANNELS) throw fail(`channels is no list of at most ${MOST_CHANNELS} channels`)
  if (num_channels !== undefined && typeof num_channels !== 'number') throw fail('num_channels is no number')
  if (num_channels !== undefined && num_channels !== channels.length) {
    throw fail(`num_channels is ${num_channels}, and there are ${channels.length} channels`)
  }
  for (const [i, channel] of channels.entries()) {
    if (!isPlainObject(channel) || typeof channel['channel_name'] !== 'string') throw fail(`channel ${i} has no channel_name`)
  }
  return channels
}

function runOf(places: readonly number[], of: number, fail: Fail): ChannelRun {
  const [first, last, count] = [places[0] as number, places.at(-1) as number, places.length]
  if (last - first + 1 !== count) throw fail('channels of several kinds (ADC, SYNC and others) are mixed')
  return { first, count, of }
}

function channelFrom({ channel_name: name, bit_volts, units }: NamedFields, fail: Fail): StreamChannel {
  if (units !== undefined && typeof units !== 'string') throw fail(`units of channel '${name}' is no text`)
  const unit = units || (kindOf(name) === 'adc' || NI_INPUT.test(name) ? 'V' : 'uV')
  const factor = UNITS.get(unit)
  if (factor === undefined) return { name, unit, volts: undefined }
  if (typeof bit_volts !== 'number') throw fail(`bit_volts of channel '${name}' is no number`)
  const volts = bit_volts * factor
  if (!isVoltsPerCount(volts)) throw fail(`bit_volts of channel '${name}' is ${bit_volts}, and no voltage in ${unit}`)
  return { name, unit, volts }
}
