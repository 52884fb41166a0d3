/**
 * What `neuronAttributes` become in the units' table of an NWB file.
 */
import t from 'tap'
import type { Hdf5StorageOptions, NwbProfile } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { warningsOf } from '../support/warnings.js'

const file = `${t.testdir()}/file.nwb`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
/** The columns that every table has. */
const OWN = 2

/** The columns that the values of an attribute become, one value for each of as many units. */
async function exported(neuronAttributes: object[], options: NwbProfile & Hdf5StorageOptions = {}) {
  await exportSpikeDataToNwb(new SpikeData([], { N: neuronAttributes.length, neuronAttributes }), file, { nwb, ...options })
  const objects = await readNwb(file)
  const colnames = (objects['units']!.attributes['colnames'] as string[]).slice(OWN)
  const columns = colnames.map((name) => {
    const { kind, shape, value } = objects[`units/${name}`]!
    const index = objects[`units/${name}_index`]?.value
    return [name, { kind, shape, value, ...(index !== undefined && { index }) }]
  })
  return { objects, colnames, columns: Object.fromEntries(columns) }
}

const each = (values: readonly unknown[]) => values.map((v) => (v === undefined ? {} : { v }))

t.test('what one attribute becomes', async (t) => {
  const cases: [string, unknown[], object][] = [
    ['whole numbers', [1, -2, 2 ** 53 - 1], { kind: '<q', value: [1n, -2n, 2n ** 53n - 1n] }],
    ['bigints', [1n, 2n ** 63n - 1n], { kind: '<q', value: [1n, 2n ** 63n - 1n] }],
    ['numbers and bigints', [1n, 2.5], { kind: '<d', value: [1, 2.5] }],
    ['floats', [1, 2.5, Infinity, NaN], { kind: '<d', value: [1, 2.5, Infinity, NaN] }],
    ['negative zero', [1, -0], { kind: '<d', value: [1, -0] }],
    ['missing numbers', [1, undefined, null, 4], { kind: '<d', value: [1, NaN, NaN, 4] }],
    ['booleans', [true, false], { kind: 'boolean', value: [1, 0] }],
    ['missing booleans', [true, undefined, false], { kind: '<d', value: [1, NaN, 0] }],
    ['texts', ['good', 'µ測', ''], { kind: 'S', value: ['good', 'µ測', ''] }],
    ['missing texts', [undefined, 'mua', null], { kind: 'S', value: ['', 'mua', ''] }],
    [
      'arrays of one length',
      [
        [1, 2],
        [3.5, 4],
      ],
      { kind: '<d', shape: [2, 2], value: [1, 2, 3.5, 4] },
    ],
    ['arrays of many lengths', [[1, 2], [], [3]], { kind: '<d', shape: [3], value: [1, 2, 3], index: [2, 2, 3] }],
    ['empty arrays', [[], []], { kind: '<d', shape: [2, 0], value: [] }],
    [
      'nested arrays',
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [7, 8, 9],
          [0, 0, 0],
        ],
      ],
      { shape: [2, 2, 3], value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0] },
    ],
    [
      'nested arrays of many lengths',
      [
        [[1, 2]],
        [
          [3, 4],
          [5, 6],
        ],
      ],
      { shape: [3, 2], value: [1, 2, 3, 4, 5, 6], index: [1, 3] },
    ],
    ['lists of texts', [['good', 'µ測'], [], ['', 'x']], { kind: 'S', shape: [4], value: ['good', 'µ測', '', 'x'], index: [2, 2, 4] }],
    ['lists of one text', [['good'], ['mua']], { kind: 'S', value: ['good', 'mua'], index: [1, 2] }],
    ['missing lists of texts', [undefined, [], ['a'], null], { kind: 'S', value: ['a'], index: [0, 0, 1, 1] }],
    ['missing arrays', [undefined, [1, 2]], { kind: '<d', shape: [2, 2], value: [NaN, NaN, 1, 2] }],
    ['float32', [Float32Array.of(1, 0.5), undefined], { kind: '<f', shape: [2, 2], value: [1, 0.5, NaN, NaN] }],
    ['int16', [Int16Array.of(1, -5), Int16Array.of(2, 3)], { kind: '<h', shape: [2, 2], value: [1, -5, 2, 3] }],
    ['missing int16', [Int16Array.of(1, -5), undefined], { kind: '<h', shape: [2], value: [1, -5], index: [2, 2] }],
    ['uint8', [Uint8Array.of(1), Buffer.of(255)], { kind: '<B', shape: [2, 1], value: [1, 255] }],
    ['uint64', [BigUint64Array.of(2n ** 64n - 1n)], { kind: '<Q', shape: [1, 1], value: [2n ** 64n - 1n] }],
    ['arrays of several types', [Int8Array.of(1), Float32Array.of(0.5)], { kind: '<d', shape: [2, 1], value: [1, 0.5] }],
    ['NDArrays', [new NDArray(Int32Array.of(1, 2, 3, 4), [2, 2])], { kind: '<i', shape: [1, 2, 2], value: [1, 2, 3, 4] }],
  ]
  for (const [name, values, expected] of cases) {
    const warnings = await warningsOf(async () => {
      const { columns } = await exported(each(values))
      const { v } = columns
      for (const [key, value] of Object.entries(expected)) t.strictSame(v[key], value, `${name}: ${key}`)
      t.equal('index' in v, 'index' in expected, name)
    })
    t.strictSame(warnings, [], name)
  }
})

