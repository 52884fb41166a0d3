/** loadSpikeData, where the program does something else meanwhile. */
import fs, { renameSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import t from 'tap'
import { exportSpikeDataToHdf5, exportToWorkspace, inspect, loadSpikeData, loadWorkspace, SpikeData } from '../../lib/index.js'
import { EXAMPLE, loaderOf, writeEverything } from '../support/every-reader.js'

t.test('a relative path is that of the call, whatever the working directory is later', async (t) => {
  const folder = t.testdir({ other: {} })
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(folder)
  await exportSpikeDataToHdf5(new SpikeData([[1, 2]]), 'ragged.h5')
  await exportSpikeDataToHdf5(new SpikeData([[5]]), 'other/ragged.h5')
  const loading = loadSpikeData('ragged.h5')
  process.chdir('other')
  t.equal((await loading).spikeCount, 2)
})

t.test('files of users are never waited for on the JS thread', async (t) => {
  const written = await writeEverything(t.testdir())
  const called: string[] = []
  const synchronous = Object.keys(fs).filter((name) => name.endsWith('Sync')) as (keyof typeof fs)[]
  const own = Object.fromEntries(synchronous.map((name) => [name, fs[name]]))
  for (const name of synchronous) {
    const original = fs[name] as (...args: unknown[]) => unknown
    const noted = (...args: unknown[]) => {
      called.push(`${name} ${String(args[0])}`)
      return original(...args)
    }
    Object.assign(fs, { [name]: Object.assign(noted, original) })
  }
  syncBuiltinESMExports()
  try {
    for (const { path, format, options } of written) {
      await loaderOf(format)(path, options)
      if (!options) await loadSpikeData(path)
      await inspect(path)
      if (format === 'workspace') await loadWorkspace(path.replace(/\.h5$/, ''))
    }
  } finally {
    Object.assign(fs, own)
    syncBuiltinESMExports()
  }
  t.strictSame(
    called.filter((call) => written.some(({ path }) => call.includes(path))),
    [],
  )
})

t.test('a workspace of another name: options are read once, and errors have the path as it was given', async (t) => {
  const folder = t.testdir()
  await exportToWorkspace({ day: { spikes: EXAMPLE } }, `${folder}/named.h5`)
  renameSync(`${folder}/named.h5`, `${folder}/other.name`)
  const before = process.cwd()
  process.chdir(folder)
  t.teardown(() => process.chdir(before))
  let reads = 0
  const options = {
    format: 'workspace' as const,
    get pythonTypes() {
      reads++
      return 'plain' as const
    },
  }
  const loading = loadSpikeData('other.name', options)
  process.chdir(before)
  t.equal((await loading).N, EXAMPLE.N)
  t.equal(reads, 1)
  process.chdir(folder)
  const failing = loadSpikeData('missing', { format: 'workspace' })
  process.chdir(before)
  await t.rejects(failing, { code: 'ENOENT', path: 'missing.h5' })
})
