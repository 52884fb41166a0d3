/**
 * What the option `phy` writes beside the spikes, what it refuses, and which files of a folder it takes for its own.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToKilosort, SpikeData } from '../lib/index.js'
import type { KilosortOptions, NeuronAttributes } from '../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from './support/expectations.js'
import { readNpy } from './support/npy.js'

const dir = t.testdir()
const fsHz = 30000
const train = [[4, 1], [], [2, 3]]
const recording = (neuronAttributes?: NeuronAttributes[]) => new SpikeData(train, neuronAttributes ? { neuronAttributes } : {})
const text = (folder: string, name: string) => readFileSync(`${folder}/${name}`, 'utf8')
const array = async (folder: string, name: string) => {
  const { dtype, shape, values } = await readNpy(`${folder}/${name}`)
  return { dtype, shape, values: Array.from<unknown>(values) }
}

const PLAIN = [
  'channel_map.npy',
  'channel_positions.npy',
  'cluster_group.tsv',
  'cluster_si_unit_ids.tsv',
  'params.py',
  'spike_clusters.npy',
  'spike_templates.npy',
  'spike_times.npy',
]

t.test('without attributes', async (t) => {
  const folder = `${dir}/plain`
  const report = await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  t.strictSame(readdirSync(folder).sort(), PLAIN)
  t.strictSame(report.paths.toSorted(), PLAIN.map((name) => `${folder}/${name}`))
  t.match(report, { spikeTimesPath: `${folder}/spike_times.npy`, spikeClustersPath: `${folder}/spike_clusters.npy`, spikeCount: 4, unitCount: 3 })
  t.equal(report.bytesWritten, PLAIN.reduce((sum, name) => sum + readFileSync(`${folder}/${name}`).length, 0))
  t.strictSame(await array(folder, 'spike_times.npy'), { dtype: '<i8', shape: [4], values: [30n, 60n, 90n, 120n] })
  t.strictSame(await array(folder, 'spike_clusters.npy'), { dtype: '<i4', shape: [4], values: [0, 2, 2, 0] })
  t.strictSame(readFileSync(`${folder}/spike_templates.npy`), readFileSync(`${folder}/spike_clusters.npy`))
  t.strictSame(await array(folder, 'channel_map.npy'), { dtype: '<i4', shape: [3], values: [0, 1, 2] })
  t.strictSame(await array(folder, 'channel_positions.npy'), { dtype: '<f8', shape: [3, 2], values: [0, 0, 0, 20, 0, 40] })
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tunsorted\n1\tunsorted\n2\tunsorted\n')
  t.equal(text(folder, 'cluster_si_unit_ids.tsv'), 'cluster_id\tsi_unit_id\n0\t0\n1\t1\n2\t2\n')
  t.equal(
    text(folder, 'params.py'),
    "# Written by spikeport.\ndat_path = []\nn_channels_dat = 3\ndtype = 'int16'\noffset = 0\nsample_rate = 30000.0\nhp_filtered = False\n",
  )
})

t.test('ids, electrodes, locations and labels', async (t) => {
  const folder = `${dir}/full`
  const sd = recording([
    { electrode: 7, location: [1, 2.5, 9], quality: 'good' },
    { channel: 3, x: 5, y: 6, z: 9, group: 'mua', quality: 'good', KSLabel: 'good' },
    { ch: 0n, position: [0, 0, 9], group: 5, KSLabel: 'a "b"\tc\nü' },
  ])
  await exportSpikeDataToKilosort(sd, folder, { fsHz: 24414.0625, phy: true, clusterIds: [2 ** 31 - 1, 0, 12] })
  t.strictSame(readdirSync(folder).sort(), [...PLAIN, 'cluster_KSLabel.tsv', 'cluster_electrode.tsv'].sort())
  t.strictSame(await array(folder, 'channel_map.npy'), { dtype: '<i4', shape: [3], values: [7, 3, 0] })
  t.strictSame((await array(folder, 'channel_positions.npy')).values, [1, 2.5, 5, 6, 0, 0])
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tgood\n1\tmua\n2\t"a ""b""\tc\nü"\n')
  t.equal(text(folder, 'cluster_KSLabel.tsv'), 'cluster_id\tKSLabel\n0\t\n1\tgood\n2\t"a ""b""\tc\nü"\n')
  t.equal(text(folder, 'cluster_electrode.tsv'), 'cluster_id\telectrode\n0\t7\n1\t3\n2\t0\n')
  t.equal(text(folder, 'cluster_si_unit_ids.tsv'), 'cluster_id\tsi_unit_id\n0\t2147483647\n1\t0\n2\t12\n')
  t.match(text(folder, 'params.py'), /^n_channels_dat = 8\n(.*\n)*sample_rate = 24414\.0625$/m)
})

t.test('positions are distinct, and two-dimensional', async (t) => {
  const line = [0, 0, 0, 20, 0, 40]
  const at = (...locations: number[][]) => locations.map((location) => ({ location }))
  for (const [attributes, expected] of [
    [at([1, 2], [3, 4], [1, 2]), line],
    [at([1], [2], [3]), line],
    [at([1, 2], [3, NaN], [5, 6]), line],
    [[{ location: [1, 2] }, {}, {}], line],
    [at([1, 2], [1, 3], [0, 2]), [1, 2, 1, 3, 0, 2]],
  ] as const) {
    await exportSpikeDataToKilosort(recording([...attributes]), `${dir}/positions`, { fsHz, phy: true })
    t.strictSame((await array(`${dir}/positions`, 'channel_positions.npy')).values, expected)
  }
})

t.test('any number of units, with and without spikes', async (t) => {
  for (const N of [0, 1, 2, 3000]) {
    for (const train of [[], N > 0 ? [[1]] : []]) {
      const folder = `${dir}/units`
      await exportSpikeDataToKilosort(new SpikeData(train, { N }), folder, { fsHz, phy: true })
      t.strictSame((await array(folder, 'channel_map.npy')).values, Array.from({ length: N }, (_, unit) => unit))
      t.equal(existsSync(`${folder}/cluster_si_unit_ids.tsv`), N > 0, 'SpikeInterface takes no table of ids without a row')
      const rows = text(folder, 'cluster_group.tsv').split('\n').slice(1, -1)
      t.strictSame(rows, Array.from({ length: N }, (_, unit) => `${unit}\tunsorted`))
      t.equal((await array(folder, 'spike_times.npy')).values.length, train.length)
    }
  }
})

t.test('an earlier export of ours is replaced, whatever it had', async (t) => {
  const folder = `${dir}/again`
  const labelled = recording(train.map((_, ch) => ({ ch, KSLabel: 'good' })))
  const export_ = (sd: SpikeData, phy: boolean) => exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
  await export_(labelled, false)
  await export_(labelled, true)
  t.ok(existsSync(`${folder}/cluster_KSLabel.tsv`))
  writeFileSync(`${folder}/whitening_mat_inv.npy`, 'as phylib adds it')
  writeFileSync(`${folder}/notes.txt`, 'mine')
  await export_(recording(), true)
  t.strictSame(readdirSync(folder).sort(), [...PLAIN, 'notes.txt'].sort())
  await export_(recording(), false)
  t.strictSame(readdirSync(folder).sort(), ['notes.txt', 'spike_clusters.npy', 'spike_times.npy'])
})

t.test("somebody's Phy files stay", async (t) => {
  for (const [name, content] of [
    ['params.py', "dat_path = 'raw.dat'\n"],
    ['templates.npy', ''],
    ['template_ind.npy', ''],
    ['spike_positions.npy', ''],
    ['amplitudes.npy', ''],
    ['pc_features.npy', ''],
    ['cluster_info.tsv', ''],
    ['any.csv', ''],
  ] as const) {
    const folder = `${dir}/theirs-${name}`
    await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: name !== 'params.py' })
    writeFileSync(`${folder}/${name}`, content)
    const before = readdirSync(folder)
    const refused = exportSpikeDataToKilosort(new SpikeData([[1]]), folder, { fsHz, phy: true })
    await t.rejects(refused, { ...VALUE_ERROR, message: new RegExp(`not ours \\(.*${name}.*for folder`) })
    t.strictSame(readdirSync(folder), before)
    t.equal((await array(folder, 'spike_times.npy')).values.length, 4, 'nothing is written')
    await exportSpikeDataToKilosort(recording(), folder, { fsHz })
    t.strictSame(readdirSync(folder), before, 'the default export leaves them alone')
  }
})

t.test('what is refused, before anything is written', async (t) => {
  const folder = `${dir}/refused`
  const wrong = (value: unknown) => value as never
  const refused: [Partial<KilosortOptions>, typeof TYPE_ERROR, RegExp][] = [
    [{ phy: wrong(1) }, TYPE_ERROR, /phy/],
    [{ phy: wrong(null) }, TYPE_ERROR, /phy/],
    [{ phy: wrong([]) }, TYPE_ERROR, /phy/],
    [{ phy: wrong('templates') }, TYPE_ERROR, /\{ templates \} for phy/],
    [{ phy: wrong({ template: true }) }, VALUE_ERROR, /the name of an option for phy but received 'template'/],
    [{ phy: { templates: wrong(1) } }, TYPE_ERROR, /phy\.templates/],
    [{ phy: {}, timeUnit: 'ms' }, VALUE_ERROR, /timeUnit/],
    [{ timeUnit: 'ms' }, VALUE_ERROR, /'samples'.*timeUnit.*'ms'/],
    [{ timeUnit: 's' }, VALUE_ERROR, /timeUnit/],
    [{ spikeTimesFile: 'times.npy' }, VALUE_ERROR, /spike_times\.npy.*spikeTimesFile/],
    [{ spikeClustersFile: 'clusters' }, VALUE_ERROR, /spike_clusters\.npy.*spikeClustersFile/],
    [{ clusterIds: [1, -1, 2] }, VALUE_ERROR, /clusterIds\[1\].*-1/],
    [{ clusterIds: [1, 2, 2 ** 31] }, VALUE_ERROR, /clusterIds\[2\]/],
    [{ clusterIds: [1, 2, 1] }, VALUE_ERROR, /another id than clusterIds\[0\].*clusterIds\[2\]/],
  ]
  const attributes: [NeuronAttributes, RegExp][] = [
    [{ ch: -1 }, /electrode of unit 1.*-1/],
    [{ ch: 2 ** 31 - 1 }, /electrode of unit 1/],
    [{ ch: 0.5 }, /electrode of unit 1.*0\.5/],
    [{ ch: 1, group: '2nd' }, /letter.*group of unit 1.*'2nd'/],
    [{ ch: 1, quality: 'µ' }, /letter.*quality of unit 1/],
    [{ ch: 1, group: 'NA' }, /another value.*group of unit 1.*'NA'/],
    [{ ch: 1, quality: 'nan ' }, /another value/],
    [{ ch: 1, KSLabel: 'N/A' }, /another value/],
    [{ ch: 1, KSLabel: 'Infinity' }, /another value/],
    [{ ch: 1, KSLabel: 'True' }, /another value/],
    [{ ch: 1, KSLabel: 'a\0b' }, /one line.*KSLabel of unit 1/],
    [{ ch: 1, group: 'a\rb' }, /one line/],
    [{ ch: 1, group: 'a\ud800' }, /one line/],
  ]
  for (const [options, error, message] of refused) {
    await t.rejects(exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true, ...options }), { ...error, message })
  }
  for (const [entry, message] of attributes) {
    const sd = recording([{ ch: 1 }, entry, { ch: 1 }])
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true }), { ...VALUE_ERROR, message })
  }
  t.notOk(existsSync(folder))
})
