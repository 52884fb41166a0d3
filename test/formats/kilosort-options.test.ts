/**
 * Every option of the KiloSort exporter, and its folder.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'
import type { KilosortOptions } from '../../lib/index.js'
import { exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNpy } from '../support/npy.js'

const dir = t.testdir()
const fsHz = 30000
const train = [[1, 2], [], [0.5]]
const sd = new SpikeData(train)
const withElectrodes = new SpikeData(train, { neuronAttributes: [{ ch: 4 }, { ch: 2 }, { ch: 4 }] })
const values = async (path: string) => Array.from<unknown>((await readNpy(path)).values)

t.test('a new folder, with the folders above it', async (t) => {
  const folder = `${dir}/new/deep`
  const report = await exportSpikeDataToKilosort(withElectrodes, folder, { fsHz })
  t.match(report, {
    paths: ['spike_times.npy', 'spike_clusters.npy', 'channel_map.npy'].map((name) => `${folder}/${name}`),
    spikeTimesPath: `${folder}/spike_times.npy`,
    spikeClustersPath: `${folder}/spike_clusters.npy`,
    bytesWritten: 3 * (128 + 24),
    spikeCount: 3,
    unitCount: 3,
  })
  t.strictSame(readdirSync(folder).sort(), ['channel_map.npy', 'spike_clusters.npy', 'spike_times.npy'])
  t.strictSame(readdirSync(`${dir}/new`), ['deep'])
  t.strictSame(await values(report.spikeTimesPath), [30n, 60n, 15n])
  t.strictSame(await values(report.spikeClustersPath), [0n, 0n, 2n])
  t.strictSame(await values(`${folder}/channel_map.npy`), [4n, 2n, 4n])
})

t.test('units, names and ids', async (t) => {
  const folder = `${dir}/options/`
  const times = async (options: object, file = 'spike_times.npy') => {
    await exportSpikeDataToKilosort(sd, folder, { fsHz, ...options } as KilosortOptions)
    return values(folder + file)
  }
  t.strictSame(await times({ timeUnit: 'ms' }), [1, 2, 0.5])
  t.strictSame(await times({ timeUnit: 's' }), [0.001, 0.002, 0.0005])
  t.strictSame(await times({ spikeTimesFile: 'times' }, 'times.npy'), [30n, 60n, 15n], 'numpy.save adds the ending')
  t.strictSame(await times({ spikeClustersFile: 'c.npy', clusterIds: [7, -1, 2 ** 40] }, 'c.npy'), [7n, 7n, BigInt(2 ** 40)])
  const ids = BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n)
  t.strictSame(await times({ clusterIds: ids }, 'spike_clusters.npy'), [ids[0], ids[0], ids[2]])
  t.strictSame(await times({ clusterIds: null }, 'spike_clusters.npy'), [0n, 0n, 2n])
})

t.test('nothing to write', async (t) => {
  for (const empty of [new SpikeData([]), new SpikeData([[], []])]) {
    const { spikeTimesPath, spikeClustersPath } = await exportSpikeDataToKilosort(empty, `${dir}/empty`, { fsHz })
    t.strictSame(
      [await readNpy(spikeTimesPath), await readNpy(spikeClustersPath)].map(({ dtype, values }) => [dtype, values.length]),
      [
        ['<i8', 0],
        ['<i8', 0],
      ],
    )
  }
})

t.test('a folder that is there keeps what is not ours', async (t) => {
  const folder = `${dir}/there`
  mkdirSync(folder)
  writeFileSync(`${folder}/notes.txt`, 'mine')
  await exportSpikeDataToKilosort(withElectrodes, folder, { fsHz })
  t.ok(existsSync(`${folder}/channel_map.npy`))
  await exportSpikeDataToKilosort(sd, folder, { fsHz })
  t.strictSame(readdirSync(folder).sort(), ['notes.txt', 'spike_clusters.npy', 'spike_times.npy'], 'our stale channel map is gone')
  writeFileSync(`${folder}/channel_map.npy`, npyHeader('<i4', [0]))
  await exportSpikeDataToKilosort(sd, folder, { fsHz })
  t.ok(existsSync(`${folder}/channel_map.npy`), "KiloSort's own channel map stays")
})

t.test('spikes that are not in unit order, as a script may leave them, are refused', async (t) => {
  const long = Float64Array.from({ length: 300_000 }, (_, i) => i)
  const recording = new SpikeData([[1, 2, 3], long, [], [2, 4]])
  const clustersOf = (...runs: [id: number, count: number][]) => {
    const ids = BigInt64Array.from(runs.flatMap(([id, count]) => new Array<bigint>(count).fill(BigInt(id))))
    return Buffer.concat([npyHeader('<i8', [ids.length]), Buffer.from(ids.buffer)])
  }
  const folder = `${dir}/curated`
  const file = `${folder}/spike_clusters.npy`
  for (const [what, clusters, isRefused] of [
    ['as they were', clustersOf([0, 3], [1, 300_000], [3, 2]), false],
    ['units by other names', clustersOf([7, 3], [-1, 300_000], [2 ** 40, 2]), false],
    ['two units as one', clustersOf([0, 300_003], [3, 2]), true],
    ['two units that are far apart as one', clustersOf([3, 3], [1, 300_000], [3, 2]), true],
    ['a unit that is split', clustersOf([0, 3], [1, 150_000], [4, 1], [1, 149_999], [3, 2]), true],
    ['a spike of another unit', clustersOf([0, 1], [3, 1], [0, 1], [1, 300_000], [3, 2]), true],
    ['another type', Buffer.concat([npyHeader('<i4', [4]), Buffer.alloc(16)]), true],
    ['two dimensions', Buffer.concat([npyHeader('<i8', [2, 1]), Buffer.alloc(16)]), true],
    ['cut off', clustersOf([0, 3]).subarray(0, -1), true],
    ['no array', Buffer.from('mine'), true],
    ['empty', Buffer.alloc(0), true],
  ] as const) {
    for (const timeUnit of ['samples', 'ms'] as const) {
      await exportSpikeDataToKilosort(recording, folder, { fsHz, timeUnit, overwrite: true })
      writeFileSync(file, clusters)
      for (const phy of [false, true]) {
        const again = exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
        if (!isRefused) await again
        else await t.rejects(again, { ...VALUE_ERROR, message: /has worked \(spike_clusters\.npy\), or overwrite: true, for folder/ }, what)
        if (!isRefused) break
        t.strictSame(readFileSync(file), clusters, 'it is as it was')
      }
    }
  }
  const named = { fsHz, spikeTimesFile: 't', spikeClustersFile: 'c', clusterIds: [5, 5, 5, 6] }
  await exportSpikeDataToKilosort(recording, `${dir}/named`, named)
  await exportSpikeDataToKilosort(recording, `${dir}/named`, named)
  await exportSpikeDataToKilosort(recording, `${dir}/named`, { ...named, clusterIds: null })
  // What this thread has written it knows without reading it, until anything is written to the file.
  await exportSpikeDataToKilosort(recording, `${dir}/named`, named)
  writeFileSync(`${dir}/named/c.npy`, readFileSync(`${dir}/named/c.npy`))
  await t.rejects(exportSpikeDataToKilosort(recording, `${dir}/named`, { ...named, clusterIds: null }), {
    message: /has worked \(c\.npy\)/,
  })
})

/** A file of clusters, int64. */
const writeClusters = (file: string, ids: readonly (number | bigint)[]) =>
  writeFileSync(file, Buffer.concat([npyHeader('<i8', [ids.length]), Buffer.from(BigInt64Array.from(ids, BigInt).buffer)]))

