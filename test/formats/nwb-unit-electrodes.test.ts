/**
 * Several electrodes a unit, the waveforms on them, the group of each unit, and the ids of units in an NWB file.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { NwbOptions, NwbProbe } from '../../lib/index.js'
import { exportSpikeDataToNwb, loadSpikeDataFromNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const EPHYS = 'general/extracellular_ephys'
const TABLE = `${EPHYS}/electrodes`
const START = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

async function exported(neuronAttributes: object[] | null, options: object = {}, N = neuronAttributes?.length ?? 0) {
  const sd = new SpikeData([], { N, neuronAttributes } as object)
  const { nwb = {}, ...others } = options as { nwb?: NwbProbe }
  const { warnings } = await exportSpikeDataToNwb(sd, file, { ...others, nwb: { ...START, ...nwb } } as NwbOptions)
  const objects = await readNwb(file)
  const value = (path: string) => objects[path]?.value
  return { objects, warnings, value, region: value('units/electrodes'), ends: value('units/electrodes_index') }
}

t.test('lists in any form, single electrodes, and none', async (t) => {
  const { objects, region, ends, value, warnings } = await exported([
    { electrodes: [3, 4, 7] },
    { electrodes: Uint16Array.of(5) },
    { electrode: 2 },
    {},
    { electrodes: [] },
    { electrodes: new NDArray(BigInt64Array.of(7n, 0n), [2]) },
    { electrodes: [1n, 0] },
  ])
  t.strictSame(region, [3n, 4n, 7n, 5n, 2n, 7n, 0n, 1n, 0n])
  t.strictSame(ends, [3, 4, 5, 5, 5, 7, 9])
  t.strictSame(value(`${TABLE}/id`), [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n])
  t.strictSame(warnings, [])
  t.match(objects['units']!.attributes['colnames'], ['spike_times', 'obs_intervals', 'electrodes'])
  t.equal((objects['units']!.attributes['colnames'] as string[]).length, 3, 'no attribute is there twice')
  t.match(objects['units/electrodes']!.attributes, { neurodata_type: 'DynamicTableRegion', table: `-> /${TABLE}` })
})

t.test('ids that are no row numbers', async (t) => {
  const { region, value, warnings } = await exported([{ electrodes: [70_000, -1] }, { electrodes: [5, 70_000] }])
  t.strictSame(value(`${TABLE}/id`), [-1n, 5n, 70_000n])
  t.strictSame(region, [2n, 0n, 1n, 2n])
  t.match(warnings, [{ code: 'SPIKEPORT_NWB_ELECTRODE_ROWS', message: /^The electrodes are not numbered/ }])
})

t.test('the electrode that a unit is at has its place, and stays a column where the unit has others', async (t) => {
  const { value, warnings } = await exported([
    { electrodes: [3, 1], electrode: 1, x: 10, y: 11 },
    { electrodes: [2], x: 20, y: 21 },
    { electrode: 0, x: 0, y: 1 },
  ])
  t.strictSame(value(`${TABLE}/x`), [0, 10, 20, NaN])
  t.strictSame(value(`${TABLE}/rel_y`), [1, 11, 21, NaN])
  t.strictSame(value('units/electrode'), [1, NaN, 0])
  t.strictSame(value('units/x'), undefined)
  t.strictSame(warnings, [])
  const apart = await exported([
    { electrodes: [3, 1], x: 10, y: 11 },
    { electrodes: [2], electrode: 9, x: 20, y: 21 },
    { electrode: 0, x: 0, y: 1 },
    { x: 5, y: 5 },
  ])
  t.strictSame(apart.value(`${TABLE}/x`), [0, NaN, NaN, NaN])
  t.strictSame(apart.value('units/x'), [10n, 20n, 0n, 5n])
  const message = /: places of units that are on several electrodes, or none: units 0, 1, 3\.$/
  t.match(apart.warnings, [{ code: 'SPIKEPORT_NWB_ELECTRODES_LOST', message }])
})

t.test('waveforms belong to the electrodes of their unit', async (t) => {
  const { objects, value } = await exported(
    [
      {
        electrodes: [3, 4, 7],
        waveform_mean: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        waveform_sd: new NDArray(Float32Array.of(1, 2, 3), [1, 3]),
      },
      { electrodes: [5], waveform_mean: new NDArray(Int16Array.of(7, 8), [2, 1]), waveform_sd: new NDArray(Float32Array.of(4), [1, 1]) },
      {
        electrode: 2,
        waveform_mean: [
          [9, 10],
          [11, 12],
        ],
      },
      { electrodes: [] },
    ],
    { fsHz: 30_000 },
  )
  const none = [NaN, NaN, NaN]
  t.strictSame(objects['units/waveform_mean']!.shape, [4, 2, 3])
  t.strictSame(value('units/waveform_mean'), [1, 2, 3, 4, 5, 6, 7, NaN, NaN, 8, NaN, NaN, 9, 10, NaN, 11, 12, NaN, ...none, ...none])
  t.match(objects['units/waveform_mean']!.attributes, { unit: 'volts', sampling_rate: 30_000 })
  t.match(objects['units/waveform_sd'], { kind: '<f', shape: [4, 1, 3], value: [1, 2, 3, 4, NaN, NaN, ...none, ...none] })

  const flat = await exported([
    { electrodes: [3, 4], waveform_mean: [1, 2] },
    { electrodes: [3], waveform_mean: [3, 4] },
  ])
  t.match(flat.objects['units/waveform_mean'], { shape: [2, 2], value: [1, 2, 3, 4] })
  const same = await exported([{ electrodes: [3, 4], waveform_mean: new NDArray(Int16Array.of(1, 2), [1, 2]) }])
  t.match(same.objects['units/waveform_mean'], { kind: '<h', shape: [1, 1, 2], value: [1, 2] })

  const longer = await exported([
    { electrodes: [3, 4], waveform_mean: [[1, 2]] },
    { electrodes: [3], waveform_mean: [[3], [4]] },
  ])
  t.match(longer.warnings, [{ code: 'SPIKEPORT_NWB_ATTRIBUTES_RENAMED' }], 'other lengths are no waveform of the schema')
  t.match(longer.objects['units/waveform_mean_'], { shape: [3, 2], value: [1, 2, 3, NaN, 4, NaN] })
})

const GROUPS: NwbProbe = {
  electrodeGroups: [{ name: 'a' }, { name: 'b' }],
  electrodes: [{ group: 'a' }, { group: 'b' }, { group: 'b' }],
}

t.test('the group of each unit', async (t) => {
  const units = [{ electrode_group: 'b', electrodes: [0, 1] }, { electrodes: [0] }, { electrodes: [1, 2] }, { electrode_group: 'a' }]
  const { objects, value, warnings } = await exported(units, { nwb: GROUPS })
  const path = (name: string) => `-> /general/extracellular_ephys/${name}`
  t.strictSame(value('units/electrode_group'), ['b', 'a', 'b', 'a'].map(path))
  t.match(objects['units/electrode_group']!.attributes, {
    neurodata_type: 'VectorData',
    description: 'The group of electrodes that each unit is from.',
  })
  t.strictSame(warnings, [])
  const unnamed = await exported([{ electrodes: [0, 1] }], { nwb: GROUPS })
  t.notOk('units/electrode_group' in unnamed.objects)
})

t.test('the groups that units name, without nwb.electrodes', async (t) => {
  const path = (name: string) => `-> /${EPHYS}/${name}`
  const groupsIn = (objects: object) =>
    Object.keys(objects).filter((name) => name.startsWith(`${EPHYS}/`) && !/electrodes|device/.test(name))
  const units = [
    { electrode_group: 'b', electrodes: [0, 1] },
    { electrode_group: 'a', electrodes: [4, 1] },
  ]
  const { objects, value, warnings } = await exported(units)
  t.strictSame(warnings, [])
  t.strictSame(value('units/electrode_group'), ['b', 'a'].map(path))
  t.strictSame(
    groupsIn(objects),
    ['a', 'b', 'electrode_group'].map((name) => `${EPHYS}/${name}`),
  )
  t.strictSame(value(`${TABLE}/group_name`), ['b', 'b', 'electrode_group', 'electrode_group', 'a'], 'of the first unit there, if any')
  t.strictSame(value(`${TABLE}/group`), ['b', 'b', 'electrode_group', 'electrode_group', 'a'].map(path))

  const all = await exported([
    { electrode_group: 'electrode_group', electrode: 1 },
    { electrode_group: 'b', electrode: 0 },
  ])
  t.strictSame(all.value(`${TABLE}/group_name`), ['b', 'electrode_group'])
  t.strictSame(
    groupsIn(all.objects),
    ['b', 'electrode_group'].map((name) => `${EPHYS}/${name}`),
  )
  const nowhere = await exported([{ electrode_group: 'b' }, { electrode_group: 'c' }])
  t.strictSame(nowhere.value('units/electrode_group'), ['b', 'c'].map(path))
  t.strictSame(
    groupsIn(nowhere.objects),
    ['b', 'c'].map((name) => `${EPHYS}/${name}`),
  )
  t.notOk(TABLE in nowhere.objects)
  const described = await exported([{ electrode_group: 'b', electrode: 0 }], { nwb: { electrodeGroup: { name: 'b', location: 'CA1' } } })
  t.strictSame([described.value('units/electrode_group'), described.value(`${TABLE}/location`)], [[path('b')], ['CA1']])
  t.strictSame(described.warnings, [])

  const renamed = [{ code: 'SPIKEPORT_NWB_ATTRIBUTES_RENAMED', message: /'electrode_group' is 'electrode_group_'/ }]
  const others: [string, object[], object?][] = [
    ['a unit without one', [{ electrode_group: 'b' }, {}]],
    ['no name of an object', [{ electrode_group: 'a/b' }]],
    ['the name of the table', [{ electrode_group: 'electrodes' }]],
    ['a number', [{ electrode_group: 3 }]],
    ['another group than the one that is described', [{ electrode_group: 'b' }], { nwb: { electrodeGroup: { name: 'a' } } }],
    ['several devices', [{ electrode_group: 'b' }], { nwb: { devices: [{ name: 'a' }, { name: 'b' }], electrodeGroup: { device: 'a' } } }],
    ['very many', Array.from({ length: 256 }, (_, i) => ({ electrode_group: `${i}` }))],
  ]
  for (const [name, attributes, options] of others) {
    const found = await exported(attributes, options)
    t.match(found.warnings, renamed, name)
    t.ok('units/electrode_group_' in found.objects, name)
  }
})

t.test('the group of each unit is the same after NWB is loaded and exported again', async (t) => {
  await exported(
    [
      { electrode_group: 'b', electrodes: [0, 1] },
      { electrode_group: 'a', electrodes: [0] },
    ],
    { nwb: GROUPS },
  )
  const sd = await loadSpikeDataFromNwb(file)
  t.strictSame(
    sd.neuronAttributes?.map((unit) => unit['electrode_group']),
    ['b', 'a'],
  )
  const { warnings } = await exportSpikeDataToNwb(sd, `${dir}/again.nwb`, { nwb: START })
  t.strictSame(warnings, [])
  t.strictSame((await loadSpikeDataFromNwb(`${dir}/again.nwb`)).neuronAttributes, sd.neuronAttributes)
})

t.test('ids of units', async (t) => {
  const ids = await exported(null, { unitIds: [-7, 2n ** 63n - 1n, 0] }, 3)
  t.match(ids.objects['units/id'], { kind: '<q', value: [-7n, 2n ** 63n - 1n, 0n], attributes: { neurodata_type: 'ElementIdentifiers' } })
  t.strictSame((await exported(null, { unitIds: Uint8Array.of(9, 4) }, 2)).value('units/id'), [9n, 4n])
  for (const unitIds of [undefined, null]) t.strictSame((await exported(null, { unitIds }, 2)).value('units/id'), [0n, 1n])
  for (const unitIds of [[], new Int32Array(0)]) t.strictSame((await exported(null, { unitIds })).value('units/id'), [])
  const names = await exported([{ snr: 1 }, { snr: 2 }], { unitIds: ['µ 1', 'b'] })
  t.strictSame(names.value('units/id'), [0n, 1n])
  t.match(names.objects['units/unit_name'], { value: ['µ 1', 'b'], attributes: { description: 'The name of each unit.' } })
  t.ok((names.objects['units']!.attributes['colnames'] as string[]).includes('unit_name'))
  const both = await exported([{ unit_name: 'x' }, { unit_name: 'y' }], { unitIds: [5, 6] })
  t.match(
    [both.value('units/id'), both.value('units/unit_name')],
    [
      [5n, 6n],
      ['x', 'y'],
    ],
  )
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const detached = Int32Array.of(1, 2)
  structuredClone(detached, { transfer: [detached.buffer] })
  const lists = (...electrodes: unknown[]) => electrodes.map((electrodes) => ({ electrodes }))
  const refused: [units: object[], options: object, error: typeof TYPE_ERROR, message: RegExp][] = [
    [lists([1], 2), {}, TYPE_ERROR, /an array of whole numbers for the electrodes of unit 1 .* 2/],
    [lists([1], new NDArray(new Int8Array(2), [1, 2])), {}, TYPE_ERROR, /an array of whole numbers for the electrodes of unit 1/],
    [lists([1, 0.5]), {}, VALUE_ERROR, /a safe integer.* for entry 1 of the electrodes of unit 0 .* 0\.5/],
    [lists([1], ['a']), {}, TYPE_ERROR, /a safe integer.* for entry 0 of the electrodes of unit 1 .* 'a'/],
    [lists([2n ** 63n]), {}, VALUE_ERROR, /a safe integer/],
    [lists([5, 1, 5]), {}, VALUE_ERROR, /another electrode than those before for entry 2 of the electrodes of unit 0 .* 5/],
    [lists(detached), {}, VALUE_ERROR, /the electrodes of unit 0/],
    [[{ electrodes: [1] }, { electrode: 'x' }], {}, TYPE_ERROR, /a safe integer.* for the electrode of unit 1/],
    [
      [{ electrodes: [1], waveform_mean: [[1, 2]] }],
      {},
      VALUE_ERROR,
      /samples × 1, one for each of the unit's electrodes, for the shape of the attribute 'waveform_mean' of unit 0 .*\[ 1, 2 \]/,
    ],
    [[{ electrode_group: 5 }], { nwb: GROUPS }, TYPE_ERROR, /the name of a group of electrodes for the electrode_group of unit 0 .* 5/],
    [[{ electrode_group: 'c' }], { nwb: GROUPS }, VALUE_ERROR, /the name of a group of electrodes for the electrode_group of unit 0 .*'c'/],
    [
      [{ electrode_group: 'a' }, { electrodes: [0, 1] }],
      { nwb: GROUPS },
      TYPE_ERROR,
      /a name, as other units .*the electrode_group of unit 1/,
    ],
    [[{ electrode_group: 'a' }, {}], { nwb: GROUPS }, TYPE_ERROR, /a name, as other units .*the electrode_group of unit 1/],
    [[{}], { unitIds: 'a' }, TYPE_ERROR, /an array of integers for unitIds/],
    [[{}], { unitIds: [1, 2] }, VALUE_ERROR, /1, one id a unit, for unitIds\.length .* 2/],
    [[{}], { unitIds: ['a', 'b'] }, VALUE_ERROR, /1, one id a unit, for unitIds\.length .* 2/],
    [[{}, {}], { unitIds: [1, 1n] }, VALUE_ERROR, /another id than unitIds\[0\] for unitIds\[1\] .* 1/],
    [[{}, {}], { unitIds: ['a', 'a'] }, VALUE_ERROR, /another id than unitIds\[0\] for unitIds\[1\] .*'a'/],
    [[{}, {}], { unitIds: ['a', 1] }, TYPE_ERROR, /a string, as the first id is one, for unitIds\[1\]/],
    [[{}, {}], { unitIds: [1, 'a'] }, TYPE_ERROR, /a safe integer.* for unitIds\[1\]/],
    [[{}], { unitIds: [2n ** 63n] }, VALUE_ERROR, /a safe integer/],
    [[{}], { unitIds: [''] }, VALUE_ERROR, /not empty.*unitIds\[0\]/],
    [[{ unit_name: 'x' }], { unitIds: ['a'] }, VALUE_ERROR, /numbers, as the units have the attribute unit_name, for unitIds/],
    [[{}], { profile: 'spikelab', unitIds: [1] }, VALUE_ERROR, /no value, as profile is 'spikelab', for unitIds/],
  ]
  for (const [neuronAttributes, options, error, message] of refused) {
    const sd = new SpikeData([], { N: neuronAttributes.length, neuronAttributes })
    await t.rejects(exportSpikeDataToNwb(sd, target, options as NwbOptions), { ...error, message }, String(message))
    t.notOk(existsSync(target))
  }
})
