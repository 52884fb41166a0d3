/**
 * Streams that are not what they should be, fail, or are stopped: one clear error, the iterator is closed, and nothing is left on disk.
 */

import { getEventListeners } from 'node:events'
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Test } from 'tap'
import t from 'tap'
import type { ExportOptions, NwbSeries, RawBlocks, RawDtype } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  rawStream,
  SpikeData,
} from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'

const dir = t.testdir({ 'old.h5': 'old' })
const file = `${dir}/old.h5`
const RAW = { rawDataset: 'raw', rawTimeDataset: 'times' }
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

const recording = (source: RawBlocks, options: { dtype?: RawDtype; channels?: number; samples?: number } = {}) =>
  new SpikeData([[1]], { rawData: rawStream(source, { dtype: 'int16', channels: 2, ...options }), rawTime: 20 })

const reason = new Error('enough')

/** A signal whose clock keeps the process alive, which that of `AbortSignal.timeout` does not. */
function stoppedSoon(): AbortSignal {
  const stop = new AbortController()
  setTimeout(() => stop.abort(reason), 20)
  return stop.signal
}

const EXPORTS: Record<string, (sd: SpikeData, options?: ExportOptions) => Promise<unknown>> = {
  hdf5: (sd, options) => exportSpikeDataToHdf5(sd, file, { ...RAW, ...options }),
  nwb: (sd, options) => exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, ...options }),
}

const block = (samples: number, channels = 2) => new Int16Array(samples * channels)

/** Yields a large block, and then what is given; counts how often it was closed. */
function watched(then: () => unknown): { source: RawBlocks; closed: () => number } {
  let closed = 0
  let next = 0
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => (next++ === 0 ? { value: block(100_000), done: false } : (then() as IteratorResult<Int16Array>)),
      return: async () => {
        closed++
        return { value: undefined, done: true }
      },
    }),
  } as unknown as RawBlocks
  return { source, closed: () => closed }
}

/** Only what was there before is there now. */
function untouched(t: Test, what: string): void {
  t.strictSame(readdirSync(dir), ['old.h5'], what)
  t.equal(readFileSync(file, 'utf8'), 'old', what)
}

t.test('blocks that are none', async (t) => {
  const cases: [name: string, value: unknown, expected: typeof TYPE_ERROR | { message: string }][] = [
    [
      'another dtype',
      new Float32Array(2),
      { ...TYPE_ERROR, message: /^Expected a typed array of int16, or bytes for block 1 of sd\.rawData/ },
    ],
    ['no array', [1, 2], { ...TYPE_ERROR, message: /for block 1 of sd\.rawData but received/ }],
    ['nothing', undefined, { ...TYPE_ERROR, message: /but received undefined\.$/ }],
    ['a DataView', new DataView(new ArrayBuffer(4)), TYPE_ERROR],
    ['a proxy', new Proxy(block(1), {}), TYPE_ERROR],
    [
      'half a sample',
      new Int16Array(3),
      { ...VALUE_ERROR, message: 'Expected whole samples of 2 channels for block 1 of sd.rawData but received 3 numbers.' },
    ],
  ]
  for (const [name, value, expected] of cases) {
    for (const [format, write] of Object.entries(EXPORTS)) {
      const { source, closed } = watched(() => ({ value, done: false }))
      await t.rejects(write(recording(source)), expected, `${format}: ${name}`)
      t.equal(closed(), 1, `${format}: ${name}`)
      untouched(t, `${format}: ${name}`)
    }
  }
})

t.test('streams that end too early or too late', async (t) => {
  for (const [format, write] of Object.entries(EXPORTS)) {
    const fewer = recording([block(3)], { samples: 4 })
    await t.rejects(write(fewer), { ...VALUE_ERROR, message: 'Expected 4 samples for sd.rawData but received 3.' }, format)
    const more = watched(() => ({ value: block(1), done: false }))
    await t.rejects(write(recording(more.source, { samples: 100_000 })), {
      ...VALUE_ERROR,
      message: 'Expected no more than 100000 samples for sd.rawData but received 100001.',
    })
    t.equal(more.closed(), 1)
    await t.rejects(write(recording(Readable.from([Buffer.alloc(7)], { objectMode: false }))), {
      ...VALUE_ERROR,
      message: 'Expected whole samples of 4 bytes for sd.rawData but received 3 bytes more.',
    })
    untouched(t, format)
  }
})

