/**
 * Complete NWB files with what a session has besides sorted units: each with one feature, and one with all of them.
 */
import type { Hdf5StorageOptions, NwbElectrode, NwbSessionFields, SpikeDataOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { SESSION } from './nwb-cases.js'
import type { Case } from './python.js'

/** A series as its readers see it: samples first, times in s. */
interface SeriesFound {
  data: unknown[]
  unit: string
  conversion: number
  offset: number
  dtype: string
  rate?: number
  start?: number
  timestamps?: number[]
  electrodes?: number[]
}

interface Feature {
  nwb: NwbSessionFields & { electrodes?: readonly NwbElectrode[] }
  attributes?: Record<string, unknown>[]
  options?: SpikeDataOptions
  /** The rows of columns, by the path of their table. */
  tables?: Record<string, Record<string, unknown[]>>
  series?: Record<string, SeriesFound>
}

export interface TablesCase extends Case {
  file: string
  trains: number[][]
  fsHz: number
  tables: NonNullable<Feature['tables']>
  series: NonNullable<Feature['series']>
}

/** In ms; at 1 kHz, as SpikeInterface counts samples. */
const TRAINS = [[1, 2, 5], [3], [], [4, 9]]
const FS_HZ = 1000

const spikeValues: Feature = {
  attributes: [
    {
      amplitudes: Float32Array.of(81.5, 79.5, 80.5),
      depths: [1.5, 2.5, 3.5],
      place: new NDArray(Float64Array.of(1.5, 2, 3, 4, 5, 6), [3, 2]),
    },
    { amplitudes: Float32Array.of(55.5), depths: [4.5], place: [[7, 8]] },
    {},
    {
      amplitudes: Float32Array.of(1.5, -2.5),
      depths: [5.5, 6.5],
      place: [
        [9, 10],
        [11, 12],
      ],
    },
  ],
  nwb: { spikeColumns: ['amplitudes', 'depths', 'place'] },
  tables: {
    units: {
      amplitudes: [[81.5, 79.5, 80.5], [55.5], [], [1.5, -2.5]],
      depths: [[1.5, 2.5, 3.5], [4.5], [], [5.5, 6.5]],
      place: [
        [
          [1.5, 2],
          [3, 4],
          [5, 6],
        ],
        [[7, 8]],
        [],
        [
          [9, 10],
          [11, 12],
        ],
      ],
    },
  },
}

const waveforms: Feature = {
  attributes: [
    // Three spikes, two samples, two electrodes.
    { waveforms: new NDArray(Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), [3, 2, 2]) },
    { waveforms: new NDArray(Float32Array.of(7, 8), [1, 2]) },
    {},
    { waveforms: new NDArray(Float32Array.of(9, 10, 11, 12), [2, 2]) },
  ],
  nwb: {},
  tables: {
    units: {
      waveforms: [
        [
          [
            [1, 2],
            [10, 20],
          ],
          [
            [3, 4],
            [30, 40],
          ],
          [
            [5, 6],
            [50, 60],
          ],
        ],
        [[[7, 8]]],
        [],
        [[[9, 10]], [[11, 12]]],
      ],
    },
  },
}

const labels: Feature = {
  attributes: [{ labels: ['good', 'bursting'] }, { labels: ['mua'] }, {}, { labels: ['µ測'] }],
  nwb: {},
  tables: { units: { labels: [['good', 'bursting'], ['mua'], [], ['µ測']] } },
}

const windows: Feature = {
  nwb: {
    obsIntervals: [
      [0, 4.5],
      [4.5, 20],
    ],
  },
  tables: {
    units: {
      obs_intervals: TRAINS.map(() => [
        [0, 0.0045],
        [0.0045, 0.02],
      ]),
    },
  },
}

const windowsOfUnits: Feature = {
  nwb: {
    obsIntervals: [
      [[0, 10]],
      [
        [0, 4],
        [6, 8],
      ],
      [[1, 2]],
      [[3.5, 20]],
    ],
  },
  tables: {
    units: {
      obs_intervals: [
        [[0, 0.01]],
        [
          [0, 0.004],
          [0.006, 0.008],
        ],
        [[0.001, 0.002]],
        [[0.0035, 0.02]],
      ],
    },
  },
}

