/**
 * Complete NWB files for the readers: recordings with everything that a file can hold, with and without session metadata.
 */
import { PYNWB_NAMES, PYNWB_PRIVATE_NAMES, SCHEMA_NAMES } from '../../lib/formats/nwb/column-names.js'
import type { Hdf5StorageOptions, NwbProfile, NwbSession, NwbSubject } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray } from '../../lib/index.js'
import type { Case } from './python.js'
import type { Recording } from './recordings.js'
import { PROBES, RECORDINGS, spikeData } from './recordings.js'

/** Whole numbers in the columns are int64 in the file; in JSON, floats have a fraction, and null is NaN. */
type ColumnValues = readonly unknown[]

export interface NwbCase extends Case {
  recording: string
  file: string
  fsHz: number | null
  /** What further columns of the units hold. */
  columns: Record<string, ColumnValues>
  /** The path of the raw data. */
  series: string | null
  gain: number | null
  /** Where the channels of the raw data are on the probe; null stands for NaN. */
  places: readonly (readonly (number | null)[])[] | null
}

const trains = (...times: number[][]): Float64Array[] => times.map((unit) => Float64Array.from(unit))

const SUBJECT: NwbSubject = {
  subjectId: 'r-12',
  age: 'P90D',
  sex: 'F',
  species: 'Rattus norvegicus',
  description: 'A rat.',
  weight: '0.3 kg',
}

/** A session with all fields that a reader or a check looks for. */
export const SESSION: NwbSession = {
  sessionDescription: 'Spontaneous activity of a slice.',
  sessionStartTime: '2026-03-01T14:05:00+01:00',
  sessionId: 'slice-3',
  experimenter: ['Doe, Jane', 'Roe, Richard'],
  experimentDescription: 'Slices of the hippocampus on an array.',
  institution: 'An institute',
  lab: 'A lab',
  keywords: ['hippocampus', 'slice'],
  relatedPublications: 'doi:10.1000/182',
  protocol: 'A protocol',
  notes: 'Ünïcode notes: 測定',
  subject: SUBJECT,
  device: { name: 'array', description: 'An array of 1,024 electrodes.', manufacturer: 'A maker' },
  electrodeGroup: { description: 'All electrodes of the array.', location: 'CA1' },
}

/** Every field of a session. */
const EVERYTHING: NwbSession = {
  ...SESSION,
  identifier: 'slice-3',
  fileCreateDate: '2026-03-02T08:00:00Z',
  timestampsReferenceTime: '2026-03-01T00:00:00+01:00',
  dataCollection: 'With an array.',
  pharmacology: 'None.',
  slices: '300 µm.',
  stimulus: 'None.',
  surgery: 'None.',
  virus: 'None.',
  subject: { ...SUBJECT, ageReference: 'birth', dateOfBirth: '2025-12-01T00:00:00Z', genotype: 'wt', strain: 'Wistar' },
  electrodeGroup: { ...SESSION.electrodeGroup, name: 'shank' },
}

/** A mouse on electrodes 0, 1 and 2, or on sparse ones. */
export const MOUSE: NwbSession = { ...SESSION, subject: { ...SUBJECT, species: 'Mus musculus' } }

/** Recordings that only complete files can hold. */
const MORE: Record<string, Recording> = {
  'sparse and shared electrodes': {
    trains: trains([1.5, 4], [2], [3.25]),
    neuronAttributes: [
      { electrode: 3, location: [1, 2] },
      { electrode: 3, location: [1, 2] },
      { electrode: 5, location: [7, 8] },
    ],
  },
  'electrodes without a gap': { trains: trains([1.5], [2]), neuronAttributes: [{ electrode: 1 }, { electrode: 0 }] },
  'large electrodes': { trains: trains([1.5], [2]), neuronAttributes: [{ electrode: 70_000 }, { electrode: 9 }] },
  attributes: {
    trains: trains([1.5, 2], [2.5], [], [3.5]),
    neuronAttributes: [
      { snr: 5.5, count: 1, quality: 'good', accepted: true, place: 'CA1', wave: [0.5, 1.5], peaks: [0.5], grid: [[1.5, 2.5]] },
      { snr: 6.5, count: 2, quality: 'mua', accepted: false, place: 'µ測', wave: [2.5, 3.5], peaks: [], grid: [[3.5, 4.5]] },
      { snr: 7.5, count: 3, accepted: true, place: '', wave: [4.5, 5.5], peaks: [1.5, 2.5], grid: [[5.5, 6.5]] },
      { count: -4, quality: 'noise', accepted: true, place: 'DG', peaks: [3.5], grid: [[7.5, 8.5]], tested: true },
    ],
  },
  'raw data with places': {
    trains: trains([1.5], [2.5], []),
    neuronAttributes: [
      { electrode: 3, x: 10, y: 60 },
      { electrode: 1, x: 0, y: 20 },
      { electrode: 8, x: 0, y: 20 },
    ],
    rawData: new NDArray(
      Int16Array.from({ length: 1200 }, (_, i) => i % 211),
      [4, 300],
    ),
    rawTime: 30,
  },
  waveforms: {
    trains: trains([1.5], [2.5]),
    neuronAttributes: [
      { waveform_mean: Float32Array.of(0.5, 1.5), waveform_sd: [0.25, 0.5] },
      { waveform_mean: Float32Array.of(2.5, 3.5), waveform_sd: [0.75, 0.5] },
    ],
  },
}

