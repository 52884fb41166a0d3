/**
 * Columns of NWB files with values for each spike.
 */
import t from 'tap'
import type { Numbers, NwbProfile, NwbSession, SpikeDataOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { fc } from '../support/property.js'
import { same } from '../support/same.js'
import { warningsOf } from '../support/warnings.js'

const file = `${t.testdir()}/file.nwb`
const start = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

async function exported(
  trains: readonly Numbers[],
  attributes: readonly object[],
  nwb: NwbSession = {},
  options: NwbProfile & SpikeDataOptions = {},
) {
  const { fsHz, ...given } = options
  const sd = new SpikeData(trains, { neuronAttributes: attributes, ...given })
  await exportSpikeDataToNwb(sd, file, { nwb: { ...start, ...nwb }, ...(fsHz && { fsHz }) })
  return readNwb(file)
}

t.test('a value for each spike', async (t) => {
  const trains = [[1, 2], [3], [], [4, 5, 6]]
  const attributes = [
    { amplitudes: Float32Array.of(81, 79), depths: [0.5, 1], places: new NDArray(Int16Array.of(1, 2, 3, 4), [2, 2]) },
    { amplitudes: Float32Array.of(55), depths: [2], places: [[5, 6]] },
    {},
    {
      amplitudes: Float32Array.of(1, NaN, -3),
      depths: Float32Array.of(4, 5, 6),
      places: new NDArray(Int16Array.from({ length: 6 }), [3, 2]),
    },
  ]
  const spikeColumns = ['amplitudes', 'depths', 'places']
  const objects = await exported(trains, attributes, { spikeColumns, columnDescriptions: { depths: 'In µm.' } })
  const index = { kind: '<I', value: [2, 3, 3, 6] }
  t.match(objects['units/spike_times_index'], index)
  for (const name of spikeColumns) {
    t.match(objects[`units/${name}_index`], { ...index, attributes: { neurodata_type: 'VectorIndex', target: `-> /units/${name}` } })
  }
  t.match(objects['units/amplitudes'], {
    kind: '<f',
    shape: [6],
    value: [81, 79, 55, 1, NaN, -3],
    attributes: { description: "The attribute 'amplitudes' of each spike." },
  })
  t.match(objects['units/depths'], { kind: '<d', value: [0.5, 1, 2, 4, 5, 6], attributes: { description: 'In µm.' } })
  t.match(objects['units/places'], { kind: '<d', shape: [6, 2], value: [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0] })
})

t.test('units with as many spikes each are ragged where the option says so, and two axes as before where it does not', async (t) => {
  const attributes = [{ amplitudes: [1, 2] }, { amplitudes: [3, 4] }]
  const trains = [
    [1, 2],
    [3, 4],
  ]
  t.match((await exported(trains, attributes, { spikeColumns: ['amplitudes'] }))['units/amplitudes'], { shape: [4], value: [1, 2, 3, 4] })
  t.strictSame((await exported(trains, attributes))['units/amplitudes']!.shape, [2, 2])
})

t.test('no spikes, no units', async (t) => {
  const none = await exported([[], []], [{ amplitudes: [] }, {}], { spikeColumns: ['amplitudes', 'depths'] })
  t.match(none['units/amplitudes'], { shape: [0] })
  t.strictSame(none['units/amplitudes_index']!.value, [0, 0])
  t.notOk('units/depths' in none)
  t.notOk('units/amplitudes' in (await exported([], [], { spikeColumns: ['amplitudes'] })))
  t.notOk('units/waveforms' in (await exported([[]], [{ waveforms: [] }], { spikeColumns: ['waveforms'] })))
  t.ok('units/amplitudes' in (await exported([[1]], [{ amplitudes: [] }], { spikeColumns: [] })))
})

t.test('what is not one for each spike', async (t) => {
  const refused: [object[], NwbSession, typeof TYPE_ERROR, RegExp][] = [
    [
      [{ a: [1, 2] }, { a: [1, 2] }],
      {},
      VALUE_ERROR,
      /Expected 1, one value for each spike, for the length of the attribute 'a' of unit 1 but/,
    ],
    [[{ a: [1, 2] }, {}], {}, TYPE_ERROR, /one for each spike, for the attribute 'a' of unit 1 but received undefined/],
    [[{ a: 'ab' }, { a: [1] }], {}, TYPE_ERROR, /an array of numbers.* 'a' of unit 0/],
    [[{ a: ['a', 'b'] }, { a: ['c'] }], {}, TYPE_ERROR, /an array of numbers.* 'a' of unit 0/],
    [[{ a: [1, 2] }, { a: [[1, 2]] }], {}, VALUE_ERROR, /of one shape for each spike, for the attribute 'a'/],
    [[{ a: BigInt64Array.of(1n, 2n) }, { a: [1] }], {}, VALUE_ERROR, /arrays of one dtype/],
    [[{ b: [1, 2] }, { b: [1] }], {}, VALUE_ERROR, /names of attributes that units have for nwb\.spikeColumns but received 'a'/],
    [[{}, {}], { spikeColumns: 'a' as never }, TYPE_ERROR, /an array of names for nwb\.spikeColumns/],
    [
      [{ electrodes: [0] }, { electrodes: [0] }],
      { spikeColumns: ['electrodes'] },
      VALUE_ERROR,
      /names of attributes with a value for each spike for nwb\.spikeColumns but received 'electrodes'/,
    ],
    [[{}, {}], { spikeColumns: new Array<string>(2 ** 31) }, VALUE_ERROR, /at most 1000 names for nwb\.spikeColumns\.length/],
    [[{}, {}], { spikeColumns: [''] }, VALUE_ERROR, /nwb\.spikeColumns\[0\]/],
    [[{ waveforms: [1, 2] }, { waveforms: [3] }], { spikeColumns: ['waveforms'] }, VALUE_ERROR, /spikes × samples/],
  ]
  for (const [attributes, nwb, error, message] of refused) {
    await t.rejects(exported([[1, 2], [3]], attributes, { spikeColumns: ['a'], ...nwb }), { ...error, message })
  }
  const moved = Float64Array.of(1)
  structuredClone(moved, { transfer: [moved.buffer] })
  await t.rejects(exported([[1]], [{ a: moved }], { spikeColumns: ['a'] }), {
    ...VALUE_ERROR,
    message: /transferred for the attribute 'a'/,
  })
})

t.test('times that were not in order', async (t) => {
  const trains = [[1, 2], [4, 3], [5]]
  const attributes = [
    { a: [1, 2], b: [1], c: [[1], [2]], d: ['x', 'y'], e: 1 },
    { a: [3, 4], b: [2, 3], c: [[3], [4]], d: ['x', 'y'], e: 2 },
    { a: [5], b: [3], c: [[5]], d: ['z'], e: 3 },
  ]
  const message = /spike times were in order, as those of unit 1 were not, for nwb\.spikeColumns but received \[ 'a' \]/
  await t.rejects(exported(trains, attributes, { spikeColumns: ['a'] }), { ...VALUE_ERROR, message })
  const paired = SpikeData.fromIdcesTimes([1, 0, 1], [5, 2, 3], { neuronAttributes: [{ a: [1] }, { a: [1, 2] }] })
  await t.rejects(exportSpikeDataToNwb(paired, file, { nwb: { spikeColumns: ['a'] } }), { ...VALUE_ERROR, message })
  const created = await SpikeData.create({ flat: [1, 5, 3], index: [1, 3] }, { neuronAttributes: [{ a: [1] }, { a: [1, 2] }] })
  await t.rejects(exportSpikeDataToNwb(created, file, { nwb: { spikeColumns: ['a'] } }), { ...VALUE_ERROR, message })

  const warned = async (...given: Parameters<typeof exported>) => {
    const found = await warningsOf(() => exported(...given))
    return found.filter(([code]) => code === 'SPIKEPORT_NWB_SPIKES_REORDERED').map(([, text]) => text)
  }
  t.match(await warned(trains, attributes), [/of unit 1, and.*values of each spike in 'a', 'c', 'd' have not/])
  t.strictSame(await warned([[1, 2], [3, 4], [5]], attributes), [])
  t.match(await warned([[2, 1]], [{ f: [1, 2], g: [1, 2, 3], waveforms: [[1], [2]] }]), [/in 'f', 'waveforms' have not/])
})

t.test('waveforms of single spikes', async (t) => {
  const warnings = await warningsOf(async () => {
    const objects = await exported(
      [[1, 2], [], [3]],
      [
        // Two spikes, three samples, two electrodes; and one spike on one electrode.
        { waveforms: new NDArray(Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), [2, 3, 2]) },
        {},
        { waveforms: [[7, 8, 9]] },
      ],
      {},
      { fsHz: 20000 },
    )
    t.match(objects['units/waveforms'], {
      kind: '<d',
      shape: [5, 3],
      value: [1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60, 7, 8, 9],
      attributes: { unit: 'volts', sampling_rate: 20000, description: /waveforms × samples/ },
    })
    t.match(objects['units/waveforms_index'], { value: [2, 4, 5], attributes: { target: '-> /units/waveforms' } })
    t.match(objects['units/waveforms_index_index'], { value: [2, 2, 3], attributes: { target: '-> /units/waveforms_index' } })
    t.strictSame(objects['units']!.attributes['colnames'], ['spike_times', 'obs_intervals', 'waveforms'])
    const oneEach = await exported([[1, 2], [3]], [{ waveforms: [[1], [2]] }, { waveforms: [[3]] }])
    t.match(oneEach['units/waveforms'], { shape: [3, 1], value: [1, 2, 3] })
    t.strictSame(oneEach['units/waveforms_index']!.value, [1, 2, 3])
    t.notOk('sampling_rate' in oneEach['units/waveforms']!.attributes)
  })
  t.strictSame(warnings, [])
})

