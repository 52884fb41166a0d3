/**
 * Raw data that stays in its file: exports have its samples bit for bit, as from memory.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import type { KilosortOptions, NumericArray, RawDtype, RawFileOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  NDArray,
  openNwbWriter,
  RawFile,
  rawFile,
  rawStream,
  SpikeData,
} from '../../lib/index.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { withWriter } from '../support/hdf5-plans.js'
import { structureProblems } from '../support/hdf5-structure.js'
import { text } from '../support/phy-folder.js'
import { fc } from '../support/property.js'
import { digestOf, noise, TYPES, transposed } from '../support/raw-samples.js'

const dir = t.testdir()
const source = `${dir}/samples.dat`
const file = `${dir}/file.h5`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const RAW = { rawDataset: 'raw', rawTimeDataset: 'times' }

/** An NPY file. */
function npyBytes(descr: string, shape: readonly number[], data: NodeJS.ArrayBufferView, isFortranOrder = false): Uint8Array {
  const axes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const header = `{'descr': '${descr}', 'fortran_order': ${isFortranOrder ? 'True' : 'False'}, 'shape': ${axes}, }\n`
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.of(header.length, 0), Buffer.from(header), bytes])
}

/** The bytes of numbers with their highest byte first. */
function swapped({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size }: NumericArray): Uint8Array {
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
  return Uint8Array.from(bytes, (_, i) => bytes[i - (i % size) + size - 1 - (i % size)] as number)
}

const STORAGE = [
  {},
  { layout: 'contiguous' },
  { layout: 'chunked' },
  { layout: 'chunked', chunkBytes: 1024 },
  { compression: {} },
  { compression: { level: 3, shuffle: false }, chunkBytes: 2048 },
  { compression: false },
  { layout: 'cloud' },
] as const

t.test('property: the samples of any flat file, in files of either writer', async (t) => {
  const files = fc.record({
    dtype: fc.constantFrom(...(Object.keys(TYPES) as RawDtype[])),
    channels: fc.integer({ min: 1, max: 40 }),
    samples: fc.integer({ min: 1, max: 3000 }),
    order: fc.constantFrom('time', 'channel'),
    littleEndian: fc.boolean(),
    offset: fc.integer({ min: 0, max: 20 }),
    rest: fc.integer({ min: 0, max: 3 }),
    storage: fc.constantFrom(...STORAGE),
    writer: fc.constantFrom('auto', 'library'),
    threads: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(files, async ({ dtype, channels, samples, order, littleEndian, offset, rest, storage, writer, threads }) => {
      const data = noise(dtype, channels * samples)
      const inFile = order === 'time' ? data : transposed(data, channels)
      const bytes = littleEndian ? new Uint8Array(inFile.buffer) : swapped(inFile)
      writeFileSync(source, Buffer.concat([Buffer.alloc(offset, 7), bytes, Buffer.alloc(rest)]))
      const raw = await rawFile(source, { dtype, channels, order, littleEndian, offset, samples })
      const sd = new SpikeData([[1, 2], []], { rawData: raw, rawTime: 20 })
      await withWriter(writer, async () => {
        if (!('layout' in storage && storage.layout === 'contiguous' && order === 'time')) {
          await exportSpikeDataToHdf5(sd, file, { ...RAW, ...storage, threads })
          const { datasets } = await readHdf5(file)
          t.strictSame(datasets['raw']!.shape, [channels, samples])
          t.equal(digestOf(datasets['raw']!.values as NumericArray), digestOf(transposed(data, channels)))
          t.strictSame(
            datasets['times']!.values,
            Float64Array.from({ length: samples }, (_, i) => i / 20),
          )
          if (writer === 'auto' && storage !== STORAGE[7]) t.strictSame(structureProblems(readFileSync(file)), [])
        }
        await exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, ...storage, threads })
        const series = (await readHdf5(file)).datasets['acquisition/ElectricalSeries/data']!
        t.strictSame(series.shape, [samples, channels])
        t.equal(digestOf(series.values as NumericArray), digestOf(data))
      })
    }),
  )
})

