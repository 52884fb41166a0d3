/**
 * Raw data that stays in datasets of HDF5 files: exports have its samples bit for bit, as from memory.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { KilosortOptions, NumericArray, RawDtype } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  NDArray,
  type RawFile,
  rawFile,
  SpikeData,
} from '../../lib/index.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { writeMaxwell, writeOldMaxwell } from '../support/maxwell.js'
import { fc } from '../support/property.js'
import { digestOf, noise, TYPES, transposed } from '../support/raw-samples.js'

const dir = t.testdir()
const source = `${dir}/source.h5`
const file = `${dir}/file.h5`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const RAW = { rawDataset: 'raw', rawTimeDataset: 'times' }
const FORMAT_ERROR = (message: RegExp) => ({ name: 'FormatError', code: 'ERR_INVALID_FILE', message })

const STORAGE = [
  {},
  { layout: 'chunked' },
  { layout: 'chunked', chunkBytes: 1024 },
  { compression: {} },
  { compression: { level: 3, shuffle: false }, chunkBytes: 2048 },
] as const

/** A recording whose raw data is samples × channels. */
function recording(data: NumericArray, channels: number, rateKHz = 20): SpikeData {
  const rawData = new NDArray(transposed(data, channels), [channels, data.length / channels])
  return new SpikeData([[1, 2], []], { rawData, rawTime: rateKHz })
}

/** All ways out of a file: samples × channels of each. */
async function everyWayOut(rawData: RawFile, threads: number): Promise<string[]> {
  const [channels] = rawData.shape
  const sd = new SpikeData([[1]], { rawData, rawTime: 20, length: 1e6 })
  const digests: string[] = []
  for (const storage of [{ layout: 'contiguous' }, { compression: {}, chunkBytes: 4096 }] as const) {
    await exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, ...storage, threads })
    digests.push(digestOf((await readHdf5(file)).datasets['acquisition/ElectricalSeries/data']!.values as NumericArray))
  }
  for (const storage of [{}, { compression: {} }] as const) {
    await exportSpikeDataToHdf5(sd, file, { ...RAW, ...storage, threads })
    const { values, shape } = (await readHdf5(file)).datasets['raw']!
    digests.push(digestOf(transposed(values as NumericArray, shape[1] as number)))
    t.equal(shape[0], channels)
  }
  return digests
}

