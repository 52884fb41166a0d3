/**
 * What was exported is loaded as it was: objects of all six classes, with any values, in every protocol.
 */
import { deepStrictEqual } from 'node:assert'
import { writeFile } from 'node:fs/promises'
import t from 'tap'
import type { PickleProtocol, SpikeLabObject } from '../../lib/index.js'
import {
  exportToPickle,
  loadFromPickle,
  loadSpikeDataFromPickle,
  NDArray,
  PairwiseCompMatrix,
  PairwiseCompMatrixStack,
  pyFloat,
  pyTuple,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { OBJECTS } from '../interop/pickle-objects.js'
import { fc } from '../support/property.js'
import { afterPickling } from '../support/python-values.js'

const dir = t.testdir()
const path = `${dir}/object.pkl`
const PROTOCOLS: PickleProtocol[] = [0, 1, 2, 3, 4, 5]

/** What an object is, as it is compared. */
function shown(object: object): unknown {
  const { ...properties } = object as Record<string, unknown>
  // The rate is exported as times.
  if (object instanceof SpikeData) Object.assign(properties, { train: object.train, rawTime: object.rawTime, rawTimeRateKHz: null })
  if (object instanceof SpikeSliceStack) properties['spikeStack'] = object.spikeStack.map(shown)
  return properties
}

async function requireSame(object: SpikeLabObject, protocol: PickleProtocol): Promise<void> {
  await exportToPickle(object, path, { protocol })
  const loaded = await loadFromPickle(path)
  deepStrictEqual(loaded.constructor, object.constructor)
  const expected = shown(object) as Record<string, unknown>
  for (const name of ['metadata', 'neuronAttributes', 'labels']) {
    if (name in expected) expected[name] = afterPickling(expected[name])
  }
  deepStrictEqual(shown(loaded), expected)
}

t.test('every kind of value, in every protocol', async (t) => {
  for (const [name, object] of Object.entries(OBJECTS)) {
    for (const protocol of PROTOCOLS) {
      const copy = withoutLoop(object as SpikeLabObject)
      await t.resolves(requireSame(copy, protocol), `${name}, protocol ${protocol}`)
    }
  }
})

/** The same recording without the list that holds itself, which has a test of its own. */
function withoutLoop(object: SpikeLabObject): SpikeLabObject {
  if ('metadata' in object) delete object.metadata['loop']
  return object
}

const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'a', 'é', '\ud83e'))
const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.double().map(pyFloat),
  fc.maxSafeInteger().map(pyFloat),
  fc.constantFrom(-0, 0, 255, 256, 65_536, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2n ** 53n, pyFloat(-0)),
)
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string().map((text) => text.repeat(50)),
  fc.constant('\\u0041\n\0\r\x1a'),
)
const arrays = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.bigInt64Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8ClampedArray({ maxLength: 3 }),
  fc.int16Array({ minLength: 6, maxLength: 6 }).map((data) => new NDArray(data, [2, 3])),
  fc.float32Array({ minLength: 1, maxLength: 1 }).map((data) => new NDArray(data, [])),
)
const leaf = fc.oneof(numbers, texts, arrays, fc.constantFrom(null, undefined, true, false))
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => pyTuple(...items)),
    fc.array(fc.tuple(fc.integer(), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.uniqueArray(fc.oneof(fc.integer(), fc.string()), { maxLength: 4 }).map((members) => new Set<unknown>(members)),
  ),
}))
const metadata = fc.dictionary(key, value, { maxKeys: 5 })
const train = fc.array(fc.double({ min: -5, max: 95, noNaN: true }), { maxLength: 12 }).map((times) => Float64Array.from(times).sort())
const protocol = fc.constantFrom(...PROTOCOLS)

const matrix = (rows: number, ...shape: number[]) =>
  fc
    .array(fc.double(), { minLength: rows * shape.reduce((a, b) => a * b, 1), maxLength: rows * shape.reduce((a, b) => a * b, 1) })
    .map((data) => new NDArray(Float64Array.from(data), [rows, ...shape]))

t.test('any recording', async () => {
  const recording = fc
    .record({
      trains: fc.array(train, { maxLength: 5 }),
      metadata,
      entries: fc.array(metadata, { minLength: 5, maxLength: 5 }),
      hasRaw: fc.boolean(),
    })
    .map(({ trains, metadata, entries, hasRaw }) => {
      const raw = hasRaw ? { rawData: new NDArray(Int16Array.of(1, 2, 3, 4), [2, 2]), rawTime: Float32Array.of(0, 0.5) } : {}
      return new SpikeData(trains, { startTime: -5, length: 100, metadata, neuronAttributes: entries.slice(0, trains.length), ...raw })
    })
  await fc.assert(fc.asyncProperty(recording, protocol, requireSame))
})

