/**
 * Recordings of SpikeGLX: a `.bin` file of samples, and beside it a `.meta` file that says what they are.
 */
import { FormatError } from '../errors.js'
import { conversionOf, int16Layout, isVoltsPerCount, textOf } from './metadata.js'
import type { DescribedRaw, RawFacts } from './raw-layout.js'
import { MOST_CHANNELS } from './raw-layout.js'
import type { Band } from './spikeglx-gains.js'
import { PROBE_KEYS, probeVolts } from './spikeglx-gains.js'
import { Meta } from './spikeglx-meta.js'

/** A table has some 20 bytes a channel, and there are five of them. The text is parsed in one go. */
const MOST_META_BYTES = 2 ** 20

/** The largest count of devices with 16 bits, where the file does not state it. */
const MAX_INT_16_BITS = 32_768

/** What computes the volts of a count: `kind` is the kind's place among all, and `channel` the channel's place in its kind. */
type Volts = (kind: number, channel: number) => number

/** A device, known by the key that counts the saved channels of each kind, in their order in the file. Signals come first. */
interface Device {
  readonly saved: string
  readonly acquired: string
  readonly rate: string
  readonly kinds: number
  readonly signals: number
  readonly volts: (meta: Meta) => Volts
}

const BANDS: readonly Band[] = ['ap', 'lf']
const PROBE: Device = { saved: 'snsApLfSy', acquired: 'acqApLfSy', rate: 'imSampRate', kinds: 3, signals: BANDS.length, volts: bandVolts }
const DEVICES: readonly Device[] = [
  PROBE,
  { saved: 'snsMnMaXaDw', acquired: 'acqMnMaXaDw', rate: 'niSampRate', kinds: 4, signals: 3, volts: nidqVolts },
  { saved: 'snsXaDwSy', acquired: 'acqXaDwSy', rate: 'obSampRate', kinds: 3, signals: 1, volts: oneBoxVolts },
]

const KEYS = new Set([
  ...DEVICES.flatMap(({ saved, acquired, rate }) => [saved, acquired, rate]),
  ...PROBE_KEYS,
  ...['nSavedChans', 'snsSaveChanSubset', '~snsChanMap', 'fileSizeBytes'],
  ...['niAiRangeMax', 'niMaxInt', 'niMNGain', 'niMAGain', 'obAiRangeMax', 'obMaxInt'],
])

/** The path of the `.meta` file of a `.bin` file. */
export function metaPathOf(path: string): string {
  return `${path.replace(/\.bin$/i, '')}.meta`
}

/**
 * Where the samples of a file of SpikeGLX lie, and what its `.meta` file says of them. Words of the synchronisation and of digital
 * lines, which follow the signals in each sample, are left out.
 *
 * A run that was cut off has a `.meta` file without the size of the samples, or with an earlier one: the file's own size counts.
 *
 * @param absolute - the absolute path of the `.bin` file
 * @param name - what errors call it
 * @throws FormatError for files that are not what they should be, or do not fit each other
 * @throws Error with the file system's `code`; the signal's reason
 */
export async function describeSpikeGlx(absolute: string, name: string, signal?: AbortSignal): Promise<DescribedRaw> {
  const metaName = metaPathOf(name)
  const meta = new Meta(metaName, await textOf(metaPathOf(absolute), metaName, MOST_META_BYTES, signal), KEYS)
  const device = DEVICES.find(({ saved }) => meta.has(saved))
  if (!device) {
    throw new FormatError(
      metaName,
      `it has none of ${DEVICES.map(({ saved }) => saved).join(', ')}, which count the channels of a recording`,
    )
  }
  const channels = savedChannels(meta, device)
  const signals = channels.filter(({ kind }) => kind < device.signals)
  if (signals.length === 0) throw meta.error(device.saved, 'no channel is a signal')
  const facts = factsOf(meta, device, signals)
  const layout = await int16Layout(absolute, name, { first: 0, count: signals.length, of: channels.length })
  const stated = meta.has('fileSizeBytes') ? meta.whole('fileSizeBytes') : 0
  if (layout.size < stated) {
    throw new FormatError(name, `it has ${layout.size} bytes, and ${stated} by its .meta file: the end is missing`)
  }
  signal?.throwIfAborted()
  return { layout, facts }
}

/** A channel of the file. */
interface SavedChannel {
  /** Its kind's place among all. */
  readonly kind: number
  /** Its place in its kind, of all channels that were acquired. */
  readonly channel: number
  /** Its place among all channels that were acquired. */
  readonly acquired: number
}

