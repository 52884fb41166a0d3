/** Raw data written from streams, in h5py, which lets it grow, in pynwb and its validator, and in SpikeInterface. */
import { writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, openNwbWriter, rawStream, SpikeData } from '../../lib/index.js'
import { withWriter } from '../support/hdf5-plans.js'
import type { Case } from './python.js'
import { check, pythonEnvironment } from './python.js'

interface StreamCase extends Case {
  file: string
  path: string
  times: string | null
  axis: 0 | 1
  samples: string
  dtype: string
  channels: number
  rate: number | null
}

const dir = t.testdir()
const STORAGE = {
  'as it is': {},
  'in small chunks': { layout: 'chunked', chunkBytes: 4096 },
  compressed: { compression: {} },
  'compressed better': { compression: { level: 6, shuffle: false } },
  'in pages': { layout: 'cloud' },
} as const
/** Few and many channels, more samples than a tile has, and dtypes of every kind. */
const STREAMS = [
  { dtype: 'int16', channels: 1, samples: 1000 },
  { dtype: 'int16', channels: 385, samples: 25_000 },
  { dtype: 'float32', channels: 33, samples: 70_001 },
  { dtype: 'uint8', channels: 4, samples: 12_345 },
] as const

const cases: StreamCase[] = []
for (const { dtype, channels, samples } of STREAMS) {
  const itemBytes = { int16: 2, float32: 4, uint8: 1 }[dtype]
  const bytes = Buffer.alloc(samples * channels * itemBytes)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7919) >> 5
  const file = `${dir}/${dtype}-${channels}.bin`
  writeFileSync(file, bytes)
  const parts = function* () {
    for (let from = 0; from < bytes.length; from += 65_537) yield bytes.subarray(from, from + 65_537)
  }
  const recording = () => {
    const rawData = rawStream(Readable.from(parts(), { objectMode: false }), { dtype, channels })
    return new SpikeData([[1, 2]], { length: 10, rawData, rawTime: 20 })
  }
  const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
  const rawData = { conversion: 2.34e-6 }
  const live = `${dir}/${dtype}-${channels}.nwb`
  const writer = await openNwbWriter(live, { N: 1, raw: { dtype, channels, rateKHz: 20 }, nwb, rawData, compression: {} })
  await pipeline(Readable.from(parts(), { objectMode: false }), writer.rawSink())
  await writer.writeSpikes({ unit: 0, times: [2, 1] })
  await writer.commit()
  cases.push({
    name: `NWB, as it goes on: ${channels} channels of ${dtype}`,
    file: live,
    path: 'acquisition/ElectricalSeries/data',
    times: null,
    axis: 0,
    samples: file,
    dtype,
    channels,
    rate: 20_000,
  })
  for (const [storage, options] of Object.entries(STORAGE)) {
    for (const writer of ['auto', 'library']) {
      const name = `${channels} channels of ${dtype}, ${storage}${writer === 'auto' ? '' : ', by the library'}`
      const shared = { samples: file, dtype, channels }
      await withWriter(writer, async () => {
        const [hdf5, path] = [`${dir}/${cases.length}.h5`, `${dir}/${cases.length}.nwb`]
        await exportSpikeDataToHdf5(recording(), hdf5, { rawDataset: 'raw', rawTimeDataset: 'times', ...options })
        await exportSpikeDataToNwb(recording(), path, { nwb, rawData, ...options })
        cases.push(
          { ...shared, name: `HDF5: ${name}`, file: hdf5, path: 'raw', times: 'times', axis: 1, rate: null },
          { ...shared, name: `NWB: ${name}`, file: path, path: 'acquisition/ElectricalSeries/data', times: null, axis: 0, rate: 20_000 },
        )
      })
    }
  }
}

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`h5py and pynwb (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    await check(t, environment, 'check_raw_streams.py', cases)
  })
}

const sorting = await pythonEnvironment('sorting')
t.test('SpikeInterface', { skip: sorting.skip }, async (t) => {
  t.testdir()
  await check(
    t,
    sorting,
    'check_raw_streams_spikeinterface.py',
    cases.filter(({ rate }) => rate !== null),
  )
})
