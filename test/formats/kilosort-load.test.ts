/**
 * Reads KiloSort and Phy folders as programs of many versions leave them, and refuses what they do not.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import t from 'tap'
import type { ExportWarning, LoadKilosortOptions } from '../../lib/index.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromKilosort, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import type { Files } from '../support/folder-files.js'
import { folderOf, npy, zipOf } from '../support/folder-files.js'
import { sameLazily } from '../support/lazily.js'
import { zip } from '../support/zip.js'

const dir = t.testdir()
let folders = 0
const folder = (files: Files) => folderOf(`${dir}/${folders++}`, files)

const fsHz = 30000
/** Two clusters, 2 and 5. */
const SPIKES: Files = {
  'spike_times.npy': npy('<i8', [30, 60, 61, 90]),
  'spike_clusters.npy': npy('<i4', [5, 2, 5, 2]),
}
const MS = [
  [(60 / fsHz) * 1e3, (90 / fsHz) * 1e3],
  [(30 / fsHz) * 1e3, (61 / fsHz) * 1e3],
]

const trains = (sd: SpikeData) => sd.train.map((times) => [...times])

/** A recording, and the warnings of the call. With its spikes on the disk it is the same. */
async function load(files: Files | string | URL, options: LoadKilosortOptions = {}): Promise<{ sd: SpikeData; warnings: ExportWarning[] }> {
  const warnings: ExportWarning[] = []
  const path = typeof files === 'string' || files instanceof URL ? files : folder(files as Files)
  const sd = await loadSpikeDataFromKilosort(path, { fsHz, onWarning: (warning) => warnings.push(warning), ...options })
  // Higher ids are read into memory only.
  const isHigh = sd.neuronAttributes?.some(({ unit_id: id }) => Number(id) >= 2 ** 24)
  if (!options.amplitudes && !options.onProgress && !isHigh) {
    await sameLazily(sd, warnings, (lazy, onWarning) =>
      loadSpikeDataFromKilosort(path, { fsHz, ...options, ...lazy, onWarning } as LoadKilosortOptions),
    )
  }
  return { sd, warnings }
}

/** The recording of a call without warnings. */
async function quiet(t: Test, files: Files | string | URL, options?: LoadKilosortOptions): Promise<SpikeData> {
  const { sd, warnings } = await load(files, options)
  t.strictSame(warnings, [])
  return sd
}

const invalid = (message: RegExp) => ({ name: 'FormatError', code: 'ERR_INVALID_FILE', message })

t.test('times, clusters, window and metadata', async (t) => {
  const path = folder(SPIKES)
  const sd = await quiet(t, path)
  t.ok(sd instanceof SpikeData)
  t.strictSame(trains(sd), MS)
  t.strictSame(sd.neuronAttributes, [{ unit_id: 2 }, { unit_id: 5 }])
  t.strictSame(sd.metadata, { source_folder: path, source_format: 'KiloSort', cluster_ids: [2, 5], fs_Hz: fsHz })
  t.equal(sd.startTime, 0)
  t.equal(sd.length, 3.0000000000000004, 'to the next number after the last spike')
  t.strictSame(trains(await quiet(t, pathToFileURL(path))), MS)
  t.equal((await quiet(t, path, { lengthMs: 1000 })).length, 1000)
})

t.test('every type and form of arrays', async (t) => {
  const samples = [30, 60, 61, 90]
  for (const times of ['<i8', '<u8', '>i8', '<i4', '<u4', '>u4', '<i2', '|u1', '<f8', '>f8', '<f4']) {
    for (const clusters of ['<i4', '<u4', '<i8', '<u8', '>i8', '<i2', '|i1', '<f8', '>f4']) {
      const files = { 'spike_times.npy': npy(times, samples), 'spike_clusters.npy': npy(clusters, [5, 2, 5, 2]) }
      t.strictSame(trains((await load(files)).sd), MS, `${times}, ${clusters}`)
    }
  }
  const columns: Files = {
    'spike_times.npy': npy('<u8', samples, [4, 1], true),
    'spike_clusters.npy': npy('<i4', [5, 2, 5, 2]),
  }
  t.strictSame(trains(await quiet(t, columns)), MS, 'a column of times')
  t.strictSame(trains(await quiet(t, { ...SPIKES, 'spike_clusters.npy': npy('<i4', [5, 2, 5, 2], [4, 1]) })), MS, 'of clusters')
  t.strictSame(trains(await quiet(t, { ...SPIKES, 'spike_clusters.npy': npy('<i4', [5, 2, 5, 2], [1, 4]) })), MS, 'a row of clusters')
})

