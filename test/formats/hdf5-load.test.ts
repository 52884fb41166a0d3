/**
 * Loading of generic HDF5 files: what was exported comes back, in every style, unit and layout.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Hdf5Options, LoadHdf5Options, TimeUnit } from '../../lib/index.js'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, NDArray, SpikeData } from '../../lib/index.js'
import { fc } from '../support/property.js'

const folder = t.testdir()
const file = `${folder}/file.h5`

/** A recording, and how its file is written. */
interface Case {
  trains: number[][]
  startTime: number
  silence: number
  unit: TimeUnit
  fsHz: number
  storage: object
  threads: number | undefined
}

const STORAGES = [
  {},
  { layout: 'contiguous' },
  { layout: 'chunked', chunkBytes: 1024 },
  { compression: { level: 1 } },
  { compression: { level: 6, shuffle: false }, chunkBytes: 2048 },
] as const

/** Mostly short trains, some empty, and now and then one of several chunks. */
const train = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 3000 }).map((count) => Array.from({ length: count }, (_, i) => i * 7.25)) },
)

const cases: fc.Arbitrary<Case> = fc.record({
  trains: fc.array(train, { maxLength: 12 }),
  startTime: fc.constantFrom(0, -250, 1000.5),
  silence: fc.constantFrom(0, 17.25),
  unit: fc.constantFrom<TimeUnit>('ms', 's', 'samples'),
  fsHz: fc.constantFrom(30000, 24414.0625, 1000),
  storage: fc.constantFrom(...STORAGES),
  threads: fc.constantFrom(undefined, 1),
})

function recordingOf({ trains, startTime, silence }: Case): SpikeData {
  const moved = trains.map((times) => times.map((time) => time + startTime))
  const last = Math.max(startTime, ...moved.flat())
  return new SpikeData(moved, { startTime, length: last - startTime + silence })
}

/** A time in ms after it was in a file: SpikeLab's arithmetic both ways. */
function through(time: number, unit: TimeUnit, fsHz: number): number {
  if (unit === 'ms') return time
  if (unit === 's') return (time / 1000) * 1e3
  const product = time * (fsHz / 1000)
  const below = Math.floor(product)
  const rest = product - below
  const sample = rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1
  return (sample / fsHz) * 1e3
}

function expectedTrains(sd: SpikeData, { unit, fsHz }: Case): number[][] {
  const end = sd.startTime + sd.length
  const within = (time: number) => Math.min(Math.max(time, sd.startTime), end)
  return sd.train.map((times) => Array.from(times, (time) => within(through(time, unit, fsHz))).sort((a, b) => a - b))
}

const asLists = (sd: SpikeData) => sd.train.map((times) => Array.from(times))
const onWarning = () => {}

const UNIT_OPTION = { ragged: 'spikeTimesUnit', group: 'groupTimeUnit', paired: 'timesUnit' } as const

for (const style of ['ragged', 'group', 'paired'] as const) {
  t.test(`${style}: load(export(x)) is x`, async (t) => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const sd = recordingOf(given)
        const units: object = { [UNIT_OPTION[style]]: given.unit, fsHz: given.fsHz }
        await exportSpikeDataToHdf5(sd, file, { style, ...units, ...given.storage } as Hdf5Options)
        const { threads } = given
        const loaded = await loadSpikeDataFromHdf5(file, {
          style,
          unitCount: style === 'group' ? undefined : sd.N,
          ...units,
          threads,
          onWarning,
        } as LoadHdf5Options)
        t.strictSame(asLists(loaded), expectedTrains(sd, given))
        t.equal(loaded.length, sd.length)
        t.equal(loaded.startTime, sd.startTime)
        t.equal(loaded.metadata['source_file'], file)
        t.equal(loaded.neuronAttributes, null)
        if (sd.N === 0) return
        // Found by the names in the file.
        const found = await loadSpikeDataFromHdf5(file, { ...units, onWarning })
        const lastWithSpikes = loaded.train.findLastIndex((times) => times.length > 0)
        t.strictSame(asLists(found), asLists(loaded).slice(0, style === 'paired' ? lastWithSpikes + 1 : sd.N))
      }),
    )
  })
}

t.test('raster: the counts come back', async (t) => {
  const bins = fc.constantFrom(0.5, 1, 7, 20.25)
  await fc.assert(
    fc.asyncProperty(cases, bins, async (given, rasterBinSizeMs) => {
      // Times that a file of bins can tell apart.
      const trains = given.trains.map((times) => times.map((time) => Math.round(time * 64) / 64))
      const sd = recordingOf({ ...given, trains })
      if (sd.length === 0) return
      await exportSpikeDataToHdf5(sd, file, { style: 'raster', rasterBinSizeMs, ...given.storage } as Hdf5Options)
      const loaded = await loadSpikeDataFromHdf5(file, { threads: given.threads })
      const [before, after] = [sd.raster(rasterBinSizeMs), loaded.raster(rasterBinSizeMs)]
      t.strictSame(after.shape, before.shape)
      t.ok(Buffer.from(after.data.buffer).equals(Buffer.from(before.data.buffer)), 'the same counts')
      t.equal(loaded.startTime, sd.startTime)
    }),
  )
})

