import t from 'tap'
import { NDArray } from '../../lib/memory/ndarray.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { SpikeData } from '../../lib/model/spike-data.js'

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }

const rawData = new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])
const withRaw = (rawData: unknown, rawTime: unknown) => new SpikeData([], { rawData, rawTime } as never)

/** Numbers in an array of a class, on a buffer where one is given. */
function typeOf(type: (typeof ARRAY_TYPES)[number], numbers: number[], buffer?: SharedArrayBuffer): NumericArray {
  const array = new type((buffer ?? new ArrayBuffer(24)) as ArrayBuffer, 0, numbers.length)
  for (const [i, number] of numbers.entries())
    array[i] = array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt(number) : number
  return array
}

t.test('times of samples', async (t) => {
  const rawTime = Float64Array.of(0, 0.5, 1)
  const sd = withRaw(rawData, rawTime)
  t.equal(sd.rawData, rawData)
  t.equal(sd.rawTime, rawTime)
  t.equal(sd.rawTimeRateKHz, null)
  t.strictSame(withRaw(rawData, [0, 0.5, 1]).rawTime, rawTime)
})

t.test('times of samples keep their dtype, as numpy keeps it', async (t) => {
  for (const type of ARRAY_TYPES) {
    const given = typeOf(type, [0, 1, 2])
    t.equal(withRaw(rawData, given).rawTime, given, 'without a copy')
    const shared = typeOf(type, [0, 1, 2], new SharedArrayBuffer(24))
    const { rawTime } = withRaw(rawData, shared)
    t.not(rawTime, shared)
    t.strictSame(rawTime, given)
    const none = new NDArray(new Int8Array(0), [4, 0])
    t.equal(withRaw(none, new type(0)).rawTime.constructor, type)
  }
  const large = new NDArray(new Int8Array(40_000), [40_000])
  const times = BigInt64Array.from({ length: 40_000 }, (_, i) => BigInt(i))
  const shared = new BigInt64Array(new SharedArrayBuffer(times.byteLength))
  shared.set(times)
  t.strictSame(withRaw(large, shared).rawTime, times, 'also in several steps')
})

t.test('a sampling rate', async (t) => {
  const sd = withRaw(rawData, 30)
  t.equal(sd.rawTimeRateKHz, 30)
  t.strictSame(sd.rawTime, Float64Array.of(0, 1 / 30, 2 / 30))
  t.equal(sd.rawTime, sd.rawTime)
  t.strictSame(withRaw(new NDArray(new Float32Array(4), [4]), 2).rawTime, Float64Array.of(0, 0.5, 1, 1.5))
  t.strictSame(withRaw(new NDArray(new Float32Array(0), [4, 0]), 2).rawTime, new Float64Array(0))
})

t.test('raw data in use cannot be transferred', async (t) => {
  const samples = new Float32Array(4)
  withRaw(new NDArray(samples, [2, 2]), 1)
  try {
    structuredClone(samples, { transfer: [samples.buffer] })
  } catch (error) {
    t.match(error, { name: 'DataCloneError' })
  }
  t.equal(samples.length, 4)
})

t.test('what raw data and raw time may not be', async (t) => {
  const shared = new NDArray(new Int16Array(new SharedArrayBuffer(4)), [1, 2])
  const gone = new NDArray(new Int16Array(2), [1, 2])
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] })
  const cases: [rawData: unknown, rawTime: unknown, error: typeof TYPE | typeof VALUE, message: string][] = [
    [rawData, undefined, VALUE, 'Expected the times or the sampling rate of rawData for rawTime but received undefined.'],
    [null, 30, VALUE, 'Expected the samples that rawTime belongs to for rawData but received null.'],
    [[[1, 2]], 30, TYPE, 'Expected an NDArray, a RawFile or a RawStream for rawData but received [ [Array] ].'],
    [Int16Array.of(1), 30, TYPE, 'Expected an NDArray, a RawFile or a RawStream for rawData but received Int16Array(1) [ 1 ].'],
    [new NDArray(Int16Array.of(1), []), 30, VALUE, 'Expected channels × samples for rawData.shape but received [].'],
    [shared, 30, VALUE, 'an array on a buffer that is neither shared, resizable, frozen nor WebAssembly memory for rawData but'],
    [gone, 30, VALUE, 'Expected an array whose buffer was not transferred for rawData but received Int16Array(0) [].'],
    [rawData, 0, VALUE, 'Expected a sampling rate in kHz above 0 for rawTime but received 0.'],
    [rawData, -1, VALUE, 'Expected a sampling rate in kHz above 0 for rawTime but received -1.'],
    [rawData, NaN, VALUE, 'Expected a sampling rate in kHz above 0 for rawTime but received NaN.'],
    [rawData, Infinity, VALUE, 'Expected a sampling rate in kHz above 0 for rawTime but received Infinity.'],
    [rawData, '30', TYPE, "Expected an array of numbers for rawTime but received '30'."],
    [rawData, [0, 1], VALUE, 'Expected 3, one time for each sample, for rawTime.length but received 2.'],
    [rawData, [0, 1, 'x'], TYPE, "Expected a number for entry 2 of rawTime but received 'x'."],
  ]
  for (const [rawData, rawTime, error, message] of cases) {
    t.throws(() => withRaw(rawData, rawTime), { ...error, message })
  }
})

t.test('create checks raw data as well', async (t) => {
  const sd = await SpikeData.create([[1]], { rawData, rawTime: Float32Array.of(0, 0.5, 1) })
  t.strictSame(sd.rawTime, Float32Array.of(0, 0.5, 1))
  await t.rejects(SpikeData.create([[1]], { rawData } as never), VALUE)
})
