/**
 * Paths that an export is given: what may be there, what may not, and what errors call it.
 */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from '../../lib/index.js'
import { runNode } from '../support/child.js'

const sd = new SpikeData([[1, 2], [3]])
const fsHz = 30000
const partials = (folder: string) => fs.readdirSync(folder).filter((name) => name.includes('.spikeport-'))

t.test('nothing is above a folder that is not there', async (t) => {
  const dir = t.testdir({ there: {} })
  for (const path of [`${dir}/missing/../a`, `${dir}/there/missing/./../../a`, `${dir}/missing/..`]) {
    for (const run of [exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle]) {
      await t.rejects(run(sd, path), { code: 'ENOENT', syscall: 'open', path })
    }
    await t.rejects(exportSpikeDataToKilosort(sd, path, { fsHz }), { code: 'ENOENT', syscall: 'mkdir', path })
  }
  await exportSpikeDataToKilosort(sd, `${dir}/new/./ks/.`, { fsHz })
  await exportToPickle(sd, `${dir}/there/.././there/a.pkl`)
  t.strictSame(fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort(), [
    ...['new', 'new/ks', 'new/ks/spike_clusters.npy', 'new/ks/spike_times.npy', 'there', 'there/a.pkl'],
  ])
})

t.test('errors call the target what the caller calls it', async (t) => {
  const dir = t.testdir({ real: { 'a.h5': { b: '' } } })
  fs.symlinkSync('real', `${dir}/link`)
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/link/a.h5`), { code: 'EISDIR', path: `${dir}/link/a.h5` })
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/link/missing/b.h5`), { code: 'ENOENT', path: `${dir}/link/missing/b.h5` })
  fs.mkdirSync(`${dir}/real/ks`)
  fs.mkdirSync(`${dir}/real/ks/spike_times.npy`)
  const path = `${dir}/link/ks/spike_times.npy`
  await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/link/ks//`, { fsHz }), {
    code: 'EISDIR',
    path,
    message: `EISDIR: illegal operation on a directory, open '${path}'`,
  })
})

t.test('folders above the file: made for pickles and KiloSort folders, not for HDF5 and NWB', async (t) => {
  const dir = t.testdir()
  await exportToPickle(sd, `${dir}/a/b/c.pkl`)
  await exportSpikeDataToKilosort(sd, `${dir}/d/e/f`, { fsHz })
  t.ok(fs.existsSync(`${dir}/a/b/c.pkl`) && fs.existsSync(`${dir}/d/e/f/spike_times.npy`))
  await t.rejects(exportToPickle(sd, `${dir}/i.pkl/.`), { code: 'ENOENT', path: `${dir}/i.pkl/.` })
  t.notOk(fs.existsSync(`${dir}/i.pkl`))
  const missing = { code: 'ENOENT', syscall: 'open', path: `${dir}/g/h`, errno: -2, message: /^ENOENT: no such file or directory, open/ }
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/g/h`), missing)
  await t.rejects(exportSpikeDataToNwb(sd, `${dir}/g/h`), missing)
})

t.test('something else in the place of the output', async (t) => {
  const dir = t.testdir({ folder: {}, file: 'old' })
  for (const run of [exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle]) {
    await t.rejects(run(sd, `${dir}/folder`), { code: 'EISDIR', path: `${dir}/folder` })
    await t.rejects(run(sd, `${dir}/file/x`), { code: 'ENOTDIR' })
    await t.rejects(run(sd, '/dev/null'), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: "Expected the path of a regular file for path but received '/dev/null'.",
    })
  }
  await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/file`, { fsHz }), { code: 'ENOTDIR' })
  fs.mkdirSync(`${dir}/folder/spike_times.npy`)
  await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/folder`, { fsHz }), { code: 'EISDIR' })
  t.strictSame(fs.readdirSync(`${dir}/folder`), ['spike_times.npy'])
  t.equal(fs.readFileSync(`${dir}/file`, 'utf8'), 'old')
})

t.test('a name that is too long', async (t) => {
  const dir = t.testdir()
  await exportSpikeDataToHdf5(sd, `${dir}/${'x'.repeat(252)}.h5`)
  t.equal(fs.readdirSync(dir)[0]?.length, 255)
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/${'x'.repeat(10_000)}`), { code: 'ENAMETOOLONG' })
})

t.test('a folder or file that may not be written', async (t) => {
  // Not below the checkout, which may be in a folder that only its owner enters.
  const dir = fs.mkdtempSync(join(tmpdir(), 'spikeport-test-'))
  t.teardown(() => fs.rmSync(dir, { recursive: true }))
  fs.chmodSync(dir, 0o755)
  fs.mkdirSync(`${dir}/locked`)
  fs.mkdirSync(`${dir}/open`)
  fs.writeFileSync(`${dir}/locked/a.h5`, 'old')
  fs.writeFileSync(`${dir}/open/b.h5`, 'old')
  fs.chmodSync(`${dir}/locked`, 0o555)
  fs.chmodSync(`${dir}/open`, 0o777)
  fs.chmodSync(`${dir}/open/b.h5`, 0o444)
  // Root may write anywhere: then another user has to try.
  const script = `
    const { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportToPickle } = await import('spikeport')
    if (process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534)
    const sd = new SpikeData([[1]])
    const code = (promise) => promise.then(() => 'written', ({ code, path }) => code + ' ' + path)
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/locked/a.h5')))
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/locked/new.h5')))
    console.log(await code(exportToPickle(sd, '${dir}/locked/x/y.pkl')))
    console.log(await code(exportSpikeDataToKilosort(sd, '${dir}/locked/ks', { fsHz: 1 })))
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/open/b.h5')))
  `
  const { stdout, stderr } = await runNode(script)
  t.strictSame(stdout.trim().split('\n'), [
    `EACCES ${dir}/locked/a.h5`,
    `EACCES ${dir}/locked/new.h5`,
    `EACCES ${dir}/locked/x`,
    `EACCES ${dir}/locked/ks`,
    `EACCES ${dir}/open/b.h5`,
  ])
  t.equal(stderr, '')
  fs.chmodSync(`${dir}/locked`, 0o755)
  t.strictSame(fs.readdirSync(`${dir}/locked`), ['a.h5'])
  t.equal(fs.readFileSync(`${dir}/open/b.h5`, 'utf8'), 'old')
})