t.test('a group of more units than are put in order at once', async (t) => {
  const train = Array.from({ length: 10_001 }, (_, unit) => [unit, unit + 0.5].slice(0, unit % 3))
  await exportSpikeDataToHdf5(new SpikeData(train), file, { style: 'group', groupTimeUnit: 'ms' })
  t.strictSame(asLists(await loadSpikeDataFromHdf5(file, { groupTimeUnit: 'ms' })), train)
})

t.test('raw data and its times', async (t) => {
  const rawData = new NDArray(
    Int16Array.from({ length: 6000 }, (_, i) => i - 3000),
    [3, 2000],
  )
  const rawTime = Float32Array.from({ length: 2000 }, (_, i) => i / 20)
  const sd = new SpikeData([[1, 2.5]], { length: 100, rawData, rawTime })
  const names = { rawDataset: 'in/raw', rawTimeDataset: 'in/time' }
  for (const storage of STORAGES) {
    for (const rawTimeUnit of ['ms', 's', 'samples'] as const) {
      const options = { ...names, rawTimeUnit, fsHz: 20_000, ...storage }
      await exportSpikeDataToHdf5(sd, file, options as Hdf5Options)
      const loaded = await loadSpikeDataFromHdf5(file, { ...names, rawTimeUnit, fsHz: 20_000 })
      t.strictSame(loaded.rawData, rawData)
      const expected = rawTimeUnit === 'samples' ? Float64Array.from(rawTime, (_, i) => (i / 20_000) * 1e3) : rawTime
      t.equal(loaded.rawTime.constructor, expected.constructor)
      t.ok(loaded.rawTime.every((time, i) => Math.abs(Number(time) - expected[i]!) < 1e-5))
    }
  }
  t.strictSame((await loadSpikeDataFromHdf5(file)).rawData.shape, [0, 0])
})

t.test('a chunk without filters that has another size than a chunk', async (t) => {
  const sd = new SpikeData([Float64Array.from({ length: 300_000 }, (_, i) => i)])
  await exportSpikeDataToHdf5(sd, file, { layout: 'chunked', chunkBytes: 1024, spikeTimesUnit: 'ms' })
  const bytes = readFileSync(file)
  let patched = 0
  // B-trees of chunks: the size of the first chunk is in front of its place.
  for (let at = bytes.indexOf('TREE'); at >= 0; at = bytes.indexOf('TREE', at + 4)) {
    if (bytes[at + 4] !== 1 || bytes[at + 5] !== 0) continue
    bytes.writeUInt32LE(2 ** 20, at + 24)
    patched++
  }
  t.ok(patched > 10)
  writeFileSync(file, bytes)
  await t.rejects(loadSpikeDataFromHdf5(file, { spikeTimesUnit: 'ms' }), {
    name: 'FormatError',
    object: 'spike_times',
    message: /: a chunk of it has 1048576 bytes instead of 1024\.$/,
  })
})

t.test('options that do not belong', async (t) => {
  const refused = (options: object, message: RegExp) =>
    t.rejects(loadSpikeDataFromHdf5(`${file}-is-not-there`, options), { code: 'ERR_INVALID_ARG_VALUE', message })
  await refused({ rawTimeUnit: 's' }, /^Expected no value, as no raw data is read, for rawTimeUnit but received 's'\.$/)
  await refused({ fsHz: 30_000 }, /^Expected no value, as no unit of times is given, for fsHz but received 30000\.$/)
  await refused({ fsHz: 30_000, style: 'raster' }, /for fsHz/)
  await refused({ fsHz: 0, spikeTimesUnit: 's' }, /a sampling frequency in Hz above 0 for fsHz/)
  for (const value of [undefined, null]) {
    await t.rejects(loadSpikeDataFromHdf5(`${file}-is-not-there`, { fsHz: value, rawTimeUnit: value } as object), { code: 'ENOENT' })
  }
  await t.rejects(loadSpikeDataFromHdf5(`${file}-is-not-there`, { fsHz: 1, spikeTimesUnit: 's' }), { code: 'ENOENT' })
})

t.test('a few spikes of a high unit do not hold the event loop', async (t) => {
  await exportSpikeDataToHdf5(new SpikeData([[1], [2]]), file, { style: 'paired' })
  const wide = await loadSpikeDataFromHdf5(file, { unitCount: 100_000 })
  t.strictSame([wide.N, wide.spikeCount], [100_000, 2])
})

t.test('pages hold groups without spikes', async (t) => {
  const rawData = new NDArray(Float32Array.of(1, 2, 3), [3, 1])
  const empty = new SpikeData(
    Array.from({ length: 100 }, () => []),
    { length: 10, rawData, rawTime: 1 },
  )
  const raw = { rawDataset: 'raw', rawTimeDataset: 'time' }
  await exportSpikeDataToHdf5(empty, file, { style: 'group', layout: 'cloud', compression: false, ...raw })
  t.equal((await loadSpikeDataFromHdf5(file, raw)).N, 100)
})

t.test('a time next to 0, of which a file in s has nothing left', async (t) => {
  const startTime = 16 * Number.MIN_VALUE
  await exportSpikeDataToHdf5(new SpikeData([[startTime, 5]], { startTime, length: 10 }), file)
  const { train, startTime: found } = await loadSpikeDataFromHdf5(file, { onWarning: () => {} })
  t.strictSame([[...(train[0] as Float64Array)], found], [[startTime, 5], startTime])
})
