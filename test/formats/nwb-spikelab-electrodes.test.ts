/**
 * The electrode table of the profile 'spikelab', without the file.
 */
import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { electrodeTable } from '../../lib/formats/nwb/spikelab-electrodes.js'
import { NDArray } from '../../lib/memory/ndarray.js'
import { atOnce } from '../../lib/steps.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { fc } from '../support/property.js'

/** The ids and the x of each row, where a unit's x is its number. */
function rows(electrodes: BigInt64Array | Float64Array): { ids: unknown; x: unknown } {
  const locations = new NDArray(Float64Array.from(electrodes.keys()), [electrodes.length, 1])
  const columns = Object.fromEntries(atOnce(electrodeTable(electrodes, locations)))
  return { ids: (columns['id'] as { data?: unknown }).data, x: (columns['x'] as { data?: unknown }).data }
}

/** The same rule in a simpler form. */
function expectedRows(electrodes: readonly bigint[]): { ids: BigInt64Array; x: Float64Array } {
  const ids = BigInt64Array.from(new Set(electrodes)).sort()
  return { ids, x: Float64Array.from(ids, (id) => electrodes.indexOf(id)) }
}

t.test('property: each electrode once, ascending, at its first unit', async () => {
  const id = fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  fc.assert(
    fc.property(fc.array(id, { minLength: 1 }), (electrodes) => {
      deepStrictEqual(rows(BigInt64Array.from(electrodes)), expectedRows(electrodes))
    }),
  )
})

t.test('property: fractions are cut off', async () => {
  const electrode = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(-(2 ** 63), 2 ** 62))
  fc.assert(
    fc.property(fc.array(electrode, { minLength: 1 }), (electrodes) => {
      deepStrictEqual(rows(Float64Array.from(electrodes)), expectedRows(electrodes.map((value) => BigInt(Math.trunc(value)))))
    }),
  )
})

t.test('electrodes beyond int64', async (t) => {
  for (const electrode of [2 ** 63, -(2 ** 64), Infinity, NaN]) {
    t.throws(() => rows(Float64Array.of(0.5, electrode)), { ...VALUE_ERROR, message: /fits int64 for the electrode of unit 1 but/ })
  }
})
