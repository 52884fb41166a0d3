/**
 * Formats are recognised by what is in a file: what is loaded is what the format's own loader loads, and everything else is an error that
 * says what it is.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { READERS } from '../../lib/formats/registry.js'
import type { ExportWarning, Hdf5Options, LoadSpikeDataOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportToPickle,
  exportToWorkspace,
  inspect,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromPickle,
  loadWorkspaceItem,
  NDArray,
  RateData,
  SpikeData,
} from '../../lib/index.js'
import { described, EXAMPLE, loaderOf, writeEverything } from '../support/every-reader.js'
import { zipOf } from '../support/folder-files.js'
import { npy } from '../support/sortings.js'

await ready

const dir = t.testdir()
const WRONG = { code: 'ERR_INVALID_FILE', name: 'FormatError' }

const RATES = new RateData(new NDArray(Float64Array.of(1), [1, 1]), [0])

const CALLS: readonly ((path: string) => Promise<unknown>)[] = [loadSpikeData, inspect]

/** A new file. */
function file(content: string | Uint8Array, name = 'file'): string {
  const path = `${dir}/${name}`
  rmSync(path, { recursive: true, force: true })
  writeFileSync(path, content)
  return path
}

/** A new folder of files; folders in it have a `/` at the end of their names. */
function folder(files: Record<string, string | Uint8Array>): string {
  const path = `${dir}/folder`
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path)
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) mkdirSync(`${path}/${name}`)
    else writeFileSync(`${path}/${name}`, content)
  }
  return path
}

/** A new HDF5 file. */
function hdf5(write: (file: H5File) => void): string {
  const path = `${dir}/file.h5`
  rmSync(path, { force: true })
  const written = new H5File(path, 'w')
  write(written)
  written.close()
  return path
}

/** Loads, and returns the codes of the warnings. */
async function codesOf(path: string, options: LoadSpikeDataOptions = {}): Promise<string[]> {
  const warnings: ExportWarning[] = []
  await loadSpikeData(path, { ...options, onWarning: (warning: ExportWarning) => warnings.push(warning) } as LoadSpikeDataOptions)
  return warnings.map(({ code }) => code)
}

t.test('everything that is written is recognised, and loaded as by its own loader', async (t) => {
  const written = await writeEverything(t.testdir())
  t.strictSame(new Set(written.map(({ format }) => format)), new Set(READERS.map(({ name }) => name)))
  for (const { name, format, path, options } of written) {
    const expected = described(await loaderOf(format)(path, options))
    t.strictSame(described(await loadSpikeData(path, { format, ...options } as LoadSpikeDataOptions)), expected, `${name}, named`)
    if (name === 'kilosort') {
      await t.rejects(loadSpikeData(path), { code: 'ERR_INVALID_ARG_VALUE', message: /no params\.py has a sample_rate, for fsHz/ })
      continue
    }
    t.strictSame(described(await loadSpikeData(path)), expected, name)
    t.strictSame(await codesOf(path), name === 'paired' ? ['SPIKEPORT_UNITS_SPARSE'] : [], `${name}: warnings`)
  }
})

t.test('a workspace may have another ending, or none in its path', async (t) => {
  const { paths } = await exportToWorkspace({ day: { spikes: EXAMPLE } }, `${dir}/results`)
  t.strictSame(paths, [`${dir}/results.h5`, `${dir}/results.json`])
  const expected = described(await loadSpikeData(`${dir}/results.h5`))
  t.strictSame(described(await loadSpikeData(`${dir}/results`)), expected)
  t.equal((await inspect(`${dir}/results`)).path, `${dir}/results.h5`)
  renameSync(`${dir}/results.h5`, `${dir}/results.hdf5`)
  t.strictSame(described(await loadSpikeData(`${dir}/results.hdf5`)), expected)
  await t.rejects(loadSpikeData(`${dir}/results`), { code: 'ENOENT', syscall: 'stat', path: `${dir}/results` })
  await t.rejects(loadSpikeData(`${dir}/results.json`), { ...WRONG, message: /index of a workspace: the items are in the \.h5/ })
})

