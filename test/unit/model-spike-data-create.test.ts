/**
 * SpikeData.create from arrays of all units; its signal and progress; rasters off the JS thread.
 */
import t from 'tap'
import type { CreateProgress, NumericArray, SpikeSource } from '../../lib/index.js'
import { NDArray, RateData, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR as TYPE, VALUE_ERROR as VALUE } from '../support/expectations.js'
import { same } from '../support/same.js'

const list = <T>(length: number, item: (i: number) => T): T[] => Array.from({ length }, (_, i) => item(i))
const COUNT = 1_000_000
const UNITS = 100
const sorted = Float64Array.from({ length: COUNT }, (_, i) => i % (COUNT / UNITS))
const index = list(UNITS, (unit) => (unit + 1) * (COUNT / UNITS))
const units = Int32Array.from({ length: COUNT }, (_, i) => (i * 7919) % UNITS)
const falling = Float64Array.from({ length: COUNT }, (_, i) => COUNT - i)

const SOURCES: Record<string, SpikeSource> = {
  'trains in order': list(UNITS, (unit) => sorted.subarray(unit * 10_000, (unit + 1) * 10_000)),
  'trains not in order': list(UNITS, (unit) => falling.subarray(unit * 10_000, (unit + 1) * 10_000)),
  numbers: [Array.from(falling)],
  flat: { flat: falling, index },
  'idces and times': { idces: units, times: falling },
}

t.test('the same recordings as the blocking calls make', async (t) => {
  t.strictSame(await SpikeData.create({ flat: falling, index }), SpikeData.fromFlat(falling, index))
  const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]
  const arrays: NumericArray[] = [
    ...types.map((type) => type.from(units)),
    BigInt64Array.from(units, BigInt),
    BigUint64Array.from(units, BigInt),
  ]
  const expected = SpikeData.fromIdcesTimes(units, falling).train
  for (const idces of arrays) {
    const { train } = await SpikeData.create({ idces, times: falling })
    same(t, train, expected, idces.constructor.name)
  }
  t.strictSame(
    (await SpikeData.create({ idces: [1, 0], times: [2, 1] }, { N: 3, length: 5 })).train,
    [[1], [2], []].map((a) => Float64Array.from(a)),
  )
  t.match(await SpikeData.create({ idces: [], times: [] }), { N: 0, length: 0 })
  t.match(await SpikeData.create({ flat: [], index: [0, 0] }), { N: 2 })
})

t.test('what create refuses', async (t) => {
  const cases: [spikes: unknown, options: unknown, error: typeof TYPE, message: RegExp][] = [
    [5, {}, TYPE, /an array with the spike times of each unit, \{ flat, index \} or \{ idces, times \} for spikes/],
    [new Float64Array(2), {}, TYPE, /for spikes/],
    [null, {}, TYPE, /for spikes/],
    [{}, {}, TYPE, /for flat/],
    [{ flat: [1] }, {}, TYPE, /for index/],
    [{ idces: [1] }, {}, TYPE, /for times/],
    [{ flat: [1], index: [1], idces: [1] }, {}, VALUE, /no value, as spikes is \{ flat, index \}, for idces/],
    [{ flat: [1], indx: [1] }, {}, VALUE, /name of an option for spikes but received 'indx' \(did you mean index\?\)/],
    [{ flat: [1], index: [2] }, {}, VALUE, /from 0 to 1 for entry 0 of index/],
    [{ flat: ['1'], index: [1] }, {}, TYPE, /entry 0 of flat/],
    [{ idces: [0, 1], times: [1] }, {}, VALUE, /2, the length of idces, for times\.length/],
    [{ idces: [0, -1], times: [1, 2] }, {}, VALUE, /a whole unit number of 0 or more for entry 1 of idces but received -1/],
    [{ idces: [0, 2], times: [1, 2] }, { N: 2 }, VALUE, /a whole unit number from 0 to 1, as N is 2, for entry 1/],
    [{ idces: [1e12], times: [1] }, {}, VALUE, /unit numbers from 0 to 16777215 for idces but received 1000000000000/],
    [{ idces: [NaN], times: [1] }, {}, VALUE, /entry 0 of idces but received NaN/],
    [[[1]], { signal: 1 }, TYPE, /an AbortSignal for signal/],
    [[[1]], { onProgress: 1 }, TYPE, /a function for onProgress/],
  ]
  for (const [spikes, options, error, message] of cases) {
    await t.rejects(SpikeData.create(spikes as never, options as never), { ...error, message })
  }
})

t.test('progress: the spikes in order, and once at the end', async (t) => {
  for (const [name, source] of Object.entries({ ...SOURCES, few: [[1], [2, 3]], none: [] })) {
    const calls: CreateProgress[] = []
    const { spikeCount } = await SpikeData.create(source, { onProgress: (progress) => void calls.push(progress) })
    t.strictSame(calls.at(-1), { spikesDone: spikeCount, spikesTotal: spikeCount }, name)
    t.equal(calls.filter(({ spikesDone, spikesTotal }) => spikesDone === spikesTotal).length, 1, name)
    t.ok(
      calls.every(({ spikesDone }, i) => spikesDone >= (calls[i - 1]?.spikesDone ?? 0)),
      name,
    )
  }
})

