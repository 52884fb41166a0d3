import t from 'tap'
import { NDArray } from '../../lib/memory/ndarray.js'
import { PairwiseCompMatrix } from '../../lib/model/pairwise-comp-matrix.js'
import { PairwiseCompMatrixStack } from '../../lib/model/pairwise-comp-matrix-stack.js'
import { RateData } from '../../lib/model/rate-data.js'
import { RateSliceStack } from '../../lib/model/rate-slice-stack.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const zeros = (...shape: number[]) => new NDArray(new Float64Array(shape.reduce((size, axis) => size * axis, 1)), shape)
const shared = (...shape: number[]) =>
  new NDArray(new Float64Array(new SharedArrayBuffer(8 * shape.reduce((size, axis) => size * axis, 1))), shape)

type Refusal = [what: () => unknown, error: typeof TYPE | typeof VALUE, message: string]

function refuses(title: string, cases: Refusal[]): void {
  t.test(title, async (t) => {
    for (const [make, error, message] of cases) {
      t.throws(make, { ...error, message })
    }
  })
}

t.test('RateData', async (t) => {
  const rates = new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  const data = new RateData(rates, [-1, 0, 0], { neuronAttributes: [{ a: 1 }, {}], rateUnit: 'Hz' })
  t.equal(data.N, 2)
  t.strictSame(data.instFrateData, new NDArray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]))
  t.strictSame(data.times, Float64Array.of(-1, 0, 0))
  t.strictSame(data.neuronAttributes, [{ a: 1 }, {}])
  t.equal(data.rateUnit, 'Hz')

  const own = Float64Array.of(1, 2)
  const copies = new RateData(new NDArray(own, [1, 2]), own)
  t.not(copies.instFrateData.data, own)
  t.not(copies.times, own)
  t.equal(copies.neuronAttributes, null)
  t.equal(copies.rateUnit, null)
  t.equal(new RateData(zeros(0, 0), [], { rateUnit: null, neuronAttributes: null }).N, 0)
})

t.test('times of rates keep their dtype, as numpy keeps it', async (t) => {
  for (const type of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]) {
    const times = type.of(0, 1, 1)
    const data = new RateData(zeros(1, 3), times)
    t.not(data.times, times)
    t.strictSame(data.times, times)
  }
  t.strictSame(new RateData(zeros(1, 2), BigInt64Array.of(-5n, 2n ** 60n)).times, BigInt64Array.of(-5n, 2n ** 60n))
  const shared = new Uint16Array(new SharedArrayBuffer(4))
  t.strictSame(new RateData(zeros(1, 2), shared).times, new Uint16Array(2))
})

refuses('what RateData refuses', [
  [() => new RateData([[1]] as never, [1]), TYPE, 'Expected an NDArray for instFrateData but received'],
  [() => new RateData(zeros(3), [1, 2, 3]), VALUE, 'Expected units × times for instFrateData.shape but received [ 3 ].'],
  [() => new RateData(zeros(1, 1, 1), [1]), VALUE, 'Expected units × times for instFrateData.shape but received [ 1, 1, 1 ].'],
  [
    () => new RateData(zeros(2, 3), [1, 2]),
    VALUE,
    'Expected 3, one entry for each column of instFrateData, for times.length but received 2.',
  ],
  [() => new RateData(zeros(1, 1), 5 as never), TYPE, 'Expected an array of numbers for times but received 5.'],
  [() => new RateData(zeros(1, 1), ['1'] as never), TYPE, "Expected a number for entry 0 of times but received '1'."],
  [() => new RateData(zeros(1, 2), [1, NaN]), VALUE, 'Expected a finite time in ms for entry 1 of times but received NaN.'],
  [() => new RateData(zeros(1, 2), [-Infinity, 1]), VALUE, 'Expected a finite time in ms for entry 0 of times but received -Infinity.'],
  [
    () => new RateData(zeros(1, 2), BigUint64Array.of(2n, 1n)),
    VALUE,
    'Expected a time of at least 2 ms for entry 1 of times but received 1.',
  ],
  [() => new RateData(zeros(1, 3), [0, 2, 1]), VALUE, 'Expected a time of at least 2 ms for entry 2 of times but received 1.'],
  [
    () => new RateData(zeros(1, 1), [0], { neuronAttributes: [] }),
    VALUE,
    'Expected 1, one entry for each unit, for neuronAttributes.length',
  ],
  [() => new RateData(zeros(1, 1), [0], { rateUnit: 5 as never }), TYPE, 'Expected a string for rateUnit but received 5.'],
  [() => new RateData(zeros(1, 1), [0], 'Hz' as never), TYPE, "Expected an object for options but received 'Hz'."],
])