t.test('what a stream throws is what the export rejects with', async (t) => {
  const error = new Error('the amplifier was switched off')
  for (const thrown of [error, undefined, 'text']) {
    for (const [format, write] of Object.entries(EXPORTS)) {
      const failing = watched(() => {
        throw thrown
      })
      const rejection = await write(recording(failing.source)).then(
        () => 'resolved',
        (reason: unknown) => reason,
      )
      t.equal(rejection, thrown, format)
      // It has ended itself.
      t.equal(failing.closed(), 0)
      untouched(t, format)
    }
  }
  for (const begun of [false, true]) {
    const failing = new Readable({ read() {}, objectMode: true })
    const sd = recording(failing as unknown as RawBlocks)
    if (begun) setTimeout(() => failing.destroy(error), 50)
    else await new Promise((resolve) => failing.destroy(error).once('close', resolve))
    await t.rejects(EXPORTS['hdf5']!(sd), error)
  }
  await t.rejects(EXPORTS['nwb']!(recording(createReadStream(`${dir}/missing.dat`) as unknown as RawBlocks)), { code: 'ENOENT' })
  const web = new ReadableStream({ pull: (controller) => controller.error(error) })
  await t.rejects(EXPORTS['nwb']!(recording(web as unknown as RawBlocks)), error)
  await t.rejects(EXPORTS['hdf5']!(recording(watched(() => 7).source)), { ...TYPE_ERROR, message: /an iterator that returns results/ })
  untouched(t, 'streams')
})

t.test('a failure to close an iterator does not hide why', async (t) => {
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ value: new Int16Array(1), done: false }),
      return() {
        throw new Error('closing')
      },
    }),
  } as unknown as RawBlocks
  await t.rejects(EXPORTS['hdf5']!(recording(source)), { message: /^Expected whole samples/ })
})

t.test('aborts: while blocks come, while none comes, and before', async (t) => {
  const never = () => watched(() => new Promise(() => {}))
  const endless = () => watched(() => ({ value: block(1000), done: false }))
  for (const [format, write] of Object.entries(EXPORTS)) {
    for (const make of [never, endless]) {
      const { source, closed } = make()
      const signal = stoppedSoon()
      await t.rejects(write(recording(source), { signal }), reason, format)
      t.equal(closed(), 1, format)
      t.equal(getEventListeners(signal, 'abort').length, 0)
      untouched(t, format)
    }
    const { source, closed } = endless()
    await t.rejects(write(recording(source), { signal: AbortSignal.abort(reason) }), reason)
    t.equal(closed(), 0)
  }
  const generator = (async function* () {
    try {
      yield block(10)
      await new Promise(() => {})
    } finally {
      t.fail('a generator that waits cannot be closed')
    }
  })()
  await t.rejects(EXPORTS['nwb']!(recording(generator), { signal: stoppedSoon() }), reason)
  const readable = new Readable({ read() {}, objectMode: true })
  await t.rejects(EXPORTS['nwb']!(recording(readable as unknown as RawBlocks), { signal: stoppedSoon() }), reason)
  t.ok(readable.destroyed)
  untouched(t, 'streams')
})

t.test('aborts at any moment, of a stream that yields nothing', async (t) => {
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(alive))
  for (let turns = 0; turns < 60; turns++) {
    const stop = new AbortController()
    const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) } as unknown as RawBlocks
    const exported = EXPORTS[turns % 2 === 0 ? 'hdf5' : 'nwb']!(recording(source), { signal: stop.signal })
    const rejected = t.rejects(exported, reason, `after ${turns} turns`)
    for (let i = 0; i < turns; i++) await new Promise(setImmediate)
    stop.abort(reason)
    await rejected
  }
  untouched(t, 'aborts')
})

t.test('what onProgress throws', async (t) => {
  const error = new Error('no more')
  const { source, closed } = watched(
    () => new Promise((resolve) => setTimeout(() => resolve({ value: block(3_000_000), done: false }), 210)),
  )
  const onProgress = () => {
    throw error
  }
  await t.rejects(EXPORTS['hdf5']!(recording(source), { onProgress }), error)
  t.equal(closed(), 1)
  untouched(t, 'onProgress')
})

