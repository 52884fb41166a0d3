/**
 * Loaders that keep spikes on the disk: what they load is what they load into memory.
 */
import { readdirSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import type { ExportWarning, Hdf5Options, LoadHdf5Options, LoadNwbOptions } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, loadSpikeDataFromHdf5, loadSpikeDataFromNwb, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR as TYPE, VALUE_ERROR as VALUE } from '../support/expectations.js'

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
async function same(t: Test, load: (lazy: object, onWarning: (warning: ExportWarning) => void) => Promise<SpikeData>): Promise<void> {
  const [expectedWarnings, warnings]: ExportWarning[][] = [[], []]
  const expected = await load({}, (warning) => expectedWarnings!.push(warning))
  await using sd = await load(LAZY, (warning) => warnings!.push(warning))
  t.strictSame([sd.isSpooled, expected.isSpooled], [true, false])
  const { N, length, startTime, spikeCount, neuronAttributes, metadata, firstReordered } = expected
  t.strictSame(
    [sd.N, sd.length, sd.startTime, sd.spikeCount, sd.neuronAttributes, sd.metadata, sd.firstReordered],
    [N, length, startTime, spikeCount, neuronAttributes, metadata, firstReordered],
  )
  for (const [unit, train] of expected.train.entries()) t.strictSame(await sd.loadTrain(unit), train, `unit ${unit}`)
  t.strictSame(warnings, expectedWarnings)
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
}

for (const count of [0, 100, 1_000_000]) {
  for (const [name, [write, options]] of Object.entries(HDF5)) {
    t.test(`HDF5, ${name}, ${count} spikes`, async (t) => {
      const path = `${dir}/${name}.h5`
      await exportSpikeDataToHdf5(recording(count), path, write)
      await same(t, (lazy, onWarning) => loadSpikeDataFromHdf5(path, { ...options, ...lazy, onWarning } as LoadHdf5Options))
    })
  }
  t.test(`NWB, ${count} spikes`, async (t) => {
    const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }
    for (const options of [{ nwb }, { nwb, compression: { level: 1 } }] as const) {
      await exportSpikeDataToNwb(recording(count), `${dir}/a.nwb`, options)
      for (const given of [{}, { profile: 'spikelab' }, { startTimeMs: 0, lengthMs: 2e6 }]) {
        await same(t, (lazy, onWarning) => loadSpikeDataFromNwb(`${dir}/a.nwb`, { ...given, ...lazy, onWarning } as LoadNwbOptions))
      }
    }
  })
}

t.test('what lies outside the window', async (t) => {
  const path = `${dir}/window.h5`
  // Rounded to samples, the first and the last spike are outside.
  await exportSpikeDataToHdf5(new SpikeData([[0.4, 7], [], [0.4, 5, 9.6]], { startTime: 0.4, length: 9.2 }), path, {
    spikeTimesUnit: 'samples',
    fsHz: 1000,
  })
  await same(t, (lazy, onWarning) =>
    loadSpikeDataFromHdf5(path, { spikeTimesUnit: 'samples', fsHz: 1000, ...lazy, onWarning } as LoadHdf5Options),
  )
  await t.rejects(loadSpikeDataFromHdf5(path, LAZY), { message: /unit 0 has a spike at 0 ms, before the recording starts at 0\.4 ms/ })
  await exportSpikeDataToHdf5(new SpikeData([[1], [4]]), path)
  await t.rejects(loadSpikeDataFromHdf5(path, { lengthMs: 3, ...LAZY }), { ...VALUE, message: /unit 1 has a spike at 4 ms.* for lengthMs/ })
  const widened = new SpikeData([[1, 2], [700]], { length: 1000 })
  await exportSpikeDataToNwb(widened, `${dir}/w.nwb`, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z', obsIntervals: [[10, 500]] } })
  await same(t, (lazy, onWarning) => loadSpikeDataFromNwb(`${dir}/w.nwb`, { ...lazy, onWarning } as LoadNwbOptions))
})

t.test('options', async (t) => {
  const path = `${dir}/options.h5`
  await exportSpikeDataToHdf5(recording(100), path, { style: 'group' })
  await t.rejects(loadSpikeDataFromHdf5(path, LAZY), { ...VALUE, message: /spikes of the style 'group' are read into memory, for lazy/ })
  await t.rejects(loadSpikeDataFromHdf5(path, { lazy: 1 } as never), { ...TYPE, message: /a boolean for lazy/ })
  await t.rejects(loadSpikeDataFromHdf5(path, { maxMemory: 2 ** 20 } as never), {
    ...VALUE,
    message: /no value, as lazy is not true, for maxMemory/,
  })
  await t.rejects(loadSpikeDataFromNwb(path, { spoolFolder: '.' } as never), {
    ...VALUE,
    message: /no value, as lazy is not true, for spoolFolder/,
  })
  await exportSpikeDataToHdf5(recording(100), path)
  await t.rejects(loadSpikeDataFromHdf5(path, { ...LAZY, spoolFolder: `${dir}/missing` }), { code: 'ENOENT' })
  const controller = new AbortController()
  const reason = new Error('enough')
  const loading = loadSpikeDataFromHdf5(path, { ...LAZY, signal: controller.signal })
  controller.abort(reason)
  await t.rejects(loading, reason)
})
