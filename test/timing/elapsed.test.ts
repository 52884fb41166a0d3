/**
 * `elapsedMs` is the time from the call to the end, waiting included. By a clock: never more than has passed, and never
 * less than what is known to have been spent.
 */
import type { Test } from 'tap'
import t from 'tap'
import type { ExportReport, SpikeLabObject } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { EXPORTS } from '../support/exporters.js'
import { s3Store } from '../support/s3-store.js'

const dir = t.testdir()
const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }

const SPENT_MS = 50

/** Holds this thread for a while. */
function spend(): void {
  const end = performance.now() + SPENT_MS
  while (performance.now() < end) continue
}

/** Runs an export that takes at least `least` ms. */
async function check(t: Test, name: string, least: number, run: () => Promise<ExportReport>): Promise<void> {
  const started = performance.now()
  const { elapsedMs } = await run()
  const took = performance.now() - started
  t.ok(elapsedMs >= least && elapsedMs <= took, `${name}: ${elapsedMs.toFixed(1)} ms, from ${least} to ${took.toFixed(1)}`)
}

/** Options that take their time to be read: before anything is awaited. */
function slowly<T extends object>(options: T): T {
  return Object.defineProperty(options, 'durable', { enumerable: true, get: spend })
}

/** Attributes that take their time to be read: while the export is being planned. */
const slowAttributes = (): Record<string, unknown>[] => [
  Object.defineProperty({}, 'electrode', { enumerable: true, get: () => (spend(), 1) }),
  { electrode: 2 },
]

t.test('before anything is awaited', async (t) => {
  const sd = new SpikeData([[1], [2]])
  await check(t, 'hdf5', SPENT_MS, () => exportSpikeDataToHdf5(sd, `${dir}/options.h5`, slowly({})))
  await check(t, 'nwb', SPENT_MS, () => exportSpikeDataToNwb(sd, `${dir}/options.nwb`, slowly({ nwb })))
  await check(t, 'kilosort', SPENT_MS, () => exportSpikeDataToKilosort(sd, `${dir}/options-ks`, slowly({ fsHz: 1000 })))
  await check(t, 'phy', SPENT_MS, () => exportSpikeDataToKilosort(sd, `${dir}/options-phy`, slowly({ fsHz: 1000, phy: true })))
  await check(t, 'pickle', SPENT_MS, () => exportToPickle(sd, `${dir}/options.pkl`, slowly({})))
})

t.test('before anything is awaited: every class that can be pickled', async (t) => {
  const square = new NDArray(new Float64Array(4), [2, 2])
  const cube = new NDArray(new Float64Array(8), [2, 2, 2])
  const objects: SpikeLabObject[] = [
    new RateData(square, [0, 1]),
    new PairwiseCompMatrix(square),
    new PairwiseCompMatrixStack(cube),
    new RateSliceStack(cube),
    new SpikeSliceStack([new SpikeData([[1]])]),
  ]
  for (const object of objects) {
    await check(t, object.constructor.name, SPENT_MS, () => exportToPickle(object, `${dir}/class.pkl`, slowly({})))
  }
})

t.test('while the export is planned', async (t) => {
  for (const [name, write] of EXPORTS.filter(([name]) => /^(nwb|spikelab|kilosort|phy|pickle.*)$/.test(name))) {
    const sd = new SpikeData([[1], [2]], { neuronAttributes: slowAttributes() })
    await check(t, name, SPENT_MS, () => write(sd, `${dir}/attributes ${name}`))
  }
})

t.test('in the last call of onProgress', async (t) => {
  const sd = new SpikeData([[1], [2]])
  for (const [name, write] of EXPORTS) {
    await check(t, name, SPENT_MS, () => write(sd, `${dir}/progress ${name}`, { onProgress: spend }))
  }
})

t.test('many units', async (t) => {
  const N = 200_000
  const neuronAttributes = Array.from({ length: N }, (_, unit) => ({ electrode: unit, quality: 'good', location: [unit, 0] }))
  const sd = new SpikeData([], { N, neuronAttributes })
  const writers = {
    nwb: () => exportSpikeDataToNwb(sd, `${dir}/many.nwb`, { nwb }),
    spikelab: () => exportSpikeDataToNwb(sd, `${dir}/many-spikelab.nwb`, { profile: 'spikelab' }),
    phy: () => exportSpikeDataToKilosort(sd, `${dir}/many-phy`, { fsHz: 1000, phy: true }),
    pickle: () => exportToPickle(sd, `${dir}/many.pkl`),
  }
  for (const [name, write] of Object.entries(writers)) {
    // Nothing but promises comes after the report was made.
    const started = performance.now()
    const { elapsedMs } = await write()
    const took = performance.now() - started
    t.ok(elapsedMs > took / 2 && elapsedMs <= took, `${name}: ${elapsedMs.toFixed(0)} of ${took.toFixed(0)} ms`)
  }
})

t.test('jobs that wait for threads', async (t) => {
  const small = new SpikeData([[1]])
  const large = new SpikeData(Array.from({ length: 20 }, () => Float64Array.from({ length: 50_000 }, (_, i) => i)))
  for (const [name, write] of EXPORTS) {
    const controller = new AbortController()
    const busy = Array.from({ length: 4 }, (_, i) =>
      exportSpikeDataToHdf5(large, `${dir}/busy-${i}`, { compression: { level: 9 }, signal: controller.signal }).catch(() => {}),
    )
    // Every job has begun, and the thread that could take up another is held for a while.
    await new Promise((resolve) => setImmediate(resolve))
    const ended = check(t, name, SPENT_MS, () => write(small, `${dir}/waiting ${name}`))
    spend()
    await ended
    controller.abort()
    await Promise.all(busy)
  }
})

t.test('an upload', async (t) => {
  const { upload: store } = await s3Store(t, (request, response) => {
    request.resume().on('end', () => setTimeout(() => response.writeHead(200, { etag: '"1"' }).end(), SPENT_MS))
  })
  const sd = new SpikeData([[1], [2]])
  // A timer may fire a millisecond early.
  const least = SPENT_MS - 1
  await check(t, 'hdf5', least, () => exportSpikeDataToHdf5(sd, 's3://bucket/a.h5', store))
  await check(t, 'nwb', least, () => exportSpikeDataToNwb(sd, 's3://bucket/a.nwb', { nwb, ...store }))
  await check(t, 'pickle', least, () => exportToPickle(sd, 's3://bucket/a.pkl', store))
  await check(t, 'kilosort, one file after the other', 2 * least, () =>
    exportSpikeDataToKilosort(sd, 's3://bucket/ks', { fsHz: 1000, ...store }),
  )
})