t.test('PairwiseCompMatrix', async (t) => {
  const matrix = new NDArray(Float32Array.of(1, 0.5, 0.5, 1), [2, 2])
  const labels = ['a', 7]
  const metadata = { kind: 'STTC' }
  const comparison = new PairwiseCompMatrix(matrix, { labels, metadata })
  t.equal(comparison.matrix, matrix)
  t.strictSame(comparison.labels, ['a', 7])
  t.not(comparison.labels, labels)
  t.strictSame(comparison.metadata, metadata)
  t.not(comparison.metadata, metadata)
  t.match(new PairwiseCompMatrix(zeros(0, 0)), { labels: null, metadata: {} })
  t.match(new PairwiseCompMatrix(zeros(1, 1), { labels: null, metadata: null }), { labels: null, metadata: {} })
})

refuses('what PairwiseCompMatrix refuses', [
  [() => new PairwiseCompMatrix([[1]] as never), TYPE, 'Expected an NDArray for matrix but received'],
  [() => new PairwiseCompMatrix(zeros(2, 3)), VALUE, 'Expected n × n for matrix.shape but received ['],
  [() => new PairwiseCompMatrix(zeros(4)), VALUE, 'Expected n × n for matrix.shape but received ['],
  [() => new PairwiseCompMatrix(zeros(2, 2, 1)), VALUE, 'Expected n × n for matrix.shape but received ['],
  [() => new PairwiseCompMatrix(zeros()), VALUE, 'Expected n × n for matrix.shape but received ['],
  [
    () => new PairwiseCompMatrix(shared(2, 2)),
    VALUE,
    'Expected an array on a buffer that is neither shared, resizable, frozen nor WebAssembly memory for matrix',
  ],
  [
    () => new PairwiseCompMatrix(zeros(2, 2), { labels: ['a'] }),
    VALUE,
    'Expected 2, one entry for each row, for labels.length but received 1.',
  ],
  [() => new PairwiseCompMatrix(zeros(2, 2), { labels: 'ab' as never }), TYPE, "Expected an array for labels but received 'ab'."],
  [() => new PairwiseCompMatrix(zeros(2, 2), { metadata: 5 as never }), TYPE, 'Expected a plain object for metadata but received 5.'],
])

t.test('PairwiseCompMatrixStack', async (t) => {
  const stack = zeros(2, 2, 3)
  const times = [
    [5, 6],
    [0, 9],
    [7, 7],
  ] as const
  const comparisons = new PairwiseCompMatrixStack(stack, { labels: [1, 2], times, metadata: { a: 1 } })
  t.equal(comparisons.stack, stack)
  t.strictSame(comparisons.times, times, 'in the order of the matrices, of any duration')
  t.match(comparisons, { labels: [1, 2], metadata: { a: 1 } })
  t.match(new PairwiseCompMatrixStack(zeros(2, 2, 0)), { labels: null, times: null, metadata: {} })
  t.equal(new PairwiseCompMatrixStack(stack, { times: null }).times, null)
})

