/**
 * Raw samples and their times.
 */
import { invalidType, invalidValue } from '../errors.js'
import { unset } from '../memory/allocation.js'
import { pin } from '../memory/buffers.js'
import type { Numbers } from '../memory/float64.js'
import { pinnedNumbers } from '../memory/float64.js'
import { isNDArray, NDArray } from '../memory/ndarray.js'
import type { NumericArray } from '../memory/typed-arrays.js'
import { lengthOf } from '../memory/typed-arrays.js'
import { isMissing, positiveNumber } from '../options/checks.js'
import type { Steps } from '../steps.js'
import type { RawFile } from './raw-file.js'
import { isRawFile } from './raw-file.js'
import type { RawStream } from './raw-stream.js'
import { isRawStream } from './raw-stream.js'

/** Raw samples: in memory, in a file, or as a stream. */
export type RawData = NDArray | RawFile | RawStream

/** Raw samples, the last axis being time, with a time for each sample or a sampling rate. */
export type RawRecording = { readonly data: RawData } & ({ readonly times: NumericArray } | { readonly rateKHz: number })

/**
 * Checks raw samples and their times. Both missing is a recording without samples, 0 × 0.
 *
 * @throws TypeError for samples that are no NDArray, RawFile or RawStream, or times that are neither numbers nor one number
 * @throws RangeError for one without the other, samples without an axis, a buffer of samples that was transferred or is
 *   shared, resizable, frozen or memory of WebAssembly, a count of times that is not the number of samples, or a rate that is
 *   not finite and above 0
 */
export function* rawRecording(data: unknown, time: unknown): Steps<RawRecording> {
  if (isMissing(data) && isMissing(time)) return { data: new NDArray(new Float64Array(0), [0, 0]), times: new Float64Array(0) }
  if (isMissing(data)) throw invalidValue('the samples that rawTime belongs to', 'rawData', data)
  if (!isRawStream(data) && !isRawFile(data)) {
    if (!isNDArray(data)) throw invalidType('an NDArray, a RawFile or a RawStream', 'rawData', data)
    if (data.shape.length === 0) throw invalidValue('channels × samples', 'rawData.shape', data.shape)
    pin(data.data, 'rawData')
  }

  if (isMissing(time)) {
    if (isRawFile(data) && data.rateKHz !== undefined) return { data, rateKHz: data.rateKHz }
    throw invalidValue('the times or the sampling rate of rawData', 'rawTime', time)
  }
  if (typeof time === 'number') {
    return { data, rateKHz: positiveNumber(time, 'rawTime', 'a sampling rate in kHz') }
  }
  const times = yield* pinnedNumbers(time as Numbers, 'rawTime')
  const samples = sampleCount(data)
  const count = lengthOf(times)
  if (count !== samples && !Number.isNaN(samples)) throw invalidValue(`${samples}, one time for each sample,`, 'rawTime.length', count)
  return { data, times }
}

/** The times of all samples, in ms: those given, or `i / rate`. */
export function sampleTimes(raw: RawRecording): NumericArray {
  if ('times' in raw) return raw.times
  const samples = sampleCount(raw.data)
  if (Number.isNaN(samples)) throw invalidValue('raw data of a known length', 'rawTime', raw.data)
  const times = unset(Float64Array, samples)
  for (let i = 0; i < times.length; i++) times[i] = i / raw.rateKHz
  return times
}

/**
 * Raw data in memory: an export that has no place for other calls this.
 *
 * @param because - what needs it
 * @throws RangeError for a stream and a file
 */
export function rawInMemory({ rawData }: { rawData: RawData }, because: string): NDArray {
  if (isRawStream(rawData) || isRawFile(rawData)) throw invalidValue(`an NDArray, ${because},`, 'rawData', rawData)
  return rawData
}

/** How many samples there are; NaN where that is not known. */
function sampleCount({ shape }: RawData): number {
  return shape[shape.length - 1] as number
}
