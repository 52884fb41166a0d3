/**
 * Statistics of all units: the numbers of a plain computation in JavaScript, of spikes in memory and on the disk.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from '../../lib/index.js'
import type { SpikeStatistics, StatisticsOptions } from '../../lib/statistics/spike-statistics.js'
import { spikeStatistics } from '../../lib/statistics/spike-statistics.js'
import { fc, numbers } from '../support/property.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

/** The same by the definitions: all pairs of spikes, one after the other. */
function plainly(sd: SpikeData, statistics: SpikeStatistics): SpikeStatistics {
  const { isi, autocorrelograms, rates, occupancy, refractoryMs } = statistics
  const empty = ({ binMs, bins }: { binMs: number; bins: number }) => ({ binMs, bins, counts: new Uint32Array(sd.N * bins) })
  const expected = {
    spikeCounts: Float64Array.from(sd.train, (times) => times.length),
    violations: new Float64Array(sd.N),
    ...{ refractoryMs, isi: empty(isi), autocorrelograms: empty(autocorrelograms), rates: empty(rates) },
    occupancy: occupancy && { binMs: occupancy.binMs, bins: occupancy.bins, bits: new Uint8Array(sd.N * Math.ceil(occupancy.bins / 8)) },
  }
  const count = ({ bins, counts }: { bins: number; counts: Uint32Array }, unit: number, bin: number) => {
    if (bin < bins) counts[unit * bins + bin]!++
  }
  const binIn = (time: number, { binMs, bins }: { binMs: number; bins: number }) =>
    binMs === 0 ? 0 : Math.min(bins - 1, Math.floor((time - sd.startTime) / binMs))
  for (const [unit, times] of sd.train.entries()) {
    for (const [i, time] of times.entries()) {
      count(expected.rates, unit, binIn(time, rates))
      if (expected.occupancy) {
        const bin = binIn(time, expected.occupancy)
        expected.occupancy.bits[unit * Math.ceil(expected.occupancy.bins / 8) + (bin >> 3)]! |= 1 << (bin % 8)
      }
      if (i + 1 < times.length) {
        const interval = (times[i + 1] as number) - time
        count(expected.isi, unit, Math.floor(interval / isi.binMs))
        if (interval < refractoryMs) expected.violations[unit]!++
      }
      for (let j = i + 1; j < times.length; j++) {
        const bin = Math.floor(((times[j] as number) - time) / autocorrelograms.binMs)
        if (bin >= autocorrelograms.bins) break
        count(expected.autocorrelograms, unit, bin)
      }
    }
  }
  return expected
}

/** The recording with its spikes on the disk, one batch a unit. */
function onDisk({ train, N, startTime, length }: SpikeData, maxMemory = 2 ** 20): Promise<SpikeData> {
  return SpikeData.fromBatches(
    train.map((times, unit) => ({ unit, times })),
    { N, startTime, length, maxMemory },
  )
}

const WIDTH = fc.oneof(fc.constantFrom(0.05, 0.1, 0.3, 1, 2, 7), fc.double({ min: 0.01, max: 20, noNaN: true }))
const OPTIONS = fc.record(
  {
    ...{
      isiBinMs: WIDTH,
      isiMaxMs: fc.double({ min: 0.01, max: 100, noNaN: true }),
      refractoryMs: fc.double({ min: 0, max: 10, noNaN: true }),
    },
    ...{ lagBinMs: WIDTH, lagMaxMs: fc.double({ min: 0.01, max: 100, noNaN: true }) },
    ...{ rateBins: fc.integer({ min: 1, max: 50 }), occupancyBins: fc.integer({ min: 0, max: 50 }) },
  },
  { requiredKeys: [] },
)
/** Times on a grid, on which bins have their edges, some of them equal; and times anywhere. */
const TIMES = fc.oneof(
  fc.array(
    fc.integer({ min: 0, max: 4000 }).map((i) => i / 20),
    { maxLength: 300 },
  ),
  fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 300 }),
)

t.test('property: the numbers of a plain computation, in memory and on the disk', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(TIMES, { maxLength: 5 }), fc.constantFrom(0, -100, 12.3), OPTIONS, async (times, startTime, options) => {
      const train = times.map((all) => Float64Array.from(all, (time) => time + startTime).sort())
      const sd = new SpikeData(train, { startTime, length: 201 })
      const found = await spikeStatistics(sd, options)
      t.strictSame(found, plainly(sd, found))
      await using disk = await onDisk(sd)
      t.strictSame(await spikeStatistics(disk, options), found)
    }),
  )
})

