/**
 * What an inspection finds: the numbers that the format's own loader loads, as far as they are known without reading spikes.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Group } from 'h5wasm/node'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { NwbSession } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  inspect,
  loadSpikeData,
  NDArray,
  PairwiseCompMatrix,
  SpikeData,
} from '../../lib/index.js'
import { EXAMPLE, loaderOf, writeEverything } from '../support/every-reader.js'
import { npy as numbers, zipOf } from '../support/folder-files.js'
import { FS, float64, int64, npy, npz, objects, unit } from '../support/sortings.js'

await ready

const dir = t.testdir()
/** Of a KiloSort folder without a sampling frequency. */
const NEEDS_RATE = { code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /No params\.py has a sample_rate: loading needs the option fsHz/ }
const MATRIX = new PairwiseCompMatrix(new NDArray(Float64Array.of(1), [1, 1]))

/** The names of the attributes that any unit has. */
function attributesOf({ neuronAttributes }: SpikeData): string[] {
  return [...new Set(neuronAttributes?.flatMap((each) => Object.keys(each)))].sort()
}

t.test('counts, windows and attributes are those that are loaded', async (t) => {
  for (const { name, format, path, variant, options } of await writeEverything(t.testdir())) {
    const found = await inspect(path)
    const sd = await loaderOf(format)(path, options)
    t.equal(found.format, format, name)
    if (variant !== undefined) t.equal(found.variant, variant, name)
    const isPaired = found.variant === 'paired'
    t.equal(found.units, isPaired ? undefined : sd.N, `${name}: units`)
    t.equal(found.spikes, found.variant === 'raster' ? undefined : sd.spikeCount, `${name}: spikes`)
    t.equal(found.startTimeMs, sd.startTime, `${name}: start`)
    if (found.lengthMs !== undefined) t.equal(found.lengthMs, sd.length, `${name}: length`)
    t.strictSame(found.attributes.toSorted(), attributesOf(sd), `${name}: attributes`)
    t.strictSame(
      found.warnings.map(({ code }) => code),
      isPaired || found.variant === 'nwb' || (format === 'kilosort' && found.fsHz === undefined) ? ['SPIKEPORT_INSPECTION_INCOMPLETE'] : [],
      name,
    )
    t.strictSame(JSON.parse(JSON.stringify(found)), found, `${name}: plain data`)
  }
})

t.test('workspaces', async (t) => {
  const path = `${dir}/workspace.h5`
  await exportToWorkspace({ day: { spikes: EXAMPLE }, night: { fits: MATRIX, counts: { units: 3 } } }, path)
  t.strictSame(await inspect(path), {
    path,
    format: 'workspace',
    attributes: ['electrode', 'location', 'quality', 'snr'],
    rawData: [{ name: '/day/spikes/raw_data', shape: [2, 10], dtype: '<i2' }],
    items: [
      { namespace: 'day', key: 'spikes', type: 'SpikeData', units: 3, startTimeMs: 0, lengthMs: 12.5 },
      { namespace: 'night', key: 'counts', type: 'dict' },
      { namespace: 'night', key: 'fits', type: 'PairwiseCompMatrix' },
    ],
    warnings: [],
    units: 3,
    startTimeMs: 0,
    lengthMs: 12.5,
    spikes: 5,
    channels: 2,
  })
  await exportToWorkspace({ day: { a: EXAMPLE, b: EXAMPLE } }, path)
  const two = await inspect(path)
  t.strictSame([two.units, two.items?.length], [undefined, 2])
  t.match(two.warnings, [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /has 2 recordings, not one: loadWorkspaceItem/ }])
  const dicts = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, { i }]))
  await exportToWorkspace({ day: dicts }, path)
  const many = await inspect(path)
  t.equal(many.items?.length, 1000)
  t.match(many.warnings, [{ message: /more than 1000 items/ }])
  await exportToWorkspace(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, {}])), path)
  t.match(await inspect(path), { items: [], warnings: [{ message: /more than 1000 namespaces/ }] })
})

