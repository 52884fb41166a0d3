/**
 * Files that MATLAB has saved (v7.3): vectors of two axes, and empty arrays, which are stored as their axes.
 */
import type { Group } from 'h5wasm/node'
import { File, ready } from 'h5wasm/node'
import t from 'tap'
import type { ExportWarning, LoadHdf5Options } from '../../lib/index.js'
import { inspect, loadSpikeData, loadSpikeDataFromHdf5, NDArray } from '../../lib/index.js'
import { sameLazily } from '../support/lazily.js'

await ready

const path = `${t.testdir()}/saved.mat`
const onWarning = () => {}

type Form = 'row' | 'column' | 'plain'
type Numbers = Float64Array | Int32Array | Uint16Array | BigUint64Array

/** A variable as MATLAB stores it: a row of N as N × 1, a column as 1 × N; an empty one as its axes. */
function variable(group: Group, name: string, data: Numbers, form: Form, matlabClass: string | undefined = 'double') {
  if (data.length === 0 && matlabClass !== undefined) {
    const dataset = group.create_dataset({ name, data: BigUint64Array.of(1n, 0n) })
    dataset.create_attribute('MATLAB_class', matlabClass)
    dataset.create_attribute('MATLAB_empty', Uint8Array.of(1), [])
    return
  }
  const shape = { row: [data.length, 1], column: [1, data.length], plain: [data.length] }[form]
  const dataset = group.create_dataset({ name, data, shape, ...(form === 'row' && data.length > 1 && { chunks: [2, 1], compression: 1 }) })
  if (matlabClass !== undefined) dataset.create_attribute('MATLAB_class', matlabClass)
}

function write(fill: (file: Group) => void): void {
  const file = new File(path, 'w')
  fill(file as unknown as Group)
  file.close()
}

const TIMES = Float64Array.of(0.5, 1, 1.5, 2, 2.5)
const EXPECTED = [[500], [], [1000, 1500, 2000, 2500]]
/** A struct with a variable for each unit. */
function structure(file: Group, name: string, form: Form): void {
  const group = file.create_group(name)
  group.create_attribute('MATLAB_class', 'struct')
  for (const [i, times] of EXPECTED.entries())
    variable(
      group,
      `unit_${i}`,
      Float64Array.from(times, (ms) => ms / 1000),
      form,
    )
}

/** The trains, of which those on the disk are the same. */
async function trainsOf(options: LoadHdf5Options = {}): Promise<number[][]> {
  const warnings: ExportWarning[] = []
  const sd = await loadSpikeDataFromHdf5(path, { onWarning: (warning) => warnings.push(warning), ...options })
  await sameLazily(sd, warnings, (lazy, onWarning) => loadSpikeDataFromHdf5(path, { onWarning, ...options, ...lazy } as LoadHdf5Options))
  return sd.train.map((times) => Array.from(times))
}

