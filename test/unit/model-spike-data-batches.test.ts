/**
 * SpikeData.fromBatches: sources of every kind, what it refuses, aborts, and how long spikes stay open.
 */
import { readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { BatchesOptions, BatchesProgress, SpikeBatches } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportToPickle, exportToWorkspace, SpikeData, SpikeSliceStack } from '../../lib/index.js'
import { TYPE_ERROR as TYPE, VALUE_ERROR as VALUE } from '../support/expectations.js'

const dir = t.testdir({ folder: {}, file: '' })
const MEBIBYTE = 2 ** 20
const STATE = { code: 'ERR_INVALID_STATE' }
const linux = process.platform === 'linux' ? false : 'open files are listed on Linux only'

/** The files without a path that this process has open in a folder. */
function spools(folder = dir): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return links.filter((link) => link.startsWith(folder) && link.endsWith('(deleted)')).length
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5)
}

const from = (batches: unknown, options?: object) =>
  SpikeData.fromBatches(batches as SpikeBatches, { spoolFolder: dir, ...options } as BatchesOptions)

async function trainsOf(sd: SpikeData): Promise<number[][]> {
  return Promise.all(Array.from({ length: sd.N }, async (_, unit) => [...(await sd.loadTrain(unit))]))
}

t.afterEach(() => t.strictSame(readdirSync(dir).sort(), ['file', 'folder'], 'nothing has a path'))

t.test('sources of every kind', async (t) => {
  const batches = [
    { units: [1, 0], times: [2.5, 1] },
    { unit: 1, times: Float32Array.of(0.5) },
    { units: new Int8Array(0), times: [] },
  ]
  const sources: Record<string, () => unknown> = {
    array: () => batches,
    set: () => new Set(batches),
    *generator() {
      yield* batches
    },
    async *'async generator'() {
      yield* batches
    },
    promises: () => batches.map(async (batch) => batch),
    'stream of Node': () => Readable.from(batches),
    'stream of the Web': () => Readable.toWeb(Readable.from(batches)),
    'the same arrays filled again': function* () {
      const units = new BigUint64Array(1)
      const times = new Float64Array(1)
      for (const [unit, time] of [
        [1, 2.5],
        [0, 1],
        [1, 0.5],
      ] as const) {
        units[0] = BigInt(unit)
        times[0] = time
        yield { units, times }
      }
    },
    'shared memory': () => {
      const shared = new Float64Array(new SharedArrayBuffer(24))
      shared.set([2.5, 1, 0.5])
      return [{ units: new Uint8ClampedArray([1, 0, 1]), times: shared }]
    },
  }
  for (const [name, source] of Object.entries(sources)) {
    await using sd = await from(source())
    t.match(sd, { N: 2, length: 2.5, startTime: 0, spikeCount: 3, isSpooled: true }, name)
    t.strictSame(await trainsOf(sd), [[1], [0.5, 2.5]], name)
  }
  const types = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]
  for (const type of types) {
    await using sd = await from([{ units: type.of(2, 0), times: type.of(5, 7) }], { N: 4 })
    t.strictSame(await trainsOf(sd), [[7], [], [5], []], type.name)
  }
  await using sd = await from([{ units: BigInt64Array.of(2n, 0n), times: BigInt64Array.of(5n, 7n) }])
  t.strictSame(await trainsOf(sd), [[7], [], [5]])
})

t.test('without spikes or units', async (t) => {
  for (const [options, expected] of [
    [{}, { N: 0, length: 0 }],
    [
      { N: 3, length: 5, startTime: -1 },
      { N: 3, length: 5, startTime: -1 },
    ],
  ] as const) {
    await using sd = await from([], options)
    t.match(sd, { ...expected, spikeCount: 0 })
    t.strictSame(
      await trainsOf(sd),
      Array.from({ length: sd.N }, () => []),
    )
    await exportSpikeDataToHdf5(sd, `${t.testdir()}/empty.h5`)
  }
})

t.test('options', async (t) => {
  const folder = pathToFileURL(`${dir}/folder`)
  const neuronAttributes = [{ a: 1 }, { a: 2 }]
  await using sd = await from([{ unit: 1, times: [1] }], { neuronAttributes, metadata: { b: 1 }, spoolFolder: folder, maxMemory: MEBIBYTE })
  t.match(sd, { N: 2, neuronAttributes, metadata: { b: 1 } })
  if (!linux) t.equal(spools(`${dir}/folder`), 1)
})

