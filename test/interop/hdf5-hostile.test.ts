/**
 * HDF5 files that are damaged, dishonest, or lead elsewhere: one sentence each, at once, and nothing left open.
 */
import t from 'tap'
import type { LoadHdf5Options } from '../../lib/index.js'
import { FormatError, loadSpikeDataFromHdf5, loadSpikeDataFromNwb } from '../../lib/index.js'
import { openingsOf } from '../support/open-files.js'
import { pythonEnvironment, runPython } from './python.js'

const environment = await pythonEnvironment('numpy2')

t.test('files that are refused', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const cases: { name: string; file: string; options: object; expected: string; isNwb: boolean }[] = JSON.parse(
    await runPython(environment, 'write_hostile_hdf5.py', [folder]),
  )
  const before = process.memoryUsage.rss()
  for (const { name, file, options, expected, isNwb } of cases) {
    const loading = isNwb ? loadSpikeDataFromNwb(file) : loadSpikeDataFromHdf5(file, options as LoadHdf5Options)
    const error: unknown = await loading.catch((reason: unknown) => reason)
    t.type(error, FormatError, name)
    const { message, path, code } = error as FormatError
    t.match(message, /^Cannot read [^\n]+\.$/, `${name}: one sentence`)
    const literal = expected.replace(/[()[\]^.]/g, '\\$&').replaceAll('\\.*', '.*')
    t.match(message, new RegExp(literal), name)
    t.strictSame({ path, code }, { path: file, code: 'ERR_INVALID_FILE' }, name)
  }
  t.ok(process.memoryUsage.rss() - before < 2 ** 28, 'no memory is taken for what is not there')
  t.equal(openingsOf(folder), 0)
})

t.test('what is no file', async (t) => {
  const folder = t.testdir()
  await t.rejects(loadSpikeDataFromHdf5(`${folder}/missing.h5`), { code: 'ENOENT', syscall: 'open', path: `${folder}/missing.h5` })
  await t.rejects(loadSpikeDataFromHdf5(folder), { code: 'EISDIR', path: folder })
  await t.rejects(loadSpikeDataFromHdf5('/dev/null'), { code: 'EINVAL' })
})
