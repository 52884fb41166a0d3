/**
 * Plans of HDF5 files, and both writers of them: the direct one, and the HDF5 library's for what that cannot hold.
 */
import { open } from 'node:fs/promises'
import fc from 'fast-check'
import { addon } from '../../lib/engine/native.js'
import type {
  Hdf5Attribute,
  Hdf5Dataset,
  Hdf5Object,
  Hdf5Plan,
  Hdf5TextDataset,
  Hdf5Writer,
  PackedTexts,
} from '../../lib/engine/plan/hdf5-tree.js'
import { SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'

/** What a file holds. */
export type Hdf5Content = Pick<Hdf5Plan, 'attributes' | 'pageBytes'> & { objects: readonly Hdf5Object[] }

type Attributes = readonly Hdf5Attribute[]

/** Chooses the writer of HDF5 files: `auto`, `direct` or `library`. */
export const WRITER_VARIABLE = 'SPIKEPORT_HDF5_WRITER'

export const CONTIGUOUS = { layout: 'contiguous' } as const
export const CHUNKED = { layout: 'chunked', chunkBytes: 1 << 20 } as const
export const EXTENDABLE = { ...CHUNKED, isExtendable: true } as const

export function array(
  path: string,
  data: NumericArray,
  shape: readonly number[] = [data.length],
  attributes: Attributes = [],
): Hdf5Dataset {
  return { object: 'dataset', path, source: { kind: 'array', data, shape }, storage: CONTIGUOUS, attributes }
}

/** A dataset of texts, along one axis unless the shape has others. */
export function texts(
  path: string,
  values: readonly string[],
  shape: readonly number[] = [values.length],
  attributes: Attributes = [],
): Hdf5TextDataset {
  return { object: 'textDataset', path, texts: packed(values), shape, attributes }
}

export function packed(values: readonly string[]): PackedTexts {
  let end = 0
  const ends = Float64Array.from(values, (text) => (end += Buffer.byteLength(text)))
  return { bytes: new Uint8Array(Buffer.from(values.join(''))), ends }
}

/** References to one object, or to several in turn. */
export function references(path: string, targets: string | readonly string[], count: number, attributes: Attributes = []): Hdf5Object {
  const all = [targets].flat()
  return {
    object: 'referenceDataset',
    path,
    targets: all,
    choices: Int32Array.from({ length: count }, (_, i) => i % all.length),
    attributes,
  }
}

export function group(path: string, attributes: Attributes = []): Hdf5Object {
  return { object: 'group', path, attributes }
}

export function softLink(path: string, target: string): Hdf5Object {
  return { object: 'softLink', path, target }
}

/** One dataset for each of these trains. */
export function units(path: string, trains: readonly (readonly number[])[], fsHz?: number): Hdf5Object {
  const time = fsHz === undefined ? ({ to: 's' } as const) : ({ to: 'samples', fsHz } as const)
  const { nativeTrains } = new SpikeData(trains.map((train) => Float64Array.from(train)))
  return { object: 'unitDatasets', path, source: { kind: 'unitSpikeTimes', trains: nativeTrains, time }, storage: CONTIGUOUS }
}

/** The same dataset, to which rows can be added. Without an axis there are none, and it is contiguous. */
export function extendable<T extends Hdf5Object>(object: T, chunkBytes: number = EXTENDABLE.chunkBytes): T {
  return { ...object, storage: { ...EXTENDABLE, chunkBytes } }
}

/** Writes a file of these objects. */
export async function writeHdf5(content: Hdf5Content, target: string, threads = 1, writer: Hdf5Writer = 'auto'): Promise<void> {
  await addon.startExport({ format: 'hdf5', target, writer, ...content }, { durable: false, threads }).promise
}

/** Writes a file as exports do, and returns whether the direct writer did: the library lays out pages with compressed chunks. */
export async function writeHdf5AsUsual(content: Hdf5Content, target: string): Promise<boolean> {
  try {
    await writeHdf5(content, target, 1, 'direct')
    return true
  } catch (error) {
    const isOfPages = content.pageBytes !== undefined && /chunks to encode in pages/.test((error as { message: string }).message)
    if (!isOfPages) throw error
    await writeHdf5(content, target)
    return false
  }
}

/** Has the library write the same. */
export async function writeHdf5ByLibrary(content: Hdf5Content, target: string): Promise<void> {
  await writeHdf5(content, target, 1, 'library')
}

/** Runs something with the variable that chooses the writer. Nothing else may export meanwhile. */
export async function withWriter<T>(writer: string | undefined, action: () => Promise<T>): Promise<T> {
  const before = process.env[WRITER_VARIABLE]
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env[WRITER_VARIABLE]
    else process.env[WRITER_VARIABLE] = value
  }
  set(writer)
  try {
    return await action()
  } finally {
    set(before)
  }
}