t.test('units of times', async (t) => {
  const values = [0.1, 0.30000000000000004, 1 / 3, 12.345678901234567]
  const files = { 'spike_times.npy': npy('<f8', values), 'spike_clusters.npy': npy('<i4', [0, 0, 0, 0]) }
  const all = async (options: LoadKilosortOptions) => trains(await quiet(t, files, options))
  t.strictSame(await all({ timeUnit: 'ms' }), [values])
  t.strictSame(await all({ timeUnit: 's', fsHz: undefined }), [values.map((value) => value * 1e3)])
  t.strictSame(await all({ fsHz: 30003.7 }), [values.map((value) => (value / 30003.7) * 1e3)])
  const sd = await quiet(t, files, { timeUnit: 'ms', fsHz: undefined })
  t.notOk('fs_Hz' in sd.metadata)
})

t.test('the sampling frequency in params.py', async (t) => {
  const params =
    "# made by hand\ndat_path = r'C:\\data\\x.bin'\nn_channels_dat = 385\noffset = 0\nsample_rate = 25000.\nhp_filtered = False\n"
  const sd = await quiet(t, { ...SPIKES, 'params.py': params }, { fsHz: undefined })
  t.equal(sd.train[0]?.[0], (60 / 25000) * 1e3)
  t.match(sd.metadata, { fs_Hz: 25000, params: { dat_path: 'C:\\data\\x.bin', n_channels_dat: 385, hp_filtered: false } })
  t.equal((await quiet(t, { ...SPIKES, 'params.py': params }, { fsHz: 100 })).metadata['fs_Hz'], 100)
  for (const rate of ['', 'sample_rate = 3 * 10000\n', "sample_rate = '30000'\n", 'sample_rate = 0\n', 'sample_rate = 1e999\n']) {
    await t.rejects(load({ ...SPIKES, 'params.py': rate }, { fsHz: undefined }), VALUE_ERROR, rate)
  }
  await t.rejects(load(SPIKES, { fsHz: undefined }), VALUE_ERROR)
  const large = { ...SPIKES, 'params.py': '#'.repeat(2 ** 18 + 1) }
  await t.rejects(load(large), invalid(/params\.py': it has 262145 bytes, more than 262144\.$/))
})

t.test('tables of clusters become attributes', async (t) => {
  const sd = await quiet(t, {
    ...SPIKES,
    'cluster_group.tsv': '\ufeffcluster_id\tgroup\r\n2\tgood\r\n5\tnoise\r\n',
    'cluster_KSLabel.tsv': 'cluster_id\tKSLabel\n2\tmua\n5\n',
    'cluster_Amplitude.tsv': 'cluster_id\tAmplitude\n5\t12.5\n2\t\n',
    'cluster_note.csv': 'cluster_id,note,isStable\n2,"a, ""b""\nc",True\n5,7,False\n',
    'cluster_old.csv': 'cluster_id\told\n2\t1\n5\t2e3\n',
    'cluster_big.tsv': 'cluster_id\tbig\n2\t9007199254740993\n5\t-1\n',
    'cluster_info.tsv': 'id\tch\tdepth\tgroup\tn_spikes\n2\t4\t80.5\tmua\t2\n5\t6\t120\tgood\t2\n7\t1\t0\tgood\t0\n',
    'other.tsv': 'cluster_id\tother\n2\t1\n',
  })
  t.strictSame(sd.neuronAttributes, [
    {
      ...{ unit_id: 2, electrode: 4, KSLabel: 'mua', big: 9007199254740993n, group: 'good' },
      ...{ note: 'a, "b"\nc', isStable: true, old: 1, ch: 4, depth: 80.5, n_spikes: 2 },
    },
    {
      ...{ unit_id: 5, electrode: 6, Amplitude: 12.5, big: -1, group: 'noise' },
      ...{ note: '7', isStable: false, old: 2000, ch: 6, depth: 120, n_spikes: 2 },
    },
  ])
})

t.test('electrodes that have names', async (t) => {
  const sd = await quiet(t, { ...SPIKES, 'cluster_electrode.tsv': 'cluster_id\telectrode\n2\tA1\n5\tB2\n' })
  t.strictSame(sd.neuronAttributes, [
    { unit_id: 2, electrode: 'A1' },
    { unit_id: 5, electrode: 'B2' },
  ])
})

t.test('tables that are none are left out', async (t) => {
  const tables = {
    'cluster_a.tsv': '',
    'cluster_b.tsv': 'cluster_id\tb\n2\t1\t2\n',
    'cluster_c.tsv': 'cluster_id\tc\n2.5\t1\n',
    'cluster_d.tsv': 'name\td\n2\t1\n',
    'cluster_e.tsv': Buffer.of(0xff, 0xfe, 9),
    'cluster_f.tsv': 'cluster_id\tf\n2\t"1\n',
    'cluster_g.tsv': 'cluster_id\tg\n2\t3\n',
    'cluster_h.tsv': 'cluster_id\t__proto__\tunit_id\tlocation\n2\t1\t2\t3\n',
  }
  const { sd, warnings } = await load({ ...SPIKES, ...tables })
  t.strictSame(sd.neuronAttributes, [{ unit_id: 2, g: 3 }, { unit_id: 5 }])
  t.match(warnings, [{ code: 'SPIKEPORT_COLUMNS_LEFT_OUT' }, { code: 'SPIKEPORT_KILOSORT_TABLES_SKIPPED' }])
  t.equal(
    warnings[0]?.message,
    'Columns of tables that cannot be attributes by their names are left out: ' +
      "'__proto__' in cluster_h.tsv, 'unit_id' in cluster_h.tsv, 'location' in cluster_h.tsv.",
  )
  t.equal(
    warnings[1]?.message,
    'Tables of clusters are left out: cluster_a.tsv (it is empty), cluster_b.tsv (row 1 has more cells than there are columns), ' +
      "cluster_c.tsv (the id in row 1 is '2.5', not a whole number from 0 to 2147483647), cluster_d.tsv (it has no column cluster_id or id), " +
      'cluster_e.tsv (it is not UTF-8), cluster_f.tsv (a cell in quotes does not end).',
  )
})

t.test('folders in a folder are not looked into, and a thousand tables are enough', async (t) => {
  const path = folder(SPIKES)
  for (const name of ['cluster_x.tsv', 'params.py', 'channel_map.npy']) mkdirSync(`${path}/${name}`)
  t.strictSame((await quiet(t, path)).neuronAttributes, [{ unit_id: 2 }, { unit_id: 5 }])
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`cluster_${i}.tsv`, '']))
  await t.rejects(load({ ...SPIKES, ...many }), invalid(/it has more than 1000 tables of clusters/))
})

