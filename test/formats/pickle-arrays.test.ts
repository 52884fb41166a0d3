import { deepStrictEqual } from 'node:assert/strict'
import t from 'tap'
import type { Segment } from '../../lib/engine/plan/byte-segments.js'
import type { PickleProtocol } from '../../lib/formats/pickle/output.js'
import { pickle } from '../../lib/formats/pickle/pickler.js'
import { SourceArray, TrainList } from '../../lib/formats/pickle/values.js'
import { NDArray } from '../../lib/memory/ndarray.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { atOnce } from '../../lib/steps.js'
import { foundArray, foundTrains } from '../support/numpy.js'
import { knownTrains, render } from '../support/segments.js'
import { unpickle } from '../support/unpickle.js'

/** ES2024, which Node has and this TypeScript target has not. */
interface ResizableBuffer extends ArrayBuffer {
  resize(length: number): void
}

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

function segmentsOf(value: unknown, protocol: PickleProtocol): Segment[] {
  return atOnce(pickle(value, protocol))
}

/** What is read back, in each protocol. */
function found(value: unknown): unknown[] {
  return PROTOCOLS.map((protocol) => {
    const result = unpickle(render(segmentsOf(value, protocol)))
    if (result.protocol > protocol) throw new Error(`Protocol ${protocol} uses an opcode of ${result.protocol}.`)
    return result.value
  })
}

function bytesOf(array: NumericArray): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

/** Every byte, in an order that has all neighbours of interest. */
function everyByte(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i * 7)
}

t.test('every dtype, small and large', async (t) => {
  for (const length of [0, 24, 80_000]) {
    const { buffer } = everyByte(length)
    const arrays: [NumericArray, string][] = [
      [new Int8Array(buffer), '|i1'],
      [new Uint8Array(buffer), '|u1'],
      [new Uint8ClampedArray(buffer), '|u1'],
      [new Int16Array(buffer), '<i2'],
      [new Uint16Array(buffer), '<u2'],
      [new Int32Array(buffer), '<i4'],
      [new Uint32Array(buffer), '<u4'],
      [new BigInt64Array(buffer), '<i8'],
      [new BigUint64Array(buffer), '<u8'],
      [new Float32Array(buffer), '<f4'],
      [new Float64Array(buffer), '<f8'],
    ]
    for (const value of found(arrays.map(([array]) => array))) {
      deepStrictEqual(
        (value as unknown[]).map(foundArray),
        arrays.map(([array, dtype]) => {
          return { dtype, shape: [array.length], bytes: bytesOf(array) }
        }),
      )
    }
  }
  t.pass()
})

t.test('shapes', async (t) => {
  for (const shape of [[], [6], [2, 3], [1, 0, 7], [70_000, 2]]) {
    const data = new Float32Array(shape.reduce((product, axis) => product * axis, 1)).fill(1.5)
    const wanted = { dtype: '<f4', shape, bytes: bytesOf(data) }
    for (const value of found(new NDArray(data, shape))) t.same(foundArray(value), wanted)
  }
})

t.test('views are written from where they begin', async (t) => {
  const view = new Int16Array(everyByte(100).buffer, 10, 4)
  for (const value of found(view)) t.same(foundArray(value).bytes, bytesOf(view))
})

t.test('an array that appears twice is one; arrays on the same bytes are two', async (t) => {
  for (const length of [3, 10_000]) {
    const array = new Float64Array(length)
    for (const value of found([array, array, new Float64Array(array.buffer)])) {
      const [first, second, third] = value as unknown[]
      t.equal(second, first)
      t.not(third, first)
      t.not(foundArray(third).bytes, foundArray(first).bytes)
    }
  }
})

t.test('large arrays are left to native code, small ones are copied', async (t) => {
  const small = new Float64Array(4096)
  const large = new Float64Array(4097)
  const segments = segmentsOf([small, large], 5)
  small.fill(1)
  t.same(
    segments.map(({ segment }) => segment),
    ['bytes', 'sourceByteLength', 'sourceData', 'bytes'],
  )
  const source = { kind: 'array', data: large, shape: [4097] }
  t.match(segments[1], { source, encoding: 'u64', transcoding: undefined })
  t.match(segments[2], { source, transcoding: undefined })
  t.ok(foundArray((unpickle(render(segments)).value as unknown[])[0]).bytes.every((byte) => byte === 0))
})

