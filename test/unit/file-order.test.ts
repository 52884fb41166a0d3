/**
 * The order in which long bytes of a pickle are read.
 */
import t from 'tap'
import { inFileOrder } from '../../lib/formats/pickle/reading/file-order.js'
import { atOnce } from '../../lib/steps.js'
import { fc } from '../support/property.js'

t.test('as a sort that keeps the order of equal ones', async (t) => {
  const pairs = fc.array(fc.tuple(fc.nat(20), fc.nat()))
  fc.assert(
    fc.property(pairs, (given) => {
      const expected = [...given].sort(([a], [b]) => a - b)
      t.strictSame(atOnce(inFileOrder(given, ([position]) => position)), expected)
    }),
  )
  t.strictSame(atOnce(inFileOrder([], Number)), [])
})
