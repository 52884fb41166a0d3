/**
 * The files hold what the rules specify, for random recordings, units and styles.
 */
import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import type { Compression, Hdf5Options } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { CHUNKED, CONTIGUOUS, numbered, writeHdf5 } from '../support/hdf5-plans.js'
import { readNpy } from '../support/npy.js'
import { fc } from '../support/property.js'
import * as rules from '../support/rules.js'

const dir = t.testdir()
const file = `${dir}/file.h5`

/** Bit for bit, with the class of the array. */
const same = (actual: unknown, expected: BigInt64Array | Float64Array) => {
  const bits = (array: ArrayBufferView) => new BigUint64Array(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength))
  deepStrictEqual([(actual as object).constructor.name, bits(actual as ArrayBufferView)], [expected.constructor.name, bits(expected)])
}

const unit = fc.constantFrom('ms' as const, 's' as const, 'samples' as const)
/** Rates whose samples per ms are whole, fractional, and not to be had exactly. */
const fsHz = fc.constantFrom(1000, 20000, 24414.0625, 25000.1, 30000, 44100)
/** Times of which many lie half way between two samples, at any of the rates. */
const time = fc
  .oneof(
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    fc.integer({ min: -50000, max: 50000 }).chain((k) => fsHz.map((fs) => (k + 0.5) / (fs / 1000))),
    fc.integer({ min: -1000, max: 1000 }),
  )
  .map((x) => x + 0)
const trains = fc.array(fc.array(time, { maxLength: 30 }), { maxLength: 12 })

const recordingOf = (train: number[][]) => {
  const startTime = Math.min(0, ...train.flat())
  return new SpikeData(train, { startTime })
}

const check = (...args: Parameters<typeof fc.asyncProperty<[number[][], 'ms' | 's' | 'samples', number]>>) =>
  fc.assert(fc.asyncProperty(...args), { numRuns: 150 })

t.test('ragged', async () => {
  await check(trains, unit, fsHz, async (train, spikeTimesUnit, fs) => {
    await exportSpikeDataToHdf5(recordingOf(train), file, { spikeTimesUnit, fsHz: fs })
    const { datasets } = await readHdf5(file)
    same(datasets['spike_times']!.values, rules.converted(rules.flat(train), spikeTimesUnit, fs))
    same(datasets['spike_times_index']!.values, rules.ends(train))
  })
})

t.test('paired', async () => {
  await check(trains, unit, fsHz, async (train, timesUnit, fs) => {
    await exportSpikeDataToHdf5(recordingOf(train), file, { style: 'paired', timesUnit, fsHz: fs })
    const { datasets } = await readHdf5(file)
    same(datasets['times']!.values, rules.converted(rules.flat(train), timesUnit, fs))
    same(datasets['idces']!.values, rules.units(train))
  })
})

t.test('group', async () => {
  await check(trains, unit, fsHz, async (train, groupTimeUnit, fs) => {
    await exportSpikeDataToHdf5(recordingOf(train), file, { style: 'group', groupTimeUnit, fsHz: fs })
    const { groups, datasets } = await readHdf5(file)
    deepStrictEqual(groups, ['units'])
    deepStrictEqual(Object.keys(datasets).sort(), train.map((_, i) => `units/${i}`).sort())
    for (const [i, times] of train.entries()) {
      same(datasets[`units/${i}`]!.values, rules.converted(rules.flat([times]), groupTimeUnit, fs))
    }
  })
})

t.test('raster', async () => {
  const binSize = fc.constantFrom(0.1, 0.7, 1, 20, 333.3, 1e5)
  const layout = fc.constantFrom('auto' as const, 'contiguous' as const)
  const property = fc.asyncProperty(trains, binSize, layout, fc.constantFrom(1024, 2 ** 20), async (train, bin, how, chunkBytes) => {
    const sd = recordingOf(train.map((times) => times.map((x) => x / 10)))
    // Spikes of one moment have no bin, which is an error.
    fc.pre(sd.length >= 1e-6 || sd.spikeCount === 0)
    await exportSpikeDataToHdf5(sd, file, <Hdf5Options>{
      style: 'raster',
      rasterBinSizeMs: bin,
      layout: how,
      ...(how !== 'contiguous' && { chunkBytes }),
    })
    const { datasets } = await readHdf5(file)
    const expected = rules.raster(
      train.map((times) => times.map((x) => x / 10)),
      sd.startTime,
      sd.length,
      bin,
    )
    deepStrictEqual(datasets['raster']!.shape, [train.length, expected.bins])
    same(datasets['raster']!.values, expected.counts)
    deepStrictEqual(datasets['raster']!.attributes, { bin_size_ms: bin, time_origin_ms: sd.startTime })
  })
  await fc.assert(property, { numRuns: 60 })
})

