/**
 * Recordings for the tests, each made the same every time, and the form in which Python gets them.
 */
import type { NumericArray, SpikeDataOptions } from '../../lib/index.js'
import { NDArray, SpikeData } from '../../lib/index.js'
import { isNumericArray } from '../../lib/memory/typed-arrays.js'

/** The arguments of a SpikeData. */
export interface Recording {
  trains: Float64Array[]
  N?: number
  length?: number
  startTime?: number
  neuronAttributes?: Record<string, unknown>[]
  rawData?: NDArray
  rawTime?: NumericArray | number
}

export function spikeData({ trains, ...options }: Recording): SpikeData {
  return new SpikeData(trains, options as SpikeDataOptions)
}

/** Recordings as JSON: arrays as their bytes, so that every bit arrives. recordings.py reads it. */
export function encodeRecordings(recordings: Record<string, Recording>): object {
  return Object.fromEntries(Object.entries(recordings).map(([name, recording]) => [name, encode(recording)]))
}

function encode({ trains, rawData, rawTime, neuronAttributes, ...rest }: Recording): object {
  return {
    ...rest,
    neuronAttributes: neuronAttributes?.map(encodeAttributes),
    trains: trains.map((times) => encodeArray(new NDArray(times, [times.length]))),
    rawData: rawData && encodeArray(rawData),
    rawTime: typeof rawTime === 'object' ? encodeArray(new NDArray(rawTime, [rawTime.length])) : rawTime,
  }
}

function encodeAttributes(attributes: Record<string, unknown>): object {
  const entries = Object.entries(attributes)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isNumericArray(value) ? encodeArray(new NDArray(value, [value.length])) : value]),
  )
}

