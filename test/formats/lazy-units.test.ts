/**
 * Lazy loads of HDF5 files with a dataset for each unit, whose trains stay where they are or are spooled, and of rasters, which are spooled.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { File as H5File, ready } from 'h5wasm/node'
import t, { type Test } from 'tap'
import type { ExportWarning, LoadHdf5Options } from '../../lib/index.js'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { sameExports, sameLazily } from '../support/lazily.js'
import { writeLists } from '../support/list-file.js'
import { abortedLoads, FILES_UNLISTED, openingsOf } from '../support/open-files.js'

await ready
// Files hold the time at which they are made.
mock.timers.enable({ apis: ['Date'], now: 0 })

const dir = t.testdir({ spool: {}, out: {}, changed: {} })
const path = join(dir, 'units.h5')
/** Spikes that are spooled need a folder: these stay. */
const STAYING = { lazy: true, spoolFolder: `${dir}/none` } as const
const SPOOLED = { lazy: true, spoolFolder: `${dir}/spool` } as const
/** More spikes than are read in one go, and than a run has. */
const MANY = 280_000

t.afterEach(() => t.strictSame(fs.readdirSync(SPOOLED.spoolFolder), [], 'nothing has a path'))

const load = (options: object, onWarning: (warning: ExportWarning) => void = () => {}) =>
  loadSpikeDataFromHdf5(path, { ...options, onWarning } as LoadHdf5Options)

/** Checks that spikes are the same as in memory. */
async function isSame(options: LoadHdf5Options, where: typeof STAYING | typeof SPOOLED): Promise<SpikeData> {
  const warnings: ExportWarning[] = []
  const inMemory = await load(options, (warning) => warnings.push(warning))
  await sameLazily(inMemory, warnings, (lazy, onWarning) => load({ ...options, ...lazy, ...where }, onWarning))
  return inMemory
}

const stays = (options: LoadHdf5Options = {}) => isSame(options, STAYING)

async function isSpooled(t: Test, options: LoadHdf5Options = {}): Promise<SpikeData> {
  await t.rejects(load({ ...options, ...STAYING }), { code: 'ENOENT', path: STAYING.spoolFolder })
  return isSame(options, SPOOLED)
}

const ms = { style: 'group', groupTimeUnit: 'ms' } as const
const UNITS: LoadHdf5Options[] = [ms, { style: 'group' }, { style: 'group', groupTimeUnit: 'samples', fsHz: 30_000 }]

/** Units of several types, each of which is another list. */
function lists(count: number): Record<string, NumericArray> {
  const numbers = Float64Array.from({ length: count }, (_, i) => 3 + i + (i % 2))
  return {
    'units/0': numbers.map((number) => number / 7),
    'units/1': Float32Array.from(numbers, (number) => number / 3),
    'units/2': new Int16Array(0),
    'units/3': BigInt64Array.from(numbers, BigInt),
    'units/4': new Float64Array(0),
    'units/5': Int32Array.from(numbers, (number) => number + 1),
    'units/10': BigUint64Array.of(7n, 9n),
  }
}

for (const count of [1, 500, 140_000]) {
  for (const bigEndian of count === 1 ? [undefined] : [undefined, 'units/1', 'units/3']) {
    t.test(`units of ${count} spikes stay, ${bigEndian ?? 'none'} big-endian`, async (t) => {
      await writeLists(path, { lists: lists(count), attributes: { start_time: -1 }, ...(bigEndian !== undefined && { bigEndian }) })
      for (const options of UNITS) {
        const sd = await stays(options)
        t.strictSame([sd.N, sd.spikeCount], [7, 4 * count + 2])
      }
    })
  }
}

t.test('many short units', async (t) => {
  const train = Array.from({ length: 20_000 }, (_, unit) => Float64Array.from({ length: unit % 3 }, (_, i) => unit / 8 + i))
  for (const compression of [undefined, {}]) {
    await exportSpikeDataToHdf5(new SpikeData(train, { length: 3000 }), path, { style: 'group', ...(compression && { compression }) })
    await (compression ? isSpooled(t) : stays())
  }
})

