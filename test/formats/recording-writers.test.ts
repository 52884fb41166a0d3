/**
 * Files that are written while a recording goes on: what `commit` leaves is what an export of the whole recording writes, and what does
 * not commit leaves nothing.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Test } from 'tap'
import t from 'tap'
import type { Hdf5WriterOptions, NumericArray, NwbWriterOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  openHdf5Writer,
  openNwbWriter,
  RecordingWriter,
  rawStream,
  SpikeData,
} from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readContent, readHdf5 } from '../support/hdf5-file.js'
import { withWriter } from '../support/hdf5-plans.js'

const dir = t.testdir({ 'old.h5': 'old' })
const file = `${dir}/old.h5`
const twin = `${dir}/twin.h5`
const CHANNELS = 5
const data = Int16Array.from({ length: CHANNELS * 30_000 }, (_, i) => (i * 7919) % 4001)
const raw = { dtype: 'int16', channels: CHANNELS, rateKHz: 20 } as const
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00', identifier: 'a', fileCreateDate: '2026-03-01T14:05:00+01:00' }
const rawData = { conversion: 1e-6 }
const batches = [
  { units: [2, 0, 2], times: [5, 1.5, 2] },
  { unit: 0, times: Float64Array.of(0.25, 900) },
]
const train = [[0.25, 1.5, 900], [], [2, 5]]
const neuronAttributes = train.map((_, electrode) => ({ electrode, label: `unit ${electrode}` }))
const recording = { N: 3, length: 1000, neuronAttributes }

const open: Record<string, (options?: object) => Promise<RecordingWriter>> = {
  hdf5: (options) => openHdf5Writer(file, { ...recording, raw, ...options } as Hdf5WriterOptions),
  nwb: (options) => openNwbWriter(file, { ...recording, nwb, raw, rawData, ...options } as NwbWriterOptions),
}

/** The same recording, exported as a whole. */
const exported: Record<string, (options?: object) => Promise<unknown>> = {
  hdf5: (options) => exportSpikeDataToHdf5(whole(), twin, { rawDataset: 'raw', rawTimeDataset: 'raw_time', ...options }),
  nwb: (options) => exportSpikeDataToNwb(whole(), twin, { nwb, rawData, ...options }),
}
const whole = () =>
  new SpikeData(train, { ...recording, rawData: rawStream([data], { dtype: 'int16', channels: CHANNELS }), rawTime: raw.rateKHz })

const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

function untouched(t: Test, what: string): void {
  t.strictSame(readdirSync(dir), ['old.h5'], what)
  t.ok(readFileSync(file, 'utf8') === 'old', what)
}

t.afterEach(() => writeFileSync(file, 'old'))

