/**
 * Exports of spooled recordings: every exporter writes the same bytes as from memory, for any batches.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import t from 'tap'
import type { SpikeBatch, SpikeDataOptions, UnitBatch } from '../../lib/index.js'
import {
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  NDArray,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { bytesAt } from '../support/export-bytes.js'
import { EXPORTS } from '../support/exporters.js'
import { fc, numbers } from '../support/property.js'

const dir = t.testdir()
// Files hold the time at which they are made.
mock.timers.enable({ apis: ['Date'], now: 0 })
const MEBIBYTE = 2 ** 20
/** The spikes that a spool of one MiB has in memory: more make it write runs and merge them. */
const RUN = Math.floor(MEBIBYTE / 36)

interface Spikes {
  units: Int32Array
  times: Float64Array
}

/** Spikes of a few units, all in order of time: they stay in the runs of their spool. */
function spikesInOrder(count: number): Spikes {
  const next = numbers(8)
  const times = Float64Array.from({ length: count }, (_, i) => Math.floor(i / 2) / 8)
  return { units: Int32Array.from({ length: count }, () => Math.floor(next() ** 2 * 12)), times }
}

/** Spikes of units 0 to `units - 1` but the last two, in order of time but for the first unit's. */
function spikesOf(count: number, units: number): Spikes {
  const next = numbers(7)
  const times = Float64Array.from({ length: count }, (_, i) => i / 16 + next())
  const unitOf = Int32Array.from({ length: count }, () => Math.floor(next() * (units - 2)))
  for (const [i, unit] of unitOf.entries()) if (unit === 0) times[i] = count / 16 - (times[i] as number) / 2
  return { units: unitOf, times }
}

function* batchesOf({ units, times }: Spikes, size: number): Generator<SpikeBatch> {
  for (let from = 0; from < times.length; from += size) {
    yield { units: units.subarray(from, from + size), times: times.subarray(from, from + size) }
  }
}

const UNITS = 40
const FEW: SpikeDataOptions = {
  N: UNITS,
  length: 20_000,
  neuronAttributes: Array.from({ length: UNITS }, (_, unit) => ({ electrode: unit % 8, label: `u${unit}` })),
  metadata: { culture: 'A-12' },
  rawData: new NDArray(
    Int16Array.from({ length: 8000 }, (_, i) => i % 37),
    [8, 1000],
  ),
  rawTime: 0.5,
}

for (const [count, size, kind] of [
  [0, 10, 'no spikes'],
  [2000, 300, 'one run'],
  [5 * RUN + 17, 50_000, 'several runs'],
  [5 * RUN + 17, 50_000, 'several runs in order'],
] as const) {
  t.test(`every exporter: ${kind}`, async (t) => {
    const spikes = kind === 'several runs in order' ? spikesInOrder(count) : spikesOf(count, UNITS)
    const inMemory = SpikeData.fromIdcesTimes(spikes.units, spikes.times, FEW)
    await using spooled = await SpikeData.fromBatches(batchesOf(spikes, size), { ...FEW, maxMemory: MEBIBYTE })
    t.match(spooled, { N: UNITS, length: 20_000, spikeCount: count, isSpooled: true })
    t.equal(spooled.firstReordered, inMemory.firstReordered)
    t.equal(inMemory.isSpooled, false)
    for (const [name, write] of EXPORTS) {
      const path = join(dir, name)
      await write(inMemory, path)
      const expected = bytesAt(path)
      const report = await write(spooled, path)
      t.equal(report.spikeCount, count)
      t.ok(Object.keys(expected).length > 0)
      for (const [file, bytes] of Object.entries(bytesAt(path))) t.ok(bytes === expected[file], `${name}${file}`)
    }
  })
}

for (const spikes of [spikesOf(3 * RUN, UNITS), spikesInOrder(3 * RUN)])
  t.test('the options that read spikes in other ways', async (t) => {
    const inMemory = SpikeData.fromIdcesTimes(spikes.units, spikes.times, FEW)
    await using spooled = await SpikeData.fromBatches(batchesOf(spikes, 9999), { ...FEW, maxMemory: MEBIBYTE })
    const stack = (sd: SpikeData) => new SpikeSliceStack([sd, sd])
    const writes: Record<string, (sd: SpikeData, path: string) => Promise<unknown>> = {
      'samples.phy': (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: 30_000, phy: {} }),
      'means.phy': (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: 500, phy: { templates: 'raw' } }),
      'stack.pkl': (sd, path) => exportToPickle(stack(sd), path),
      'stack.h5': (sd, path) => exportToWorkspace({ a: { b: stack(sd), c: sd } }, path, { workspaceId: 'id' }),
      'ids.nwb': (sd, path) => exportSpikeDataToNwb(sd, path, { nwb: { sessionStartTime: new Date(0) } }),
    }
    for (const [name, write] of Object.entries(writes)) {
      const path = join(dir, name)
      await write(inMemory, path)
      const expected = bytesAt(path)
      await write(spooled, path)
      for (const [file, bytes] of Object.entries(bytesAt(path))) t.ok(bytes === expected[file], `${name}${file}`)
    }
  })