/** Whether the library wrote a file, in which the root group comes first. In those of the direct writer it comes last of all groups. */
export async function isByLibrary(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(96), 0, 96, 0)
    // A paged file has an object header with its page size before it.
    const [addressOfRoot, first] = buffer[8] === 0 ? [64, 96n] : [36, 48n + 56n]
    return buffer.readBigUInt64LE(addressOfRoot) === first
  } finally {
    await file.close()
  }
}

/** Tools stumble over others: h5dump takes the name of a reference's target for a format of printf, and h5wasm a name for a property. */
const isUsable = (name: string) => name !== '' && name !== '.' && name !== '__proto__' && !/[\0/%]/.test(name)

/** A name that is below, between, above and part of others; of any length, in ASCII or any other characters of UTF-8. */
const name = fc.oneof(
  fc.constantFrom('µ', 'µs', 'a µ', 'é', 'ÿ', '€', '名', '😀', '\u{10ffff}', '\ue000', 'ü'.repeat(100)),
  fc.string({ unit: 'binary', maxLength: 12 }).filter(isUsable),
  fc.constantFrom('a', 'a!', 'a-b', 'A', 'aa', '0', '10', '9', ' ', '~', '..', 'seven..', 'eight...', 'nine.....', 'n'.repeat(200)),
  fc.string({ unit: fc.integer({ min: 1, max: 0x7f }).map((code) => String.fromCharCode(code)), maxLength: 20 }).filter(isUsable),
)

/** Of any length up to a few words, with any character but NUL; and a few of a length that fills, or is more than, a block of texts. */
const text = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replaceAll('\0', '')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...'aé€😀'), fc.constantFrom(8, 100, 1000, 4040, 4064, 10_000))
      .map(([c, count]) => c.repeat(count)),
  },
)

/** Stands for the path of one of the places that a file will have. */
const ANY_PLACE = fc.nat().map((number) => ({ reference: `${number}` }))

const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((int32) => ({ int32 }))

/** Numbers of any dtype without an axis, or along one. */
const NUMBERS = fc.record({ type: fc.constantFrom(...ARRAY_TYPES), length: fc.option(fc.nat(9)) }).map(({ type, length }) => {
  const numbers: NumericArray = new type(length ?? 1)
  for (let i = 0; i < numbers.length; i++) numbers[i] = typeof numbers[i] === 'bigint' ? BigInt(i + 1) : i + 1
  return { numbers, shape: length === null ? [] : [length] }
})
const BOOLEANS = fc.array(fc.nat(1), { maxLength: 9 }).map((flags) => ({
  numbers: Int8Array.from(flags),
  shape: [flags.length],
  areBooleans: true,
}))
const LONG_TEXT = text.map((value) => ({ utf8: Buffer.from(value) }))

const value = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, NaN, -Infinity),
  INT32,
  text,
  fc.array(text, { maxLength: 5 }),
  ANY_PLACE,
  NUMBERS,
  BOOLEANS,
  LONG_TEXT,
)

const attributes = fc.uniqueArray(fc.record({ name, value }), { selector: (attribute) => attribute.name, maxLength: 20 })