t.test('what this library has written: every type, storage, and number of threads', async (t) => {
  const files = fc.record({
    dtype: fc.constantFrom(...(Object.keys(TYPES) as RawDtype[])),
    channels: fc.integer({ min: 1, max: 40 }),
    samples: fc.integer({ min: 1, max: 3000 }),
    storage: fc.constantFrom(...STORAGE),
    format: fc.constantFrom('hdf5', 'nwb'),
    threads: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(files, async ({ dtype, channels, samples, storage, format, threads }) => {
      const data = noise(dtype, channels * samples)
      const sd = recording(data, channels)
      if (format === 'hdf5') await exportSpikeDataToHdf5(sd, source, { ...RAW, ...storage })
      else await exportSpikeDataToNwb(sd, source, { nwb, rawData: { conversion: 2e-6 }, ...storage })
      const raw = await rawFile(source, format === 'hdf5' ? { dataset: 'raw' } : {})
      t.strictSame([raw.shape, raw.dtype], [[channels, samples], sd.rawData.dtype])
      if (format === 'nwb') t.match(raw, { rateKHz: 20, conversion: 2e-6, offset: 0, channelConversion: undefined })
      t.strictSame(new Set(await everyWayOut(raw, threads)), new Set([digestOf(data)]))
    }),
  )
})

t.test('large chunks and small ones, longer than any window, by several threads', async (t) => {
  const [channels, samples] = [70, 60_001]
  const data = noise('int16', channels * samples)
  for (const chunkBytes of [4096, 2 ** 20, 2 ** 24]) {
    await exportSpikeDataToHdf5(recording(data, channels), source, { ...RAW, compression: { level: 1 }, chunkBytes })
    t.strictSame(new Set(await everyWayOut(await rawFile(source, { dataset: '/raw' }), 3)), new Set([digestOf(data)]), `${chunkBytes}`)
    await exportSpikeDataToNwb(recording(data, channels), source, { nwb, rawData: { conversion: 1 }, compression: {}, chunkBytes })
    t.strictSame(new Set(await everyWayOut(await rawFile(source), 3)), new Set([digestOf(data)]), `NWB, ${chunkBytes}`)
  }
})

t.test('Phy: the raw data and templates of a dataset are those of an array', async (t) => {
  const [channels, samples, fsHz] = [21, 150_000, 20_000]
  const data = noise('int16', channels * samples)
  const train = Array.from({ length: 5 }, (_, unit) => Float64Array.from({ length: 400 }, (_, i) => i * 18.71 + unit))
  const options = { fsHz, phy: { templates: 'raw', recording: { write: true } }, overwrite: true } as KilosortOptions
  const contents = async (rawData: NDArray | RawFile) => {
    const sd = new SpikeData(train, { rawData, rawTime: 20, neuronAttributes: train.map((_, unit) => ({ ch: 4 * unit })) })
    const { paths, warnings } = await exportSpikeDataToKilosort(sd, `${dir}/phy`, options)
    return [warnings, ...paths.map((path) => digestOf(readFileSync(path)))]
  }
  const expected = await contents(new NDArray(transposed(data, channels), [channels, samples]))
  for (const storage of STORAGE) {
    await exportSpikeDataToHdf5(recording(data, channels), source, { ...RAW, ...storage })
    t.strictSame(await contents(await rawFile(source, { dataset: 'raw' })), expected, JSON.stringify(storage))
    await exportSpikeDataToNwb(recording(data, channels), source, { nwb, rawData: { conversion: 1 }, ...storage })
    t.strictSame(await contents(await rawFile(source)), expected, `NWB, ${JSON.stringify(storage)}`)
  }
})

t.test('series of NWB files', async (t) => {
  const [lfp, wide] = [noise('float32', 4 * 1000), noise('int16', 3 * 500)]
  const series = {
    lfp: {
      type: 'ElectricalSeries',
      data: new NDArray(transposed(lfp, 4), [4, 1000]),
      timestamps: Float64Array.from({ length: 1000 }, (_, i) => i + 0.25),
      conversion: 1e-6,
      electrodes: [0, 1, 2, 3],
    },
    wide: {
      type: 'ElectricalSeries',
      data: new NDArray(transposed(wide, 3), [3, 500]),
      rateHz: 1250,
      conversion: 3e-6,
      electrodes: [1, 2, 3],
    },
  } as const
  await exportSpikeDataToNwb(new SpikeData([[1]]), source, { nwb: { ...nwb, series } })
  // The first one by name.
  t.match(await rawFile(source), { shape: [4, 1000], dtype: '<f4', rateKHz: undefined })
  for (const dataset of ['wide', '/acquisition/wide', 'acquisition/wide', 'acquisition/wide/data']) {
    const raw = await rawFile(source, { dataset })
    t.match(raw, { shape: [3, 500], dtype: '<i2', rateKHz: 1.25, conversion: 3e-6, offset: 0 })
    t.strictSame(new Set(await everyWayOut(raw, 2)), new Set([digestOf(wide)]))
  }
  // Its rate alone would say that it begins at 0.
  const later = { later: { ...series.wide, startTime: 5 } }
  await exportSpikeDataToNwb(new SpikeData([[1]]), `${dir}/later.nwb`, { nwb: { ...nwb, series: later } })
  t.match(await rawFile(`${dir}/later.nwb`), { shape: [3, 500], rateKHz: undefined, conversion: 3e-6 })
  await t.rejects(rawFile(source, { order: 'time' }), { ...VALUE_ERROR, message: /^Expected no value, as series of NWB files are / })
  await t.rejects(rawFile(source, { dataset: 'none' }), FORMAT_ERROR(/\/acquisition\/none\/data .*it is not there/))
  await exportSpikeDataToNwb(new SpikeData([[1]]), source, { nwb })
  await t.rejects(rawFile(source), FORMAT_ERROR(/\/acquisition .*it has no ElectricalSeries/))

  await ready
  const factors = new H5File(source, 'w')
  factors.create_attribute('nwb_version', '2.7.0')
  const group = factors.create_group('acquisition').create_group('raw')
  group.create_attribute('neurodata_type', 'ElectricalSeries')
  const data = group.create_dataset({ name: 'data', data: Int16Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] })
  data.create_attribute('conversion', 0.5)
  data.create_attribute('offset', 0.25)
  group.create_dataset({ name: 'channel_conversion', data: Float32Array.of(1, 0.5) })
  factors.close()
  t.match(await rawFile(source), { shape: [2, 3], conversion: 0.5, offset: 0.25, channelConversion: [1, 0.5], rateKHz: undefined })
})

