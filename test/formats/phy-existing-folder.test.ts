/**
 * KiloSort and Phy folders that are there already: which of their files are replaced, which stay, and which folders are refused.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { npyHeader } from '../../lib/formats/kilosort/files/npy.js'
import { exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { PLAIN, recording, text, train } from '../support/phy-folder.js'

const dir = t.testdir()
const fsHz = 30000
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

t.test('an earlier export of ours is replaced with all its files', async (t) => {
  const folder = `${dir}/again`
  const labelled = recording(train.map((_, ch) => ({ ch, KSLabel: 'good' })))
  const export_ = (sd: SpikeData, phy: boolean) => exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
  await export_(labelled, false)
  await export_(labelled, true)
  await export_(recording(train.map((_, snr) => ({ snr, area: 'CA1\n"2"' }))), true)
  t.ok(existsSync(`${folder}/cluster_area.tsv`))
  await export_(labelled, true)
  t.notOk(existsSync(`${folder}/cluster_area.tsv`))
  t.ok(existsSync(`${folder}/cluster_KSLabel.tsv`))
  writeFileSync(`${folder}/whitening_mat_inv.npy`, 'as phylib adds it')
  writeFileSync(`${folder}/notes.txt`, 'mine')
  await export_(recording(), true)
  t.strictSame(readdirSync(folder).sort(), [...PLAIN, 'notes.txt'].sort())
  await export_(recording(), false)
  t.strictSame(readdirSync(folder).sort(), ['notes.txt', 'spike_clusters.npy', 'spike_times.npy'])
})

t.test('a folder in which a person or another program has worked is refused by every export', async (t) => {
  const units = train.map((_, unit) => ({ ch: unit, snr: unit + 0.5, area: 'CA1' }))
  const npy = (dtype: string, shape: number[], data: NodeJS.TypedArray) =>
    Buffer.concat([npyHeader(dtype, shape), Buffer.from(data.buffer)])
  const change = (name: string, from: string | RegExp, to: string) => (folder: string) => {
    const before = text(folder, name)
    t.not(before.replace(from, to), before)
    writeFileSync(`${folder}/${name}`, before.replace(from, to))
  }
  const write = (name: string, content: string | Buffer) => (folder: string) => writeFileSync(`${folder}/${name}`, content)
  const clusters = (...ids: number[]) => npy('<i4', [4], Int32Array.from(ids))
  const zeros = (count: number) => new Float32Array(count)
  const worked: [name: string, work: (folder: string) => void][] = [
    ['cluster_info.tsv', write('cluster_info.tsv', 'cluster_id\tch\n0\t1\n')],
    ['cluster_info.tsv', write('cluster_info.tsv', 'cluster_id\t"info"\n0\t1\n1\t1\n2\t1\n')],
    ['cluster_note.tsv', write('cluster_note.tsv', 'cluster_id\tnote\n0\ta\n1\tb\n2\tc\n')],
    ['cluster_bc_unitType.tsv', write('cluster_bc_unitType.tsv', 'cluster_id\tbc_unitType\n0\tGOOD\n1\tMUA\n2\tGOOD\n')],
    ['cluster_snr.tsv', change('cluster_snr.tsv', /"/g, '')],
    ['cluster_snr.tsv', change('cluster_snr.tsv', /\n/g, '\r\n')],
    ['cluster_group.tsv', change('cluster_group.tsv', /\n/g, '\r\n')],
    ['cluster_group.tsv', change('cluster_group.tsv', '1\tunsorted\n', '')],
    ['cluster_group.tsv', change('cluster_group.tsv', '\tgroup', '\tgroup\tby')],
    ['cluster_group.tsv', change('cluster_group.tsv', '1\tunsorted\n', '1\tunsorted\tme\n')],
    ['cluster_group.tsv', change('cluster_group.tsv', /$/, '7')],
    ['cluster_any.csv', write('cluster_any.csv', '')],
    ['spike_clusters.npy', write('spike_clusters.npy', clusters(0, 3, 3, 0))],
    ['spike_clusters.npy', write('spike_clusters.npy', clusters(0, 0, 0, 0))],
    ['spike_clusters.npy', write('spike_clusters.npy', npy('<i8', [4], BigInt64Array.of(0n, 2n, 2n, 0n)))],
    ['spike_clusters.npy', write('spike_clusters.npy', 'no array')],
    ['params.py', change('params.py', '[]', "['raw.dat']")],
    ['params.py', change('params.py', 'False', 'True')],
    ['params.py', change('params.py', 'n_channels_dat = 3', 'n_channels_dat = 385')],
    ['params.py', change('params.py', /$/, '\n')],
    ['params.py', change('params.py', /^/, '# mine\n')],
    ['params.py', change('params.py', /$/, `x = '${'a'.repeat(1000)}'\n`)],
    ['pc_features.npy', write('pc_features.npy', '')],
    ['spike_positions.npy', write('spike_positions.npy', '')],
    ['templates.npy', write('templates.npy', '')],
    ['templates.npy', write('templates.npy', npy('<f4', [3, 61, 3], zeros(549)))],
    ['templates.npy', write('templates.npy', npy('<f4', [3, 61, 3], zeros(549).fill(0.5)))],
    ['templates.npy', write('templates.npy', npy('<f4', [3, 61, 3], zeros(9)))],
    ['amplitudes.npy', write('amplitudes.npy', npy('<f4', [4], Float32Array.of(12.5, 1, 1, 1)))],
    ['amplitudes.npy', write('amplitudes.npy', npy('<f8', [4], Float64Array.of(1, 1, 1, 1)))],
    ['similar_templates.npy', write('similar_templates.npy', npy('<f4', [3, 3], zeros(9).fill(0.9)))],
    ['whitening_mat.npy', write('whitening_mat.npy', 'no array')],
  ]
  for (const [number, [name, work]] of worked.entries()) {
    const folder = `${dir}/worked-${number}`
    await exportSpikeDataToKilosort(recording(units), folder, { fsHz, phy: true })
    work(folder)
    const contents = () => Object.fromEntries(readdirSync(folder).map((name) => [name, digest(readFileSync(`${folder}/${name}`))]))
    const before = contents()
    for (const phy of [true, false]) {
      const refused = exportSpikeDataToKilosort(new SpikeData([[1]]), folder, { fsHz, phy })
      // Without parameters that are ours no file is known to be.
      const files = name === 'params.py' ? '.*params\\.py.*' : name.replace('.', '\\.')
      await t.rejects(
        refused,
        { ...VALUE_ERROR, message: new RegExp(`has worked \\(${files}\\), or overwrite: true, for folder but`) },
        name,
      )
      t.strictSame(contents(), before, 'nothing is written')
    }
    await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: number % 2 === 0, overwrite: true })
    t.strictSame(readdirSync(folder).sort(), number % 2 === 0 ? PLAIN : ['spike_clusters.npy', 'spike_times.npy'], 'what is not ours goes')
    await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  }
})

t.test("another program's folder is refused", async (t) => {
  const folder = `${dir}/theirs`
  mkdirSync(folder)
  for (const name of ['params.py', 'templates.npy', 'template_ind.npy', 'ops.npy', 'cluster_info.tsv']) {
    for (const file of readdirSync(folder)) rmSync(`${folder}/${file}`)
    writeFileSync(`${folder}/${name}`, name === 'params.py' ? "dat_path = 'raw.dat'\nn_channels_dat = 385\n" : '')
    for (const phy of [true, false]) {
      const refused = exportSpikeDataToKilosort(recording(), folder, { fsHz, phy })
      await t.rejects(refused, { ...VALUE_ERROR, message: new RegExp(`has worked \\(${name}\\)`) })
    }
    t.strictSame(readdirSync(folder), [name])
  }
})

t.test('what is not of Phy or KiloSort stays', async (t) => {
  const folder = `${dir}/beside`
  const files = ['notes.csv', 'participants.tsv', 'my_cluster_group.tsv']
  const folders = ['templates_old', 'spike_positions.npy', 'cluster_old.tsv', 'whitening_mat_inv.npy']
  mkdirSync(folder)
  for (const name of files) writeFileSync(`${folder}/${name}`, 'mine')
  for (const name of folders) mkdirSync(`${folder}/${name}`)
  const kept = [...files, ...folders]
  for (const overwrite of [false, true]) {
    await exportSpikeDataToKilosort(recording(), folder, { fsHz, overwrite })
    t.strictSame(readdirSync(folder).sort(), [...kept, 'spike_clusters.npy', 'spike_times.npy'].sort())
  }
  rmSync(`${folder}/whitening_mat_inv.npy`, { recursive: true })
  await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  writeFileSync(`${folder}/pc_features.npy`, '')
  mkdirSync(`${folder}/channel_names.npy`)
  await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true, overwrite: true })
  t.strictSame(readdirSync(folder).sort(), [...PLAIN, ...files, ...folders.slice(0, -1), 'channel_names.npy'].sort())

  const mapped = `${dir}/mapped`
  mkdirSync(`${mapped}/channel_map.npy`, { recursive: true })
  writeFileSync(`${mapped}/params.py`, 'mine')
  await exportSpikeDataToKilosort(recording(), mapped, { fsHz, overwrite: true })
  t.strictSame(readdirSync(mapped).sort(), ['channel_map.npy', 'spike_clusters.npy', 'spike_times.npy'])
})

t.test("Phy's cache goes after what it was made from, and only then", async (t) => {
  const folder = `${dir}/cached`
  const cached = () => existsSync(`${folder}/.phy`)
  const remember = () => {
    mkdirSync(`${folder}/.phy/joblib`, { recursive: true })
    writeFileSync(`${folder}/.phy/joblib/counts.pkl`, '')
  }
  await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  for (const phy of [true, false]) {
    remember()
    await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy })
    t.notOk(cached())
  }
  remember()
  const before = text(folder, 'spike_times.npy')
  const tooEarly = new SpikeData([[-1]], { startTime: -1 })
  await t.rejects(exportSpikeDataToKilosort(tooEarly, folder, { fsHz, phy: true }), { name: 'RangeError' })
  t.equal(text(folder, 'spike_times.npy'), before)
  t.ok(cached(), 'the files are those it was made from')
  writeFileSync(`${folder}/cluster_info.tsv`, '')
  await t.rejects(exportSpikeDataToKilosort(recording(), folder, { fsHz }), VALUE_ERROR)
  t.ok(cached())
  for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`, { recursive: true })
  remember()
  await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  t.ok(cached(), "a folder of that name is Phy's configuration where nothing was there to be cached")
})

t.test('a large folder is looked through in blocks', async (t) => {
  const folder = `${dir}/large`
  const sd = new SpikeData([Float64Array.from({ length: 600_000 }, (_, i) => i), Float64Array.from({ length: 700_000 }, (_, i) => i + 0.5)])
  const export_ = (phy: boolean) => exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
  await export_(true)
  await export_(true)
  const bytes = readFileSync(`${folder}/spike_clusters.npy`)
  bytes.writeInt32LE(7, bytes.length - 4)
  writeFileSync(`${folder}/spike_clusters.npy`, bytes)
  for (const phy of [true, false]) await t.rejects(export_(phy), { message: /spike_clusters\.npy/ })
})
