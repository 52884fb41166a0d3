/**
 * Files that spikeport writes without the HDF5 library: as the library writes and reads them.
 */
import { deepStrictEqual } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { JobFailure } from '../../lib/engine/native-addon.js'
import type { Hdf5Object } from '../../lib/engine/plan/hdf5-tree.js'
import { exportSpikeDataToHdf5, SpikeData } from '../../lib/index.js'
import { readContent, readHdf5 } from '../support/hdf5-file.js'
import type { Hdf5Content } from '../support/hdf5-plans.js'
import {
  array,
  contents,
  extendable,
  isByLibrary,
  numbered,
  pagedContents,
  references,
  texts,
  units,
  writeHdf5,
  writeHdf5AsUsual,
  writeHdf5ByLibrary,
} from '../support/hdf5-plans.js'
import { readStructure, structureProblems } from '../support/hdf5-structure.js'
import { fc } from '../support/property.js'

const dir = t.testdir()
const file = `${dir}/file.h5`
const twin = `${dir}/twin.h5`

for (const [of, all] of Object.entries({ 'any tree': contents, 'any tree in pages': pagedContents })) {
  t.test(`${of}, as the library writes it`, async () => {
    const property = fc.asyncProperty(all, async (content) => {
      const isDirect = await writeHdf5AsUsual(content, file)
      await writeHdf5ByLibrary(content, twin)
      deepStrictEqual(await readContent(file), await readContent(twin))
      if (!isDirect) return
      deepStrictEqual([await isByLibrary(file), await isByLibrary(twin)], [false, true])
      const { problems, pageBytes } = readStructure(readFileSync(file))
      deepStrictEqual([problems, pageBytes], [[], content.pageBytes])
    })
    await fc.assert(property, { numRuns: 200 })
  })
}

t.test('one dataset a unit, for any number of units', async (t) => {
  for (const count of [0, 1, 2, 7, 8, 9, 10, 11, 31, 32, 33, 99, 100, 101, 256, 257, 1000, 8192, 8193]) {
    const trains = Array.from({ length: count }, (_, unit) => Array.from({ length: (unit * 7) % 4 }, (_, i) => unit + i))
    await writeHdf5({ attributes: [], objects: [units('u', trains)] }, file)
    const { datasets } = await readHdf5(file)
    t.strictSame(Object.keys(datasets), trains.map((_, unit) => `u/${unit}`).sort(), `${count} units in the order of their names`)
    const wrong = trains.findIndex((train, unit) => String(datasets[`u/${unit}`]!.values) !== String(train.map((ms) => ms / 1000)))
    t.equal(wrong, -1)
    t.strictSame(structureProblems(readFileSync(file)), [])
  }
})

t.test('the same plan gives the same bytes, however many threads write them', async (t) => {
  const trains = Array.from({ length: 20_000 }, (_, unit) => Array.from({ length: unit % 60 }, (_, i) => unit + i))
  const content: Hdf5Content = {
    attributes: [{ name: 'start_time', value: 0.5 }],
    objects: [
      array('big', new Float64Array(700_000).fill(0.25)),
      units('a/units', trains),
      array('a/odd', new Int8Array(77), [7, 11]),
      extendable(array('rows', new Float64Array(900_001).fill(0.75))),
    ],
  }
  await writeHdf5(content, file, 1)
  const bytes = readFileSync(file)
  for (const threads of [1, 2, 3, 8]) {
    await writeHdf5(content, twin, threads)
    t.ok(readFileSync(twin).equals(bytes), `${threads} threads`)
  }
})

t.test('extendable datasets of any length, as the library writes them', async (t) => {
  // Chunks of 128 numbers, of which a node of the B-tree has 64.
  for (const length of [0, 1, 127, 128, 129, 64 * 128, 64 * 128 + 1, 64 * 64 * 128, 64 * 64 * 128 + 1]) {
    const texted = Array.from({ length: length % 10_000 }, (_, i) => `text ${i}`)
    const content: Hdf5Content = {
      attributes: [],
      objects: [
        array('of all', Int8Array.of(1)),
        extendable(array('numbers', numbered(new Float64Array(length))), 1024),
        extendable(array('rows', numbered(new Int16Array(3 * length)), [length, 3]), 1024),
        extendable(array('no columns', new Int16Array(0), [length, 0]), 1024),
        extendable(texts('texts', texted), 1024),
        extendable(references('references', 'texts', length), 1024),
      ],
    }
    await writeHdf5(content, file, 2)
    await writeHdf5ByLibrary(content, twin)
    t.strictSame([await isByLibrary(file), await isByLibrary(twin)], [false, true])
    t.ok(isDeepStrictEqual(await readContent(file), await readContent(twin)), `${length} rows`)
    for (const path of [file, twin]) t.strictSame(structureProblems(readFileSync(path)), [])
  }
})

