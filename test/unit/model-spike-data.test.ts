import { deepStrictEqual } from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { NDArray } from '../../lib/memory/ndarray.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { fc } from '../support/property.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

/** What lib.es2023 does not know yet. */
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void }

const plain = (sd: SpikeData) => sd.train.map((times) => Array.from(times))

t.test('a recording has defaults for everything but its trains', async (t) => {
  const sd = new SpikeData([[1, 2.5], [], [7]])
  t.equal(sd.N, 3)
  t.equal(sd.length, 7)
  t.equal(sd.startTime, 0)
  t.equal(sd.spikeCount, 3)
  t.equal(sd.neuronAttributes, null)
  t.strictSame(sd.metadata, {})
  t.strictSame(sd.rawData, new NDArray(new Float64Array(0), [0, 0]))
  t.strictSame(sd.rawTime, new Float64Array(0))
  t.equal(sd.rawTimeRateKHz, null)
  t.equal(sd.electrodes, null)
  t.equal(sd.unitLocations, null)
  t.strictSame(plain(sd), [[1, 2.5], [], [7]])
  t.ok(Object.isFrozen(sd.train))
  t.equal(sd.train, sd.train)
})

t.test('lengths', async (t) => {
  const cases: [title: string, train: number[][], options: object, length: number][] = [
    ['no units', [], {}, 0],
    ['no spikes', [[], []], { startTime: 5 }, 0],
    ['the last spike minus the start', [[-3, 4], [9]], { startTime: -5 }, 14],
    ['as given', [[1]], { length: 100 }, 100],
    ['null', [[1]], { length: null }, 1],
    ['0, with a spike at the start', [[5]], { startTime: 5, length: 0 }, 0],
  ]
  for (const [title, train, options, length] of cases) t.equal(new SpikeData(train, options).length, length, title)
})

t.test('N', async (t) => {
  t.strictSame(plain(new SpikeData([[1]], { N: 3 })), [[1], [], []])
  t.equal(new SpikeData([[1]], { N: 1 }).N, 1)
  t.equal(new SpikeData([], { N: 2 }).N, 2)
  t.equal(new SpikeData([[1]], { N: null }).N, 1)
  t.throws(() => new SpikeData([[1], [2]], { N: 1 }), {
    ...VALUE,
    message: 'Expected a whole number from 2, the number of trains, to 16777216 for N but received 1.',
  })
  t.throws(() => new SpikeData([], { N: 1.5 }), VALUE)
  t.throws(() => new SpikeData([], { N: 2 ** 24 + 1 }), VALUE)
  t.throws(() => new SpikeData([], { N: '3' as never }), TYPE)
})

t.test('every kind of number array', async (t) => {
  const sources = [
    [3, 5],
    Int8Array.of(3, 5),
    Uint8Array.of(3, 5),
    Uint8ClampedArray.of(3, 5),
    Buffer.from([3, 5]),
    Int16Array.of(3, 5),
    Uint16Array.of(3, 5),
    Int32Array.of(3, 5),
    Uint32Array.of(3, 5),
    BigInt64Array.of(3n, 5n),
    BigUint64Array.of(3n, 5n),
    Float32Array.of(3, 5),
    Float64Array.of(3, 5),
  ]
  for (const source of sources) t.strictSame(plain(new SpikeData([source])), [[3, 5]], source.constructor.name)
  t.strictSame(plain(new SpikeData([Float32Array.of(0.1)])), [[Math.fround(0.1)]])
})

t.test('which arrays are copied', async (t) => {
  const sorted = Float64Array.of(1, 2, 2, 3)
  t.equal(new SpikeData([sorted]).train[0], sorted, 'sorted ones are not')

  const unsorted = Float64Array.of(3, 1, 2)
  const sd = new SpikeData([[9], unsorted, sorted, [8, 7]])
  t.strictSame(plain(sd), [[9], [1, 2, 3], [1, 2, 2, 3], [7, 8]])
  t.strictSame(unsorted, Float64Array.of(3, 1, 2), "the caller's array stays as it is")
  t.not(sd.train[1]?.buffer, unsorted.buffer)

  const part = new Float64Array([0, 1, 2, 3]).subarray(1, 3)
  t.equal(new SpikeData([part]).train[0], part, 'a part of a buffer is not')

  const shared = new Float64Array(new SharedArrayBuffer(16))
  shared.set([1, 2])
  const fromShared = new SpikeData([shared])
  shared.fill(99)
  t.strictSame(plain(fromShared), [[1, 2]], 'shared ones are')

  const buffer = new ResizableBuffer(16, { maxByteLength: 32 })
  const resizable = new Float64Array(buffer)
  resizable.set([1, 2])
  const fromResizable = new SpikeData([resizable])
  buffer.resize(0)
  t.strictSame(plain(fromResizable), [[1, 2]], 'resizable ones are')
})