refuses('what PairwiseCompMatrixStack refuses', [
  [() => new PairwiseCompMatrixStack({} as never), TYPE, 'Expected an NDArray for stack but received {}.'],
  [() => new PairwiseCompMatrixStack(zeros(2, 2)), VALUE, 'Expected n × n × S for stack.shape but received ['],
  [() => new PairwiseCompMatrixStack(zeros(2, 3, 2)), VALUE, 'Expected n × n × S for stack.shape but received ['],
  [
    () => new PairwiseCompMatrixStack(shared(2, 2, 1)),
    VALUE,
    'Expected an array on a buffer that is neither shared, resizable, frozen nor WebAssembly memory for stack',
  ],
  [() => new PairwiseCompMatrixStack(zeros(2, 2, 1), { labels: [1] }), VALUE, 'Expected 2, one entry for each row, for labels.length'],
  [
    () => new PairwiseCompMatrixStack(zeros(2, 2, 1), { times: [] }),
    VALUE,
    'Expected 1, one entry for each matrix of the stack, for times.length but received 0.',
  ],
  [() => new PairwiseCompMatrixStack(zeros(2, 2, 1), { times: [[1]] as never }), TYPE, 'Expected a [start, end] pair for entry 0 of times'],
])

t.test('RateSliceStack', async (t) => {
  const eventStack = zeros(2, 4, 3)
  const stack = new RateSliceStack(eventStack, { stepSize: 2.5, neuronAttributes: [{}, { electrode: 1 }] })
  t.equal(stack.eventStack, eventStack)
  t.strictSame(
    stack.times,
    [
      [0, 10],
      [10, 20],
      [20, 30],
    ],
    'by default one after the other',
  )
  t.equal(stack.stepSize, 2.5)
  t.strictSame(stack.neuronAttributes, [{}, { electrode: 1 }])
  t.equal(new RateSliceStack(eventStack, { stepSize: null }).stepSize, 1)
  t.match(new RateSliceStack(zeros(0, 1, 1)), { times: [[0, 1]], stepSize: 1, neuronAttributes: null })
  t.strictSame(
    new RateSliceStack(zeros(1, 1, 2), {
      times: [
        [-3, -2],
        [0, 1],
      ],
    }).times,
    [
      [-3, -2],
      [0, 1],
    ],
  )
})

refuses('what RateSliceStack refuses', [
  [() => new RateSliceStack([] as never), TYPE, 'Expected an NDArray for eventStack but received [].'],
  [() => new RateSliceStack(zeros(2, 2)), VALUE, 'Expected units × time bins × slices with at least one bin and one slice for eventStack'],
  [
    () => new RateSliceStack(zeros(2, 0, 1)),
    VALUE,
    'Expected units × time bins × slices with at least one bin and one slice for eventStack',
  ],
  [
    () => new RateSliceStack(zeros(2, 1, 0)),
    VALUE,
    'Expected units × time bins × slices with at least one bin and one slice for eventStack',
  ],
  [
    () => new RateSliceStack(shared(1, 1, 1)),
    VALUE,
    'Expected an array on a buffer that is neither shared, resizable, frozen nor WebAssembly memory for eventStack',
  ],
  [() => new RateSliceStack(zeros(1, 1, 1), { stepSize: 0 }), VALUE, 'Expected a width in ms above 0 for stepSize but received 0.'],
  [() => new RateSliceStack(zeros(1, 1, 1), { stepSize: NaN }), VALUE, 'Expected a width in ms above 0 for stepSize but received NaN.'],
  [
    () => new RateSliceStack(zeros(1, 1, 1), { stepSize: Infinity }),
    VALUE,
    'Expected a width in ms above 0 for stepSize but received Infinity.',
  ],
  [
    () => new RateSliceStack(zeros(1, 1, 1), { stepSize: '1' as never }),
    TYPE,
    "Expected a width in ms above 0 for stepSize but received '1'.",
  ],
  [
    () => new RateSliceStack(zeros(1, 1, 2), { times: [[0, 1]] }),
    VALUE,
    'Expected 2, one entry for each slice, for times.length but received 1.',
  ],
  [
    () =>
      new RateSliceStack(zeros(1, 1, 2), {
        times: [
          [0, 1],
          [1, 3],
        ],
      }),
    VALUE,
    'Expected windows of one duration (1 ms) for times',
  ],
  [
    () => new RateSliceStack(zeros(2, 1, 1), { neuronAttributes: [{}] }),
    VALUE,
    'Expected 2, one entry for each unit, for neuronAttributes.length',
  ],
])
