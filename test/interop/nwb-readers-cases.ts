/**
 * NWB files for readers that analyse a whole recording, in whose raw data each unit has a waveform of its own, and for neo.
 */
import type { NwbElectrode, NwbSession } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { MOUSE, SESSION } from './nwb-cases.js'
import type { Case } from './python.js'
import type { Recording } from './recordings.js'
import { random, spikeData } from './recordings.js'

export const FS_HZ = 30_000
const CHANNELS = 8
const SAMPLES = 30_000

/** Two shanks of four electrodes, in µm. */
const electrodes: NwbElectrode[] = Array.from({ length: CHANNELS }, (_, i) => ({
  group: `shank${Math.floor(i / 4)}`,
  location: 'CA1',
  relX: Math.floor(i / 4) * 200,
  relY: (i % 4) * 25,
}))

/** Spikes at samples: every unit in turn, far enough apart that their waveforms do not meet. */
const SPIKES = [0, 1, 2].map((unit) => Float64Array.from({ length: 40 }, (_, i) => 300 + 720 * i + 240 * unit))

/** Where each unit is largest. */
export const PEAKS = [1, 6, 4]

function rawData(): NDArray {
  const next = random(7)
  const counts = Int16Array.from({ length: CHANNELS * SAMPLES }, () => Math.round(next() * 20 - 10))
  for (const [unit, samples] of SPIKES.entries()) {
    for (const at of samples)
      for (let i = -10; i < 20; i++) counts[PEAKS[unit]! * SAMPLES + at + i]! -= Math.round(400 * Math.exp((-i * i) / 18))
  }
  return new NDArray(counts, [CHANNELS, SAMPLES])
}

export const ANALYSED: Recording = {
  trains: SPIKES.map((samples) => samples.map((sample) => (sample / FS_HZ) * 1000)),
  length: (SAMPLES / FS_HZ) * 1000,
  neuronAttributes: PEAKS.map((electrode, unit) => ({
    electrodes: [electrode],
    quality: unit < 2 ? 'good' : 'mua',
    snr: 20.5 + unit,
    accepted: unit < 2,
  })),
  rawData: rawData(),
  rawTime: FS_HZ / 1000,
}

/** Writes the recording; `unitIds` are those of its units. */
export async function writeAnalysed(file: string, unitIds: number[]): Promise<void> {
  const { device: _, electrodeGroup: __, ...session } = MOUSE
  await exportSpikeDataToNwb(spikeData(ANALYSED), file, {
    fsHz: FS_HZ,
    unitIds,
    nwb: {
      ...session,
      devices: [{ name: 'probe', description: 'A probe of two shanks.' }],
      electrodeGroups: [0, 1].map((shank) => ({ name: `shank${shank}`, location: 'CA1', device: 'probe' })),
      electrodes,
    },
    rawData: { conversion: 0.195e-6 },
  })
}

/** Cases for neo, whose reader takes few files: what it reads of each, or why it does not. */
export async function writeNeoCases(folder: string): Promise<Case[]> {
  const trains = [[1, 2, 5], [3], [], [4, 9]]
  const session: NwbSession = { ...SESSION, keywords: undefined }
  const cases: Case[] = []
  const write = async (name: string, nwb: object, found: object = {}, attributes?: Record<string, unknown>[]) => {
    const file = `${folder}/neo-${cases.length}.nwb`
    const sd = new SpikeData(trains, { length: 20, ...(attributes && { neuronAttributes: attributes }) })
    await exportSpikeDataToNwb(sd, file, { fsHz: 1000, nwb: { ...session, ...nwb } as NwbSession })
    cases.push({ name, file, trains, window: [0, 20], series: {}, epochs: [], error: null, ...found })
  }
  await write(
    'units',
    {},
    {},
    trains.map((_, electrode) => ({ electrode, amplitudes: [1, 2], quality: 'good' })),
  )
  const counts = Int16Array.from({ length: 20 }, (_, i) => i - 5)
  const rows = Array.from({ length: 10 }, (_, i) => [i - 5, i + 5])
  const irregular = [0, 10.5, 30, 31, 45]
  const timestamps = irregular.map((ms) => ms / 1000)
  await write(
    'series and epochs',
    {
      epochs: { startTime: [0, 1000], stopTime: [1000, 3000], columns: { tags: [['rest'], ['task']] } },
      series: {
        wide: { type: 'TimeSeries', data: new NDArray(counts, [2, 10]), unit: 'volts', rateHz: 500, startTime: 250, conversion: 1e-6 },
        way: { type: 'SpatialSeries', data: Float64Array.of(1.5, 2, 3, 4, 5), timestamps: irregular, place: 'acquisition' },
        shown: { type: 'TimeSeries', data: Float32Array.of(1, 2, 3.5), rateHz: 60, unit: 'meters', place: 'stimulus' },
      },
    },
    {
      series: {
        'acquisition/wide': { data: rows, unit: 'volts', conversion: 1e-6, rate: 500, start: 0.25 },
        'acquisition/way': { data: [1.5, 2, 3, 4, 5], unit: 'meters', conversion: 1, timestamps },
        'stimulus/presentation/shown': { data: [1, 2, 3.5], unit: 'meters', conversion: 1, rate: 60, start: 0 },
      },
      epochs: [
        [
          [0, 1],
          [1, 3],
          ['rest', 'task'],
        ],
      ],
    },
  )
  await write('keywords', { keywords: ['slice'] }, { error: 'Invalid annotation' })
  await write(
    'several windows',
    {
      obsIntervals: [
        [0, 5],
        [6, 20],
      ],
    },
    { error: 'multiple observation intervals' },
  )
  const wide = { type: 'ElectricalSeries', data: new NDArray(counts, [2, 10]), rateHz: 500, conversion: 1e-6 }
  await write('an ElectricalSeries', { series: { wide } }, { error: 'Invalid annotation' })
  const scaled = { type: 'TimeSeries', data: counts, unit: 'volts', rateHz: 500, conversion: 0.195e-6 }
  await write('a conversion that is no prefix of a unit', { series: { scaled } }, { error: "Can't handle this conversion factor" })
  const epochs = { startTime: [0, 1000], stopTime: [1000, 3000], columns: { tags: ['rest', ['task', 'light']] } }
  await write('epochs of several tags', { epochs }, { error: 'Labels array has different length to times' })
  return cases
}