t.test('a file that cannot be written', async (t) => {
  const { source, closed } = watched(() => ({ value: block(1), done: false }))
  await t.rejects(exportSpikeDataToHdf5(recording(source), `${dir}/missing/file.h5`, RAW), { code: 'ENOENT', syscall: 'open' })
  t.equal(closed(), 0, 'it was not begun')
  await t.rejects(exportSpikeDataToHdf5(recording(source), dir, RAW), { code: 'EISDIR' })
})

t.test('a stream is read once, and by exports that have a place for it', async (t) => {
  const sd = recording([block(5)])
  await t.rejects(exportToPickle(sd, `${dir}/a.pkl`), {
    ...VALUE_ERROR,
    message: /^Expected an NDArray, as a pickle holds all samples, for rawData but received/,
  })
  await t.rejects(exportToWorkspace({ a: { sd } }, `${dir}/a`), { ...VALUE_ERROR, message: /as a workspace holds arrays only/ })
  await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/a`, { fsHz: 20_000, phy: { recording: { write: true } } } as never), {
    ...VALUE_ERROR,
    message: /for rawData but received/,
  })
  t.throws(() => sd.rawTime, { ...VALUE_ERROR, message: /^Expected raw data of a known length for rawTime/ })
  for (const layout of [{ layout: 'contiguous' }] as const) {
    const message = `Expected 'auto', 'chunked' or 'cloud', as sd.rawData is a stream, for layout but received 'contiguous'.`
    await t.rejects(exportSpikeDataToHdf5(sd, file, { ...RAW, ...layout }), { ...VALUE_ERROR, message })
    await t.rejects(exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, ...layout }), { ...VALUE_ERROR, message })
  }
  // Without a name or an option for it, it stays as it is.
  await exportSpikeDataToHdf5(sd, file)
  await exportSpikeDataToNwb(sd, file, { nwb })
  await EXPORTS['hdf5']!(sd)
  for (const write of Object.values(EXPORTS)) {
    await t.rejects(write(sd), { ...VALUE_ERROR, message: /^Expected a stream that no other export has read for sd\.rawData but received/ })
  }
  writeFileSync(file, 'old')
})

t.test('options of streams', async (t) => {
  const make = (source: unknown, options: object = {}) => rawStream(source as RawBlocks, { dtype: 'int16', channels: 1, ...options })
  for (const source of [undefined, null, 'text', 7, {}, new Int16Array(2), { [Symbol.asyncIterator]: 1 }]) {
    t.throws(() => make(source), {
      ...TYPE_ERROR,
      message: /^Expected an async iterable, an iterable or a stream of typed arrays for source/,
    })
  }
  for (const [options, expected] of [
    [{ dtype: 'i2' }, VALUE_ERROR],
    [{ dtype: 2 }, TYPE_ERROR],
    [{ channels: 0 }, VALUE_ERROR],
    [{ channels: 1.5 }, VALUE_ERROR],
    [{ channels: '1' }, TYPE_ERROR],
    [{ samples: -1 }, VALUE_ERROR],
    [{ samples: 2n }, TYPE_ERROR],
    [{ sampels: 2 }, VALUE_ERROR],
  ] as const) {
    t.throws(
      () => make([], options),
      expected,
      JSON.stringify(options, (_, value) => String(value)),
    )
  }
  const stream = make([], { samples: 3 })
  t.match(stream, { shape: [1, 3], size: 3, ndim: 2, dtype: '<i2' })
  t.throws(() => new SpikeData([], { rawData: new Proxy(stream, {}), rawTime: 1 }), {
    ...TYPE_ERROR,
    message: /an NDArray, a RawFile or a RawStream/,
  })
  const series = (given: object) => ({
    nwb: { ...nwb, series: { s: { type: 'TimeSeries', data: make([]), unit: 'V', rateHz: 1, ...given } as NwbSeries } },
  })
  const export_ = (given: object) => exportSpikeDataToNwb(new SpikeData([]), `${dir}/a.nwb`, series(given))
  await t.rejects(export_({ timeAxis: 'first' }), { ...VALUE_ERROR, message: /as nwb\.series\['s'\]\.data is a stream/ })
  await t.rejects(export_({ type: 'Position', unit: undefined, data: make([], { channels: 4 }) }), {
    ...VALUE_ERROR,
    message: /up to three|up to 3/,
  })
  await t.rejects(export_({ rateHz: undefined, timestamps: [1, 2] }), {
    message: `Expected 2 samples for nwb.series['s'].data but received 0.`,
  })
  untouched(t, 'options')
})
