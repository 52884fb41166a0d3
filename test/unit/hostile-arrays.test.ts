/**
 * Typed arrays and buffers with properties of their own, or of a subclass, in the place of each that every one has: each is taken for
 * what it really is, so that outputs are byte for byte those of honest arrays.
 */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import t from 'tap'
import type { NumericArray, SpikeLabObject } from '../../lib/index.js'
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
} from '../../lib/index.js'
import { VALUE_ERROR } from '../support/expectations.js'

const dir = t.testdir()
const path = `${dir}/out`

/** Makes an array hostile; the honest one returns it as it is. */
type Spoil = <T extends NumericArray>(array: T) => T

const one = { threads: 1 }
const fsHz = 1000
const nwb = { sessionStartTime: '2026-01-01T00:00:00Z' }

/** More bytes than a pickle holds a copy of. */
const LARGE = 5000

const ramp = (length: number) => Float64Array.from({ length }, (_, i) => i / 2)
const trains = (spoil: Spoil) => [
  spoil(Float64Array.of(1, 2, 3.5)),
  spoil(Float64Array.of(9, 4, 4)),
  spoil(Float32Array.of(3, 2)),
  spoil(BigInt64Array.of(5n, 7n)),
  spoil(Buffer.from([8, 6])),
  spoil(Uint8ClampedArray.of(1, 9)),
]
const attributes = (spoil: Spoil) => [
  { electrode: 1, location: spoil(Float32Array.of(1, 2)), waveform_mean: spoil(Float32Array.of(1, 2)), tags: spoil(Int16Array.of(1)) },
  {
    electrode: 0,
    location: new NDArray(spoil(Int32Array.of(3, 4)), [2]),
    waveform_mean: spoil(Float32Array.of(1, 2)),
    tags: spoil(Int16Array.of(1, 2)),
  },
]
const matrix = (spoil: Spoil, shape: number[]) => new NDArray(spoil(ramp(shape.reduce((size, axis) => size * axis))), shape)
const described = (spoil: Spoil) => new SpikeData([[1], [2]], { neuronAttributes: attributes(spoil) })
const recorded = (spoil: Spoil) =>
  new SpikeData([[1], [2]], {
    rawData: new NDArray(spoil(Int16Array.from({ length: 6 }, (_, i) => i)), [2, 3]),
    rawTime: spoil(Float64Array.of(0, 1, 2)),
  })

const ragged = (sd: SpikeData) => exportSpikeDataToHdf5(sd, path, one)
const pickle = (object: SpikeLabObject, protocol: 0 | 5 = 5) => exportToPickle(object, path, { protocol })

