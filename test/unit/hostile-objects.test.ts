/**
 * Objects that are not what they look like, that throw, lie or never end: each is refused in one sentence or taken for what it
 * really is, and nothing is written.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import type { SpikeLabObject } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { EXPORTS } from '../support/exporters.js'
import { readHdf5 } from '../support/hdf5-file.js'
import type { Made } from '../support/unpickle.js'
import { unpickle } from '../support/unpickle.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()
const train = [[1, 2], [3]]
const sd = new SpikeData(train)
const square = new NDArray(new Float64Array(4), [2, 2])
const cube = new NDArray(new Float64Array(8), [2, 2, 2])

const mine = new Error('of the caller')
const fail = (): never => {
  throw mine
}
const failing = Object.defineProperty({}, 'electrode', { enumerable: true, get: fail })

/** What only looks like an object: a proxy, and objects that have its prototype, or its fields. */
const impostors = (object: object): unknown[] => [
  new Proxy(object, {}),
  Object.create(object),
  Object.create(Object.getPrototypeOf(object), Object.getOwnPropertyDescriptors(object)),
  { ...object },
  object.constructor,
]

const isLiteral = (value: unknown) => Object.getPrototypeOf(value) === Object.prototype

/** The metadata of the pickled recording. */
function metadataAt(path: string): Map<string, unknown> {
  const { state } = unpickle(readFileSync(path)).value as Made
  return (state as Map<string, Map<string, unknown>>).get('metadata')!
}

t.test('recordings that only look like ones', async (t) => {
  for (const [name, write] of EXPORTS) {
    // A plain object is an item of a workspace, too.
    const all = impostors(sd).filter((impostor) => name !== 'workspace.h5' || !isLiteral(impostor))
    for (const impostor of all) await t.rejects(write(impostor as never, `${dir}/${name}`), TYPE_ERROR, name)
  }
})

t.test('other objects that only look like ones', async (t) => {
  const objects: SpikeLabObject[] = [
    new RateData(square, [0, 1]),
    new PairwiseCompMatrix(square),
    new PairwiseCompMatrixStack(cube),
    new RateSliceStack(cube),
    new SpikeSliceStack([sd]),
  ]
  for (const object of objects) {
    for (const impostor of impostors(object)) await t.rejects(exportToPickle(impostor as never, `${dir}/a.pkl`), TYPE_ERROR)
  }
  // Native code would go by its shape.
  const lying = Object.create(NDArray.prototype, {
    data: { value: new Float64Array(4) },
    shape: { value: [2, 2, 1e9] },
    ndim: { value: 3 },
  })
  for (const impostor of [lying, ...impostors(square)]) {
    t.throws(() => new SpikeData([], { rawData: impostor, rawTime: 1 }), TYPE_ERROR)
    t.throws(() => new RateData(impostor, [0, 1]), TYPE_ERROR)
    t.throws(() => new PairwiseCompMatrix(impostor), TYPE_ERROR)
    t.throws(() => new PairwiseCompMatrixStack(impostor), TYPE_ERROR)
    t.throws(() => new RateSliceStack(impostor), TYPE_ERROR)
    if (isLiteral(impostor)) continue
    const holding = new PairwiseCompMatrix(square, { metadata: { impostor } })
    await t.rejects(exportToPickle(holding, `${dir}/a.pkl`), { ...TYPE_ERROR, message: /for metadata\.impostor/ })
  }
  for (const impostor of impostors(sd)) t.throws(() => new SpikeSliceStack([impostor as never]), TYPE_ERROR)
})