t.test('labels keep clusters by the rules of SpikeLab', async (t) => {
  const files = {
    'spike_times.npy': npy('<i8', [1, 2, 3, 4, 5, 6]),
    'spike_clusters.npy': npy('<i4', [0, 1, 2, 3, 4, 5]),
  }
  const kept = async (table: string, options: { includeNoise?: boolean } = {}) => {
    const { sd, warnings } = await load({ ...files, 'labels.tsv': table }, { clusterInfoTsv: 'labels.tsv', ...options })
    return { ids: sd.metadata['cluster_ids'], warnings }
  }
  const good = 'cluster_id\tgroup\n0\tGood\n1\tmua good\n2\tMUA\n3\tnoise\n4\tgood \n'
  t.strictSame((await kept(good)).ids, [0, 1, 2], 'not with a blank, and none that is not in the table')
  t.strictSame((await kept(good, { includeNoise: true })).ids, [0, 1, 2, 3, 4])
  t.strictSame((await kept('id\tKSLabel\n5\tgood\n0\tunsorted\n')).ids, [5])
  t.strictSame((await kept('id\tcluster_id\tKSLabel\tgroup\n0\t1\tgood\t\n1\t2\tnoise\tmua\n')).ids, [2], 'an empty group counts')
  t.strictSame((await kept('cluster_id\tgroup\n2\tnoise\n2\tgood\n2\tnoise\n')).ids, [2], 'any row of a cluster')
  t.strictSame((await kept('cluster_id\tgroup\n')).ids, [])
  t.strictSame((await kept('cluster_id\tgroup\n', { includeNoise: true })).ids, [])
  const none = await load({ ...files, 'labels.tsv': 'cluster_id\tgroup\n' }, { clusterInfoTsv: 'labels.tsv' })
  t.strictSame([none.sd.N, none.sd.neuronAttributes, none.sd.length], [0, [], 0])
  const problems: [table: string, problem: RegExp][] = [
    ['', /it is empty/],
    ['cluster_id\tlabel\n0\tgood\n', /no column group or KSLabel/],
    ['cluster\tgroup\n0\tgood\n', /no column cluster_id or id/],
    ['cluster_id\tgroup\n2.7\tgood\n', /the id in row 1 is '2\.7'/],
  ]
  for (const [table, message] of problems) {
    const { ids, warnings } = await kept(table)
    t.strictSame(ids, [0, 1, 2, 3, 4, 5])
    t.match(warnings, [{ code: 'SPIKEPORT_KILOSORT_LABELS_IGNORED', message }])
    t.equal(warnings.length, 1)
  }
  const { warnings } = await load(files, { clusterInfoTsv: 'missing.tsv' })
  t.match(warnings, [{ code: 'SPIKEPORT_KILOSORT_LABELS_IGNORED', message: /'missing\.tsv' cannot be used: the folder has none/ }])
})