t.test('chunks of extendable datasets are about as long as the datasets', async (t) => {
  const chunksOf = async (shape: readonly number[], chunkBytes?: number) => {
    const size = shape.reduce((product, length) => product * length, 1)
    await writeHdf5({ attributes: [], objects: [extendable(array('x', new Float64Array(size), shape), chunkBytes)] }, file)
    t.notOk(await isByLibrary(file))
    t.strictSame(structureProblems(readFileSync(file)), [])
    return (await readHdf5(file)).datasets['x']!.chunks
  }
  t.strictSame(await chunksOf([0]), [128], 'no rows')
  t.strictSame(await chunksOf([5]), [128], 'few rows: room for some more')
  t.strictSame(await chunksOf([5, 1000]), [5, 1000], 'few large rows')
  t.strictSame(await chunksOf([131_072]), [131_072], 'as much as a chunk holds')
  t.strictSame(await chunksOf([131_073]), [65_537], 'two chunks, with hardly anything after the last row')
  t.strictSame(await chunksOf([3, 0]), [128, 1], 'rows without columns')
  t.strictSame(await chunksOf([9, 2], 8), [1, 1], 'rows that are larger than a chunk')
})

t.test('extendable datasets lie in one stretch of the file, with zeros up to the end of their last chunk', async (t) => {
  const data = new Float64Array(300_000).fill(0.25)
  await writeHdf5({ attributes: [], objects: [extendable(array('x', data))] }, file)
  const bytes = readFileSync(file)
  const { chunks } = readStructure(bytes)
  const { address, size } = chunks[0]!
  t.strictSame(
    chunks.map((chunk) => chunk.address),
    [address, address + size, address + 2 * size],
  )
  const padding = Buffer.alloc(3 * size - data.byteLength)
  t.ok(bytes.subarray(address, address + 3 * size).equals(Buffer.concat([new Uint8Array(data.buffer), padding])))
})

t.test('large datasets begin on a page', async (t) => {
  const marks = (count: number, mark: number) => new Float64Array(count).fill(mark)
  const objects = [
    array('small', marks(8191, 1.1)),
    array('odd', new Int8Array(3)),
    array('large', marks(8192, 2.2)),
    array('x/large', marks(9999, 3.3)),
  ]
  await writeHdf5({ attributes: [], objects }, file)
  const bytes = readFileSync(file)
  const address = (mark: number) => bytes.indexOf(Buffer.from(Float64Array.of(mark).buffer))
  t.strictSame([address(1.1) % 8, address(2.2) % 4096, address(3.3) % 4096], [0, 0, 0])
})

t.test('a paged file has its metadata in front, then datasets by their size, and large ones begin on a page', async (t) => {
  const pageBytes = 2 ** 16
  const filled = (bytes: number) => new Uint8Array(bytes).fill(7)
  const objects = [
    array('large', filled(2 * pageBytes + 1)),
    extendable(array('table', filled(5 * pageBytes)), pageBytes),
    array('medium', filled(pageBytes - 4096)),
    array('small', filled(10)),
    texts('texts', ['a', 'b']),
    ...Array.from({ length: 30 }, (_, i) => array(`column ${i}`, filled(100), [100], [{ name: 'description', value: `column ${i}` }])),
  ]
  await writeHdf5({ attributes: [], objects, pageBytes }, file)
  const bytes = readFileSync(file)
  const { problems, chunks } = readStructure(bytes)
  t.strictSame(problems, [])
  t.strictSame(
    chunks.map(({ address, size }) => [address % pageBytes, size]),
    Array(5).fill([0, pageBytes]),
    'a chunk is a page',
  )
  // From the back: the chunks, the large dataset in a page and two more, and in the first two pages all others.
  t.equal(bytes.length, chunks[0]!.address + 5 * pageBytes)
  t.equal(chunks[0]!.address, 5 * pageBytes)
  t.strictSame([bytes[2 * pageBytes], bytes[4 * pageBytes], bytes[4 * pageBytes + 1]], [7, 7, 0])
  t.ok(Math.max(...['GCOL', 'TREE', 'SNOD', 'HEAP'].map((name) => bytes.lastIndexOf(name))) < pageBytes)
  const little = { attributes: [], objects: objects.slice(3), pageBytes: 2 ** 24 }
  await writeHdf5(little, file)
  t.ok(readFileSync(file).length < 40_000, 'small files stay small')
})

t.test('groups in groups in groups', async (t) => {
  const path = (depth: number, name: string) => [...Array<string>(depth).fill('g'), name].join('/')
  const objects = [array(path(50, 'last'), Int32Array.of(5)), array(path(20, 'x'), new Float32Array(0)), array('h', Int8Array.of(1))]
  await writeHdf5({ attributes: [], objects }, file)
  const { groups, datasets } = await readHdf5(file)
  t.equal(groups.length, 50)
  t.strictSame(Object.keys(datasets), [path(50, 'last'), path(20, 'x'), 'h'])
})