function encodeArray({ data, dtype, shape }: NDArray): object {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
  return { dtype, shape, base64 }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Poisson trains of one mean rate per unit, in ms from `startTime` on; a rate of 0 gives an empty train. */
export function poissonTrains(seed: number, ratesHz: readonly number[], length: number, startTime = 0): Float64Array[] {
  const next = random(seed)
  return ratesHz.map((rate) => {
    const times: number[] = []
    const interval = () => (rate > 0 ? (-Math.log(1 - next()) * 1000) / rate : Infinity)
    for (let time = interval(); time < length; time += interval()) times.push(startTime + time)
    return Float64Array.from(times)
  })
}

const trains = (...times: number[][]): Float64Array[] => times.map((unit) => Float64Array.from(unit))

function raw<T extends Int16Array | Float32Array | Float64Array>(data: T, channels: number): NDArray<T> {
  const next = random(data.length)
  for (let i = 0; i < data.length; i++) data[i] = (next() - 0.5) * 60_000
  return new NDArray(data, [channels, data.length / channels])
}

/** Recordings for every format. */
export const RECORDINGS: Record<string, Recording> = {
  typical: { trains: poissonTrains(1, [5, 0.5, 22, 9, 1, 14, 3, 60], 20_000), length: 20_000 },
  'no units': { trains: [] },
  'all trains empty': { trains: trains([], [], []) },
  'all trains empty for a while': { trains: trains([], [], []), length: 12.5 },
  'empty units in between': { trains: trains([], [3.25, 7.5], [], [], [1.125, 9.75], []), length: 10 },
  'padded with units': { trains: trains([3.25, 7.5], [1]), N: 5 },
  'one spike': { trains: trains([4.2]) },
  'one spike at the start': { trains: trains([0]), length: 5 },
  'event-centred': { trains: poissonTrains(2, [30, 0, 80, 11], 700, -200.5), startTime: -200.5, length: 700 },
  'starting late': { trains: trains([1500.1, 1600.7], [1555.5]), startTime: 1500 },
  'long silence at the end': { trains: trains([0.1, 0.2, 0.30000000000000004], [5]), length: 123_456.789 },
  unsorted: { trains: trains([9, 1, 5, 1], [2, 8], [7.5, 7.25]) },
  'same times': { trains: trains([2, 2, 2, 5], [2, 5, 5], [2]), length: 8 },
  'on half samples': { trains: [Float64Array.from({ length: 400 }, (_, i) => (i + 0.5) / 30)], length: 20 },
  'at the edges of bins': { trains: [Float64Array.from({ length: 200 }, (_, i) => i * 0.1)], length: 20 },
  'negative zero': { trains: [Float64Array.of(-3, -0, 0, 3)], startTime: -5 },
  'large times': { trains: trains([1e9, 1e12 + 0.1, 2 ** 46]) },
  'many units': {
    trains: poissonTrains(
      3,
      Array.from({ length: 300 }, (_, i) => i % 40),
      60_000,
    ),
    length: 60_000,
  },
  'raw int16': {
    trains: trains([1, 5]),
    length: 20,
    rawData: raw(new Int16Array(4 * 600), 4),
    rawTime: Float64Array.from({ length: 600 }, (_, i) => i / 30 + 1e-3),
  },
  'raw float32 at a rate': { trains: trains([1, 5]), rawData: raw(new Float32Array(3 * 500), 3), rawTime: 24.4140625 },
  'raw float64 at a rate': { trains: trains([1, 5]), rawData: raw(new Float64Array(2 * 600), 2), rawTime: 30 },
  ...Object.fromEntries(
    [
      Int8Array.from({ length: 100 }, (_, i) => i - 50),
      Uint8Array.from({ length: 250 }, (_, i) => i),
      Int32Array.from({ length: 300 }, (_, i) => i * i * 1000),
      BigInt64Array.from({ length: 300 }, (_, i) => 2n ** 53n + BigInt(3 * i)),
      BigUint64Array.from({ length: 40 }, (_, i) => BigInt(7 * i)),
      Float32Array.from({ length: 2500 }, (_, i) => i / 30 + 1e-3),
    ].map((rawTime) => {
      const name = `raw with times of ${rawTime.constructor.name}`
      return [name, { trains: trains([1, 5]), rawData: raw(new Int16Array(2 * rawTime.length), 2), rawTime }]
    }),
  ),
}

/** Recordings with electrodes, locations, or what must not be taken for them. */
export const PROBES: Record<string, Recording> = {
  'no attributes': { trains: trains([1], [2]) },
  'attributes of no place': { trains: trains([1], [2]), neuronAttributes: [{ label: 'a' }, { label: 'b' }] },
  'no units with attributes': { trains: [], neuronAttributes: [] },
  electrodes: { trains: trains([1], [2], []), neuronAttributes: [{ electrode: 3 }, { electrode: 0 }, { electrode: 1 }] },
  'electrodes, sparse and shared': {
    trains: trains([1, 4], [2], [], [3], [5]),
    neuronAttributes: [
      { electrode: 900, x: 1.5, y: 2.5 },
      { electrode: 3, x: 10, y: -20 },
      { electrode: 7, x: 0, y: 0 },
      { electrode: 3, x: 11, y: -21 },
      { electrode: 900, x: 9, y: 9 },
    ],
  },
  'channels in three dimensions': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { channel: 5, x: 1, y: 2, z: 3 },
      { channel: 2, x: 4, y: 5, z: 6.5 },
    ],
  },
  'ch and one dimension': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { ch: 1, location: [25.5] },
      { ch: 0, location: [50] },
    ],
  },
  'electrode before channel before ch': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { ch: 1, channel: 2, electrode: 4 },
      { ch: 1, channel: 2 },
    ],
  },
  'location before x and y before position': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { electrode: 1, location: [1, 2], x: 8, y: 8, position: [9, 9] },
      { electrode: 0, x: 3, y: 4, position: [9, 9] },
    ],
  },
  'positions without electrodes': {
    trains: trains([1], [2], []),
    neuronAttributes: [{ position: [1, 2] }, { position: [3, 4] }, { position: [5, 6.25] }],
  },
  'an electrode missing': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { electrode: 1, x: 1, y: 2 },
      { x: 3, y: 4 },
    ],
  },
  'a location missing': { trains: trains([1], [2]), neuronAttributes: [{ electrode: 1, x: 1, y: 2 }, { electrode: 2 }] },
  'electrodes between the numbers': {
    trains: trains([1], [2], [3]),
    neuronAttributes: [
      { electrode: 1.5, x: 1, y: 2 },
      { electrode: 0.25, x: 3, y: 4 },
      { electrode: 1, x: 5, y: 6 },
    ],
  },
  'negative electrodes': {
    trains: trains([1], [2]),
    neuronAttributes: [
      { electrode: -1, x: 1, y: 2 },
      { electrode: -7, x: 3, y: 4 },
    ],
  },
}
