/**
 * Raw data that comes as a stream: files have the samples bit for bit, for any blocks, storage and writer.
 */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import t from 'tap'
import type { Hdf5Options, NumericArray, RawBlocks, RawDtype } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromNwb,
  NDArray,
  rawStream,
  SpikeData,
} from '../../lib/index.js'
import type { ReadDataset } from '../support/hdf5-file.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { withWriter } from '../support/hdf5-plans.js'
import { structureProblems } from '../support/hdf5-structure.js'
import { readNwb } from '../support/nwb-file.js'
import { fc } from '../support/property.js'
import { digestOf, noise, TYPES, transposed } from '../support/raw-samples.js'

const dir = t.testdir()
const file = `${dir}/file.h5`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const RAW = { rawDataset: 'raw', rawTimeDataset: 'times' }

/** Blocks of these numbers of samples, over and over. */
function* blocksOf<T extends NumericArray>(data: T, channels: number, sizes: readonly number[]): Generator<T> {
  for (let from = 0, i = 0; from < data.length; i++) {
    const to = Math.min(data.length, from + channels * (sizes[i % sizes.length] as number))
    yield data.subarray(from, to) as T
    from = to
  }
}

const recording = (source: RawBlocks, dtype: RawDtype, channels: number, rawTime: number | Float64Array = 20, samples?: number) =>
  new SpikeData([[1, 2], []], { rawData: rawStream(source, { dtype, channels, samples }), rawTime })

async function hdf5(sd: SpikeData, options: object = {}): Promise<Record<string, ReadDataset>> {
  await exportSpikeDataToHdf5(sd, file, { ...RAW, ...options } as Hdf5Options)
  return (await readHdf5(file)).datasets
}

const STORAGE = [
  {},
  { layout: 'chunked' },
  { layout: 'chunked', chunkBytes: 1024 },
  { compression: {} },
  { compression: { level: 3, shuffle: false }, chunkBytes: 2048 },
  { layout: 'cloud' },
] as const

t.test('property: the samples of any stream, in files of either writer', async (t) => {
  const streams = fc.record({
    dtype: fc.constantFrom(...(Object.keys(TYPES) as RawDtype[])),
    channels: fc.integer({ min: 1, max: 40 }),
    samples: fc.integer({ min: 0, max: 3000 }),
    sizes: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 }).filter((sizes) => sizes.some(Boolean)),
    storage: fc.constantFrom(...STORAGE),
    writer: fc.constantFrom('auto', 'library'),
    threads: fc.integer({ min: 1, max: 4 }),
    known: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(streams, async ({ dtype, channels, samples, sizes, storage, writer, threads, known }) => {
      const data = noise(dtype, channels * samples)
      const make = () => recording(blocksOf(data, channels, sizes), dtype, channels, 20, known && samples > 0 ? samples : undefined)
      await withWriter(writer, async () => {
        const { raw, times } = await hdf5(make(), { ...storage, threads })
        t.strictSame(raw!.shape, [channels, samples])
        if (samples > 0)
          t.equal(
            digestOf(raw!.values as NumericArray),
            digestOf(transposed(data, channels)),
            JSON.stringify({ dtype, channels, samples, storage, writer, threads }),
          )
        t.strictSame(
          times!.values,
          Float64Array.from({ length: samples }, (_, i) => i / 20),
        )
        if (writer === 'auto' && storage !== STORAGE[5]) t.strictSame(structureProblems(readFileSync(file)), [])

        await exportSpikeDataToNwb(make(), file, { nwb, rawData: { conversion: 1 }, ...storage, threads })
        const series = (await readHdf5(file)).datasets['acquisition/ElectricalSeries/data']!
        t.strictSame(series.shape, [samples, channels])
        if (samples > 0) t.equal(digestOf(series.values as NumericArray), digestOf(data))
      })
    }),
  )
})

t.test('the dataset is that of an array, but that it can grow', async (t) => {
  const data = noise('int16', 4 * 5000) as Int16Array
  const stored = new SpikeData([[1, 2], []], { rawData: new NDArray(transposed(data, 4), [4, 5000]), rawTime: 20 })
  const options = { compression: {} }
  const [{ raw: streamed, ...others }, { raw: known, ...same }] = [
    await hdf5(recording([data], 'int16', 4), options),
    await hdf5(stored, options),
  ] as [Record<string, ReadDataset>, Record<string, ReadDataset>]
  t.match(streamed, { dtype: '<h', shape: [4, 5000], filters: [2, 1], values: known!.values })
  for (const name of ['spike_times', 'spike_times_index']) t.strictSame(others[name], same[name])
  t.strictSame(others['times']!.values, same['times']!.values)
})

t.test('loaders read it back', async (t) => {
  const data = noise('int16', 40 * 20_000)
  for (const storage of [{}, { compression: {} }, { layout: 'cloud' }] as const) {
    await exportSpikeDataToHdf5(recording([data], 'int16', 40), file, { ...RAW, ...storage })
    const hdf5 = await loadSpikeDataFromHdf5(file, RAW)
    await exportSpikeDataToNwb(recording([data], 'int16', 40), file, { nwb, rawData: { conversion: 1 }, ...storage })
    const loaded = await loadSpikeDataFromNwb(file, { rawData: true })
    for (const { rawData } of [hdf5, loaded]) {
      t.strictSame(rawData.shape, [40, 20_000])
      t.equal(digestOf((rawData as NDArray).data), digestOf(transposed(data, 40)))
    }
  }
})