t.test('NWB', async (t) => {
  const path = `${dir}/session.nwb`
  const nwb: NwbSession = {
    sessionStartTime: '2026-03-01T14:05:00Z',
    obsIntervals: [
      [0, 5],
      [7.5, 12],
    ],
  }
  await exportSpikeDataToNwb(EXAMPLE, path, { fsHz: 30000, nwb, rawData: { conversion: 1e-6, electrodes: [4, 9] } })
  const found = await inspect(path)
  t.match(found, { format: 'nwb', variant: 'nwb', version: /^2\./, units: 3, spikes: 5, startTimeMs: 0, lengthMs: 12, fsHz: Number })
  t.equal(found.channels, 10, 'rows up to the highest electrode')
  t.match(found.warnings, [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /window is that of 'obs_intervals': spikes outside/ }])
  t.strictSame(found.rawData, [{ name: '/acquisition/ElectricalSeries', shape: [10, 2], dtype: '<i2' }])
  const file = new H5File(path, 'a')
  for (let i = 0; i < 256; i++) file.create_group(`acquisition/series ${i}`)
  file.close()
  t.match(await inspect(path), {
    rawData: [],
    spikes: 5,
    warnings: [{ message: /obs_intervals/ }, { message: /acquisition has more than 256 groups/ }],
  })
  const bare = new H5File(`${dir}/bare.nwb`, 'w')
  bare.create_attribute('nwb_version', '2.6.0')
  bare.close()
  t.match(await inspect(`${dir}/bare.nwb`), {
    units: 0,
    spikes: 0,
    version: '2.6.0',
    warnings: [{ message: /no table of units.* allowNoUnits/ }],
  })
})

t.test('NWB: a window of observation intervals may become wider, one that is stated may not', async (t) => {
  const path = `${dir}/observed.nwb`
  await exportSpikeDataToNwb(EXAMPLE, path, { nwb: { sessionStartTime: '2026-03-01T14:05:00Z', obsIntervals: [[1, 8]] } })
  const found = await inspect(path)
  const sd = await loadSpikeData(path, { onWarning: () => {} })
  t.ok(sd.length > (found.lengthMs as number), 'a spike at 9 ms')
  t.match(found.warnings, [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE' }])
  const file = new H5File(path, 'a')
  file.create_attribute('start_time', 0)
  file.create_attribute('length_ms', 12.5)
  file.close()
  t.match(await inspect(path), { startTimeMs: 0, lengthMs: 12.5 })
  t.strictSame((await inspect(path)).warnings, [])
})

t.test('NWB: of many observation intervals the window is not known', async (t) => {
  const path = `${dir}/intervals.nwb`
  const count = 2 ** 16 + 1
  const file = new H5File(path, 'w')
  file.create_attribute('nwb_version', '2.8.0')
  const units = file.create_group('units')
  units.create_dataset({ name: 'id', data: Int32Array.of(0) })
  units.create_dataset({ name: 'spike_times', data: Float64Array.of(2) })
  units.create_dataset({ name: 'spike_times_index', data: Int32Array.of(1) })
  const bounds = Float64Array.from({ length: 2 * count }, (_, i) => 1 + i / 2)
  units.create_dataset({ name: 'obs_intervals', data: bounds, shape: [count, 2] })
  units.create_dataset({ name: 'obs_intervals_index', data: Int32Array.of(count) })
  file.close()
  t.equal((await loadSpikeData(path)).startTime, 1000)
  const found = await inspect(path)
  t.strictSame([found.startTimeMs, found.lengthMs, found.spikes], [undefined, undefined, 1])
  t.match(found.warnings, [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /more than 65536 intervals are not read/ }])
})

t.test('NWB: a column of brain areas', async (t) => {
  const path = `${dir}/areas.nwb`
  await exportSpikeDataToNwb(new SpikeData([[1], [2]], { length: 5, neuronAttributes: [{ area: 'CA1' }, { area: 'CA3' }] }), path, {
    nwb: { sessionStartTime: '2026-03-01T14:05:00Z' },
  })
  const file = new H5File(path, 'a')
  const units = file.get('units') as Group
  units.create_hard_link('/units/area', 'location')
  file.close()
  const { neuronAttributes } = await loadSpikeData(path)
  const { attributes } = await inspect(path)
  t.equal(neuronAttributes?.[0]?.['location_label'], 'CA1')
  t.ok(attributes.includes('location_label') && !attributes.includes('location'), attributes.join())
})

t.test("NWB without a version: what SpikeLab's profile loads", async (t) => {
  const path = `${dir}/minimal.nwb`
  const change = (write: (units: Group, file: H5File) => void) => {
    const file = new H5File(path, 'a')
    write(file.get('units') as Group, file)
    file.close()
  }
  const compare = async (name: string) => {
    const [found, sd] = [await inspect(path), await loadSpikeData(path)]
    t.match(found, { format: 'nwb', variant: 'spikelab', units: sd.N, spikes: sd.spikeCount, startTimeMs: sd.startTime }, name)
    t.strictSame(found.attributes, [...new Set(sd.neuronAttributes?.flatMap((each) => Object.keys(each)))], name)
    if (found.lengthMs !== undefined) t.equal(found.lengthMs, sd.length, name)
    return found
  }
  await exportSpikeDataToNwb(EXAMPLE, path, { profile: 'spikelab' })
  t.equal((await compare('as exported')).lengthMs, 12.5)
  change((units, file) => {
    file.delete_attribute('length_ms')
    units.create_dataset({ name: 'quality', data: ['good', 'mua', 'good'] })
    units.create_dataset({ name: 'obs_intervals', data: Float64Array.of(1, 9, 1, 9, 1, 9), shape: [3, 2] })
    const electrodes = file.get('general/extracellular_ephys/electrodes') as Group
    electrodes.create_dataset({ name: 'location', data: ['CA1', 'CA3'] })
  })
  t.equal((await compare('other columns, and intervals')).lengthMs, undefined)
  t.strictSame((await inspect(path)).attributes, ['unit_id', 'electrode', 'location'])

  const bare = (index: number[], hasIds: boolean, shape = [index.length]) => {
    const file = new H5File(path, 'w')
    const units = file.create_group('units')
    units.create_dataset({ name: 'spike_times', data: Float64Array.of(0.1, 0.2, 0.3) })
    units.create_dataset({ name: 'spike_times_index', data: Int32Array.from(index), shape })
    units.create_dataset({ name: 'electrodes', data: Int32Array.of(0) })
    if (hasIds) units.create_dataset({ name: 'id', data: Int32Array.of(4, 7) })
    file.close()
  }
  for (const [index, hasIds] of [
    [[0, 1, 3], false],
    [[1, 3], false],
    [[0, 1, 3], true],
    [[1, 3], true],
  ] as const) {
    bare([...index], hasIds)
    await compare(`${index.join()} ${hasIds}`)
  }
  bare([0, 1, 2, 3], false, [2, 2])
  t.equal((await loadSpikeData(path)).N, 3)
  const table = await inspect(path)
  t.strictSame([table.units, table.spikes], [undefined, 3])
  t.match(table.warnings, [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /without reading '\/units\/spike_times_index'/ }])
})