t.test('the spikes of clusters that are dropped are not kept', async (t) => {
  const count = 100_000
  const files = {
    'spike_times.npy': npy(
      '<i8',
      Array.from({ length: count }, (_, i) => i),
    ),
    'spike_clusters.npy': npy(
      '<i4',
      Array.from({ length: count }, (_, i) => i % 10),
    ),
    'cluster_group.tsv': `cluster_id\tgroup\n${Array.from({ length: 10 }, (_, id) => `${id}\t${id % 3 === 0 ? 'good' : 'noise'}\n`).join('')}`,
  }
  const sd = await quiet(t, files, { clusterInfoTsv: 'cluster_group.tsv' })
  t.strictSame(sd.metadata['cluster_ids'], [0, 3, 6, 9])
  t.equal(sd.train[1]?.buffer.byteLength, 8 * 4 * (count / 10))
  for (const [unit, id] of [0, 3, 6, 9].entries()) {
    t.ok(sd.train[unit]?.every((time, i) => time === ((10 * i + id) / fsHz) * 1e3))
  }
})

t.test('ids of clusters', async (t) => {
  const times = npy('<i8', [3, 1, 2, 4])
  const ids = async (dtype: string, clusters: (number | bigint)[]) => {
    const { sd } = await load({ 'spike_times.npy': times, 'spike_clusters.npy': npy(dtype, clusters) })
    return { ids: sd.metadata['cluster_ids'], samples: trains(sd).map((train) => train.map((ms) => Math.round((ms * fsHz) / 1e3))) }
  }
  t.strictSame(await ids('<i8', [2 ** 31 - 1, 7, 2 ** 31 - 1, 70_000]), { ids: [7, 70_000, 2 ** 31 - 1], samples: [[1], [4], [2, 3]] })
  t.strictSame(await ids('<i4', [70_000, 0, 70_001, 70_000]), { ids: [0, 70_000, 70_001], samples: [[1], [3, 4], [2]] })
  for (const [dtype, id] of [
    ['<i4', -1],
    ['<i8', 2 ** 31],
    ['<u8', 2n ** 64n - 1n],
    ['<f8', 1.5],
    ['<f8', Number.NaN],
    ['<f8', 2 ** 31 + 0.5],
    ['<f4', Infinity],
  ] as const) {
    await t.rejects(ids(dtype, [0, id, 1, 2]), invalid(/the cluster of spike 1 is .+, not a whole number from 0 to 2147483647\.$/), `${id}`)
  }
})

t.test('spikes that several threads split', async (t) => {
  const count = 2_200_000
  const clusters = Int32Array.from({ length: count }, (_, i) => (i * 7919) % 301)
  const times = BigInt64Array.from({ length: count }, (_, i) => BigInt(i))
  const files = () => ({
    'spike_times.npy': Buffer.concat([npy('<i8', [], [count]), Buffer.from(times.buffer)]),
    'spike_clusters.npy': Buffer.concat([npy('<i4', [], [count]), Buffer.from(clusters.buffer)]),
  })
  const sd = await quiet(t, files())
  t.equal(sd.N, 301)
  const next = new Uint32Array(301)
  const isNext = (cluster: number, i: number) => {
    const at = next[cluster] as number
    next[cluster] = at + 1
    return sd.train[cluster]?.[at] === (i / fsHz) * 1e3
  }
  t.ok(clusters.every(isNext))
  t.ok(sd.train.every((train, unit) => train.length === next[unit]))
  clusters[2_100_000] = -3
  clusters[1_300_000] = -2
  await t.rejects(load(files()), invalid(/the cluster of spike 1300000 is -2,/), 'the first of several')
})