t.test('buffers in use cannot be transferred', async (t) => {
  const used = Float64Array.of(1, 2)
  const sd = new SpikeData([used, [3, 4], [6, 5]])
  for (const times of sd.train) {
    try {
      structuredClone(times, { transfer: [times.buffer as ArrayBuffer] })
    } catch (error) {
      t.match(error, { name: 'DataCloneError' })
    }
    t.equal(times.length, 2)
  }
})

t.test('a transferred array is no empty train', async (t) => {
  const gone = Float64Array.of(1, 2)
  structuredClone(gone, { transfer: [gone.buffer] })
  const integers = Int32Array.of(1)
  structuredClone(integers, { transfer: [integers.buffer] })
  t.throws(() => new SpikeData([[1], gone]), {
    ...VALUE,
    message: 'Expected an array whose buffer was not transferred for unit 1 but received Float64Array(0) [].',
  })
  t.throws(() => new SpikeData([integers]), VALUE)
  t.doesNotThrow(() => new SpikeData([new Float64Array(0), new Float64Array(Float64Array.of(1).buffer, 8)]))
})

t.test('what trains may not be', async (t) => {
  const sparse = [1, 2]
  delete sparse[0]
  const cases: [train: unknown, message: string][] = [
    [undefined, 'Expected an array with the spike times of each unit for train but received undefined.'],
    [Float64Array.of(1), 'Expected an array with the spike times of each unit for train but received Float64Array(1) [ 1 ].'],
    [[1, 2], 'Expected an array of numbers for unit 0 but received 1.'],
    [[[1], 'ab'], "Expected an array of numbers for unit 1 but received 'ab'."],
    [[[1], null], 'Expected an array of numbers for unit 1 but received null.'],
    [[new DataView(new ArrayBuffer(8))], 'for unit 0 but received DataView'],
    [[[1], [1, '2']], "Expected a number for entry 1 of unit 1 but received '2'."],
    [[[1n]], 'Expected a number for entry 0 of unit 0 but received 1n.'],
    [[[1], , [2]], 'Expected an array of numbers for unit 1 but received undefined.'],
    [[sparse], 'Expected a number for entry 0 of unit 0 but received undefined.'],
  ]
  for (const [train, message] of cases) {
    t.throws(() => new SpikeData(train as never), { ...TYPE, message })
  }
})

t.test('times are finite and in the window', async (t) => {
  const cases: [train: number[][], options: object, message: string][] = [
    [[[1], [2, NaN]], {}, 'Expected finite times for unit 1 but received NaN.'],
    [[[1, Infinity]], {}, 'Expected finite times for unit 0 but received Infinity.'],
    [[[-Infinity, 1]], {}, 'Expected finite times for unit 0 but received -Infinity.'],
    [[[], [3, -0.5]], {}, 'Expected times from 0 ms on (startTime) for unit 1 but received -0.5.'],
    [[[4]], { startTime: 5 }, 'Expected times from 5 ms on (startTime) for unit 0 but received 4.'],
    [[[1], [2], [3, 11]], { length: 10 }, 'Expected times up to 10 ms (startTime + length) for unit 2 but received 11.'],
    [[[-1, 6]], { startTime: -5, length: 10 }, 'Expected times up to 5 ms (startTime + length) for unit 0 but received 6.'],
    [[[1e308]], { startTime: -1e308 }, 'Expected times that span a finite length for train but received Infinity.'],
  ]
  for (const [train, options, message] of cases) t.throws(() => new SpikeData(train, options), { ...VALUE, message })
})

function argumentsOf(..._: unknown[]): unknown {
  return arguments
}