t.test('waveforms that are not of single spikes get another name', async (t) => {
  const unfit: [string, unknown[]][] = [
    ['of fewer spikes', [[[1]], [[3]]]],
    ['of other lengths', [[[1], [2]], [[1, 2]]]],
    ['without samples', [[[], []], [[]]]],
    ['with too many axes', [[[[[1]]], [[[1]]]], [[[[1]]]]]],
    ['one number a spike', [[1, 2], [3]]],
    ['missing', [[[1], [2]], undefined]],
    ['big integers among others', [new NDArray(BigInt64Array.of(1n, 2n), [2, 1]), [[1]]]],
  ]
  for (const [name, values] of unfit) {
    const warnings = await warningsOf(async () => {
      const objects = await exported(
        [[1, 2], [3]],
        values.map((waveforms) => ({ waveforms })),
      )
      t.notOk('units/waveforms' in objects, name)
    })
    t.match(warnings, [[/SPIKEPORT_NWB_ATTRIBUTES_(RENAMED|SKIPPED)/]], name)
  }
})

t.test('property: long arrays are read where they are', async () => {
  const types = fc.constantFrom(Int8Array, Uint16Array, Float32Array, Float64Array) as fc.Arbitrary<Float64ArrayConstructor>
  const units = fc.array(
    fc.record({
      spikes: fc.integer({ min: 0, max: 9000 }),
      electrodes: fc.integer({ min: 1, max: 5 }),
      type: types,
      isShared: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(units, types, async (given, type) => {
      const samples = 3
      const numbers = (length: number, unit: number) => Array.from({ length }, (_, i) => (i * 31 + unit) % 127)
      const on = (isShared: boolean, values: number[], of: Float64ArrayConstructor) => {
        if (!isShared) return of.from(values)
        const array = new of(new SharedArrayBuffer(values.length * of.BYTES_PER_ELEMENT) as never)
        array.set(values)
        return array
      }
      const attributes = given.map(({ spikes, electrodes, type: own, isShared }, unit) => ({
        a: on(isShared, numbers(spikes, unit), type),
        mixed: on(isShared, numbers(spikes, unit), own),
        waveforms: new NDArray(type.from(numbers(spikes * samples * electrodes, unit)), [spikes, samples, electrodes]),
        fixed: type.from(numbers(8192, unit)),
      }))
      const objects = await exported(
        given.map(({ spikes }) => Array.from({ length: spikes }, (_, i) => i)),
        attributes,
        { spikeColumns: ['a', 'mixed'] },
      )
      const expected = given.flatMap(({ spikes }, unit) => numbers(spikes, unit))
      same(t, objects['units/a']!.value, expected)
      same(t, objects['units/mixed']!.value, expected)
      t.strictSame(
        objects['units/fixed']!.value,
        given.flatMap((_, unit) => numbers(8192, unit)),
      )
      if (expected.length === 0) return
      const waveforms: number[] = []
      const ends: number[] = []
      for (const [unit, { spikes, electrodes }] of given.entries()) {
        const of = numbers(spikes * samples * electrodes, unit)
        for (let spike = 0; spike < spikes; spike++) {
          for (let electrode = 0; electrode < electrodes; electrode++) {
            for (let sample = 0; sample < samples; sample++) waveforms.push(of[(spike * samples + sample) * electrodes + electrode]!)
          }
          ends.push(waveforms.length / samples)
        }
      }
      same(t, objects['units/waveforms']!.value, waveforms)
      same(t, objects['units/waveforms_index']!.value, ends)
      same(t, objects['units/waveforms_index_index']!.value, objects['units/spike_times_index']!.value)
    }),
    { numRuns: 40 },
  )
})