t.test('channels and places', async (t) => {
  const map = npy('<i4', [40, 10, 30, 20], [4, 1])
  const positions = npy('<f8', [0, 1, 2, 3, 10, 11, 12, 13], [4, 2], true)
  const probe = { 'channel_map.npy': map, 'channel_positions.npy': positions }
  const places: Record<number, number[]> = { 40: [0, 10], 10: [1, 11], 30: [2, 12], 20: [3, 13] }
  const at = (electrode: number) => ({ electrode, location: places[electrode] })
  /** Three templates × 2 samples × 4 channels, the largest on rows 3, 0 and 2. */
  const values = [0, 0, 0, 1, 0, 1, 0, -2].concat([-9, 1, 1, 1, 0, 0, 9, 0], [0, Number.NaN, 0, 0, 0, 0, 1, 0])
  const templates = npy('<f4', values, [3, 2, 4])
  const inFortran = npy(
    '<f4',
    Array.from({ length: 24 }, (_, i) => values[(i % 3) * 8 + (Math.floor(i / 3) % 2) * 4 + Math.floor(i / 6)] as number),
    [3, 2, 4],
    true,
  )
  const ofSpikes = npy('<u4', [0, 1, 2, 1], [4, 1])
  const channels = async (files: Files, options?: LoadKilosortOptions) =>
    (await quiet(t, { ...SPIKES, ...files }, options)).neuronAttributes?.map(({ electrode, location }) => ({ electrode, location }))

  t.strictSame(await channels({ ...probe, 'cluster_electrode.tsv': 'cluster_id\telectrode\n2\t30\n5\t20\n' }), [at(30), at(20)])
  const byTemplates = [at(40), at(20)]
  for (const [name, array] of [
    ['C order', templates],
    ['Fortran order', inFortran],
  ] as const) {
    t.strictSame(await channels({ ...probe, 'templates.npy': array, 'spike_templates.npy': ofSpikes }), byTemplates, name)
  }
  const sparse = { 'templates.npy': npy('<f4', [1, 2, 3, 4, 6, 5], [3, 1, 2]), 'templates_ind.npy': npy('<f8', [0, 2, 3, 1, 2, 3], [3, 2]) }
  t.strictSame(
    await channels({ ...probe, ...sparse, 'spike_templates.npy': ofSpikes }),
    [at(10), at(30)],
    'sparse, of equal counts the lowest',
  )
  const info = { 'cluster_info.tsv': 'cluster_id\tch\tgroup\n2\t10\tgood\n5\t\tgood\n' }
  const withTemplates = { ...probe, 'templates.npy': templates, 'spike_templates.npy': ofSpikes }
  t.strictSame(await channels({ ...withTemplates, ...info }, { clusterInfoTsv: 'cluster_info.tsv' }), [at(10), at(20)])
  t.strictSame(await channels({ ...withTemplates, ...info }), byTemplates)
  t.strictSame(await channels({ ...probe, ...info }), [at(10), { electrode: undefined, location: undefined }])
  t.strictSame(await channels({ 'channel_map.npy': npy('<i8', [9, 8, 7, 6, 5, 4]) }), [
    { electrode: 7, location: undefined },
    { electrode: 4, location: undefined },
  ])
  t.strictSame(await channels({ 'channel_map.npy': npy('<i8', [9, 8]) }), [
    { electrode: 9, location: undefined },
    { electrode: 8, location: undefined },
  ])
  t.strictSame(
    await channels({ 'rows.npy': map, 'xy.npy': positions, ...info }, { channelMapFile: 'rows', channelPositionsFile: 'xy.npy' }),
    [at(10), { electrode: undefined, location: undefined }],
  )
})

