/**
 * Series of raw samples in NWB files: where they are, and what their numbers mean.
 */
import { childrenOf } from '../engine/reading/groups.js'
import type { Hdf5Dataset } from '../engine/reading/hdf5-description.js'
import { numberIn } from '../engine/reading/hdf5-description.js'
import type { Hdf5File } from '../engine/reading/hdf5-file.js'
import { copyInSteps } from '../memory/allocation.js'
import { inSlices } from '../steps.js'

/**
 * The path of a series.
 *
 * @param series - its path, or its name in `/acquisition`; `true` for the first `ElectricalSeries` there
 * @throws FormatError where there is none
 */
export async function seriesPath(file: Hdf5File, series: string | true, signal: AbortSignal | undefined): Promise<string> {
  if (series === true) return firstElectrical(file, signal)
  return series.includes('/') ? series : `/acquisition/${series}`
}

async function firstElectrical(file: Hdf5File, signal: AbortSignal | undefined): Promise<string> {
  for await (const path of electricalSeries(file, signal)) return path
  throw file.error('it has no ElectricalSeries', '/acquisition')
}

/** The paths of all series of raw samples. */
export async function* electricalSeries(file: Hdf5File, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for (const { name } of await childrenOf(file, '/acquisition', 'group', signal)) {
    const path = `/acquisition/${name}`
    if ((await file.describe(path, signal))?.attributes.get('neurodata_type') === 'ElectricalSeries') yield path
  }
}

/** What a sample is in the unit of its series: it times `conversion`, plus `offset`. */
export function conversionIn({ attributes }: Hdf5Dataset): { conversion: number; offset: number } {
  return { conversion: numberIn(attributes.get('conversion')) ?? 1, offset: numberIn(attributes.get('offset')) ?? 0 }
}

/** The numbers that the channels of an ElectricalSeries are multiplied by besides the conversion of all; undefined where it has none. */
export async function channelConversionOf(
  file: Hdf5File,
  path: string,
  channels: number,
  signal: AbortSignal | undefined,
): Promise<number[] | undefined> {
  const dataset = await file.describe(`${path}/channel_conversion`, signal)
  if (dataset?.kind !== 'dataset') return undefined
  const into = file.room(dataset, Float64Array)
  if (into.length !== channels) throw file.error(`it has ${into.length} numbers for ${channels} channels`, dataset.path)
  await file.read([{ path: dataset.path, into }], { signal })
  return inSlices(copyInSteps(into as unknown as readonly number[], channels), signal)
}

/** The rate in Hz that the start of a series has as an attribute; undefined for what is none. */
export function rateIn(start: Hdf5Dataset): number | undefined {
  const rate = numberIn(start.attributes.get('rate'))
  return rate !== undefined && rate > 0 && rate < Infinity ? rate : undefined
}
