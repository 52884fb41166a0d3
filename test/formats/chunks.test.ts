/**
 * Chunked datasets of all shapes, types, filters and thread counts hold what was given: read back by the HDF5 library and zlib.
 */
import { deepStrictEqual } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import t from 'tap'
import type { Compression, CompressionLevel, Hdf5Options } from '../../lib/index.js'
import { exportSpikeDataToHdf5, NDArray, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { readStructure } from '../support/hdf5-structure.js'
import { fc } from '../support/property.js'
import * as rules from '../support/rules.js'

const dir = t.testdir()
const file = `${dir}/file.h5`

/** A number that repeats itself. */
function noise(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0)
}

/** Bytes of a character: from incompressible to constant. */
function bytes(length: number, character: 'random' | 'ramp' | 'few' | 'zero', seed: number): Uint8Array<ArrayBuffer> {
  const next = noise(seed)
  const value = { random: () => next() >>> 24, ramp: (i: number) => i >> 5, few: () => (next() >>> 30 === 0 ? 1 : 0), zero: () => 0 }[
    character
  ]
  return Uint8Array.from({ length }, (_, i) => value(i))
}

const compression = fc.oneof(
  fc.constant(false as const),
  fc.record({ level: fc.integer({ min: 1, max: 9 }), shuffle: fc.boolean() }),
  fc.record({ level: fc.constant(1), shuffle: fc.constant(true) }),
)

/** The bytes of what was read, so that NaNs are compared, too. */
const bytesOf = (values: NumericArray) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

t.test('raw data of any shape, type and character', async () => {
  const recording = fc.record({
    shape: fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 900 })),
      fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90 })),
    ),
    type: fc.constantFrom(...ARRAY_TYPES),
    character: fc.constantFrom('random' as const, 'ramp' as const, 'few' as const, 'zero' as const),
    seed: fc.nat(),
    chunkBytes: fc.constantFrom(1024, 4096, 2 ** 20),
    threads: fc.constantFrom(1, 2),
  })
  const property = fc.asyncProperty(recording, compression, async ({ shape, type, character, seed, chunkBytes, threads }, how) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const data = new type(bytes(size * type.BYTES_PER_ELEMENT, character, seed).buffer)
    const sd = new SpikeData([], { rawData: new NDArray(data, shape), rawTime: 20 })
    const options = {
      rawDataset: 'raw',
      rawTimeDataset: 'time',
      layout: 'chunked',
      chunkBytes,
      compression: how as false | Compression,
      threads,
    } as const
    await exportSpikeDataToHdf5(sd, file, options)
    const { values, chunks, filters, shape: read } = (await readHdf5(file)).datasets['raw']!
    deepStrictEqual([values.constructor.name, read], [data.constructor.name, shape])
    deepStrictEqual(bytesOf(values), bytesOf(data))
    deepStrictEqual(filters, how ? (how.shuffle ? [2, 1] : [1]) : [])
    const elements = chunks!.reduce((product, length) => product * length, 1)
    deepStrictEqual(
      [elements * type.BYTES_PER_ELEMENT <= chunkBytes, chunks!.every((length, axis) => length <= shape[axis]!)],
      [true, true],
    )
  })
  await fc.assert(property, { numRuns: 400 })
})

t.test('chunks of raw data are long in time and a few channels wide', async (t) => {
  const chunksOf = async (shape: [number, number]) => {
    const sd = new SpikeData([], { rawData: new NDArray(new Int16Array(shape[0] * shape[1]), shape), rawTime: 20 })
    await exportSpikeDataToHdf5(sd, file, { rawDataset: 'raw', rawTimeDataset: 'time', compression: {}, chunkBytes: 2 ** 16 })
    return (await readHdf5(file)).datasets['raw']!.chunks
  }
  t.strictSame(await chunksOf([64, 10_000]), [16, 2048])
  t.strictSame(await chunksOf([3, 100_000]), [3, 10_922])
  t.strictSame(await chunksOf([64, 100]), [64, 100], 'a short recording')
})

t.test('one compressed dataset a unit', async () => {
  const trains = fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 400 }), { maxLength: 20 })
  const property = fc.asyncProperty(trains, compression, fc.constantFrom(1, 2), async (train, how, threads) => {
    const options = {
      style: 'group',
      groupTimeUnit: 'ms',
      layout: 'chunked',
      chunkBytes: 1024,
      compression: how as false | Compression,
      threads,
    } as const
    const sorted = train.map((times) => times.map((x) => x + 0).sort((a, b) => a - b))
    await exportSpikeDataToHdf5(new SpikeData(sorted), file, options)
    const { datasets } = await readHdf5(file)
    deepStrictEqual(Object.keys(datasets).length, train.length)
    sorted.forEach((times, unit) => {
      const dataset = datasets[`units/${unit}`]!
      deepStrictEqual(bytesOf(dataset.values), bytesOf(rules.converted(times, 'ms')))
      deepStrictEqual(dataset.chunks, times.length === 0 ? null : [Math.min(times.length, 128)])
    })
  })
  await fc.assert(property, { numRuns: 100 })
})

