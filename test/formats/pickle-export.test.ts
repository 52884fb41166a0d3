import { deepStrictEqual } from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import { pyFloat } from '../../lib/formats/pickle/values.js'
import type { PickleOptions, SpikeLabObject } from '../../lib/formats/pickle/write.js'
import { exportToPickle } from '../../lib/formats/pickle/write.js'
import { NDArray } from '../../lib/memory/ndarray.js'
import { PairwiseCompMatrix } from '../../lib/model/pairwise-comp-matrix.js'
import { PairwiseCompMatrixStack } from '../../lib/model/pairwise-comp-matrix-stack.js'
import { RateData } from '../../lib/model/rate-data.js'
import { RateSliceStack } from '../../lib/model/rate-slice-stack.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { SpikeSliceStack } from '../../lib/model/spike-slice-stack.js'
import { foundArray, foundTrains } from '../support/numpy.js'
import { type Global, Made, Tuple, unpickle } from '../support/unpickle.js'

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const
interface WantedError {
  name: string
  code: string
  message?: string | RegExp
}

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const TRAINS = [[1, 2.5, 40], [], [7]]
const ATTRIBUTES = [{ electrode: 3 }, { x: pyFloat(2) }, {}]
const WANTED_ATTRIBUTES = [new Map([['electrode', 3n]]), new Map([['x', 2]]), new Map()]
const WINDOWS = [
  [0, 50],
  [100, 150],
] as const
const WANTED_WINDOWS = [new Tuple(0, 50), new Tuple(100, 150)]

function numbers(...shape: number[]): NDArray<Float64Array> {
  return new NDArray(
    Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i / 7),
    shape,
  )
}

/** The class and the attributes of an object read back, trains and arrays in a form to compare. */
function taken(value: unknown): [className: string, attributes: Record<string, unknown>] {
  const { by, args, state } = value as Made
  const type = (args[0] ?? by) as Global
  const attributes = [...(state as Map<string, unknown>)].map(([name, item]) => {
    if (name === 'train') return [name, foundTrains(item)]
    if (name === 'spike_stack') return [name, (item as unknown[]).map(taken)]
    return [name, item instanceof Made ? foundArray(item) : item]
  })
  return [type.name, Object.fromEntries(attributes)]
}