t.test('units that come without spikes', async (t) => {
  const batches = [
    { unit: 0, times: [1] },
    { unit: 5, times: [] },
    { units: [2], times: [3] },
  ]
  await using sd = await SpikeData.fromBatches(batches, { neuronAttributes: Array.from({ length: 6 }, (_, unit) => ({ unit })) })
  t.strictSame([sd.N, sd.spikeCount, (await sd.loadTrain(5)).length], [6, 2, 0])
  await using more = await SpikeData.fromBatches([...batches, { units: [7], times: [4] }])
  t.equal(more.N, 8)
  await using none = await SpikeData.fromBatches([{ unit: 3, times: [] }])
  t.equal(none.N, 4)
})

t.test('what it refuses', async (t) => {
  const batch = { units: [0], times: [1] }
  const cases: [batches: unknown, options: unknown, error: typeof TYPE, message: RegExp][] = [
    [5, {}, TYPE, /^Expected an iterable or async iterable of batches for batches but received 5\.$/],
    [null, {}, TYPE, /for batches but received null/],
    [{ [Symbol.iterator]: 5 }, {}, TYPE, /for batches/],
    [[5], {}, TYPE, /an object for batch 0 but received 5/],
    [[batch, 'ab'], {}, TYPE, /an object for batch 1/],
    [[{ times: [1] }], {}, VALUE, /either units or unit for batch 0/],
    [[{ ...batch, unit: 0 }], {}, VALUE, /either units or unit for batch 0/],
    [[{ units: [0] }], {}, TYPE, /an array of numbers for times of batch 0/],
    [[{ units: 0, times: [1] }], {}, TYPE, /an array of numbers for units of batch 0/],
    [[{ unit: '0', times: [1] }], {}, TYPE, /a unit number for unit of batch 0/],
    [[{ ...batch, time: [1] }], {}, VALUE, /name of an option for batch 0 but received 'time' \(did you mean times\?\)/],
    [[{ units: [0, 1], times: [1] }], {}, VALUE, /2, the length of units, for times\.length of batch 0 but received 1/],
    [
      [batch, { units: [0, -1], times: [1, 2] }],
      {},
      VALUE,
      /a whole unit number of 0 or more for entry 1 of units of batch 1 but received -1/,
    ],
    [[{ units: [0.5], times: [1] }], {}, VALUE, /entry 0 of units of batch 0 but received 0\.5/],
    [[{ unit: NaN, times: [1] }], {}, VALUE, /^Expected a unit number from 0 to 16777215 for unit of batch 0 but received NaN\.$/],
    [[{ unit: -1, times: [] }], {}, VALUE, /for unit of batch 0 but received -1/],
    [[{ unit: 0.5, times: [] }], {}, VALUE, /for unit of batch 0 but received 0\.5/],
    [[{ unit: 2, times: [] }], { N: 2 }, VALUE, /a whole unit number from 0 to 1, as N is 2, for unit of batch 0 but received 2/],
    [[{ units: [2], times: [1] }], { N: 2 }, VALUE, /a whole unit number from 0 to 1, as N is 2, for entry 0/],
    [[{ unit: 2 ** 24, times: [1] }], {}, VALUE, /a unit number from 0 to 16777215 for unit of batch 0 but received 16777216/],
    [
      [{ units: [2 ** 24], times: [1] }],
      {},
      VALUE,
      /unit numbers from 0 to 16777215 for entry 0 of units of batch 0 but received 16777216/,
    ],
    [[{ units: [0, 3], times: [1, NaN] }], {}, VALUE, /^Expected finite times for unit 3, entry 1 of batch 0, but received NaN\.$/],
    [[{ unit: 3, times: [Infinity] }], { length: 5 }, VALUE, /finite times for unit 3, entry 0 of batch 0, but received Infinity/],
    [[{ unit: 3, times: [-1] }], {}, VALUE, /times from 0 ms on \(startTime\) for unit 3, entry 0 of batch 0, but received -1/],
    [
      [{ unit: 3, times: [6] }],
      { length: 5 },
      VALUE,
      /times up to 5 ms \(startTime \+ length\) for unit 3, entry 0 of batch 0, but received 6/,
    ],
    [[{ unit: 0, times: ['1'] }], {}, TYPE, /a number for entry 0 of times of batch 0/],
    [[{ units: [null], times: [1] }], {}, TYPE, /a number for entry 0 of units of batch 0/],
    [
      [{ unit: 0, times: [-Number.MAX_VALUE, Number.MAX_VALUE] }],
      { startTime: -Number.MAX_VALUE },
      VALUE,
      /times that span a finite length/,
    ],
    [[], { N: -1 }, VALUE, /for N but received -1/],
    [[], { length: NaN }, VALUE, /for length/],
    [[], { startTime: '0' }, TYPE, /for startTime/],
    [[], { maxMemory: 1 }, VALUE, /a whole number of bytes from 1048576 to 1099511627776 for maxMemory but received 1/],
    [[], { maxMemory: '1' }, TYPE, /for maxMemory/],
    [[], { spoolFolder: 5 }, TYPE, /a path or a file: URL for spoolFolder/],
    [[], { spoolFolder: '' }, VALUE, /for spoolFolder/],
    [[], { spoolfolder: '.' }, VALUE, /did you mean spoolFolder\?/],
    [[], { signal: 1 }, TYPE, /an AbortSignal for signal/],
    [[], { onProgress: 1 }, TYPE, /a function for onProgress/],
    [[batch], { neuronAttributes: [{}, {}] }, VALUE, /for neuronAttributes/],
    [[batch], { N: 2, neuronAttributes: [{}] }, VALUE, /for neuronAttributes/],
  ]
  for (const [batches, options, error, message] of cases) {
    await t.rejects(from(batches, options as object), { ...error, message }, String(message))
  }
  const missing = `${dir}/missing`
  await t.rejects(from([batch], { spoolFolder: missing }), { code: 'ENOENT', syscall: 'open', path: missing })
  await t.rejects(from([batch], { spoolFolder: `${dir}/file` }), { code: 'ENOTDIR', syscall: 'open' })
  const detached = new Float64Array(3)
  structuredClone(detached, { transfer: [detached.buffer] })
  await t.rejects(from([{ unit: 0, times: detached }]), { ...VALUE, message: /whose buffer was not transferred for times of batch 0/ })
  if (!linux) t.equal(spools(), 0)
})

