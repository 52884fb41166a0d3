import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import type { ExportWarning } from '../../lib/engine/warnings.js'
import { NDArray } from '../../lib/memory/ndarray.js'
import { RateSliceStack } from '../../lib/model/rate-slice-stack.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { SpikeSliceStack } from '../../lib/model/spike-slice-stack.js'
import type { TimeWindow } from '../../lib/recording/windows.js'
import * as windowSteps from '../../lib/recording/windows.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'
import { emitAllWarnings } from '../support/warnings.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const timeWindows = (times: unknown) => atOnce(windowSteps.timeWindows(times))
const sliceWindows = (times: unknown, warnings: ExportWarning[]) => atOnce(windowSteps.sliceWindows(times, warnings))
const addNegativeStarts = (warnings: ExportWarning[], windows: readonly TimeWindow[]) =>
  atOnce(windowSteps.addNegativeStarts(warnings, windows))

/** The warnings that `run` adds. */
function warningsOf(run: (warnings: ExportWarning[]) => void): ExportWarning[] {
  const warnings: ExportWarning[] = []
  run(warnings)
  return warnings
}

t.test('windows in order stay as they are, without a warning', async (t) => {
  const given = [
    [0, 10],
    [5, 15],
    [20, 30 + 1e-7],
  ]
  let windows: readonly TimeWindow[] = []
  t.strictSame(
    warningsOf((warnings) => (windows = sliceWindows(given, warnings))),
    [],
  )
  t.strictSame(windows, given)
  t.not(windows[0], given[0])
  t.ok(Object.isFrozen(windows) && windows.every(Object.isFrozen))
  t.strictSame(sliceWindows([], []), [])
})

t.test('windows are put in order, with a warning', async (t) => {
  let windows: readonly TimeWindow[] = []
  const warnings = warningsOf(
    (warnings) =>
      (windows = sliceWindows(
        [
          [20, 30],
          [0, 10],
          [-5, 5],
        ],
        warnings,
      )),
  )
  t.strictSame(windows, [
    [-5, 5],
    [0, 10],
    [20, 30],
  ])
  t.match(warnings, [{ code: 'SPIKEPORT_WINDOWS_REORDERED', message: /the slices have not/ }])
  t.equal(warnings.length, 1)
})

t.test('windows without duration are worth a warning', async (t) => {
  const few = warningsOf((warnings) =>
    sliceWindows(
      [
        [1, 1],
        [2, 2],
      ],
      warnings,
    ),
  )
  t.match(few, [{ code: 'SPIKEPORT_WINDOWS_EMPTY', message: /are empty: \[1, 1\], \[2, 2\]\.$/ }])
  const many = warningsOf((warnings) =>
    sliceWindows(
      Array.from({ length: 13 }, (_, i) => [i, i]),
      warnings,
    ),
  )
  t.match(many, [{ message: /\[9, 9\] and 3 more\.$/ }])
})

t.test('windows before 0 are worth a warning where they are not expected', async (t) => {
  t.strictSame(
    warningsOf((warnings) => sliceWindows([[-5, 5]], warnings)),
    [],
  )
  t.strictSame(
    warningsOf((warnings) => addNegativeStarts(warnings, [[0, 10]])),
    [],
  )
  t.match(
    warningsOf((warnings) =>
      addNegativeStarts(warnings, [
        [-5, 5],
        [0, 10],
      ]),
    ),
    [{ code: 'SPIKEPORT_WINDOWS_NEGATIVE', message: /centred on events: \[-5, 5\]\.$/ }],
  )
})

t.test('what windows may not be', async (t) => {
  const cases: [times: unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    [5, TYPE, 'Expected an array of [start, end] pairs for times but received 5.'],
    [[5], TYPE, 'Expected a [start, end] pair for entry 0 of times but received 5.'],
    [[[0, 1], [2]], TYPE, 'Expected a [start, end] pair for entry 1 of times but received [ 2 ].'],
    [[[0, 1, 2]], TYPE, 'Expected a [start, end] pair for entry 0 of times but received [ 0, 1, 2 ].'],
    [[['0', 1]], TYPE, "Expected a [start, end] pair of numbers for entry 0 of times but received [ '0', 1 ]."],
    [[[0, NaN]], VALUE, 'Expected finite times in ms for entry 0 of times but received [ 0, NaN ].'],
    [[[0, Infinity]], VALUE, 'Expected finite times in ms for entry 0 of times but received [ 0, Infinity ].'],
  ]
  for (const [times, error, message] of cases) {
    t.throws(() => timeWindows(times), { ...error, message })
    t.throws(() => sliceWindows(times, []), { ...error, message })
  }
  t.throws(() => sliceWindows([[3, 2]], []), {
    ...VALUE,
    message: 'Expected a start that is not after the end for times but received [ 3, 2 ].',
  })
  t.throws(
    () =>
      sliceWindows(
        [
          [0, 10],
          [20, 30.1],
        ],
        [],
      ),
    {
      ...VALUE,
      message: 'Expected windows of one duration (10 ms) for times but received [ 20, 30.1 ].',
    },
  )
  t.strictSame(
    warningsOf((warnings) =>
      t.throws(
        () =>
          sliceWindows(
            [
              [5, 5],
              [0, 1],
            ],
            warnings,
          ),
        VALUE,
      ),
    ),
    [],
    'an error needs no warning',
  )
  t.strictSame(
    timeWindows([
      [3, 2],
      [0, 10],
    ]),
    [
      [3, 2],
      [0, 10],
    ],
    'windows that need not be slices may be anything',
  )
})

t.test('a stack that is refused warns of nothing, and one that is made of each', async (t) => {
  emitAllWarnings(t)
  const warnings = t.capture(process, 'emitWarning')
  const codes = () => warnings().map(({ args }) => (args as unknown as [string, { code: string }])[1].code)
  const slice = new SpikeData([[1]], { length: 2 })
  const rates = new NDArray(new Float64Array(2), [1, 1, 2])
  const stacks = [
    { make: (options: object) => new SpikeSliceStack([slice, slice], options), negative: ['SPIKEPORT_WINDOWS_NEGATIVE'] },
    { make: (options: object) => new RateSliceStack(rates, options), negative: [] },
  ]
  for (const { make, negative } of stacks) {
    t.throws(
      () =>
        make({
          times: [
            [3, 3],
            [0, 0],
            [-2, -2],
          ],
        }),
      { message: /times/ },
    )
    t.throws(
      () =>
        make({
          times: [
            [0, 0],
            [-2, -2],
          ],
          neuronAttributes: [{}, {}],
        }),
      { message: /neuronAttributes/ },
    )
    t.strictSame(codes(), [])
    make({
      times: [
        [0, 0],
        [-2, -2],
      ],
    })
    t.strictSame(codes(), ['SPIKEPORT_WINDOWS_REORDERED', 'SPIKEPORT_WINDOWS_EMPTY', ...negative])
  }
})

t.test('property: the windows of slices ascend', async () => {
  const starts = fc.array(fc.integer({ min: -1000, max: 1000 }))
  fc.assert(
    fc.property(starts, fc.integer({ min: 0, max: 50 }), (starts, duration) => {
      const windows = sliceWindows(
        starts.map((start) => [start, start + duration]),
        [],
      )
      deepStrictEqual(
        windows,
        starts.toSorted((a, b) => a - b).map((start) => [start, start + duration]),
      )
    }),
  )
})