t.test('channels that cannot be found', async (t) => {
  const map = { 'channel_map.npy': npy('<i4', [1, 2, 3]) }
  const templates = { 'templates.npy': npy('<f4', [1, 2, 3, 4], [1, 1, 4]), 'spike_templates.npy': npy('<i4', [0, 0, 0, 0]) }
  const cases: [files: Files, message: RegExp][] = [
    [map, /has no channel for each cluster/],
    [{ 'channel_map.npy': 'text' }, /it is not an NPY file/],
    [{ 'channel_map.npy': npy('<i4', [1, 2, 3, 4], [2, 2]) }, /its shape is 2 × 2, and not one number for each channel/],
    [{ 'channel_map.npy': npy('<i4', []), 'channel_positions.npy': npy('<f8', [1, 2]) }, /it has 1 axes, not channels × coordinates/],
    [{ ...map, ...templates }, /its 4 channels are not the 3 of the channel map/],
    [{ ...map, ...templates, 'spike_templates.npy': npy('<i4', [0, 0]) }, /it has 2 numbers for 4 spikes/],
    [{ ...map, ...templates, 'spike_templates.npy': npy('<i4', [0, 0, 1, 0]) }, /the template of spike 2 is 1/],
    [{ ...map, ...templates, 'templates.npy': npy('<i4', [1], [1]) }, /elements of type <i4 in 1 axes, not floats in 3/],
    [{ ...map, ...templates, 'templates_ind.npy': npy('<i4', [1], [1]) }, /templates_ind\.npy in '.+': its shape is 1, for 1 templates/],
  ]
  for (const [files, message] of cases) {
    const { sd, warnings } = await load({ ...SPIKES, ...files })
    t.strictSame(sd.neuronAttributes, [{ unit_id: 2 }, { unit_id: 5 }])
    t.match(warnings, [{ code: 'SPIKEPORT_KILOSORT_CHANNELS', message }], String(message))
  }
})

t.test('units without spikes, and ids before Phy', async (t) => {
  const ids = { 'cluster_si_unit_ids.tsv': 'cluster_id\tsi_unit_id\n0\t100\n2\t102\n5\t105\n9\t109\n' }
  const all = await quiet(t, { ...SPIKES, ...ids })
  t.strictSame(trains(all), [[], ...MS, []])
  t.strictSame(all.metadata['cluster_ids'], [0, 2, 5, 9])
  t.strictSame(
    all.neuronAttributes?.map(({ unit_id }) => unit_id),
    [100, 102, 105, 109],
  )
  const curated = await quiet(t, { ...SPIKES, ...ids, 'spike_templates.npy': npy('<i4', [9, 2, 9, 2]) })
  t.strictSame(curated.metadata['cluster_ids'], [0, 2, 5], '9 was merged into 5')
  const merged = { 'cluster_si_unit_ids.tsv': 'cluster_id\tsi_unit_id\n0\t100\n2\t102\n' }
  t.strictSame((await quiet(t, { ...SPIKES, ...merged })).neuronAttributes, [
    { unit_id: 0, si_unit_id: 100 },
    { unit_id: 2, si_unit_id: 102 },
    { unit_id: 5 },
  ])
  const labels = { 'cluster_group.tsv': 'cluster_id\tgroup\n0\tgood\n2\tgood\n' }
  const labelled = await quiet(t, { ...SPIKES, ...ids, ...labels }, { clusterInfoTsv: 'cluster_group.tsv' })
  t.strictSame(labelled.metadata['cluster_ids'], [0, 2])
  const text = { 'cluster_si_unit_ids.tsv': 'cluster_id\tsi_unit_id\n2\ta\n5\tb\n' }
  t.strictSame((await quiet(t, { ...SPIKES, ...text })).neuronAttributes, [{ unit_id: 'a' }, { unit_id: 'b' }])
})

t.test('amplitudes go with their spikes', async (t) => {
  const files = {
    'spike_times.npy': npy('<i8', [3, 9, 1, 7, 3, 5]),
    'spike_clusters.npy': npy('<i4', [0, 0, 0, 1, 0, 1]),
    'amplitudes.npy': npy('<f4', [30, 90, 10, 70, 31, 50], [6, 1]),
  }
  const sd = await quiet(t, files, { amplitudes: true })
  const numbers = sd.neuronAttributes?.map(({ amplitudes }) => [...(amplitudes as Float64Array)])
  t.strictSame(numbers, [
    [10, 30, 31, 90],
    [50, 70],
  ])
  t.strictSame(
    trains(sd),
    [
      [1, 3, 3, 9],
      [5, 7],
    ].map((samples) => samples.map((sample) => (sample / fsHz) * 1e3)),
  )
  t.notOk('amplitudes' in ((await quiet(t, files)).neuronAttributes?.[0] ?? {}))
  await t.rejects(load(SPIKES, { amplitudes: true }), invalid(/it has no amplitudes\.npy\.$/))
  await t.rejects(load({ ...SPIKES, 'amplitudes.npy': npy('<f4', [1]) }, { amplitudes: true }), invalid(/it has 1 numbers for 4 spikes/))
})

