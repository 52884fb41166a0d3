import { deepStrictEqual } from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { addon } from '../../lib/engine/native.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { rasterBins } from '../../lib/recording/windows.js'
import { fc } from '../support/property.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const rows = (sd: SpikeData, binSizeMs?: number, timeOffset?: number) => {
  const { data, shape } = sd.raster(binSizeMs, timeOffset)
  const [units = 0, bins = 0] = shape
  return Array.from({ length: units }, (_, u) => Array.from(data.subarray(u * bins, (u + 1) * bins), Number))
}

t.test('bins', async (t) => {
  const cases: [length: number, binSize: number, bins: number][] = [
    [0, 1, 0],
    [10, 1, 10],
    [10.5, 1, 11],
    [0.5, 1, 1],
    [10, 3, 4],
    [0.3, 0.1, 3],
    [2.1, 0.7, 3],
    [10 + 1e-8, 1, 11],
    [10 + 1e-10, 1, 10],
    [1e-10, 1, 0],
    [3_600_000, 0.1, 36_000_000],
  ]
  for (const [length, binSize, bins] of cases) t.equal(rasterBins(length, binSize), bins, `${length} / ${binSize}`)
  t.ok(Object.is(rasterBins(0, 1), 0), 'no negative zero')
})

t.test('property: a rounding error in the length makes no bin of its own', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (bins, binSize) => {
      return rasterBins(bins * binSize, binSize) === bins
    }),
  )
})

t.test('spikes are counted in bins open on the left and closed on the right', async (t) => {
  const sd = new SpikeData([[0, 0.5, 1, 1.5, 2, 3], [], [2.5]], { length: 3 })
  t.strictSame(rows(sd), [
    [3, 2, 1],
    [0, 0, 0],
    [0, 0, 1],
  ])
  t.strictSame(rows(sd, 2), [
    [5, 1],
    [0, 0],
    [0, 1],
  ])
  t.strictSame(rows(sd, 100), [[6], [0], [1]])
  t.strictSame(rows(sd, 1, 2), [
    [0, 1, 2, 2, 1],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 1],
  ])
  t.strictSame(rows(sd, 1, -1), [
    [5, 1],
    [0, 0],
    [0, 1],
  ])
  t.strictSame(rows(new SpikeData([[-5, -4, 0]], { startTime: -5, length: 10 }), 5), [[3, 0]])
  const raster = sd.raster()
  t.ok(raster.data instanceof BigInt64Array)
  t.strictSame(raster.shape, [3, 3])
})

t.test('rasters without spikes, units or bins', async (t) => {
  t.strictSame(new SpikeData([], { length: 5 }).raster().shape, [0, 5])
  t.strictSame(new SpikeData([[], []]).raster().shape, [2, 0])
  t.strictSame(new SpikeData([[]], { length: 2 }).raster(1, -2).shape, [1, 0])
})

t.test('what raster refuses', async (t) => {
  const sd = new SpikeData([[1]], { length: 3 })
  const cases: [binSizeMs: unknown, timeOffset: unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    ['1', 0, TYPE, "Expected a width in ms above 0 for binSizeMs but received '1'."],
    [1, '0', TYPE, "Expected a finite time in ms of at least -3 (-length) for timeOffset but received '0'."],
    [0, 0, VALUE, 'Expected a width in ms above 0 for binSizeMs but received 0.'],
    [-1, 0, VALUE, 'Expected a width in ms above 0 for binSizeMs but received -1.'],
    [NaN, 0, VALUE, 'Expected a width in ms above 0 for binSizeMs but received NaN.'],
    [Infinity, 0, VALUE, 'Expected a width in ms above 0 for binSizeMs but received Infinity.'],
    [1, NaN, VALUE, 'Expected a finite time in ms of at least -3 (-length) for timeOffset but received NaN.'],
    [1, Infinity, VALUE, 'Expected a finite time in ms of at least -3 (-length) for timeOffset but received Infinity.'],
    [1, -3.5, VALUE, 'Expected a finite time in ms of at least -3 (-length) for timeOffset but received -3.5.'],
    [1, -3, VALUE, 'Expected more than 0 ms, as there are spikes, for length + timeOffset but received 0.'],
  ]
  for (const [binSizeMs, timeOffset, error, message] of cases) {
    t.throws(() => sd.raster(binSizeMs as never, timeOffset as never), { ...error, message })
  }
})

t.test('property: a raster holds every spike once, in the bin of the scalar rule', async () => {
  const recording = fc.record({
    train: fc.array(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 40 }), { maxLength: 6 }),
    startTime: fc.double({ min: -100, max: 100, noNaN: true }),
    binSizeMs: fc.double({ min: 0.05, max: 50, noNaN: true }),
    timeOffset: fc.double({ min: 0, max: 20, noNaN: true }),
  })
  fc.assert(
    fc.property(recording, ({ train, startTime, binSizeMs, timeOffset }) => {
      const shifted = train.map((times) => times.map((time) => time + startTime))
      const sd = new SpikeData(shifted, { startTime, length: 250 })
      const bins = rasterBins(250 + timeOffset, binSizeMs)
      const expected = shifted.map((times) => {
        const row = new Array<number>(bins).fill(0)
        for (const time of times) {
          const bin = Math.ceil((time + (-startTime + timeOffset)) / binSizeMs) - 1
          row[Math.min(Math.max(bin, 0), bins - 1)]! += 1
        }
        return row
      })
      deepStrictEqual(rows(sd, binSizeMs, timeOffset), expected)
    }),
    { numRuns: 50 },
  )
})

t.test('the native trains keep the times alive', async (t) => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const listed = new SpikeData(Array.from({ length: 2000 }, (_, i) => (i % 2 ? [2, 1] : Float64Array.of(1, 2)))).nativeTrains
  const flat = SpikeData.fromFlat(
    Float64Array.from({ length: 4000 }, (_, i) => 1 + (((i >> 1) + i) % 2)),
    ends(2000),
  ).nativeTrains
  for (let i = 0; i < 5; i++) {
    collectGarbage()
    Array.from({ length: 1000 }, () => new Float64Array(512).fill(-1))
  }
  for (const trains of [listed, flat]) {
    const counts = new BigInt64Array(trains.unitCount * 2)
    addon.fillRaster({ kind: 'raster', trains, startTime: 0, binSizeMs: 1, bins: 2 }, counts)
    t.ok(counts.every((count) => count === 1n))
  }
})

function ends(units: number): number[] {
  return Array.from({ length: units }, (_, unit) => 2 * (unit + 1))
}

t.test('a raster has no more counts than an array holds', async (t) => {
  const sd = new SpikeData([[1], [2], [3]])
  for (const binSizeMs of [1e-12, 5e-324, 6e-9 / 4]) {
    const message = `Expected a width that makes at most 4294967296 counts in all for binSizeMs but received ${binSizeMs}.`
    t.throws(() => sd.raster(binSizeMs), { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message })
    t.throws(() => new SpikeData([], { length: 10 }).raster(binSizeMs), { code: 'ERR_INVALID_ARG_VALUE' })
  }
})