t.test('generic HDF5', async (t) => {
  const path = `${dir}/file.h5`
  const matlab = `${dir}/matlab.mat`
  await exportSpikeDataToHdf5(EXAMPLE, path, { rawDataset: 'raw', rawTimeDataset: 'raw_time' })
  t.strictSame((await inspect(path)).rawData, [{ name: 'raw', shape: [2, 10], dtype: '<i2' }])
  const text = Buffer.alloc(512)
  text.write('MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan 01 00:00:00 2026 HDF5 schema 1.00 .')
  writeFileSync(matlab, Buffer.concat([text, readFileSync(path)]))
  t.match(await inspect(matlab), { format: 'hdf5', producer: 'MATLAB 7.3', units: 3 })
  t.strictSame((await loadSpikeData(matlab)).train, (await loadSpikeData(path)).train)

  const index = (values: number[], hasLength: boolean) => {
    const file = new H5File(path, 'w')
    file.create_dataset({ name: 'spike_times', data: Float64Array.of(0.1, 0.2, 0.3) })
    file.create_dataset({ name: 'spike_times_index', data: Int32Array.from(values) })
    if (hasLength) file.create_attribute('length_ms', 1000)
    file.close()
  }
  for (const [values, hasLength, units] of [
    [[0, 1, 3], false, 2],
    [[0, 1, 3], true, 3],
    [[1, 3], false, 2],
    [[0], false, 1],
  ] as const) {
    index([...values], hasLength)
    t.equal((await inspect(path)).units, units, `${values.join()} ${hasLength}`)
    if (values.at(-1) === 3) t.equal((await loadSpikeData(path, { onWarning: () => {} })).N, units)
  }

  const counts = new H5File(path, 'w')
  counts.create_dataset({ name: 'raster', data: Int32Array.of(0, 1, 2, 0), shape: [2, 2] })
  counts.close()
  t.match(await inspect(path), {
    variant: 'raster',
    units: 2,
    warnings: [{ message: /width of the bins of 'raster' is not known.* rasterBinSizeMs/ }],
  })

  const group = new H5File(path, 'w')
  const cells = group.create_group('cells')
  for (let i = 0; i < 4097; i++) cells.create_dataset({ name: `${i}`, data: Float64Array.of(1) })
  group.close()
  const many = await inspect(path)
  t.match(many, {
    variant: 'group',
    units: 4097,
    warnings: [
      { code: 'SPIKEPORT_STYLE_ASSUMED' },
      { message: /more than 4096 datasets are not counted/ },
      { code: 'SPIKEPORT_UNIT_ASSUMED' },
    ],
  })
  t.equal(many.spikes, undefined)
})

