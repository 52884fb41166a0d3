/**
 * Loaders that keep spikes on the disk: what they load is what they load into memory.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { ExportWarning, Hdf5Options, LoadHdf5Options, LoadKilosortOptions, LoadNwbOptions, LoadProgress } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  SpikeData,
} from '../../lib/index.js'
import { TYPE_ERROR as TYPE, VALUE_ERROR as VALUE } from '../support/expectations.js'
import { folderOf, npy, zipOf } from '../support/folder-files.js'
import { sameLazily } from '../support/lazily.js'
import { writeLists } from '../support/list-file.js'
import { FILES_UNLISTED, openingsOf } from '../support/open-files.js'
import { same } from '../support/same.js'

const dir = t.testdir({ spool: {} })
const LAZY = { lazy: true, spoolFolder: `${dir}/spool`, maxMemory: 2 ** 20 } as const

t.afterEach(() => t.strictSame(readdirSync(`${dir}/spool`), [], 'nothing has a path'))

/** A recording of units with more spikes than one block and one run have, some empty. */
function recording(spikes: number): SpikeData {
  const units = 9
  const train = Array.from({ length: units }, (_, unit) =>
    Float64Array.from({ length: unit % 4 === 3 ? 0 : Math.floor((spikes * (unit + 1)) / 30) }, (_, i) => i * 0.75 + unit / 7),
  )
  return new SpikeData(train, { length: spikes, neuronAttributes: train.map((_, unit) => ({ depth: unit })) })
}

/** Checks that a recording is the same in memory and on the disk. */
async function loadsSame(load: (lazy: object, onWarning: (warning: ExportWarning) => void) => Promise<SpikeData>): Promise<void> {
  const warnings: ExportWarning[] = []
  const expected = await load({}, (warning) => warnings.push(warning))
  await sameLazily(expected, warnings, (lazy, onWarning) => load({ ...lazy, spoolFolder: `${dir}/spool` }, onWarning))
}

const HDF5: Record<string, [write: Hdf5Options, load: LoadHdf5Options]> = {
  ragged: [{}, {}],
  'ragged, compressed': [{ compression: { level: 1 } }, {}],
  'ragged, samples': [
    { spikeTimesUnit: 'samples', fsHz: 30_000 },
    { spikeTimesUnit: 'samples', fsHz: 30_000 },
  ],
  'ragged, without its window': [{}, { lengthMs: 2e6 }],
  paired: [{ style: 'paired' }, {}],
  'paired, compressed': [{ style: 'paired', compression: {} }, {}],
  'paired, more units': [{ style: 'paired' }, { style: 'paired', unitCount: 20 }],
  group: [{ style: 'group' }, {}],
  'group, compressed': [{ style: 'group', compression: { level: 1 } }, {}],
  'group, samples': [
    { style: 'group', groupTimeUnit: 'samples', fsHz: 30_000 },
    { groupTimeUnit: 'samples', fsHz: 30_000 },
  ],
  raster: [{ style: 'raster', rasterBinSizeMs: 7 }, {}],
  'raster, contiguous': [{ style: 'raster', rasterBinSizeMs: 70, layout: 'contiguous' }, {}],
  'raster, many spikes a bin': [{ style: 'raster', rasterBinSizeMs: 300_000 }, { lengthMs: 1 }],
}

for (const count of [0, 100, 1_000_000]) {
  for (const [name, [write, options]] of Object.entries(HDF5)) {
    t.test(`HDF5, ${name}, ${count} spikes`, async () => {
      const path = `${dir}/${name}.h5`
      await exportSpikeDataToHdf5(recording(count), path, write)
      await loadsSame((lazy, onWarning) => loadSpikeDataFromHdf5(path, { ...options, ...lazy, onWarning } as LoadHdf5Options))
    })
  }
  t.test(`NWB, ${count} spikes`, async () => {
    const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }
    for (const options of [{ nwb }, { nwb, compression: { level: 1 } }] as const) {
      await exportSpikeDataToNwb(recording(count), `${dir}/a.nwb`, options)
      for (const given of [{}, { profile: 'spikelab' }, { startTimeMs: 0, lengthMs: 2e6 }]) {
        await loadsSame((lazy, onWarning) => loadSpikeDataFromNwb(`${dir}/a.nwb`, { ...given, ...lazy, onWarning } as LoadNwbOptions))
      }
    }
  })
}