t.test('leftovers that may not be removed, and a folder that may not be read', async (t) => {
  const dir = fs.mkdtempSync(join(tmpdir(), 'spikeport-test-'))
  t.teardown(() => fs.rmSync(dir, { recursive: true }))
  fs.chmodSync(dir, 0o755)
  for (const name of ['sticky', 'locked', 'blind']) fs.mkdirSync(`${dir}/${name}`)
  fs.mkdirSync(`${dir}/sticky/.ks.spikeport-0.partial`)
  fs.writeFileSync(`${dir}/sticky/.ks.spikeport-0.partial/spike_times.npy`, '')
  fs.writeFileSync(`${dir}/sticky/.a.h5.spikeport-0.partial`, '')
  fs.writeFileSync(`${dir}/locked/.a.h5.spikeport-0.partial`, '', { mode: 0o666 })
  fs.chmodSync(`${dir}/locked/.a.h5.spikeport-0.partial`, 0o666)
  fs.writeFileSync(`${dir}/blind/a.h5`, 'old')
  fs.chmodSync(`${dir}/blind/a.h5`, 0o666)
  fs.chmodSync(`${dir}/sticky`, 0o1777)
  fs.chmodSync(`${dir}/locked`, 0o555)
  fs.chmodSync(`${dir}/blind`, 0o333)
  const script = `
    const { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort } = await import('spikeport')
    if (process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534)
    const sd = new SpikeData([[1]])
    const code = (promise) => promise.then(() => 'written', ({ code, path }) => code + ' ' + path)
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/sticky/a.h5')))
    console.log(await code(exportSpikeDataToKilosort(sd, '${dir}/sticky/ks', { fsHz: 1 })))
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/locked/a.h5')))
    console.log(await code(exportSpikeDataToHdf5(sd, '${dir}/blind/a.h5', { durable: true })))
  `
  const { stdout, stderr } = await runNode(script)
  t.equal(stderr, '')
  const root = process.getuid?.() === 0
  t.strictSame(stdout.trim().split('\n'), ['written', 'written', `EACCES ${dir}/locked/a.h5`, `EACCES ${dir}/blind`])
  fs.chmodSync(`${dir}/blind`, 0o755)
  fs.chmodSync(`${dir}/locked`, 0o755)
  t.equal(fs.readFileSync(`${dir}/blind/a.h5`, 'utf8'), 'old')
  t.strictSame(fs.readdirSync(`${dir}/blind`), ['a.h5'])
  if (root) t.equal(partials(`${dir}/sticky`).length, 2, 'what belongs to another user stays')
})

t.test('the path of a folder is no path of a file', async (t) => {
  const dir = t.testdir()
  for (const run of [exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle]) {
    await t.rejects(run(sd, `${dir}/new/`), { code: 'ERR_INVALID_ARG_VALUE', message: /path of a file/ })
  }
  t.strictSame(fs.readdirSync(dir), [])
})

t.test('relative paths are those of the call', async (t) => {
  const dir = t.testdir({ elsewhere: {} })
  const before = process.cwd()
  process.chdir(dir)
  const done = Promise.all([
    exportSpikeDataToHdf5(sd, 'a.h5'),
    exportSpikeDataToNwb(sd, 'a.nwb'),
    exportToPickle(sd, 'a.pkl'),
    exportSpikeDataToKilosort(sd, 'ks', { fsHz }),
  ])
  process.chdir('elsewhere')
  const reports = await done
  process.chdir(before)
  t.strictSame(
    reports.map(({ paths }) => paths[0]),
    ['a.h5', 'a.nwb', 'a.pkl', 'ks/spike_times.npy'],
  )
  t.strictSame(fs.readdirSync(dir).sort(), ['a.h5', 'a.nwb', 'a.pkl', 'elsewhere', 'ks'])
})

t.test('a path through a link to a folder and back leads to one place, for the system and for the report', async (t) => {
  const dir = t.testdir({ real: { sub: {} }, out: { '.phy': { cache: '' } } })
  fs.symlinkSync('real/sub', `${dir}/link`)
  // To the system, this is real/out.
  const folder = `${dir}/link/../out`
  const located = new SpikeData([[1, 2], [3]], { neuronAttributes: [{ electrode: 0 }, { electrode: 1 }] })
  for (const again of [false, true]) {
    const { paths } = await exportSpikeDataToKilosort(located, folder, { fsHz, phy: true })
    for (const path of paths) t.ok(fs.existsSync(path), `${path}${again ? ', again' : ''}`)
  }
  fs.mkdirSync(`${dir}/real/out/.phy`)
  await exportSpikeDataToKilosort(located, folder, { fsHz, phy: true, overwrite: true })
  t.notOk(fs.existsSync(`${dir}/real/out/.phy`), 'the cache of the folder is gone')
  t.ok(fs.existsSync(`${dir}/out/.phy/cache`), 'another folder is left alone')
})