/** The chunks of a file, inflated by zlib: none of them skips a filter. */
function inflatedChunks(path: string): Buffer[] {
  const bytes = readFileSync(path)
  const { problems, chunks } = readStructure(bytes)
  deepStrictEqual(problems, [])
  return chunks.map(({ address, size, filterMask }) => {
    deepStrictEqual(filterMask, 0)
    return inflateSync(bytes.subarray(address, address + size))
  })
}

t.test('chunks that deflate does not make shorter go through it too', async () => {
  await exportSpikeDataToHdf5(
    new SpikeData([
      [12.5, 40.25, 66],
      [5.5, 70.25],
    ]),
    file,
    { compression: {} },
  )
  deepStrictEqual(
    inflatedChunks(file)
      .map((chunk) => chunk.length)
      .sort((a, b) => a - b),
    [16, 40],
  )

  const datasets = fc.record({
    type: fc.constantFrom(...ARRAY_TYPES),
    shape: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 40_000 }))),
    character: fc.constantFrom('random' as const, 'random' as const, 'ramp' as const, 'few' as const),
    seed: fc.nat(),
    level: fc.integer({ min: 1, max: 9 }),
    shuffle: fc.boolean(),
    chunkBytes: fc.constantFrom(1024, 2 ** 20),
  })
  const property = fc.asyncProperty(datasets, async ({ type, shape, character, seed, level, shuffle, chunkBytes }) => {
    const size = shape[0] * shape[1]
    const data = new type(bytes(size * type.BYTES_PER_ELEMENT, character, seed).buffer)
    const sd = new SpikeData([[1], [], [2, 3.5]], { rawData: new NDArray(data, shape), rawTime: 20 })
    const options = {
      rawDataset: 'raw',
      rawTimeDataset: 'time',
      compression: { level: level as CompressionLevel, shuffle },
      chunkBytes,
    } as const
    await exportSpikeDataToHdf5(sd, file, options)
    const inflated = inflatedChunks(file)
    const stored = inflated.reduce((sum, chunk) => sum + chunk.length + 5 * Math.ceil(chunk.length / 65_535) + 6, 0)
    const written = readStructure(readFileSync(file)).chunks.reduce((sum, chunk) => sum + chunk.size, 0)
    deepStrictEqual(written <= stored, true)
    deepStrictEqual(bytesOf((await readHdf5(file)).datasets['raw']!.values), bytesOf(data))
  })
  await fc.assert(property, { numRuns: 500 })
})

t.test('the same bytes, however many threads write them, and every time', async (t) => {
  const next = noise(3)
  const trains = Array.from({ length: 40 }, (_, unit) => Float64Array.from({ length: 1000 + 200 * unit }, () => next() / 4096).sort())
  const withNoise = (samples: number) => {
    const data = new Int16Array(bytes(2 * 32 * samples, 'random', 5).buffer)
    return new SpikeData(trains, { length: 2 ** 20, rawData: new NDArray(data, [32, samples]), rawTime: 20 })
  }
  const expectOneFile = async (sd: SpikeData, options: Hdf5Options, threadCounts: readonly number[]) => {
    const written = new Set<string>()
    for (const threads of threadCounts) {
      await exportSpikeDataToHdf5(sd, file, {
        ...options,
        rawDataset: 'raw',
        rawTimeDataset: 'time',
        layout: 'chunked',
        threads,
      } as Hdf5Options)
      written.add(createHash('sha256').update(readFileSync(file)).digest('hex'))
    }
    t.equal(written.size, 1, JSON.stringify(options))
  }
  const small = withNoise(20_000)
  for (const style of [{}, { style: 'group' }, { style: 'paired' }, { style: 'raster', rasterBinSizeMs: 20 }] as const) {
    for (const compression of [{ level: 1 }, { level: 6, shuffle: false }, false] as const) {
      await expectOneFile(small, { ...style, compression, chunkBytes: 2 ** 15 }, [1, 2, 3, 8, 8])
    }
  }
  // More than is kept of what cannot be written yet.
  await expectOneFile(withNoise(250_000), { compression: { level: 1 }, chunkBytes: 2 ** 18 }, [1, 8, 8])
})

t.test('what cannot be compressed takes hardly more than it is', async (t) => {
  const shape = [2 ** 12, 64]
  const data = new Float64Array(bytes(shape[0]! * shape[1]! * 8, 'random', 7).buffer)
  const sd = new SpikeData([], { rawData: new NDArray(data, shape), rawTime: 20 })
  for (const compression of [{ level: 1 }, { level: 6 }, { level: 1, shuffle: false }] as const) {
    const { bytesWritten } = await exportSpikeDataToHdf5(sd, file, { rawDataset: 'raw', rawTimeDataset: 'time', compression })
    t.ok(bytesWritten < 1.01 * data.byteLength, `${bytesWritten} bytes`)
    t.strictSame(bytesOf((await readHdf5(file)).datasets['raw']!.values), bytesOf(data))
  }
})