t.test('trains of several tiles: few pairs, many pairs, and many spikes of one time', async (t) => {
  const next = numbers(5)
  const random = (count: number, length: number) => Float64Array.from({ length: count }, () => next() * length).sort()
  const burst = Float64Array.from({ length: 40_000 }, (_, i) => Math.floor(i / 20_000) * 25 + Math.floor(i / 5000))
  const sd = new SpikeData([random(100_000, 4e6), random(40_000, 8000), new Float64Array(0), burst, random(3, 8000)], { length: 4e6 })
  const options = { lagBinMs: 0.5, lagMaxMs: 20, rateBins: 77, occupancyBins: 1001 }
  const found = await spikeStatistics(sd, options)
  t.strictSame(found, plainly(sd, found))
  await using disk = await onDisk(sd)
  t.ok(disk.isSpooled)
  t.strictSame(await spikeStatistics(disk, options), found)
})

t.test('spikes that stay in the file that they were loaded from', async (t) => {
  const next = numbers(9)
  const train = [50_000, 0, 20].map((count) => Float64Array.from({ length: count }, () => next() * 1e6).sort())
  const path = `${t.testdir()}/lazy.h5`
  await exportSpikeDataToHdf5(new SpikeData(train, { length: 1e6 }), path)
  const options = { lengthMs: 1e6 }
  const expected = await spikeStatistics(await loadSpikeDataFromHdf5(path, options), { occupancyBins: 100 })
  await using lazy = await loadSpikeDataFromHdf5(path, { ...options, lazy: true })
  t.ok(lazy.isSpooled)
  t.strictSame(await spikeStatistics(lazy, { occupancyBins: 100 }), expected)
  t.strictSame([...expected.spikeCounts], [50_000, 0, 20])
})

t.test('edges', async (t) => {
  const options = { isiBinMs: 1, isiMaxMs: 2.5, refractoryMs: 2, lagBinMs: 2, lagMaxMs: 4, rateBins: 4, occupancyBins: 9 }
  const sd = new SpikeData([[-4, -4, -3, -1, 2, 5, 8], [], [0]], { startTime: -4, length: 12 })
  const { isi, violations, autocorrelograms, rates, occupancy, spikeCounts } = await spikeStatistics(sd, options)
  t.strictSame([...spikeCounts], [7, 0, 1])
  t.match(isi, { binMs: 1, bins: 3 }, 'rounded up to whole bins')
  t.strictSame([...isi.counts], [1, 1, 1, 0, 0, 0, 0, 0, 0], 'an interval of 3 is after the end')
  t.strictSame([...violations], [2, 0, 0], 'an interval of 2 is no violation')
  t.match(autocorrelograms, { binMs: 2, bins: 2 })
  t.strictSame([...autocorrelograms.counts], [3, 6, 0, 0, 0, 0])
  t.match(rates, { binMs: 3, bins: 4 })
  t.strictSame([...rates.counts], [3, 1, 1, 2, 0, 0, 0, 0, 0, 1, 0, 0], 'the last bin has the end')
  t.strictSame(occupancy && [...occupancy.bits], [0b01010101, 1, 0, 0, 0b1000, 0])
})

t.test('a window of length 0, and recordings without spikes or units', async (t) => {
  const { rates, occupancy } = await spikeStatistics(new SpikeData([[3, 3], []], { startTime: 3 }), { rateBins: 2, occupancyBins: 3 })
  t.strictSame({ ...rates, counts: [...rates.counts] }, { binMs: 0, bins: 2, counts: [2, 0, 0, 0] })
  t.strictSame(occupancy && [...occupancy.bits], [1, 0])
  const none = await spikeStatistics(new SpikeData([[], []], { N: 3 }))
  t.match(none, { isi: { binMs: 0.5, bins: 100 }, autocorrelograms: { binMs: 1, bins: 50 }, rates: { bins: 600 }, refractoryMs: 2 })
  t.equal(none.occupancy, undefined)
  for (const { counts } of [none.isi, none.autocorrelograms, none.rates]) t.ok(counts.every((count) => count === 0))
  const { spikeCounts, isi } = await spikeStatistics(new SpikeData([]))
  t.equal(spikeCounts.length + isi.counts.length, 0)
})