const intervals: Feature = {
  nwb: {
    trials: {
      startTime: [0, 1000, 2500],
      stopTime: [900, 2400, 3000],
      columns: {
        stimulus_time: [100, 1100.5, 2600],
        lick_times: [[150, 175], [], [2700]],
        contrast: [0.5, 0.25, null],
        count: Int32Array.of(4, 5, 6),
        side: ['left', 'right', ''],
        correct: [true, false, true],
        grid: [
          [1.5, 2.5],
          [3.5, 4.5],
          [5.5, 6.5],
        ],
        notes: [['slow', 'late'], [], ['µ測']],
      },
      descriptions: { contrast: 'The contrast of the stimulus.' },
    },
    epochs: { startTime: [0, 1000], stopTime: [1000, 3000], columns: { tags: ['rest', ['task', 'light']] } },
    intervals: {
      licks: { startTime: [150, 175, 2700], stopTime: [151, 176, 2701], description: 'All licks.' },
      invalid_times: { startTime: [500], stopTime: [600] },
    },
  },
  tables: {
    'intervals/trials': {
      start_time: [0, 1, 2.5],
      stop_time: [0.9, 2.4, 3],
      stimulus_time: [0.1, 1.1005, 2.6],
      lick_times: [[0.15, 0.175], [], [2.7]],
      contrast: [0.5, 0.25, null],
      count: [4, 5, 6],
      side: ['left', 'right', ''],
      correct: [true, false, true],
      grid: [
        [1.5, 2.5],
        [3.5, 4.5],
        [5.5, 6.5],
      ],
      notes: [['slow', 'late'], [], ['µ測']],
    },
    'intervals/epochs': { start_time: [0, 1], tags: [['rest'], ['task', 'light']] },
    'intervals/licks': { start_time: [0.15, 0.175, 2.7], stop_time: [0.151, 0.176, 2.701] },
    'intervals/invalid_times': { start_time: [0.5], stop_time: [0.6] },
  },
}

const counts = Array.from({ length: 200 }, (_, i) => (i * 31) % 97)
const twoChannels = new NDArray(Int16Array.from(counts), [2, 100])
const samplesOfTwo = Array.from({ length: 100 }, (_, i) => [counts[i], counts[100 + i]])

const electrical: Feature = {
  nwb: {
    series: {
      Wide: { type: 'ElectricalSeries', data: twoChannels, rateHz: 1000, conversion: 0.25e-6, offset: 0.5e-3, filtering: 'None.' },
    },
  },
  series: {
    'acquisition/Wide': {
      data: samplesOfTwo,
      unit: 'volts',
      conversion: 0.25e-6,
      offset: 0.5e-3,
      dtype: 'int16',
      rate: 1000,
      start: 0,
      electrodes: [0, 1],
    },
  },
}

const lfp: Feature = {
  nwb: {
    series: {
      lfp: {
        type: 'LFP',
        data: twoChannels,
        rateHz: 500,
        startTime: 250,
        conversion: 1e-6,
        electrodes: [3, 1],
        filtering: 'Low-pass filter at 200 Hz.',
      },
    },
  },
  series: {
    'processing/ecephys/LFP/lfp': {
      data: samplesOfTwo,
      unit: 'volts',
      conversion: 1e-6,
      offset: 0,
      dtype: 'int16',
      rate: 500,
      start: 0.25,
      electrodes: [3, 1],
    },
  },
}

/** The same of a probe whose rows are not the ids of its electrodes. */
const probed: Feature = {
  nwb: { ...lfp.nwb, electrodes: [{ id: 1, location: 'CA1' }, { id: 2 }, { id: 3, location: 'CA3' }] },
  series: lfp.series!,
}