/** Every name that is taken, and names of Python and of indices. */
const TAKEN = [...SCHEMA_NAMES, ...PYNWB_NAMES, ...PYNWB_PRIVATE_NAMES, '__init__', 'x_index', '_index']

MORE['names that are taken'] = {
  trains: trains([1.5], [2.5]),
  neuronAttributes: [7, 8].map((id) => Object.fromEntries([...TAKEN, 'id_'].map((name) => [name, id]))),
}

const COLUMNS: Record<string, Record<string, ColumnValues>> = {
  'names that are taken': Object.fromEntries([...TAKEN.map((name) => `${name}_`), 'id__'].map((name) => [name, [7, 8]])),
  attributes: {
    snr: [5.5, 6.5, 7.5, null],
    count: [1, 2, 3, -4],
    quality: ['good', 'mua', '', 'noise'],
    accepted: [true, false, true, true],
    place: ['CA1', 'µ測', '', 'DG'],
    wave: [
      [0.5, 1.5],
      [2.5, 3.5],
      [4.5, 5.5],
      [null, null],
    ],
    peaks: [[0.5], [], [1.5, 2.5], [3.5]],
    grid: [[[1.5, 2.5]], [[3.5, 4.5]], [[5.5, 6.5]], [[7.5, 8.5]]],
  },
  waveforms: {
    waveform_mean: [
      [0.5, 1.5],
      [2.5, 3.5],
    ],
    waveform_sd: [
      [0.25, 0.5],
      [0.75, 0.5],
    ],
  },
}

export const ALL: Record<string, Recording> = { ...RECORDINGS, ...PROBES, ...MORE }

/** Ways to lay the same tables out: by ourselves, and by the HDF5 library. */
const LAYOUTS: readonly Hdf5StorageOptions[] = [{}, { compression: {} }, { layout: 'cloud' }]

/** Writes every recording, and some in several ways. */
export async function writeCases(folder: string): Promise<NwbCase[]> {
  const cases: NwbCase[] = []
  const write = async (recording: string, title: string, options: NwbProfile & Hdf5StorageOptions, places: NwbCase['places'] = null) => {
    const file = `${folder}/${cases.length}.nwb`
    await exportSpikeDataToNwb(spikeData(ALL[recording]!), file, options)
    const { fsHz = null, rawData } = options
    const series = rawData ? `acquisition/${rawData.name ?? 'ElectricalSeries'}` : null
    const name = [recording, title].filter(Boolean).join(', ')
    cases.push({ name, recording, file, fsHz, columns: COLUMNS[recording] ?? {}, series, gain: rawData?.conversion ?? null, places })
  }
  for (const recording of Object.keys(ALL)) await write(recording, '', { nwb: SESSION, fsHz: 20000 })
  for (const recording of ['typical', 'sparse and shared electrodes', 'attributes', 'waveforms']) {
    for (const layout of LAYOUTS.slice(1)) await write(recording, JSON.stringify(layout), { nwb: SESSION, fsHz: 20000, ...layout })
  }
  await write('typical', 'without options', {})
  await write('sparse and shared electrodes', 'without options', {})
  await write('electrodes without a gap', 'a mouse', { nwb: MOUSE, fsHz: 20000 })
  await write('sparse and shared electrodes', 'a mouse', { nwb: MOUSE, fsHz: 20000 })
  await write('raw int16', 'raw data', { nwb: SESSION, fsHz: 30000, rawData: { conversion: 1e-6 } })
  await write('raw float64 at a rate', 'raw data', { nwb: SESSION, fsHz: 30000, rawData: { conversion: 1, name: 'Raw' } })
  await write('raw float64 at a rate', 'raw data, contiguous', {
    nwb: SESSION,
    fsHz: 30000,
    rawData: { conversion: 2e-6 },
    layout: 'contiguous',
  })
  await write('raw int16', 'raw data, in pages', { nwb: SESSION, fsHz: 30000, rawData: { conversion: 1e-6 }, layout: 'cloud' })
  await write('attributes', 'with all options', { nwb: EVERYTHING, fsHz: 20000 })
  await write('no units', 'with all options', { nwb: EVERYTHING, fsHz: 20000, compression: {} })
  const onProbe = (electrodes: number[]): NwbProfile => ({
    nwb: EVERYTHING,
    fsHz: 30000,
    rawData: { conversion: 1e-6, offset: 1e-3, filtering: 'None.', description: 'All channels.', electrodes },
  })
  const places = [
    [null, null],
    [0, 20],
    [null, null],
    [10, 60],
  ]
  await write('raw data with places', 'raw data', onProbe([0, 1, 2, 3]), places)
  await write('raw data with places', 'raw data on other channels', onProbe([3, 1, 900, 901]), [
    places[3]!,
    places[1]!,
    places[0]!,
    places[2]!,
  ])
  await write('raw data with places', 'raw data at one place', onProbe([0, 1, 8, 3]))
  return cases
}