function array({ dtype, shape, data }: NDArray): object {
  return { dtype, shape: [...shape], bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}

function vector(...values: number[]): NDArray {
  return new NDArray(Float64Array.from(values), [values.length])
}

/** Exports in all protocols, and checks class, attributes and their order. */
async function check(t: Test, obj: SpikeLabObject, className: string, wanted: Record<string, unknown>): Promise<void> {
  const folder = t.testdir()
  for (const protocol of PROTOCOLS) {
    const path = `${folder}/${protocol}.pkl`
    await exportToPickle(obj, path, { protocol })
    const result = unpickle(readFileSync(path))
    t.ok(result.protocol <= protocol)
    const [foundName, attributes] = taken(result.value)
    t.equal(foundName, `spikelab.spikedata.${className}`)
    deepStrictEqual(attributes, wanted)
    t.same(Object.keys(attributes), Object.keys(wanted), 'in order')
  }
}

t.test('SpikeData', async (t) => {
  const sd = new SpikeData(TRAINS, { N: 4, length: 100, startTime: -5, metadata: { a: [1] } })
  await check(t, sd, 'spikedata SpikeData', {
    train: [...TRAINS, []],
    start_time: -5,
    length: 100,
    N: 4n,
    raw_data: array(new NDArray(new Float64Array(0), [0, 0])),
    raw_time: array(vector()),
    metadata: new Map([['a', [1n]]]),
    neuron_attributes: null,
  })
})

t.test('SpikeData with attributes and raw data', async (t) => {
  const rawData = new NDArray(
    Int16Array.from({ length: 40_000 }, (_, i) => i),
    [2, 20_000],
  )
  const times = Float64Array.from({ length: 20_000 }, (_, i) => i / 30)
  const whole = Int32Array.from({ length: 20_000 }, (_, i) => i)
  const dtypes = [whole, Uint16Array.from(whole), Float32Array.from(times), BigInt64Array.from(whole, BigInt)]
  for (const rawTime of [times, 30, ...dtypes]) {
    const sd = new SpikeData(TRAINS, { neuronAttributes: ATTRIBUTES, rawData, rawTime })
    await check(t, sd, 'spikedata SpikeData', {
      train: TRAINS,
      start_time: 0,
      length: 40,
      N: 3n,
      raw_data: array(rawData),
      raw_time: array(new NDArray(typeof rawTime === 'number' ? times : rawTime, [20_000])),
      metadata: new Map(),
      neuron_attributes: WANTED_ATTRIBUTES,
    })
  }
})

t.test('RateData', async (t) => {
  const rates = numbers(3, 2)
  const options = { neuronAttributes: ATTRIBUTES, rateUnit: 'Hz' }
  const wanted = { inst_Frate_data: array(rates), times: array(vector(-1, 1)), rate_unit: 'Hz', N: 3n }
  await check(t, new RateData(rates, [-1, 1], options), 'ratedata RateData', { ...wanted, neuron_attributes: WANTED_ATTRIBUTES })
  const bare = { ...wanted, rate_unit: null, neuron_attributes: null }
  const whole = new NDArray(Int32Array.of(-1, 1), [2])
  await check(t, new RateData(rates, whole.data), 'ratedata RateData', { ...bare, times: array(whole) })
  await check(t, new RateData(rates, [-1, 1]), 'ratedata RateData', bare)
})

t.test('PairwiseCompMatrix', async (t) => {
  const matrix = numbers(2, 2)
  const options = { labels: ['a', 2], metadata: { delt: 0.5 } }
  const wanted = { matrix: array(matrix), labels: ['a', 2n], metadata: new Map([['delt', 0.5]]) }
  await check(t, new PairwiseCompMatrix(matrix, options), 'pairwise PairwiseCompMatrix', wanted)
  const bare = { matrix: array(matrix), labels: null, metadata: new Map() }
  await check(t, new PairwiseCompMatrix(matrix), 'pairwise PairwiseCompMatrix', bare)
})

t.test('PairwiseCompMatrixStack', async (t) => {
  const stack = numbers(3, 3, 2)
  const wanted = { stack: array(stack), labels: null, times: WANTED_WINDOWS, metadata: new Map() }
  await check(t, new PairwiseCompMatrixStack(stack, { times: WINDOWS }), 'pairwise PairwiseCompMatrixStack', wanted)
  await check(t, new PairwiseCompMatrixStack(stack), 'pairwise PairwiseCompMatrixStack', { ...wanted, times: null })
})

t.test('RateSliceStack', async (t) => {
  const eventStack = numbers(3, 4, 2)
  const options = { times: WINDOWS, stepSize: 2, neuronAttributes: ATTRIBUTES }
  await check(t, new RateSliceStack(eventStack, options), 'rateslicestack RateSliceStack', {
    event_stack: array(eventStack),
    times: WANTED_WINDOWS,
    step_size: 2,
    neuron_attributes: WANTED_ATTRIBUTES,
  })
})

t.test('SpikeSliceStack: slices come without attributes of their own', async (t) => {
  const slices = [TRAINS, [[], [1], []]].map((train) => new SpikeData(train, { length: 50, neuronAttributes: ATTRIBUTES }))
  const slice = (train: number[][]) => [
    'spikelab.spikedata.spikedata SpikeData',
    {
      train,
      start_time: 0,
      length: 50,
      N: 3n,
      raw_data: array(new NDArray(new Float64Array(0), [0, 0])),
      raw_time: array(vector()),
      metadata: new Map(),
      neuron_attributes: null,
    },
  ]
  const stack = new SpikeSliceStack(slices, { times: WINDOWS, neuronAttributes: ATTRIBUTES })
  await check(t, stack, 'spikeslicestack SpikeSliceStack', {
    spike_stack: [slice(TRAINS), slice([[], [1], []])],
    times: WANTED_WINDOWS,
    N: 3n,
    neuron_attributes: WANTED_ATTRIBUTES,
  })
})

t.test('a slice that appears twice is one', async (t) => {
  const slice = new SpikeData(TRAINS)
  const path = `${t.testdir()}/a.pkl`
  await exportToPickle(new SpikeSliceStack([slice, slice]), path)
  const [first, second] = ((unpickle(readFileSync(path)).value as Made).state as Map<string, Made[]>).get('spike_stack')!
  t.equal(first, second)
})

t.test('the report, and protocol 5 by default', async (t) => {
  const path = `${t.testdir()}/new/folders/a.pkl`
  const sd = new SpikeData(TRAINS)
  // Any negative number is the highest, as in Python.
  for (const protocol of [undefined, null, -1, -2, -(2 ** 40)] as (-1 | undefined | null)[]) {
    const report = await exportToPickle(sd, path, { protocol })
    const bytes = readFileSync(path)
    t.equal(bytes[1], 5)
    t.match(report, { path, paths: [path], bytesWritten: bytes.length, spikeCount: 4, unitCount: 3 })
  }
  const counts: [SpikeLabObject, number, number][] = [
    [new RateData(numbers(3, 2), [0, 1]), 0, 3],
    [new PairwiseCompMatrix(numbers(2, 2)), 0, 2],
    [new PairwiseCompMatrixStack(numbers(2, 2, 3)), 0, 2],
    [new RateSliceStack(numbers(4, 2, 3)), 0, 4],
    [new SpikeSliceStack([sd, sd]), 8, 3],
  ]
  for (const [obj, spikeCount, unitCount] of counts) t.match(await exportToPickle(obj, path), { spikeCount, unitCount })
})

t.test('nothing is written before everything is checked', async (t) => {
  const folder = t.testdir()
  const sd = new SpikeData(TRAINS)
  const odd = new SpikeData(TRAINS, { metadata: { probe: { fn() {} } } })
  const oddUnit = new SpikeData(TRAINS, { neuronAttributes: [{}, {}, { when: new Date(0) }] })
  const oddStack = new SpikeSliceStack([sd, odd])
  const table: [obj: unknown, path: unknown, options: unknown, error: WantedError][] = [
    [{}, 'a.pkl', {}, { ...TYPE, message: /^Expected one of SpikeData, RateData, .* for obj but received \{\}/ }],
    [null, 'a.pkl', {}, TYPE],
    [sd, 7, {}, { ...TYPE, message: /for path but/ }],
    [sd, '', {}, { ...VALUE, message: /for path but/ }],
    [sd, 'a.pkl', 'x', { ...TYPE, message: /for options but/ }],
    [
      sd,
      'a.pkl',
      { protocol: 6 },
      { ...VALUE, message: 'Expected a whole number from 0 to 5 (a negative one is the highest) for protocol but received 6.' },
    ],
    [sd, 'a.pkl', { protocol: 2.5 }, VALUE],
    [sd, 'a.pkl', { protocol: NaN }, VALUE],
    [sd, 'a.pkl', { protocol: -1.5 }, VALUE],
    [sd, 'a.pkl', { protocol: -Infinity }, VALUE],
    [sd, 'a.pkl', { protocol: -1n }, TYPE],
    [sd, 'a.pkl', { protocol: '2' }, TYPE],
    [sd, 'a.pkl', { durable: 1 }, TYPE],
    [sd, 's3://bucket/a.pkl', {}, { ...VALUE, message: /for s3Upload but/ }],
    [sd, 'a.pkl', { s3Upload: true }, VALUE],
    [odd, 'a.pkl', {}, { ...TYPE, message: /for metadata\.probe\.fn but/ }],
    [oddUnit, 'a.pkl', {}, { ...TYPE, message: /for neuronAttributes\[2\]\.when but/ }],
    [oddStack, 'a.pkl', {}, { ...TYPE, message: /for spikeStack\[1\]\.metadata\.probe\.fn but/ }],
  ]
  for (const [obj, name, options, error] of table) {
    const path = name === 'a.pkl' ? `${folder}/${name}` : name
    await t.rejects(exportToPickle(obj as SpikeLabObject, path as string, options as PickleOptions), error)
  }
  t.same(readdirSync(folder), [])
})

t.test('what was there stays when the export fails', async (t) => {
  const path = `${t.testdir()}/a.pkl`
  writeFileSync(path, 'before')
  await t.rejects(exportToPickle(new SpikeData(TRAINS, { metadata: { s: Symbol('s') } }), path), TYPE)
  t.equal(readFileSync(path, 'utf8'), 'before')
})

t.test('the signal stops the walk through the metadata', async (t) => {
  const path = `${t.testdir()}/a.pkl`
  const controller = new AbortController()
  const reason = new Error('enough')
  const metadata = {
    endless: new Proxy([], { get: (_, key) => (key === 'length' ? Infinity : null) }),
    get later() {
      return t.fail('the walk went on')
    },
  }
  setTimeout(() => controller.abort(reason), 20)
  await t.rejects(exportToPickle(new SpikeData(TRAINS, { metadata: { metadata } }), path, { signal: controller.signal }), reason)
  t.notOk(existsSync(path))
})
