/**
 * Outputs appear whole or not at all, under the name that was asked for.
 */
import { once } from 'node:events'
import * as fs from 'node:fs'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportToPickle, SpikeData } from '../../lib/index.js'
import { recordingScript, startNode, startProcess } from '../support/child.js'

const sd = new SpikeData([[1, 2], [3]])
const fsHz = 30000
const partials = (folder: string) => fs.readdirSync(folder).filter((name) => name.includes('.spikeport-'))

t.test('a reader of the file that was there goes on reading it', async (t) => {
  const dir = t.testdir({ 'a.h5': 'old' })
  const reader = fs.openSync(`${dir}/a.h5`, 'r')
  await exportSpikeDataToHdf5(sd, `${dir}/a.h5`)
  t.equal(fs.readFileSync(reader, 'utf8'), 'old')
  fs.closeSync(reader)
  t.equal(fs.readFileSync(`${dir}/a.h5`).toString('latin1', 0, 4), '\x89HDF')
  t.strictSame(partials(dir), [])
})

t.test('permissions of the file that was there are kept', async (t) => {
  const dir = t.testdir({ 'a.h5': '' })
  fs.chmodSync(`${dir}/a.h5`, 0o640)
  await exportSpikeDataToHdf5(sd, `${dir}/a.h5`)
  t.equal(fs.statSync(`${dir}/a.h5`).mode & 0o777, 0o640)
  const umask = process.umask(0o027)
  await exportSpikeDataToHdf5(sd, `${dir}/b.h5`)
  await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz })
  process.umask(umask)
  t.equal(fs.statSync(`${dir}/b.h5`).mode & 0o777, 0o640)
  t.equal(fs.statSync(`${dir}/ks`).mode & 0o777, 0o750)
})

t.test(
  'permissions that are wrong for a file of another owner, or for a part of a file, are not given',
  { skip: process.getuid?.() !== 0 && 'takes an administrator' },
  async (t) => {
    const dir = t.testdir({ 'own.h5': '', 'other.h5': '', ks: { 'spike_times.npy': '' } })
    const paths = [`${dir}/own.h5`, `${dir}/other.h5`, `${dir}/ks/spike_times.npy`]
    for (const path of paths) {
      if (path !== paths[0]) fs.chownSync(path, 65534, 65534)
      fs.chmodSync(path, 0o7755)
    }
    for (const path of paths.slice(0, 2)) await exportSpikeDataToHdf5(sd, path)
    await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz })
    t.strictSame(
      paths.map((path) => fs.statSync(path).mode & 0o7777),
      [0o7755, 0o755, 0o755],
    )
  },
)

