/**
 * A recording with everything that a Phy folder can hold, exported, and the truth for those who read the folder.
 */
import { writeFileSync } from 'node:fs'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'

/** Five units on a probe of six channels and two shanks, of eight rows of raw data; the recording starts at 100 ms. */
export const FULL = {
  fsHz: 30_000,
  startTime: 100,
  electrodes: [5, 0, 2, 5, 7],
  // Bombcell looks at the raw data of units with more than 50 spikes.
  counts: [80, 65, 120, 71, 60],
  channels: {
    ids: [7, 0, 2, 3, 5, 6],
    positions: [
      [30, 60],
      [0, 0],
      [0, 20],
      [0, 40],
      [30, 20],
      [30, 40],
    ] as [number, number][],
    shanks: [1, 0, 0, 0, 1, 1],
    groups: [4, 3, 3, 3, 4, 4],
  },
  before: 25,
  after: 57,
}

const ROWS = 8
const SAMPLES = 90_000

/** Writes the folder and a manifest of the truth; returns the path of the manifest. */
export async function exportFull(dir: string, folder: string): Promise<string> {
  const { fsHz, startTime, electrodes, counts, channels, before, after } = FULL
  let seed = 7
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const lengthMs = (SAMPLES / fsHz) * 1000
  const trains = counts.map((count) =>
    Float64Array.from({ length: count }, (_, i) => startTime + 5 + ((i + 0.8 * random()) / count) * (lengthMs - 10)),
  )
  const raw = Int16Array.from({ length: ROWS * SAMPLES }, () => Math.round(40 * (random() - 0.5)))
  for (const [unit, times] of trains.entries()) {
    for (const time of times) {
      const sample = Math.round((time - startTime) * (fsHz / 1000))
      // Half as deep on the row after the unit's own.
      for (let i = -8; i < 16; i++) {
        const depth = Math.round(-(600 + 100 * unit) * Math.exp(-((i / 6) ** 2)))
        for (const [row, share] of [
          [electrodes[unit]!, 1],
          [(electrodes[unit]! + 1) % ROWS, 0.5],
        ] as const) {
          raw[row * SAMPLES + sample + i]! += Math.round(share * depth)
        }
      }
    }
  }
  const amplitudes = counts.map((count, unit) => Float64Array.from({ length: count }, (_, i) => 1 + unit + i / 128))
  const features = counts.map((count, unit) => Float32Array.from({ length: count * 12 }, (_, i) => unit + i / 64))
  const featureElectrodes = electrodes.map((electrode) => [electrode, ...channels.ids.filter((id) => id !== electrode).slice(0, 3)])
  const sd = new SpikeData(trains, {
    startTime,
    length: lengthMs,
    rawData: new NDArray(raw, [ROWS, SAMPLES]),
    rawTime: Float64Array.from({ length: SAMPLES }, (_, i) => startTime + (1000 * i) / fsHz),
    neuronAttributes: electrodes.map((electrode, unit) => ({
      electrode,
      amplitudes: amplitudes[unit]!,
      quality: unit === 3 ? 'mua' : 'good',
    })),
  })
  await exportSpikeDataToKilosort(sd, folder, {
    fsHz,
    shift: true,
    channels,
    phy: {
      templates: 'raw',
      samplesBefore: before,
      samplesAfter: after,
      recording: { write: true },
      pcFeatures: { features: features.map((numbers, unit) => new NDArray(numbers, [counts[unit]!, 3, 4])), electrodes: featureElectrodes },
    },
  })
  const path = `${dir}/raw.npy`
  writeFileSync(path, Buffer.concat([npyHeader('<i2', [ROWS, SAMPLES]), Buffer.from(raw.buffer)]))
  const nested = features.map((numbers, unit) =>
    Array.from({ length: counts[unit]! }, (_, spike) =>
      [0, 1, 2].map((row) => [...numbers.subarray(12 * spike + 4 * row, 12 * spike + 4 * row + 4)]),
    ),
  )
  const manifest = `${dir}/manifest.json`
  const lists = { trains: trains.map((times) => [...times]), amplitudes: amplitudes.map((list) => [...list]), features: nested }
  writeFileSync(manifest, JSON.stringify({ folder, raw: path, ...FULL, ...lists, featureElectrodes }))
  return manifest
}