t.test('how bytes reach the file', async (t) => {
  const length = (transcoding: string | undefined, encoding: string) => ({ segment: 'sourceByteLength', transcoding, encoding })
  const data = (transcoding: string | undefined) => ({ segment: 'sourceData', transcoding })
  const table = [
    [data('rawUnicodeEscape')],
    [length('utf8', 'u32'), data('utf8')],
    [length('utf8', 'u32'), data('utf8')],
    [length(undefined, 'u32'), data(undefined)],
    [length(undefined, 'u64'), data(undefined)],
    [length(undefined, 'u64'), data(undefined)],
  ]
  for (const protocol of PROTOCOLS) {
    const [, ...segments] = segmentsOf(new Uint8Array(40_000), protocol)
    t.match(segments, [...table[protocol]!, { segment: 'bytes' }])
  }
})

t.test('many small arrays make few segments', async (t) => {
  const arrays = Array.from({ length: 20_000 }, () => new Float32Array(100))
  t.ok(segmentsOf(arrays, 5).length < 20)
  t.ok(segmentsOf(arrays, 0).length < 20)
})

t.test('arrays that native code makes', async (t) => {
  const source = { kind: 'sampleTimes', count: 7, rateKHz: 3, time: { to: 'ms' } } as const
  const times = Float64Array.from({ length: 7 }, (_, i) => i / 3)
  for (const value of found(new SourceArray(source, '<f8', [7]))) {
    t.same(foundArray(value), { dtype: '<f8', shape: [7], bytes: bytesOf(times) })
  }
})

t.test('trains are one segment, however many units there are', async (t) => {
  const arrays = [[], [1, 2.5], [], [-3, 10 / 13, Math.PI, 1e300]].map((times) => Float64Array.from(times))
  const trains = new TrainList(knownTrains(arrays))
  for (const value of found([trains, trains, new Float64Array(2)])) {
    const [first, second, array] = value as unknown[]
    t.same(
      foundTrains(first),
      arrays.map((times) => [...times]),
    )
    t.equal(second, first)
    t.same(foundArray(array).shape, [2])
  }
  for (const protocol of PROTOCOLS) {
    t.same(
      segmentsOf(trains, protocol).map(({ segment }) => segment),
      ['bytes', 'repeat', 'bytes'],
    )
  }
  for (const value of found(new TrainList(knownTrains([])))) t.same(value, [])
})

t.test('more than 4 GiB needs protocol 4', async (t) => {
  const source = (count: number) => {
    return new SourceArray({ kind: 'sampleTimes', count, rateKHz: 1, time: { to: 'ms' } }, '<f8', [count])
  }
  const spikes = 2 ** 29
  const trains = (...lengths: number[]) => {
    const spikeCount = lengths.reduce((sum, length) => sum + length, 0)
    const longest = Math.max(...lengths)
    return new TrainList({ ...knownTrains([]), spikeCount, longestTrain: () => ({ unit: lengths.indexOf(longest), spikeCount: longest }) })
  }
  for (const protocol of [0, 1, 2, 3] as const) {
    const message = (path: string) => {
      const reason = `${path} has 4294967296 bytes, and before that an array ends at 4 GiB`
      return `Expected 4 or 5 (${reason}) for protocol but received ${protocol}.`
    }
    t.throws(() => segmentsOf([source(spikes)], protocol), { ...VALUE, message: message('[0]') })
    t.throws(() => segmentsOf({ train: trains(1, spikes) }, protocol), { ...VALUE, message: message('train[1]') })
    t.doesNotThrow(() => segmentsOf([source(spikes - 1), trains(spikes - 1, spikes - 1)], protocol))
  }
  t.doesNotThrow(() => segmentsOf([source(spikes), trains(spikes)], 4))
})

t.test('arrays whose data is out of reach', async (t) => {
  const moved = new Float64Array(3)
  structuredClone(moved.buffer, { transfer: [moved.buffer] })
  t.throws(() => segmentsOf({ moved }, 5), { ...VALUE, message: /whose buffer was not transferred for moved but/ })

  const shared = (length: number) => new Float64Array(new SharedArrayBuffer(length * 8))
  t.throws(() => segmentsOf([shared(5000)], 5), { ...VALUE, message: /nor WebAssembly memory for \[0\] but/ })
  t.doesNotThrow(() => segmentsOf([shared(5)], 5), 'a small one is copied')

  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ResizableBuffer
  const buffer = new Resizable(80, { maxByteLength: 80 })
  const cut = new NDArray(new Float64Array(buffer), [2, 5])
  buffer.resize(40)
  const message = /^Expected an array of 10 elements, as its shape says, for \[0\] but/
  t.throws(() => segmentsOf([cut], 5), { ...VALUE, message })
})
