/**
 * Recordings of Open Ephys in its binary format: a folder with `structure.oebin`, which describes streams, and a folder of samples for
 * each stream.
 */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FormatError, invalidValue, quoted } from '../errors.js'
import { inSlices } from '../steps.js'
import { entryPath } from '../storage/paths.js'
import { conversionOf, int16Layout, textOf } from './metadata.js'
import type { Stream, StreamChannel } from './open-ephys-streams.js'
import { streamsFrom } from './open-ephys-streams.js'
import type { DescribedRaw, RawFacts } from './raw-layout.js'

const STRUCTURE = 'structure.oebin'

/** Some 700 bytes a channel. */
const MOST_STRUCTURE_BYTES = 16 * 2 ** 20

/**
 * Where the samples of a stream of Open Ephys lie, and what `structure.oebin` says of them.
 *
 * As neo does, the channels of the synchronisation are left out, and channels named ADC are a stream of their own, whose name has `_ADC`
 * added, where others are beside them. A unit that is missing is the microvolt; of channels of an ADC, and of inputs of NI devices, which
 * neo takes for microvolts, the volt.
 *
 * @param absolute - the absolute path of `structure.oebin`, or of its folder
 * @param name - what errors call it
 * @param stream - the name of the stream or of its folder; undefined where there is one
 * @throws RangeError unless `stream` names one
 * @throws FormatError for files that are not what they should be, or do not fit each other
 * @throws Error with the file system's `code`; the signal's reason
 */
export async function describeOpenEphys(
  absolute: string,
  name: string,
  stream: string | undefined,
  signal?: AbortSignal,
): Promise<DescribedRaw> {
  const isFolder = (await stat(absolute)).isDirectory()
  const file = isFolder ? entryPath(absolute, STRUCTURE) : absolute
  const fileName = isFolder ? entryPath(name, STRUCTURE) : name
  const text = await textOf(file, fileName, MOST_STRUCTURE_BYTES, signal)
  const { folder, rateHz, details } = streamNamed(stream, await inSlices(streamsFrom(text, fileName), signal))
  const { run, channels } = details()
  const facts = { rateKHz: rateHz / 1000, ...factsOf(channels, fileName) }

  const entry = ['continuous', ...folder, 'continuous.dat']
  const dataIn = (recording: string) => entry.reduce((path, part) => entryPath(path, part), recording)
  const [data, dataName] = [isFolder ? absolute : dirname(absolute), isFolder ? name : dirname(name)].map(dataIn) as [string, string]
  const layout = await int16Layout(data, dataName, run)
  signal?.throwIfAborted()
  return { layout, facts }
}

/** The stream that a caller names, by the name of its folder or its own, which others may have too. */
function streamNamed(name: string | undefined, streams: readonly Stream[]): Stream {
  if (name === undefined) {
    const [only, ...others] = streams.filter(({ isBeside }) => !isBeside)
    if (only && others.length === 0) return only
    throw invalidValue(`one of the streams ${listed(streams)}`, 'stream', name)
  }
  const wanted = name.replace(/[/\\]$/, '')
  const inFolder = streams.find(({ folderName }) => folderName === wanted)
  if (inFolder) return inFolder
  const [only, ...others] = streams.filter(({ streamName }) => streamName === wanted)
  if (!only || others.length > 0) throw invalidValue(`one of the streams ${listed(streams)}`, 'stream', name)
  return only
}

/** The names of streams, where one is the name of one only; else those of their folders. */
function listed(streams: readonly Stream[]): string {
  const isUnique = new Set(streams.map(({ streamName }) => streamName)).size === streams.length
  return streams.map(({ folderName, streamName }) => quoted((isUnique ? streamName : undefined) ?? folderName)).join(', ')
}

/** What is known of channels; of those that are no voltages, their names. */
function factsOf(channels: readonly StreamChannel[], file: string): RawFacts {
  const volts = channels.map(({ volts }) => volts).filter((volts) => volts !== undefined)
  if (volts.length > 0 && volts.length < channels.length) {
    const { name, unit } = channels.find(({ volts }) => volts === undefined) as StreamChannel
    throw new FormatError(file, `channel ${quoted(name)} is in ${quoted(unit)}, and others of its stream are in volts`)
  }
  return { ...(volts.length > 0 && conversionOf(volts)), channelNames: channels.map(({ name }) => name) }
}
