/**
 * HDF5 files against those that SpikeLab's own exporter writes with h5py from the same recordings: the same objects, attributes,
 * types and bytes, and the same recording when SpikeLab loads them.
 *
 * One difference is wanted. SpikeLab 0.1.2 gives a raster `ceil(length / bin)` bins, spikeport subtracts a tolerance first, so
 * that rounding makes no extra bin. Where the two differ, reference.py states the raster anew.
 */
import t from 'tap'
import { exportSpikeDataToHdf5 } from '../../lib/index.js'
import type { Case } from './python.js'
import { check, pythonEnvironment } from './python.js'
import type { Recording } from './recordings.js'
import { encodeRecordings, RECORDINGS, spikeData } from './recordings.js'

interface Hdf5Case extends Case {
  recording: string
  options: Record<string, unknown>
  /** `layout`, `chunkBytes` and `compression`, which the reference does not have. */
  storage?: Record<string, unknown>
  /** Whether SpikeLab loads the file, too. Default true. */
  load?: boolean
  maxBytes?: number
}

/** SpikeLab takes seconds to load a raster of this one, so its rasters are only compared as files. */
const LARGE = 'many units'

const UNITS = [{ unit: 'ms' }, { unit: 's' }, { unit: 'samples', fsHz: 30000 }, { unit: 'samples', fsHz: 24414.0625 }]

const TIME_UNIT_OPTION = { ragged: 'spikeTimesUnit', group: 'groupTimeUnit', paired: 'timesUnit' }

/** Every style in every unit. */
function everyStyle(recording: string): Hdf5Case[] {
  return Object.entries(TIME_UNIT_OPTION).flatMap(([style, option]) =>
    UNITS.map(({ unit, fsHz }) => ({
      name: [recording, style, unit, fsHz].filter(Boolean).join(', '),
      recording,
      options: { style, [option]: unit, ...(fsHz && { fsHz }) },
    })),
  )
}

function rasters(recording: string, ...binSizes: number[]): Hdf5Case[] {
  return binSizes.map((rasterBinSizeMs) => ({
    name: `${recording}, raster of ${rasterBinSizeMs} ms`,
    recording,
    options: { style: 'raster', rasterBinSizeMs },
    load: recording !== LARGE,
  }))
}

const RASTERS: Record<string, number[]> = {
  typical: [1, 7, 0.1, 20_000, 33_333],
  'no units': [1],
  'all trains empty': [1],
  'all trains empty for a while': [1, 5, 12.5],
  'empty units in between': [1, 3],
  'padded with units': [0.5],
  'one spike': [1, 4.2, 0.7],
  'one spike at the start': [1, 10],
  'event-centred': [1, 0.5, 13],
  'starting late': [1, 0.1],
  'long silence at the end': [1000, 7.77],
  unsorted: [0.25],
  'same times': [1, 2, 3],
  'at the edges of bins': [0.1, 0.2, 0.3, 1],
  'negative zero': [1],
  [LARGE]: [10],
}

/** Lengths that are a whole number of bins but for rounding: SpikeLab 0.1.2 makes an extra bin of some. */
const ALMOST_WHOLE = Object.fromEntries(
  [
    { length: 0.1 + 0.2, bin: 0.1 },
    { length: 1.1 * 3, bin: 1.1 },
    { length: 5 + 4e-10, bin: 1 },
    { length: 5 + 4e-9, bin: 1 },
    { length: 1e6 * 0.7, bin: 0.7 },
    { length: 3e6 + 2e-9, bin: 300 },
  ].map(({ length, bin }) => {
    const recording = { trains: [Float64Array.of(length / 3, length)], length }
    return [`${length} ms long`, { bin, recording }]
  }),
)

const RAW = { rawDataset: 'raw', rawTimeDataset: 'raw_time' }

