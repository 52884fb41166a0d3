/**
 * NWB files read over HTTP: how many ranges of bytes, and how many MiB in them, readers ask for. The table in docs/cloud.md says what is expected.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Hdf5StorageOptions, NwbProfile } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { rangeServer } from '../support/range-server.js'
import { SESSION } from './nwb-cases.js'
import { check, pythonEnvironment } from './python.js'

const METRICS = Array.from({ length: 20 }, (_, i) => `metric${i}`)
/** In the middle of all spikes. */
const UNIT = 200

/** Numbers from 0 to below 1 that do not repeat. */
function random(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

const counts = Array.from({ length: 400 }, (_, unit) => 2000 + 20 * unit)
// At a sampling frequency of 20 kHz.
const trains = counts.map((count, unit) => {
  const next = random(unit)
  return Float64Array.from({ length: count }, (_, i) => 10 * i + Math.floor(200 * next()) / 20)
})
const neuronAttributes = trains.map((train, unit) => ({
  electrode: unit % 96,
  quality: unit % 3 === 0 ? 'mua' : 'good',
  amplitudes: Float32Array.from(train, (ms) => 50 + (ms % 7)),
  waveform_mean: new Float32Array(60).fill(-1e-5),
  ...Object.fromEntries(METRICS.map((name, i) => [name, (unit * i) / 8])),
}))
const next = random(1)
const noise = Int16Array.from({ length: 96 * 150_000 }, () => 256 * next() - 128)

const length = 120_000
const units = new SpikeData(trains, { length, neuronAttributes })
const withRaw = new SpikeData(trains, { length, neuronAttributes, rawData: new NDArray(noise, [96, 150_000]), rawTime: 20 })

const raw = { rawData: { conversion: 1e-6 } } as const
const FILES: Record<string, [sd: SpikeData, options: NwbProfile & Hdf5StorageOptions]> = {
  auto: [units, {}],
  cloud: [units, { layout: 'cloud' }],
  'auto, compressed': [units, { compression: {} }],
  'cloud, compressed': [units, { layout: 'cloud', compression: {} }],
  'auto, raw data': [withRaw, raw],
  'cloud, raw data': [withRaw, { layout: 'cloud', ...raw }],
}

/** What each reader asks for, as docs/cloud.md has it: the columns of its table, with `–` where there is nothing to read. */
const STEPS = ['list', 'unit', 'columns', 'raw']
const guide = readFileSync(new URL('../../docs/cloud.md', import.meta.url), 'utf8')
const table = guide.matchAll(/^\| ([^|]+) \| ([^|]+) \|((?: [\d.]+ · [\d.]+ \|)+)(?: – \|)?$/gm)
const rows = [...table].map(([, reader, file, cells]) => {
  const numbers = cells!
    .split('|')
    .slice(0, -1)
    .map((cell) => cell.split('·').map(Number))
  return { reader: reader!, file: file!, ranges: Object.fromEntries(numbers.map((counted, i) => [STEPS[i], counted])) }
})

const READERS: readonly [environment: 'cloud' | 'nwb-readers', readers: readonly string[]][] = [
  ['cloud', ['h5py, each read a request', 'h5py, cache of 4 MiB blocks', 'h5py, page buffer', 'kerchunk 0.2.10']],
  ['nwb-readers', ['lindi 0.4.6']],
]

const folder = t.testdir()
for (const [name, [sd, options]] of Object.entries(FILES)) {
  await exportSpikeDataToNwb(sd, `${folder}/${name}.nwb`, { fsHz: 20_000, nwb: { ...SESSION, spikeColumns: ['amplitudes'] }, ...options })
}
const address = await rangeServer(t, folder)
const shared = { counts, metrics: METRICS, unit: UNIT, spikes: [...trains[UNIT]!] }

const environments = await Promise.all(READERS.map(([name]) => pythonEnvironment(name)))

t.strictSame(
  rows.map(({ reader, file }) => `${reader}: ${file}`),
  READERS.flatMap(([, readers]) => readers.flatMap((reader) => Object.keys(FILES).map((file) => `${reader}: ${file}`))),
  'the documented readers',
)

for (const [i, [, readers]] of READERS.entries()) {
  const environment = environments[i]!
  t.test(`over HTTP: ${readers.join('; ')}`, { skip: environment.skip }, async (t) => {
    t.testdir()
    const cases = rows
      .filter(({ reader }) => readers.includes(reader))
      .map((row) => ({
        name: `${row.reader}: ${row.file}`,
        url: `${address}/${encodeURIComponent(row.file)}.nwb`,
        served: `${address}/served`,
        ...row,
      }))
    await check(t, environment, 'check_nwb_cloud.py', cases, { shared })
  })
}