t.test('KiloSort and Phy, several blocks of spikes', async () => {
  const sd = recording(1_000_000)
  const fsHz = 30_000
  await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz })
  await exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz, phy: true })
  for (const given of [{}, { lengthMs: 2e6 }]) {
    for (const name of ['ks', 'phy']) {
      await loadsSame((lazy, onWarning) =>
        loadSpikeDataFromKilosort(`${dir}/${name}`, { fsHz, ...given, ...lazy, onWarning } as LoadKilosortOptions),
      )
    }
  }
})

t.test('KiloSort and Phy with amplitudes', async (t) => {
  const { train } = recording(200_000)
  const times = train.flatMap((own, unit) => Array.from(own, (time, i) => ({ unit, time, amplitude: Math.fround(unit + (i % 97) / 7) })))
  // In no order, many at one sample, and some of no unit that is kept.
  times.sort((a, b) => a.amplitude - b.amplitude || a.unit - b.unit)
  const files = {
    'spike_times.npy': npy(
      '<i8',
      times.map(({ time }) => Math.floor(time / 10)),
    ),
    'spike_clusters.npy': npy(
      '<i4',
      times.map(({ unit }) => 3 * unit),
    ),
    'cluster_group.tsv': `cluster_id\tgroup\n${[0, 6, 12, 24, 21].map((id) => `${id}\tgood\n`).join('')}`,
    'cluster_amplitudes.tsv': 'cluster_id\tamplitudes\n0\t5\n',
  }
  const given = { fsHz: 1000, amplitudes: true, onWarning: () => {} } as const
  const lazy = { ...LAZY, ...given }
  for (const dtype of ['<f4', '>f8', '<i2', '<i8']) {
    const amplitudes = npy(
      dtype,
      times.map(({ amplitude }) => (dtype.includes('f') ? amplitude / 3 : Math.floor(amplitude))),
    )
    const folder = folderOf(`${dir}/with-amplitudes`, { ...files, 'amplitudes.npy': amplitudes })
    writeFileSync(`${folder}.zip`, zipOf({ ...files, 'amplitudes.npy': amplitudes }))
    await using zipped = await loadSpikeDataFromKilosort(`${folder}.zip`, lazy)
    const all = await loadSpikeDataFromKilosort(folder, given)
    same(t, await zipped.loadSpikeValues('amplitudes', 4), all.neuronAttributes?.[4]?.amplitudes)
    for (const labels of [{}, { clusterInfoTsv: 'cluster_group.tsv' }]) {
      const inMemory = await loadSpikeDataFromKilosort(folder, { ...given, ...labels })
      await using spooled = await loadSpikeDataFromKilosort(folder, { ...lazy, ...labels })
      t.strictSame(spooled.spikeValues.amplitudes, { dtype: 'float64' })
      for (const [unit, { amplitudes, ...others }] of (inMemory.neuronAttributes ?? []).entries()) {
        t.strictSame(spooled.neuronAttributes?.[unit], others)
        same(t, await spooled.loadTrain(unit), inMemory.train[unit])
        same(t, await spooled.loadSpikeValues('amplitudes', unit), amplitudes)
      }
      // From there to NWB and to Phy in bounded memory.
      const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }
      await exportSpikeDataToNwb(spooled, `${dir}/ks.nwb`, { nwb })
      const loaded = await loadSpikeDataFromNwb(`${dir}/ks.nwb`)
      same(t, loaded.neuronAttributes?.[0]?.amplitudes, inMemory.neuronAttributes?.[0]?.amplitudes)
    }
  }
  const short = folderOf(`${dir}/short`, { ...files, 'amplitudes.npy': npy('<f4', [1, 2, 3, 4, 5]) })
  await t.rejects(loadSpikeDataFromKilosort(short, lazy), { message: /it has 5 numbers for \d+ spikes/ })
  await t.rejects(loadSpikeDataFromKilosort(folderOf(`${dir}/without`, files), lazy), { message: /it has no amplitudes\.npy/ })
})