t.test('trains and rasters', async (t) => {
  const spikes = spikesOf(4 * RUN, UNITS)
  const inMemory = SpikeData.fromIdcesTimes(spikes.units, spikes.times, { N: UNITS })
  await using spooled = await SpikeData.fromBatches([spikes], { N: UNITS, maxMemory: MEBIBYTE })
  t.equal(spooled.length, inMemory.length)
  for (const [unit, train] of inMemory.train.entries()) t.strictSame(await spooled.loadTrain(unit), train)
  t.equal(await inMemory.loadTrain(0), inMemory.train[0])
  t.strictSame(await spooled.rasterAsync(100), inMemory.raster(100))
  t.strictSame(await spooled.rasterAsync(100, 50), inMemory.raster(100, 50))
})

t.test('one unit that is larger than memory', async (t) => {
  const count = 6 * RUN
  const next = numbers(3)
  const ascending = Float64Array.from({ length: count }, (_, i) => i)
  const any = Float64Array.from({ length: count }, () => Math.floor(next() * 1e5) - 5e4)
  const batches: UnitBatch[] = [
    { unit: 1, times: any },
    { unit: 0, times: ascending },
    { unit: 2, times: any.subarray(0, 10) },
  ]
  await using spooled = await SpikeData.fromBatches(batches, { startTime: -5e4, maxMemory: MEBIBYTE })
  t.equal(spooled.firstReordered, 1)
  t.equal(spooled.length, count - 1 + 5e4)
  t.strictSame(await spooled.loadTrain(0), ascending)
  t.strictSame(await spooled.loadTrain(1), any.slice().sort())
  t.strictSame(await spooled.loadTrain(2), any.slice(0, 10).sort())
})

t.test('a million units', async (t) => {
  const count = 3_000_000
  const units = Uint32Array.from({ length: count }, (_, i) => (i * 7919) % 1_000_003)
  const times = Float64Array.from({ length: count }, (_, i) => i)
  const inMemory = SpikeData.fromIdcesTimes(units, times)
  await using spooled = await SpikeData.fromBatches([{ units, times }], { maxMemory: 4 * MEBIBYTE })
  t.match(spooled, { N: 1_000_003, spikeCount: count })
  for (const sd of [inMemory, spooled]) await exportToPickle(sd, join(dir, `${sd.isSpooled}.pkl`), { protocol: 5 })
  t.ok(readFileSync(join(dir, 'true.pkl')).equals(readFileSync(join(dir, 'false.pkl'))))
})

t.test('any batches', async () => {
  const spike = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }))
  const batch = fc.array(spike, { maxLength: 30 })
  const batches = fc.tuple(fc.array(batch, { maxLength: 20 }), fc.option(fc.integer({ min: 31, max: 40 }), { nil: undefined }))
  await fc.assert(
    fc.asyncProperty(batches, async ([all, N]) => {
      // −0 and 0 come in any order.
      const flat = all.flat().map(([unit, time]) => [unit, time + 0] as const)
      const options = { startTime: -1e3, ...(N !== undefined && { N }) }
      const inMemory = SpikeData.fromIdcesTimes(
        flat.map(([unit]) => unit),
        flat.map(([, time]) => time),
        options,
      )
      await using spooled = await SpikeData.fromBatches(
        all.map((spikes) => ({ units: spikes.map(([unit]) => unit), times: spikes.map(([, time]) => time + 0) })),
        options,
      )
      const trains: Float64Array[] = []
      for (let unit = 0; unit < spooled.N; unit++) trains.push(await spooled.loadTrain(unit))
      t.strictSame(trains, inMemory.train)
      t.equal(spooled.length, inMemory.length)
      t.equal(spooled.firstReordered, inMemory.firstReordered)
    }),
  )
})