t.test('what onProgress throws', async (t) => {
  for (const source of [...Object.values(SOURCES), [[1]]]) {
    const error = { thrown: true }
    const promise = SpikeData.create(source, {
      onProgress: () => {
        throw error
      },
    })
    t.equal(await promise.catch((thrown: unknown) => thrown), error)
  }
})

t.test('a signal: before, during and after', async (t) => {
  for (const [name, source] of Object.entries(SOURCES)) {
    const reason = { name }
    const unread = { N: new Proxy({}, {}) as never, signal: AbortSignal.abort(reason) }
    t.equal(await SpikeData.create(source, unread).catch((error: unknown) => error), reason)
    for (let round = 0; round < 8; round++) {
      const controller = new AbortController()
      let fired = NaN
      const timer = setTimeout(() => {
        fired = performance.now()
        controller.abort(reason)
      }, round * 4)
      const made = await SpikeData.create(source, { signal: controller.signal }).catch((error: unknown) => error)
      clearTimeout(timer)
      if (made === reason) t.ok(performance.now() - fired < 100, `${name}: ${performance.now() - fired} ms`)
      else t.match(made, { spikeCount: COUNT })
    }
  }
  const controller = new AbortController()
  const { N } = await SpikeData.create([[1]], { signal: controller.signal, onProgress: () => controller.abort() })
  t.equal(N, 1, 'too late')
})

t.test('a signal that fires right after the call, or while input is read', async (t) => {
  const sources: Record<string, SpikeSource> = { ...SOURCES, few: [[1, 2]], 'few, flat': { flat: [1], index: [1] } }
  const reason = { why: 'a test' }
  for (const [name, source] of Object.entries(sources)) {
    for (const abort of [
      (controller: AbortController) => controller.abort(reason),
      (controller: AbortController) => void Promise.resolve().then(() => controller.abort(reason)),
    ]) {
      const controller = new AbortController()
      const made = SpikeData.create(source, { signal: controller.signal })
      abort(controller)
      t.equal(await made.catch((error: unknown) => error), reason, name)
    }
  }
  const controller = new AbortController()
  const getter = {
    get flat() {
      controller.abort(reason)
      return [1]
    },
    index: [1],
  }
  t.equal(await SpikeData.create(getter, { signal: controller.signal }).catch((error: unknown) => error), reason)
})

t.test('onProgress is not called once the signal has fired', async (t) => {
  const controller = new AbortController()
  let late = 0
  const falling = Float64Array.from({ length: 2_000_000 }, (_, i) => 2_000_000 - i)
  const made = SpikeData.create([falling, falling], {
    signal: controller.signal,
    onProgress: () => {
      if (controller.signal.aborted) late++
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  controller.abort()
  await made.catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.equal(late, 0)
})

t.test('null stands for an array that is missing', async (t) => {
  const flat = { flat: [1, 2], index: [1, 2], idces: null, times: null } as never
  t.equal((await SpikeData.create(flat)).N, 2)
  const paired = { flat: null, index: null, idces: [0, 1], times: [1, 2] } as never
  t.equal((await SpikeData.create(paired)).N, 2)
})

t.test('a raster', async (t) => {
  const sd = new SpikeData(SOURCES['trains not in order'] as Float64Array[])
  for (const [bin, offset] of [
    [1000, 0],
    [0.9, 0],
    [7, 13.5],
    [3, -100],
  ] as const) {
    const raster = await sd.rasterAsync(bin, offset)
    const expected = sd.raster(bin, offset)
    t.strictSame(raster.shape, expected.shape)
    t.ok(Buffer.from(raster.data.buffer).equals(Buffer.from(expected.data.buffer)), `${bin} ms`)
  }
  t.strictSame((await new SpikeData([[1, 2]]).rasterAsync()).data, BigInt64Array.of(1n, 1n))
  await t.rejects(sd.rasterAsync(0), { ...VALUE, message: /binSizeMs/ })
  await t.rejects(sd.rasterAsync(1, 0, { signal: 5 } as never), { ...TYPE, message: /signal/ })
  await t.rejects(sd.rasterAsync(1, 0, { onProgress: 5 } as never), { ...VALUE, message: /'onProgress'/ })
  const reason = {}
  t.equal(await sd.rasterAsync(1, 0, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error), reason)
  const controller = new AbortController()
  const aborted = sd.rasterAsync(0.05, 0, { signal: controller.signal }).catch((error: unknown) => error)
  controller.abort(reason)
  t.equal(await aborted, reason)
})

t.test('rates', async (t) => {
  const rates = new NDArray(Int16Array.of(1, 2, 3, 4), [2, 2])
  const options = { neuronAttributes: [{}, { electrode: 1 }], rateUnit: 'Hz' }
  t.strictSame(await RateData.create(rates, [0, 1], options), new RateData(rates, [0, 1], options))
  await t.rejects(RateData.create(rates, [1, 0]), { ...VALUE, message: /entry 1 of times/ })
  await t.rejects(RateData.create(5 as never, [1, 0]), TYPE)
  const reason = {}
  t.equal(await RateData.create(rates, [0, 1], { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error), reason)
})
