/**
 * How the raw data of a recording lies to the samples of its spikes.
 */
import { invalidValue } from '../../../errors.js'
import type { NDArray } from '../../../memory/ndarray.js'
import type { SpikeData } from '../../../model/spike-data.js'
import type { RawFile } from '../../../recording/raw-file.js'
import { isRawStream } from '../../../recording/raw-stream.js'
import type { Steps } from '../../../steps.js'
import { inRanges } from '../../../steps.js'

/** Raw data, and the sample number of its first sample: that of a spike at the same time. */
export interface AlignedRaw {
  data: NDArray | RawFile
  rows: number
  samples: number
  firstSample: number
}

/** How far the raw data may begin from sample 0: native code adds further samples to that. */
const MOST_SAMPLES = 2 ** 52

/** How far a rate may be from another that counts as the same: a sample in an hour at 30 kHz. */
const RATE_TOLERANCE = 5e-9

/**
 * @param startMs - the time of sample 0
 * @param because - which option needs the raw data
 * @throws RangeError for a recording without raw data, or with another shape than channels × samples or another rate than `fsHz`
 */
export function* alignedRaw(sd: SpikeData, fsHz: number, startMs: number, because: string): Steps<AlignedRaw> {
  const { rawData, rawTimeRateKHz } = sd
  if (isRawStream(rawData)) throw invalidValue(`an NDArray or a RawFile, ${because},`, 'rawData', rawData)
  const [rows, samples] = rawData.shape
  if (rawData.size === 0) throw invalidValue(`raw samples, ${because}`, 'rawData', rawData)
  if (rows === undefined || samples === undefined || rawData.shape.length !== 2) {
    throw invalidValue(`channels × samples, ${because}`, 'rawData.shape', rawData.shape)
  }
  const perMs = fsHz / 1000
  /** The sample number of a time. */
  const sampleAt = (time: number) => {
    const sample = nearestEven((time - startMs) * perMs)
    if (!(Math.abs(sample) <= MOST_SAMPLES))
      throw invalidValue(`raw data that begins within 2^52 samples of ${startMs} ms`, 'rawTime', time)
    return sample
  }
  if (rawTimeRateKHz !== null) {
    if (!(Math.abs(rawTimeRateKHz / perMs - 1) <= RATE_TOLERANCE)) {
      throw invalidValue(`${perMs} kHz, the rate of fsHz, ${because}`, 'rawTime', rawTimeRateKHz)
    }
    return { data: rawData, rows, samples, firstSample: sampleAt(0) }
  }
  const times = sd.rawTime
  const first = Number(times[0])
  yield* inRanges(samples, (from, to) => {
    for (let i = from; i < to; i++) {
      const time = Number(times[i])
      if (!(Math.abs((time - first) * perMs - i) <= 0.5)) {
        throw invalidValue(`a time within half a sample of ${first + i / perMs}, as fsHz is ${fsHz},`, `rawTime[${i}]`, time)
      }
    }
  })
  return { data: rawData, rows, samples, firstSample: sampleAt(first) }
}

/** The nearest whole number, half to even, as the samples of spikes are rounded. */
function nearestEven(value: number): number {
  const whole = Math.floor(value)
  const part = value - whole
  return part > 0.5 || (part === 0.5 && whole % 2 !== 0) ? whole + 1 : whole + 0
}