t.test('hostile batches are read once', async (t) => {
  let reads = 0
  const hostile = {
    get units() {
      return reads++ === 0 ? [0, 1] : [7, 7, 7]
    },
    times: [1, 2],
  }
  await using sd = await from([hostile])
  t.equal(reads, 1)
  t.strictSame(await trainsOf(sd), [[1], [2]])
  const throwing = {
    get times() {
      throw new Error('no times')
    },
    unit: 0,
  }
  await t.rejects(from([throwing]), { message: 'no times' })
})

/** A source that counts how often it is asked, and notes that it was closed. */
function source(next: (asked: number) => unknown) {
  const state = { asked: 0, closed: 0 }
  const iterator = {
    next: () => next(state.asked++),
    return: () => {
      state.closed++
      return Promise.resolve({ done: true, value: undefined })
    },
  }
  return { state, batches: { [Symbol.asyncIterator]: () => iterator } }
}

const batch = { units: new Int32Array(1000), times: new Float64Array(1000) }
const endless = () => Promise.resolve({ done: false, value: batch })

t.test('sources that fail', async (t) => {
  const failed = new Error('the sorter failed')
  const throwing = source((asked) => (asked === 3 ? Promise.reject(failed) : endless()))
  t.equal(await from(throwing.batches).catch((error: unknown) => error), failed)
  t.match(throwing.state, { asked: 4, closed: 0 })
  const wrong = source((asked) => Promise.resolve({ done: false, value: asked === 3 ? { unit: 0, times: [NaN] } : batch }))
  await t.rejects(from(wrong.batches), { ...VALUE, message: /entry 0 of batch 3/ })
  t.match(wrong.state, { asked: 4, closed: 1 })
  const unclosable = { next: endless, return: () => Promise.reject(new Error('cannot be closed')) }
  const onProgress = () => {
    throw failed
  }
  t.equal(await from({ [Symbol.asyncIterator]: () => unclosable }, { onProgress }).catch((error: unknown) => error), failed)
  if (!linux) t.equal(spools(), 0)
})

t.test('signals', async (t) => {
  const reason = new Error('enough')
  const signal = AbortSignal.abort(reason)
  const untouched = source(endless)
  t.equal(await from(untouched.batches, { signal }).catch((error: unknown) => error), reason)
  t.equal(untouched.state.asked, 0)
  for (const [name, next] of [
    ['endless', endless],
    ['never goes on', () => new Promise(() => {})],
    ['fails later', () => sleep(60).then(() => Promise.reject(new Error('late')))],
  ] as const) {
    const { state, batches } = source(next)
    const controller = new AbortController()
    const ended = from(batches, { signal: controller.signal, maxMemory: MEBIBYTE }).catch((error: unknown) => error)
    setTimeout(() => controller.abort(reason), 30)
    t.equal(await ended, reason, name)
    t.equal(state.closed, 1, name)
  }
  await sleep(80)
  // While spikes are sorted: so many that a busy machine, too, comes to the signal before they are.
  const count = 4_000_000
  const many = { units: Int32Array.from({ length: count }, (_, i) => i % 100), times: new Float64Array(count) }
  const controller = new AbortController()
  function* ending() {
    yield many
    setImmediate(() => controller.abort(reason))
  }
  t.equal(await from(ending(), { signal: controller.signal, maxMemory: MEBIBYTE }).catch((error: unknown) => error), reason)
  if (!linux) t.equal(spools(), 0)
})

