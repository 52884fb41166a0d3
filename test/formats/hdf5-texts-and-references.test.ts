/**
 * Texts, references, links and groups in HDF5 files, however they are written: the cases in which there is just enough room, or
 * just not.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import t from 'tap'
import type { JobFailure } from '../../lib/engine/native-addon.js'
import type { Hdf5Attribute, Hdf5Writer } from '../../lib/engine/plan/hdf5-tree.js'
import type { ReadFile, ReadReference } from '../support/hdf5-file.js'
import { readContent, readHdf5 } from '../support/hdf5-file.js'
import type { Hdf5Content } from '../support/hdf5-plans.js'
import {
  array,
  group,
  isByLibrary,
  packed,
  references,
  softLink,
  texts,
  units,
  writeHdf5,
  writeHdf5ByLibrary,
} from '../support/hdf5-plans.js'
import { structureProblems } from '../support/hdf5-structure.js'
import { same } from '../support/same.js'

const dir = t.testdir()
const file = `${dir}/file.h5`
const twin = `${dir}/twin.h5`

/** Writes a file by both writers, and returns its content, which is the same. */
async function written(t: Test, content: Hdf5Content, what: string): Promise<ReadFile> {
  await writeHdf5(content, file)
  await writeHdf5ByLibrary(content, twin)
  t.strictSame([await isByLibrary(file), await isByLibrary(twin)], [false, true], `${what}: written by both`)
  for (const path of [file, twin]) t.strictSame(structureProblems(readFileSync(path)), [], `${what}: the structure`)
  same(t, await readContent(twin), await readContent(file), `${what}: the same`)
  return readHdf5(file)
}

/** What becomes of a file that cannot be. */
const failure = async (content: Hdf5Content, writer: Hdf5Writer = 'auto') =>
  writeHdf5(content, `${dir}/refused.h5`, 1, writer).then(
    () => ({ failure: 'none' }),
    (failed: JobFailure) => failed,
  )

const values = (read: ReadFile, path: string) => read.datasets[path]!.values as unknown

const attribute = (name: string, value: Hdf5Attribute['value']): Hdf5Attribute => ({ name, value })

t.test('attributes of all kinds', async (t) => {
  const attributes = [
    attribute('text', 'some µ text, 😀'),
    attribute('empty', ''),
    attribute('list', ['one', '', 'three']),
    attribute('empty list', []),
    attribute('list of one', ['one']),
    attribute('number', -0),
    attribute(
      'many',
      Array.from({ length: 4000 }, (_, i) => `${i}`),
    ),
  ]
  const objects = [
    group('g', attributes),
    array('g/x', Int8Array.of(1), [1], attributes),
    texts('t', ['a'], [], attributes),
    references('r', 'g', 1, attributes),
  ]
  const read = await written(t, { attributes, objects }, 'attributes')
  const expected = Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
  for (const found of [read.attributes, read.groupAttributes['g'], ...['g/x', 't', 'r'].map((path) => read.datasets[path]!.attributes)])
    t.strictSame(found, expected)
})

t.test('texts that fill a collection of the heap, or leave little of it free', async (t) => {
  // One of them takes 16 bytes and its own, which are padded; the collection's header takes 16 of its 4096.
  for (let length = 4038; length <= 4066; length++) {
    const value = 'x'.repeat(length)
    await writeHdf5({ attributes: [attribute('a', value)], objects: [] }, file)
    t.strictSame(structureProblems(readFileSync(file)), [], `${4064 - length} bytes left`)
    t.equal((await readHdf5(file)).attributes['a'], value)
  }
})

t.test('as many texts as fill collections, and one more or less', async (t) => {
  const counts = { '': [4094, 4095, 4096, 8190, 8191], 'eight by': [2729, 2730, 2731, 5460, 5461], 'nine byte': [2046, 2047, 2048] }
  for (const [text, numbers] of Object.entries(counts)) {
    for (const count of numbers) {
      const all = new Array<string>(count).fill(text)
      await writeHdf5({ attributes: [], objects: [texts('t', all)] }, file)
      t.strictSame(structureProblems(readFileSync(file)), [], `${count} of ${text.length} bytes`)
      t.strictSame(values(await readHdf5(file), 't'), all)
    }
  }
})

t.test('texts of all lengths, and more than 65,535 of them', async (t) => {
  const lengths = [0, 1, 7, 8, 9, 4079, 4080, 4081, 10_000, 65_503, 65_504, 65_505, 100_000, 0, 3]
  const long = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length))
  const many = Array.from({ length: 70_000 }, (_, i) => (i % 10_000 === 5 ? 'é'.repeat(40_000) : `text ${i}`))
  const objects = [texts('each', long), texts('many', many), ...long.map((text, i) => texts(`alone/${i}`, [text], []))]
  const read = await written(t, { attributes: long.map((text, i) => attribute(`${i}`, text)), objects }, 'long texts')
  t.strictSame(values(read, 'each'), long)
  t.strictSame(values(read, 'many'), many)
  for (const [i, text] of long.entries()) t.equal(values(read, `alone/${i}`), text)
  t.strictSame(
    Object.values(read.attributes),
    Object.keys(read.attributes).map((i) => long[Number(i)]),
  )
})