/** The public entries that take arrays. */
const ENTRIES: Record<string, (spoil: Spoil) => Promise<unknown>> = {
  trains: (spoil) => ragged(new SpikeData(trains(spoil))),
  'trains, of create': async (spoil) => ragged(await SpikeData.create(trains(spoil))),
  'flat trains': (spoil) => ragged(SpikeData.fromFlat(spoil(Float64Array.of(1, 2, 3)), spoil(Int32Array.of(1, 3)))),
  'flat trains that are converted': (spoil) =>
    ragged(SpikeData.fromFlat(spoil(Float32Array.of(1, 2, 3)), spoil(BigUint64Array.of(1n, 3n)))),
  'flat trains, taken apart again': (spoil) => ragged(new SpikeData(SpikeData.fromFlat(spoil(Float64Array.of(1, 2, 3)), [1, 3]).train)),
  'parallel arrays': (spoil) => ragged(SpikeData.fromIdcesTimes(spoil(Int16Array.of(1, 0, 1)), spoil(Float64Array.of(3, 2, 1)))),
  'raw data, HDF5': (spoil) =>
    exportSpikeDataToHdf5(recorded(spoil), path, { ...one, layout: 'chunked', rawDataset: 'raw', rawTimeDataset: 'times' }),
  'raw data, NWB': (spoil) =>
    exportSpikeDataToNwb(recorded(spoil), path, { ...one, nwb, rawData: { conversion: 1, electrodes: spoil(Uint8Array.of(4, 2)) } }),
  'raw data, pickle': (spoil) => pickle(recorded(spoil)),
  'attributes, NWB': (spoil) => exportSpikeDataToNwb(described(spoil), path, { ...one, nwb }),
  'attributes, minimal NWB': (spoil) => exportSpikeDataToNwb(described(spoil), path, { ...one, profile: 'spikelab' }),
  'attributes, Phy': (spoil) => exportSpikeDataToKilosort(described(spoil), path, { ...one, fsHz, phy: true }),
  'attributes, pickle': (spoil) => pickle(described(spoil)),
  'cluster ids': (spoil) =>
    exportSpikeDataToKilosort(new SpikeData([[1], [2]]), path, { ...one, fsHz, clusterIds: spoil(Int32Array.of(5, 6)) }),
  'cluster ids, Phy': (spoil) =>
    exportSpikeDataToKilosort(new SpikeData([[1], [2]]), path, { ...one, fsHz, clusterIds: spoil(Int32Array.of(5, 6)), phy: true }),
  metadata: (spoil) =>
    pickle(new SpikeData([], { metadata: { small: spoil(Int8Array.of(1, 2)), nested: [spoil(ramp(LARGE)), Buffer.from('abc')] } })),
  'metadata, protocol 0': (spoil) =>
    pickle(new SpikeData([], { metadata: { small: spoil(Uint16Array.of(1)), large: spoil(ramp(LARGE)) } }), 0),
  rates: (spoil) => pickle(new RateData(matrix(spoil, [2, 3]), spoil(Uint32Array.of(1, 2, 3)))),
  'a matrix, and labels': (spoil) => pickle(new PairwiseCompMatrix(matrix(spoil, [2, 2]), { labels: [spoil(Int8Array.of(1)), 'b'] })),
  'a large matrix': (spoil) => pickle(new PairwiseCompMatrix(matrix(spoil, [100, 100]))),
  'a stack of matrices': (spoil) => pickle(new PairwiseCompMatrixStack(matrix(spoil, [2, 2, 2]))),
  'slices of rates': (spoil) => pickle(new RateSliceStack(matrix(spoil, [2, 2, 2]))),
}

/** What an entry writes, but for ids and dates that are new each time. */
async function written(entry: (spoil: Spoil) => Promise<unknown>, spoil: Spoil): Promise<string> {
  rmSync(path, { recursive: true, force: true })
  await entry(spoil)
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => `${path}/${name}`) : [path]
  const text = files.map((file) => `${file}\n${readFileSync(file, 'latin1')}`).join('\n')
  return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id').replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'a date')
}

/** The properties that every object of a class has, on all of its prototypes. */
function propertiesOf(prototype: object | null): PropertyKey[] {
  if (prototype === null) return []
  return [...Reflect.ownKeys(prototype), ...propertiesOf(Object.getPrototypeOf(prototype) as object | null)]
}

const mine = new Error('of the caller')
const fail = (): never => {
  throw mine
}

/** The false value that an object returns for a property. */
function lie(object: object, property: PropertyKey): unknown {
  const truth: unknown = Reflect.get(object, property)
  if (typeof truth === 'number') return 1e9
  if (typeof truth === 'string') return 'Float64Array'
  if (typeof truth === 'boolean') return !truth
  return typeof truth === 'function' ? () => new Float64Array(1) : new ArrayBuffer(8)
}

const WAYS: Record<string, (object: object, property: PropertyKey) => PropertyDescriptor> = {
  'a property': (object, property) => ({ value: lie(object, property) }),
  'a getter': (object, property) => {
    const value = lie(object, property)
    return { get: () => value }
  },
  'a getter that throws': () => ({ get: fail }),
}

/** An array of a subclass that has properties of its own instead of all of the class's. */
function ofSubclass<T extends NumericArray>(array: T): T {
  const prototype = Object.create(Object.getPrototypeOf(array) as object) as object
  for (const property of propertiesOf(Object.getPrototypeOf(array) as object)) {
    if (property !== '__proto__') Object.defineProperty(prototype, property, { get: fail, configurable: true })
  }
  return Object.setPrototypeOf(array, prototype) as T
}

