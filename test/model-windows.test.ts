import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { sliceWindows, timeWindows, warnOfNegativeStarts } from '../lib/model/windows.js'
import type { TimeWindow } from '../lib/model/windows.js'
import { emitAllWarnings } from './support/warnings.js'

emitAllWarnings(t)

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

/** The codes and texts of the warnings while `run` runs. */
function warningsOf(t: Test, run: () => void): { code: string; text: string }[] {
  const warnings = t.capture(process, 'emitWarning')
  run()
  return warnings().map(({ args }) => {
    const [text, options] = args as unknown as [string, { code: string }]
    return { code: options.code, text }
  })
}

t.test('windows in order stay as they are, without a warning', async (t) => {
  const given = [[0, 10], [5, 15], [20, 30 + 1e-7]]
  let windows: readonly TimeWindow[] = []
  t.strictSame(warningsOf(t, () => (windows = sliceWindows(given))), [])
  t.strictSame(windows, given)
  t.not(windows[0], given[0])
  t.ok(Object.isFrozen(windows) && windows.every(Object.isFrozen))
  t.strictSame(sliceWindows([]), [])
})

t.test('windows are put in order, with a warning', async (t) => {
  let windows: readonly TimeWindow[] = []
  const warnings = warningsOf(t, () => (windows = sliceWindows([[20, 30], [0, 10], [-5, 5]])))
  t.strictSame(windows, [[-5, 5], [0, 10], [20, 30]])
  t.match(warnings, [{ code: 'SPIKEPORT_WINDOWS_REORDERED', text: /the slices have not/ }])
  t.equal(warnings.length, 1)
})

t.test('windows without duration are worth a warning', async (t) => {
  const few = warningsOf(t, () => sliceWindows([[1, 1], [2, 2]]))
  t.match(few, [{ code: 'SPIKEPORT_WINDOWS_EMPTY', text: /are empty: \[1, 1\], \[2, 2\]\.$/ }])
  const many = warningsOf(t, () => sliceWindows(Array.from({ length: 13 }, (_, i) => [i, i])))
  t.match(many, [{ text: /\[9, 9\], and 3 more\.$/ }])
})

t.test('windows before 0 are worth a warning where they are not expected', async (t) => {
  t.strictSame(warningsOf(t, () => sliceWindows([[-5, 5]])), [])
  t.strictSame(warningsOf(t, () => warnOfNegativeStarts([[0, 10]])), [])
  t.match(warningsOf(t, () => warnOfNegativeStarts([[-5, 5], [0, 10]])), [
    { code: 'SPIKEPORT_WINDOWS_NEGATIVE', text: /centred on events: \[-5, 5\]\.$/ },
  ])
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
    t.throws(() => sliceWindows(times), { ...error, message })
  }
  t.throws(() => sliceWindows([[3, 2]]), {
    ...VALUE,
    message: 'Expected a start that is not after the end for times but received [ 3, 2 ].',
  })
  t.throws(() => sliceWindows([[0, 10], [20, 30.1]]), {
    ...VALUE,
    message: 'Expected windows of one duration (10 ms) for times but received [ 20, 30.1 ].',
  })
  t.strictSame(warningsOf(t, () => t.throws(() => sliceWindows([[5, 5], [0, 1]]), VALUE)), [], 'an error needs no warning')
  t.strictSame(timeWindows([[3, 2], [0, 10]]), [[3, 2], [0, 10]], 'windows that need not be slices may be anything')
})

t.test('property: the windows of slices ascend', async (t) => {
  const starts = fc.array(fc.integer({ min: -1000, max: 1000 }))
  t.capture(process, 'emitWarning')
  fc.assert(
    fc.property(starts, fc.integer({ min: 0, max: 50 }), (starts, duration) => {
      const windows = sliceWindows(starts.map((start) => [start, start + duration]))
      deepStrictEqual(windows, starts.toSorted((a, b) => a - b).map((start) => [start, start + duration]))
    }),
  )
})