t.test('a long text takes no more than its own room', async (t) => {
  await writeHdf5({ attributes: [attribute('long', 'x'.repeat(100_000))], objects: [] }, file)
  t.ok(readFileSync(file).length < 102_000)
})

t.test('shapes of texts', async (t) => {
  for (const shape of [
    [],
    [1],
    [6],
    [2, 3],
    [3, 1, 2],
    [1, 5000],
    [5000, 2],
    [2, 3, 4, 5, 6],
    [0],
    [0, 3],
    [3, 0],
    Array<number>(32).fill(1),
  ]) {
    const size = shape.reduce((product, length) => product * length, 1)
    const all = Array.from({ length: size }, (_, i) => `${i}`)
    const read = await written(t, { attributes: [], objects: [texts('t', all, shape)] }, `shape ${shape.join(' × ')}`)
    t.strictSame(read.datasets['t']!.shape, shape)
    t.strictSame(values(read, 't'), shape.length === 0 ? '0' : all)
  }
})

t.test('the same texts give the same bytes, however many threads write them', async (t) => {
  const many = Array.from({ length: 200_000 }, (_, i) => `text ${i}`)
  const digits = Array.from({ length: 700_000 }, (_, i) => i).join(' ')
  const long = ['before', digits, 'between', digits.slice(1_234_567), 'behind']
  const content = { attributes: [], objects: [texts('many', many), texts('long', long), references('r', 'many', 1_000_000)] }
  await writeHdf5(content, file, 1)
  const bytes = readFileSync(file)
  for (const threads of [1, 2, 3, 8]) {
    await writeHdf5(content, twin, threads)
    t.ok(readFileSync(twin).equals(bytes), `${threads} threads`)
  }
  const read = await readHdf5(file)
  t.strictSame(values(read, 'many'), many)
  t.ok((values(read, 'long') as string[]).every((text, i) => text === long[i]))
})

t.test('references to objects of every kind', async (t) => {
  const targets = {
    '/': '/',
    top: '/top',
    implicit: '/implicit',
    'implicit/inner': '/implicit/inner',
    'implicit/inner/x': '/implicit/inner/x',
    t: '/t',
  }
  const more = { 'a/units': '/a/units', 'a/units/0': '/a/units/0', 'a/units/11': '/a/units/11', r0: '/r0', '/implicit/./x': '/implicit/x' }
  const all = { ...targets, ...more }
  const many = 140_000
  const attributes = Object.keys(all).map((path, i) => attribute(`to ${i}`, { reference: path }))
  const objects = [
    group('top', attributes),
    ...Object.keys(all).map((path, i) => references(`r${i}`, path, i, attributes)),
    array('implicit/inner/x', Float64Array.of(1), [1], attributes),
    array('implicit/x', Float64Array.of(1)),
    texts('t', ['a', 'b'], [2], attributes),
    group('top/inner', attributes),
    softLink('top/link', '/implicit/x'),
    references('many', 'implicit/inner', many),
    references('to several', Object.keys(all), many),
    references('to several, of none', Object.keys(all), 0),
    units(
      'a/units',
      Array.from({ length: 12 }, (_, unit) => [unit]),
    ),
  ]
  const read = await written(t, { attributes, objects }, 'references')
  const expected = Object.fromEntries(Object.values(all).map((reference, i) => [`to ${i}`, [{ reference }]]))
  for (const found of [read.attributes, read.groupAttributes['top'], read.groupAttributes['top/inner'], read.datasets['t']!.attributes])
    t.strictSame(found, expected)
  for (const [i, reference] of Object.values(all).entries())
    t.strictSame(
      values(read, `r${i}`),
      Array.from({ length: i }, () => ({ reference })),
    )
  t.ok((values(read, 'many') as ReadReference[]).every(({ reference }) => reference === '/implicit/inner'))
  const several = Object.values(all)
  const found = values(read, 'to several') as ReadReference[]
  t.equal(found.length, many)
  t.ok(found.every(({ reference }, i) => reference === several[i % several.length]))
  t.strictSame(values(read, 'to several, of none'), [])
})