t.test('every exporter', async () => {
  await writeLists(path, { lists: lists(500), attributes: { length_ms: 2000 } })
  const inMemory = await load(ms)
  await using staying = await load({ ...ms, ...STAYING })
  await sameExports(inMemory, staying, join(dir, 'out'))
})

t.test('what cannot stay', async (t) => {
  await writeLists(path, { lists: { ...lists(300_000), 'units/11': Float64Array.of(2, 1) } })
  t.equal((await isSpooled(t, ms)).firstReordered, 7)
  for (const [value, message] of [
    [NaN, /unit 7 has a spike time that is not finite \(NaN\)/],
    [Infinity, /unit 7 has a spike time that is not finite \(Infinity\)/],
  ] as const) {
    await writeLists(path, { lists: { ...lists(3), 'units/11': Float64Array.of(1, value) } })
    for (const lazy of [{}, SPOOLED]) await t.rejects(load({ ...ms, ...lazy }), { code: 'ERR_INVALID_FILE', message })
  }
  await writeLists(path, { lists: { 'units/0': Float64Array.of(5), 'units/1': Float64Array.of(4, 6) }, attributes: { start_time: 5 } })
  const message = /unit 1 has a spike at 4 ms, before the recording starts at 5 ms/
  for (const lazy of [{}, STAYING]) await t.rejects(load({ ...ms, ...lazy }), { code: 'ERR_INVALID_FILE', message })
  await writeLists(path, { lists: { 'units/0': new Float64Array(0) } })
  await isSpooled(t, ms)
})

/** Chunks of vectors: those of MATLAB, which has two axes, and those of arrays that can be extended. */
const CHUNKS: [shape: (count: number) => number[], chunks: number[], maxshape: (number | null)[]][] = [
  [(count) => [count], [50_000], [null]],
  [(count) => [1, count], [1, 7000], [1, null]],
  [(count) => [count, 1], [7000, 1], [null, 1]],
  [(count) => [1, count], [3, 9001], [null, null]],
  [(count) => [count, 1], [3000, 3], [null, null]],
  [(count) => [1, 1, count, 1], [2, 1, 5000, 2], [null, 1, null, null]],
]

for (const [shape, chunks, maxshape] of CHUNKS) {
  for (const compression of [undefined, 1]) {
    t.test(`chunks of ${chunks}${compression ? ', compressed' : ''}`, async (t) => {
      const file = new H5File(path, 'w')
      const group = file.create_group('units')
      for (const [unit, count] of [MANY, 1, 5, 40_000].entries()) {
        const data = Float64Array.from({ length: count }, (_, i) => (unit === 3 ? count - i : i + unit / 4))
        group.create_dataset({ name: `${unit}`, data, shape: shape(count), chunks, maxshape, ...(compression && { compression }) })
      }
      // One that lies together.
      group.create_dataset({ name: '4', data: Float64Array.from({ length: 300_000 }, (_, i) => i / 2) })
      file.close()
      const sd = await isSpooled(t, ms)
      t.strictSame([sd.N, sd.spikeCount, sd.firstReordered], [5, MANY + 340_006, 3])
    })
  }
}

t.test('files that change after they were loaded', async (t) => {
  for (const change of [
    () => fs.appendFileSync(path, 'x'),
    () => fs.truncateSync(path, fs.statSync(path).size - 100_000),
    () => fs.copyFileSync(join(dir, 'copied.h5'), path),
  ]) {
    await writeLists(path, { lists: lists(50_000) })
    fs.copyFileSync(path, join(dir, 'copied.h5'))
    await using staying = await load({ ...ms, ...STAYING })
    await sleep(20)
    change()
    const expected = { name: 'FormatError', path, object: 'units', message: /it was changed since it was loaded/ }
    await t.rejects(staying.loadTrain(6), expected)
    await t.rejects(exportSpikeDataToHdf5(staying, join(dir, 'changed', 'a')), expected)
    t.strictSame(fs.readdirSync(join(dir, 'changed')), [])
  }
  await writeLists(path, { lists: lists(50_000) })
  const inMemory = await load(ms)
  await using staying = await load({ ...ms, ...STAYING })
  fs.renameSync(path, `${path}.old`)
  fs.rmSync(`${path}.old`)
  t.strictSame(await staying.loadTrain(6), inMemory.train[6])
})