t.test('times of their own decide how many samples there are', async (t) => {
  const times = Float64Array.of(0.5, 0.75, 4)
  const data = Int16Array.of(1, 2, 3, 4, 5, 6)
  t.strictSame((await hdf5(recording([data], 'int16', 2, times)))['times']!.values, times)
  const objects = await exportSpikeDataToNwb(recording([data], 'int16', 2, times), file, { nwb, rawData: { conversion: 1 } }).then(() =>
    readNwb(file),
  )
  t.strictSame(objects['acquisition/ElectricalSeries/timestamps']!.value, [0.0005, 0.00075, 0.004])
  await t.rejects(hdf5(recording([data.subarray(0, 4)], 'int16', 2, times)), {
    message: 'Expected 3 samples for sd.rawData but received 2.',
  })
  t.throws(() => recording([data], 'int16', 2, times, 4), {
    message: 'Expected 4, one time for each sample, for rawTime.length but received 3.',
  })
})

t.test('every kind of source', async (t) => {
  const data = noise('int16', 3 * 1000) as Int16Array
  const bytes = Buffer.from(data.buffer)
  const expected = digestOf(transposed(data, 3))
  /** One array that each block is written to. */
  function* reused() {
    const block = new Int16Array(30)
    for (const part of blocksOf(data, 3, [10])) {
      block.set(part)
      yield block
      block.fill(-1)
    }
  }
  async function* promised() {
    for (const part of blocksOf(data, 3, [7, 100])) yield await Promise.resolve(part)
  }
  const shared = new Int16Array(new SharedArrayBuffer(bytes.length))
  shared.set(data)
  const sources: Record<string, RawBlocks> = {
    'a list': [data],
    'a Set': new Set([data]),
    'a generator that uses one array again and again': reused(),
    'an async generator': promised(),
    'a Readable of objects': Readable.from(blocksOf(data, 3, [11])),
    'a Readable of bytes that end anywhere': Readable.from(blocksOf(bytes, 1, [1, 7, 50]), { objectMode: false }),
    'a Web stream': new ReadableStream({
      start(controller) {
        for (const part of blocksOf(data, 3, [9])) controller.enqueue(part)
        controller.close()
      },
    }) as unknown as RawBlocks,
    'shared memory': [shared],
    promises: [Promise.resolve(data)] as unknown as RawBlocks,
  }
  for (const [name, source] of Object.entries(sources)) {
    t.equal(digestOf((await hdf5(recording(source, 'int16', 3)))['raw']!.values as NumericArray), expected, name)
  }
})

t.test('series that are streams, of which none goes on without the other', async (t) => {
  const [lfp, wheel] = [noise('int16', 4 * 40_000) as Int16Array, noise('float32', 40_000, 2) as Float32Array]
  let given = { lfp: 0, wheel: 0 }
  const together = (name: 'lfp' | 'wheel', data: NumericArray, channels: number) =>
    (async function* () {
      for (const block of blocksOf(data, channels, [1000])) {
        while (given[name] > Math.min(given.lfp, given.wheel)) await new Promise(setImmediate)
        given = { ...given, [name]: given[name] + 1 }
        yield block
      }
    })()
  const series = {
    lfp: {
      type: 'LFP',
      data: rawStream(together('lfp', lfp, 4), { dtype: 'int16', channels: 4 }),
      rateHz: 1000,
      conversion: 1e-6,
      electrodes: [3, 2, 1, 0],
    },
    wheel: { type: 'TimeSeries', data: rawStream(together('wheel', wheel, 1), { dtype: 'float32', channels: 1 }), rateHz: 50, unit: 'm' },
  } as const
  await exportSpikeDataToNwb(new SpikeData([[1]]), file, { nwb: { ...nwb, series }, compression: {} })
  const { datasets } = await readHdf5(file)
  const data = [datasets['processing/ecephys/LFP/lfp/data']!, datasets['acquisition/wheel/data']!]
  t.strictSame(
    data.map(({ shape }) => shape),
    [
      [40_000, 4],
      [40_000, 1],
    ],
  )
  t.strictSame(
    data.map(({ values }) => digestOf(values as NumericArray)),
    [lfp, wheel].map(digestOf),
  )
  t.strictSame(structureProblems(readFileSync(file)), [])
})

t.test('the same file for any number of threads', async (t) => {
  const files = []
  for (const threads of [1, 2, 4]) {
    const data = noise('int16', 64 * 200_000)
    await exportSpikeDataToHdf5(recording([data], 'int16', 64), file, { ...RAW, compression: {}, threads })
    files.push(digestOf(readFileSync(file)))
  }
  t.equal(new Set(files).size, 1)
})

t.test('progress', async (t) => {
  const data = noise('int16', 64 * 300_000)
  for (const samples of [undefined, 300_000]) {
    const seen: { bytesWritten: number; bytesTotal: number }[] = []
    const slow = (async function* () {
      for (const block of blocksOf(data, 64, [75_000])) {
        await new Promise((resolve) => setTimeout(resolve, 210))
        yield block
      }
    })()
    const sd = recording(slow, 'int16', 64, 20, samples)
    await exportSpikeDataToHdf5(sd, file, { ...RAW, onProgress: (progress) => void seen.push(progress) })
    t.ok(seen.length > 2)
    t.ok(seen.every(({ bytesWritten, bytesTotal }, i) => bytesWritten <= bytesTotal && bytesWritten >= (seen[i - 1]?.bytesWritten ?? 0)))
    t.equal(seen.at(-1)!.bytesWritten, seen.at(-1)!.bytesTotal)
    if (samples !== undefined) t.equal(seen[0]!.bytesTotal, data.byteLength)
  }
})
