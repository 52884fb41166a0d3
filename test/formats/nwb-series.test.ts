/**
 * Further series in NWB files.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { Hdf5StorageOptions, NwbProfile, NwbSeries, NwbSession, SpikeDataOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { fc } from '../support/property.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const start = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const TABLE = 'general/extracellular_ephys/electrodes'

async function exported(
  series: NwbSession['series'],
  options: Pick<NwbProfile, 'rawData'> & Hdf5StorageOptions = {},
  recording: SpikeDataOptions = {},
) {
  await exportSpikeDataToNwb(new SpikeData([[1]], recording), file, { nwb: { ...start, series }, ...options })
  return readNwb(file)
}

const three = new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])

t.test('an electrical series', async (t) => {
  const objects = await exported({
    raw: { type: 'ElectricalSeries', data: three, rateHz: 30_000, conversion: 1e-6, filtering: 'none', comments: 'Of a test.' },
    one: { type: 'ElectricalSeries', data: Float32Array.of(1, 2), timestamps: [0.5, 1.75], conversion: 1, offset: 0.5, electrodes: [5n] },
  })
  t.match(objects['acquisition/raw']!.attributes, {
    neurodata_type: 'ElectricalSeries',
    filtering: 'none',
    comments: 'Of a test.',
    description: "The series 'raw'.",
  })
  t.match(objects, {
    'acquisition/raw/data': {
      kind: '<h',
      shape: [3, 2],
      value: [1, 4, 2, 5, 3, 6],
      attributes: { conversion: 1e-6, offset: 0, resolution: -1, unit: 'volts' },
      chunks: [3, 2],
    },
    'acquisition/raw/starting_time': { value: 0, attributes: { rate: 30_000, unit: 'seconds' } },
    'acquisition/raw/electrodes': { value: [0n, 1n], attributes: { table: `-> /${TABLE}` } },
    'acquisition/one/data': { kind: '<f', shape: [2], value: [1, 2], attributes: { offset: 0.5 } },
    'acquisition/one/timestamps': { value: [0.0005, 0.00175], attributes: { interval: 1, unit: 'seconds' } },
    'acquisition/one/electrodes': { value: [5n] },
    [`${TABLE}/location`]: { shape: [6] },
  })
  t.notOk('acquisition/one/starting_time' in objects)
})

t.test('LFP beside raw data and units shares their electrodes', async (t) => {
  const lfp = { type: 'LFP', data: three, rateHz: 1000, startTime: 250, conversion: 1e-6, electrodes: [3, 70_000] } as const
  const objects = await exported(
    { lfp, slow: { ...lfp, timestamps: undefined, electrodes: null as never, description: 'Slow.' } },
    { rawData: { conversion: 1 } },
    { rawData: three, rawTime: 30, neuronAttributes: [{ electrode: 3, x: 1, y: 2 }] },
  )
  t.match(objects, {
    'processing/ecephys': { attributes: { neurodata_type: 'ProcessingModule', description: 'Processed electrophysiology.' } },
    'processing/ecephys/LFP': { attributes: { neurodata_type: 'LFP' } },
    'processing/ecephys/LFP/lfp': { attributes: { neurodata_type: 'ElectricalSeries' } },
    'processing/ecephys/LFP/lfp/data': { shape: [3, 2] },
    'processing/ecephys/LFP/lfp/starting_time': { value: 0.25, attributes: { rate: 1000 } },
    [`${TABLE}/id`]: { value: [0n, 1n, 3n, 70_000n] },
    'units/electrodes': { value: [2n] },
    'acquisition/ElectricalSeries/electrodes': { value: [0n, 1n] },
    'processing/ecephys/LFP/lfp/electrodes': { value: [2n, 3n] },
    'processing/ecephys/LFP/slow/electrodes': { value: [0n, 1n] },
  })
})

t.test('series, units and raw data of the electrodes of a probe', async (t) => {
  const electrodes = [{ id: 10, relX: 5 }, { id: 3, location: 'CA3' }, { id: 70_000n }]
  const lfp: NwbSeries = { type: 'LFP', data: three, rateHz: 1000, conversion: 1e-6, electrodes: [3n, 10] }
  const all: NwbSeries = { type: 'ElectricalSeries', data: new NDArray(new Int8Array(6), [3, 2]), rateHz: 1, conversion: 1 }
  const waveforms = new NDArray(Float32Array.of(1, -1, 2, -2), [1, 2, 2])
  const unit = { electrodes: [70_000, 3], waveforms, amplitudes: [7], waveform_mean: [[1, 2]] }
  const recording = (attributes: object) => new SpikeData([[1]], { rawData: three, rawTime: 1, neuronAttributes: [attributes] })
  const session = { ...start, electrodes, spikeColumns: ['amplitudes'], series: { lfp, all } }
  const { warnings } = await exportSpikeDataToNwb(recording(unit), file, {
    nwb: session,
    rawData: { conversion: 1, electrodes: [70_000, 10] },
    unitIds: ['a'],
  })
  t.match(warnings, [{ code: 'SPIKEPORT_NWB_ELECTRODE_ROWS' }])
  const objects = await readNwb(file)
  t.match(objects, {
    [`${TABLE}/id`]: { value: [10n, 3n, 70_000n] },
    [`${TABLE}/location`]: { value: ['unknown', 'CA3', 'unknown'] },
    [`${TABLE}/rel_x`]: { value: [5, NaN, NaN] },
    'acquisition/ElectricalSeries/electrodes': { value: [2n, 0n] },
    'processing/ecephys/LFP/lfp/electrodes': { value: [1n, 0n], attributes: { table: `-> /${TABLE}` } },
    'acquisition/all/electrodes': { value: [0n, 1n, 2n] },
    'units/electrodes': { value: [2n, 1n] },
    'units/electrodes_index': { value: [2] },
    'units/unit_name': { value: ['a'] },
    'units/amplitudes_index': { value: [1] },
    'units/waveforms': { shape: [2, 2], value: [1, 2, -1, -2] },
    'units/waveforms_index': { value: [2] },
    'units/waveform_mean': { shape: [1, 1, 2] },
  })
  t.strictSame(objects[TABLE]!.attributes['colnames'], ['location', 'group', 'group_name', 'channel_name', 'rel_x'])

  const refused = `${dir}/refused.nwb`
  const rejects = async (series: NwbSeries, attributes: object, error: { name: string; message: RegExp }) => {
    const nwb = { ...session, spikeColumns: [], series: { s: series } }
    await t.rejects(exportSpikeDataToNwb(recording(attributes), refused, { nwb }), error)
    t.notOk(existsSync(refused))
  }
  const noEntry = /the id of an entry of nwb\.electrodes for nwb\.series\['s'\]\.electrodes\[1\] .* 7/
  await rejects({ ...lfp, electrodes: [3, 7] }, unit, { ...VALUE_ERROR, message: noEntry })
  const noList = /a list, as nwb\.electrodes has 3 entries for 2 channels, for nwb\.series\['s'\]\.electrodes .* undefined/
  await rejects({ ...lfp, electrodes: undefined }, unit, { ...TYPE_ERROR, message: noList })
  await rejects({ ...lfp, electrodes: [3, 'a' as never] }, unit, { ...TYPE_ERROR, message: /a safe integer.* for nwb\.series\['s'\]/ })
  const ofOne = /spikes × samples × 1, one for each of the unit's electrodes, for the shape of the attribute 'waveforms' of unit 0/
  await rejects(lfp, { waveforms, electrodes: [3] }, { ...VALUE_ERROR, message: ofOne })
})

t.test('channels of further series at places of others leave the places of units', async (t) => {
  const electrodes = [0, 1]
  const neuronAttributes = [{ electrode: 1, x: 1, y: 2 }]
  const lfp: NwbSeries = { type: 'LFP', data: three, rateHz: 1, conversion: 1, electrodes }
  const objects = await exported({ lfp }, { rawData: { conversion: 1, electrodes } }, { rawData: three, rawTime: 30, neuronAttributes })
  t.strictSame(objects[`${TABLE}/rel_x`]!.value, [NaN, 1])
})

t.test('time series and positions', async (t) => {
  const objects = await exported({
    speed: { type: 'TimeSeries', data: Uint8Array.of(1, 2, 3), rateHz: 60, unit: 'm/s', conversion: 0.5, offset: -1 },
    light: { type: 'TimeSeries', data: BigInt64Array.of(1n), timestamps: Int32Array.of(40), unit: 'a.u.', place: 'stimulus' },
    video: {
      type: 'TimeSeries',
      data: new NDArray(new Uint8Array(24), [2, 3, 4, 1]),
      timeAxis: 'first',
      rateHz: 1,
      unit: 'a.u.',
      place: 'processing/camera',
    },
    gaze: { type: 'SpatialSeries', data: Float64Array.of(1, 2), rateHz: 60, unit: 'radians', referenceFrame: 'Straight ahead.' },
    place: { type: 'Position', data: new NDArray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]), rateHz: 60 },
    again: { type: 'Position', data: new NDArray(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]), timeAxis: 'first', rateHz: 60 },
  })
  t.match(objects, {
    'acquisition/speed': { attributes: { neurodata_type: 'TimeSeries' } },
    'acquisition/speed/data': { kind: '<B', value: [1, 2, 3], attributes: { unit: 'm/s', conversion: 0.5, offset: -1 } },
    'stimulus/presentation/light/data': { kind: '<q', value: [1n] },
    'stimulus/presentation/light/timestamps': { value: [0.04] },
    'processing/camera': { attributes: { description: 'The module camera.' } },
    'processing/camera/video/data': { shape: [2, 3, 4, 1] },
    'processing/behavior': { attributes: { description: 'Behavior over time.' } },
    'processing/behavior/gaze': { attributes: { neurodata_type: 'SpatialSeries' } },
    'processing/behavior/gaze/reference_frame': { value: 'Straight ahead.' },
    'processing/behavior/gaze/data': { attributes: { unit: 'radians' } },
    'processing/behavior/Position': { attributes: { neurodata_type: 'Position' } },
    'processing/behavior/Position/place/data': { shape: [3, 2], value: [1, 4, 2, 5, 3, 6], attributes: { unit: 'meters' } },
    'processing/behavior/Position/again/data': { shape: [3, 2], value: [1, 2, 3, 4, 5, 6] },
  })
  t.notOk(TABLE in objects)
  t.notOk('filtering' in objects['acquisition/speed']!.attributes)
})

t.test('property: any size, dtype, axis and storage', async () => {
  const types = fc.constantFrom(Int8Array, Uint16Array, Int32Array, Float32Array, Float64Array) as fc.Arbitrary<Float64ArrayConstructor>
  const storage: fc.Arbitrary<Hdf5StorageOptions> = fc.oneof(
    fc.constant({ layout: 'contiguous' } as const),
    fc.constant({} as const),
    fc.record({ compression: fc.record({ level: fc.constantFrom(1, 4) }), chunkBytes: fc.integer({ min: 1024, max: 8192 }) }),
  )
  const size = fc.record({ width: fc.integer({ min: 1, max: 40 }), samples: fc.integer({ min: 1, max: 700 }) })
  await fc.assert(
    fc.asyncProperty(types, size, storage, fc.boolean(), fc.boolean(), async (type, { width, samples }, options, isFirst, isShared) => {
      const numbers = Array.from({ length: width * samples }, (_, i) => (i * 31) % 127)
      const values = isShared ? new type(new SharedArrayBuffer(numbers.length * type.BYTES_PER_ELEMENT) as never) : new type(numbers.length)
      values.set(numbers)
      const data = new NDArray(values, isFirst ? [samples, width] : [width, samples])
      const series: NwbSeries = { type: 'TimeSeries', unit: 'V', data, rateHz: 1, timeAxis: isFirst ? 'first' : 'last' }
      const objects = await exported({ series }, options)
      const transposed = numbers.map((_, i) => numbers[(i % width) * samples + Math.floor(i / width)])
      t.strictSame(objects['acquisition/series/data']!.shape, [samples, width])
      t.strictSame(objects['acquisition/series/data']!.value, isFirst ? numbers : transposed)
    }),
    { numRuns: 60 },
  )
})

t.test('what makes no sense, before anything is written', async (t) => {
  const electrical = { type: 'ElectricalSeries', data: three, rateHz: 1, conversion: 1 }
  const time = { type: 'TimeSeries', data: three, rateHz: 1, unit: 'V' }
  const position = { type: 'Position', data: three, rateHz: 1 }
  const cube = new NDArray(new Int8Array(8), [2, 2, 2])
  const refused: [unknown, typeof TYPE_ERROR, RegExp][] = [
    [5, TYPE_ERROR, /an object for nwb\.series\['s'\]/],
    [{ ...time, type: undefined }, TYPE_ERROR, /'ElectricalSeries', 'LFP', .* for nwb\.series\['s'\]\.type/],
    [{ ...time, type: 'toString' }, VALUE_ERROR, /for nwb\.series\['s'\]\.type but received 'toString'/],
    [{ ...time, rate: 1 }, VALUE_ERROR, /nwb\.series\['s'\] but received 'rate'/],
    [{ ...time, data: [1, 2] }, TYPE_ERROR, /a typed array or an NDArray for nwb\.series\['s'\]\.data/],
    [{ ...time, data: new NDArray(new Int8Array(1), []) }, VALUE_ERROR, /1 to 4 axes for .*data\.shape/],
    [{ ...time, data: new NDArray(new Int8Array(1), [1, 1, 1, 1, 1]), timeAxis: 'first' }, VALUE_ERROR, /1 to 4 axes/],
    [{ ...time, data: cube }, VALUE_ERROR, /'first', as the data has 3 axes, for .*timeAxis/],
    [{ ...electrical, data: cube, timeAxis: 'first' }, VALUE_ERROR, /one axis or two for .*data\.shape/],
    [{ ...time, data: new Int8Array(0) }, VALUE_ERROR, /at least one sample for .*data\.shape/],
    [{ ...time, data: new NDArray(new Int8Array(0), [0, 5]) }, VALUE_ERROR, /at least one sample/],
    [{ ...time, timeAxis: 1 }, TYPE_ERROR, /'first' or 'last' for .*timeAxis/],
    [{ ...time, timeAxis: 'both' }, VALUE_ERROR, /'first' or 'last' for .*timeAxis/],
    [{ ...time, unit: undefined }, TYPE_ERROR, /a string for .*unit/],
    [{ ...time, rateHz: undefined }, TYPE_ERROR, /a sampling rate in Hz, or timestamps, for .*rateHz/],
    [{ ...time, rateHz: 0 }, VALUE_ERROR, /a sampling rate in Hz above 0 for .*rateHz/],
    [{ ...time, startTime: Infinity }, VALUE_ERROR, /a finite time in ms for .*startTime/],
    [{ ...time, timestamps: [1, 2, 3] }, VALUE_ERROR, /no value, as nwb\.series\['s'\] has timestamps, for rateHz/],
    [{ ...time, rateHz: undefined, timestamps: [1] }, VALUE_ERROR, /3, one time for each sample, for the length of .*timestamps/],
    [{ ...time, rateHz: undefined, timestamps: ['a', 'b', 'c'] }, TYPE_ERROR, /entry 0 of .*timestamps/],
    [{ ...time, conversion: 0 }, VALUE_ERROR, /a finite number other than 0 for .*conversion/],
    [{ ...time, offset: NaN }, VALUE_ERROR, /a finite number for .*offset/],
    [{ ...time, electrodes: [1, 2] }, VALUE_ERROR, /no value, as .*type is 'TimeSeries', for electrodes/],
    [{ ...time, referenceFrame: 'x' }, VALUE_ERROR, /no value, .*for referenceFrame/],
    [{ ...time, place: 5 }, TYPE_ERROR, /'acquisition', 'stimulus' or 'processing\/'.*place/],
    [{ ...time, place: 'analysis' }, VALUE_ERROR, /'acquisition', 'stimulus' or/],
    [{ ...time, place: 'processing/' }, VALUE_ERROR, /place/],
    [{ ...time, place: 'processing/a/b' }, VALUE_ERROR, /place/],
    [{ ...time, description: '' }, VALUE_ERROR, /description/],
    [{ ...electrical, conversion: undefined }, TYPE_ERROR, /the volts per count, .*conversion/],
    [{ ...electrical, unit: 'volts' }, VALUE_ERROR, /no value, .*for unit/],
    [{ ...electrical, electrodes: [1] }, VALUE_ERROR, /2, one electrode for each channel, for .*electrodes\.length/],
    [{ ...electrical, electrodes: [1, 0.5] }, VALUE_ERROR, /a safe integer.*electrodes\[1\]/],
    [{ ...electrical, type: 'LFP', place: 'acquisition' }, VALUE_ERROR, /no value, as .*type is 'LFP', for place/],
    [{ ...position, place: 'acquisition' }, VALUE_ERROR, /no value, as .*type is 'Position', for place/],
    [{ ...position, filtering: 'x' }, VALUE_ERROR, /no value, .*for filtering/],
    [{ ...position, timeAxis: 'first', data: new NDArray(new Int8Array(4), [1, 4]) }, VALUE_ERROR, /up to 3 coordinates/],
  ]
  const target = `${dir}/refused.nwb`
  const sd = new SpikeData([[1]], { rawData: three, rawTime: 1 })
  for (const [s, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(sd, target, { nwb: { series: { s: s as NwbSeries } } }), { ...error, message }, message.source)
  }
  const rejects = (series: object, message: RegExp) =>
    t.rejects(exportSpikeDataToNwb(sd, target, { nwb: { series: series as never }, rawData: { conversion: 1 } }), {
      ...VALUE_ERROR,
      message,
    })
  await rejects({ 'a/b': time }, /the name of a series in nwb\.series/)
  await rejects({ ElectricalSeries: electrical }, /another name, as acquisition\/ElectricalSeries is in the file already,/)
  await rejects(
    { LFP: { ...electrical, place: 'processing/ecephys' }, lfp: { ...electrical, type: 'LFP' } },
    /processing\/ecephys\/LFP is in the file/,
  )
  await t.rejects(exportSpikeDataToNwb(sd, target, { nwb: { series: [time] as never } }), {
    ...TYPE_ERROR,
    message: /an object for nwb\.series/,
  })
  const moved = Int8Array.of(1)
  structuredClone(moved, { transfer: [moved.buffer] })
  const lost = { s: { ...time, data: moved } as NwbSeries }
  await t.rejects(exportSpikeDataToNwb(sd, target, { nwb: { series: lost } }), VALUE_ERROR)
  t.notOk(existsSync(target))
})

t.test('names that every object has, times that are not finite, and more series than any file has', async (t) => {
  const series: NwbSeries = { type: 'TimeSeries', data: Float32Array.of(1, 2), unit: 'V', rateHz: 10 }
  const objects = await exported({ s: { ...series, place: 'processing/toString' } })
  t.match(objects['processing/toString']!.attributes, { description: 'The module toString.' })
  for (const time of [NaN, Infinity]) {
    const timed = { ...series, rateHz: undefined, timestamps: [0, time] } as NwbSeries
    const message = /^Expected finite times in ms for nwb\.series\['s'\]\.timestamps\[1\] but received/
    await t.rejects(exported({ s: timed }), { ...VALUE_ERROR, message })
  }
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`s${i}`, series]))
  await t.rejects(exported(many), { ...VALUE_ERROR, message: /^Expected at most 256 series/ })
})

t.test('two channels of a series at one place', async (t) => {
  const lfp: NwbSeries = { type: 'LFP', data: three, rateHz: 1000, conversion: 1e-6, electrodes: [0, 1] }
  const places = (second: number) => ({
    neuronAttributes: [
      { electrode: 0, x: 0, y: 0 },
      { electrode: 1, x: second, y: 0 },
    ],
  })
  const write = (second: number) => {
    const sd = new SpikeData([[1], [2]], places(second))
    return exportSpikeDataToNwb(sd, file, { nwb: { ...start, series: { lfp } } })
  }
  await write(5)
  t.ok((await readNwb(file))[`${TABLE}/rel_x`])
  const { warnings } = await write(0)
  t.notOk((await readNwb(file))[`${TABLE}/rel_x`], 'as SpikeInterface opens no series whose channels share a place')
  t.match(warnings, [{ message: /nwb\.series\['lfp'\]\.electrodes at one place, and so no rel_x and rel_y: channels 0 and 1/ }])
})