t.test('a million spikes of one time: exact, and counts that are full', async (t) => {
  const few = await spikeStatistics(new SpikeData([new Float64Array(50_000)], { length: 1 }))
  t.equal(few.autocorrelograms.counts[0], (50_000 * 49_999) / 2)
  t.strictSame(few.violations, Float64Array.of(49_999))
  const many = await spikeStatistics(new SpikeData([new Float64Array(1_000_000)], { length: 1 }))
  t.equal(many.autocorrelograms.counts[0], 2 ** 32 - 1)
  t.equal(many.isi.counts[0], 999_999)
})

t.test('times that change meanwhile do no harm', async (t) => {
  const times = Float64Array.from({ length: 100_000 }, (_, i) => i)
  const sd = new SpikeData([times], { length: 100_000 })
  for (const value of [NaN, Infinity, -Infinity, -1e308]) {
    const statistics = spikeStatistics(sd, { occupancyBins: 100 })
    for (let i = 0; i < times.length; i += 3) times[i] = value
    t.equal((await statistics).spikeCounts[0], 100_000)
  }
})

t.test('options that make no sense', async (t) => {
  const sd = new SpikeData([[1, 2]])
  const cases: [options: StatisticsOptions, error: { name: string; code?: string; message?: string | RegExp }][] = [
    [{ isiBinMs: 0 }, { ...VALUE, message: 'Expected a width in ms above 0 for isiBinMs but received 0.' }],
    [{ lagBinMs: NaN }, VALUE],
    [{ lagMaxMs: Infinity }, VALUE],
    [{ isiMaxMs: -1 }, VALUE],
    [{ lagMaxMs: 1e9 }, { ...VALUE, message: 'Expected a width that makes at most 65536 bins for lagBinMs but received 1.' }],
    [{ isiBinMs: 5e-324 }, VALUE],
    [{ refractoryMs: -1 }, VALUE],
    [{ rateBins: 0 }, VALUE],
    [{ rateBins: 1.5 }, VALUE],
    [{ occupancyBins: 65_537 }, VALUE],
    [{ rateBins: '5' as never }, TYPE],
    [{ signal: 1 as never }, TYPE],
    [{ onProgress: 1 as never }, TYPE],
    [{ lagMax: 1 } as never, { name: 'RangeError', message: /lagMax/ }],
  ]
  for (const [options, error] of cases) await t.rejects(spikeStatistics(sd, options), error, JSON.stringify(options))
  await t.rejects(spikeStatistics({ ...sd } as never), TYPE)
  const large = new SpikeData([], { N: 2 ** 20 })
  await t.rejects(spikeStatistics(large, { rateBins: 2 ** 16 }), {
    ...VALUE,
    message: /at most 4294967296 counts of all units .* rateBins/,
  })
  await using closed = await onDisk(sd)
  await closed.close()
  await t.rejects(spikeStatistics(closed), { code: 'ERR_INVALID_STATE' })
})

t.test('progress', async (t) => {
  const sd = new SpikeData([Float64Array.from({ length: 200_000 }, (_, i) => i)])
  const seen: number[] = []
  await spikeStatistics(sd, {
    onProgress({ spikesDone, spikesTotal }) {
      t.equal(spikesTotal, 200_000)
      seen.push(spikesDone)
    },
  })
  t.equal(seen.at(-1), 200_000)
  t.strictSame(
    seen,
    [...new Set(seen)].sort((a, b) => a - b),
  )
  const error = new Error('of the caller')
  const onProgress = () => {
    throw error
  }
  await t.rejects(spikeStatistics(sd, { onProgress }), error)
})

/** Takes minutes: millions of spikes, whose lags have tens of thousands of bins. */
const long = () => new SpikeData([Float64Array.from({ length: 2_000_000 }, (_, i) => i / 2000)])
const LONG = { lagBinMs: 0.01, lagMaxMs: 600 }

t.test('a signal stops it', async (t) => {
  const before = new Error('before')
  await t.rejects(spikeStatistics(long(), { signal: AbortSignal.abort(before) }), before)
  await using disk = await onDisk(long())
  for (const sd of [long(), disk]) {
    const controller = new AbortController()
    const statistics = spikeStatistics(sd, { ...LONG, signal: controller.signal })
    await sleep(50)
    const reason = new Error('enough')
    const begin = performance.now()
    controller.abort(reason)
    await t.rejects(statistics, reason)
    t.ok(performance.now() - begin < 2000)
  }
})