t.test('what holds nothing is left out', async (t) => {
  const warnings = await warningsOf(async () => {
    t.strictSame(
      (
        await exported([
          { a: NaN, b: null },
          { a: NaN, b: undefined },
        ])
      ).colnames,
      [],
    )
  })
  t.strictSame(warnings, [])
})

t.test('what no column can hold is left out, and named', async (t) => {
  class Custom {}
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const unfit: [string, unknown[]][] = [
    ['an object', [{}]],
    ['an instance', [new Custom()]],
    ['a function', [() => 1]],
    ['a symbol', [Symbol('x')]],
    ['a date', [new Date()]],
    ['numbers and texts', [1, 'a']],
    ['texts and numbers', ['a', 1]],
    ['booleans and numbers', [true, 1]],
    ['numbers and arrays', [1, [1]]],
    ['arrays and numbers', [[1], 1]],
    ['texts and numbers in arrays', [['a', 1]]],
    ['numbers and texts in arrays', [[1, 'a']]],
    ['lists of texts and others', [['a'], [1]]],
    ['lists of texts and texts', [['a'], 'b']],
    ['texts in arrays of arrays', [[['a']]]],
    ['NUL in a list', [['a\0b']]],
    ['holes', [[1, , 3]]],
    ['ragged arrays', [[[1], [2, 3]]]],
    ['deeper arrays', [[[1], 2]]],
    ['arrays of several dimensions', [[1], [[1]]]],
    ['other lengths behind', [[[1, 2]], [[1, 2, 3]]]],
    ['a cycle', [cyclic]],
    ['a scalar array', [new NDArray(Float64Array.of(1), [])]],
    ['large integers among floats', [2n ** 53n + 1n, 0.5]],
    ['large integers, one missing', [2n ** 53n + 1n, undefined]],
    ['integers beyond int64', [2n ** 63n + 1n]],
    ['int64 arrays among others', [BigInt64Array.of(1n), Float64Array.of(1)]],
    ['NUL', ['a\0b']],
    ['half a character', ['a\ud800']],
  ]
  for (const [name, values] of unfit) {
    const neuronAttributes: Record<string, unknown>[] = [0, 1].map((unit) => ({ ok: unit, [name]: values[unit] ?? values[0] }))
    if (name === 'large integers, one missing') delete neuronAttributes[1]![name]
    const warnings = await warningsOf(async () => t.strictSame((await exported(neuronAttributes)).colnames, ['ok'], name))
    const message = `Attributes are left out of the NWB file: no column can hold the values of '${name}'.`
    t.strictSame(warnings, [['SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', message]])
  }
})

