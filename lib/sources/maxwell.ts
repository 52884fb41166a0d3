/**
 * Recordings of MaxWell Biosystems' arrays: HDF5 files of channels × samples, of which there are two formats.
 *
 * The new one has a group for each recording and well, with the samples of the channels that are routed to an electrode in
 * `groups/routed/raw` and their numbers in `groups/routed/channels`. The old one has one recording, in `/sig`; its channels are described by
 * a table of a compound type, which is not read.
 */
import { childrenOf } from '../engine/reading/groups.js'
import type { Hdf5File } from '../engine/reading/hdf5-file.js'
import { lengthOf } from '../memory/typed-arrays.js'
import { inRanges, inSlices } from '../steps.js'
import { isVoltsPerCount } from './metadata.js'
import type { RawFacts } from './raw-layout.js'

/** Where a recording of the new format has its samples. */
const ROUTED = '/groups/routed/raw'

/** The samples of the old format, and the table of its channels. */
const SIGNALS = '/sig'
const MAPPING = '/mapping'

/** The samples a second of the old format, which does not state them. */
const OLD_RATE_HZ = 20_000

/** Groups of recordings, each with groups of wells, or the reverse: the same recordings by links. */
const FOLDERS = ['/recordings', '/wells'] as const

/** The groups of recordings without a well, by which other files have links to them. */
const STORE = '/data_store'

/** More groups are not looked at. */
const MOST_GROUPS = 256

/** The paths of the samples of all recordings; none in a file of another kind. */
export async function maxwellSamples(file: Hdf5File, signal: AbortSignal | undefined): Promise<string[]> {
  for (const folder of FOLDERS) {
    const found: string[] = []
    for (const outer of await groupsIn(file, folder, signal)) {
      for (const inner of await groupsIn(file, outer, signal)) if (await isDataset(file, inner + ROUTED, signal)) found.push(inner + ROUTED)
    }
    if (found.length > 0) return found
  }
  const stored: string[] = []
  for (const group of await groupsIn(file, STORE, signal)) if (await isDataset(file, group + ROUTED, signal)) stored.push(group + ROUTED)
  if (stored.length > 0) return stored
  const [signals, mapping] = await file.describeAll([SIGNALS, MAPPING], signal)
  return signals?.kind === 'dataset' && mapping?.kind === 'dataset' ? [SIGNALS] : []
}

/** Whether samples at a path are those of a recording. */
export async function isMaxwell(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  if (path.endsWith(ROUTED)) return true
  return path === SIGNALS && (await isDataset(file, MAPPING, signal))
}

/**
 * What is known of the samples at a path.
 *
 * @throws FormatError for numbers that cannot be
 */
export async function maxwellFacts(
  file: Hdf5File,
  path: string,
  channels: number,
  signal: AbortSignal | undefined,
): Promise<Pick<RawFacts, 'rateKHz' | 'conversion' | 'channelNames'>> {
  const isNew = path.endsWith(ROUTED)
  const group = isNew ? path.slice(0, -ROUTED.length) : ''
  const conversion = await firstNumber(file, `${group}/settings/lsb`, signal)
  if (conversion !== undefined && !isVoltsPerCount(conversion))
    throw file.error(`a count would be ${conversion} V`, `${group}/settings/lsb`)
  if (!isNew) return { rateKHz: OLD_RATE_HZ / 1000, conversion }
  const rate = await firstNumber(file, `${group}/settings/sampling`, signal)
  if (rate !== undefined && !(rate > 0 && rate < Infinity))
    throw file.error(`there would be ${rate} samples a second`, `${group}/settings/sampling`)
  return {
    rateKHz: rate === undefined ? undefined : rate / 1000,
    conversion,
    channelNames: await channelNames(file, `${group}/groups/routed/channels`, channels, signal),
  }
}

/** The number of each channel, as a text; undefined where there are none. */
async function channelNames(
  file: Hdf5File,
  path: string,
  channels: number,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const dataset = await file.describe(path, signal)
  if (dataset?.kind !== 'dataset') return undefined
  const numbers = file.room(dataset)
  if (lengthOf(numbers) !== channels) throw file.error(`it has ${lengthOf(numbers)} channels, and the samples have ${channels}`, path)
  await file.read([{ path, into: numbers }], { signal })
  const names: string[] = []
  await inSlices(
    inRanges(channels, (from, to) => {
      for (let i = from; i < to; i++) names.push(String(numbers[i]))
    }),
    signal,
  )
  return names
}

/** The first number of a dataset; undefined where there is none. */
async function firstNumber(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<number | undefined> {
  const dataset = await file.describe(path, signal)
  if (dataset?.kind !== 'dataset' || dataset.shape.length > 1) return undefined
  const numbers = file.room(dataset, Float64Array)
  await file.read([{ path, into: numbers }], { signal })
  return numbers[0]
}

async function groupsIn(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<string[]> {
  const groups = await childrenOf(file, path, 'group', signal)
  return groups.slice(0, MOST_GROUPS).map(({ name }) => `${path}/${name}`)
}

async function isDataset(file: Hdf5File, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await file.describe(path, signal))?.kind === 'dataset'
}