t.test('a large file, in every order, by several threads', async (t) => {
  const [channels, samples] = [70, 200_001]
  const data = noise('int16', channels * samples)
  for (const order of ['time', 'channel'] as const) {
    writeFileSync(source, order === 'time' ? data : transposed(data, channels))
    const sd = new SpikeData([[1]], { rawData: await rawFile(source, { dtype: 'int16', channels, order }), rawTime: 20 })
    for (const storage of [{ compression: {} }, { compression: false }] as const) {
      await exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, ...storage })
      const { datasets } = await readHdf5(file)
      t.equal(digestOf(datasets['acquisition/ElectricalSeries/data']!.values as NumericArray), digestOf(data), order)
    }
    await exportSpikeDataToHdf5(sd, file, RAW)
    t.equal(digestOf((await readHdf5(file)).datasets['raw']!.values as NumericArray), digestOf(transposed(data, channels)))
  }
})

t.test('one file for many exports, one after another and at the same time', async (t) => {
  const data = noise('int16', 3 * 1000)
  writeFileSync(source, data)
  const raw = await rawFile(pathToFileURL(source), { dtype: 'int16', channels: 3 })
  t.ok(raw instanceof RawFile)
  t.match(raw, { shape: [3, 1000], dtype: '<i2', ndim: 2, size: 3000, path: source, rateKHz: undefined })
  const sd = new SpikeData([[1]], { rawData: raw, rawTime: 20 })
  const targets = Array.from({ length: 5 }, (_, i) => `${dir}/many-${i}.h5`)
  await Promise.all(targets.map((target) => exportSpikeDataToHdf5(sd, target, { ...RAW, compression: {} })))
  t.equal(new Set(targets.map((target) => digestOf(readFileSync(target)))).size, 1)
})

t.test('NPY files, of either order of axes and of memory', async (t) => {
  const data = noise('float32', 3 * 50) as Float32Array
  const turned = transposed(data, 3)
  const cases: [name: string, bytes: Uint8Array, options: RawFileOptions][] = [
    ['samples × channels', npyBytes('<f4', [50, 3], data), {}],
    ['channels × samples', npyBytes('<f4', [3, 50], turned), { order: 'channel' }],
    ['samples × channels, Fortran', npyBytes('<f4', [50, 3], turned, true), { order: 'time' }],
    ['channels × samples, Fortran', npyBytes('<f4', [3, 50], data, true), { order: 'channel' }],
    ['big-endian', npyBytes('>f4', [50, 3], swapped(data)), {}],
  ]
  for (const [name, bytes, options] of cases) {
    writeFileSync(`${dir}/samples.npy`, bytes)
    const rawData = await rawFile(`${dir}/samples.npy`, options)
    t.strictSame([rawData.shape, rawData.dtype], [[3, 50], '<f4'], name)
    await exportSpikeDataToNwb(new SpikeData([[1]], { rawData, rawTime: 20 }), file, { nwb, rawData: { conversion: 1 } })
    t.equal(digestOf((await readHdf5(file)).datasets['acquisition/ElectricalSeries/data']!.values as NumericArray), digestOf(data), name)
  }
  writeFileSync(`${dir}/samples.npy`, npyBytes('|b1', [4], Uint8Array.of(0, 1, 1, 0)))
  t.match(await rawFile(`${dir}/samples.npy`), { shape: [1, 4], dtype: '|u1' })
  writeFileSync(`${dir}/samples.npy`, npyBytes('<f2', [2], Uint16Array.of(0x3c00, 0xc000)))
  const half = await rawFile(`${dir}/samples.npy`)
  await exportSpikeDataToHdf5(new SpikeData([[1]], { rawData: half, rawTime: 20 }), file, RAW)
  t.strictSame((await readHdf5(file)).datasets['raw']!.values, Float32Array.of(1, -2))
})

