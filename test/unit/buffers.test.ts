import t from 'tap'
import { NDArray } from '../../lib/memory/ndarray.js'
import { PairwiseCompMatrix } from '../../lib/model/pairwise-comp-matrix.js'
import { PairwiseCompMatrixStack } from '../../lib/model/pairwise-comp-matrix-stack.js'
import { RateData } from '../../lib/model/rate-data.js'
import { RateSliceStack } from '../../lib/model/rate-slice-stack.js'
import { SpikeData } from '../../lib/model/spike-data.js'
import { SpikeSliceStack } from '../../lib/model/spike-slice-stack.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const PAGE = 65_536

/** What lib.es2023 does not know. */
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): void
}
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (size: { initial: number }) => WebAssemblyMemory } }).WebAssembly
type Movable = ArrayBuffer & { transfer?: () => ArrayBuffer; transferToFixedLength?: () => ArrayBuffer }

/** A recording with these raw samples, in one channel. */
const withRaw = (data: Uint8Array | Float64Array) => new SpikeData([], { rawData: new NDArray(data, [1, data.length]), rawTime: 1 })

t.test('nothing that native code relies on can be replaced', async (t) => {
  const square = new NDArray(new Float64Array(4), [2, 2])
  const stack = new NDArray(new Float64Array(8), [2, 2, 2])
  const sd = new SpikeData([[1], [2]])
  const rates = new RateData(square, [0, 1])
  const pairs = [new PairwiseCompMatrix(square), new PairwiseCompMatrixStack(stack)]
  for (const object of [square, sd, rates, ...pairs, new RateSliceStack(stack), new SpikeSliceStack([sd])]) {
    t.ok(Object.isFrozen(object), object.constructor.name)
  }
  t.throws(() => Object.assign(square, { shape: [2, 1000] }), TypeError)
  t.throws(() => Object.assign(sd, { N: 1000 }), TypeError)
  t.equal(sd.train.length, 2, 'what is made when asked for still is')
})

t.test('the memory of WebAssembly is copied for trains, and can grow on', async (t) => {
  for (const initial of [0, 1, 3]) {
    const memory = new Memory({ initial })
    const times = new Float64Array(memory.buffer).subarray(0, 3)
    const sd = SpikeData.fromFlat(times, [times.length])
    t.equal(memory.buffer.byteLength, initial * PAGE, 'still there')
    memory.grow(1)
    t.equal(sd.train[0]?.length, initial === 0 ? 0 : 3)
    t.not(sd.train[0]?.buffer, memory.buffer)
  }
})

t.test('the memory of WebAssembly is refused for raw data, each time', async (t) => {
  const memory = new Memory({ initial: 1 })
  const message = /neither shared, resizable, frozen nor WebAssembly memory for rawData but received/
  for (let i = 0; i < 2; i++) t.throws(() => withRaw(new Uint8Array(memory.buffer)), { ...VALUE, message })
  memory.grow(1)
  t.throws(() => withRaw(new Uint8Array(memory.buffer)), { ...VALUE, message })
})

t.test('a buffer as large as such memory is used where it is, also again and by others', async (t) => {
  const times = new Float64Array(PAGE / 8)
  t.equal(new SpikeData([times]).train[0], times)
  t.equal(SpikeData.fromFlat(times, [times.length]).train[0]?.buffer, times.buffer)
  t.equal((withRaw(times).rawData as NDArray).data, times)
})

t.test('so are sorted copies of that size', async (t) => {
  const falling = Float64Array.from({ length: PAGE / 8 }, (_, i) => PAGE - i)
  const idces = new Uint8Array(falling.length)
  for (const sd of [new SpikeData([falling]), SpikeData.fromIdcesTimes(idces, falling)]) {
    t.strictSame(sd.train[0], Float64Array.from(falling).sort())
  }
})

t.test("slices of Node's own pool are raw data like any other", async (t) => {
  t.equal(withRaw(Buffer.from('abc')).rawData.size, 3)
})

t.test('frozen buffers cannot be kept from being transferred', async (t) => {
  const times = Float64Array.of(1, 2)
  Object.freeze(times.buffer)
  t.strictSame(new SpikeData([times]).train[0], times)
  t.not(new SpikeData([times]).train[0], times)
  t.throws(() => withRaw(times), VALUE)
})

t.test('a buffer in use refuses every transfer', async (t) => {
  const times = Float64Array.of(1, 2)
  const sd = new SpikeData([times])
  const buffer: Movable = times.buffer
  const message = 'Cannot transfer this ArrayBuffer, because the threads of spikeport may read it at any time.'
  if (buffer.transfer) t.throws(() => buffer.transfer?.(), { name: 'TypeError', message })
  if (buffer.transferToFixedLength) t.throws(() => buffer.transferToFixedLength?.(), { name: 'TypeError', message })
  try {
    structuredClone(0, { transfer: [buffer] })
  } catch (error) {
    t.match(error, { name: 'DataCloneError' })
  }
  t.strictSame(sd.train, [times])
  t.equal(times.length, 2)
  t.equal(new SpikeData([times, times]).train[1], times, 'can be used again')
  t.strictSame(Object.keys(buffer), [])
})

t.test('raw data that was transferred is not a recording without raw data', async (t) => {
  const samples = new Float64Array(4)
  const rawData = new NDArray(samples, [1, 4])
  structuredClone(0, { transfer: [samples.buffer] })
  t.throws(() => new SpikeData([], { rawData, rawTime: 1 }), { ...VALUE, message: /not transferred for rawData/ })
  t.throws(() => new SpikeData([], { rawData: new NDArray(samples, [0, 0]), rawTime: 1 }), VALUE)
})

t.test('the dtype is that of the array itself, not of its properties', async (t) => {
  const lying = new Int8Array(8)
  Object.defineProperty(lying, Symbol.toStringTag, { value: 'Float64Array' })
  t.equal(new NDArray(lying, [8]).dtype, '|i1')
  t.strictSame(new SpikeData([lying]).train, [new Float64Array(8)])
  for (const name of ['Float64Array', 'toString']) {
    const view = new DataView(new ArrayBuffer(64))
    Object.defineProperties(view, { [Symbol.toStringTag]: { value: name }, length: { value: 8 } })
    t.throws(() => new NDArray(view as never, [8]), TYPE)
  }
})
