/**
 * Plans of HDF5 files, and both ways of writing one: files of contiguous datasets are written by spikeport itself, all others by
 * the HDF5 library.
 */
import { open } from 'node:fs/promises'
import fc from 'fast-check'
import { addon } from '../../lib/binding.js'
import { SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/model/ndarray.js'
import type { Hdf5Attribute, Hdf5Object, Hdf5Plan } from '../../lib/plan/hdf5-tree.js'
import { ARRAY_TYPES } from './array-types.js'

/** What a file holds. */
export type Hdf5Content = Pick<Hdf5Plan, 'attributes' | 'objects'>

const CONTIGUOUS = { layout: 'contiguous' } as const
const CHUNKED = { layout: 'chunked', chunkBytes: 1 << 20 } as const

export function array(path: string, data: NumericArray, shape: readonly number[] = [data.length], attributes: Hdf5Attribute[] = []): Hdf5Object {
  return { object: 'dataset', path, column: { column: 'array', data, shape }, storage: CONTIGUOUS, attributes }
}

/** One dataset for each of these trains. */
export function units(path: string, trains: readonly (readonly number[])[], fsHz?: number): Hdf5Object {
  const time = fsHz === undefined ? ({ to: 's' } as const) : ({ to: 'samples', fsHz } as const)
  const { nativeTrains } = new SpikeData(trains.map((train) => Float64Array.from(train)))
  return { object: 'repeat', path, column: { column: 'unitSpikeTimes', trains: nativeTrains, time }, storage: CONTIGUOUS }
}

/** Writes a file of contiguous datasets. */
export async function writeHdf5(content: Hdf5Content, target: string, threads = 1): Promise<void> {
  await run({ format: 'hdf5', target, ...content }, threads)
}

/** Has the library write the same: for one dataset with elements that is not contiguous, it writes all. */
export async function writeHdf5ByLibrary({ attributes, objects }: Hdf5Content, target: string): Promise<void> {
  const chunked = objects.map((object) => ({ ...object, storage: CHUNKED }))
  await run({ format: 'hdf5', target, attributes, objects: chunked }, 1)
}

/** No export of the public functions has such a number. */
let jobs = 2 ** 31

async function run(plan: Hdf5Plan, threads: number): Promise<void> {
  await addon.startJob(plan, { number: ++jobs, durable: false, threads })
}

/** Whether the library wrote a file, which begins with the root group. Spikeport begins with the data. */
export async function isByLibrary(path: string): Promise<boolean> {
  const addressOfRoot = 64
  const superblockSize = 96n
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, addressOfRoot)
    return buffer.readBigUInt64LE() === superblockSize
  } finally {
    await file.close()
  }
}

/** A name that is below, between, above and part of others; of any length, with any ASCII character that is not a slash. */
const name = fc.oneof(
  fc.constantFrom('a', 'a!', 'a-b', 'A', 'aa', '0', '10', '9', ' ', '~', '..', 'seven..', 'eight...', 'nine.....', 'n'.repeat(200)),
  fc
    .string({ unit: fc.integer({ min: 1, max: 0x7f }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes('/') && text !== '.'),
)

const value = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, -Infinity))

const attributes = fc.uniqueArray(fc.record({ name, value }), { selector: (attribute) => attribute.name, maxLength: 20 })

/** Of up to 100 kB, and so also of those that begin on a page. */
const shape = fc.oneof(fc.array(fc.nat(5), { maxLength: 4 }), fc.tuple(fc.nat(12_500)))

const dataset = fc.record({ type: fc.constantFrom(...ARRAY_TYPES), shape, attributes }).map(({ type, shape, attributes }) => {
  const data = new type(shape.reduce((size, length) => size * length, 1))
  for (let i = 0; i < data.length; i++) data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(i) : i
  return (path: string) => array(path, data, shape, attributes)
})

const unitGroup = fc
  .tuple(fc.array(fc.array(fc.nat(1000), { maxLength: 30 }), { maxLength: 40 }), fc.option(fc.constant(30_000), { nil: undefined }))
  .map(([trains, fsHz]) => (path: string) => units(path, trains, fsHz))

/** Files of datasets and groups, none inside another dataset. One dataset has elements, so that the library can write them too. */
export const contents: fc.Arbitrary<Hdf5Content> = fc
  .record({
    attributes,
    objects: fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.oneof(dataset, dataset, unitGroup)), { maxLength: 12 }),
  })
  .map(({ attributes, objects }) => {
    const placed: Hdf5Object[] = [array('of all', Float64Array.of(1, 2, 3))]
    for (const [names, make] of objects) {
      const path = names.join('/')
      const inside = (a: string, b: string) => `${a}/`.startsWith(`${b}/`)
      if (!placed.some((other) => inside(path, other.path) || inside(other.path, path))) placed.push(make(path))
    }
    return { attributes, objects: placed }
  })