t.test('recordings of MaxWell', async (t) => {
  const data = noise('uint16', 4 * 1000) as Uint16Array
  const one = { data, channels: [7, 1023, 0, 12], rateHz: 20_000, lsb: 6.29e-6 }
  const facts = { rateKHz: 20, conversion: 6.29e-6, channelNames: ['7', '1023', '0', '12'] }
  for (const [name, recording] of [
    ['recordings/rec0000/well000', one],
    ['recordings/rec0000/well000', { ...one, chunks: [4, 64] }],
    ['wells/well003/rec0001', { ...one, chunks: [1, 300] }],
    ['data_store/data0000', one],
  ] as const) {
    await writeMaxwell(source, { [name]: recording })
    for (const options of [{}, { dataset: `${name}/groups/routed/raw` }, { dataset: `/${name}//groups/routed/raw` }]) {
      const raw = await rawFile(source, options)
      t.match(raw, { shape: [4, 1000], dtype: '<u2', offset: undefined, ...facts }, name)
      t.strictSame(new Set(await everyWayOut(raw, 2)), new Set([digestOf(transposed(data, 1000))]))
    }
  }
  await t.rejects(rawFile(source, { order: 'channel' }), { ...VALUE_ERROR, message: /^Expected no value, as recordings of MaxWell are / })

  await writeMaxwell(source, { 'recordings/rec0000/well000': one, 'recordings/rec0000/well001': { ...one, rateHz: 10_000 } })
  await t.rejects(rawFile(source), {
    ...VALUE_ERROR,
    message:
      /^Expected one of the recordings in .*, '\/recordings\/rec0000\/well000\/groups\/routed\/raw', '.*well001.*', for dataset but received undefined\.$/,
  })
  t.match(await rawFile(source, { dataset: '/recordings/rec0000/well001/groups/routed/raw' }), { rateKHz: 10 })

  await writeOldMaxwell(source, { ...one, chunks: [2, 100] })
  for (const options of [{}, { dataset: 'sig' }]) {
    const raw = await rawFile(source, options)
    t.match(raw, { shape: [4, 1000], dtype: '<u2', rateKHz: 20, conversion: 6.29e-6, channelNames: undefined })
    t.strictSame(new Set(await everyWayOut(raw, 2)), new Set([digestOf(transposed(data, 1000))]))
  }

  // What the file does not say is not known.
  await writeMaxwell(source, { 'recordings/rec0000/well000': { data, channels: one.channels } })
  t.match(await rawFile(source), { rateKHz: undefined, conversion: undefined })
  for (const [wrong, message] of [
    [{ lsb: 0 }, /settings\/lsb .*a count would be 0 V/],
    [{ lsb: Number.NaN }, /settings\/lsb .*a count would be NaN V/],
    [{ rateHz: -1 }, /settings\/sampling .*there would be -1 samples a second/],
  ] as const) {
    await writeMaxwell(source, { 'recordings/rec0000/well000': { ...one, ...wrong } })
    await t.rejects(rawFile(source), FORMAT_ERROR(message))
  }
})

t.test('options of datasets', async (t) => {
  const data = noise('int16', 3 * 100)
  await exportSpikeDataToHdf5(recording(data, 3), source, RAW)
  t.match(await rawFile(source, { dataset: 'raw', order: 'channel' }), { shape: [3, 100] })
  t.match(await rawFile(source, { dataset: 'raw', order: 'time' }), { shape: [100, 3] })
  // One axis is one channel in either order.
  for (const order of ['time', 'channel'] as const) t.match(await rawFile(source, { dataset: 'times', order }), { shape: [1, 100] })
  await t.rejects(rawFile(source), {
    ...VALUE_ERROR,
    message:
      /^Expected the path of a dataset, as .* is neither an NWB file nor a recording of MaxWell, for dataset but received undefined\.$/,
  })
  await t.rejects(rawFile(source, { dataset: 'nothing' }), FORMAT_ERROR(/\/nothing .*it is not there/))
  await t.rejects(rawFile(source, { dataset: '/' }), FORMAT_ERROR(/it is no dataset/))
  await t.rejects(rawFile(source, { dataset: 'raw', order: 'rows' as never }), VALUE_ERROR)
  await t.rejects(rawFile(source, { dataset: 7 as never }), { code: 'ERR_INVALID_ARG_TYPE' })
  await t.rejects(rawFile(source, { dataset: 'raw', stream: 'a' }), { ...VALUE_ERROR, message: /no Open Ephys recording/ })
  await t.rejects(rawFile(source, { dtype: 'int16', channels: 1, dataset: 'raw' } as never), { ...VALUE_ERROR, message: /flat/ })
  const signal = AbortSignal.abort(new Error('stop'))
  await t.rejects(rawFile(source, { dataset: 'raw', signal }), { message: 'stop' })
  writeFileSync(`${dir}/plain.bin`, Buffer.alloc(600))
  await t.rejects(rawFile(`${dir}/plain.bin`, { dataset: 'raw' }), {
    ...VALUE_ERROR,
    message: /^Expected no value, as this is no HDF5 file,/,
  })
})