for (const format of ['hdf5', 'nwb']) {
  t.test(`${format}: what commit leaves is an export of the whole`, async (t) => {
    for (const [writer, options] of [
      ['auto', {}],
      ['auto', { compression: {} }],
      ['auto', { layout: 'cloud' }],
      ['library', { compression: { level: 3 } }],
    ] as const) {
      await withWriter(writer, async () => {
        writeFileSync(file, 'old')
        const w = await open[format]!(options)
        t.ok(w instanceof RecordingWriter)
        t.ok(readFileSync(file, 'utf8') === 'old', 'nothing yet')
        for (let from = 0; from < data.length; from += CHANNELS * 7000) {
          await w.writeRaw(data.subarray(from, from + CHANNELS * 7000))
          const batch = batches[from / (CHANNELS * 7000)]
          if (batch) await w.writeSpikes(batch)
        }
        const report = await w.commit()
        t.match(report, { paths: [file], spikeCount: 5, unitCount: 3, warnings: [] })
        await exported[format]!(options)
        t.strictSame(await readContent(file), await readContent(twin))
        if (writer === 'auto') t.equal(digestOf(file), digestOf(twin), JSON.stringify(options))
        await w.close()
        t.ok(readFileSync(file).length > 3, 'close does not take a committed file away')
        await t.rejects(w.writeRaw(data), { code: 'ERR_INVALID_STATE', message: /one that was committed/ })
        await t.rejects(w.commit(), { code: 'ERR_INVALID_STATE' })
      })
    }
    unlinkSync(twin)
  })

  t.test(`${format}: without spikes, without raw data, without anything`, async (t) => {
    const none = format === 'nwb' ? { raw: undefined, rawData: undefined } : { raw: undefined }
    const spikes = await open[format]!(none)
    await spikes.writeSpikes(batches[0]!)
    await t.rejects(spikes.writeRaw(data), { code: 'ERR_INVALID_STATE', message: /a writer with raw data \(raw\) for writeRaw/ })
    untouched(t, 'a call that makes no sense closes a writer')
    const empty = await open[format]!({ ...none, N: undefined, length: undefined, neuronAttributes: undefined })
    t.match(await empty.commit(), { spikeCount: 0, unitCount: 0 })
    const unsorted = await open[format]!({ N: undefined, neuronAttributes: undefined })
    await unsorted.writeRaw(data)
    t.match(await unsorted.commit(), { spikeCount: 0, unitCount: 0 })
    const { datasets } = await readHdf5(file)
    const samples = format === 'nwb' ? datasets['acquisition/ElectricalSeries/data'] : datasets['raw']
    t.strictSame([...samples!.shape].sort(), [CHANNELS, 30_000].sort())
  })

  t.test(`${format}: nothing is left without commit`, async (t) => {
    {
      await using w = await open[format]!()
      await w.writeRaw(data)
      await w.writeSpikes(batches[0]!)
    }
    untouched(t, 'await using')
    const w = await open[format]!()
    await Promise.all([w.close(), w.close()])
    await t.rejects(w.writeRaw(data), { code: 'ERR_INVALID_STATE', message: /one that was closed/ })
    await t.rejects(w.commit(), { code: 'ERR_INVALID_STATE' })
    untouched(t, 'close')
    const committing = await open[format]!({ compression: { level: 9 } })
    await committing.writeRaw(data)
    const committed = committing.commit()
    const closed = committing.close()
    const failure = await committed.then(
      () => undefined,
      (error: unknown) => error,
    )
    await closed
    if (failure === undefined) t.ok(readFileSync(file).length > 3)
    else untouched(t, 'a commit that is stopped')
  })

  t.test(`${format}: the first failure closes it, and is what every call rejects with`, async (t) => {
    const cases: [string, (w: RecordingWriter) => Promise<unknown>, object][] = [
      [
        'raw of another dtype',
        (w) => w.writeRaw(new Float32Array(CHANNELS)),
        { ...TYPE_ERROR, message: /^Expected a typed array of int16, or bytes for block 1 of raw but/ },
      ],
      ['half a sample', (w) => w.writeRaw(new Int16Array(3)), VALUE_ERROR],
      ['no batch', (w) => w.writeSpikes({} as never), VALUE_ERROR],
      ['no unit', (w) => w.writeSpikes({ unit: 3, times: [1] }), VALUE_ERROR],
      ['a time outside', (w) => w.writeSpikes({ unit: 0, times: [1001] }), VALUE_ERROR],
    ]
    for (const [name, act, expected] of cases) {
      const w = await open[format]!()
      await w.writeRaw(data)
      await w.writeSpikes(batches[0]!)
      const failure = await act(w).then(
        () => undefined,
        (error: unknown) => error,
      )
      t.match(failure, expected, name)
      untouched(t, name)
      for (const call of [() => w.writeRaw(data), () => w.writeSpikes(batches[0]!), () => w.commit()]) {
        t.equal(await call().catch((error: unknown) => error), failure, name)
      }
      await w.close()
    }
    const early = await open[format]!({ raw: { ...raw, samples: 30_001 } })
    await early.writeRaw(data)
    await t.rejects(early.commit(), { ...VALUE_ERROR, message: 'Expected 30001 samples for raw but received 30000.' })
    untouched(t, 'too few samples')
  })

  t.test(`${format}: calls that are not waited for`, async (t) => {
    const w = await open[format]!()
    const calls: Promise<unknown>[] = []
    for (let from = 0; from < data.length; from += CHANNELS * 1000) calls.push(w.writeRaw(data.subarray(from, from + CHANNELS * 1000)))
    for (const batch of batches) calls.push(w.writeSpikes(batch))
    const report = w.commit()
    await t.rejects(w.writeRaw(data), { code: 'ERR_INVALID_STATE' }, 'too late, and of no harm to the commit')
    await Promise.all(calls)
    t.match(await report, { spikeCount: 5 })
    const { datasets } = await readHdf5(file)
    const samples = (format === 'nwb' ? datasets['acquisition/ElectricalSeries/data'] : datasets['raw'])!
    const at = (sample: number, channel: number) => (format === 'nwb' ? sample * CHANNELS + channel : channel * 30_000 + sample)
    const wrong = Array.from({ length: 30_000 }, (_, sample) => sample).filter((sample) => {
      return (samples.values as NumericArray)[at(sample, 3)] !== data[sample * CHANNELS + 3]
    })
    t.strictSame(wrong, [])
  })

  t.test(`${format}: as a sink`, async (t) => {
    const bytes = new Uint8Array(data.buffer)
    const w = await open[format]!()
    function* parts() {
      for (let from = 0; from < bytes.length; from += 1001) yield bytes.subarray(from, from + 1001)
    }
    await pipeline(Readable.from(parts(), { objectMode: false }), w.rawSink())
    await pipeline(Readable.from(batches), w.spikeSink())
    t.match(await w.commit(), { spikeCount: 5 })
    const first = digestOf(file)
    const web = await open[format]!()
    await ReadableStream.from([data.subarray(0, 500), data.subarray(500)]).pipeTo(web.rawWebSink())
    await ReadableStream.from(batches).pipeTo(web.spikeWebSink())
    await web.commit()
    t.equal(digestOf(file), first)

    const error = new Error('unplugged')
    writeFileSync(file, 'old')
    const failing = await open[format]!()
    const source = new Readable({ read() {}, objectMode: true })
    setTimeout(() => source.destroy(error), 20)
    await t.rejects(pipeline(source, failing.rawSink()), error)
    await t.rejects(failing.commit(), error)
    const aborted = await open[format]!()
    const webSource = new ReadableStream<NumericArray>({ start: (controller) => controller.error(error) })
    await t.rejects(webSource.pipeTo(aborted.rawWebSink()), error)
    await t.rejects(aborted.commit(), error)
    untouched(t, 'sinks')
  })

  t.test(`${format}: a signal`, async (t) => {
    const reason = new Error('enough')
    const stop = new AbortController()
    const w = await open[format]!({ signal: stop.signal })
    await w.writeRaw(data)
    stop.abort(reason)
    await t.rejects(w.writeRaw(data), reason)
    await t.rejects(w.commit(), reason)
    untouched(t, 'a signal')
    await t.rejects(open[format]!({ signal: AbortSignal.abort(reason) }), reason)
  })
}

