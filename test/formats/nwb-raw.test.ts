/**
 * Raw data in NWB files.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { Hdf5StorageOptions, NumericArray, NwbProfile, NwbRawData } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { fc } from '../support/property.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

function recording(data: NumericArray, channels: number, rawTime: number | Float64Array = 20, neuronAttributes?: object[]): SpikeData {
  const rawData = new NDArray(data, [channels, data.length / channels])
  return new SpikeData([[1]], { rawData, rawTime, ...(neuronAttributes && { neuronAttributes }) })
}

async function exported(sd: SpikeData, rawData: NwbRawData, options: NwbProfile & Hdf5StorageOptions = {}) {
  await exportSpikeDataToNwb(sd, file, { nwb, rawData, ...options })
  return readNwb(file)
}

t.test('samples × channels, at a rate', async (t) => {
  const objects = await exported(recording(Int16Array.of(1, 2, 3, 4, 5, 6), 2), { conversion: 1e-6 })
  const path = 'acquisition/ElectricalSeries'
  t.match(objects[path]!.attributes, { namespace: 'core', neurodata_type: 'ElectricalSeries', description: /raw samples/i })
  t.match(objects[`${path}/data`], {
    kind: '<h',
    shape: [3, 2],
    value: [1, 4, 2, 5, 3, 6],
    attributes: { conversion: 1e-6, offset: 0, resolution: -1, unit: 'volts' },
    chunks: [3, 2],
  })
  t.match(objects[`${path}/starting_time`], { shape: [], value: 0, attributes: { rate: 20000, unit: 'seconds' } })
  t.match(objects[`${path}/electrodes`], {
    value: [0n, 1n],
    attributes: { neurodata_type: 'DynamicTableRegion', table: '-> /general/extracellular_ephys/electrodes' },
  })
  t.match(objects['general/extracellular_ephys/electrodes/location'], { value: ['unknown', 'unknown'] })
  t.notOk('units/electrodes' in objects)
  t.notOk(`${path}/timestamps` in objects)
})

t.test('at times of their own, with all options', async (t) => {
  const objects = await exported(recording(Float32Array.of(1, 2, 3, 4), 2, Float64Array.of(0.5, 1.75)), {
    conversion: -2,
    offset: 0.25,
    name: 'Raw',
    description: 'As it came.',
    filtering: 'none',
    electrodes: [7, 3n],
  })
  t.match(objects['acquisition/Raw']!.attributes, { description: 'As it came.', filtering: 'none' })
  t.match(objects['acquisition/Raw/data'], { kind: '<f', attributes: { conversion: -2, offset: 0.25 } })
  t.match(objects['acquisition/Raw/timestamps'], { value: [0.0005, 0.00175], attributes: { interval: 1, unit: 'seconds' } })
  t.match(objects['acquisition/Raw/electrodes'], { value: [7n, 3n] })
  t.equal(objects['general/extracellular_ephys/electrodes/id']!.shape![0], 8)
})

t.test('electrodes of units and channels share the table', async (t) => {
  const attributes = [{ electrode: 5, x: 1, y: 2 }]
  const sd = recording(Int16Array.of(1, 2, 3, 4), 2, 20, attributes)
  const objects = await exported(sd, { conversion: 1 }, { nwb: { ...nwb, electrodeGroup: { location: 'CA1' } } })
  const table = 'general/extracellular_ephys/electrodes'
  t.strictSame(objects[`${table}/location`]!.value, ['CA1', 'CA1', 'unknown', 'unknown', 'unknown', 'CA1'])
  t.strictSame(objects[`${table}/x`]!.value, [NaN, NaN, NaN, NaN, NaN, 1])
  const rows = await exported(sd, { conversion: 1, electrodes: [-1, 5] })
  t.strictSame(rows['acquisition/ElectricalSeries/electrodes']!.value, [0n, 1n])
  t.strictSame(rows['units/electrodes']!.value, [1n])
  t.strictSame(rows[`${table}/id`]!.value, [-1n, 5n])
})

t.test('property: any size, dtype and storage', async () => {
  const types = fc.constantFrom(Int8Array, Uint16Array, Int32Array, Float32Array, Float64Array) as fc.Arbitrary<Float64ArrayConstructor>
  const storage: fc.Arbitrary<Hdf5StorageOptions> = fc.oneof(
    fc.constant({ layout: 'contiguous' } as const),
    fc.constant({} as const),
    fc.record({ layout: fc.constant('chunked' as const), chunkBytes: fc.integer({ min: 1024, max: 8192 }) }),
    fc.record({
      compression: fc.record({ level: fc.constantFrom(1, 4), shuffle: fc.boolean() }),
      chunkBytes: fc.integer({ min: 1024, max: 8192 }),
    }),
  )
  const size = fc.record({ channels: fc.integer({ min: 1, max: 70 }), samples: fc.integer({ min: 1, max: 700 }) })
  await fc.assert(
    fc.asyncProperty(types, size, storage, async (type, { channels, samples }, options) => {
      const data = type.from({ length: channels * samples }, (_, i) => (i * 31) % 127)
      const objects = await exported(recording(data, channels), { conversion: 1 }, options)
      const expected = Array.from({ length: samples * channels }, (_, i) => data[(i % channels) * samples + Math.floor(i / channels)])
      t.strictSame(objects['acquisition/ElectricalSeries/data']!.value, expected)
    }),
    { numRuns: 60 },
  )
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const sd = recording(Int16Array.of(1, 2, 3, 4), 2)
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [{}, TYPE_ERROR, /volts per count, a finite number other than 0, for rawData\.conversion/],
    [{ conversion: 0 }, VALUE_ERROR, /volts per count.*rawData\.conversion/],
    [{ conversion: NaN }, VALUE_ERROR, /conversion/],
    [{ conversion: 1, offset: Infinity }, VALUE_ERROR, /offset/],
    [{ conversion: 1, name: 'a/b' }, VALUE_ERROR, /rawData\.name/],
    [{ conversion: 1, description: '' }, VALUE_ERROR, /rawData\.description/],
    [{ conversion: 1, filtering: 5 }, TYPE_ERROR, /rawData\.filtering/],
    [{ conversion: 1, gain: 5 }, VALUE_ERROR, /rawData .*gain/],
    [{ conversion: 1, electrodes: [1] }, VALUE_ERROR, /2, one electrode for each channel,.*rawData\.electrodes\.length/],
    [{ conversion: 1, electrodes: [1, 0.5] }, VALUE_ERROR, /rawData\.electrodes\[1\]/],
    [{ conversion: 1, electrodes: 'ab' }, TYPE_ERROR, /rawData\.electrodes/],
  ]
  for (const [rawData, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(sd, target, { nwb, rawData: rawData as NwbRawData }), { ...error, message })
  }
  const none = exportSpikeDataToNwb(new SpikeData([[1]]), target, { nwb, rawData: { conversion: 1 } })
  await t.rejects(none, { ...VALUE_ERROR, message: /with raw data.*sd\.rawData\.shape/ })
  const flat = new SpikeData([[1]], { rawData: new NDArray(Int16Array.of(1, 2), [2]), rawTime: 1 })
  await t.rejects(exportSpikeDataToNwb(flat, target, { nwb, rawData: { conversion: 1 } }), {
    ...VALUE_ERROR,
    message: /channels × samples/,
  })
  t.notOk(existsSync(target))
})