t.test('ids that come again', async (t) => {
  const folder = `${dir}/repeated`
  const file = `${folder}/spike_clusters.npy`
  const clusterIds = [0, 1, 0]
  for (const recording of [
    new SpikeData(
      [
        [3, 1, 2],
        [9, 8],
        [1, 4],
      ],
      { N: 4 },
    ),
    new SpikeData([Float64Array.of(1, 2, 3), [8, 9], Float64Array.of(4, 1)], { N: 4 }),
    SpikeData.fromFlat([1, 2, 3, 9, 8, 1, 4], [3, 5, 7, 7]),
  ]) {
    const export_ = (ids: number[] | null) =>
      exportSpikeDataToKilosort(recording, folder, { fsHz, clusterIds: ids && [...ids, 7], overwrite: false })
    await export_(clusterIds)
    await export_(clusterIds)
    await export_(null)
    await export_(clusterIds)
    // As in another process, which knows no more than what the file holds.
    writeFileSync(file, readFileSync(file))
    await t.rejects(export_(null), { message: /has worked \(spike_clusters\.npy\)/ }, 'as after a merge')
    await export_(clusterIds)
    for (const merged of [
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 1, 1, 1, 1],
      [0, 0, 0, 1, 1, 0, 1],
    ]) {
      writeClusters(file, merged)
      for (const ids of [clusterIds, null]) await t.rejects(export_(ids), { message: /has worked \(spike_clusters\.npy\)/ })
    }
    rmSync(folder, { recursive: true })
  }
})

t.test('a file with many ids', async (t) => {
  const folder = `${dir}/many`
  const ids = Array.from({ length: 5000 }, (_, unit) => (unit % 2 === 0 ? unit : -unit) * 2 ** 33)
  await exportSpikeDataToKilosort(sd, folder, { fsHz })
  writeClusters(`${folder}/spike_clusters.npy`, ids)
  await exportSpikeDataToKilosort(sd, folder, { fsHz })
  for (const [from, to] of [
    [0, 4999],
    [0, 1000],
    [1024, 1026],
    [4000, 4096],
  ] as const) {
    writeClusters(`${folder}/spike_clusters.npy`, ids.with(to, ids[from] as number))
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz }), { message: /spike_clusters\.npy/ })
  }
})

