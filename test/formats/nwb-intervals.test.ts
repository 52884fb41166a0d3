/**
 * Tables of intervals in NWB files.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { NwbIntervals, NwbProfile, NwbSession } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const start = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

async function exported(nwb: NwbSession, options: Omit<NwbProfile, 'nwb'> & { layout?: 'contiguous' } = {}) {
  await exportSpikeDataToNwb(new SpikeData([[1]]), file, { nwb: { ...start, ...nwb }, ...options } as NwbProfile)
  return readNwb(file)
}

const TWO = { startTime: [0, 1500], stopTime: Float32Array.of(1000, 2500) }

/** The columns of a table of two intervals. */
async function columnsOf(columns: NwbIntervals['columns'], more: Partial<NwbIntervals> = {}) {
  const objects = await exported({ trials: { ...TWO, columns, ...more } })
  const names = (objects['intervals/trials']!.attributes['colnames'] as string[]).slice(2)
  return Object.fromEntries(
    names.map((name) => {
      const { kind, shape, value, attributes } = objects[`intervals/trials/${name}`]!
      const index = objects[`intervals/trials/${name}_index`]?.value
      return [name, { kind, shape, value, description: attributes['description'], ...(index !== undefined && { index }) }]
    }),
  )
}

t.test('trials, epochs and others', async (t) => {
  for (const layout of [undefined, 'contiguous'] as const) {
    const objects = await exported(
      {
        trials: { ...TWO, columns: { correct: [true, false] }, descriptions: { correct: 'Whether it was right.', stop_time: 'The end.' } },
        epochs: { ...TWO, description: 'Rest and task.', columns: { tags: ['rest', ['task', 'light']] } },
        intervals: { invalid_times: TWO, 'licks µ': { startTime: [], stopTime: new Float64Array(0), columns: { side: [] } } },
      },
      layout && { layout },
    )
    t.match(objects['intervals'], { kind: 'group', attributes: {} })
    t.match(objects['intervals/trials']!.attributes, {
      namespace: 'core',
      neurodata_type: 'TimeIntervals',
      description: 'The trials of the experiment.',
      colnames: ['start_time', 'stop_time', 'correct'],
    })
    t.match(objects, {
      'intervals/trials/id': { kind: '<q', value: [0n, 1n] },
      'intervals/trials/start_time': { kind: '<d', value: [0, 1.5], attributes: { neurodata_type: 'VectorData' } },
      'intervals/trials/stop_time': { kind: '<d', value: [1, 2.5], attributes: { description: 'The end.' } },
      'intervals/trials/correct': { kind: 'boolean', value: [1, 0], attributes: { description: 'Whether it was right.' } },
      'intervals/epochs': { attributes: { description: 'Rest and task.' } },
      'intervals/epochs/tags': { value: ['rest', 'task', 'light'] },
      'intervals/epochs/tags_index': { value: [1, 3], attributes: { target: '-> /intervals/epochs/tags' } },
      'intervals/invalid_times': { attributes: { description: /left out/ } },
      'intervals/licks µ': { attributes: { description: "The intervals 'licks µ'." } },
      'intervals/licks µ/start_time': { shape: [0] },
      'intervals/licks µ/side': { shape: [0] },
    })
  }
  t.notOk('intervals' in (await exported({ intervals: {}, trials: undefined })))
})

t.test('what columns become', async (t) => {
  const cases: [string, NonNullable<NwbIntervals['columns']>[string], object][] = [
    ['whole numbers', [1, -2], { kind: '<q', value: [1n, -2n], description: "The values 'v' of each interval." }],
    ['numbers', [1, 2.5], { kind: '<d', value: [1, 2.5] }],
    ['a missing number', [null, 2], { kind: '<d', value: [NaN, 2] }],
    ['only missing values', [null, undefined], { kind: '<d', value: [NaN, NaN] }],
    ['only NaN', [NaN, NaN], { kind: '<d', value: [NaN, NaN] }],
    ['typed numbers', Uint8Array.of(7, 8), { kind: '<B', value: [7, 8] }],
    ['big integers', BigInt64Array.of(7n, -8n), { kind: '<q', value: [7n, -8n] }],
    ['an NDArray', new NDArray(Float32Array.of(1, 2, 3, 4), [2, 2]), { kind: '<f', shape: [2, 2], value: [1, 2, 3, 4] }],
    ['texts', ['left', undefined], { kind: 'S', value: ['left', ''] }],
    ['booleans', [true, false], { kind: 'boolean', value: [1, 0] }],
    ['arrays of one length', [[1, 2], Int8Array.of(3, 4)], { kind: '<d', shape: [2, 2], value: [1, 2, 3, 4] }],
    ['arrays of other lengths', [[1, 2], []], { kind: '<d', value: [1, 2], index: [2, 2] }],
    ['lists of texts', [['a', 'b'], null], { kind: 'S', value: ['a', 'b'], index: [2, 2] }],
  ]
  for (const [name, v, expected] of cases) t.match((await columnsOf({ v }))['v'], expected, name)
})