const NAMED: Hdf5Case[] = [
  { options: {} },
  { options: { style: 'RAGGED', spikeTimesDataset: 'a/b/t', spikeTimesIndexDataset: 'a/index' } },
  { options: { style: 'Raster', rasterBinSizeMs: 2, rasterDataset: 'a/b/counts' } },
  { options: { style: 'group', groupPerUnit: 'probe0/units' } },
  { options: { style: 'paired', idcesDataset: 'x/y/z/idces', timesDataset: '/x/times' } },
  { options: { style: 'ragged', fsHz: 30000 } },
  { options: { spikeTimesDataset: 'Zeiten/µs→ms' } },
].map(({ options }) => ({ name: `typical, ${JSON.stringify(options)}`, recording: 'typical', options }))

const RAW_CASES: Hdf5Case[] = Object.keys(RECORDINGS)
  .filter((name) => name.startsWith('raw '))
  .flatMap((recording) => [
    ...UNITS.map(({ unit, fsHz }) => ({
      name: `${recording}, ${unit} ${fsHz ?? ''}`,
      recording,
      options: { ...RAW, rawTimeUnit: unit, ...(fsHz && { fsHz }) },
    })),
    {
      name: `${recording}, raster`,
      recording,
      options: { style: 'raster', rasterBinSizeMs: 1, rawDataset: 'in/raw', rawTimeDataset: 'in/t' },
    },
    {
      name: `${recording}, compressed`,
      recording,
      options: { style: 'group', ...RAW },
      storage: { compression: { level: 6, shuffle: true } },
    },
  ])

const STORED: Hdf5Case[] = ['typical', LARGE, 'empty units in between', 'all trains empty'].flatMap((recording) =>
  [
    { style: 'ragged' },
    { style: 'ragged', spikeTimesUnit: 'samples', fsHz: 30000 },
    { style: 'group' },
    { style: 'paired' },
    { style: 'raster', rasterBinSizeMs: 20 },
  ].flatMap((options) =>
    [
      { layout: 'contiguous', compression: false },
      { layout: 'chunked', compression: false },
      { layout: 'chunked', compression: false, chunkBytes: 4096 },
      { compression: { level: 1, shuffle: false } },
      { compression: { level: 9, shuffle: true }, chunkBytes: 65_536 },
      { layout: 'auto', compression: false },
    ].map((storage) => ({
      name: `${recording}, ${JSON.stringify(options)}, ${JSON.stringify(storage)}`,
      recording,
      options,
      storage,
      load: recording !== LARGE || options.style !== 'raster',
    })),
  ),
)

const environment = await pythonEnvironment('numpy2')

t.test('files equal those of the reference', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const almostWhole = Object.entries(ALMOST_WHOLE)
  const twoSpikes = Array.from({ length: 20 }, (_, unit) => Float64Array.of(unit, 59_990 + unit / 4))
  const recordings: Record<string, Recording> = {
    ...RECORDINGS,
    'mostly silence': { trains: twoSpikes, length: 60_000 },
    ...Object.fromEntries(almostWhole.map(([name, { recording }]) => [name, recording])),
  }
  const cases: Hdf5Case[] = [
    ...Object.keys(RECORDINGS).flatMap(everyStyle),
    ...Object.entries(RASTERS).flatMap(([recording, bins]) => rasters(recording, ...bins)),
    ...almostWhole.flatMap(([name, { bin }]) => rasters(name, bin)),
    ...NAMED,
    ...RAW_CASES,
    ...STORED,
    ...rasters('mostly silence', 1).map((silence) => ({ ...silence, maxBytes: 200_000 })),
  ]
  const written = []
  for (const [number, { storage, ...rest }] of cases.entries()) {
    const file = `${folder}/${number}.h5`
    await exportSpikeDataToHdf5(spikeData(recordings[rest.recording]!), file, { ...rest.options, ...storage })
    written.push({ ...rest, storage, file })
  }
  await check(t, environment, 'check_hdf5.py', written, { shared: { recordings: encodeRecordings(recordings) } })
})
