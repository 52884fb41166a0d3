import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import { addon } from '../../lib/engine/native.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { fc } from '../support/property.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const plain = (sd: SpikeData) => sd.train.map((times) => Array.from(times))

t.test('fromFlat', async (t) => {
  const times = Float64Array.of(1, 2, 3, 9, 8)
  for (const index of [[2, 2, 5], Float64Array.of(2, 2, 5), Uint32Array.of(2, 2, 5), BigInt64Array.of(2n, 2n, 5n)]) {
    t.strictSame(plain(SpikeData.fromFlat(times, index)), [[1, 2], [], [3, 8, 9]], index.constructor.name)
  }
  const options = { N: 3, startTime: 1, length: 20, metadata: { a: 1 }, neuronAttributes: [{}, {}, {}] }
  const sd = SpikeData.fromFlat(times, [2, 5], options)
  t.equal(sd.train[0]?.buffer, times.buffer, 'no copy of units in order')
  t.not(sd.train[1]?.buffer, times.buffer)
  t.strictSame(times, Float64Array.of(1, 2, 3, 9, 8))
  t.match(sd, { N: 3, startTime: 1, length: 20, spikeCount: 5, metadata: { a: 1 } })
  t.equal(sd.train[2]?.length, 0)
  t.equal(SpikeData.fromFlat(new Float64Array(0), []).N, 0)
  t.strictSame(plain(SpikeData.fromFlat(new Float64Array(0), [0, 0])), [[], []])
  t.strictSame(plain(SpikeData.fromFlat(Int32Array.of(4, 5), [2])), [[4, 5]])
})

t.test('what fromFlat refuses', async (t) => {
  const transferred = Float64Array.of(1)
  structuredClone(0, { transfer: [transferred.buffer] })
  const cases: [times: unknown, index: unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    ['x', [1], TYPE, "Expected an array of numbers for times but received 'x'."],
    [[1], 'x', TYPE, "Expected an array of numbers for index but received 'x'."],
    [[1], ['1'], TYPE, "Expected a number for entry 0 of index but received '1'."],
    [[1, 2], [2, 1], VALUE, 'Expected a whole number from 2 to 2 for entry 1 of index but received 1.'],
    [[1, 2], [-1, 2], VALUE, 'Expected a whole number from 0 to 2 for entry 0 of index but received -1.'],
    [[1, 2], [3], VALUE, 'Expected a whole number from 0 to 2 for entry 0 of index but received 3.'],
    [[1, 2], [0.5, 2], VALUE, 'Expected a whole number from 0 to 2 for entry 0 of index but received 0.5.'],
    [[1, 2], [NaN], VALUE, 'Expected a whole number from 0 to 2 for entry 0 of index but received NaN.'],
    [[1, 2], [1], VALUE, 'Expected 2, the number of times, for the last entry of index but received 1.'],
    [[1, 2], [], VALUE, 'Expected 2, the number of times, for the last entry of index but received 0.'],
    [[], transferred, VALUE, 'Expected an array whose buffer was not transferred for index but received Float64Array(0) [].'],
    [[1, NaN], [1, 2], VALUE, 'Expected finite times for unit 1 but received NaN.'],
  ]
  for (const [times, index, error, message] of cases) {
    t.throws(() => SpikeData.fromFlat(times as never, index as never), { ...error, message })
  }
  t.throws(() => SpikeData.fromFlat([1], [1], { N: 0 }), VALUE)
})

t.test('fromIdcesTimes', async (t) => {
  const times = [5, 1, 4, 2]
  for (const idces of [[2, 0, 0, 2], Int32Array.of(2, 0, 0, 2), BigInt64Array.of(2n, 0n, 0n, 2n), Float64Array.of(2, 0, 0, 2)]) {
    t.strictSame(plain(SpikeData.fromIdcesTimes(idces, times)), [[1, 4], [], [2, 5]], idces.constructor.name)
  }
  t.strictSame(plain(SpikeData.fromIdcesTimes([0], Float32Array.of(1.5), { N: 2, length: 3 })), [[1.5], []])
  const empty = SpikeData.fromIdcesTimes([], [])
  t.match(empty, { N: 0, length: 0 })
  t.equal(SpikeData.fromIdcesTimes([1], [1], { N: null }).N, 2)
  t.match(SpikeData.fromIdcesTimes([], [], { N: 2, length: 7 }), { N: 2, length: 7 })
})

t.test('unit numbers that another thread may change are copied before native code reads them', async (t) => {
  const shared = Int32Array.from([1, 0, 1])
  const idces = new Int32Array(new SharedArrayBuffer(shared.byteLength))
  idces.set(shared)
  const { splitByUnit } = addon
  t.teardown(() => (addon.splitByUnit = splitByUnit))
  let given: unknown
  addon.splitByUnit = (units, ...rest) => splitByUnit((given = units), ...rest)
  t.strictSame(plain(SpikeData.fromIdcesTimes(idces, [1, 2, 3])), [[2], [1, 3]])
  t.strictSame(given, Float64Array.of(1, 0, 1))
  SpikeData.fromIdcesTimes(shared, [1, 2, 3])
  t.equal(given, shared)
})

