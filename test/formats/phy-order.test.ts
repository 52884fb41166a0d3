/**
 * The order of spikes in a Phy folder is that of a stable sort, for random recordings and for those that are hard to cut into
 * blocks.
 */
import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { readNpy } from '../support/npy.js'
import { fc } from '../support/property.js'
import * as rules from '../support/rules.js'

const folder = `${t.testdir()}/phy`

async function check(train: readonly number[][], fsHz: number, threads: number): Promise<void> {
  await exportSpikeDataToKilosort(new SpikeData(train), folder, { fsHz, phy: true, threads })
  const { samples, units } = rules.inTimeOrder(train, fsHz)
  deepStrictEqual((await readNpy(`${folder}/spike_times.npy`)).values, samples)
  deepStrictEqual((await readNpy(`${folder}/spike_clusters.npy`)).values, units)
  deepStrictEqual((await readNpy(`${folder}/spike_templates.npy`)).values, units)
}

const threads = fc.constantFrom(1, 2)
const fsHz = fc.constantFrom(1000, 20000, 24414.0625, 25000.1, 30000)

t.test('times at random, on the same samples, and half way between two', async () => {
  const time = fc.oneof(
    fc.double({ min: 0, max: 1e4, noNaN: true }),
    fc.double({ min: 0, max: 0.1, noNaN: true }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 50000 }).chain((k) => fsHz.map((fs) => (k + 0.5) / (fs / 1000))),
    fc.constantFrom(-0, 0.5, 2 ** 40, 2 ** 48),
  )
  const trains = fc.array(fc.array(time, { maxLength: 30 }), { maxLength: 12 })
  await fc.assert(fc.asyncProperty(trains, fsHz, threads, check), { numRuns: 200 })
})

/** Numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

t.test('many blocks, of any density', async () => {
  const shape = fc.record({
    seed: fc.integer(),
    units: fc.constantFrom(1, 7, 300),
    spikes: fc.integer({ min: 50_000, max: 400_000 }),
    // Quiet, even, and all within a moment, one after the other.
    stretches: fc.array(fc.constantFrom(1e-3, 1, 1e3, 1e7, 1e11), { minLength: 1, maxLength: 4 }),
  })
  const property = fc.asyncProperty(shape, threads, async ({ seed, units, spikes, stretches }, threads) => {
    const random = generator(seed)
    const train = Array.from({ length: units }, () => [] as number[])
    let start = 0
    for (const length of stretches) {
      for (let i = 0; i < spikes / stretches.length; i++) train[Math.floor(random() ** 3 * units)]!.push(start + random() * length)
      start += length
    }
    await check(train, 30000, threads)
  })
  // Few runs, each of which may take a good part of the budget.
  await fc.assert(property, { numRuns: 8, interruptAfterTimeLimit: undefined })
})

t.test('more spikes on one sample than a block holds', async () => {
  const many = (count: number, time: number) => Array.from({ length: count }, () => time)
  for (const threads of [1, 2]) {
    await check([many(200_000, 5)], 30000, threads)
    await check([many(150_000, 5), [4, 5, 6], many(150_000, 5), [...many(3, 5), ...many(90_000, 5.04)]], 30000, threads)
    await check([[...many(70_000, 1), ...many(70_000, 1e9)], [0, 1, 1, 2, 1e9], many(65_536, 1e9)], 30000, threads)
  }
})

t.test('more units than a block usually has spikes', async () => {
  const random = generator(7)
  await check(
    Array.from({ length: 70_000 }, () => Array.from({ length: 3 }, () => random() * 1e4)),
    30000,
    2,
  )
})

t.test('samples up to the end of int64, and no further', async (t) => {
  await check([[0, 2 ** 31, 2 ** 62], [2 ** 31, 2 ** 63 - 1024], [2 ** 62]], 1000, 1)
  for (const train of [[[1], [2 ** 63]], [[2 ** 63]]]) {
    const refused = exportSpikeDataToKilosort(new SpikeData(train), folder, { fsHz: 1000, phy: true })
    await t.rejects(refused, { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE', message: /fit a 64-bit integer/ })
  }
})

t.test('no sample lies before the first', async (t) => {
  const export_ = (time: number) =>
    exportSpikeDataToKilosort(new SpikeData([[1], [time, 2]], { startTime: -10 }), folder, { fsHz: 1000, phy: true })
  await t.rejects(export_(-0.6), { code: 'ERR_INVALID_ARG_VALUE', message: /times from 0 ms on for unit 1 but received -0\.6/ })
  await export_(-0.5)
  t.strictSame((await readNpy(`${folder}/spike_times.npy`)).values, BigInt64Array.of(0n, 1n, 2n), 'which rounds to sample 0')
})

t.test('times that change meanwhile give wrong numbers, and nothing worse', async (t) => {
  const finite = [-1e6, -1, 0, 1, 5e3, 1e9, 2 ** 52]
  for (const values of [finite, [...finite, NaN, Infinity, -1e300]]) {
    const times = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 100)
    const sd = SpikeData.fromFlat(times, [400_000, 700_000, 1_000_000])
    const random = generator(3)
    let running = true
    const outcome = exportSpikeDataToKilosort(sd, folder, { fsHz: 30000, phy: true })
      .then(() => 'written')
      .catch(({ code }: { code: string }) => code)
      .finally(() => (running = false))
    while (running) {
      for (let i = 0; i < 1000; i++) times[Math.floor(random() * times.length)] = values[Math.floor(random() * values.length)]!
      await new Promise(setImmediate)
    }
    // Only a time without a sample stops the export: in any order, each spike is written once.
    t.match(await outcome, values === finite ? 'written' : /^(written|ERR_INVALID_ARG_VALUE)$/)
    if ((await outcome) !== 'written') continue
    const units = (await readNpy(`${folder}/spike_clusters.npy`)).values as Int32Array
    const counts = [0, 0, 0]
    for (const unit of units) counts[unit]!++
    t.strictSame(counts, [400_000, 300_000, 300_000])
  }
})