t.test('names that no object in a file can have', async (t) => {
  const unfit = ['a/b', '.', '..', '', 'a\0b', 'a\ud800']
  const warnings = await warningsOf(async () => {
    t.strictSame((await exported([Object.fromEntries(['größe', 'a\nb', ...unfit].map((name) => [name, 1]))])).colnames, ['größe', 'a\nb'])
  })
  const names = String.raw`'a/b', '.', '..', '', 'a\x00b', 'a\ud800'`
  t.strictSame(warnings, [
    ['SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', `Attributes are left out of the NWB file: no object in a file can have the names ${names}.`],
  ])
})

t.test('names that are taken get an underscore, and a warning states why', async (t) => {
  const taken = {
    schema: [
      'id',
      'description',
      'colnames',
      'namespace',
      'neurodata_type',
      'object_id',
      'meanings_tables',
      'spike_times',
      'spike_times_index',
    ],
    class: ['name', 'parent', 'to_dataframe', 'data', '_setter', '__init__', '__proto__'],
    index: ['x_index', '_index'],
  }
  const names = Object.values(taken).flat()
  const entry: Record<string, unknown> = {}
  for (const name of ['unit_id', ...names]) Object.defineProperty(entry, name, { value: name, enumerable: true })
  const warnings = await warningsOf(async () => {
    const { colnames, columns } = await exported([entry])
    t.strictSame(colnames, ['unit_id', ...names.map((name) => `${name}_`)])
    for (const name of names) t.strictSame(columns[`${name}_`].value, [name])
  })
  const renamed = Object.fromEntries(
    Object.entries(taken).map(([who, all]) => [who, all.map((name) => `'${name}' is '${name}_'`).join(', ')]),
  )
  t.strictSame(warnings, [
    [
      'SPIKEPORT_NWB_ATTRIBUTES_RENAMED',
      `Attributes have columns of other names in the NWB file: ${renamed['schema']}, as the NWB schema has these names; ` +
        `${renamed['class']}, as pynwb's class of the table has these names; ` +
        `${renamed['index']}, as readers take these names for indices of other columns.`,
    ],
  ])
})

t.test('a renamed attribute takes the name of no other', async (t) => {
  const { colnames, objects } = await exported(
    [
      { id: 1, id_: 2, id__: 3, x_index: 4, x: [5], description: [6] },
      { x: [], description: [] },
    ],
    {
      nwb: { ...nwb, columnDescriptions: { id: 'The id elsewhere.' } },
    },
  )
  t.strictSame(colnames, ['id___', 'id_', 'id__', 'x_index_', 'x', 'description_'])
  t.match(objects, {
    'units/id___': { attributes: { description: 'The id elsewhere.' } },
    'units/x_index': { attributes: { target: '-> /units/x' } },
  })
  t.match(objects['units/description__index']!.attributes, { target: '-> /units/description_' })
})

t.test('descriptions', async (t) => {
  const warnings = await warningsOf(async () => {
    const columnDescriptions = { snr: 'Signal to noise.', sn: 'A slip.', gone: 'Only NaN.', odd: 'An object.' }
    const { objects } = await exported([{ snr: 1, rate: 2, gone: NaN }], { nwb: { ...nwb, columnDescriptions } })
    t.equal(objects['units/snr']!.attributes['description'], 'Signal to noise.')
    t.equal(objects['units/rate']!.attributes['description'], "The attribute 'rate' of each unit.")
  })
  t.match(warnings, [['SPIKEPORT_NWB_DESCRIPTIONS_UNUSED', /: 'sn', 'gone', 'odd'\.$/]])
  t.match((await exported([{ ok: true }, {}])).objects['units/ok']!.attributes['description'], /'ok' of each unit\. 1 is true, 0 is false/)
  await t.rejects(exported([{ snr: 1 }], { nwb: { ...nwb, columnDescriptions: { snr: '' } } }), VALUE_ERROR)
})