t.test('NWB with values of spikes', async (t) => {
  const train = recording(60_000).train
  const types = { a: Float32Array, b: BigInt64Array, c: Uint8Array, d: Float64Array }
  const valuesOf = (type: (typeof types)[keyof typeof types], own: Float64Array, unit: number) =>
    type === BigInt64Array
      ? type.from(own, (_, i) => BigInt(i * unit))
      : (type as Float64ArrayConstructor).from(own, (_, i) => (i + unit) % 251)
  const neuronAttributes = train.map((own, unit) => ({
    ...Object.fromEntries(Object.entries(types).map(([name, type]) => [name, valuesOf(type, own, unit)])),
    // As many numbers in all, but not for each unit; an array for each spike; texts.
    other: Float32Array.from(train[(unit + 1) % train.length] as Float64Array),
    depth: unit,
  }))
  const sd = new SpikeData(train, { length: 60_000, neuronAttributes })
  const nwb = { sessionStartTime: '2026-01-01T00:00:00Z', spikeColumns: Object.keys(types) }
  for (const options of [{ nwb }, { nwb, compression: { level: 1 } }, { nwb, layout: 'contiguous' }] as const) {
    await exportSpikeDataToNwb(sd, `${dir}/values.nwb`, options)
    await loadsSame((lazy, onWarning) => loadSpikeDataFromNwb(`${dir}/values.nwb`, { ...lazy, onWarning } as LoadNwbOptions))
    await using spooled = await loadSpikeDataFromNwb(`${dir}/values.nwb`, LAZY)
    const dtypes = Object.entries(spooled.spikeValues).map(([name, { dtype }]) => [name, dtype])
    t.strictSame(dtypes, [
      ['a', 'float32'],
      ['b', 'int64'],
      ['c', 'uint8'],
      ['d', 'float64'],
    ])
    t.strictSame(Object.keys(spooled.neuronAttributes?.[0] ?? {}).sort(), ['depth', 'other', 'unit_id'])
  }
})