t.test('any rates, matrices and stacks', async () => {
  const windows = [
    [0, 4],
    [10, 14.5 - 0.5],
  ] as const
  const object: fc.Arbitrary<SpikeLabObject> = fc.oneof(
    fc
      .tuple(matrix(2, 3), metadata)
      .map(([rates, entry]) => new RateData(rates, [1, 2, 2.5], { neuronAttributes: [entry, {}], rateUnit: 'Hz' })),
    fc.tuple(matrix(2, 2), value, metadata).map(([m, label, metadata]) => new PairwiseCompMatrix(m, { labels: [label, 1], metadata })),
    fc.tuple(matrix(2, 2, 2), metadata).map(([stack, metadata]) => new PairwiseCompMatrixStack(stack, { times: windows, metadata })),
    fc
      .tuple(matrix(2, 4, 2), metadata)
      .map(([stack, entry]) => new RateSliceStack(stack, { times: windows, neuronAttributes: [entry, {}] })),
    fc.tuple(train, train, metadata).map(([first, second, entry]) => {
      const slices = [first, second].map((times) => new SpikeData([times], { startTime: -5, length: 100 }))
      return new SpikeSliceStack(slices, { times: windows, neuronAttributes: [entry] })
    }),
  )
  await fc.assert(fc.asyncProperty(object, protocol, requireSame))
})

t.test('shared and cyclic values are so again', async (t) => {
  const shared = { a: [1] }
  const loop: unknown[] = [1]
  const tuple = pyTuple(loop)
  loop.push(loop, tuple)
  const map = new Map<unknown, unknown>([[1, shared]])
  map.set(2, map)
  for (const protocol of PROTOCOLS) {
    await exportToPickle(new SpikeData([], { metadata: { shared: [shared, shared], loop, map } }), path, { protocol })
    const { metadata } = (await loadFromPickle(path)) as SpikeData
    const [first, second] = metadata['shared'] as [unknown, unknown]
    t.equal(first, second)
    const again = metadata['loop'] as [number, unknown, { items: unknown[] }]
    t.equal(again[1], again)
    t.equal(again[2].items[0], again)
    t.ok(Object.isFrozen(again[2]) && Object.isFrozen(again[2].items))
    const loaded = metadata['map'] as Map<unknown, unknown>
    t.equal(loaded.get(2), loaded)
    t.equal(loaded.get(1), first)
  }
})

t.test('integers of hundreds of thousands of bytes, wherever they are in the file', async (t) => {
  const integer = (size: number) => BigInt(`0x55${'a7'.repeat(size - 1)}`)
  const texts = Array.from({ length: 5000 }, (_, i) => `text ${i}`)
  const metadata = { small: integer(1000), texts, large: integer(300_000), between: texts, larger: integer(700_000) }
  for (const protocol of [2, 5] as const) {
    await exportToPickle(new SpikeData([[1]], { metadata }), path, { protocol })
    const loaded = await loadSpikeDataFromPickle(path)
    for (const name of ['small', 'large', 'larger'] as const)
      t.ok(loaded.metadata[name] === metadata[name], `${name}, protocol ${protocol}`)
  }
})

t.test('plain types, as other formats take them', async (t) => {
  const attributes = [{ electrode: pyFloat(3), location: pyTuple(pyFloat(1), 2.5) }]
  const sd = new SpikeData([[1]], { neuronAttributes: attributes, metadata: { tuples: new Map([[pyTuple(1, 'a'), pyTuple(pyTuple())]]) } })
  await exportToPickle(sd, path)
  const plain = await loadSpikeDataFromPickle(path, { pythonTypes: 'plain' })
  t.same(plain.neuronAttributes, [{ electrode: 3, location: [1, 2.5] }])
  t.same(plain.electrodes, BigInt64Array.of(3n))
  t.same(plain.unitLocations?.data, Float64Array.of(1, 2.5))
  t.same([...(plain.metadata['tuples'] as Map<unknown, unknown>)], [[[1, 'a'], [[]]]])
  const exact = await loadSpikeDataFromPickle(path)
  t.same(exact.neuronAttributes, attributes)
  await t.rejects(loadFromPickle(path, { pythonTypes: 'other' as never }), { code: 'ERR_INVALID_ARG_VALUE' })
  await t.rejects(loadFromPickle(path, { pythonTypes: 5 as never }), { code: 'ERR_INVALID_ARG_TYPE', message: /'exact' or 'plain'/ })
})

t.test('keys of metadata that are no text become text, with a warning', async (t) => {
  const bytes = Buffer.from(
    '\x80\x02cspikelab.spikedata.spikedata\nSpikeData\n)\x81}(X\x05\x00\x00\x00train]X\x06\x00\x00\x00lengthK\x05X\x01\x00\x00\x00NK\x00X\x08\x00\x00\x00metadata}(K\x01K\x06K\x02K\x03\x86K\x04X\x01\x00\x00\x001K\x05uub.',
    'latin1',
  )
  await writeFile(path, bytes)
  const warnings: unknown[] = []
  const { metadata } = await loadSpikeDataFromPickle(path, { onWarning: ({ code }) => warnings.push(code) })
  t.same(metadata, { '1': 5, '(2, 3)': 4 })
  t.same(warnings, ['SPIKEPORT_PICKLE_KEYS'])
})