t.test('what options may not be', async (t) => {
  const cases: [options: unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    [3, TYPE, 'Expected an object for options but received 3.'],
    [{ startTime: '0' }, TYPE, "Expected a finite time in ms for startTime but received '0'."],
    [{ startTime: NaN }, VALUE, 'Expected a finite time in ms for startTime but received NaN.'],
    [{ startTime: -Infinity }, VALUE, 'Expected a finite time in ms for startTime but received -Infinity.'],
    [{ length: '9' }, TYPE, "Expected a finite length in ms of 0 or more for length but received '9'."],
    [{ length: -1 }, VALUE, 'Expected a finite length in ms of 0 or more for length but received -1.'],
    [{ length: NaN }, VALUE, 'Expected a finite length in ms of 0 or more for length but received NaN.'],
    [{ length: Infinity }, VALUE, 'Expected a finite length in ms of 0 or more for length but received Infinity.'],
    [{ metadata: [] }, TYPE, 'Expected a plain object for metadata but received [].'],
    [{ metadata: new Map() }, TYPE, 'Expected a plain object for metadata but received Map(0) {}.'],
    [{ neuronAttributes: {} }, TYPE, 'Expected an array of objects for neuronAttributes but received {}.'],
    [{ neuronAttributes: [{}] }, VALUE, 'Expected 2, one entry for each unit, for neuronAttributes.length but received 1.'],
    [{ neuronAttributes: [{}, 5] }, TYPE, 'Expected a plain object for unit 1 of neuronAttributes but received 5.'],
    [{ neuronAttributes: [{}, new Date(0)] }, TYPE, 'Expected a plain object for unit 1 of neuronAttributes but received 1970'],
    [{ metadata: Math }, TYPE, 'Expected a plain object for metadata but received Object [Math]'],
    [{ metadata: Object.create(Object.create(null)) }, TYPE, 'Expected a plain object for metadata but received'],
    [{ metadata: argumentsOf(1, 2) }, TYPE, 'Expected a plain object for metadata but received [Arguments]'],
    [{ neuronAttributes: [{}, JSON] }, TYPE, 'Expected a plain object for unit 1 of neuronAttributes but received Object [JSON]'],
    [{ neuronAttributes: [{}, {}], N: 3 }, VALUE, 'Expected 3, one entry for each unit, for neuronAttributes.length'],
  ]
  for (const [options, error, message] of cases) {
    t.throws(() => new SpikeData([[1], [2]], options as never), { ...error, message })
  }
})

t.test('attributes and metadata are lists and objects of their own', async (t) => {
  const neuronAttributes = [{ electrode: 3 }, Object.assign(Object.create(null), { electrode: 4 })]
  const metadata = { animal: 'm1' }
  const sd = new SpikeData([[1], [2]], { neuronAttributes, metadata })
  t.equal(sd.neuronAttributes?.[0], neuronAttributes[0])
  neuronAttributes.pop()
  metadata.animal = 'm2'
  t.equal(sd.neuronAttributes?.length, 2)
  t.strictSame(sd.metadata, { animal: 'm1' })
  t.ok(Object.isFrozen(sd.neuronAttributes))
  t.equal(new SpikeData([], { neuronAttributes: null, metadata: null }).neuronAttributes, null)
})

t.test('objects of every kind and realm are attributes and metadata', async (t) => {
  interface Unit {
    electrode: number
  }
  interface Animal {
    name: string
  }
  const units: Unit[] = [{ electrode: 3 }]
  const animal: Animal = { name: 'm1' }
  const sd = new SpikeData([[1]], { neuronAttributes: units, metadata: animal })
  const electrode: unknown = sd.neuronAttributes?.[0]?.['electrode']
  t.equal(electrode, 3)
  t.equal(sd.metadata['name'], 'm1')
  t.strictSame(new SpikeData([], { metadata: runInNewContext('({ a: 1 })') }).metadata, { a: 1 })
})

t.test('property: every train comes out sorted, with the times it had', async () => {
  // The order of 0 and -0 is unspecified.
  const times = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((time) => time + 0))
  fc.assert(
    fc.property(fc.array(fc.tuple(times, fc.boolean())), (units) => {
      const train = units.map(([unit, isTyped]) => (isTyped ? Float64Array.from(unit) : unit))
      const sd = new SpikeData(train, { startTime: -1e6 })
      deepStrictEqual(
        sd.train,
        units.map(([unit]) => Float64Array.from(unit).sort()),
      )
      deepStrictEqual(sd.length, Math.max(-1e6, ...units.flatMap(([unit]) => unit)) + 1e6)
      deepStrictEqual(sd.spikeCount, units.flatMap(([unit]) => unit).length)
    }),
  )
})