t.test('raster chunks made from the spikes, through zlib and back', async () => {
  // From a spike in every bin to one in ten thousand; few spikes in a bin, or hundreds.
  const density = fc.constantFrom(1, 0.5, 0.1, 0.01, 1e-4)
  const perBin = fc.constantFrom(1, 3, 300)
  const sizes = fc.record({ units: fc.integer({ min: 1, max: 5 }), bins: fc.integer({ min: 1, max: 3000 }), seed: fc.integer() })
  const storage = fc.record({ chunkBytes: fc.constantFrom(1024, 5000, 2 ** 20), shuffle: fc.boolean() })
  const property = fc.asyncProperty(
    density,
    perBin,
    sizes,
    storage,
    async (share, most, { units, bins, seed }, { chunkBytes, shuffle }) => {
      let state = seed >>> 0
      const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
      const train = Array.from({ length: units }, () =>
        Array.from({ length: bins }, (_, bin) => bin).flatMap((bin) =>
          random() < share ? Array.from({ length: 1 + Math.floor(random() * most) }, () => bin + 0.5) : [],
        ),
      )
      const options = { style: 'raster', rasterBinSizeMs: 1, chunkBytes, compression: { level: 1, shuffle } } as const
      await exportSpikeDataToHdf5(new SpikeData(train, { length: bins }), file, options)
      same((await readHdf5(file)).datasets['raster']!.values, rules.raster(train, 0, bins, 1).counts)
    },
  )
  await fc.assert(property, { numRuns: 300 })
})

t.test('KiloSort', async () => {
  await check(trains, unit, fsHz, async (signed, timeUnit, fs) => {
    const train = signed.map((times) => times.map(Math.abs))
    const ids = train.map((_, i) => 7 * i - 3)
    await exportSpikeDataToKilosort(recordingOf(train), `${dir}/ks`, { timeUnit, fsHz: fs, clusterIds: ids })
    same((await readNpy(`${dir}/ks/spike_times.npy`)).values, rules.converted(rules.flat(train), timeUnit, fs))
    same((await readNpy(`${dir}/ks/spike_clusters.npy`)).values, rules.units(train, ids))
  })
})

t.test('transposed', async () => {
  const shape = fc.oneof(
    fc.tuple(fc.nat(40), fc.nat(40)),
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(4000)),
    fc.tuple(fc.nat(4000), fc.integer({ min: 1, max: 3 })),
  )
  const chunk = fc.option(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { nil: undefined })
  const property = fc.asyncProperty(fc.constantFrom(...ARRAY_TYPES), shape, chunk, async (type, [rows, columns], most) => {
    const data = numbered(new type(rows * columns))
    // The chunks of columns × rows.
    const chunk = most && [Math.min(most[0], Math.max(columns, 1)), Math.min(most[1], Math.max(rows, 1))]
    const storage =
      chunk && rows * columns > 0 ? ({ layout: 'chunked', chunkBytes: 1024, chunk, deflateLevel: 1, shuffle: true } as const) : CONTIGUOUS
    const source = { kind: 'transposed', data, shape: [rows, columns] } as const
    await writeHdf5({ attributes: [], objects: [{ object: 'dataset', path: 'x', source, storage }] }, file)
    const { shape, values } = (await readHdf5(file)).datasets['x']!
    deepStrictEqual([shape, values], [[columns, rows], rules.transposed(data, rows, columns)])
  })
  await fc.assert(property, { numRuns: 300 })
})

t.test('transposed arrays of many blocks, in however many threads', async () => {
  for (const [rows, columns] of [
    [64, 50_001],
    [50_001, 64],
    [1_300_001, 3],
  ] as const) {
    const data = numbered(new Int16Array(rows * columns))
    const source = { kind: 'transposed', data, shape: [rows, columns] } as const
    for (const storage of [CONTIGUOUS, CHUNKED]) {
      await writeHdf5({ attributes: [], objects: [{ object: 'dataset', path: 'x', source, storage }] }, file, 3)
      deepStrictEqual((await readHdf5(file)).datasets['x']!.values, rules.transposed(data, rows, columns))
    }
  }
})

type Whole = [type: 'uint32' | 'uint64' | undefined, of: (numbers: number[]) => unknown]

t.test('repeated numbers', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...ARRAY_TYPES),
    fc.integer({ min: 1, max: 9 }),
    fc.nat(5000),
    fc.boolean(),
    async (type, length, count, isChunked) => {
      const data = numbered(new type(length))
      const source = { kind: 'repeated', data, count } as const
      const storage = isChunked ? ({ layout: 'chunked', chunkBytes: 1024, deflateLevel: 1, shuffle: true } as const) : CONTIGUOUS
      await writeHdf5({ attributes: [], objects: [{ object: 'dataset', path: 'x', source, storage }] }, file)
      const { shape, values } = (await readHdf5(file)).datasets['x']!
      deepStrictEqual(shape, [count, length])
      deepStrictEqual(Array.from<unknown>(values), Array.from({ length: count }, () => Array.from<unknown>(data)).flat())
    },
  )
  await fc.assert(property, { numRuns: 100 })
})

