/**
 * Under Node's permission model native code writes nothing that Node's own functions would not.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import t from 'tap'
import { exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { PERMISSION_MODEL, runNode } from '../support/child.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const KINDS = ['hdf5', 'compressed', 'nwb', 'kilosort', 'phy', 'pickle'] as const

interface Denied {
  code: string
  permission: string
  resource: string
}

/** What came of an export: `written`, or what its error has. */
type Outcome = 'written' | Denied

/** What comes of exports in a process that may write, and read besides the package, only what is granted. */
async function outcomesOf(
  exports: readonly [kind: (typeof KINDS)[number] | 'remembered', path: string][],
  write: string[],
  read = ['*'],
): Promise<Outcome[]> {
  const script = `
    import { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle } from 'spikeport'
    const sd = new SpikeData([[1], [2]])
    const kinds = {
      hdf5: (path) => exportSpikeDataToHdf5(sd, path),
      compressed: (path) => exportSpikeDataToHdf5(sd, path, { compression: {} }),
      nwb: (path) => exportSpikeDataToNwb(sd, path, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' } }),
      kilosort: (path) => exportSpikeDataToKilosort(sd, path, { fsHz: 1000 }),
      remembered: (path) => exportSpikeDataToKilosort(sd, path, { fsHz: 1000, clusterIds: [3, 3] }),
      phy: (path) => exportSpikeDataToKilosort(sd, path, { fsHz: 1000, phy: true }),
      pickle: (path) => exportToPickle(sd, path),
    }
    const outcomes = []
    for (const [kind, path] of ${JSON.stringify(exports)}) {
      const what = ({ code, permission, resource, message }) => ({ code, permission, resource, message })
      outcomes.push(await kinds[kind](path).then(() => 'written', what))
    }
    console.log(JSON.stringify(outcomes))
  `
  const grants = [...write.map((path) => `--allow-fs-write=${path}`), ...read.map((path) => `--allow-fs-read=${path}`)]
  const { stdout, stderr } = await runNode(script, { args: [PERMISSION_MODEL, '--allow-addons', '--no-warnings', ...grants] })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Outcome[]
}

const refused = (resource: string) => ({
  code: 'ERR_ACCESS_DENIED',
  permission: 'FileSystemWrite',
  resource,
  message: /^Access to this API has been restricted/,
})

const everything = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

async function oneDenied(t: Test, kind: (typeof KINDS)[number], path: string, write: string[], resource: string): Promise<void> {
  const before = everything(t.testdirName)
  t.match(await outcomesOf([[kind, path]], write), [refused(resource)], `${kind}: ${resource}`)
  t.strictSame(everything(t.testdirName), before, 'nothing was written')
}

t.test('where everything is granted, and where nothing is', async (t) => {
  const dir = t.testdir({ granted: {}, other: {} })
  const to = (folder: string) => KINDS.map((kind): [typeof kind, string] => [kind, `${dir}/${folder}/${kind}`])
  const outcomes = await outcomesOf([...to('granted'), ...to('other'), ['pickle', `${dir}/other/new/a.pkl`]], [`${dir}/granted/*`])
  t.strictSame(
    outcomes.slice(0, KINDS.length),
    KINDS.map(() => 'written'),
  )
  for (const [i, kind] of KINDS.entries()) {
    const isFolder = kind === 'kilosort' || kind === 'phy'
    t.match(outcomes[KINDS.length + i], refused(`${dir}/other/${kind}${isFolder ? '/spike_times.npy' : ''}`))
  }
  t.match(outcomes.at(-1), refused(`${dir}/other/new/a.pkl`))
  t.strictSame(
    everything(`${dir}/granted`).filter((name) => !name.includes('/')),
    [...KINDS].sort(),
  )
  t.strictSame(everything(`${dir}/other`), [])
})

t.test('a file alone is granted, without its partial file', async (t) => {
  const dir = t.testdir()
  for (const kind of ['hdf5', 'pickle'] as const) await oneDenied(t, kind, `${dir}/a`, [`${dir}/a`], `${dir}/.a.spikeport-0.partial`)
  t.strictSame(await outcomesOf([['hdf5', `${dir}/a`]], [`${dir}/a`, `${dir}/.a.*`]), ['written'])
})

t.test('parents that are yet to be made', async (t) => {
  const dir = t.testdir()
  const pickled = [`${dir}/new/deep/a`, `${dir}/new/deep/.a.*`]
  await oneDenied(t, 'pickle', `${dir}/new/deep/a`, pickled, `${dir}/new/deep`)
  await oneDenied(t, 'pickle', `${dir}/new/deep/a`, [...pickled, `${dir}/new/deep`], `${dir}/new`)
  t.strictSame(await outcomesOf([['pickle', `${dir}/new/deep/a`]], [`${dir}/new/*`]), ['written'])
  await oneDenied(t, 'kilosort', `${dir}/other/ks`, [`${dir}/other/ks/*`, `${dir}/other/.ks.*`], `${dir}/other`)
})