t.test('times are in ms here and in s in the file', async (t) => {
  const columns = {
    go_cue_time: [100, 1600],
    reward_time: [null, 2001],
    lick_times: [[10, 20, 30], [1700n].map(Number)],
    both_times: [[1, 2], Int16Array.of(3, 4)],
    clock_time: BigInt64Array.of(1000n, 2000n),
    grid_times: new NDArray(Float32Array.of(1, 2, 3, 4), [2, 2]),
    cue: [5, 10n],
    timer: [5, 6],
  }
  t.match(await columnsOf(columns, { timeColumns: ['cue', 'go_cue_time'] }), {
    go_cue_time: { kind: '<d', value: [0.1, 1.6], description: "The times 'go_cue_time' of each interval, in seconds." },
    reward_time: { kind: '<d', value: [NaN, 2.001] },
    lick_times: { kind: '<d', value: [0.01, 0.02, 0.03, 1.7], index: [3, 4] },
    both_times: { kind: '<d', shape: [2, 2], value: [0.001, 0.002, 0.003, 0.004] },
    clock_time: { kind: '<d', value: [1, 2] },
    grid_times: { kind: '<d', shape: [2, 2], value: [0.001, 0.002, 0.003, 0.004] },
    cue: { kind: '<d', value: [0.005, 0.01] },
    timer: { kind: '<q', value: [5n, 6n] },
  })
  const licks = Array.from({ length: 300 }, (_, row) => Float64Array.from({ length: row % 150 }, (_, i) => row + i))
  const many = { startTime: licks.map((_, row) => row), stopTime: licks.map((_, row) => row + 1), columns: { lick_times: licks } }
  const objects = await exported({ trials: many })
  t.strictSame(
    objects['intervals/trials/lick_times']!.value,
    licks.flatMap((times) => [...times].map((ms) => ms / 1000)),
  )
})

t.test('what makes no sense, before anything is written', async (t) => {
  const refused: [unknown, typeof TYPE_ERROR, RegExp][] = [
    [5, TYPE_ERROR, /an object for nwb\.trials/],
    [{ ...TWO, stopTime: undefined }, TYPE_ERROR, /an array of numbers for nwb\.trials\.stopTime/],
    [{ ...TWO, startTime: 'ab' }, TYPE_ERROR, /nwb\.trials\.startTime/],
    [{ ...TWO, startTime: [0, 'x'] }, TYPE_ERROR, /entry 1 of nwb\.trials\.startTime/],
    [{ ...TWO, stopTime: [5] }, VALUE_ERROR, /2, one stop for each start,.*nwb\.trials\.stopTime/],
    [{ ...TWO, startTime: [0, NaN] }, VALUE_ERROR, /finite times in ms for nwb\.trials\.startTime\[1\] but received NaN/],
    [{ ...TWO, stopTime: [1, NaN] }, VALUE_ERROR, /nwb\.trials\.stopTime\[1\] but received NaN/],
    [{ ...TWO, stopTime: [1, 1499] }, VALUE_ERROR, /not before the start for nwb\.trials\.stopTime\[1\] but received 1499/],
    [{ ...TWO, stopTime: [1, Infinity] }, VALUE_ERROR, /nwb\.trials\.stopTime\[1\]/],
    [{ ...TWO, starTime: [1] }, VALUE_ERROR, /did you mean startTime/],
    [{ ...TWO, columns: [1] }, TYPE_ERROR, /an object for nwb\.trials\.columns/],
    [{ ...TWO, columns: { a: 5 } }, TYPE_ERROR, /an array or an NDArray for nwb\.trials\.columns\['a'\]/],
    [{ ...TWO, columns: { a: [1] } }, VALUE_ERROR, /2, one value for each interval, for the length of nwb\.trials\.columns\['a'\]/],
    [{ ...TWO, columns: { a: new NDArray(Float32Array.of(1), []) } }, VALUE_ERROR, /nwb\.trials\.columns\['a'\]/],
    [{ ...TWO, columns: { a: [1, 'b'] } }, VALUE_ERROR, /all of one kind, for nwb\.trials\.columns\['a'\] but received \[ 1, 'b' \]/],
    [{ ...TWO, columns: { a: [{}, {}] } }, VALUE_ERROR, /all of one kind/],
    [{ ...TWO, columns: { a_time: ['x', 'y'] } }, VALUE_ERROR, /times in ms, or arrays of them, for nwb\.trials\.columns\['a_time'\]/],
    [{ ...TWO, columns: { a_time: [1, [2]] } }, VALUE_ERROR, /times in ms/],
    [{ ...TWO, columns: { a_times: [[1], 'x'] } }, VALUE_ERROR, /times in ms/],
    [{ ...TWO, columns: { tags: [1, 2] } }, VALUE_ERROR, /nwb\.trials\.columns\['tags'\]/],
    [{ ...TWO, columns: { tags: [['a'], [1]] } }, VALUE_ERROR, /nwb\.trials\.columns\['tags'\]/],
    [{ ...TWO, timeColumns: 'a' }, TYPE_ERROR, /an array of names for nwb\.trials\.timeColumns/],
    [{ ...TWO, timeColumns: [5] }, TYPE_ERROR, /a string for nwb\.trials\.timeColumns\[0\]/],
    [{ ...TWO, timeColumns: new Array(2 ** 31) }, VALUE_ERROR, /at most 1000 names for nwb\.trials\.timeColumns\.length/],
    [{ ...TWO, timeColumns: ['a'] }, VALUE_ERROR, /names of columns for nwb\.trials\.timeColumns but received 'a'/],
    [{ ...TWO, descriptions: { a: 'b' } }, VALUE_ERROR, /names of columns for nwb\.trials\.descriptions but received 'a'/],
    [{ ...TWO, columns: { a: [1, 2] }, descriptions: { a: '' } }, VALUE_ERROR, /nwb\.trials\.descriptions\['a'\]/],
    [{ ...TWO, description: 5 }, TYPE_ERROR, /nwb\.trials\.description/],
    ...['id', 'start_time', 'timeseries', 'tags_index', 'x_index', 'add_interval', 'data', '__init__', 'a/b', ''].map(
      (name): [unknown, typeof TYPE_ERROR, RegExp] => [
        { ...TWO, columns: { [name]: [1, 2] } },
        VALUE_ERROR,
        /a name that neither NWB nor pynwb has/,
      ],
    ),
    [
      { ...TWO, columns: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [i, [1, 2]])) },
      VALUE_ERROR,
      /at most 1000 columns for nwb\.trials\.columns but received 1001/,
    ],
  ]
  const target = `${dir}/refused.nwb`
  const sd = new SpikeData([[1]])
  for (const [trials, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(sd, target, { nwb: { trials: trials as NwbIntervals } }), { ...error, message }, message.source)
  }
  const rejects = (nwb: object, message: RegExp) => t.rejects(exportSpikeDataToNwb(sd, target, { nwb }), { message })
  await rejects({ intervals: [TWO] }, /an object for nwb\.intervals/)
  await rejects({ intervals: { 'a/b': TWO } }, /an id without slashes for the name of a table in nwb\.intervals/)
  await rejects({ intervals: { trials: TWO } }, /another name than trials, the table of nwb\.trials,/)
  await rejects({ intervals: { licks: { ...TWO, stopTime: [] } } }, /nwb\.intervals\['licks'\]\.stopTime/)
  await rejects({ epochs: { ...TWO, stopTime: [] } }, /nwb\.epochs\.stopTime/)
  t.notOk(existsSync(target))
})