t.test('Phy: the raw data and templates of a file are those of an array', async (t) => {
  const [channels, samples, fsHz] = [21, 150_000, 20_000]
  const data = noise('int16', channels * samples)
  const train = Array.from({ length: 5 }, (_, unit) => Float64Array.from({ length: 400 }, (_, i) => i * 18.71 + unit))
  const options = (phy: object) => ({ fsHz, phy: { templates: 'raw', ...phy }, overwrite: true }) as KilosortOptions
  const of = (rawData: NDArray | RawFile) =>
    new SpikeData(train, { rawData, rawTime: fsHz / 1000, neuronAttributes: train.map((_, unit) => ({ ch: 4 * unit })) })
  const turned = transposed(data, channels)
  const contents = async (sd: SpikeData, phy: object) => {
    const { paths, warnings } = await exportSpikeDataToKilosort(sd, `${dir}/phy`, options(phy))
    return [warnings, ...paths.map((path) => digestOf(readFileSync(path)))]
  }
  for (const [order, bytes] of [
    ['time', data],
    ['channel', turned],
  ] as const) {
    writeFileSync(source, bytes)
    const raw = await rawFile(source, { dtype: 'int16', channels, order })
    for (const phy of [{ recording: { write: true } }, { recording: { write: true, scale: 0.25 } }]) {
      t.strictSame(await contents(of(raw), phy), await contents(of(new NDArray(turned, [channels, samples])), phy), order)
    }
  }
  writeFileSync(source, noise('float64', 4))
  const wild = new SpikeData([[0]], { rawData: await rawFile(source, { dtype: 'float64', channels: 2 }), rawTime: 20, length: 1 })
  await t.rejects(exportSpikeDataToKilosort(wild, `${dir}/wild`, { fsHz, phy: { recording: { write: true, scale: 1e300 } } }), {
    message: /^Expected numbers that fit int16 when multiplied by the scale for sample \d of channel \d of rawData but received /,
  })
})

t.test('templates of few channels, over many slabs, with spikes at every border', async (t) => {
  const [channels, samples, fsHz] = [400, 100_000, 20_000]
  const data = noise('int16', channels * samples)
  writeFileSync(source, data)
  const times = Float64Array.from({ length: samples / 10 }, (_, i) => i / 2)
  const of = (rawData: NDArray | RawFile) =>
    new SpikeData([times, times.subarray(0, 100)], { rawData, rawTime: 20, neuronAttributes: [{ ch: 7 }, { ch: 399 }] })
  const templates = []
  for (const rawData of [
    await rawFile(source, { dtype: 'int16', channels }),
    new NDArray(transposed(data, channels), [channels, samples]),
  ]) {
    for (const threads of [1, 3]) {
      await exportSpikeDataToKilosort(of(rawData), `${dir}/slabs`, { fsHz, threads, phy: { templates: 'raw' } })
      templates.push(digestOf(readFileSync(`${dir}/slabs/templates.npy`)))
    }
  }
  t.equal(new Set(templates).size, 1)
})

t.test('Phy: a file is named where it is', async (t) => {
  const data = noise('int16', 3 * 1000)
  writeFileSync(source, Buffer.concat([Buffer.alloc(10), new Uint8Array(data.buffer)]))
  const rawData = await rawFile(source, { dtype: 'int16', channels: 3, offset: 10 })
  const of = (rawTime: number | Float64Array, raw: NDArray | RawFile = rawData) =>
    new SpikeData([[1]], { rawData: raw, rawTime, neuronAttributes: [{ ch: 2 }], length: 60 })
  const inPlace = (sd: SpikeData) =>
    exportSpikeDataToKilosort(sd, `${dir}/in-place`, { fsHz: 20_000, phy: { recording: { inPlace: true, hpFiltered: true } } })
  const { paths } = await inPlace(of(20))
  t.notOk(paths.some((path) => path.endsWith('recording.dat')))
  t.equal(
    text(`${dir}/in-place`, 'params.py'),
    `n_channels_dat = 3\ndtype = 'int16'\noffset = 10\nsample_rate = 20000.0\ndat_path = '${source}'\nhp_filtered = True\n`,
  )
  // The raw data begins four samples before sample 0.
  await inPlace(of(Float64Array.from({ length: 1000 }, (_, i) => (i - 4) / 20)))
  t.match(text(`${dir}/in-place`, 'params.py'), /^offset = 34$/m)
  await t.rejects(inPlace(of(Float64Array.from({ length: 1000 }, (_, i) => (i + 4) / 20))), {
    message: /^Expected raw data at sample 0, as phy.recording.inPlace is true/,
  })
  const byChannel = await rawFile(source, { dtype: 'int16', channels: 3, offset: 10, order: 'channel' })
  const array = new NDArray(data, [3, 1000])
  for (const raw of [byChannel, array]) {
    await t.rejects(inPlace(of(20, raw)), { message: /^Expected a RawFile with one sample of all channels after another/ })
  }
})