t.test('NWB with values of spikes that are called as attributes of electrodes', async (t) => {
  const path = `${dir}/names.nwb`
  const names = ['electrode', 'group_name']
  const batch = { units: [0, 0, 1], times: [1, 2, 3] }
  for (const name of names) {
    const given = {
      spikeValues: { [name]: 'int16' },
      neuronAttributes: name === 'electrode' ? [{ channel: 3 }, { channel: 4 }] : [{ electrode: 3 }, { electrode: 4 }],
    } as const
    await using sd = await SpikeData.fromBatches([{ ...batch, values: { [name]: [7, 8, 9] } }], given)
    await exportSpikeDataToNwb(sd, path, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' } })
    await loadsSame((lazy, onWarning) => loadSpikeDataFromNwb(path, { ...lazy, onWarning } as LoadNwbOptions))
    await using loaded = await loadSpikeDataFromNwb(path, LAZY)
    t.strictSame(Object.keys(loaded.spikeValues), [name])
    t.notOk(loaded.neuronAttributes?.some((attributes) => Object.hasOwn(attributes, name)))
  }
})

t.test('the order of warnings', async () => {
  const path = `${dir}/warnings.h5`
  // Half a sample before the start, and no spike of unit 0.
  await exportSpikeDataToHdf5(new SpikeData([[], [0.4, 5]], { startTime: 0.4, length: 9.2 }), path, {
    style: 'paired',
    timesUnit: 'samples',
    fsHz: 1000,
  })
  const options = { style: 'paired', timesUnit: 'samples', fsHz: 1000 } as const
  await loadsSame((lazy, onWarning) => loadSpikeDataFromHdf5(path, { ...options, ...lazy, onWarning } as LoadHdf5Options))
})

t.test('what lies outside the window', async (t) => {
  const path = `${dir}/window.h5`
  // Rounded to samples, the first and the last spike are outside.
  await exportSpikeDataToHdf5(new SpikeData([[0.4, 7], [], [0.4, 5, 9.6]], { startTime: 0.4, length: 9.2 }), path, {
    spikeTimesUnit: 'samples',
    fsHz: 1000,
  })
  await loadsSame((lazy, onWarning) =>
    loadSpikeDataFromHdf5(path, { spikeTimesUnit: 'samples', fsHz: 1000, ...lazy, onWarning } as LoadHdf5Options),
  )
  await t.rejects(loadSpikeDataFromHdf5(path, LAZY), { message: /unit 0 has a spike at 0 ms, before the recording starts at 0\.4 ms/ })
  await exportSpikeDataToHdf5(new SpikeData([[1], [4]]), path)
  await t.rejects(loadSpikeDataFromHdf5(path, { lengthMs: 3, ...LAZY }), { ...VALUE, message: /unit 1 has a spike at 4 ms.* for lengthMs/ })
  const widened = new SpikeData([[1, 2], [700]], { length: 1000 })
  await exportSpikeDataToNwb(widened, `${dir}/w.nwb`, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z', obsIntervals: [[10, 500]] } })
  await loadsSame((lazy, onWarning) => loadSpikeDataFromNwb(`${dir}/w.nwb`, { ...lazy, onWarning } as LoadNwbOptions))
})

t.test('loadSpikeData', async (t) => {
  const lazy = { ...LAZY, spoolFolder: `${dir}/spool` }
  await exportSpikeDataToHdf5(recording(100), `${dir}/any.h5`)
  await exportSpikeDataToNwb(recording(100), `${dir}/any.nwb`, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' } })
  await exportSpikeDataToKilosort(recording(100), `${dir}/any-ks`, { fsHz: 1000 })
  await exportToPickle(recording(100), `${dir}/any.pkl`)
  await exportToWorkspace({ day: { spikes: recording(100) } }, `${dir}/workspace.h5`)
  for (const name of ['any.h5', 'any.nwb', 'any-ks', 'any.pkl', 'workspace.h5']) {
    const options = name === 'any-ks' ? ({ format: 'kilosort', fsHz: 1000 } as const) : {}
    await using sd = await loadSpikeData(`${dir}/${name}`, { ...options, ...lazy })
    const inMemory = await loadSpikeData(`${dir}/${name}`, options)
    t.strictSame([sd.isSpooled, inMemory.isSpooled, sd.spikeCount], [true, false, inMemory.spikeCount])
    same(t, await sd.loadTrain(sd.N - 1), inMemory.train.at(-1))
    t.equal((await loadSpikeData(`${dir}/${name}`, { ...options, lazy: false })).isSpooled, false)
  }
  await t.rejects(loadSpikeData(`${dir}/any.h5`, { maxMemory: 2 ** 20 } as never), {
    ...VALUE,
    message: /as lazy is not true, for maxMemory/,
  })
})

t.test('options', async (t) => {
  const path = `${dir}/options.h5`
  await exportSpikeDataToHdf5(recording(100), path, { style: 'group' })
  await t.rejects(loadSpikeDataFromHdf5(path, { lazy: 1 } as never), { ...TYPE, message: /a boolean for lazy/ })
  await t.rejects(loadSpikeDataFromHdf5(path, { maxMemory: 2 ** 20 } as never), {
    ...VALUE,
    message: /no value, as lazy is not true, for maxMemory/,
  })
  await t.rejects(loadSpikeDataFromNwb(path, { spoolFolder: '.' } as never), {
    ...VALUE,
    message: /no value, as lazy is not true, for spoolFolder/,
  })
  await exportSpikeDataToHdf5(recording(100), path, { compression: { level: 1 } })
  await t.rejects(loadSpikeDataFromHdf5(path, { ...LAZY, spoolFolder: `${dir}/missing` }), { code: 'ENOENT' })
  const controller = new AbortController()
  const reason = new Error('enough')
  const loading = loadSpikeDataFromHdf5(path, { ...LAZY, signal: controller.signal })
  controller.abort(reason)
  await t.rejects(loading, reason)
})

t.test('a recording is closed where what reports about it throws', { skip: FILES_UNLISTED }, async (t) => {
  const given = recording(1000)
  const reason = new Error('enough')
  const throws = () => {
    throw reason
  }
  const path = `${dir}/reported`
  // Its times have no unit, which is a warning.
  await writeLists(`${path}.h5`, { lists: { 'units/0': Float64Array.of(1, 2) } })
  await t.rejects(loadSpikeData(`${path}.h5`, { ...LAZY, onWarning: throws }), reason)
  t.equal(openingsOf(path), 0)
  await exportSpikeDataToKilosort(given, `${path}-phy`, { fsHz: 30_000, phy: true })
  const throwsAtLast = ({ bytesRead, bytesTotal }: LoadProgress) => {
    if (bytesRead === bytesTotal) throw reason
  }
  await t.rejects(loadSpikeDataFromKilosort(`${path}-phy`, { ...LAZY, onProgress: throwsAtLast }), reason)
  t.equal(openingsOf(`${dir}/spool`), 0)
  await exportToPickle(given, `${path}.pkl`)
  await t.rejects(loadSpikeData(`${path}.pkl`, { ...LAZY, onProgress: throws }), reason)
  t.equal(openingsOf(path), 0)
})