t.test('KiloSort: units', async (t) => {
  const folder = `${dir}/ks`
  mkdirSync(folder)
  const write = (name: string, content: string | Uint8Array) => writeFileSync(`${folder}/${name}`, content)
  write('spike_times.npy', numbers('<i8', [30, 60, 90]))
  write('spike_clusters.npy', numbers('<i4', [7, 2, 7]))
  t.match(await inspect(folder), { units: 2, spikes: 3, attributes: ['unit_id'], rawData: [], warnings: [NEEDS_RATE] })
  t.equal((await inspect(folder)).fsHz, undefined)
  write('cluster_si_unit_ids.tsv', 'cluster_id\tsi_unit_id\n2\ta\n5\tb\n7\tc\n')
  write('params.py', "dat_path = 'recording.dat'\nn_channels_dat = 4\ndtype = 'int16'\noffset = 8\nsample_rate = 25000.\n")
  t.match(await inspect(folder), { units: 3, channels: 4, fsHz: 25000, rawData: [] })
  write('recording.dat', Buffer.alloc(8 + 4 * 2 * 10))
  t.strictSame((await inspect(folder)).rawData, [{ name: 'recording.dat', shape: [10, 4], dtype: '<i2' }])
  for (const [type, dtype, itemBytes] of [
    ['uint8', '|u1', 1],
    ['int64', '<i8', 8],
    ['uint64', '<u8', 8],
    ['float16', '<f2', 2],
    ['single', '<f4', 4],
    ['complex64', '<c8', 8],
    ['bool', '|b1', 1],
    ['f4', '<f4', 4],
    ['>i2', '>i2', 2],
  ] as const) {
    write('params.py', `dat_path = ['recording.dat']\nn_channels_dat = 2\ndtype = '${type}'\n`)
    t.strictSame((await inspect(folder)).rawData, [{ name: 'recording.dat', shape: [Math.floor(88 / 2 / itemBytes), 2], dtype }], type)
  }
  for (const type of ['int12', 'float256', 'S4', 'O', 'recarray', '']) {
    write('params.py', `dat_path = 'recording.dat'\nn_channels_dat = 2\ndtype = '${type}'\n`)
    t.strictSame((await inspect(folder)).rawData, [], type)
  }
  for (const path of ['../file.h5', '/etc/passwd', 'nothing.dat']) {
    write('params.py', `dat_path = '${path}'\nn_channels_dat = 4\ndtype = 'int16'\n`)
    t.strictSame((await inspect(folder)).rawData, [], path)
  }
  write('channel_map.npy', 'no array')
  t.match((await inspect(folder)).warnings, [NEEDS_RATE, { message: /Cannot read .*channel_map\.npy.* it is not an NPY file/ }])
  write('channel_map.npy', numbers('<i4', [0, 1, 2]))
  const { channels, attributes, warnings } = await inspect(folder)
  t.match({ channels, warnings }, { channels: 3, warnings: [NEEDS_RATE] })
  t.strictSame(attributes.sort(), attributesOf(await loadSpikeData(folder, { format: 'kilosort', fsHz: 30000, onWarning: () => {} })))
  write('cluster_large.tsv', `cluster_id\tx\n${'1\tabcdefghijklm\n'.repeat(2 ** 20)}`)
  t.match((await inspect(folder)).warnings, [NEEDS_RATE, { message: /more than 16777216 bytes are not read/ }])
  rmSync(`${folder}/cluster_large.tsv`)
  write('cluster_group.tsv', 'no table')
  t.match((await inspect(folder)).warnings, [NEEDS_RATE, { message: /Tables of clusters are left out: cluster_group\.tsv/ }])
  write('spike_clusters.npy', numbers('<i4', [7, 2]))
  await t.rejects(inspect(folder), { code: 'ERR_INVALID_FILE', message: /spike_times\.npy has 3 numbers, and spike_clusters\.npy has 2/ })

  // Many spikes: their clusters are damaged, and nobody sees it.
  const count = 2 ** 19 + 1
  write('spike_times.npy', Buffer.concat([npy("'<i8'", `(${count},)`), Buffer.alloc(8 * count)]))
  write('spike_clusters.npy', Buffer.concat([npy("'<i4'", `(${count},)`), Buffer.alloc(4 * count, 0xff)]))
  write('cluster_group.tsv', 'cluster_id\tgroup\n0\tgood\n2\tmua\n9\tgood\n')
  const many = await inspect(folder)
  t.match(many, {
    spikes: count,
    warnings: [NEEDS_RATE, { message: /The number of units is not known without reading 'spike_clusters\.npy'/ }],
  })
  t.equal(many.units, undefined, 'tables keep the rows of clusters that were merged')
  write('spike_clusters.npy', Buffer.concat([npy("'<i4'", `(${count - 1},)`), Buffer.alloc(4 * (count - 1))]))
  await t.rejects(inspect(folder), { code: 'ERR_INVALID_FILE', message: /has 524289 numbers, and spike_clusters\.npy has 524288, not one/ })
})