t.test("names as of Phy's files", async (t) => {
  for (const options of [
    { timeUnit: 'ms', spikeTimesFile: 'spike_times_ms.npy' },
    { spikeClustersFile: 'spike_units', spikeTimesFile: 'templates' },
  ] as const) {
    for (let i = 0; i < 2; i++) await exportSpikeDataToKilosort(sd, `${dir}/called`, { fsHz, ...options } as KilosortOptions)
    t.equal(readdirSync(`${dir}/called`).length, 2)
    rmSync(`${dir}/called`, { recursive: true })
  }
  const options = { fsHz, spikeClustersFile: 'spike_units.npy' }
  await exportSpikeDataToKilosort(sd, `${dir}/called`, options)
  writeClusters(`${dir}/called/spike_units.npy`, [0, 2, 0])
  await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/called`, options), { message: /has worked \(spike_units\.npy\)/ })
})

t.test('what is in the way is no reason to wait', async (t) => {
  for (const make of [(path: string) => mkdirSync(path), (path: string) => execFileSync('mkfifo', [path])]) {
    const folder = `${dir}/in-the-way`
    mkdirSync(folder)
    make(`${folder}/spike_clusters.npy`)
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz }), { ...VALUE_ERROR, message: /spike_clusters\.npy/ })
    rmSync(folder, { recursive: true })
  }
})

t.test('a start time that the folder cannot hold is a warning', async () => {
  const warned = once(process, 'warning')
  await exportSpikeDataToKilosort(new SpikeData([[-1]], { startTime: -2 }), `${dir}/event`, { fsHz })
  const [warning] = await warned
  t.match(warning, { code: 'SPIKEPORT_START_TIME_LOST', message: /-2 ms/ })
})

t.test('what is refused, before anything is written', async (t) => {
  const folder = `${dir}/refused`
  const wrong = (value: unknown) => value as never
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [wrong(5), TYPE_ERROR, /options/],
    [{ fsHz: wrong(undefined) }, TYPE_ERROR, /fsHz/],
    [{ fsHz: 0 }, VALUE_ERROR, /fsHz/],
    [{ fsHz: 0, timeUnit: 'ms' }, VALUE_ERROR, /fsHz/],
    [{ fsHz: NaN }, VALUE_ERROR, /fsHz/],
    [{ timeUnit: wrong('h') }, VALUE_ERROR, /timeUnit/],
    [{ timeUnit: wrong(1) }, TYPE_ERROR, /timeUnit/],
    [{ spikeTimesFile: wrong(1) }, TYPE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: '' }, VALUE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: '../spike_times.npy' }, VALUE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: '/tmp/spike_times.npy' }, VALUE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: 'a\\b.npy' }, VALUE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: '..' }, VALUE_ERROR, /spikeTimesFile/],
    [{ spikeTimesFile: 'a\0.npy' }, VALUE_ERROR, /NUL/],
    [{ spikeTimesFile: 'channel_map' }, VALUE_ERROR, /channel_map/],
    [{ spikeClustersFile: 'sub/x.npy' }, VALUE_ERROR, /spikeClustersFile/],
    [{ spikeClustersFile: 'spike_times' }, VALUE_ERROR, /another name than spikeTimesFile/],
    [{ clusterIds: [1, 2] }, VALUE_ERROR, /clusterIds.length.*2/],
    [{ clusterIds: [1, 2, 3, 4] }, VALUE_ERROR, /clusterIds.length/],
    [{ clusterIds: [1, 2.5, 3] }, VALUE_ERROR, /clusterIds\[1\].*2\.5/],
    [{ clusterIds: [1, 2, NaN] }, VALUE_ERROR, /clusterIds\[2\]/],
    [{ clusterIds: [1n, 2n, 2n ** 63n] }, VALUE_ERROR, /clusterIds\[2\]/],
    [{ clusterIds: wrong(['1', 2, 3]) }, TYPE_ERROR, /clusterIds\[0\]/],
    [{ clusterIds: wrong(3) }, TYPE_ERROR, /clusterIds/],
    [{ clusterIds: wrong({}) }, TYPE_ERROR, /clusterIds/],
    [{ overwrite: wrong(1) }, TYPE_ERROR, /overwrite/],
  ]
  for (const [options, error, message] of refused) {
    const given: object = typeof options === 'object' ? { fsHz, ...options } : options
    await t.rejects(
      exportSpikeDataToKilosort(sd, folder, given as KilosortOptions),
      { ...error, message },
      JSON.stringify(options, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)),
    )
    t.notOk(existsSync(folder))
  }
  const uploaded = exportSpikeDataToKilosort(sd, 's3://bucket/folder', { fsHz, s3Upload: true, overwrite: true } as never)
  await t.rejects(uploaded, { ...VALUE_ERROR, message: /no value, as s3Upload is true, for overwrite but received true/ })
  await t.rejects(exportSpikeDataToKilosort(wrong([]), folder, { fsHz }), TYPE_ERROR)
  await t.rejects(exportSpikeDataToKilosort(sd, wrong(undefined), { fsHz }), TYPE_ERROR)
})
