import t from 'tap'
import { SpikeData } from '../../lib/model/spike-data.js'
import { SpikeSliceStack } from '../../lib/model/spike-slice-stack.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const slice = (length: number, startTime = 0, N = 2) => new SpikeData([[startTime + 1]], { length, startTime, N })

t.test('defaults', async (t) => {
  const slices = [slice(10), slice(5.5), slice(10)]
  const stack = new SpikeSliceStack(slices)
  t.equal(stack.N, 2)
  t.strictSame(stack.times, [
    [0, 10],
    [10, 15.5],
    [15.5, 25.5],
  ])
  t.equal(stack.neuronAttributes, null)
  t.equal(stack.spikeStack[1], slices[1])
  t.not(stack.spikeStack, slices)
  t.ok(Object.isFrozen(stack.spikeStack) && Object.isFrozen(stack.times))
})

t.test('attributes belong to the stack', async (t) => {
  const withAttributes = new SpikeData([[1]], { neuronAttributes: [{ electrode: 1 }] })
  t.equal(new SpikeSliceStack([withAttributes]).neuronAttributes, null)
  t.strictSame(new SpikeSliceStack([withAttributes], { neuronAttributes: [{ ch: 2 }] }).neuronAttributes, [{ ch: 2 }])
})

t.test('windows', async (t) => {
  const warnings = t.capture(process, 'emitWarning')
  const codes = () => warnings().map(({ args }) => (args as unknown as [string, { code: string }])[1].code)

  t.strictSame(
    new SpikeSliceStack([slice(5), slice(5)], {
      times: [
        [100, 110],
        [200, 210],
      ],
    }).times,
    [
      [100, 110],
      [200, 210],
    ],
  )
  t.strictSame(codes(), [], 'a window may be longer than its slice')

  const slices = [slice(5), slice(6)]
  const stack = new SpikeSliceStack(slices, {
    times: [
      [20, 30],
      [0, 10],
    ],
  })
  t.strictSame(stack.times, [
    [0, 10],
    [20, 30],
  ])
  t.strictSame(stack.spikeStack, slices, 'only the windows are put in order')
  t.strictSame(codes(), ['SPIKEPORT_WINDOWS_REORDERED'])

  new SpikeSliceStack([slice(5)], { times: [[-5, 5]] })
  t.strictSame(codes(), ['SPIKEPORT_WINDOWS_NEGATIVE'])
  new SpikeSliceStack([slice(5, -2)], { times: [[-5, 5]] })
  t.strictSame(codes(), [], 'event-centred slices may start before 0')
})

t.test('what SpikeSliceStack refuses', async (t) => {
  const cases: [what: () => unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    [() => new SpikeSliceStack(slice(1) as never), TYPE, 'Expected an array of SpikeData for spikeStack but received'],
    [() => new SpikeSliceStack([]), VALUE, 'Expected at least one slice for spikeStack but received [].'],
    [() => new SpikeSliceStack([slice(1), {} as never]), TYPE, 'Expected a SpikeData for entry 1 of spikeStack but received {}.'],
    [
      () => new SpikeSliceStack([slice(1), slice(1, 0, 3)]),
      VALUE,
      'Expected 2 units, as entry 0 has, for entry 1 of spikeStack but received 3.',
    ],
    [
      () => new SpikeSliceStack([slice(1), slice(1, -5)]),
      VALUE,
      'Expected a startTime of 0 ms, as entry 0 has, for entry 1 of spikeStack but received -5.',
    ],
    [() => new SpikeSliceStack([slice(1)], { times: [] }), VALUE, 'Expected 1, one entry for each slice, for times.length but received 0.'],
    [() => new SpikeSliceStack([slice(1)], { times: [[2, 1]] }), VALUE, 'Expected a start that is not after the end for times'],
    [
      () => new SpikeSliceStack([slice(1)], { neuronAttributes: [{}] }),
      VALUE,
      'Expected 2, one entry for each unit, for neuronAttributes.length',
    ],
    [() => new SpikeSliceStack([slice(1)], 5 as never), TYPE, 'Expected an object for options but received 5.'],
  ]
  for (const [make, error, message] of cases) {
    t.throws(make, { ...error, message })
  }
})