/** Of up to 100 kB, and so also of those that begin on a page. */
const shape = fc.oneof(fc.array(fc.nat(5), { maxLength: 4 }), fc.tuple(fc.nat(12_500)))

const sizeOf = (lengths: readonly number[]) => lengths.reduce((size, length) => size * length, 1)

/** Fills an array with 0, 1, 2, … */
export function numbered(data: NumericArray): NumericArray {
  for (let i = 0; i < data.length; i++) data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(i) : i
  return data
}

const dataset = fc.record({ type: fc.constantFrom(...ARRAY_TYPES), shape, attributes }).map(({ type, shape, attributes }) => {
  const data = numbered(new type(sizeOf(shape)))
  return (path: string): Hdf5Object => array(path, data, shape, attributes)
})

const booleans = fc.record({ shape, attributes }).map(({ shape, attributes }) => {
  const data = Int8Array.from({ length: sizeOf(shape) }, (_, i) => (i % 3 === 0 ? 1 : 0))
  return (path: string): Hdf5Object => ({ ...array(path, data, shape, attributes), isBoolean: true })
})

const source = fc
  .oneof(
    fc.record({
      kind: fc.constant('range' as const),
      first: fc.nat(),
      count: fc.nat(20),
      type: fc.constantFrom(undefined, 'uint64' as const, 'uint32' as const),
    }),
    fc.record({
      kind: fc.constant('repeated' as const),
      data: fc.constantFrom(Int8Array.of(1, 2, 3), Float64Array.of(0.5, -1)),
      count: fc.nat(20_000),
    }),
    fc
      .record({ type: fc.constantFrom(...ARRAY_TYPES), shape: fc.tuple(fc.nat(40), fc.nat(40)) })
      .map(({ type, shape }) => ({ kind: 'transposed' as const, data: numbered(new type(sizeOf(shape))), shape })),
  )
  .map(
    (source) =>
      (path: string): Hdf5Object => ({ object: 'dataset', path, source: source as Hdf5Dataset['source'], storage: CONTIGUOUS }),
  )

const textDataset = fc
  .record({ shape: fc.array(fc.nat(4), { maxLength: 4 }), some: fc.array(text, { minLength: 1, maxLength: 9 }), attributes })
  .map(({ shape, some, attributes }) => {
    const values = Array.from({ length: sizeOf(shape) }, (_, i) => some[i % some.length]!)
    return (path: string): Hdf5Object => texts(path, values, shape, attributes)
  })

const targets = fc.array(ANY_PLACE, { minLength: 1, maxLength: 3 })
const referenceDataset = fc.record({ targets, count: fc.oneof(fc.nat(5), fc.nat(20_000)), attributes }).map(
  ({ targets, count, attributes }) =>
    (path: string): Hdf5Object =>
      references(
        path,
        targets.map(({ reference }) => reference),
        count,
        attributes,
      ),
)

const groupWithAttributes = attributes.map(
  (attributes) =>
    (path: string): Hdf5Object =>
      group(path, attributes),
)

const link = fc
  .oneof(text, fc.constantFrom('/of all', '..', 'nowhere/at/all'))
  .filter((target) => target !== '')
  .map(
    (target) =>
      (path: string): Hdf5Object =>
        softLink(path, target),
  )

const unitGroup = fc
  .tuple(fc.array(fc.array(fc.nat(1000), { maxLength: 30 }), { maxLength: 40 }), fc.option(fc.constant(30_000), { nil: undefined }))
  .map(
    ([trains, fsHz]) =>
      (path: string): Hdf5Object =>
        units(path, trains, fsHz),
  )

/** In chunks of a few rows to all, some with a B-tree of several levels. */
const extendableDataset = fc
  .tuple(fc.oneof(dataset, textDataset, referenceDataset, booleans, source), fc.constantFrom(1024, 4096, 1 << 20))
  .map(
    ([make, chunkBytes]) =>
      (path: string): Hdf5Object =>
        extendable(make(path), chunkBytes),
  )

