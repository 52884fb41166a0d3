/**
 * Every option of the HDF5 exporter: what it does, and what it refuses.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { Hdf5Options, NumericArray } from '../../lib/index.js'
import { exportSpikeDataToHdf5, NDArray, SpikeData } from '../../lib/index.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readHdf5 } from '../support/hdf5-file.js'
import * as rules from '../support/rules.js'

const dir = t.testdir()
const file = `${dir}/file.h5`
const sd = new SpikeData([[1, 2, 3.5], [], [0.25, 9.75]], {
  length: 10,
  startTime: 0,
  rawData: new NDArray(
    Int16Array.from({ length: 40 }, (_, i) => i - 20),
    [2, 20],
  ),
  rawTime: 2,
})

const exported = async (options: Hdf5Options, of = sd) => {
  await exportSpikeDataToHdf5(of, file, options)
  return readHdf5(file)
}
const names = async (options: Hdf5Options, of = sd) => Object.keys((await exported(options, of)).datasets).sort()

t.test('defaults', async (t) => {
  const { attributes, datasets } = await exported({})
  t.strictSame(attributes, { start_time: 0, length_ms: 10 })
  t.strictSame(Object.keys(datasets).sort(), ['spike_times', 'spike_times_index'])
  t.equal(datasets['spike_times']!.dtype, '<d')
  t.equal(datasets['spike_times']!.chunks, null)
  t.strictSame(datasets['spike_times']!.attributes, {})
})

t.test('the report', async (t) => {
  const report = await exportSpikeDataToHdf5(sd, file)
  const { size } = await import('node:fs').then(({ statSync }) => statSync(file))
  t.match(report, { paths: [file], bytesWritten: size, spikeCount: 5, unitCount: 3 })
})

t.test('styles and their names', async (t) => {
  const cases: [Hdf5Options, string[]][] = [
    [{ style: 'ragged' }, ['spike_times', 'spike_times_index']],
    [{ style: 'RAGGED' as 'ragged', spikeTimesDataset: 'a', spikeTimesIndexDataset: 'b' }, ['a', 'b']],
    [{ style: 'group' }, ['units/0', 'units/1', 'units/2']],
    [{ style: 'group', groupPerUnit: 'x/y' }, ['x/y/0', 'x/y/1', 'x/y/2']],
    [{ style: 'paired' }, ['idces', 'times']],
    [{ style: 'paired', idcesDataset: 'deep/er/i', timesDataset: 'deep/t' }, ['deep/er/i', 'deep/t']],
    [{ style: 'raster', rasterBinSizeMs: 1 }, ['raster']],
    [{ style: 'raster', rasterBinSizeMs: 1, rasterDataset: '/r//./s' }, ['r/s']],
    [{ spikeTimesDataset: 'zeiten µs', spikeTimesIndexDataset: '索引' }, ['zeiten µs', '索引']],
    [{ rawDataset: 'raw', rawTimeDataset: 'raw_time' }, ['raw', 'raw_time', 'spike_times', 'spike_times_index']],
    [{ rawDataset: '', rawTimeDataset: '' }, ['spike_times', 'spike_times_index']],
    [{ rawDataset: null, rawTimeDataset: undefined }, ['spike_times', 'spike_times_index']],
  ]
  for (const [options, expected] of cases) t.strictSame(await names(options), expected.sort(), JSON.stringify(options))
})

t.test('a sampling frequency is taken where no unit needs it, as the reference takes it, and null for a bin size', async (t) => {
  t.strictSame(await names({ fsHz: 30000, rasterBinSizeMs: null }), ['spike_times', 'spike_times_index'])
  t.strictSame(await names({ style: 'raster', rasterBinSizeMs: 1, fsHz: 30000 }), ['raster'])
  t.strictSame(await names({ style: 'group', rawTimeUnit: 'samples', fsHz: 30000 }), ['units/0', 'units/1', 'units/2'])
})

t.test('raw data keeps its dtype and shape; its times are converted', async (t) => {
  const raw = { rawDataset: 'raw', rawTimeDataset: 'time' }
  const first = (await exported(raw)).datasets
  t.equal(first['raw']!.dtype, '<h')
  t.strictSame(first['raw']!.shape, [2, 20])
  t.strictSame(
    [...first['raw']!.values],
    Array.from({ length: 40 }, (_, i) => i - 20),
  )
  t.strictSame(
    [...first['time']!.values],
    Array.from({ length: 20 }, (_, i) => i / 2),
  )
  t.strictSame(
    [...(await exported({ ...raw, rawTimeUnit: 's' })).datasets['time']!.values],
    Array.from({ length: 20 }, (_, i) => i / 2 / 1000),
  )
  const samples = (await exported({ ...raw, rawTimeUnit: 'samples', fsHz: 2000 })).datasets['time']!.values
  t.strictSame(
    [...samples],
    Array.from({ length: 20 }, (_, i) => BigInt(i)),
  )

  const times = Float64Array.from({ length: 20 }, (_, i) => i ** 2)
  for (const data of [new Float32Array(20).fill(0.1), new Uint8ClampedArray(20).fill(9), new BigUint64Array(20).fill(2n ** 63n)]) {
    const other = new SpikeData([], { rawData: new NDArray(data, [1, 20]), rawTime: times })
    const { datasets } = await exported(raw, other)
    t.strictSame([...datasets['raw']!.values], [...data])
    t.strictSame([...datasets['time']!.values], [...times])
  }
})

t.test('raw times are converted with the dtype that numpy gives them', async (t) => {
  const raw = { rawDataset: 'raw', rawTimeDataset: 'time' }
  // More than are converted at once.
  const times = Array.from({ length: 1100 }, (_, i) => (7 * i) % 120)
  const converted = async (rawTime: NumericArray, options: Hdf5Options) => {
    const of = new SpikeData([], { rawData: new NDArray(new Int8Array(rawTime.length), [1, rawTime.length]), rawTime })
    return (await exported({ ...raw, ...options }, of)).datasets['time']!.values
  }
  for (const type of ARRAY_TYPES) {
    const isBig = type === BigInt64Array || type === BigUint64Array
    const rawTime = isBig ? (type as BigInt64ArrayConstructor).from(times.map(BigInt)) : (type as Int32ArrayConstructor).from(times)
    const inSeconds = times.map((time) => time / 1000)
    const seconds = type === Float32Array ? Float32Array.from(inSeconds) : Float64Array.from(inSeconds)
    t.strictSame(await converted(rawTime, {}), rawTime, type.name)
    t.strictSame(await converted(rawTime, { rawTimeUnit: 's' }), seconds)
    t.strictSame(await converted(rawTime, { rawTimeUnit: 's', layout: 'chunked', chunkBytes: 1024 }), seconds)
    t.strictSame(await converted(rawTime, { rawTimeUnit: 'samples', fsHz: 2500 }), rules.converted(times, 'samples', 2500))
  }
  // float32 all the way: the product of doubles would be another sample.
  const single = Float32Array.from({ length: 1100 }, (_, i) => i * 10000.37)
  const perMs = Math.fround(24414.0625 / 1000)
  const inFloat32 = BigInt64Array.from(single, (time) => BigInt(rules.rint(Math.fround(time * perMs))))
  t.notSame(inFloat32, rules.converted([...single], 'samples', 24414.0625))
  t.strictSame(await converted(single, { rawTimeUnit: 'samples', fsHz: 24414.0625 }), inFloat32)
  const large = BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n))
  t.strictSame(await converted(large, { rawTimeUnit: 's' }), Float64Array.of(2 ** 53 / 1000, -(2 ** 63) / 1000))
  await t.rejects(converted(large, { rawTimeUnit: 'samples', fsHz: 30000 }), { ...VALUE_ERROR, message: /64-bit.*-9223372036854775808 ms/ })
  await t.rejects(converted(Float32Array.of(NaN), { rawTimeUnit: 'samples', fsHz: 30000 }), { ...VALUE_ERROR, message: /received NaN ms/ })
})

t.test('raw times that are no numbers of samples', async (t) => {
  const other = new SpikeData([], { rawData: new NDArray(new Int8Array(1), [1, 1]), rawTime: Float64Array.of(NaN) })
  const raw = { rawDataset: 'raw', rawTimeDataset: 'time' }
  t.strictSame([...(await exported(raw, other)).datasets['time']!.values], [NaN])
  await t.rejects(exported({ ...raw, rawTimeUnit: 'samples', fsHz: 1 }, other), { code: 'ERR_INVALID_ARG_VALUE' })
})

t.test('layout, chunks and filters', async (t) => {
  const long = new SpikeData([Float64Array.from({ length: 3000 }, (_, i) => i)])
  const cases: [Hdf5Options, chunks: number[] | null, filters: number[]][] = [
    [{}, null, []],
    [{ layout: 'contiguous' }, null, []],
    [{ compression: false }, null, []],
    [{ layout: 'chunked' }, [3000], []],
    [{ layout: 'chunked', chunkBytes: 1024 }, [128], []],
    [{ compression: {} }, [3000], [2, 1]],
    [{ compression: { level: 9, shuffle: false }, chunkBytes: 8000 }, [1000], [1]],
  ]
  for (const [options, chunks, filters] of cases) {
    const { datasets } = await exported(options, long)
    t.strictSame(datasets['spike_times']!.chunks, chunks, JSON.stringify(options))
    t.strictSame(datasets['spike_times']!.filters, filters)
    t.strictSame(
      [...datasets['spike_times']!.values],
      Array.from({ length: 3000 }, (_, i) => i / 1000),
    )
  }
  const group = await exported({ style: 'group', compression: {} })
  t.strictSame(group.datasets['units/0']!.filters, [2, 1])
  t.equal(group.datasets['units/1']!.chunks, null, 'a dataset without elements has no chunks')
})

t.test('a raster is chunked and compressed; chunks without a spike take no room', async (t) => {
  const wide = new SpikeData([[0.5], [], [1e6 - 0.5]], { length: 1e6 })
  const options = { style: 'raster', rasterBinSizeMs: 1 } as const
  const { bytesWritten } = await exportSpikeDataToHdf5(wide, file, options)
  t.ok(bytesWritten < 50_000, `24 MB are written in ${bytesWritten} bytes`)
  const raster = (await readHdf5(file)).datasets['raster']!
  t.strictSame(raster.chunks, [1, 131072])
  t.strictSame(raster.filters, [2, 1])
  t.equal(raster.values[0], 1n)
  t.equal(raster.values[3e6 - 1], 1n)
  t.equal(
    (raster.values as BigInt64Array).reduce((sum, count) => sum + count),
    2n,
  )
  for (const compression of [{ level: 4 }, false] as const) {
    const { bytesWritten } = await exportSpikeDataToHdf5(wide, file, { ...options, layout: 'chunked', compression })
    t.ok(bytesWritten < 2.2e6, `with ${JSON.stringify(compression)} in ${bytesWritten} bytes`)
    t.equal(
      ((await readHdf5(file)).datasets['raster']!.values as BigInt64Array).reduce((sum, count) => sum + count),
      2n,
    )
  }
  t.strictSame((await exported({ ...options, compression: false, layout: 'chunked' }, wide)).datasets['raster']!.filters, [])
  t.strictSame((await exported({ ...options, rasterBinSizeMs: 1e5, chunkBytes: 1024 }, wide)).datasets['raster']!.chunks, [3, 10])
  const withRaw = await exported({ ...options, chunkBytes: 1024, rawDataset: 'raw', rawTimeDataset: 'time' })
  t.equal(withRaw.datasets['raw']!.chunks, null, 'raw data beside it has none')
})

t.test('nothing to write', async (t) => {
  const none = new SpikeData([])
  const empty = new SpikeData([[], []], { length: 5 })
  const silent = new SpikeData([[]])
  for (const style of ['ragged', 'paired', 'group', 'raster'] as const) {
    for (const of of [none, empty, silent]) {
      const { datasets } = await exported(style === 'raster' ? { style, rasterBinSizeMs: 1 } : { style }, of)
      if (style === 'raster') t.strictSame(datasets['raster']!.shape, [of.N, of.length])
      else for (const [name, { values }] of Object.entries(datasets)) if (name !== 'spike_times_index') t.equal(values.length, 0)
    }
  }
  t.strictSame([...(await exported({}, empty)).datasets['spike_times_index']!.values], [0n, 0n])
  t.equal((await exported({ timesUnit: 'samples', fsHz: 1, style: 'paired' }, none)).datasets['times']!.dtype, '<q')
  t.strictSame((await exported({ style: 'group' }, none)).groups, ['units'])
})

const wrong = (value: unknown) => value as never
const refused: [title: string, options: object, error: typeof TYPE_ERROR, message: RegExp][] = [
  ['options', wrong(5), TYPE_ERROR, /options/],
  ['an unknown option', wrong({ spikeTimeUnit: 'samples' }), VALUE_ERROR, /name of an option.*'spikeTimeUnit'/],
  ['style: type', { style: wrong(1) }, TYPE_ERROR, /style/],
  ['style: unknown', { style: wrong('matrix') }, VALUE_ERROR, /style.*'matrix'/],
  ['spikeTimesUnit: type', { spikeTimesUnit: wrong(5) }, TYPE_ERROR, /spikeTimesUnit/],
  ['spikeTimesUnit: unknown', { spikeTimesUnit: wrong('us') }, VALUE_ERROR, /spikeTimesUnit.*'us'/],
  ['groupTimeUnit: type', { style: 'group', groupTimeUnit: wrong(null) }, TYPE_ERROR, /groupTimeUnit/],
  ['groupTimeUnit: unknown', { style: 'group', groupTimeUnit: wrong('S') }, VALUE_ERROR, /groupTimeUnit/],
  ['timesUnit: unknown', { style: 'paired', timesUnit: wrong('') }, VALUE_ERROR, /timesUnit/],
  ['rawTimeUnit: unknown', { rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: wrong('h') }, VALUE_ERROR, /rawTimeUnit/],
  ['rawTimeUnit: type', { rawTimeUnit: wrong({}) }, TYPE_ERROR, /rawTimeUnit/],
  ['rawTimeUnit: unknown, without raw data', { rawTimeUnit: wrong('h') }, VALUE_ERROR, /rawTimeUnit/],
  ['rawDataset: NUL, without a name for its time', { rawDataset: 'a\0b' }, VALUE_ERROR, /NUL.*rawDataset/],
  [
    'rawDataset without rawTimeDataset',
    { rawDataset: 'raw' },
    VALUE_ERROR,
    /a name, as rawDataset has one, for rawTimeDataset but received undefined/,
  ],
  [
    'rawDataset without rawTimeDataset: empty',
    { rawDataset: 'raw', rawTimeDataset: '' },
    VALUE_ERROR,
    /for rawTimeDataset but received ''/,
  ],
  [
    'rawTimeDataset without rawDataset',
    { rawDataset: null, rawTimeDataset: 't' },
    VALUE_ERROR,
    /a name, as rawTimeDataset has one, for rawDataset/,
  ],
  ['samples without fsHz: ragged', { spikeTimesUnit: 'samples' }, VALUE_ERROR, /fsHz.*undefined/],
  ['samples without fsHz: group', { style: 'group', groupTimeUnit: 'samples' }, VALUE_ERROR, /fsHz/],
  ['samples without fsHz: paired', { style: 'paired', timesUnit: 'samples', fsHz: null }, VALUE_ERROR, /fsHz/],
  ['samples without fsHz: raw', { rawDataset: 'a', rawTimeDataset: 'b', rawTimeUnit: 'samples' }, VALUE_ERROR, /fsHz/],
  ['fsHz: 0', { spikeTimesUnit: 'samples', fsHz: 0 }, VALUE_ERROR, /fsHz/],
  ['fsHz: negative', { spikeTimesUnit: 'samples', fsHz: -30000 }, VALUE_ERROR, /fsHz/],
  ['fsHz: NaN', { spikeTimesUnit: 'samples', fsHz: NaN }, VALUE_ERROR, /fsHz/],
  ['fsHz: infinite', { spikeTimesUnit: 'samples', fsHz: Infinity }, VALUE_ERROR, /fsHz/],
  ['fsHz: type', { fsHz: wrong('30000') }, TYPE_ERROR, /a sampling frequency in Hz above 0 for fsHz/],
  ['fsHz: NaN where no unit needs it', { fsHz: NaN }, VALUE_ERROR, /fsHz/],
  [
    'a style forgotten',
    { rasterBinSizeMs: 1 },
    VALUE_ERROR,
    /no value, as style is 'ragged' and not 'raster', for rasterBinSizeMs but received 1/,
  ],
  ['another style', { style: 'group', timesUnit: 's' }, VALUE_ERROR, /no value, as style is 'group' and not 'paired', for timesUnit/],
  ['rasterBinSizeMs: missing', { style: 'raster' }, VALUE_ERROR, /rasterBinSizeMs/],
  ['rasterBinSizeMs: 0', { style: 'raster', rasterBinSizeMs: 0 }, VALUE_ERROR, /rasterBinSizeMs/],
  ['rasterBinSizeMs: NaN', { style: 'raster', rasterBinSizeMs: NaN }, VALUE_ERROR, /rasterBinSizeMs/],
  ['rasterBinSizeMs: type', { style: 'raster', rasterBinSizeMs: wrong('1') }, TYPE_ERROR, /a width in ms above 0 for rasterBinSizeMs/],
  ['rasterBinSizeMs: far too many bins', { style: 'raster', rasterBinSizeMs: 1e-300 }, VALUE_ERROR, /rasterBinSizeMs/],
  ['rasterBinSizeMs: infinitely many bins', { style: 'raster', rasterBinSizeMs: 5e-324 }, VALUE_ERROR, /rasterBinSizeMs/],
  [
    'rasterBinSizeMs: bins that no memory holds',
    { style: 'raster', rasterBinSizeMs: 1e-11 },
    VALUE_ERROR,
    /at most 1099511627776 counts, units × bins \(8 TiB\)/,
  ],
  ['rasterDataset: type', { style: 'raster', rasterBinSizeMs: 1, rasterDataset: wrong(1) }, TYPE_ERROR, /rasterDataset/],
  ['spikeTimesDataset: empty', { spikeTimesDataset: '' }, VALUE_ERROR, /spikeTimesDataset/],
  ['spikeTimesDataset: no name', { spikeTimesDataset: '/./' }, VALUE_ERROR, /spikeTimesDataset/],
  ['spikeTimesDataset: NUL', { spikeTimesDataset: 'a\0b' }, VALUE_ERROR, /NUL/],
  ['spikeTimesIndexDataset: type', { spikeTimesIndexDataset: wrong(null) }, TYPE_ERROR, /spikeTimesIndexDataset/],
  ['groupPerUnit: type', { style: 'group', groupPerUnit: wrong([]) }, TYPE_ERROR, /groupPerUnit/],
  ['groupPerUnit: empty', { style: 'group', groupPerUnit: '' }, VALUE_ERROR, /groupPerUnit/],
  ['idcesDataset: type', { style: 'paired', idcesDataset: wrong(true) }, TYPE_ERROR, /idcesDataset/],
  ['timesDataset: type', { style: 'paired', timesDataset: wrong(Symbol('times')) }, TYPE_ERROR, /timesDataset/],
  ['rawDataset: type', { rawDataset: wrong(1) }, TYPE_ERROR, /rawDataset/],
  ['rawTimeDataset: type', { rawTimeDataset: wrong(false) }, TYPE_ERROR, /rawTimeDataset/],
  [
    'two names the same',
    { spikeTimesDataset: 'a', spikeTimesIndexDataset: '/a/' },
    VALUE_ERROR,
    /spikeTimesDataset.*spikeTimesIndexDataset/,
  ],
  ['paired: two names the same', { style: 'paired', idcesDataset: 'times' }, VALUE_ERROR, /'times'/],
  ['one inside the other', { spikeTimesIndexDataset: 'spike_times/index' }, VALUE_ERROR, /outside spikeTimesDataset/],
  ['raw inside the units', { style: 'group', rawDataset: 'units/0', rawTimeDataset: 'b' }, VALUE_ERROR, /outside groupPerUnit/],
  ['raw beside its times', { rawDataset: 'raw', rawTimeDataset: 'raw' }, VALUE_ERROR, /rawTimeDataset/],
  ['layout: type', { layout: wrong(1) }, TYPE_ERROR, /layout/],
  ['layout: unknown', { layout: wrong('tiled') }, VALUE_ERROR, /layout/],
  ['chunkBytes: type', { layout: 'chunked', chunkBytes: wrong('1') }, TYPE_ERROR, /chunkBytes/],
  ['chunkBytes: too small', { layout: 'chunked', chunkBytes: 100 }, VALUE_ERROR, /chunkBytes/],
  ['chunkBytes: too large', { layout: 'chunked', chunkBytes: 2 ** 26 }, VALUE_ERROR, /chunkBytes/],
  ['chunkBytes: fraction', { layout: 'chunked', chunkBytes: 5000.5 }, VALUE_ERROR, /chunkBytes/],
  ['pageBytes: type', { layout: 'cloud', pageBytes: wrong('1') }, TYPE_ERROR, /pageBytes/],
  [
    'pageBytes: too small',
    { layout: 'cloud', pageBytes: 2 ** 21 },
    VALUE_ERROR,
    /a multiple of 4096 from 4194304 to 16777216 bytes .*pageBytes/,
  ],
  ['pageBytes: too large', { layout: 'cloud', pageBytes: 2 ** 25 }, VALUE_ERROR, /pageBytes/],
  ['pageBytes: odd', { layout: 'cloud', pageBytes: 2 ** 22 + 1 }, VALUE_ERROR, /pageBytes/],
  [
    'pageBytes of another layout',
    wrong({ layout: 'chunked', pageBytes: 2 ** 22 }),
    VALUE_ERROR,
    /no value, as layout is not 'cloud', for pageBytes/,
  ],
  ['chunkBytes of contiguous datasets in pages', { layout: 'cloud', chunkBytes: 4096 }, VALUE_ERROR, /chunkBytes/],
  ['compression: type', { compression: wrong(true) }, TYPE_ERROR, /compression/],
  ['compression: a number', { compression: wrong(4) }, TYPE_ERROR, /compression/],
  ['compression.level: type', { compression: { level: wrong('4') } }, TYPE_ERROR, /compression\.level/],
  ['compression.level: 0', { compression: { level: 0 } }, VALUE_ERROR, /compression\.level/],
  ['compression.level: 10', { compression: { level: 10 } }, VALUE_ERROR, /compression\.level/],
  ['compression.shuffle: type', { compression: { shuffle: wrong(1) } }, TYPE_ERROR, /compression\.shuffle/],
  ['compression: null', { compression: wrong(null) }, TYPE_ERROR, /compression/],
  ['compression of a contiguous layout', { layout: 'contiguous', compression: {} }, VALUE_ERROR, /compression/],
  [
    'chunkBytes of a contiguous layout',
    { layout: 'contiguous', chunkBytes: 4096 },
    VALUE_ERROR,
    /no value, as layout is 'contiguous', for chunkBytes/,
  ],
  [
    'chunkBytes without chunks',
    { chunkBytes: 4096 },
    VALUE_ERROR,
    /no value, as only layout: 'chunked' or compression makes chunks, for chunkBytes/,
  ],
  ['chunkBytes without chunks: group', { style: 'group', layout: 'auto', chunkBytes: 4096 }, VALUE_ERROR, /makes chunks, for chunkBytes/],
  [
    'chunkBytes without chunks: paired',
    { style: 'paired', compression: false, chunkBytes: 4096 },
    VALUE_ERROR,
    /makes chunks, for chunkBytes/,
  ],
  [
    'chunkBytes without chunks: raster',
    { style: 'raster', rasterBinSizeMs: 1, compression: false, chunkBytes: 4096 },
    VALUE_ERROR,
    /makes chunks, for chunkBytes/,
  ],
  ['signal: type', { signal: wrong({}) }, TYPE_ERROR, /signal/],
  ['onProgress: type', { onProgress: wrong({}) }, TYPE_ERROR, /onProgress/],
  ['durable: type', { durable: wrong(1) }, TYPE_ERROR, /durable/],
  ['threads: type', { threads: wrong('2') }, TYPE_ERROR, /threads/],
  ['threads: 0', { threads: 0 }, VALUE_ERROR, /threads/],
  ['threads: fraction', { threads: 1.5 }, VALUE_ERROR, /threads/],
]

t.test('a raster may have 2⁴⁰ counts', async (t) => {
  const silent = (length: number) => new SpikeData([[], []], { length })
  const options = { style: 'raster', rasterBinSizeMs: 1 } as const
  const { bytesWritten } = await exportSpikeDataToHdf5(silent(2 ** 39), file, options)
  t.ok(bytesWritten < 10_000, `${bytesWritten} bytes`)
  await t.rejects(exportSpikeDataToHdf5(silent(2 ** 39 + 1), `${dir}/refused.h5`, options), VALUE_ERROR)
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.h5`
  for (const [title, options, error, message] of refused) {
    await t.rejects(exportSpikeDataToHdf5(sd, target, options as Hdf5Options), { ...error, message }, title)
    t.notOk(existsSync(target), `${title}: nothing written`)
  }
  for (const path of [5, undefined, null, {}, [], { href: 'file:///x' }])
    await t.rejects(exportSpikeDataToHdf5(sd, path as never), TYPE_ERROR)
  for (const path of ['', 'a\0b']) await t.rejects(exportSpikeDataToHdf5(sd, path), VALUE_ERROR)
  for (const not of [undefined, {}, [[1]], SpikeData]) await t.rejects(exportSpikeDataToHdf5(not as never, target), TYPE_ERROR)
  const instant = new SpikeData([[0]])
  await t.rejects(exportSpikeDataToHdf5(instant, target, { style: 'raster', rasterBinSizeMs: 1 }), VALUE_ERROR, 'spikes without a bin')
})

t.test('a name of ten thousand letters', async (t) => {
  const name = 'n'.repeat(10_000)
  t.strictSame(await names({ spikeTimesDataset: name }), [name, 'spike_times_index'].sort())
})