t.test('times outside the window', async (t) => {
  const at = (times: number[], options: LoadKilosortOptions = {}) =>
    load(
      {
        'spike_times.npy': npy('<f8', times),
        'spike_clusters.npy': npy(
          '<i4',
          times.map(() => 3),
        ),
      },
      options,
    )
  const { sd, warnings } = await at([300.4, -0.4, 30, 300.5], { lengthMs: 10 })
  t.strictSame(trains(sd), [[0, 1, 10, 10]])
  t.equal(sd.length, 10)
  t.match(warnings, [{ code: 'SPIKEPORT_SPIKES_MOVED', message: /^3 spike times/ }])
  await t.rejects(at([301], { lengthMs: 10 }), VALUE_ERROR)
  await t.rejects(at([-1]), invalid(/spike_times\.npy in '.+': a spike of cluster 3 is at -0\.03\d* ms, before the recording\.$/))
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    await t.rejects(at([value]), invalid(/the time of a spike of cluster 3 is (NaN|-?Infinity)\.$/))
  }
})

t.test('what is missing is named', async (t) => {
  await t.rejects(load(`${dir}/nowhere`), { code: 'ENOENT', path: `${dir}/nowhere` })
  await t.rejects(load({}), invalid(/it has no spike_times\.npy and no spike_clusters\.npy\.$/))
  await t.rejects(load({ 'spike_times.npy': npy('<i8', []) }), invalid(/it has no spike_clusters\.npy\.$/))
  await t.rejects(load(SPIKES, { spikeTimesFile: 'times' }), invalid(/it has no times\.npy\.$/))
  const file = `${folder(SPIKES)}/spike_times.npy`
  await t.rejects(load(file), invalid(/it is no valid zip archive/))
})

t.test('arrays that are no spikes', async (t) => {
  const times = (bytes: string | Uint8Array) => load({ ...SPIKES, 'spike_times.npy': bytes })
  await t.rejects(times(npy('<i8', [1, 2, 3])), invalid(/spike_times\.npy has 3 numbers, and spike_clusters\.npy has 4/))
  await t.rejects(times(npy('<i8', [1, 2, 3, 4], [2, 2])), invalid(/its shape is 2 × 2, and not one number for each spike/))
  await t.rejects(times(npy('<i8', [1, 2, 3, 4]).subarray(0, -1)), invalid(/its header claims 4 elements of 8 bytes, and 31 bytes follow/))
  await t.rejects(times(npy('<i8', [], [2 ** 40])), invalid(/its header claims 1099511627776 elements of 8 bytes, and 0 bytes follow/))
  await t.rejects(times(''), invalid(/it is not an NPY file/))
  const objects = Buffer.concat([npy('<i8', [1, 2, 3, 4])])
  objects.write("'|O8'", objects.indexOf("'<i8'"))
  await t.rejects(times(objects.subarray()), invalid(/its elements are of type \|O8, not numbers/))
})