/** In chunks that are encoded one by one. */
const encodedDataset = fc
  .tuple(
    fc.oneof(dataset, booleans, source, unitGroup),
    fc.record(
      {
        layout: fc.constant('chunked' as const),
        chunkBytes: fc.constantFrom(100, 1024, 1 << 20),
        deflateLevel: fc.constantFrom(1, 6),
        shuffle: fc.boolean(),
        isExtendable: fc.boolean(),
      },
      { requiredKeys: ['layout', 'chunkBytes'] },
    ),
  )
  .map(
    ([make, storage]) =>
      (path: string): Hdf5Object =>
        ({ ...make(path), storage }) as Hdf5Object,
  )

const anyObject = fc.oneof(
  ...[
    dataset,
    dataset,
    unitGroup,
    textDataset,
    textDataset,
    referenceDataset,
    groupWithAttributes,
    groupWithAttributes,
    link,
    booleans,
    source,
  ],
  ...[extendableDataset, extendableDataset],
  ...[encodedDataset, encodedDataset],
)

/** Files of all kinds of objects, none inside another that is no group. */
export const contents: fc.Arbitrary<Hdf5Content> = fc
  .record({ attributes, objects: fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), anyObject), { maxLength: 16 }) })
  .map(({ attributes, objects }) => {
    const placed: Hdf5Object[] = [array('of all', Float64Array.of(1, 2, 3))]
    for (const [names, make] of objects) {
      const object = make(names.join('/'))
      if (!placed.some((other) => collide(object, other))) placed.push(object)
    }
    const places = placesOf(placed)
    const pick = (reference: string) => places[Number(reference) % places.length]!
    const resolved = (given: Attributes = []) =>
      given.map(({ name, value }) => ({ name, value: isReference(value) ? { reference: pick(value.reference) } : value }))
    const all = placed.map((object) => ({
      ...object,
      ...('attributes' in object && { attributes: resolved(object.attributes) }),
      ...(object.object === 'referenceDataset' && { targets: object.targets.map(pick) }),
    }))
    return { attributes: resolved(attributes), objects: groupsFirst(all as Hdf5Object[]) }
  })

/** Whether one is where the other is, or inside it, and it is no group. */
function collide(a: Hdf5Object, b: Hdf5Object): boolean {
  const inside = (inner: Hdf5Object, outer: Hdf5Object) => outer.object !== 'group' && inner.path.startsWith(`${outer.path}/`)
  return a.path === b.path || inside(a, b) || inside(b, a)
}

function isReference(value: Hdf5Attribute['value']): value is { reference: string } {
  return typeof value === 'object' && 'reference' in value
}

/** All that a reference can be to: objects, one dataset a unit, the groups around them, and the root. */
function placesOf(objects: readonly Hdf5Object[]): string[] {
  const places = new Set(['/'])
  for (const { object, path, ...rest } of objects) {
    const names = path.split('/')
    for (let depth = object === 'softLink' ? names.length - 1 : names.length; depth > 0; depth--)
      places.add(names.slice(0, depth).join('/'))
    const source = 'source' in rest ? rest.source : undefined
    if (source?.kind === 'unitSpikeTimes') for (let unit = 0; unit < source.trains.unitCount; unit++) places.add(`${path}/${unit}`)
  }
  return [...places]
}

/** A group precedes everything in it. */
function groupsFirst(objects: readonly Hdf5Object[]): Hdf5Object[] {
  const groups = objects.filter(({ object }) => object === 'group').sort((a, b) => a.path.length - b.path.length)
  return [...groups, ...objects.filter(({ object }) => object !== 'group')]
}

/** The same in pages, so small that things do not fit into them. */
export const pagedContents: fc.Arbitrary<Hdf5Content> = fc
  .tuple(contents, fc.constantFrom(512, 4096, 2 ** 16))
  .map(([content, pageBytes]) => ({ ...content, pageBytes }))