t.test('arrays that lie about their length and their bytes', async (t) => {
  const lying = <T extends object>(array: T): T =>
    Object.defineProperties(array, { length: { value: 1e9 }, buffer: { value: new ArrayBuffer(8) }, byteOffset: { value: 1e9 } })
  const times = () => lying(Float64Array.of(1, 2))
  t.strictSame(new SpikeData([times()]).spikeCount, 2)
  t.strictSame(SpikeData.fromFlat(times(), [2]).spikeCount, 2)
  t.throws(() => SpikeData.fromFlat(times(), [1e9]), VALUE_ERROR)
  t.strictSame(SpikeData.fromIdcesTimes(lying(Uint8Array.of(0, 1)), times()).spikeCount, 2)
  t.throws(() => SpikeData.fromIdcesTimes(lying(Uint8Array.of(0)), times()), VALUE_ERROR)
  t.throws(() => new NDArray(times(), [1e9]), VALUE_ERROR)
  t.equal(new NDArray(times(), [2]).size, 2)
  t.throws(() => new SpikeData([], { rawData: new NDArray(new Int8Array(1e3), [1, 1e3]), rawTime: times() }), VALUE_ERROR)
  const gone = lying(Float64Array.of(1, 2))
  structuredClone(0, {
    transfer: [Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float64Array.prototype), 'buffer')!.get!.call(gone)],
  })
  t.throws(() => new SpikeData([gone]), VALUE_ERROR)
})

t.test('lists that are another one each time they are looked at', async (t) => {
  /** A list whose length grows by one each time. */
  const growing = <T>(list: readonly T[], from = list.length) => {
    let length = from - 1
    const get = (target: readonly T[], key: string | symbol) =>
      key === 'length' ? ++length : Reflect.get(target, key === `${length}` ? 0 : key)
    return new Proxy(list, { get }) as T[]
  }
  t.equal(new SpikeData([growing([1, 2])]).spikeCount, 2)
  t.strictSame(SpikeData.fromFlat([1, 2], growing([1, 2])).train, [Float64Array.of(1), Float64Array.of(2)])
  t.equal(new SpikeData(growing([[1], [2]])).spikeCount, 2)
  t.strictSame(new SpikeData(train, { neuronAttributes: growing([{}, {}]) }).neuronAttributes, [{}, {}])
  t.strictSame(new PairwiseCompMatrix(square, { labels: growing(['a', 'b']) }).labels, ['a', 'b'])
  t.strictSame(new SpikeSliceStack(growing([sd])).spikeStack, [sd])
  t.throws(() => new SpikeData(new Proxy(train, { get: fail })), mine)
  await t.rejects(SpikeData.create([new Proxy([1], { get: fail })]), mine)
})

t.test('arrays of holes', async (t) => {
  const holes = new Array(2 ** 32 - 1)
  t.throws(() => new SpikeData(holes), { ...VALUE_ERROR, message: /at most 16777216 units for train\.length/ })
  await t.rejects(SpikeData.create(holes), VALUE_ERROR)
  t.throws(() => new SpikeData([], { neuronAttributes: holes }), VALUE_ERROR)
  t.throws(() => new SpikeData([new Array(1000)]), { ...TYPE_ERROR, message: /entry 0 of unit 0/ })
  t.throws(() => new SpikeData(new Array(5000).fill(holes)), { code: 'ERR_MEMORY_ALLOCATION_FAILED' })
})

t.test('options that throw, and options that are read once', async (t) => {
  for (const write of [exportSpikeDataToHdf5, exportSpikeDataToNwb, exportSpikeDataToKilosort, exportToPickle]) {
    const getter = Object.defineProperty({}, 'durable', { enumerable: true, get: fail })
    for (const options of [getter, new Proxy({}, { ownKeys: fail }), new Proxy({ durable: true }, { get: fail })]) {
      t.equal(await write(sd, `${dir}/throwing`, options as never).catch((error: unknown) => error), mine, write.name)
    }
  }
  t.throws(() => new SpikeData([], Object.defineProperty({}, 'startTime', { get: fail })), mine)
  let reads = 0
  const options = {
    get threads() {
      return reads++ === 0 ? ('one' as never) : 1
    },
  }
  await t.rejects(exportSpikeDataToHdf5(sd, `${dir}/once.h5`, options), { ...TYPE_ERROR, message: /'one'/ })
  t.equal(reads, 1)
})