t.test('archives', async (t) => {
  const files = {
    ...SPIKES,
    'params.py': 'sample_rate = 30000.0\n',
    'cluster_group.tsv': 'cluster_id\tgroup\n2\tgood\n5\tmua\n',
    'channel_map.npy': npy('<i4', [40, 10, 30, 20]),
    'templates.npy': npy('<f4', [0, 0, 0, 1, 1, 0, 0, 0], [2, 1, 4]),
    'spike_templates.npy': npy('<i4', [1, 0, 1, 0]),
  }
  const expected = await quiet(t, files)
  const load = async (bytes: Uint8Array) => {
    const path = `${dir}/${folders++}.zip`
    writeFileSync(path, bytes)
    return quiet(t, path, { fsHz: undefined })
  }
  for (const options of [{}, { stored: true }, { folder: 'a phy/' }, { folder: 'a phy/', stored: true }]) {
    const sd = await load(zipOf(files, options))
    t.strictSame([trains(sd), sd.neuronAttributes, sd.length], [trains(expected), expected.neuronAttributes, expected.length])
  }
  const withOthers = zip([
    { name: 'x/', data: Buffer.alloc(0) },
    { name: '__MACOSX/spike_times.npy', data: Buffer.alloc(3) },
    { name: 'x/.phy/spike_times.npy', data: Buffer.alloc(3) },
    ...Object.entries(files).map(([name, content]) => ({ name: `x/${name}`, data: Buffer.from(content), method: 8 })),
  ])
  t.strictSame(trains(await load(withOthers)), MS)
  await t.rejects(
    load(zipOf(files, { folder: 'a/b/' })),
    invalid(/it has no spike_times\.npy, neither in its root nor in a folder of its root/),
  )
  const two = [
    ...['a', 'b'].flatMap((at) => Object.entries(files).map(([name, bytes]) => ({ name: `${at}/${name}`, data: Buffer.from(bytes) }))),
  ]
  await t.rejects(load(zip(two)), invalid(/spike_times\.npy is in 2 of its folders/))
  const zeros = npy('<i8', [], [2 ** 24])
  const bomb = zip([
    { name: 'params.py', data: Buffer.from('sample_rate = 1') },
    { name: 'spike_times.npy', data: Buffer.concat([zeros, Buffer.alloc(2 ** 27)]), method: 8 },
    { name: 'spike_clusters.npy', data: Buffer.concat([zeros, Buffer.alloc(2 ** 27)]), method: 8 },
  ])
  await t.rejects(load(bomb), invalid(/the spikes of this archive would be 268435456 bytes: it is a bomb/))
})

t.test('progress and signals', async (t) => {
  const reports: object[] = []
  await load(SPIKES, { onProgress: (progress) => reports.push({ ...progress }) })
  t.strictSame(reports.at(-1), { bytesRead: 4 * 8 + 4 * 4, bytesTotal: 4 * 8 + 4 * 4 })
  await t.rejects(
    load(SPIKES, {
      onProgress: () => {
        throw new Error('enough')
      },
    }),
    { message: 'enough' },
  )
  await t.rejects(load(SPIKES, { signal: AbortSignal.abort(new Error('no')) }), { message: 'no' })
})

t.test('progress is that of the spikes, also where templates are read', async (t) => {
  const folder = `${dir}/with-templates`
  await exportSpikeDataToKilosort(new SpikeData([[1, 5], [3]], { length: 10 }), folder, { fsHz: 30_000, phy: true })
  for (const lazy of [{}, { lazy: true }] as const) {
    const reports: unknown[] = []
    const sd = await loadSpikeDataFromKilosort(folder, { ...lazy, onProgress: (progress) => reports.push(progress) })
    await sd.close()
    for (const report of reports) t.match(report, { bytesRead: Number, bytesTotal: Number })
    const last = reports.at(-1) as { bytesRead: number; bytesTotal: number }
    t.equal(last.bytesRead, last.bytesTotal)
  }
})

t.test('options', async (t) => {
  const rejects = (options: object, error: typeof TYPE_ERROR | typeof VALUE_ERROR) =>
    t.rejects(loadSpikeDataFromKilosort(`${dir}/nowhere`, options as LoadKilosortOptions), error, JSON.stringify(options))
  await rejects({ fs_Hz: 1 }, VALUE_ERROR)
  await rejects({ fsHz: 0 }, VALUE_ERROR)
  await rejects({ fsHz: '1' }, TYPE_ERROR)
  await rejects({ timeUnit: 'us' }, VALUE_ERROR)
  await rejects({ timeUnit: 3 }, TYPE_ERROR)
  await rejects({ lengthMs: -1 }, VALUE_ERROR)
  await rejects({ includeNoise: 1 }, TYPE_ERROR)
  await rejects({ includeNoise: true }, VALUE_ERROR)
  await rejects({ includeNoise: false, clusterInfoTsv: null }, VALUE_ERROR)
  await rejects({ amplitudes: 'yes' }, TYPE_ERROR)
  for (const name of ['spikeTimesFile', 'spikeClustersFile', 'clusterInfoTsv', 'channelMapFile', 'channelPositionsFile']) {
    await rejects({ [name]: '../x.npy' }, VALUE_ERROR)
    await rejects({ [name]: '..' }, VALUE_ERROR)
    await rejects({ [name]: 1 }, TYPE_ERROR)
  }
})
