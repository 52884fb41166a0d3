/**
 * What only looks like a format is not taken for it, and what looks like something else is: text, HDF5 behind a user block, groups of
 * MaxWell's names, files beside a path that leads to nothing, and folders with very many names.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, exportToPickle, exportToWorkspace, inspect, loadSpikeData } from '../../lib/index.js'
import { Candidate, MOST_NAMES } from '../../lib/jobs/candidate.js'
import { described, EXAMPLE } from '../support/every-reader.js'

await ready

const dir = t.testdir()
const WRONG = { code: 'ERR_INVALID_FILE', name: 'FormatError' }
const UNKNOWN = { ...WRONG, message: /it is no file of a known format\. Looked for: an HDF5 file; .*a Python pickle/ }

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(`${dir}/${name}`, content)
  return `${dir}/${name}`
}

t.test('text is no pickle', async (t) => {
  const texts = [
    'channel\n0\n1\n',
    'c1\n3\n4',
    'c1\n3\n4\n',
    'cells\nspikes',
    'cells\nspikes\n',
    'channel\nspikes\nquality\n',
    'cells\nspikes\n(sorted by hand)\n',
    'cells\nspikes\npeaks\n',
    'cells\nspikes\n.5\n',
    '(important\nnotes',
    '(important\nnotes\npoints\n',
    '(dp and more\n',
    ']quit\n',
    '\x80\x0a',
    '\x80 EUR\n',
  ]
  for (const text of texts) {
    const path = file('text', Buffer.from(text, 'latin1'))
    await t.rejects(inspect(path), { ...UNKNOWN, path }, JSON.stringify(text))
    await t.rejects(loadSpikeData(path), { ...UNKNOWN, path }, JSON.stringify(text))
  }
})

t.test('pickles without a protocol are still pickles', async (t) => {
  for (const protocol of [0, 1] as const) {
    const { paths } = await exportToPickle(EXAMPLE, `${dir}/object.pkl`, { protocol })
    t.equal((await inspect(paths[0] as string)).variant, 'SpikeData')
  }
  const texts = [
    'c__builtin__\nset\np0\n((lp1\ntp2\nRp3\n.',
    'c__builtin__\nset\nq\0(]q\x01tq\x02Rq\x03.',
    // As pickletools.optimize leaves them.
    'ccopy_reg\n_reconstructor\n(c__main__\nSpikeData\nc__builtin__\nobject\nNtR.',
    'ccollections\nOrderedDict\n)R.',
    'cmod\nname\n.',
    '(lp0\n.',
    '(dp0\n.',
    '(d.',
    '(t.',
    '(imod\nname\np0\n.',
    '(imod\nname\n.',
    ']q\0.',
    '}q\0.',
    '].',
    ').',
    '\x80\x02].',
    '\x80\x05].',
  ]
  for (const text of texts) {
    const path = file('pickle', Buffer.from(text, 'latin1'))
    const message = await inspect(path).then(
      ({ format }) => format,
      (error: Error) => error.message,
    )
    t.notMatch(message, /no file of a known format/, JSON.stringify(text))
  }
})

t.test('HDF5 behind a user block of any size', async (t) => {
  const path = `${dir}/file.h5`
  const { paths } = await exportSpikeDataToHdf5(EXAMPLE, path)
  t.strictSame(paths, [path])
  const expected = (await loadSpikeData(path)).train
  const content = readFileSync(path)
  for (const size of [0, 512, 2048, 4096, 8192, 2 ** 20]) {
    const behind = file('behind.h5', Buffer.concat([Buffer.alloc(size, 'x'), content]))
    t.strictSame((await loadSpikeData(behind)).train, expected, `${size}`)
    t.match(await inspect(behind), { format: 'hdf5', variant: 'ragged', units: EXAMPLE.N }, `${size}`)
  }
  await t.rejects(inspect(file('behind.h5', Buffer.concat([Buffer.alloc(4097, 'x'), content]))), UNKNOWN)
  for (const size of [4096, 4100, 8192]) await t.rejects(inspect(file('text', Buffer.alloc(size, 'x'))), UNKNOWN, `${size}`)
  await t.rejects(inspect(file('cut', Buffer.concat([Buffer.alloc(4096), content.subarray(0, 7)]))), UNKNOWN)
})

t.test('groups of MaxWell beside spike trains', async (t) => {
  for (const names of [['wells'], ['data_store'], ['sig', 'mapping']]) {
    const path = `${dir}/maxwell.h5`
    await exportSpikeDataToHdf5(EXAMPLE, path)
    const expected = described(await loadSpikeData(path))
    const written = new H5File(path, 'a')
    for (const name of names) written.create_group(name)
    written.close()
    t.strictSame(described(await loadSpikeData(path)), expected, names.join())
    t.equal((await inspect(path)).units, EXAMPLE.N, names.join())
    const raw = new H5File(path, 'w')
    for (const name of names) raw.create_group(name)
    raw.close()
    await t.rejects(loadSpikeData(path), { ...WRONG, message: /it is a raw recording of MaxWell/ }, names.join())
  }
})

t.test('only a workspace is found without its ending', async (t) => {
  const path = `${dir}/rag`
  const missing = { code: 'ENOENT', syscall: 'stat', path }
  await exportSpikeDataToHdf5(EXAMPLE, `${path}.h5`)
  await t.rejects(inspect(path), missing, 'a generic file')
  await t.rejects(loadSpikeData(path), missing, 'a generic file')
  await exportSpikeDataToNwb(EXAMPLE, `${path}.h5`, { fsHz: 30000, nwb: { sessionStartTime: '2026-03-01T14:05:00Z' } })
  await t.rejects(inspect(path), missing, 'NWB')
  file('rag.h5', 'text')
  await t.rejects(inspect(path), missing, 'text')
  await exportToWorkspace({ day: { spikes: EXAMPLE } }, path)
  t.match(await inspect(path), { path: `${path}.h5`, format: 'workspace' })
  mkdirSync(`${dir}/folder.h5`)
  await t.rejects(inspect(`${dir}/folder`), { code: 'ENOENT', path: `${dir}/folder` })
})

t.test('an aborted signal comes before the file', async (t) => {
  const reason = new Error('enough')
  const signal = AbortSignal.abort(reason)
  for (const call of [inspect, loadSpikeData]) {
    t.equal(await call(`${dir}/nothing`, { signal }).catch((error: unknown) => error), reason, call.name)
  }
})

t.test('a folder of more names than are looked at', async (t) => {
  const folder = `${dir}/many`
  mkdirSync(folder)
  for (let i = 0; i < MOST_NAMES; i++) writeFileSync(`${folder}/${i}`, '')
  await t.rejects(inspect(folder), { ...WRONG, message: /no folder of a known format\. Looked for: a KiloSort or Phy folder/ })
  writeFileSync(`${folder}/one more`, '')
  const message = /no folder of a known format\. Looked among the first 16384 of its names for: a KiloSort or Phy folder/
  await t.rejects(inspect(folder), { ...WRONG, message })
  await t.rejects(loadSpikeData(folder), { ...WRONG, message })
  const place = { path: folder, absolute: folder, signal: undefined }
  t.equal(await Candidate.with(place, true, async (candidate) => candidate.folder?.size), MOST_NAMES)
})