/** The channels of the file, in their order there. */
function savedChannels(meta: Meta, device: Device): SavedChannel[] {
  const count = meta.whole('nSavedChans')
  if (count < 1 || count > MOST_CHANNELS) throw meta.error('nSavedChans', `it is ${count}, and not from 1 to ${MOST_CHANNELS}`)
  const counts = meta.counts(device.saved, device.kinds)
  const sum = counts.reduce((sum, kind) => sum + kind, 0)
  if (sum !== count) throw meta.error('nSavedChans', `it is ${count}, and the channels of ${device.saved} are ${sum}`)

  const subset = subsetOf(meta, count)
  const acquired = subset || meta.has(device.acquired) ? meta.counts(device.acquired, device.kinds) : counts
  const saved: SavedChannel[] = []
  for (const [kind, { start, length }] of rangesOf(device, counts, acquired).entries()) {
    for (let i = 0; i < (counts[kind] as number); i++) {
      const place = subset ? (subset[saved.length] as number) : start + i
      const channel = place - start
      if (channel < 0 || channel >= length) {
        throw meta.error(device.acquired, `it does not agree with ${device.saved} and snsSaveChanSubset on channel ${place}`)
      }
      saved.push({ kind, channel, acquired: place })
    }
  }
  return saved
}

/** The places of each kind among all channels that were acquired. The slow band of a probe without one is made from the other, offline. */
function rangesOf(device: Device, saved: readonly number[], acquired: readonly number[]): { start: number; length: number }[] {
  let end = 0
  const ranges = acquired.map((length) => ({ start: (end += length) - length, length }))
  const [ap, lf] = ranges
  if (device === PROBE && ap && lf?.length === 0 && (saved[1] as number) > 0) ranges[1] = ap
  return ranges
}

/** The saved ones of all channels that were acquired, such as `0:383,768`, ascending; undefined for the first of each kind. */
function subsetOf(meta: Meta, count: number): number[] | undefined {
  const key = 'snsSaveChanSubset'
  const text = meta.text(key)
  if (text === undefined || /^(?:all|\*)$/i.test(text)) return undefined
  const subset: number[] = []
  // Users type it.
  for (const range of text.split(',')) {
    const [, first, last = first] = /^\s{0,9}(\d{1,9})(?:[:-](\d{1,9}))?\s{0,9}$/.exec(range) ?? []
    if (first === undefined) throw meta.error(key, `expected channels and ranges of them but found '${range}'`)
    if (subset.length + Number(last) - Number(first) >= count) throw meta.error(key, `it has more channels than nSavedChans, ${count}`)
    for (let channel = Number(first); channel <= Number(last); channel++) subset.push(channel)
  }
  if (subset.length !== count) throw meta.error(key, `it has ${subset.length} channels, and nSavedChans is ${count}`)
  return subset.sort((a, b) => a - b)
}

function factsOf(meta: Meta, device: Device, signals: readonly SavedChannel[]): RawFacts {
  const volts = device.volts(meta)
  const ofChannels = signals.map(({ kind, channel }) => volts(kind, channel))
  const wrong = ofChannels.findIndex((volts) => !isVoltsPerCount(volts))
  if (wrong >= 0) throw meta.error(device.saved, `a count of channel ${wrong} would be ${ofChannels[wrong]} V`)
  return {
    rateKHz: meta.positive(device.rate) / 1000,
    ...conversionOf(ofChannels),
    channelNames: namesOf(meta, signals),
  }
}

/** The names that the map of channels has, such as AP0; undefined unless it has all. Its other numbers are an order for plots. */
function namesOf(meta: Meta, signals: readonly SavedChannel[]): string[] | undefined {
  const names = new Map<number, string>()
  for (const row of meta.table('~snsChanMap')?.rows ?? []) {
    const [, name, acquired] = /^([^;]+);(\d{1,9}):\d{1,9}$/.exec(row) ?? []
    if (name === undefined) throw meta.error('~snsChanMap', `expected a channel such as AP0;0:0 but found '${row}'`)
    names.set(Number(acquired), name)
  }
  const found = signals.map(({ acquired }) => names.get(acquired)).filter((name) => name !== undefined)
  return found.length === signals.length ? found : undefined
}

function bandVolts(meta: Meta): Volts {
  const volts = probeVolts(meta)
  return (kind, channel) => volts(BANDS[kind] as Band, channel)
}

/** Multiplexed channels of two amplifiers, and channels without one. */
function nidqVolts(meta: Meta): Volts {
  const volts = meta.positive('niAiRangeMax') / meta.positive('niMaxInt', MAX_INT_16_BITS)
  return (kind) => (kind === 0 ? volts / meta.positive('niMNGain') : kind === 1 ? volts / meta.positive('niMAGain') : volts)
}

function oneBoxVolts(meta: Meta): Volts {
  const volts = meta.positive('obAiRangeMax') / meta.positive('obMaxInt', MAX_INT_16_BITS)
  return () => volts
}