t.test('how long a file is open', { skip: FILES_UNLISTED }, async (t) => {
  await writeLists(path, { lists: lists(300_000) })
  const sd = await load({ ...ms, ...STAYING })
  t.equal(openingsOf(path), 1)
  await sd.close()
  t.equal(openingsOf(path), 0)
  await t.rejects(load({ ...ms, ...STAYING, lengthMs: 1 }), { code: 'ERR_INVALID_ARG_VALUE' })
  t.equal(openingsOf(path), 0)
  for (const where of [STAYING, SPOOLED]) {
    if (where === SPOOLED) await exportSpikeDataToHdf5(await load(ms), path, { style: 'group', compression: { level: 1 } })
    await abortedLoads(t, path, (signal) => load({ style: 'group', ...where, signal }))
  }
})

t.test('progress', async (t) => {
  for (const isOrdered of [true, false]) {
    const spoil = Float64Array.of(...(isOrdered ? [1, 2] : [2, 1]))
    await writeLists(path, { lists: { ...lists(MANY), 'units/11': spoil } })
    const done: number[] = []
    const onProgress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) => {
      t.equal(bytesTotal, (4 * MANY + 4) * 8)
      t.ok(bytesRead > (done.at(-1) ?? -1), 'more than before')
      done.push(bytesRead)
    }
    await (await load({ ...ms, ...SPOOLED, onProgress })).close()
    t.equal(done.at(-1), (4 * MANY + 4) * 8)
  }
})

/** Rasters, units × bins: counts of any type, fractions, which are rounded down, and -1, which is none. */
const RASTERS: Record<string, [data: NumericArray, units: number]> = {
  'few counts': [Int32Array.of(0, 2, 1, 0, 0, 0, 3, -1, 0), 3],
  fractions: [Float64Array.of(0.5, 1.5, 2.9, -1, 0, 1), 2],
  'no spikes': [new Uint8Array(12), 4],
  'no bins': [new Int16Array(0), 3],
  'more spikes in a bin than are read in one go': [Float64Array.of(3, 0, MANY, 1, 0, 5, MANY / 2, 0, 0, 0, 0, 2), 3],
  'a spike in each bin': [new Uint8Array(MANY).fill(1), 2],
  'bins that are long apart': [Uint16Array.from({ length: 300_000 }, (_, i) => (i % 65_537 === 5 ? 9 : 0)), 2],
}

for (const [name, [data, units]] of Object.entries(RASTERS)) {
  t.test(`raster, ${name}`, async (t) => {
    const bins = data.length / units
    const chunkings = [undefined, [units, Math.max(1, Math.ceil(bins / 3))], [1, 100], [units + 2, 1000]]
    for (const chunks of bins === 0 ? [undefined] : chunkings) {
      for (const compression of chunks ? [0, 2] : [0]) {
        const file = new H5File(path, 'w')
        const maxshape = [null, null]
        file.create_dataset({
          name: 'raster',
          data,
          shape: [units, bins],
          ...(chunks && { chunks, maxshape, ...(compression && { compression }) }),
        })
        file.create_attribute('start_time', 12.5)
        file.close()
        for (const rasterBinSizeMs of [1, 0.3]) await isSpooled(t, { style: 'raster', rasterBinSizeMs })
      }
    }
  })
}

t.test('a raster that is no raster', async (t) => {
  const file = new H5File(path, 'w')
  file.create_dataset({ name: 'raster', data: Int32Array.of(1, -2), shape: [1, 2] })
  file.close()
  const message = /raster in .* its element \[0, 1\] is no count of spikes/
  for (const lazy of [{}, SPOOLED]) await t.rejects(load({ style: 'raster', rasterBinSizeMs: 1, ...lazy }), { message })
})