t.test('links that lead to what is not granted', async (t) => {
  const dir = t.testdir({ granted: {}, other: { 'a.h5': 'of another', ks: {} } })
  symlinkSync(`${dir}/other/a.h5`, `${dir}/granted/a.h5`)
  symlinkSync(`${dir}/other/new`, `${dir}/granted/new`)
  symlinkSync('../other/ks', `${dir}/granted/ks`)
  symlinkSync('../other', `${dir}/granted/up`)
  const grant = [`${dir}/granted/*`]
  await oneDenied(t, 'hdf5', `${dir}/granted/a.h5`, grant, `${dir}/other/a.h5`)
  await oneDenied(t, 'pickle', `${dir}/granted/new`, grant, `${dir}/other/new`)
  await oneDenied(t, 'phy', `${dir}/granted/ks/`, grant, `${dir}/other/ks/spike_times.npy`)
  await oneDenied(t, 'hdf5', `${dir}/granted/up/b.h5`, grant, `${dir}/other/b.h5`)
  await oneDenied(t, 'hdf5', `${dir}/granted/ks/../b.h5`, grant, `${dir}/other/b.h5`)
  t.strictSame(await outcomesOf([['hdf5', `${dir}/granted/a.h5`]], [...grant, `${dir}/other/*`]), ['written'])
})

t.test('folders: one that is there needs nothing beside it, a new one does', async (t) => {
  const dir = t.testdir()
  const ks = `${dir}/ks`
  await oneDenied(t, 'kilosort', ks, [`${ks}/*`], `${dir}/.ks.spikeport-0.partial/spike_times.npy`)
  mkdirSync(ks)
  t.strictSame(await outcomesOf([['kilosort', ks]], [`${ks}/*`]), ['written'])
  // Files of an earlier export go.
  await exportSpikeDataToKilosort(new SpikeData([[1], [2]], { neuronAttributes: [{ ch: 1 }, { ch: 2 }] }), ks, { fsHz: 1000 })
  await oneDenied(t, 'kilosort', ks, [`${ks}/spike*`, `${ks}/.spike*`], `${ks}/channel_map.npy`)
  t.strictSame(await outcomesOf([['kilosort', ks]], [`${ks}/spike*`, `${ks}/.spike*`, `${ks}/channel_map.npy`]), ['written'])
})

t.test('what is read in a folder must be granted, too', async (t) => {
  const dir = t.testdir({ ks: {} })
  writeFileSync(`${dir}/ks/params.py`, 'of another')
  // What loading the package reads.
  const own = ['dist/*', 'node_modules/*', 'build/*', 'prebuilds/*', 'package.json'].map((name) => `${root}${name}`)
  const [outcome, ...others] = await outcomesOf(
    [
      ['phy', `${dir}/ks`],
      ['remembered', `${dir}/new`],
      ['phy', `${dir}/phy`],
    ],
    ['*'],
    [...own, '/etc/*'],
  )
  t.strictSame(others, ['written', 'written'], 'nothing is read in a new folder')
  t.match(outcome, { code: 'ERR_ACCESS_DENIED', permission: 'FileSystemRead', resource: `${dir}/ks` })
})

t.test('a folder for spikes on the disk', async (t) => {
  const dir = t.testdir({ granted: {}, other: {} })
  symlinkSync('../other', `${dir}/granted/up`)
  for (const [folder, expected] of [
    ['granted', 'made'],
    ['other', { code: 'ERR_ACCESS_DENIED', permission: 'FileSystemWrite', resource: `${dir}/other/spool` }],
    ['granted/up', { code: 'ERR_ACCESS_DENIED', permission: 'FileSystemWrite', resource: `${dir}/other/spool` }],
  ] as const) {
    const code = `
      const { SpikeData } = await import('spikeport')
      await SpikeData.fromBatches([{ unit: 0, times: [1] }], { spoolFolder: '${dir}/${folder}' }).then(
        () => console.log('"made"'),
        ({ code, permission, resource }) => console.log(JSON.stringify({ code, permission, resource })),
      )
    `
    const permissions = [PERMISSION_MODEL, '--allow-addons', '--allow-fs-read=*', `--allow-fs-write=${dir}/granted/*`]
    const { stdout } = await runNode(code, { args: ['--no-warnings', ...permissions] })
    t.strictSame(JSON.parse(stdout), expected, folder)
  }
})