for (const form of ['row', 'column', 'plain'] as const) {
  t.test(`ragged, ${form}`, async (t) => {
    write((file) => {
      variable(file, 'spike_times', TIMES, form)
      variable(file, 'spike_times_index', Int32Array.of(1, 1, 5), form, 'int32')
    })
    t.strictSame(await trainsOf(), EXPECTED)
    t.match(await inspect(path), { variant: 'ragged', units: 3, spikes: 5, rawData: [] })
    // Also where nothing says that it is of MATLAB: by `h5create` and `h5write`.
    write((file) => {
      variable(file, 'spike_times', TIMES, form, undefined)
      variable(file, 'spike_times_index', Int32Array.of(0, 1, 1, 5), form, undefined)
    })
    t.strictSame(await trainsOf(), EXPECTED)
    t.match(await inspect(path), { variant: 'ragged', units: 3, spikes: 5 })
    write((file) => {
      variable(file, 'spike_times', new Float64Array(0), form)
      variable(file, 'spike_times_index', new Int32Array(0), form, 'int32')
    })
    t.strictSame(await trainsOf(), [])
    t.match(await inspect(path), { variant: 'ragged', units: 0, spikes: 0 })
    write((file) => {
      variable(file, 'spike_times', new Float64Array(0), form)
      variable(file, 'spike_times_index', Int32Array.of(0, 0), form, 'int32')
    })
    t.strictSame(await trainsOf({ unitCount: 2 }), [[], []])
  })

  t.test(`paired, ${form}`, async (t) => {
    for (const [idces, times] of [
      ['idces', 'times'],
      ['cluster', 'spike_times'],
    ] as const) {
      write((file) => {
        variable(file, idces, Int32Array.of(0, 2, 2, 2, 2), form, 'int32')
        variable(file, times, TIMES, form === 'row' ? 'column' : form)
        variable(file, 'label', Uint16Array.of(97, 98, 99, 100, 101), form, 'char')
      })
      t.strictSame(await trainsOf({ timesUnit: 's', ...(idces === 'cluster' && { idcesDataset: idces, timesDataset: times }) }), EXPECTED)
      t.strictSame((await trainsOf()).flat(), [...TIMES], 'found by the names')
      t.match(await inspect(path), { variant: 'paired', spikes: 5, rawData: [] })
    }
    write((file) => {
      variable(file, 'idces', new Int32Array(0), form, 'int32')
      variable(file, 'times', new Float64Array(0), form)
    })
    t.strictSame(await trainsOf({ unitCount: 2 }), [[], []])
    t.match(await inspect(path), { variant: 'paired', spikes: 0 })
  })

  t.test(`group, ${form}`, async (t) => {
    write((file) => {
      structure(file, 'units', form)
      // What MATLAB keeps the contents of cells in.
      variable(file.create_group('#refs#'), 'a', TIMES, form)
    })
    t.strictSame(await trainsOf(), EXPECTED)
    t.match(await inspect(path), { variant: 'group', units: 3, spikes: 5 })
    t.strictSame((await loadSpikeData(path, { onWarning })).N, 3)
    write((file) => {
      structure(file, 'cells', form)
      variable(file.create_group('#refs#'), 'a1', TIMES, form)
    })
    t.strictSame(await trainsOf(), EXPECTED, 'found by its lists')
  })

  t.test(`raw data with the times of its samples, ${form}`, async (t) => {
    write((file) => {
      variable(file, 'spike_times', TIMES, form)
      variable(file, 'spike_times_index', Int32Array.of(1, 1, 5), form, 'int32')
      file
        .create_dataset({ name: 'raw', data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] })
        .create_attribute('MATLAB_class', 'double')
      variable(file, 'raw_time', Float64Array.of(0, 10, 20), form)
    })
    const { rawData, rawTime } = await loadSpikeDataFromHdf5(path, { rawDataset: 'raw', rawTimeDataset: 'raw_time', onWarning })
    t.strictSame(rawData, new NDArray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]))
    t.strictSame(rawTime, Float64Array.of(0, 10, 20))
    t.strictSame((await inspect(path)).rawData, [{ name: 'raw', shape: [2, 3], dtype: '<f8' }])
  })
}

t.test('vectors of more spikes than are read at once', async (t) => {
  const count = 300_000
  const times = Float64Array.from({ length: count }, (_, i) => i / 8)
  for (const shape of [
    [1, count],
    [count, 1],
  ]) {
    const chunks = shape.map((axis) => Math.min(axis, 1000))
    for (const layout of [{ shape }, { shape, chunks, compression: 1 }]) {
      write((file) => {
        file.create_dataset({ name: 'spike_times', data: times, ...layout })
        file.create_dataset({ name: 'spike_times_index', data: Int32Array.of(3, count) })
      })
      const trains = await trainsOf({ spikeTimesUnit: 'ms' })
      t.equal(trains[1]?.length, count - 3)
      write((file) => {
        file.create_dataset({ name: 'times', data: times, ...layout })
        file.create_dataset({ name: 'idces', data: Int32Array.from(times, (_, i) => i % 3), ...layout })
      })
      t.equal((await trainsOf({ timesUnit: 'ms' }))[2]?.length, count / 3)
    }
  }
})

t.test('what is no list', async (t) => {
  const table = (attributes: Record<string, unknown>) =>
    write((file) => {
      const dataset = file.create_dataset({ name: 'spike_times', data: new Float64Array(6), shape: [3, 2] })
      for (const [name, value] of Object.entries(attributes)) dataset.create_attribute(name, value as string)
      variable(file, 'spike_times_index', Int32Array.of(6), 'plain')
      const units = file.create_group('units')
      units.create_dataset({ name: '0', data: new Float64Array(6), shape: [3, 2] })
    })
  table({ MATLAB_class: 'double' })
  await t.rejects(trainsOf(), { code: 'ERR_INVALID_FILE', object: 'spike_times', message: /it does not have one axis/ })
  await t.rejects(trainsOf({ style: 'group' }), { code: 'ERR_INVALID_FILE', object: 'units/0', message: /it does not have one axis/ })

  // The attribute counts where it is a number other than 0.
  for (const [value, units] of [
    [Uint8Array.of(0), 2],
    [Int32Array.of(1), 0],
    [Float64Array.of(1), 0],
    [Float64Array.of(NaN), 2],
  ] as const) {
    write((file) => {
      const group = file.create_group('units')
      const dataset = group.create_dataset({ name: '0', data: Float64Array.of(1, 2) })
      dataset.create_attribute('MATLAB_empty', value, [])
    })
    t.equal((await loadSpikeDataFromHdf5(path, { onWarning })).spikeCount, units)
  }
})