const arrayProperties = [...new Set([...propertiesOf(Float64Array.prototype), ...propertiesOf(Buffer.prototype)])]
const bufferProperties = [
  ...new Set([...propertiesOf(ArrayBuffer.prototype), 'transfer', 'transferToFixedLength', 'resizable', 'maxByteLength']),
]

for (const [name, entry] of Object.entries(ENTRIES)) {
  t.test(name, async (t) => {
    const honest = await written(entry, (array) => array)
    const check = async (what: string, spoil: Spoil) => {
      const outcome = await written(entry, spoil).catch((error: unknown) => error)
      if (outcome !== honest) t.fail(`${what} changes what is written`, { outcome: outcome instanceof Error ? outcome : 'other bytes' })
    }
    // Those that only Buffers have are many, and no code of this library uses them.
    const properties = arrayProperties.filter((property) => property in Float64Array.prototype || /trains|metadata/.test(name))
    for (const [way, descriptor] of Object.entries(WAYS)) {
      for (const property of properties)
        await check(`${way} ${String(property)}`, (array) => Object.defineProperty(array, property, descriptor(array, property)))
      for (const property of bufferProperties) {
        await check(`${way} ${String(property)} of the buffer`, (array) => {
          Object.defineProperty(array.buffer, property, { ...descriptor(array.buffer, property), configurable: true })
          return array
        })
      }
    }
    await check('a subclass', ofSubclass)
    t.pass(`${Object.keys(WAYS).length * (properties.length + bufferProperties.length)} properties`)
  })
}

t.test('buffers that claim to be of another kind', async (t) => {
  const resizable = new (ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer)(32, { maxByteLength: 64 })
  Object.defineProperty(resizable, 'resizable', { value: false })
  t.throws(() => new PairwiseCompMatrix(new NDArray(new Float64Array(resizable), [2, 2])), {
    ...VALUE_ERROR,
    message: /neither shared, resizable/,
  })
  const times = new Float64Array(resizable)
  t.not(new SpikeData([times]).train[0], times, 'copied')
  const gone = Object.defineProperty(new Float64Array(4), 'length', { value: 4 })
  Object.defineProperty(gone.buffer, 'byteLength', { value: 32 })
  structuredClone(0, { transfer: [gone.buffer] })
  t.throws(() => new SpikeData([gone]), VALUE_ERROR)
  t.throws(() => new PairwiseCompMatrix(new NDArray(gone, [0, 0])), VALUE_ERROR)
})

t.test('buffers that cannot be kept from being transferred', async (t) => {
  const times = () => {
    const array = Float64Array.of(1, 2)
    Object.defineProperty(array.buffer, 'transfer', { value: fail })
    return array
  }
  t.strictSame([...new SpikeData([times()]).train[0]!], [1, 2])
  const raw = () => new SpikeData([], { rawData: new NDArray(times(), [1, 2]), rawTime: 1 })
  if ('transfer' in ArrayBuffer.prototype) t.throws(raw, VALUE_ERROR)
  else t.equal(raw().rawData.size, 2)
})

t.test('NDArrays of a subclass that lies about its shape and dtype', async (t) => {
  class Lying extends NDArray {
    override get ndim(): number {
      return 2
    }
    override get size(): number {
      return 1e9
    }
    override get dtype(): string {
      return '<i8'
    }
  }
  const lying = new Lying(Float64Array.of(1, 2, 3), [3])
  t.throws(() => new PairwiseCompMatrix(lying), VALUE_ERROR)
  t.throws(() => new RateData(lying, [1, 2, 3]), VALUE_ERROR)
  const attribute = (value: NDArray) => exportSpikeDataToNwb(new SpikeData([[1]], { neuronAttributes: [{ value }] }), path, { ...one, nwb })
  t.equal(
    await written(
      () => attribute(lying),
      (array) => array,
    ),
    await written(
      () => attribute(new NDArray(lying.data, [3])),
      (array) => array,
    ),
  )
})

t.test('a shape that is another one each time it is looked at', async (t) => {
  let reads = 0
  const shape = new Proxy([4], { get: (target, key) => (key === '0' ? (reads++ === 0 ? 4 : 1e9) : Reflect.get(target, key)) as unknown })
  t.strictSame(new NDArray(new Float64Array(4), shape).shape, [4])
})