t.test('attributes and metadata that throw: what they throw comes through', async (t) => {
  const throwing = new SpikeData(train, { neuronAttributes: [{ electrode: 1 }, failing], metadata: { failing } })
  for (const [name, write] of EXPORTS.filter(([name]) => !/ragged|samples|paired|group|raster|compressed/.test(name))) {
    t.equal(await write(throwing, `${dir}/${name}`).catch((error: unknown) => error), mine, name)
  }
})

t.test('attributes without an end', async (t) => {
  const loop: unknown[] = []
  loop.push(loop)
  const self: Record<string, unknown> = {}
  self['self'] = self
  let deep: unknown = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  const endless = new SpikeData([[1]], { neuronAttributes: [{ loop, self, deep, fine: 1 }], metadata: { loop, self, deep } })
  const path = `${dir}/endless`

  const warnings = await warningsOf(() => exportSpikeDataToNwb(endless, path, { nwb: { sessionStartTime: new Date(0) } }))
  t.match(warnings, [['SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', /loop.*self.*deep/]])
  t.strictSame((await readHdf5(path)).datasets['units/fine']?.values, BigInt64Array.of(1n))
  await exportToPickle(endless, path)
  const metadata = metadataAt(path)
  t.equal((metadata.get('loop') as unknown[])[0], metadata.get('loop'))
  t.equal((metadata.get('self') as Map<string, unknown>).get('self'), metadata.get('self'))
  rmSync(path)
})

t.test('an array that is one array a billion times over can be stopped', async (t) => {
  let repeated: unknown = [1, 2]
  for (let i = 0; i < 30; i++) repeated = [repeated, repeated]
  const recording = new SpikeData([[1]], { neuronAttributes: [{ repeated }] })
  const memory = process.memoryUsage().rss
  const controller = new AbortController()
  const ended = exportSpikeDataToNwb(recording, `${dir}/repeated`, { signal: controller.signal })
  for (let turn = 0; turn < 50; turn++) await nextTurn()
  controller.abort('enough')
  t.equal(await ended.catch((error: unknown) => error), 'enough')
  t.ok(process.memoryUsage().rss - memory < 1e8)
})

t.test('keys that could reach prototypes', async (t) => {
  const keys = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":5,"hasOwnProperty":false}'
  const attributes = JSON.parse(keys)
  const recording = new SpikeData(train, { neuronAttributes: [attributes, {}], metadata: JSON.parse(keys) })
  t.strictSame(Object.keys(recording.metadata), Object.keys(attributes))
  const path = `${dir}/keys`
  const warnings = await warningsOf(() => exportSpikeDataToNwb(recording, path, { nwb: { sessionStartTime: new Date(0) } }))
  t.match(warnings, [['SPIKEPORT_NWB_ATTRIBUTES_SKIPPED', /__proto__.*constructor/]])
  const { datasets } = await readHdf5(path)
  t.strictSame(datasets['units/toString']?.values, Float64Array.of(5, NaN))
  await exportToPickle(recording, path)
  const polluted = new Map([['polluted', 1n]])
  t.strictSame(
    [...metadataAt(path)],
    [
      ['__proto__', polluted],
      ['constructor', new Map([['prototype', polluted]])],
      ['toString', 5n],
      ['hasOwnProperty', false],
    ],
  )
  for (const [name, write] of EXPORTS) {
    const message = /name of an option.*__proto__/
    await t.rejects(write(sd, `${dir}/${name}`, JSON.parse('{"__proto__":{"durable":true}}')), { ...VALUE_ERROR, message })
  }
  t.equal(({} as { polluted?: number }).polluted, undefined)
  t.equal({}.toString(), '[object Object]')
  rmSync(path)
})

t.test('nothing else was written', async (t) => {
  t.strictSame(readdirSync(dir), [])
})