t.test('a warning lists ten names of each kind', async (t) => {
  const names = Array.from({ length: 300 }, (_, i) => `${i}`.padEnd(70, 'n'))
  const entry = Object.fromEntries(
    names.flatMap((name) => [
      [name, {}],
      [`${name}/`, 1],
      [`${name}_index`, 1],
    ]),
  )
  const columnDescriptions = Object.fromEntries(names.map((name) => [`${name}?`, 'Not there.']))
  const { warnings } = await exportSpikeDataToNwb(new SpikeData([[1]], { neuronAttributes: [entry] }), file, {
    nwb: { ...nwb, columnDescriptions },
  })
  t.match(warnings, [
    {
      code: 'SPIKEPORT_NWB_ATTRIBUTES_SKIPPED',
      message: /'9n+' and 290 more; no object in a file can have the names '0n+\/',.*'9n+\/' and 290 more\.$/,
    },
    { code: 'SPIKEPORT_NWB_ATTRIBUTES_RENAMED', message: /'9n+_index' is '9n+_index_' and 290 more, as readers/ },
    { code: 'SPIKEPORT_NWB_DESCRIPTIONS_UNUSED', message: /'9n+\?' and 290 more\.$/ },
  ])
  for (const { message } of warnings) t.ok(message.length < 2000, `${message.length} characters`)
})

t.test('waveforms', async (t) => {
  const waveform_mean = Float32Array.of(1e-6, 2e-6)
  const { objects, columns } = await exported(
    [
      {
        waveform_mean,
        waveform_sd: [
          [1, 2],
          [3, 4],
        ],
      },
      {},
    ],
    { fsHz: 20000 },
  )
  t.match(columns, { waveform_mean: { kind: '<f', shape: [2, 2] }, waveform_sd: { shape: [2, 2, 2] } })
  t.match(objects['units/waveform_mean']!.attributes, { unit: 'volts', sampling_rate: 20000, description: /mean.*volts/ })
  t.match(objects['units/waveform_sd']!.attributes, { unit: 'volts', sampling_rate: 20000 })
  const unknownRate = await exported([{ waveform_mean }])
  t.notOk('sampling_rate' in unknownRate.objects['units/waveform_mean']!.attributes)
  for (const unfit of [
    [1, 2],
    [[1], [1, 2]],
    ['a', 'b'],
    [[[[1]]], [[[2]]]],
  ]) {
    const warnings = await warningsOf(async () => {
      const { colnames, objects } = await exported(unfit.map((value) => ({ waveform_mean: value })))
      t.strictSame(colnames, ['waveform_mean_'])
      t.notOk('unit' in objects['units/waveform_mean_']!.attributes)
    })
    t.match(warnings, [['SPIKEPORT_NWB_ATTRIBUTES_RENAMED', /'waveform_mean' is 'waveform_mean_', as the NWB schema/]])
  }
})

t.test('arrays without their bytes', async (t) => {
  const w = Float64Array.of(1, 2)
  structuredClone(w, { transfer: [w.buffer] })
  await t.rejects(exported([{ w: [1] }, { w }]), { ...VALUE_ERROR, message: /transferred for the attribute 'w' of unit 1/ })
})

t.test('more names than there can be', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`name ${i}`, i]))
  await t.rejects(exported([many]), { ...VALUE_ERROR, message: /1000 names.*neuronAttributes.*1001/ })
})

t.test('an attribute is read once', async (t) => {
  let reads = 0
  const entry = {
    get v() {
      return ++reads === 1 ? 5 : 'changed'
    },
  }
  t.strictSame((await exported([entry])).columns.v.value, [5n])
})

t.test('long columns', async (t) => {
  const count = 100_000
  const neuronAttributes = Array.from({ length: count }, (_, i) => ({
    n: i,
    s: `unit ${i}`,
    r: i % 3 === 0 ? [] : [i, i / 2],
    ok: i % 2 === 0,
  }))
  const { columns } = await exported(neuronAttributes)
  t.strictSame(
    columns.n.value,
    neuronAttributes.map(({ n }) => BigInt(n)),
  )
  t.strictSame(
    columns.s.value,
    neuronAttributes.map(({ s }) => s),
  )
  t.strictSame(
    columns.r.value,
    neuronAttributes.flatMap(({ r }) => r),
  )
  t.strictSame(
    columns.ok.value,
    neuronAttributes.map(({ ok }) => Number(ok)),
  )
})