t.test('encoded chunks, as the library writes them, in B-trees of up to three levels', async (t) => {
  const compressed = { layout: 'chunked', chunkBytes: 1024, deflateLevel: 1, shuffle: true } as const
  for (const length of [1, 128, 129, 64 * 128, 64 * 128 + 1, 64 * 64 * 128 + 1]) {
    const trains = [[], Array.from({ length }, (_, i) => i), [5], []]
    const content: Hdf5Content = {
      attributes: [],
      objects: [
        array('of all', Int8Array.of(1)),
        { ...array('rows', numbered(new Float64Array(length))), storage: compressed },
        { ...array('wide', numbered(new Int16Array(2 * length)), [2, length]), storage: { ...compressed, isExtendable: true } },
        { ...array('plain', numbered(new Int16Array(3 * length)), [3, length]), storage: { layout: 'chunked', chunkBytes: 1024 } },
        { ...units('units', trains), storage: compressed } as Hdf5Object,
        references('reference', ['units/1', 'wide'], 3),
      ],
    }
    await writeHdf5(content, file, 1, 'direct')
    await writeHdf5ByLibrary(content, twin)
    t.strictSame([await isByLibrary(file), await isByLibrary(twin)], [false, true])
    t.ok(isDeepStrictEqual(await readContent(file), await readContent(twin)), `${length} rows`)
    for (const path of [file, twin]) t.strictSame(structureProblems(readFileSync(path)), [])
    const bytes = readFileSync(file)
    await writeHdf5(content, file, 3, 'direct')
    t.ok(readFileSync(file).equals(bytes), 'the same on several threads')
  }
})

t.test('chunks of zeros of a raster are not stored', async (t) => {
  // 8 chunks of 128 bins a unit, of which the second unit has none.
  const stored = { none: [], one: [1], all: Array.from({ length: 1000 }, (_, i) => i + 0.5) }
  const counts = { none: 0, one: 1, all: 8 }
  for (const [which, train] of Object.entries(stored)) {
    const sd = new SpikeData([train, []], { length: 1000 })
    for (const how of [{ layout: 'chunked' }, { compression: { level: 1 } }, { compression: { level: 6 } }] as const) {
      await exportSpikeDataToHdf5(sd, file, { style: 'raster', rasterBinSizeMs: 1, chunkBytes: 1024, ...how })
      t.notOk(await isByLibrary(file))
      t.equal(readStructure(readFileSync(file)).chunks.length, counts[which as keyof typeof counts], `${which}, ${JSON.stringify(how)}`)
      const { values } = (await readHdf5(file)).datasets['raster']!
      t.equal(Array.from(values as ArrayLike<bigint>).filter((count) => count === 1n).length, train.length)
    }
  }
})

t.test('what only the library can hold', async (t) => {
  // Chunks of texts that are no whole rows.
  const content: Hdf5Content = { attributes: [], objects: [extendable(texts('t', Array<string>(64).fill('é'), [2, 32]), 256)] }
  await writeHdf5(content, file)
  t.ok(await isByLibrary(file))
  await t.rejects(writeHdf5(content, twin, 1, 'direct'))
})

t.test('what the format cannot hold is left to the library, which refuses it', async (t) => {
  const few = Float64Array.of(1)
  const before = readdirSync(dir)
  const contents: Record<string, Hdf5Content> = {
    'two of one name': { attributes: [], objects: [array('a/b', few), array('a/b', few)] },
    'one inside another': { attributes: [], objects: [array('a', few), array('c', few), array('a/b', few)] },
    'one inside the units': { attributes: [], objects: [units('a', [[1]]), array('a/x/y', few), array('a/x', few)] },
    'two attributes of one name': {
      attributes: [],
      objects: [
        array(
          'a',
          few,
          [1],
          [
            { name: 'n', value: 1 },
            { name: 'n', value: 2 },
          ],
        ),
      ],
    },
    'an attribute of more than 64 kB': { attributes: [{ name: 'n'.repeat(65_500), value: 1 }], objects: [] },
    '33 axes': { attributes: [], objects: [array('a', few, Array<number>(33).fill(1))] },
  }
  for (const [what, content] of Object.entries(contents)) {
    const outcome = writeHdf5(content, `${dir}/refused.h5`).then(
      () => 'written',
      ({ failure }: JobFailure) => failure,
    )
    t.equal(await outcome, 'hdf5', what)
  }
  t.strictSame(readdirSync(dir), before)
})

t.test('attributes up to the limit', async (t) => {
  const names = Array.from({ length: 3 }, (_, i) => String(i).repeat(65_400))
  const attributes = [...names, ...Array.from({ length: 1000 }, (_, i) => `attribute ${i}`)].map((name, value) => ({ name, value }))
  await writeHdf5({ attributes, objects: [array('x', Float64Array.of(1), [1], attributes)] }, file)
  t.notOk(await isByLibrary(file))
  const found = await readHdf5(file)
  const expected = Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
  for (const owner of [found, found.datasets['x']!]) t.strictSame(owner.attributes, expected)
})
