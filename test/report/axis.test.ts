/**
 * The ticks of axes: round numbers, evenly spaced, within the range, for any range.
 */
import t from 'tap'
import { axisFor, tickText } from '../../lib/report/page/axis.js'
import { fc } from '../support/property.js'

t.test('ranges that recordings have', async (t) => {
  const texts = (from: number, to: number, most: number) => {
    const axis = axisFor(from, to, most)
    return axis.ticks.map((tick) => tickText(tick, axis))
  }
  t.strictSame(texts(0, 600, 6), ['0', '100', '200', '300', '400', '500', '600'])
  t.strictSame(texts(-1, 1, 4), ['−1.0', '−0.5', '0.0', '0.5', '1.0'])
  t.strictSame(texts(12.34, 12.39, 6), ['12.34', '12.35', '12.36', '12.37', '12.38', '12.39'])
  t.strictSame(texts(3, 3, 5), ['3'])
  t.strictSame(texts(0, 49, 8), ['0', '10', '20', '30', '40'])
})

t.test('any range', async () => {
  const ranges = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    fc.integer({ min: 2, max: 40 }),
  )
  fc.assert(
    fc.property(ranges, ([from, span, most]) => {
      const { ticks } = axisFor(from, from + span, most)
      const slack = span * 1e-6
      const steps = ticks.slice(1).map((tick, i) => tick - ticks[i]!)
      return (
        ticks.length <= most + 1 &&
        ticks.length >= Math.floor(most / 2.5) - 1 &&
        ticks.every((tick) => tick >= from - slack && tick <= from + span + slack) &&
        steps.every((step) => Math.abs(step - steps[0]!) <= slack)
      )
    }),
  )
})

t.test('numbers that do not grow by a step', async (t) => {
  t.ok(axisFor(1e18, 1e18 + 128, 10).ticks.length <= 11)
  t.ok(axisFor(0, Number.MIN_VALUE, 4).ticks.length <= 5)
  t.ok(axisFor(0, Number.MAX_VALUE, 4).ticks.length <= 5)
})