t.test('ends and row numbers of every type', async () => {
  const train = [[1, 2], [], [3]]
  const { nativeTrains: trains } = new SpikeData(train)
  for (const [type, of] of [
    [undefined, (n) => BigInt64Array.from(n, BigInt)],
    ['uint64', (n) => BigUint64Array.from(n, BigInt)],
    ['uint32', (n) => Uint32Array.from(n)],
  ] as Whole[]) {
    const own = type && { type }
    const objects = [
      { object: 'dataset', path: 'ends', source: { kind: 'spikeTimesIndex', trains, ...own }, storage: CONTIGUOUS },
      { object: 'dataset', path: 'rows', source: { kind: 'range', first: 5, count: 3, ...own }, storage: CONTIGUOUS },
    ] as const
    await writeHdf5({ attributes: [], objects }, file)
    const { datasets } = await readHdf5(file)
    deepStrictEqual([datasets['ends']!.values, datasets['rows']!.values], [of(Array.from(rules.ends(train), Number)), of([5, 6, 7])])
  }
})

t.test('compressed and chunked files hold the same', async () => {
  const compression = fc.constantFrom<(false | Compression | undefined)[]>(undefined, false, { level: 1 }, { level: 9, shuffle: false })
  const property = fc.asyncProperty(trains, unit, fsHz, compression, async (train, spikeTimesUnit, fs, how) => {
    const options = {
      spikeTimesUnit,
      fsHz: fs,
      layout: 'chunked' as const,
      chunkBytes: 1024,
      ...(how !== undefined && { compression: how }),
    }
    await exportSpikeDataToHdf5(recordingOf(train), file, options)
    const { datasets } = await readHdf5(file)
    same(datasets['spike_times']!.values, rules.converted(rules.flat(train), spikeTimesUnit, fs))
    same(datasets['spike_times_index']!.values, rules.ends(train))
  })
  await fc.assert(property, { numRuns: 60 })
})

t.test('blocks meet without a seam, in trains longer than many blocks', async () => {
  const train = Array.from({ length: 5 }, (_, u) => Array.from({ length: u === 2 ? 3 : 300_001 }, (_, i) => i / 3 + u))
  const sd = new SpikeData(train)
  for (const threads of [1, 2, 7]) {
    await exportSpikeDataToHdf5(sd, file, { style: 'paired', timesUnit: 'samples', fsHz: 24414.0625, threads })
    const { datasets } = await readHdf5(file)
    same(datasets['times']!.values, rules.converted(train.flat(), 'samples', 24414.0625))
    same(datasets['idces']!.values, rules.units(train))
  }
})

t.test('samples up to the ends of int64, and no further', async (t) => {
  const fits = [-(2 ** 63), -(2 ** 62) + 512, -(2 ** 51), -(2 ** 51) + 0.5, 2 ** 51 - 0.5, 2 ** 51 + 1, 2 ** 53, 2 ** 63 - 1024]
  await exportSpikeDataToHdf5(new SpikeData([fits], { startTime: -(2 ** 63) }), file, { spikeTimesUnit: 'samples', fsHz: 1000 })
  same((await readHdf5(file)).datasets['spike_times']!.values, rules.converted(fits, 'samples', 1000))
  for (const time of [2 ** 63, -(2 ** 63) - 2048]) {
    const sd = new SpikeData([[time]], { startTime: Math.min(0, time) })
    await t.rejects(exportSpikeDataToHdf5(sd, file, { spikeTimesUnit: 'samples', fsHz: 1000 }), {
      name: 'RangeError',
      code: 'ERR_INVALID_ARG_VALUE',
      message: /fit a 64-bit integer/,
    })
  }
  same((await readHdf5(file)).datasets['spike_times']!.values, rules.converted(fits, 'samples', 1000))
})

t.test('subnormal times and both zeros', async () => {
  const train = [[5e-324, 2.2250738585072014e-308], [-0, 0], [-0]]
  const expected = [5e-324, 2.2250738585072014e-308, -0, 0, -0]
  await exportSpikeDataToHdf5(new SpikeData(train), file, { spikeTimesUnit: 'ms' })
  same((await readHdf5(file)).datasets['spike_times']!.values, Float64Array.from(expected))
  await exportSpikeDataToHdf5(new SpikeData(train), file)
  same((await readHdf5(file)).datasets['spike_times']!.values, rules.converted(expected, 's'))
})

t.test('more than 256 spikes in a bin', async (t) => {
  const train = [Array.from({ length: 70_000 }, () => 0.5), [0.5, 1.5]]
  for (const layout of ['auto', 'contiguous'] as const) {
    await exportSpikeDataToHdf5(new SpikeData(train, { length: 3 }), file, { style: 'raster', rasterBinSizeMs: 1, layout })
    t.strictSame([...((await readHdf5(file)).datasets['raster']!.values as BigInt64Array)], [70000n, 0n, 0n, 1n, 1n, 0n])
  }
})