t.test('columns that units cannot have, and intervals can', async (t) => {
  t.match(await columnsOf({ electrodes: [1, 2], resolution: [3, 4], spike_times: [5, 6] }), {
    electrodes: { value: [1n, 2n] },
    spike_times: { value: [0.005, 0.006] },
  })
})

t.test('options are read once', async (t) => {
  let reads = 0
  const trials = {
    ...TWO,
    get columns() {
      return ++reads === 1 ? { a: [1, 2] } : {}
    },
  }
  t.ok('intervals/trials/a' in (await exported({ trials })))
  t.equal(reads, 1)
})

t.test('names that every object has, tags of another kind, and arrays of holes', async (t) => {
  const objects = await exported({ intervals: { constructor: TWO } as never })
  t.match(objects['intervals/constructor']!.attributes, { description: "The intervals 'constructor'." })
  for (const tags of [Int32Array.of(1, 2), new NDArray(new Float64Array(4), [2, 2])]) {
    const error = { ...TYPE_ERROR, message: /^Expected an array of lists of texts for nwb\.trials\.columns\['tags'\]/ }
    await t.rejects(columnsOf({ tags }), error)
  }
  const holes: string[] = ['good']
  holes.length = 2 ** 32 - 1
  await t.rejects(columnsOf({ tags: [holes, []] }), VALUE_ERROR)
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`t${i}`, TWO]))
  await t.rejects(exported({ intervals: many }), {
    ...VALUE_ERROR,
    message: /^Expected at most 256 tables for nwb\.intervals but received 257\.$/,
  })
})

t.test('an array whose buffer has shrunk since', async (t) => {
  const resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer
  const buffer = new resizable(16, { maxByteLength: 32 })
  const speeds = new NDArray(new Float64Array(buffer), [2])
  ;(buffer as unknown as { resize(bytes: number): void }).resize(8)
  await t.rejects(columnsOf({ speeds }), {
    ...VALUE_ERROR,
    message: /^Expected an array of 2 elements, as its shape says, for nwb\.trials/,
  })
  const sd = new SpikeData([[1], [2]], { neuronAttributes: [{ speeds }, { speeds: [3, 4] }] })
  const message = /^Expected an array of 2 elements, as its shape says, for the attribute 'speeds' of unit 0/
  await t.rejects(exportSpikeDataToNwb(sd, file, { nwb: start }), { ...VALUE_ERROR, message })
})