t.test('progress', async (t) => {
  const reports: BatchesProgress[] = []
  const slow = async function* () {
    for (let i = 0; i < 6; i++) {
      await sleep(60)
      yield batch
    }
  }
  await using sd = await from(slow(), { onProgress: (progress: BatchesProgress) => reports.push(progress) })
  t.strictSame(reports.at(-1), { spikesRead: 6000, spikesSorted: 6000 })
  t.match(reports[0], { spikesSorted: 0 })
  t.ok(reports.length > 1 && reports.length < 6)
  t.equal(sd.spikeCount, 6000)
})

t.test('backpressure: the source waits while the disk does', async (t) => {
  let most = 0
  let made = 0
  const { batches } = source(() => {
    most = Math.max(most, ++made)
    return Promise.resolve(made > 50 ? { done: true, value: undefined } : { done: false, value: batch })
  })
  await using sd = await from(batches)
  t.match(sd, { spikeCount: 50_000, N: 1 })
  t.equal(most, 51)
})

t.test('in memory only, and closed', async (t) => {
  const folder = t.testdir()
  const sd = await from([{ units: [0, 1], times: [1, 2] }])
  t.throws(() => sd.train, {
    ...STATE,
    message: /^Expected a recording with its spikes in memory for train but received one that is spooled/,
  })
  t.throws(() => sd.raster(), { ...STATE, message: /for raster but received one that is spooled \(use rasterAsync\)\.$/ })
  await t.rejects(sd.loadTrain(2), VALUE)
  await t.rejects(new SpikeData([]).loadTrain(0), { ...VALUE, message: 'Expected a recording with units for unit but received 0.' })
  await t.rejects(sd.loadTrain('0' as never), TYPE)
  await t.rejects(sd.loadTrain(0, { signal: AbortSignal.abort(new Error('no')) }), { message: 'no' })
  // Exports that have begun are waited for, also while they are planned.
  const exports = [
    exportSpikeDataToHdf5(sd, `${folder}/a.h5`),
    exportToPickle(new SpikeSliceStack([sd]), `${folder}/b.pkl`),
    sd.rasterAsync(1),
    sd.loadTrain(1),
  ]
  const order: string[] = []
  const closing = [sd.close(), sd.close()].map((closed) => closed.then(() => order.push('closed')))
  for (const ended of exports) void (ended as Promise<unknown>).then(() => order.push('ended'))
  const closedError = { ...STATE, message: 'Expected an open recording for sd but received one that was closed.' }
  await t.rejects(exportSpikeDataToHdf5(sd, `${folder}/c.h5`), closedError)
  await Promise.all([...exports, ...closing])
  t.strictSame(order, ['ended', 'ended', 'ended', 'ended', 'closed', 'closed'])
  if (!linux) t.equal(spools(), 0)
  for (const call of [
    () => exportSpikeDataToHdf5(sd, `${folder}/c.h5`),
    () => exportToPickle(sd, `${folder}/c.pkl`),
    () => exportToPickle(new SpikeSliceStack([sd]), `${folder}/c.pkl`),
    () => exportToWorkspace({ a: { sd } }, `${folder}/c`),
    () => sd.rasterAsync(),
    () => sd.loadTrain(0),
  ]) {
    await t.rejects(call as () => Promise<unknown>, closedError)
  }
  t.strictSame(readdirSync(folder).sort(), ['a.h5', 'b.pkl'])
  t.match(sd, { N: 2, spikeCount: 2, length: 2 })
  const inMemory = new SpikeData([[1]])
  await inMemory.close()
  await exportSpikeDataToHdf5(inMemory, `${folder}/d.h5`)
})

t.test('using, and garbage collection', { skip: linux }, async (t) => {
  {
    await using sd = await from([batch])
    t.equal(sd.spikeCount, 1000)
    t.equal(spools(), 1)
  }
  t.equal(spools(), 0)
  {
    using sd = await from([batch])
    t.equal(sd.spikeCount, 1000)
  }
  await until(() => spools() === 0)
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  await from([batch]).then((sd) => t.equal(sd.spikeCount, 1000))
  await until(() => {
    gc()
    return spools() === 0
  })
  t.pass('freed')
})

t.test('a folder behind a link', async (t) => {
  const link = `${t.testdir()}/link`
  symlinkSync(dir, link)
  await using sd = await from([batch], { spoolFolder: link })
  t.equal(sd.spikeCount, 1000)
})
