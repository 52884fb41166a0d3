/**
 * The bulk of a pickle, which native code turns into text and writes in pieces, on several threads: the bytes that the rules in
 * support/segments.ts give, wherever a piece ends.
 */
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import { spikeDataObject } from '../../lib/formats/pickle/classes.js'
import { pickle } from '../../lib/formats/pickle/pickler.js'
import type { PickleOptions } from '../../lib/index.js'
import { exportSpikeDataToKilosort, exportToPickle, NDArray, SpikeData } from '../../lib/index.js'
import { atOnce } from '../../lib/steps.js'
import { foundTrains } from '../support/numpy.js'
import { knownTrains, render } from '../support/segments.js'
import type { Made } from '../support/unpickle.js'
import { unpickle } from '../support/unpickle.js'

const dir = t.testdir()

/** Three that hold text in place of bytes, in two encodings, and one that holds bytes. */
const PROTOCOLS = [0, 1, 2, 5] as const

async function exported(sd: SpikeData, options: PickleOptions): Promise<Buffer> {
  await exportToPickle(sd, `${dir}/a.pkl`, options)
  return readFileSync(`${dir}/a.pkl`)
}

async function check(t: Test, sd: SpikeData): Promise<void> {
  for (const protocol of PROTOCOLS) {
    const trains = knownTrains(sd.train)
    const segments = atOnce(pickle(spikeDataObject(sd), protocol)).map((segment) =>
      segment.segment === 'repeat' ? { ...segment, source: { ...segment.source, trains } } : segment,
    )
    t.ok(render(segments).equals(await exported(sd, { protocol })), `protocol ${protocol}`)
  }
}

/** What the byte at a place is. Only some bytes are escaped in protocol 0, and others are two bytes in UTF-8. */
const PATTERNS: Record<string, (i: number) => number> = {
  'every byte': (i) => i * 7 + (i >> 8),
  ASCII: (i) => i & 0x7f,
  'high bytes': (i) => i | 0x80,
  'escaped bytes': (i) => [0, 10, 13, 26, 92][i % 5] as number,
  runs: (i) => ((i >> 6) % 2 === 0 ? 65 : 200) + (i % 64 === 63 ? 1 : 0),
}

/** Larger than what TypeScript itself writes. */
const LARGE = 32_768
const PIECE = 2 ** 19

for (const [name, pattern] of Object.entries(PATTERNS)) {
  t.test(`arrays: ${name}`, async (t) => {
    const sizes = [1, 2, 3, 63, 64, 65].map((more) => LARGE + more).concat(PIECE - 1, PIECE + 65, 4 * PIECE + 3)
    const arrays = sizes.map((size) => Uint8Array.from({ length: size }, (_, i) => pattern(i)))
    await check(t, new SpikeData([[1]], { metadata: { arrays } }))
  })
}

const ascending = (length: number, step: number) => Float64Array.from({ length }, (_, i) => i * step)

t.test('elements of several bytes, and elements that are made', async (t) => {
  const rawData = new NDArray(
    Int16Array.from({ length: 600_000 }, (_, i) => i * 7919),
    [2, 300_000],
  )
  await check(t, new SpikeData([[1]], { rawData, rawTime: 30 }))
})

t.test('units: large, small, empty, and in between', async (t) => {
  const many = (count: number, train: Float64Array) => Array.from({ length: count }, () => train)
  const none = new Float64Array(0)
  await check(t, new SpikeData([ascending(400_000, 1 / 7)]))
  await check(t, new SpikeData([none, ascending(200_000, 0.25), none, none, ascending(1, 1), ascending(150_000, 1 / 3)]))
  await check(t, new SpikeData(many(5000, none)))
  await check(t, new SpikeData([...many(3000, none), ascending(9, 1 / 9), ...many(3000, ascending(17, 1.1)), ascending(70_000, 0.1)]))
  await check(t, new SpikeData([ascending(2 ** 13, 1 / 11), ...many(40, ascending(2 ** 13 - 1, 1 / 13)), ...many(40, ascending(513, 2))]))
})

t.test('text of several megabytes between the arrays', async (t) => {
  await check(t, new SpikeData([ascending(50_000, 0.3)], { metadata: { text: 'é'.repeat(2_500_000), after: ascending(9000, 0.7) } }))
})

t.test('as many threads as one likes', async (t) => {
  const sd = new SpikeData([ascending(600_000, 1 / 7), ...Array.from({ length: 80 }, () => ascending(15_000, 1 / 9))])
  for (const protocol of PROTOCOLS) {
    const [one, ...others] = await Promise.all([1, 2, 16].map((threads) => exportedBy(threads, protocol)))
    t.ok(
      others.every((bytes) => bytes.equals(one as Buffer)),
      `protocol ${protocol}`,
    )
  }
  async function exportedBy(threads: number, protocol: (typeof PROTOCOLS)[number]): Promise<Buffer> {
    const path = `${dir}/${threads}.pkl`
    await exportToPickle(sd, path, { protocol, threads })
    return readFileSync(path)
  }

  const folders = [1, 2, 16].map((threads) => ({ threads, folder: `${dir}/kilosort-${threads}` }))
  await Promise.all(folders.map(({ threads, folder }) => exportSpikeDataToKilosort(sd, folder, { fsHz: 30000, threads })))
  for (const name of ['spike_times.npy', 'spike_clusters.npy']) {
    const [one, ...others] = folders.map(({ folder }) => readFileSync(`${folder}/${name}`))
    t.ok(
      others.every((bytes) => bytes.equals(one as Buffer)),
      name,
    )
  }
})

t.test('times that change while they are written: a pickle of as many numbers', async (t) => {
  const train = Array.from({ length: 4 }, () => ascending(300_000, 1))
  const sd = new SpikeData(train)
  for (const protocol of [0, 2] as const) {
    let isDone = false
    const done = exported(sd, { protocol }).finally(() => (isDone = true))
    for (let round = 0; !isDone; round++) {
      // Text of another length each time.
      train[round % 4]?.fill(round % 3 === 0 ? 0 : -1 / 7)
      await new Promise(setImmediate)
    }
    const attributes = (unpickle(await done).value as Made).state as Map<string, unknown>
    const lengths = foundTrains(attributes.get('train')).map(({ length }) => length)
    t.strictSame(lengths, [300_000, 300_000, 300_000, 300_000], `protocol ${protocol}`)
  }
})