t.test('Phy: the file of raw data in the folder itself stays', async (t) => {
  const folder = `${dir}/own-raw`
  const data = noise('int16', 3 * 1000)
  const first = new SpikeData([[1]], { rawData: new NDArray(transposed(data, 3), [3, 1000]), rawTime: 20, neuronAttributes: [{ ch: 2 }] })
  await exportSpikeDataToKilosort(first, folder, { fsHz: 20_000, phy: true })
  writeFileSync(`${folder}/session.dat`, data)
  const rawData = await rawFile(`${folder}/session.dat`, { dtype: 'int16', channels: 3 })
  const sd = new SpikeData([[1]], { rawData, rawTime: 20, neuronAttributes: [{ ch: 2 }] })
  await exportSpikeDataToKilosort(sd, folder, { fsHz: 20_000, phy: { recording: { inPlace: true } } })
  t.equal(digestOf(readFileSync(`${folder}/session.dat`)), digestOf(data))
})

t.test('series of NWB files', async (t) => {
  const [lfp, wheel] = [noise('int16', 4 * 1000), noise('float32', 500)]
  writeFileSync(`${dir}/lfp.dat`, lfp)
  writeFileSync(`${dir}/wheel.dat`, wheel)
  const series = {
    lfp: {
      type: 'LFP',
      data: await rawFile(`${dir}/lfp.dat`, { dtype: 'int16', channels: 4 }),
      rateHz: 1000,
      conversion: 1e-6,
      electrodes: [3, 2, 1, 0],
    },
    wheel: { type: 'TimeSeries', data: await rawFile(`${dir}/wheel.dat`, { dtype: 'float32', channels: 1 }), rateHz: 50, unit: 'm' },
  } as const
  for (const layout of ['contiguous', 'chunked'] as const) {
    await exportSpikeDataToNwb(new SpikeData([[1]]), file, { nwb: { ...nwb, series }, layout })
    const { datasets } = await readHdf5(file)
    for (const [path, data] of [
      ['processing/ecephys/LFP/lfp/data', lfp],
      ['acquisition/wheel/data', wheel],
    ] as const) {
      t.equal(digestOf(datasets[path]!.values as NumericArray), digestOf(data), path)
    }
  }
  // A writer of a recording that goes on takes them, too, beside its stream.
  const writer = await openNwbWriter(file, {
    N: 1,
    raw: { dtype: 'int16', channels: 2, rateKHz: 20 },
    rawData: { conversion: 1 },
    nwb: { ...nwb, series: { wheel: series.wheel } },
  })
  await writer.writeRaw(Int16Array.of(1, 2))
  await writer.commit()
  t.equal(digestOf((await readHdf5(file)).datasets['acquisition/wheel/data']!.values as NumericArray), digestOf(wheel))
  const streamed = rawStream([], { dtype: 'int16', channels: 1 })
  await t.rejects(
    openNwbWriter(file, {
      N: 1,
      raw: { dtype: 'int16', channels: 2, rateKHz: 20 },
      rawData: { conversion: 1 },
      nwb: { ...nwb, series: { wheel: { ...series.wheel, data: streamed } } },
    }),
    { message: /^Expected an array or a file, as a writer takes one stream, for nwb.series/ },
  )
})

t.test('progress', async (t) => {
  const data = noise('int16', 64 * 200_000)
  writeFileSync(source, data)
  const sd = new SpikeData([[1]], { rawData: await rawFile(source, { dtype: 'int16', channels: 64 }), rawTime: 20 })
  const seen: { bytesWritten: number; bytesTotal: number }[] = []
  const { bytesWritten } = await exportSpikeDataToNwb(sd, file, {
    nwb,
    rawData: { conversion: 1 },
    onProgress: (progress) => void seen.push(progress),
  })
  t.ok(seen.every((one, i) => one.bytesWritten <= one.bytesTotal && one.bytesWritten >= (seen[i - 1]?.bytesWritten ?? 0)))
  t.equal(seen.at(-1)!.bytesWritten, seen.at(-1)!.bytesTotal)
  t.ok(bytesWritten > 0)
})
