/**
 * The recordings that are exported, from seeds: the same ones in every run. They are in files, for every process that needs them.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NDArray, SpikeData } from 'spikeport'
import { generator, simulate } from '../scripts/demo/simulate.mjs'

const SEED = 20
const FS_KHZ = 30
const INT16_RANGE = 2 ** 16
/** Of simulated raw samples, as an amplifier's converter gives them: the range of each random byte, and the depth of a spike. */
const NOISE_RANGE = 16
const SPIKE_SHAPE = [-8, -30, -72, -96, -80, -52, -24, -4, 10, 20, 24, 22, 18, 14, 10, 7, 5, 3, 2, 1]

/**
 * @typedef {object} RecordingSpec
 * @property {number} units
 * @property {number} [spikes] those of each unit; a simulation has its own
 * @property {number} length in ms
 * @property {'random' | 'unordered' | 'simulated'} [times] random intervals, which is the default; the same in no order; or the
 *   rates, pauses and bursts of neurons, on the sampling grid
 * @property {{ channels: number, samples: number }} [raw] int16 samples: noise with spikes in it where the times are simulated,
 *   otherwise any number as likely as any other
 */

/**
 * Makes a recording and writes its arrays to the folder.
 *
 * @param {RecordingSpec} spec
 * @returns what our side exports, and as `files` what Python's Recording is made of
 */
export async function makeRecording(spec, folder) {
  const { length } = spec
  const { times, ends } = spec.times === 'simulated' ? simulatedTimes(spec) : randomTimes(spec)
  const train = Array.from(ends, (end, unit) => times.subarray(unit === 0 ? 0 : Number(ends[unit - 1]), Number(end)))
  writeFileSync(join(folder, 'times'), times)
  writeFileSync(join(folder, 'ends'), ends)
  /** @type {{ length: number, rawData?: NDArray, rawTime?: number }} */
  const options = { length }
  const files = { folder, length, raw: /** @type {object | undefined} */ (undefined) }
  if (spec.raw) {
    const samples = rawSamples(spec.raw, spec.times, train)
    writeFileSync(join(folder, 'raw'), samples)
    options.rawData = new NDArray(samples, [spec.raw.channels, spec.raw.samples])
    options.rawTime = FS_KHZ
    files.raw = { ...spec.raw, rate_kHz: FS_KHZ }
  }
  return {
    spec,
    train,
    length,
    spikeCount: times.length,
    files,
    sd: await SpikeData.create(train, /** @type {import('spikeport').SpikeDataOptions} */ (options)),
  }
}

/**
 * Random intervals, stretched to the length of the recording.
 *
 * @param {RecordingSpec} spec
 */
function randomTimes({ units, spikes = 0, length, times: order }) {
  const random = generator(SEED)
  const times = new Float64Array(units * spikes)
  for (let start = 0; start < times.length; start += spikes) {
    const unit = times.subarray(start, start + spikes)
    let time = 0
    for (let i = 0; i < spikes; i++) unit[i] = time += random()
    const stretch = length / (time + random())
    for (let i = 0; i < spikes; i++) unit[i] *= stretch
    if (order === 'unordered') shuffle(unit, random)
  }
  return { times, ends: BigInt64Array.from({ length: units }, (_, unit) => BigInt((unit + 1) * spikes)) }
}

function simulatedTimes({ units, length }) {
  const { train } = simulate({ units, minutes: length / 60000, fsHz: FS_KHZ * 1000, seed: SEED })
  const ends = new BigInt64Array(units)
  train.reduce((sum, unit, i) => Number((ends[i] = BigInt(sum + unit.length))), 0)
  const times = new Float64Array(Number(ends.at(-1)))
  train.forEach((unit, i) => times.set(unit, i === 0 ? 0 : Number(ends[i - 1])))
  return { times, ends }
}

/** @param {{ channels: number, samples: number }} raw @param {RecordingSpec['times']} times @param {Float64Array[]} train */
function rawSamples({ channels, samples }, times, train) {
  const random = generator(SEED)
  const raw = new Int16Array(channels * samples)
  if (times !== 'simulated') {
    for (let i = 0; i < raw.length; i++) raw[i] = random() * INT16_RANGE
    return raw
  }
  // The sum of three uniform numbers is close to a normal one.
  for (let i = 0; i < raw.length; i++) raw[i] = Math.round((random() + random() + random() - 1.5) * NOISE_RANGE)
  for (const [unit, spikes] of train.entries()) {
    const channel = raw.subarray((unit % channels) * samples, ((unit % channels) + 1) * samples)
    for (const time of spikes) SPIKE_SHAPE.forEach((depth, i) => (channel[Math.round(time * FS_KHZ) + i] += depth))
  }
  return raw
}

/** Fisher and Yates's. */
function shuffle(array, random) {
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[array[i], array[j]] = [array[j], array[i]]
  }
}