t.test('options', async (t) => {
  for (const [options, expected] of [
    [{ raw: { ...raw, rateKHz: 0 } }, { ...VALUE_ERROR, message: /for raw\.rateKHz/ }],
    [{ raw: { dtype: 'int16', channels: 2 } }, { ...TYPE_ERROR, message: /for raw\.rateKHz/ }],
    [{ raw: { ...raw, dtype: 'i2' } }, VALUE_ERROR],
    [{ raw: { ...raw, rate: 1 } }, VALUE_ERROR],
    [{ raw: 1 }, TYPE_ERROR],
    [{ N: 1.5, neuronAttributes: undefined }, VALUE_ERROR],
    [{ N: 2 }, VALUE_ERROR],
    [{ maxMemory: 1 }, { ...VALUE_ERROR, message: /for maxMemory/ }],
    [{ s3Upload: true }, { ...VALUE_ERROR, message: /the name of an option/ }],
    [{ layout: 'contiguous' }, { ...VALUE_ERROR, message: /is a stream/ }],
    [{ threads: 0 }, VALUE_ERROR],
  ] as const) {
    for (const [format, make] of Object.entries(open)) await t.rejects(make(options), expected, `${format} ${JSON.stringify(options)}`)
  }
  await t.rejects(open['nwb']!({ rawData: undefined }), {
    ...VALUE_ERROR,
    message: /the series of the raw data, as there is raw, for rawData/,
  })
  await t.rejects(open['nwb']!({ raw: undefined }), { ...VALUE_ERROR, message: /no value, as there is no raw, for rawData/ })
  await t.rejects(open['nwb']!({ nwb: { ...nwb, sessionStartTime: 'noon' } }), VALUE_ERROR)
  await t.rejects(open['nwb']!({ profile: 'spikelab' }), VALUE_ERROR)
  await t.rejects(open['hdf5']!({ raw: undefined, rawDataset: 'a' }), {
    ...VALUE_ERROR,
    message: /no value, as there is no raw, for rawDataset/,
  })
  await t.rejects(open['hdf5']!({ spikeTimesUnit: 'samples' }), { message: /fsHz/ })
  const stream = { s: { type: 'TimeSeries', data: rawStream([], { dtype: 'int8', channels: 1 }), rateHz: 1, unit: 'V' } }
  await t.rejects(open['nwb']!({ nwb: { ...nwb, series: stream } }), {
    ...TYPE_ERROR,
    message: /an array or a file, as a writer takes one stream, for nwb\.series\['s'\]\.data/,
  })
  await t.rejects(openNwbWriter(`${dir}/missing/a.nwb`), { code: 'ENOENT' })
  await t.rejects(openNwbWriter('s3://bucket/key'), VALUE_ERROR)
  t.throws(() => new (RecordingWriter as unknown as new () => unknown)(), 'writers are made by the functions that open them')
  untouched(t, 'options')
})

t.test('trials that are added while the recording goes on', async (t) => {
  const trials = { startTime: [] as number[], stopTime: [] as number[] }
  const w = await openNwbWriter(file, { ...recording, nwb: { ...nwb, trials } })
  await w.writeSpikes(batches[0]!)
  trials.startTime.push(1, 2)
  trials.stopTime.push(1.5, 2.5)
  await w.commit()
  const { datasets } = await readHdf5(file)
  t.strictSame(datasets['intervals/trials/start_time']!.values, Float64Array.of(0.001, 0.002))
})