t.test('what fromIdcesTimes refuses', async (t) => {
  type Refusal = [idces: unknown, times: unknown, options: object | undefined, error: typeof TYPE | typeof VALUE, message: string]
  const cases: Refusal[] = [
    ['x', [1], undefined, TYPE, "Expected an array of numbers for idces but received 'x'."],
    [[1], 'x', undefined, TYPE, "Expected an array of numbers for times but received 'x'."],
    [['0'], [1], undefined, TYPE, "Expected a number for entry 0 of idces but received '0'."],
    [[0, 0], [1], undefined, VALUE, 'Expected 2, the length of idces, for times.length but received 1.'],
    [[0, -1], [1, 2], undefined, VALUE, 'Expected a whole unit number of 0 or more for entry 1 of idces but received -1.'],
    [[0, 0.5], [1, 2], undefined, VALUE, 'Expected a whole unit number of 0 or more for entry 1 of idces but received 0.5.'],
    [[NaN], [1], undefined, VALUE, 'Expected a whole unit number of 0 or more for entry 0 of idces but received NaN.'],
    [[0, 3], [1, 2], { N: 3 }, VALUE, 'Expected a whole unit number from 0 to 2, as N is 3, for entry 1 of idces but received 3.'],
    [BigInt64Array.of(-1n), [1], { N: 3 }, VALUE, 'a whole unit number from 0 to 2, as N is 3, for entry 0 of idces but received -1.'],
    [[0], [1], { N: 0 }, VALUE, 'Expected no entry, as N is 0, for entry 0 of idces but received 0.'],
    [[1e12], [1], undefined, VALUE, 'Expected unit numbers from 0 to 16777215 for idces but received 1000000000000.'],
    [[0], [1], { N: -1 }, VALUE, 'Expected a whole number from 0 to 16777216 for N but received -1.'],
    [[0], [1], { N: '1' }, TYPE, "Expected a whole number from 0 to 16777216 for N but received '1'."],
    [[0], [-1], undefined, VALUE, 'Expected times from 0 ms on (startTime) for unit 0 but received -1.'],
  ]
  for (const [idces, times, options, error, message] of cases) {
    t.throws(() => SpikeData.fromIdcesTimes(idces as never, times as never, options), { ...error, message })
  }
  t.throws(() => SpikeData.fromIdcesTimes([0], [1], 5 as never), TYPE)
})

t.test('create does what the constructor does', async (t) => {
  const train = [[3, 1], Float64Array.of(1, 2), Int16Array.of(4), []]
  const options = { N: 5, length: 10, startTime: -2, metadata: { a: 1 }, neuronAttributes: [{}, {}, {}, {}, { electrode: 1 }] }
  t.strictSame(await SpikeData.create(train, options), new SpikeData(train, options))
  t.strictSame(plain(await SpikeData.create(train)), plain(new SpikeData(train)))
  t.equal((await SpikeData.create(train)).train[1], train[1])
})

t.test('create rejects where the constructor throws', async (t) => {
  await t.rejects(SpikeData.create(5 as never), TYPE)
  await t.rejects(SpikeData.create([[1], [NaN]]), { ...VALUE, message: /unit 1 but received NaN/ })
  await t.rejects(SpikeData.create([[1, null as never]]), { ...TYPE, message: /entry 1 of unit 0 but received null/ })
  await t.rejects(SpikeData.create([[1]], { N: 0 }), VALUE)
})

t.test('create takes the trains there were when it was called', async (t) => {
  const train = Array.from({ length: 3 }, () => Array.from({ length: 300_000 }, (_, i) => i))
  const promise = SpikeData.create(train)
  train.length = 0
  t.equal((await promise).N, 3)
})

t.test('also a subclass makes a plain SpikeData', async (t) => {
  class Session extends SpikeData {}
  t.ok(new Session([]) instanceof Session)
  t.notOk(Session.fromFlat([], []) instanceof Session)
})

t.test('property: all sources make the same recording', async () => {
  const trains = fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true })))
  await fc.assert(
    fc.asyncProperty(trains, async (train) => {
      const expected = plain(new SpikeData(train))
      let end = 0
      const flat = SpikeData.fromFlat(
        Float64Array.from(train.flat()),
        train.map((times) => (end += times.length)),
      )
      const idces = train.flatMap((times, unit) => times.map(() => unit))
      deepStrictEqual(plain(flat), expected)
      deepStrictEqual(plain(SpikeData.fromIdcesTimes(idces, train.flat(), { N: train.length })), expected)
      deepStrictEqual(plain(await SpikeData.create(train)), expected)
    }),
    { numRuns: 50 },
  )
})
