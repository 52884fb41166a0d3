/**
 * Reads an electrical series, samples × channels in the file, as raw data of channels × samples.
 */
import { scalarAt } from '../../../engine/reading/groups.js'
import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import { unset, zeros } from '../../../memory/allocation.js'
import { NDArray } from '../../../memory/ndarray.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import { channelConversionOf, conversionIn, rateIn, seriesPath } from '../../../sources/nwb-series.js'
import { inRanges, inSlices } from '../../../steps.js'
import { bytesOfNumbers } from './columns.js'

/** About how many bytes of samples are read before they are turned. */
const BYTES_AT_ONCE = 2 ** 23

export interface RawSamples {
  rawData: NDArray
  /** The time of each sample in ms, or a rate in kHz where the first is at 0. */
  rawTime: Float64Array | number
  /** What the numbers are: a sample times `conversion`, and times the number of its channel in `channel_conversion`, plus `offset`, is in `unit`. */
  about: { series: string; unit: string; conversion: number; offset: number; channel_conversion?: number[] }
}

/** A series that is yet to be read. */
export interface PlannedSeries {
  /** The bytes of its samples. */
  bytes: number
  read(options: ReadOptions): Promise<RawSamples>
}

/**
 * The series at a path.
 *
 * @param series - its path, or its name in `/acquisition`; `true` for the first `ElectricalSeries` there
 * @throws FormatError where there is none
 */
export async function planSeries(file: Hdf5File, series: string | true, signal: AbortSignal | undefined): Promise<PlannedSeries> {
  const path = await seriesPath(file, series, signal)
  const data = await file.dataset(`${path}/data`, signal)
  if (data.shape.length !== 1 && data.shape.length !== 2) throw file.error('it is not samples, or samples × channels', data.path)
  return { bytes: bytesOfNumbers(data), read: (options) => readSeries(file, path, data, options) }
}

async function readSeries(file: Hdf5File, path: string, data: Hdf5Dataset, options: ReadOptions): Promise<RawSamples> {
  const [samples = 0, channels = 1] = data.shape
  const { attributes } = data
  const unit = attributes.get('unit')
  const channelConversion = await channelConversionOf(file, path, channels, options.signal)
  return {
    rawData: new NDArray(await turned(file, data, samples, channels, options), [channels, samples]),
    rawTime: await timesOf(file, path, samples, { signal: options.signal, threads: options.threads }),
    about: {
      series: path,
      unit: typeof unit === 'string' ? unit : 'volts',
      ...conversionIn(data),
      ...(channelConversion && { channel_conversion: channelConversion }),
    },
  }
}

/** The samples with their axes swapped, read in ranges of whole chunks. */
async function turned(file: Hdf5File, data: Hdf5Dataset, samples: number, channels: number, options: ReadOptions): Promise<NumericArray> {
  const whole = file.room(data)
  if (channels <= 1 || samples === 0) {
    await file.read([{ path: data.path, into: whole }], options)
    return whole
  }
  const { signal, threads } = options
  const chunkRows = data.chunk[0] ?? 1
  const rowBytes = bytesOfNumbers(data) / samples
  const rows = Math.min(samples, Math.max(1, Math.round(BYTES_AT_ONCE / rowBytes / chunkRows)) * chunkRows)
  const room = zeros(whole.constructor as new (length: number) => NumericArray, rows * channels)
  for (let first = 0; first < samples; first += rows) {
    const count = Math.min(rows, samples - first)
    const part = room.subarray(0, count * channels)
    await file.read([{ path: data.path, into: part, firstRow: first }], { signal, threads })
    await inSlices(
      inRanges(part.length, (from, to) => {
        for (let i = from; i < to; i++) {
          const channel = Math.floor(i / count)
          whole[channel * samples + first + (i - channel * count)] = part[(i - channel * count) * channels + channel] as never
        }
      }),
      signal,
    )
    options.onProgress?.(Math.min(first + rows, samples) * rowBytes, samples * rowBytes)
  }
  return whole
}

/** The times of the samples in ms, or their rate in kHz. */
async function timesOf(file: Hdf5File, path: string, samples: number, options: ReadOptions): Promise<Float64Array | number> {
  const [times, start] = await file.describeAll([`${path}/timestamps`, `${path}/starting_time`], options.signal)
  if (times?.kind === 'dataset') {
    const into = file.room(times, Float64Array)
    if (into.length !== samples) throw file.error(`it has ${into.length} times for ${samples} samples`, times.path)
    await file.read([{ path: times.path, into, scaling: { kind: 'times', factor: 1e3 } }], options)
    return into
  }
  const rate = start?.kind === 'dataset' ? rateIn(start) : undefined
  if (start?.kind !== 'dataset' || rate === undefined) throw file.error('it has neither timestamps nor a rate', path)
  const first = (await scalarAt(file, start, options.signal)) * 1e3
  if (first === 0) return rate / 1e3
  const each = unset(Float64Array, samples)
  await inSlices(
    inRanges(samples, (from, to) => {
      for (let i = from; i < to; i++) each[i] = first + (i / rate) * 1e3
    }),
    options.signal,
  )
  return each
}