const irregular = [0, 10.5, 30, 31, 45]
const plain: Feature = {
  nwb: {
    series: {
      speed: { type: 'TimeSeries', data: Float32Array.of(0.5, 1.5, 2.5, 3.5), rateHz: 60, unit: 'm/s', conversion: 2, offset: -1 },
      light: { type: 'TimeSeries', data: Uint8Array.of(0, 1, 0, 1, 1), timestamps: irregular, unit: 'a.u.', place: 'stimulus' },
      pupil: {
        type: 'TimeSeries',
        data: Uint16Array.of(4, 5, 6, 7, 8),
        timestamps: irregular,
        unit: 'pixels',
        place: 'processing/behavior',
      },
      frames: {
        type: 'TimeSeries',
        data: new NDArray(
          Int32Array.from({ length: 24 }, (_, i) => i),
          [6, 2, 2],
        ),
        timeAxis: 'first',
        rateHz: 30,
        unit: 'a.u.',
      },
    },
  },
  series: {
    'acquisition/speed': { data: [0.5, 1.5, 2.5, 3.5], unit: 'm/s', conversion: 2, offset: -1, dtype: 'float32', rate: 60, start: 0 },
    'stimulus/presentation/light': {
      data: [0, 1, 0, 1, 1],
      unit: 'a.u.',
      conversion: 1,
      offset: 0,
      dtype: 'uint8',
      timestamps: irregular.map((ms) => ms / 1000),
    },
    'processing/behavior/pupil': {
      data: [4, 5, 6, 7, 8],
      unit: 'pixels',
      conversion: 1,
      offset: 0,
      dtype: 'uint16',
      timestamps: irregular.map((ms) => ms / 1000),
    },
    'acquisition/frames': {
      data: Array.from({ length: 6 }, (_, i) => [
        [4 * i, 4 * i + 1],
        [4 * i + 2, 4 * i + 3],
      ]),
      unit: 'a.u.',
      conversion: 1,
      offset: 0,
      dtype: 'int32',
      rate: 30,
      start: 0,
    },
  },
}

const spatial: Feature = {
  nwb: {
    series: {
      track: {
        type: 'Position',
        data: new NDArray(Float64Array.of(1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5), [2, 5]),
        timestamps: irregular,
        referenceFrame: 'The corner of the box.',
      },
      gaze: { type: 'SpatialSeries', data: Float64Array.of(0.5, 1.5, 2.5), rateHz: 60, unit: 'radians', referenceFrame: 'Straight ahead.' },
    },
  },
  series: {
    'processing/behavior/Position/track': {
      data: Array.from({ length: 5 }, (_, i) => [1.5 + i, 6.5 + i]),
      unit: 'meters',
      conversion: 1,
      offset: 0,
      dtype: 'float64',
      timestamps: irregular.map((ms) => ms / 1000),
    },
    'processing/behavior/gaze': { data: [0.5, 1.5, 2.5], unit: 'radians', conversion: 1, offset: 0, dtype: 'float64', rate: 60, start: 0 },
  },
}

export const FEATURES: Record<string, Feature> = {
  'values of each spike': spikeValues,
  'waveforms of single spikes': waveforms,
  'lists of texts': labels,
  'windows of all units': windows,
  'windows of each unit': windowsOfUnits,
  'trials, epochs and other intervals': intervals,
  ElectricalSeries: electrical,
  LFP: lfp,
  TimeSeries: plain,
  'SpatialSeries and Position': spatial,
}

/** All features in one file. */
function together(): Feature {
  const all = Object.values(FEATURES).filter((feature) => feature !== windows)
  const units = Object.assign({}, ...all.map(({ tables }) => tables?.['units']))
  return {
    attributes: TRAINS.map((_, unit) => Object.assign({}, ...all.map(({ attributes }) => attributes?.[unit]))),
    nwb: { ...Object.assign({}, ...all.map(({ nwb }) => nwb)), series: Object.assign({}, ...all.map(({ nwb }) => nwb.series)) },
    tables: { ...intervals.tables, units },
    series: Object.assign({}, ...all.map(({ series }) => series)),
  }
}

/** Writes a file for each feature, one with the electrodes of a probe, and two with all features. */
export async function writeTablesCases(folder: string): Promise<TablesCase[]> {
  const cases: TablesCase[] = []
  const write = async (name: string, { nwb, attributes, tables = {}, series = {} }: Feature, options: Hdf5StorageOptions = {}) => {
    const file = `${folder}/${cases.length}.nwb`
    const sd = new SpikeData(TRAINS, { length: 20, ...(attributes && { neuronAttributes: attributes }) })
    await exportSpikeDataToNwb(sd, file, { nwb: { ...SESSION, ...nwb }, fsHz: FS_HZ, ...options })
    cases.push({ name, file, trains: TRAINS, fsHz: FS_HZ, tables, series })
  }
  for (const [name, feature] of Object.entries(FEATURES)) await write(name, feature)
  await write('LFP of a probe', probed)
  await write('all together', together())
  await write('all together, compressed', together(), { compression: {} })
  return cases
}
