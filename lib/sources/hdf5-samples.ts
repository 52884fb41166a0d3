/**
 * Raw samples in datasets of HDF5 files: series of NWB files, recordings of MaxWell Biosystems' arrays, and any other dataset.
 */
import { addon } from '../engine/native.js'
import type { DatasetSamples } from '../engine/native-reading.js'
import type { NativeSamples } from '../engine/native-samples.js'
import { scalarAt } from '../engine/reading/groups.js'
import type { Hdf5File } from '../engine/reading/hdf5-file.js'
import { withHdf5File } from '../engine/reading/hdf5-file.js'
import { invalidValue, quoted } from '../errors.js'
import type { Missing } from '../options/checks.js'
import { isMissing, oneOf, refuseOptions, requiredString } from '../options/checks.js'
import type { RawOrder } from './flat-samples.js'
import { ORDERS } from './flat-samples.js'
import { isMaxwell, maxwellFacts, maxwellSamples } from './maxwell.js'
import { channelConversionOf, conversionIn, rateIn, seriesPath } from './nwb-series.js'
import type { RawFacts } from './raw-layout.js'

/** Which dataset of a file, and which of its axes come first. */
export interface DatasetOptions {
  dataset?: string | Missing
  order?: RawOrder | Missing
}

/** Samples that are open, and what the file says of them. */
export interface OpenedDataset extends DatasetSamples {
  readonly native: NativeSamples
  readonly facts: RawFacts
}

/** A dataset of raw samples. */
interface Found {
  readonly path: string
  readonly order: RawOrder
  facts(channels: number): Promise<RawFacts>
}

/** How many recordings an error lists. */
const MOST_LISTED = 8

/**
 * Opens the samples of a dataset.
 *
 * @param absolute - the absolute path of the file
 * @param name - what errors call it
 * @throws TypeError, RangeError for options that make no sense of this file
 * @throws FormatError for a file or a dataset that is not what it should be, and for one that cannot be read
 */
export async function openDataset(
  absolute: string,
  name: string,
  options: DatasetOptions,
  signal: AbortSignal | undefined,
): Promise<OpenedDataset> {
  return withHdf5File(absolute, name, signal, async (file) => {
    const { path, order, facts } = await find(file, options, signal)
    const native = new addon.Samples()
    const samples = await file.openSamples(native, path, order === 'channel', signal)
    return { ...samples, native, facts: await facts(samples.channels) }
  })
}

async function find(file: Hdf5File, options: DatasetOptions, signal: AbortSignal | undefined): Promise<Found> {
  const dataset = isMissing(options.dataset) ? undefined : requiredString(options.dataset, 'dataset')
  if (await isNwb(file, signal)) {
    refuseOptions(options, ['order'], 'as series of NWB files are samples × channels')
    return series(file, dataset ?? true, signal)
  }
  if (dataset !== undefined) {
    const path = `/${dataset.split('/').filter(Boolean).join('/')}`
    if (await isMaxwell(file, path, signal)) return recording(file, path, options, signal)
    const order = isMissing(options.order) ? 'channel' : oneOf(options.order, 'order', ORDERS)
    return { path, order, facts: () => Promise.resolve({}) }
  }
  const [only, ...others] = await maxwellSamples(file, signal)
  if (only === undefined) {
    throw invalidValue(`the path of a dataset, as ${file.name} is neither an NWB file nor a recording of MaxWell,`, 'dataset', undefined)
  }
  if (others.length > 0) {
    const paths = [only, ...others]
    const listed = paths.slice(0, MOST_LISTED).map(quoted)
    const rest = paths.length > MOST_LISTED ? ` and ${paths.length - MOST_LISTED} more` : ''
    throw invalidValue(`one of the recordings in ${file.name}, ${listed.join(', ')}${rest},`, 'dataset', undefined)
  }
  return recording(file, only, options, signal)
}

/** NWB 1.x has its version in a dataset. */
async function isNwb(file: Hdf5File, signal: AbortSignal | undefined): Promise<boolean> {
  const [root, version] = await file.describeAll(['/', '/nwb_version'], signal)
  return version !== undefined || Boolean(root?.attributes.has('nwb_version'))
}

/** @param given - the path of a series or of its data, or the name of a series in `/acquisition`; `true` for the first one there */
async function series(file: Hdf5File, given: string | true, signal: AbortSignal | undefined): Promise<Found> {
  const path = await seriesPath(file, given === true ? true : given.replace(/\/data$/, ''), signal)
  return {
    path: `${path}/data`,
    order: 'time',
    async facts(channels) {
      const [data, times, start] = await file.describeAll([`${path}/data`, `${path}/timestamps`, `${path}/starting_time`], signal)
      // A rate alone says that the first sample is at 0.
      const isFromZero = times?.kind !== 'dataset' && start?.kind === 'dataset' && (await scalarAt(file, start, signal)) === 0
      const rate = isFromZero ? rateIn(start) : undefined
      return {
        rateKHz: rate === undefined ? undefined : rate / 1000,
        ...(data?.kind === 'dataset' && conversionIn(data)),
        channelConversion: await channelConversionOf(file, path, channels, signal),
      }
    },
  }
}

function recording(file: Hdf5File, path: string, options: DatasetOptions, signal: AbortSignal | undefined): Found {
  refuseOptions(options, ['order'], 'as recordings of MaxWell are channels × samples')
  return { path, order: 'channel', facts: (channels) => maxwellFacts(file, path, channels, signal) }
}
