import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { NDArray } from '../../lib/memory/ndarray.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { fc } from '../support/property.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const withAttributes = (...neuronAttributes: Record<string, unknown>[]) =>
  new SpikeData(
    neuronAttributes.map(() => []),
    { neuronAttributes },
  )

t.test('electrodes', async (t) => {
  const cases: [title: string, attributes: Record<string, unknown>[], electrodes: unknown][] = [
    ['no units', [], null],
    ['whole numbers', [{ electrode: 3 }, { electrode: 5 }], BigInt64Array.of(3n, 5n)],
    ['big integers', [{ electrode: 3n }, { electrode: 2n ** 60n }], BigInt64Array.of(3n, 2n ** 60n)],
    ['fractions', [{ electrode: 3 }, { electrode: 0.5 }, { electrode: 4 }], Float64Array.of(3, 0.5, 4)],
    ['NaN', [{ electrode: NaN }], Float64Array.of(NaN)],
    ['past int64', [{ electrode: 2n ** 64n }], Float64Array.of(2 ** 64)],
    ['past the safe integers', [{ electrode: 2 ** 53 }], Float64Array.of(2 ** 53)],
    ['electrode before channel', [{ ch: 1, channel: 2, electrode: 3 }], BigInt64Array.of(3n)],
    ['channel before ch', [{ ch: 1, channel: 2 }, { ch: 1 }], BigInt64Array.of(2n, 1n)],
    ['a unit without', [{ electrode: 1 }, {}], null],
    ['null counts as missing', [{ electrode: null, ch: 4 }], BigInt64Array.of(4n)],
    ['undefined as well', [{ electrode: undefined, channel: undefined, ch: 5 }], BigInt64Array.of(5n)],
    ['zero', [{ electrode: 0, ch: 9 }], BigInt64Array.of(0n)],
  ]
  for (const [title, attributes, electrodes] of cases) t.strictSame(withAttributes(...attributes).electrodes, electrodes, title)
  t.equal(new SpikeData([[1]]).electrodes, null)
  t.throws(() => withAttributes({ electrode: 1 }, { ch: 'A12' }).electrodes, {
    ...TYPE,
    message: "Expected a number for the electrode of unit 1 but received 'A12'.",
  })
})

t.test('locations', async (t) => {
  const floats = (...rows: number[][]) => new NDArray(Float64Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0])
  const cases: [title: string, attributes: Record<string, unknown>[], locations: unknown][] = [
    ['no units', [], null],
    ['location', [{ location: [1, 2] }, { location: Int16Array.of(3, 4) }], floats([1, 2], [3, 4])],
    ['an NDArray', [{ location: new NDArray(Float32Array.of(1.5, 2), [2]) }], floats([1.5, 2])],
    ['x and y', [{ x: 1, y: 2 }], floats([1, 2])],
    ['x, y and z', [{ x: 1, y: 2, z: 3 }], floats([1, 2, 3])],
    ['z that is null', [{ x: 1, y: 2, z: null }], floats([1, 2])],
    ['position', [{ position: [1, 2, 3] }, { x: 1, position: [4, 5, 6] }], floats([1, 2, 3], [4, 5, 6])],
    ['location before x, y before position', [{ location: [1], x: 2, y: 3 }, { location: [4] }], floats([1], [4])],
    ['x, y before position', [{ x: 2, y: 3, position: [9, 9] }], floats([2, 3])],
    ['NaN stays', [{ x: NaN, y: 3 }], floats([NaN, 3])],
    ['x alone', [{ x: 1 }], null],
    ['a unit without', [{ location: [1, 2] }, {}], null],
  ]
  for (const [title, attributes, locations] of cases) t.strictSame(withAttributes(...attributes).unitLocations, locations, title)
  t.equal(new SpikeData([[1]]).unitLocations, null)
})

t.test('what locations may not be', async (t) => {
  const cases: [attributes: Record<string, unknown>[], error: typeof TYPE | typeof VALUE, message: string][] = [
    [[{ location: [1, 2] }, { location: [3] }], VALUE, 'Expected 2 coordinates, as unit 0 has, for the location of unit 1'],
    [
      [
        { x: 1, y: 2 },
        { x: 1, y: 2, z: 3 },
      ],
      VALUE,
      'for the location of unit 1 but received [ 1, 2, 3 ].',
    ],
    [[{ location: [] }], VALUE, 'Expected at least one coordinate for the location of unit 0'],
    [[{ location: 5 }], TYPE, 'Expected an array of numbers for the location of unit 0 but received 5.'],
    [[{ x: 1, y: '2' }], TYPE, "Expected a number for entry 1 of the location of unit 0 but received '2'."],
  ]
  for (const [attributes, error, message] of cases) {
    t.throws(() => withAttributes(...attributes).unitLocations, { ...error, message })
  }
})

t.test('an attribute is not taken away from its owner', async (t) => {
  const location = Float64Array.of(1, 2)
  t.not(withAttributes({ location }).unitLocations?.data.buffer, location.buffer)
  structuredClone(location, { transfer: [location.buffer] })
  t.equal(location.length, 0)
})

t.test('property: locations come back row by row', async () => {
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((dimensions) =>
      fc.array(fc.array(fc.double({ noNaN: true }), { minLength: dimensions, maxLength: dimensions }), { minLength: 1 }),
    )
  fc.assert(
    fc.property(table, (rows) => {
      const locations = withAttributes(...rows.map((location) => ({ location }))).unitLocations
      deepStrictEqual(locations?.shape, [rows.length, rows[0]?.length])
      deepStrictEqual(locations?.data, Float64Array.from(rows.flat()))
    }),
    { numRuns: 50 },
  )
})