t.test('groups and links', async (t) => {
  const objects = [
    group('empty'),
    group('outer', [attribute('a', 'A')]),
    group('outer/empty'),
    group('outer/inner', [attribute('b', ['B'])]),
    array('outer/inner/x', Float64Array.of(1)),
    group('other/implicit/empty'),
    softLink('outer/to nothing', 'nowhere'),
    softLink('outer/inner/to empty', '/empty'),
    softLink('long', '/x'.repeat(5000)),
    ...['/', '//', '//a///b//', 'a/', '.', './../a'].map((target, i) => softLink(`odd/${i}`, target)),
    ...Array.from({ length: 40 }, (_, i) => softLink(`links/${i}`, `../empty/${'é'.repeat(i)}`)),
    ...Array.from({ length: 40 }, (_, i) => group(`groups/${i}`, [attribute('i', i)])),
  ]
  const read = await written(t, { attributes: [], objects }, 'groups and links')
  t.strictSame(read.groupAttributes['outer'], { a: 'A' })
  t.strictSame(read.groupAttributes['outer/inner'], { b: ['B'] })
  t.strictSame(read.links['outer/inner/to empty'], '/empty')
  t.equal(Object.keys(read.links).length, 49)
})

t.test('booleans are what h5py makes of them', async (t) => {
  const data = Int8Array.of(1, 0, 0, 1)
  const objects = [
    { ...array('b', data, [2, 2]), isBoolean: true },
    { ...array('none', new Int8Array(0)), isBoolean: true },
  ]
  const read = await written(t, { attributes: [], objects }, 'booleans')
  for (const path of ['b', 'none']) t.strictSame(read.datasets[path]!.names, { FALSE: 0, TRUE: 1 })
  t.strictSame(values(read, 'b'), data)
})

t.test('what no file can hold', async (t) => {
  const before = readdirSync(dir)
  const few = Float64Array.of(1)
  const nowhere = { failure: 'value', message: `Expected references to objects of the file but received one to 'nowhere'.` }
  const withNul = { failure: 'value', message: 'Expected text without a NUL character but received one that has it.' }
  for (const writer of ['auto', 'library'] as const) {
    const to = async (reference: string, ...objects: Hdf5Content['objects']) =>
      failure({ attributes: [attribute('r', { reference })], objects }, writer)
    t.strictSame(await to('nowhere'), nowhere)
    t.strictSame(await failure({ attributes: [], objects: [references('r', 'nowhere', 0)] }, writer), nowhere)
    t.strictSame(await failure({ attributes: [], objects: [array('x', few, [1], [attribute('r', nowhereElse)])] }, writer), nowhere)
    for (const path of ['link', 'link/x', 'u/3', 'u/03', 'u/x', 'g/xx']) {
      t.match(await to(path, softLink('link', '/g'), units('u', [[1], [2], [3]]), array('g/x', few)), { failure: 'value' }, path)
    }
    for (const content of [
      { attributes: [attribute('a', 'a\0b')], objects: [] },
      { attributes: [attribute('a', ['', '\0'])], objects: [] },
      { attributes: [], objects: [texts('t', ['a', '\0'])] },
      { attributes: [], objects: [softLink('l', '\0')] },
    ])
      t.strictSame(await failure(content, writer), withNul)
    for (const [what, objects] of Object.entries({
      'a link to nothing': [softLink('l', '')],
      'two groups of one name': [group('g'), group('g')],
      'a group where a dataset is': [array('x', few), group('x')],
      'a group in texts': [texts('t', ['a']), group('t/g')],
      'texts in a link': [softLink('l', '/nowhere'), texts('l/t', ['a'])],
      'a link where a group is': [array('g/x', few), softLink('g', '/')],
      'too many texts of an attribute': [group('g', [attribute('a', new Array<string>(4100).fill(''))])],
      'too many axes': [texts('t', ['a'], Array<number>(33).fill(1))],
    }))
      t.match(await failure({ attributes: [], objects }, writer), { failure: 'hdf5' }, what)
  }
  t.strictSame(readdirSync(dir), before)
})

const nowhereElse = { reference: 'nowhere' }

t.test('booleans must be int8', async (t) => {
  const object = { ...array('b', Float64Array.of(1)), isBoolean: true }
  await t.rejects(async () => writeHdf5({ attributes: [], objects: [object] }, file), { name: 'RangeError' })
})

t.test('the ends of texts must agree with their bytes', async (t) => {
  const { bytes } = packed(['abc', 'de'])
  const content = (ends: number[], shape: number[]): Hdf5Content => {
    return { attributes: [], objects: [{ object: 'textDataset', path: 't', texts: { bytes, ends: Float64Array.from(ends) }, shape }] }
  }
  for (const ends of [
    [3, 6],
    [3, 2],
    [-1, 5],
    [NaN, 5],
    [3, NaN],
    [3, Infinity],
  ]) {
    for (const writer of ['direct', 'library'] as const)
      t.match(await failure(content(ends, [2]), writer), { failure: 'value' }, `${writer}: ${ends}`)
  }
  for (const shape of [[], [1], [3], [2, 2], [0]]) await t.rejects(writeHdf5(content([3, 5], shape), file), { name: 'RangeError' })
})