t.test('a workspace without exactly one recording', async (t) => {
  const path = `${dir}/many.h5`
  await exportToWorkspace({ day: { b: EXAMPLE, a: EXAMPLE }, night: { counts: { units: 3 } } }, path)
  await t.rejects(loadSpikeData(path), {
    ...WRONG,
    path,
    message: /several recordings, of which namespace and key choose one: 'day\/a', 'day\/b'\./,
  })
  await t.rejects(loadSpikeData(path, { format: 'workspace' }), { ...WRONG, message: /'day\/a', 'day\/b'/ })
  const chosen = (choice: object) => loadSpikeData(path, { format: 'workspace', ...choice } as LoadSpikeDataOptions)
  const expected = described((await loadWorkspaceItem(path, 'day', 'b')) as SpikeData)
  t.strictSame(described(await chosen({ namespace: 'day', key: 'b' })), expected)
  const lazy = await chosen({ namespace: 'day', key: 'b', lazy: true })
  t.equal(lazy.isSpooled, true)
  t.strictSame(await lazy.loadTrain(0), EXAMPLE.train[0])
  await t.rejects(chosen({ namespace: 'day', key: 'c' }), { code: 'ERR_INVALID_ARG_VALUE', message: /for key but received 'c'/ })
  await t.rejects(chosen({ namespace: 'night', key: 'counts' }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: "Expected the key of a recording, not of an item of the type 'dict', for key but received 'counts'.",
  })
  await t.rejects(chosen({ namespace: 'day' }), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: /^Expected a string, as namespace is given, for key/,
  })
  await t.rejects(chosen({ key: 'b' }), { code: 'ERR_INVALID_ARG_TYPE', message: /^Expected a string, as key is given, for namespace/ })
  const items = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}`, EXAMPLE]))
  await exportToWorkspace({ day: items }, path)
  await t.rejects(loadSpikeData(path), { message: /'day\/0', 'day\/1', 'day\/10', .*'day\/7' and more\./ })
  await exportToWorkspace({ night: { counts: { units: 3 }, rates: RATES } }, path)
  await t.rejects(loadSpikeData(path), { ...WRONG, message: /no recording, .* it has 'night\/counts', 'night\/rates'\./ })
  await exportToWorkspace({}, path)
  await t.rejects(loadSpikeData(path), { ...WRONG, message: /it has nothing\./ })
  await exportToWorkspace({ night: { counts: { units: 3 } }, day: { spikes: EXAMPLE } }, path)
  t.strictSame(described(await loadSpikeData(path)), described(await loadSpikeData(`${dir}/results.hdf5`)))
})

t.test('archives are told apart by their directory', async (t) => {
  const phy = `${dir}/phy`
  await exportSpikeDataToKilosort(EXAMPLE, phy, { fsHz: 30000, phy: true })
  const files = Object.fromEntries(readdirSync(phy).map((name) => [name, readFileSync(`${phy}/${name}`)]))
  for (const [name, options] of Object.entries({ root: {}, folder: { folder: 'sorted/' }, stored: { stored: true } })) {
    const path = file(zipOf(files, options))
    t.strictSame((await loadSpikeData(path)).train, (await loadSpikeData(phy)).train, name)
    t.match(await inspect(path), { format: 'kilosort', variant: 'zip', units: 3, spikes: 5, fsHz: 30000 }, name)
  }
  await t.rejects(loadSpikeData(file(zipOf({ 'a.txt': 'x' }))), {
    ...WRONG,
    message: /no file of a known format\. Looked for: .*an \.npz of/,
  })
  await t.rejects(loadSpikeData(file(zipOf(files, { folder: 'a/b/' }))), { ...WRONG, message: /no file of a known format/ })
  await t.rejects(loadSpikeData(file('PK\x03\x04 and nothing more')), { ...WRONG, message: /no valid zip archive/ })
})

t.test('pickles of all protocols, also of other classes', async (t) => {
  const path = `${dir}/object`
  for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
    await exportToPickle(EXAMPLE, path, { protocol })
    t.strictSame(described(await loadSpikeData(path)), described(await loadSpikeDataFromPickle(path)), `protocol ${protocol}`)
    await exportToPickle(RATES, path, { protocol })
    await t.rejects(loadSpikeData(path), { ...WRONG, message: /it is of the class RateData, not SpikeData/ }, `protocol ${protocol}`)
  }
  for (const [name, bytes] of Object.entries({
    list: '(lp0\nI1\na.',
    dict: '(dp0\n.',
    'dict, protocol 1': '}q\0.',
    old: '(ispikedata\nX\n.',
  })) {
    const given = file(bytes)
    const own = await loadSpikeDataFromPickle(given).catch((error: Error) => error.message)
    t.equal(await loadSpikeData(given).catch((error: Error) => error.message), own, name)
  }
})

t.test('HDF5 under other names', async (t) => {
  const path = `${dir}/named.h5`
  const named: [Hdf5Options, string[]][] = [
    [{ spikeTimesDataset: 'a', spikeTimesIndexDataset: 'a_index', rawDataset: 'x', rawTimeDataset: 'x_time' }, []],
    [{ style: 'paired', idcesDataset: 'spike_clusters', timesDataset: 'spike_times' }, ['SPIKEPORT_UNITS_SPARSE']],
    [{ style: 'paired', idcesDataset: 'Unit', timesDataset: 'time' }, ['SPIKEPORT_UNITS_SPARSE']],
    [{ style: 'group', groupPerUnit: 'cells' }, []],
    [{ style: 'raster', rasterDataset: 'counts', rasterBinSizeMs: 2 }, []],
  ]
  for (const [options, codes] of named) {
    await exportSpikeDataToHdf5(EXAMPLE, path, options)
    const { style } = options
    const own = { style, ...Object.fromEntries(Object.entries(options).filter(([name]) => !/raw|BinSize/.test(name))) }
    t.strictSame((await loadSpikeData(path)).train, (await loadSpikeDataFromHdf5(path, own as object)).train, JSON.stringify(options))
    t.strictSame(await codesOf(path), ['SPIKEPORT_STYLE_ASSUMED', ...codes])
    t.strictSame(await codesOf(path, { format: 'hdf5', ...own } as LoadSpikeDataOptions), codes, 'the caller has named it')
    const { variant, warnings } = await inspect(path)
    t.equal(variant, style ?? 'ragged')
    const names = Object.values(own).filter((name) => name !== style)
    t.match(warnings[0], { code: 'SPIKEPORT_STYLE_ASSUMED', message: `${variant} (${names.map((name) => `'${name}'`).join(', ')})` })
  }
})

t.test('numbers that happen to fit are no spikes', async (t) => {
  const float = (name: string, ...values: number[]) => ({ name, data: Float64Array.from(values) })
  const int = (name: string, ...values: number[]) => ({ name, data: BigInt64Array.from(values, BigInt) })
  const lists = (...all: { name: string; data: Float64Array | BigInt64Array }[]) =>
    hdf5((f) => all.forEach((each) => f.create_dataset(each)))
  const group = (name: string, ...children: string[]) =>
    hdf5((f) => {
      const made = f.create_group(name)
      for (const child of children) made.create_dataset(float(child, 1, 2))
    })
  const none: [string, () => string][] = [
    ['times in samples and amplitudes', () => lists(int('spike_times', 100, 2000, 30_000), float('amplitudes', 1, 2, 3))],
    ['a trace with flags', () => lists(float('voltage', 1, 2, 3, 4, 5), int('flags', 0, 1, 0, 1, 1))],
    ['two lists of whole numbers', () => lists(int('u', 0, 1), int('v', 0, 1))],
    ['a list that ends with the length of another', () => lists(float('st', 1, 2, 3), int('sti', 1, 3))],
    ['an index of fractions', () => lists(float('a', 1, 2, 3), float('a_index', 1, 3))],
    ['units and times of other lengths', () => lists(float('spike_times', 1, 2, 3), int('unit_ids', 0, 1))],
    ['units of fractions', () => lists(float('spike_times', 1, 2, 3), float('spike_units', 0, 1, 1))],
    ['settings', () => group('settings', 'gain', 'offset')],
    ['one setting', () => group('settings', 'gain')],
    ['numbers of two forms', () => group('cells', 'unit_1', 'gain_2')],
    ['numbers and a name', () => group('cells', '0', '1', 'gain')],
  ]
  for (const [name, write] of none) {
    const path = write()
    for (const call of CALLS) await t.rejects(call(path), { ...WRONG, path, message: /none of the four styles/ }, `${name}: ${call.name}`)
  }
  for (const children of [['0', '1'], ['unit_3', 'unit_12'], ['7']]) {
    const path = group('cells', ...children)
    t.strictSame(await codesOf(path), ['SPIKEPORT_STYLE_ASSUMED', 'SPIKEPORT_UNIT_ASSUMED'], children.join())
    t.match(await inspect(path), { variant: 'group', units: children.length })
  }

  // The loader of HDF5, which was named, takes the only group of lists.
  const path = group('settings', 'gain', 'offset')
  for (const call of [loadSpikeDataFromHdf5, (at: string, options: object) => loadSpikeData(at, { format: 'hdf5', ...options })]) {
    const warnings: ExportWarning[] = []
    t.equal((await call(path, { onWarning: (warning: ExportWarning) => warnings.push(warning) })).N, 2)
    t.match(warnings, [{ code: 'SPIKEPORT_STYLE_ASSUMED', message: /group \('settings'\), .* groupPerUnit of format 'hdf5'/ }])
    t.equal(warnings.length, 1)
  }
  const two = hdf5((f) => {
    for (const name of ['a', 'b']) f.create_group(name).create_dataset(float('gain', 1))
  })
  await t.rejects(loadSpikeDataFromHdf5(two), { ...WRONG, message: /group \('a'\), group \('b'\): give groupPerUnit/ })
  const stated = hdf5((f) => {
    f.create_attribute('length_ms', 10)
    f.create_group('settings').create_dataset(float('gain', 1))
  })
  await t.rejects(loadSpikeData(stated), { ...WRONG, message: /none of the four styles/ }, 'whatever else it states')
})

t.test('units of NWB without a version need an index', async (t) => {
  const times = { name: 'spike_times', data: Float64Array.of(0.001, 0.002) }
  const path = hdf5((f) => void f.create_group('units').create_dataset(times))
  t.match(await inspect(path), { format: 'hdf5', variant: 'group', units: 1, spikes: 2 })
  t.strictSame((await loadSpikeData(path, { onWarning: () => {} })).train, [Float64Array.of(1, 2)])
})

t.test('a link that leads out of a file does not keep it from being recognised', async (t) => {
  const path = `${dir}/linked.h5`
  await exportSpikeDataToHdf5(EXAMPLE, path)
  const expected = described(await loadSpikeDataFromHdf5(path))
  const written = new H5File(path, 'a')
  for (const name of ['mapping', 'wells', 'nwb_version']) written.create_external_link('other.h5', '/x', name)
  written.close()
  t.strictSame(described(await loadSpikeDataFromHdf5(path)), expected)
  t.strictSame(described(await loadSpikeData(path)), expected)
  t.equal((await inspect(path)).spikes, 5)
})

t.test('HDF5 that may be several things', async (t) => {
  const times = { name: 'spike_times', data: Float64Array.of(1, 2, 3) }
  const units = { name: 'unit', data: Int32Array.of(0, 1, 1) }
  const cases: [string, (written: H5File) => void, RegExp][] = [
    [
      'units and clusters',
      (f) => [times, units, { ...units, name: 'spike_clusters' }].forEach((each) => f.create_dataset(each)),
      /it may hold paired \('spike_clusters', 'spike_times'\), paired \('unit', 'spike_times'\): give idcesDataset, timesDataset of the one/,
    ],
    [
      'two lists of times',
      (f) => [times, units, { ...times, name: 'peak_times' }].forEach((each) => f.create_dataset(each)),
      /paired \('unit', 'peak_times'\), paired \('unit', 'spike_times'\): give idcesDataset, timesDataset of the one that is meant/,
    ],
    [
      'an index and units',
      (f) =>
        [{ ...times, name: 't' }, times, units, { name: 't_index', data: Int32Array.of(1, 3) }].forEach((each) => f.create_dataset(each)),
      /paired \('unit', 'spike_times'\), ragged \('t', 't_index'\): give idcesDataset, timesDataset, spikeTimesDataset, spikeTimesIndexDataset of/,
    ],
    [
      'two groups',
      (f) => {
        for (const name of ['a', 'b']) f.create_group(name).create_dataset({ ...times, name: '0' })
      },
      /it may hold group \('a'\), group \('b'\): give groupPerUnit/,
    ],
  ]
  for (const [name, write, message] of cases) {
    const path = hdf5(write)
    await t.rejects(loadSpikeData(path), { ...WRONG, path, message }, name)
    await t.rejects(inspect(path), { ...WRONG, message }, name)
  }
  const path = hdf5((f) => [times, units, { ...times, name: 'peak_times' }].forEach((each) => f.create_dataset(each)))
  const sd = await loadSpikeData(path, { format: 'hdf5', idcesDataset: 'unit', timesDataset: 'spike_times' })
  t.strictSame(sd.train, [Float64Array.of(1), Float64Array.of(2, 3)])
})

t.test('a unit of times that nothing states is a warning', async (t) => {
  const times = { name: 'times', data: Float64Array.of(1, 2) }
  const paired = (f: H5File) => [times, { name: 'idces', data: Int32Array.of(0, 0) }].forEach((each) => f.create_dataset(each))
  const cases: [(written: H5File) => void, RegExp][] = [
    [(f) => void f.create_group('units').create_dataset(times), /'units' are taken for s.* groupTimeUnit\./],
    [paired, /'times' are taken for ms.* timesUnit\./],
  ]
  for (const [write, message] of cases) {
    const path = hdf5(write)
    t.strictSame(await codesOf(path), ['SPIKEPORT_UNIT_ASSUMED'])
    t.strictSame(await codesOf(path, { format: 'hdf5' }), [], 'the caller has named the loader')
    const { warnings } = await inspect(path)
    t.match(warnings.at(-1), { code: 'SPIKEPORT_UNIT_ASSUMED', message })
  }
})

t.test('what is not read is named', async (t) => {
  const mat = Buffer.alloc(200)
  mat.write('MATLAB 5.0 MAT-file, Platform: GLNXA64')
  const zarr = '{"nwb_version": "2.8.0", "zarr_format": 2}'
  const array = (name: string) => ({ name, data: Float64Array.of(1, 2) })
  const cases: [name: string, path: () => string, message: RegExp][] = [
    ['empty', () => file(''), /it is empty\.$/],
    ['NPY', () => file(npy("'<i8'", '(0,)')), /a single NPY array.* give the folder/],
    ['MAT 5', () => file(mat), /MAT-file of version 5 to 7.*-v7\.3/],
    ['JSON', () => file('\n{"a": 1}'), /it is JSON text, which is not read/],
    ['JSON list', () => file('[1, 2]'), /it is JSON text/],
    ['gzip', () => file(gzipSync('x')), /compressed with gzip/],
    ['text', () => file('unit,time\n0,1.5\n'), /no file of a known format\. Looked for: an HDF5 file; an NWB file .*a Python pickle/],
    [
      'a folder of nothing',
      () => folder({ 'notes.txt': 'x' }),
      /no folder of a known format\. Looked for: a KiloSort or Phy folder \(spike_times\.npy and spike_clusters\.npy\); a sorting of SpikeInterface/,
    ],
    ['an empty folder', () => folder({}), /no folder of a known format/],
    ['NWB in Zarr', () => folder({ '.zattrs': zarr, '.zgroup': '{}' }), /a Zarr store of NWB/],
    ['NWB in Zarr 3', () => folder({ 'zarr.json': zarr }), /a Zarr store of NWB/],
    [
      'a recording in Zarr',
      () => folder({ '.zattrs': '{}', '.zgroup': '{}', 'traces_seg0/': '' }),
      /SpikeInterface has saved as Zarr, without sorted units/,
    ],
    ['another Zarr store', () => folder({ '.zgroup': '{}' }), /it is a Zarr store, which is not read/],
    ['a recording in a folder', () => folder({ 'binary.json': '{}', 'traces_cached_seg0.raw': '' }), /binary_folder, without sorted units/],
    ['MaxWell', () => hdf5((f) => void f.create_group('wells').create_dataset(array('well000'))), /raw recording of MaxWell/],
    ['MaxWell, old', () => hdf5((f) => ['sig', 'mapping'].forEach((name) => f.create_dataset(array(name)))), /raw recording of MaxWell/],
    ['HDF5 of something else', () => hdf5((f) => void f.create_attribute('x', 1)), /none of the four styles/],
    [
      'NWB 1',
      () => hdf5((f) => void f.create_dataset({ name: 'nwb_version', data: 'NWB-1.0.6' })),
      /NWB version NWB-1\.0\.6, and only versions 2\.x/,
    ],
    ['HDF5 that is cut off', () => file('\x89HDF\r\n\x1a\n'), /Cannot read/],
    ['no regular file', () => '/dev/null', /it is not a regular file/],
  ]
  for (const [name, path, message] of cases) {
    const given = path()
    for (const call of CALLS) await t.rejects(call(given), { ...WRONG, path: given, message }, `${name}: ${call.name}`)
  }
  for (const call of CALLS) await t.rejects(call(`${dir}/nothing`), { code: 'ENOENT', path: `${dir}/nothing` })
})

t.test('options', async (t) => {
  const path = `${dir}/results.hdf5`
  const wrong: [unknown, RegExp][] = [
    [{ fsHz: 3 }, /Expected no value, as format does not name the loader that takes it, for fsHz but received 3\./],
    [{ format: 'hdf5', clusterInfoTsv: 'x' }, /Expected the name of an option for options but received 'clusterInfoTsv'/],
    [{ format: 'hdf' }, /Expected one of 'hdf5', 'nwb', .* \(did you mean 'hdf5'\?\) for format but received 'hdf'\./],
    [{ format: 5 }, /Expected one of .* for format but received 5\./],
    [{ formt: 'hdf5' }, /did you mean format\?/],
    [[], /Expected an object for options/],
    [{ threads: 0 }, /for threads/],
    [{ signal: 1 }, /for signal/],
    [{ onWarning: 1 }, /for onWarning/],
  ]
  for (const [options, message] of wrong) await t.rejects(loadSpikeData(path, options as object), { message }, JSON.stringify(options))
  await t.rejects(inspect(path, { threads: 1 } as object), { message: /Expected the name of an option/ })
  await t.rejects(inspect(5 as never), { code: 'ERR_INVALID_ARG_TYPE' })
  let reads = 0
  const options = {
    get format() {
      reads++
      return 'workspace' as const
    },
  }
  t.equal((await loadSpikeData(path, options)).N, 3)
  t.equal(reads, 1, 'each option is read once')
  const reason = new Error('stop')
  const signal = AbortSignal.abort(reason)
  for (const format of [undefined, 'workspace'] as const) await t.rejects(loadSpikeData(path, { format, signal } as object), reason)
  await t.rejects(inspect(path, { signal }), reason)
  let last: unknown
  await loadSpikeData(path, { onProgress: (progress) => (last = progress), threads: 1 })
  t.match(last, { bytesRead: Number, bytesTotal: Number })
})

t.test('a KiloSort folder that is called otherwise, and one of other names', async (t) => {
  const path = `${dir}/phy`
  cpSync(path, `${dir}/x.h5`, { recursive: true })
  t.equal((await loadSpikeData(`${dir}/x.h5`)).N, 3)
  renameSync(`${dir}/x.h5/spike_times.npy`, `${dir}/x.h5/times.npy`)
  await t.rejects(loadSpikeData(`${dir}/x.h5`), { ...WRONG, message: /no folder of a known format/ })
  t.equal((await loadSpikeData(`${dir}/x.h5`, { format: 'kilosort', spikeTimesFile: 'times' })).N, 3)
})

t.test('recordings without units', async (t) => {
  const written = await writeEverything(t.testdir(), new SpikeData([]))
  for (const { name, format, path, options } of written.filter((each) => !/npz|spikeinterface/.test(each.format))) {
    t.equal((await loadSpikeData(path, { format, ...options } as LoadSpikeDataOptions)).N, 0, name)
    const { units, spikes } = await inspect(path)
    t.ok([0, undefined].includes(units) && [0, undefined].includes(spikes), name)
  }
})