t.test('pickles', async (t) => {
  const path = `${dir}/object.pkl`
  for (const protocol of [0, 1, 2, 3, 4, 5] as const) {
    await exportToPickle(EXAMPLE, path, { protocol })
    t.strictSame(
      await inspect(path),
      {
        path,
        format: 'pickle',
        variant: 'SpikeData',
        ...(protocol >= 2 && { version: String(protocol) }),
        attributes: ['electrode', 'location', 'snr', 'quality'],
        rawData: [{ name: 'raw_data', shape: [2, 10], dtype: '<i2' }],
        warnings: [],
        units: 3,
        spikes: 5,
        startTimeMs: 0,
        lengthMs: 12.5,
        channels: 2,
      },
      `protocol ${protocol}`,
    )
    await exportToPickle(MATRIX, path, { protocol })
    t.match(await inspect(path), { variant: 'PairwiseCompMatrix', attributes: [] })
  }
  // Sizes at which elements are skipped, and at which the window moves.
  for (const spikes of [7, 8, 9, 511, 512, 513, 20_000, 32_768, 40_000]) {
    const sd = new SpikeData(Array.from({ length: 40 }, () => Float64Array.from({ length: spikes }, (_, i) => i)))
    for (const protocol of [0, 2, 5] as const) {
      await exportToPickle(sd, path, { protocol })
      t.match(await inspect(path), { units: 40, spikes: 40 * spikes, lengthMs: spikes - 1 }, `${spikes} spikes, protocol ${protocol}`)
    }
  }
  const cases: [string, string, RegExp][] = [
    ['a name that is not allowed', '\x80\x04cos\nsystem\n.', /at byte 2, it refers to os\.system/],
    ['no object', '\x80\x04N.', /it is none of SpikeLab's objects/],
    ['cut off', '\x80\x04]', /cut off/],
    ['cut off in an array', '\x80\x04B\xff\xff\xff\x0f', /cut off/],
    ['a later protocol', '\x80\x06N.', /protocol 6/],
  ]
  for (const [name, bytes, message] of cases) {
    writeFileSync(path, Buffer.from(bytes, 'latin1'))
    await t.rejects(inspect(path), { code: 'ERR_INVALID_FILE', path, message }, name)
    await t.rejects(loadSpikeData(path), { code: 'ERR_INVALID_FILE', path, message }, name)
  }
  writeFileSync(path, Buffer.concat([Buffer.from('\x80\x04', 'latin1'), Buffer.from('N0'.repeat(3_000_000)), Buffer.from('N.')]))
  t.match(await inspect(path), { format: 'pickle', attributes: [], warnings: [{ message: /more structure than is looked at/ }] })
  t.equal((await inspect(path)).variant, undefined)
})

/** Of what no unit has a value: attributes that formats hold, and do not give back. */
const WITHOUT_VALUES = new SpikeData([[1, 2.5], [], [2, 7.75]], {
  length: 12.5,
  neuronAttributes: [
    { electrode: 4, drift: NaN, note: '', shape: Float64Array.of(NaN, NaN), labels: [''], snr: 7.5, counts: Int32Array.of(0, 0) },
    { electrode: 9, drift: NaN, note: '', shape: Float64Array.of(NaN, NaN), labels: [], snr: NaN, counts: Int32Array.of(0, 0) },
    { electrode: 4, drift: NaN, note: '', shape: Float64Array.of(NaN, NaN), labels: [] },
  ],
})

t.test('attributes are those that units get', async (t) => {
  for (const { name, format, path, options } of await writeEverything(t.testdir(), WITHOUT_VALUES)) {
    const sd = await loaderOf(format)(path, { ...options, onWarning: () => {} })
    t.strictSame((await inspect(path)).attributes.toSorted(), attributesOf(sd), name)
  }
  for (const { name, path } of await writeEverything(t.testdir(), new SpikeData([], { length: 1 }))) {
    if (/^(sort|npz|numpy|spikelab npz)/.test(name)) continue
    t.strictSame((await inspect(path)).attributes, [], `${name}: no units`)
  }
})

t.test('NWB: attributes', async (t) => {
  const path = `${dir}/columns.nwb`
  const count = 40_000
  const trains = Array.from({ length: count }, () => [])
  const nwb: NwbSession = { sessionStartTime: '2026-03-01T14:05:00Z' }
  const change = async (sd: SpikeData, write: (units: Group, file: H5File) => void) => {
    await exportSpikeDataToNwb(sd, path, { nwb })
    const file = new H5File(path, 'a')
    write(file.get('units') as Group, file)
    file.close()
    const found = await inspect(path)
    return { ...found, attributes: found.attributes.sort(), loaded: attributesOf(await loadSpikeData(path, { onWarning: () => {} })) }
  }
  const columns = await change(EXAMPLE, (units, file) => {
    const add = (name: string, data: Float64Array | Int32Array | string[], shape: number[]) => {
      units.create_dataset({ name, data, shape })
    }
    add('none', new Float64Array(0), [3, 0])
    add('nan', Float64Array.of(NaN, NaN, NaN), [3])
    add('half_nan', Float64Array.of(NaN, NaN, 1), [3])
    add('no_lists', new Float64Array(0), [0])
    add('no_lists_index', Int32Array.of(0, 0, 0), [3])
    add('lists', Float64Array.of(NaN), [1])
    add('lists_index', Int32Array.of(0, 1, 1), [3])
    add('no_text', ['', '', ''], [3])
    add('texts', ['', 'a', ''], [3])
    add('whole', Int32Array.of(0, 0, 0), [3])
    add('unit_id', Int32Array.of(7, 8, 9), [3])
    const areas = file.get('general/extracellular_ephys/electrodes') as Group
    areas.create_dataset({ name: 'unused', data: Float64Array.of(1) })
  })
  t.strictSame(columns.attributes, columns.loaded)
  for (const name of ['none', 'nan', 'no_lists', 'no_text', 'electrodes']) t.notOk(columns.attributes.includes(name), name)
  for (const name of ['half_nan', 'lists', 'texts', 'whole', 'electrode']) t.ok(columns.attributes.includes(name), name)

  const observed: NwbSession = { ...nwb, obsIntervals: [[0, 12.5]] }
  await exportSpikeDataToNwb(EXAMPLE, path, { nwb: observed })
  t.notOk((await inspect(path)).attributes.includes('obs_intervals'), 'that of all units is the window')
  await exportSpikeDataToNwb(EXAMPLE, path, {
    nwb: {
      ...nwb,
      obsIntervals: [
        [0, 5],
        [6, 12.5],
      ],
    },
  })
  t.ok((await inspect(path)).attributes.includes('obs_intervals'))

  const many = await change(new SpikeData(trains, { length: 1, neuronAttributes: trains.map((_, i) => ({ electrode: i })) }), (units) => {
    units.create_dataset({ name: 'late', data: new Float64Array(count).fill(NaN, 0, count - 1) })
    units.create_dataset({ name: 'soon', data: new Float64Array(count).fill(NaN, 0, 100) })
  })
  t.strictSame(
    many.attributes.filter((name) => ['late', 'soon'].includes(name)),
    ['late', 'soon'],
  )
  t.match(many.warnings.at(-1), { code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /'electrode'.*'late'/ })
  t.notMatch(many.warnings.at(-1), { message: /'soon'/ })
})

t.test('KiloSort: attributes', async (t) => {
  const folder = t.testdir()
  const write = (name: string, content: string | Uint8Array) => writeFileSync(`${folder}/${name}`, content)
  write('params.py', 'sample_rate = 30000.\n')
  write('spike_times.npy', numbers('<i8', [30, 60, 90]))
  write('spike_clusters.npy', numbers('<i4', [7, 2, 7]))
  const compare = async (name: string, ...expected: string[]) => {
    const { attributes } = await inspect(folder)
    t.strictSame(attributes.sort(), attributesOf(await loadSpikeData(folder, { onWarning: () => {} })), name)
    t.strictSame(attributes, ['unit_id', ...expected].sort(), name)
  }
  await compare('no tables')
  write('cluster_group.tsv', 'cluster_id\tgroup\n2\tgood\n7\t\n')
  write('cluster_empty.tsv', 'cluster_id\tempty\n2\t\n7\tnan\n')
  write('cluster_merged.tsv', 'cluster_id\tmerged\n3\t1\n4\t2\n')
  await compare('columns without values, and of clusters that were merged', 'group')
  write('cluster_si_unit_ids.tsv', 'cluster_id\tsi_unit_id\n2\t1\n7\t1\n')
  await compare('ids that are not distinct', 'group', 'si_unit_id')
  write('cluster_si_unit_ids.tsv', 'cluster_id\tsi_unit_id\n2\ta\n7\tb\n')
  await compare('ids of units', 'group')
  write('channel_map.npy', numbers('<i4', [0, 1, 2]))
  await compare('a map that has no channel for each cluster', 'group')
  write('cluster_ch.tsv', 'cluster_id\tch\n2\t1\n7\t2\n')
  await compare('a table of channels', 'group', 'ch', 'electrode')
  write('channel_positions.npy', npy("'<f8'", '(3, 2)', float64(0, 0, 0, 20, 0, 40)))
  await compare('with positions', 'group', 'ch', 'electrode', 'location')
  rmSync(`${folder}/cluster_ch.tsv`)
  write('spike_templates.npy', numbers('<i4', [1, 0, 1]))
  write('templates.npy', npy("'<f4'", '(2, 1, 3)', Buffer.from(Float32Array.of(0, 1, 0, 1, 0, 0).buffer)))
  await compare('templates', 'group', 'electrode', 'location')
  write('templates.npy', 'no array')
  await compare('damaged templates', 'group')
})

t.test('SpikeInterface: attributes', async (t) => {
  const folder = t.testdir({ properties: {} })
  writeFileSync(`${folder}/numpysorting_info.json`, '{"sampling_frequency": 30000, "unit_ids": [4, 9], "num_segments": 1}')
  const fields = ['sample', 'unit', 'segment'].map((field) => `('${field}_index', '<i8')`).join(', ')
  writeFileSync(`${folder}/spikes.npy`, npy(`[${fields}]`, '(1,)', int64(30, 0, 0)))
  const add = (name: string, bytes: Buffer) => writeFileSync(`${folder}/properties/${name}.npy`, bytes)
  const compare = async (name: string, ...expected: string[]) => {
    const { attributes } = await inspect(folder)
    t.strictSame(attributes.sort(), attributesOf(await loadSpikeData(folder, { onWarning: () => {} })), name)
    t.strictSame(attributes, ['unit_id', ...expected].sort(), name)
  }
  add('long', npy("'<f16'", '(2,)', Buffer.alloc(32)))
  add('objects', npy("'|O'", '(2,)', ']q\0(N.'))
  add('complex', npy("'<c16'", '(2,)', Buffer.alloc(32)))
  add('longer', npy("'<f8'", '(3,)', float64(1, 2, 3)))
  add('names', npy("'<U1'", '(2, 1)', Buffer.alloc(8)))
  await compare('of types and shapes that no attribute has')
  add('snr', npy("'<f8'", '(2,)', float64(1, 2)))
  add('channel', npy("'<U1'", '(2,)', Buffer.alloc(8)))
  add('location', npy("'<f8'", '(2,)', float64(1, 2)))
  await compare('texts are no electrodes', 'snr', 'channel', 'location')
  add('ch', npy("'<i8'", '(2,)', Buffer.from(BigInt64Array.of(2n ** 53n + 1n, 2n).buffer)))
  add('position', npy("'<f8'", '(2, 2)', float64(1, 2, 3, 4)))
  await compare('others are', 'snr', 'channel', 'location', 'ch', 'electrode', 'position')
  const [unit] = (await loadSpikeData(folder, { onWarning: () => {} })).neuronAttributes ?? []
  t.equal(unit?.['electrode'], 2n ** 53n + 1n, 'all digits of an electrode')
})

t.test('pickles: attributes whose names are no texts', async (t) => {
  const path = `${dir}/keys.pkl`
  const write = (entries: string) => {
    const object = ['train](]e', 'length K\x05', 'N K\x01', `neuron_attributes](}(${entries}ue`].map((part) => {
      const [, name = '', value = ''] = /^(\w+) ?(.*)$/s.exec(part) ?? []
      return `X${String.fromCharCode(name.length)}\0\0\0${name}${value}`
    })
    writeFileSync(path, Buffer.from(`\x80\x02cspikelab.spikedata.spikedata\nSpikeData\n)\x81}(${object.join('')}ub.`, 'latin1'))
  }
  write('K\x01K\x06X\x01\0\0\0aK\x07NK\x08G\x40\0\0\0\0\0\0\0K\x09')
  const found = await inspect(path)
  t.strictSame(found.attributes.toSorted(), attributesOf(await loadSpikeData(path, { onWarning: () => {} })))
  t.strictSame(found.attributes, ['1', 'a', 'null', '2.0'])
  t.strictSame(found.warnings, [])
  write('K\x01K\x06K\x02K\x03\x86K\x04')
  t.match(await inspect(path), {
    attributes: ['1'],
    warnings: [{ code: 'SPIKEPORT_INSPECTION_INCOMPLETE', message: /Not all attributes/ }],
  })
})

t.test('workspaces: attributes', async (t) => {
  const path = `${dir}/attributes.h5`
  await exportToWorkspace({ day: { a: EXAMPLE } }, path)
  const file = new H5File(path, 'a')
  const group = file.get('day/a/neuron_attributes') as Group
  const add = (name: string, data: Float64Array | Int32Array | string[], shape: number[], missing?: Int32Array) => {
    const dataset = group.create_dataset({ name, data, shape })
    if (missing) dataset.create_attribute('__missing_unit_indices__', missing)
  }
  add('nan', new Float64Array(3).fill(NaN), [3])
  add('nan_rows', new Float64Array(6).fill(NaN), [3, 2])
  add('nan_arrays', new Float64Array(6).fill(NaN), [3, 2], Int32Array.of(0))
  add('missing_arrays', new Float64Array(6), [3, 2], Int32Array.of(0, 1, 2))
  add('no_text', ['', '', ''], [3])
  add('whole', new Int32Array(3), [3])
  file.close()
  const { attributes, warnings } = await inspect(path)
  t.strictSame(attributes.toSorted(), attributesOf(await loadSpikeData(path, { onWarning: () => {} })))
  t.strictSame(warnings, [])
  for (const name of ['nan', 'nan_rows', 'missing_arrays', 'no_text']) t.notOk(attributes.includes(name), name)
  for (const name of ['nan_arrays', 'whole', 'snr']) t.ok(attributes.includes(name), name)
})

t.test('a pickle that claims more than it has', async (t) => {
  const path = `${dir}/claims.pkl`
  await exportToPickle(new SpikeData([Float64Array.from({ length: 100 }, (_, i) => i)]), path, { protocol: 2 })
  const bytes = readFileSync(path)
  // The shape, (100,).
  const at = bytes.indexOf(Buffer.from('(\x8a\x08d\0', 'latin1'))
  t.ok(at > 0)
  bytes.writeInt32LE(2 ** 31 - 1, at + 3)
  writeFileSync(path, bytes)
  await t.rejects(inspect(path), { code: 'ERR_INVALID_FILE', message: /they claim 2147483647 spikes, and there are \d+ bytes/ })
})

t.test('sortings', async (t) => {
  const path = `${dir}/sorting`
  const locations = npy("'<f8'", '(3, 2)', float64(0, 0, 0, 20, 0, 40))
  writeFileSync(path, npz({ units: objects(unit('U\x09peak_signU\x03neg', 'U\x05x_maxK\0', 'U\x05y_maxK\0'), 1), fs: FS, locations }))
  t.strictSame(await inspect(path), {
    path,
    format: 'spikelab-npz',
    fsHz: 20_000,
    startTimeMs: 0,
    attributes: ['unit_id', 'location', 'peak_sign'],
    rawData: [],
    warnings: [],
    channels: 3,
    units: 1,
    spikes: 2,
  })
  writeFileSync(path, npz({ units: objects(unit('U\x05x_maxK\0') + unit('U\x05y_maxK\0'), 2), fs: FS }))
  t.strictSame((await inspect(path)).attributes, ['unit_id'], 'a place has both coordinates')
  const cases: [Buffer, RegExp][] = [
    [npz({ units: npy("'<f8'", '(1,)', float64(1)), fs: FS }), /of type <f8, not Python objects/],
    [npz({ units: npy("'|O'", '(1,)', '}.'), fs: FS }), /it is no array of units/],
    [npz({ units: npy("'|O'", '(1,)', 'cos\nsystem\n.'), fs: FS }), /it refers to os\.system/],
  ]
  for (const [bytes, message] of cases) {
    writeFileSync(path, bytes)
    await t.rejects(inspect(path), { code: 'ERR_INVALID_FILE', path, message })
  }
  writeFileSync(path, npz({ units: npy("'|O'", '(1,)', `${'N0'.repeat(3_000_000)}N.`), fs: FS }))
  t.match(await inspect(path), { units: 1, warnings: [{ message: /more structure than is looked at/ }] })

  const segments = {
    unit_ids: npy("'<i8'", '(2,)', int64(4, 9)),
    num_segment: npy("'<i8'", '(1,)', int64(2)),
    sampling_frequency: FS,
    spike_indexes_seg0: npy("'<i8'", '(3,)', int64(30, 60, 90)),
    spike_labels_seg0: npy("'<i8'", '(3,)', int64(4, 9, 9)),
  }
  const names = Object.entries(segments).map(([name, bytes]) => [`${name}.npy`, bytes])
  for (const bytes of [npz(segments), zipOf(Object.fromEntries(names) as Record<string, Buffer>)]) {
    writeFileSync(path, bytes)
    t.match(await inspect(path), {
      format: 'spikeinterface',
      variant: 'npz',
      units: 2,
      spikes: 3,
      warnings: [{ message: /2 segments.* segmentIndex/ }],
    })
  }
})