t.test('symbolic links are followed', async (t) => {
  const dir = t.testdir({ real: { 'a.h5': 'old' } })
  fs.symlinkSync('real/a.h5', `${dir}/link.h5`)
  fs.symlinkSync(`${dir}/link.h5`, `${dir}/link2.h5`)
  fs.symlinkSync('real/new.pkl', `${dir}/dangling.pkl`)
  fs.symlinkSync('real', `${dir}/folder`)
  fs.symlinkSync('loop', `${dir}/loop`)
  await exportSpikeDataToHdf5(sd, `${dir}/link2.h5`)
  await exportToPickle(sd, `${dir}/dangling.pkl`)
  await exportSpikeDataToKilosort(sd, `${dir}/folder`, { fsHz })
  t.ok(fs.lstatSync(`${dir}/link.h5`).isSymbolicLink())
  t.ok(fs.lstatSync(`${dir}/link2.h5`).isSymbolicLink())
  t.ok(fs.lstatSync(`${dir}/folder`).isSymbolicLink())
  t.strictSame(fs.readdirSync(`${dir}/real`).sort(), ['a.h5', 'new.pkl', 'spike_clusters.npy', 'spike_times.npy'])
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/loop`), { code: 'ELOOP' })
})

t.test('a link in a folder that is a link itself, and names that lead up from one', async (t) => {
  const dir = t.testdir({ disk: { exports: {}, runs: {} }, home: { runs: { '1.h5': 'not this' } } })
  fs.symlinkSync('../disk/exports', `${dir}/home/exports`)
  fs.symlinkSync('../runs/1.h5', `${dir}/disk/exports/latest.h5`)
  await exportSpikeDataToHdf5(sd, `${dir}/home/exports/latest.h5`)
  await exportSpikeDataToHdf5(sd, `${dir}/home/exports/../runs/2.h5`)
  t.strictSame(fs.readdirSync(`${dir}/disk/runs`).sort(), ['1.h5', '2.h5'])
  t.equal(fs.readFileSync(`${dir}/home/runs/1.h5`, 'utf8'), 'not this')
})

t.test(
  'a folder that is locked: exports to it wait, and nothing else does',
  { skip: process.platform === 'linux' ? false : 'flock is a program of Linux' },
  async (t) => {
    const dir = t.testdir({ ks: {} })
    await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz })
    const before = fs.readFileSync(`${dir}/ks/spike_times.npy`)
    const { child, ended } = startProcess('flock', ['--no-fork', `${dir}/ks`, 'sh', '-c', 'echo locked; exec sleep 600'])
    await once(child.stdout, 'data')
    const other = new SpikeData([[7]])
    const stop = new AbortController()
    let settled = 0
    const waiting = Array.from({ length: 20 }, (_, i) => {
      const signal = i % 2 === 0 ? stop.signal : undefined
      return exportSpikeDataToKilosort(other, `${dir}/ks`, { fsHz, signal })
        .then(
          () => 'written',
          (error: unknown) => error,
        )
        .finally(() => settled++)
    })
    for (let i = 0; i < 20; i++) {
      await exportSpikeDataToHdf5(sd, `${dir}/a.h5`, { compression: {} })
      await exportSpikeDataToKilosort(sd, `${dir}/other`, { fsHz })
    }
    t.equal(settled, 0, 'others are written meanwhile')
    stop.abort('enough')
    t.strictSame(await Promise.all(waiting.filter((_, i) => i % 2 === 0)), Array(10).fill('enough'), 'a signal ends the wait')
    t.strictSame(fs.readFileSync(`${dir}/ks/spike_times.npy`), before)
    child.kill('SIGKILL')
    await ended
    t.strictSame(
      await Promise.all(waiting.filter((_, i) => i % 2 === 1)),
      Array(10).fill('written'),
      'and so does the end of the other process',
    )
    t.notSame(fs.readFileSync(`${dir}/ks/spike_times.npy`), before)
    t.strictSame(partials(`${dir}/ks`), [])
  },
)

t.test(
  'a lock that another program keeps does not hold an export for ever',
  { skip: process.platform === 'linux' ? false : 'flock is a program of Linux' },
  async (t) => {
    const dir = t.testdir({ ks: {} })
    // As batch jobs take turns.
    const code = `import('spikeport').then(({ SpikeData, exportSpikeDataToKilosort }) => exportSpikeDataToKilosort(new SpikeData([[7]]), '${dir}/ks', { fsHz: 1 }))`
    const { ended } = startProcess('flock', [`${dir}/ks`, process.execPath, '-e', code])
    t.match(await ended, { code: 0, stderr: '' })
    t.ok(fs.existsSync(`${dir}/ks/spike_times.npy`))
  },
)

t.test('what happens to a folder during an export', async (t) => {
  const dir = t.testdir()
  // Takes far longer than the tenth of a second after which progress is first reported.
  const large = new SpikeData(Array.from({ length: 3 }, () => Float64Array.from({ length: 5e6 }, (_, i) => i)))
  /** Exports to a folder that is there, in which something happens on the way. */
  const meanwhile = async (folder: string, happens: () => void) => {
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
    let hasHappened = false
    const onProgress = () => {
      if (!hasHappened) happens()
      hasHappened = true
    }
    return exportSpikeDataToKilosort(large, folder, { fsHz, phy: true, threads: 1, onProgress })
  }
  const clusters = `${dir}/curated/spike_clusters.npy`
  let saved = Buffer.alloc(0)
  const curated = meanwhile(`${dir}/curated`, () => {
    saved = fs.readFileSync(clusters)
    saved.writeInt32LE(9, saved.length - 4)
    fs.writeFileSync(clusters, saved)
  })
  await t.rejects(curated, { code: 'ERR_INVALID_ARG_VALUE', message: /has worked \(spike_clusters\.npy\)/ }, 'what a person saves is seen')
  t.strictSame(fs.readFileSync(clusters), saved)
  const moved = meanwhile(`${dir}/moved`, () => {
    fs.renameSync(`${dir}/moved`, `${dir}/elsewhere`)
    fs.symlinkSync('elsewhere', `${dir}/moved`)
  })
  await t.rejects(moved, { code: /^(ENOENT|ENOTDIR|ELOOP)$/ }, 'a folder that has become a link is not waited for')
  t.strictSame([...partials(`${dir}/curated`), ...partials(`${dir}/elsewhere`)], [])
})

t.test('two exports to one path: one of them is there, whole', async (t) => {
  const dir = t.testdir()
  const long = new SpikeData([Float64Array.from({ length: 300_000 }, (_, i) => i)])
  for (const options of [{}, { compression: {} }]) {
    const reports = await Promise.all([sd, long, sd, long].map((recording) => exportSpikeDataToHdf5(recording, `${dir}/a.h5`, options)))
    t.ok(reports.some(({ bytesWritten }) => bytesWritten === fs.statSync(`${dir}/a.h5`).size))
  }
  await Promise.all([sd, long, sd].map((recording) => exportSpikeDataToKilosort(recording, `${dir}/ks`, { fsHz })))
  t.strictSame(fs.readdirSync(dir).sort(), ['a.h5', 'ks'])
  t.strictSame(fs.readdirSync(`${dir}/ks`).sort(), ['spike_clusters.npy', 'spike_times.npy'])
})

t.test('what a killed export left is removed by the next one', async (t) => {
  const dir = t.testdir({ 'a.h5': 'old' })
  const script = `
    const { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort } = await import('spikeport')
    ${recordingScript('sd', 10, 1_000_000)}
    const options = { onProgress: () => console.log('running') }
    exportSpikeDataToHdf5(sd, '${dir}/a.h5', { compression: { level: 9 }, ...options })
    exportSpikeDataToHdf5(sd, '${dir}/a.h5', { compression: { level: 9 }, ...options })
  `
  const { child, ended } = startNode(script)
  child.stdout.once('data', () => child.kill('SIGKILL'))
  t.equal((await ended).signal, 'SIGKILL')
  t.ok(partials(dir).length > 0, 'there is something to remove')
  t.equal(fs.readFileSync(`${dir}/a.h5`, 'utf8'), 'old')

  fs.mkdirSync(`${dir}/.ks.spikeport-0.partial`)
  fs.writeFileSync(`${dir}/.ks.spikeport-0.partial/spike_times.npy`, 'half')
  fs.writeFileSync(`${dir}/.other.h5.spikeport-0.partial`, 'not of this path')
  await exportSpikeDataToHdf5(sd, `${dir}/a.h5`)
  await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz })
  t.strictSame(partials(dir), ['.other.h5.spikeport-0.partial'])
})
