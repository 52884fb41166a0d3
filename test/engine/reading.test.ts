/**
 * Reading HDF5 files and parts of plain files: ranges of rows, conversions, texts, attributes, and files that change meanwhile.
 */
import { appendFileSync, copyFileSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import h5wasm, { File } from 'h5wasm/node'
import t from 'tap'
import { readFileParts } from '../../lib/engine/reading/file-parts.js'
import type { Hdf5Dataset } from '../../lib/engine/reading/hdf5-description.js'
import { Hdf5File, withHdf5File } from '../../lib/engine/reading/hdf5-file.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, FormatError, SpikeData } from '../../lib/index.js'

const folder = t.testdir()
const path = `${folder}/file.h5`

/** 1200 × 7 numbers in every layout, texts, booleans and attributes. */
const numbers = Float64Array.from({ length: 8400 }, (_, i) => (i * 7919) % 1009)
await h5wasm.ready
const made = new File(path, 'w')
made.create_dataset({ name: 'contiguous', data: numbers, shape: [1200, 7] })
made.create_dataset({ name: 'chunked', data: numbers, shape: [1200, 7], chunks: [100, 3] })
made.create_dataset({ name: 'deflated', data: numbers, shape: [1200, 7], chunks: [77, 7], compression: 4 })
made.create_dataset({ name: 'large', data: BigInt64Array.of(1n, 2n ** 62n), shape: [2] })
made.create_dataset({ name: 'larger', data: BigUint64Array.of(1n, 2n ** 63n), shape: [2] })
made.create_dataset({ name: 'texts', data: ['one', 'zwölf', '', '🧠'] })
made.create_group('group').create_group('inner')
made.create_attribute('number', 2.5)
made.create_attribute('text', 'Größe')
made.create_attribute('texts', ['a', 'bc'])
made.close()

const open = <T>(use: (file: Hdf5File) => Promise<T>) => withHdf5File(path, path, undefined, use)

t.test('rows of every layout', async (t) => {
  await open(async (file) => {
    for (const name of ['contiguous', 'chunked', 'deflated']) {
      const dataset = await file.dataset(name)
      t.strictSame([dataset.shape, dataset.type, dataset.problem], [[1200, 7], { kind: 'number', dtype: '<f8' }, undefined])
      t.strictSame((await file.numbers(dataset)).data, numbers, name)
      for (const [firstRow, rows] of [
        [0, 1],
        [1199, 1],
        [76, 2],
        [99, 802],
        [1200, 0],
      ] as const) {
        const into = new Float64Array(rows * 7).fill(-1)
        await file.read([{ path: name, firstRow, into, scaling: { kind: 'times', factor: 1e3 } }], { threads: 1 })
        t.strictSame(
          into,
          numbers.slice(firstRow * 7, (firstRow + rows) * 7).map((x) => x * 1e3),
          `${name}, ${rows} rows from ${firstRow}`,
        )
      }
      for (const [firstRow, length] of [
        [0, 6],
        [1199, 14],
        [1201, 0],
      ] as const) {
        const into = new Float64Array(length)
        await t.rejects(file.read([{ path: name, firstRow, into }]), { code: 'ERR_INVALID_FILE', message: /another shape/ })
      }
    }
  })
})

t.test('conversions', async (t) => {
  await open(async (file) => {
    const read = async (name: string, into: Float64Array | BigInt64Array | Int32Array) => {
      await file.read([{ path: name, into }])
      return into
    }
    t.strictSame(await read('large', new BigInt64Array(2)), BigInt64Array.of(1n, 2n ** 62n))
    t.strictSame(await read('large', new Float64Array(2)), Float64Array.of(1, 2 ** 62))
    await t.rejects(read('larger', new BigInt64Array(2)), { code: 'ERR_INVALID_FILE', message: /larger in .*element 1 is 2\^63 or more/ })
    await t.rejects(read('large', new Int32Array(2)), { code: 'ERR_INVALID_FILE', message: /another type/ })
  })
})

t.test('texts, attributes and children', async (t) => {
  await open(async (file) => {
    t.strictSame(await file.texts((await file.dataset('/texts')) as Hdf5Dataset), ['one', 'zwölf', '', '🧠'])
    await t.rejects(file.texts(await file.dataset('large')), { message: /no texts/ })
    t.throws(() => file.room({ ...({} as Hdf5Dataset), type: { kind: 'text' }, shape: [3], path: 'x', problem: undefined }), FormatError)
    const root = await file.describe('/')
    t.strictSame(Object.fromEntries(root!.attributes), { number: 2.5, text: 'Größe', texts: ['a', 'bc'] })
    const names = (await file.children('/')).map(({ name, kind }) => `${name}: ${kind}`)
    t.strictSame(
      names,
      ['chunked', 'contiguous', 'deflated', 'group', 'large', 'larger', 'texts'].map(
        (name) => `${name}: ${name === 'group' ? 'group' : 'dataset'}`,
      ),
    )
    t.equal(await file.describe('nothing/at/all'), undefined)
    t.equal((await file.describe('group/inner'))?.kind, 'group')
    await t.rejects(file.dataset('group'), { message: /it is no dataset/ })
    await t.rejects(file.children('large'), { message: /it is no group/ })
  })
})

t.test('references of NWB files lead to paths, and booleans are known', async (t) => {
  const nwb = `${folder}/file.nwb`
  const neuronAttributes = Array.from({ length: 3 }, (_, electrode) => ({ electrode, isGood: electrode === 1 }))
  await exportSpikeDataToNwb(new SpikeData([[1], [2], [3]], { neuronAttributes }), nwb, {
    nwb: { sessionStartTime: '2026-01-01T00:00:00Z' },
  })
  await withHdf5File(nwb, nwb, undefined, async (file) => {
    const groups = await file.dataset('/general/extracellular_ephys/electrodes/group')
    t.equal(groups.type.kind, 'reference')
    const [first] = await file.texts(groups)
    t.equal((await file.describe(first!))?.kind, 'group')
    const column = await file.dataset('/units/isGood')
    t.equal(column.type.kind, 'boolean')
    t.strictSame(Array.from((await file.numbers(column)).data, Number), [0, 1, 0])
    t.equal((await file.dataset('/units/electrodes')).attributes.get('table'), '/general/extracellular_ephys/electrodes')
  })
})

t.test('many children and many texts come packed', async (t) => {
  const many = `${folder}/many.h5`
  await exportSpikeDataToHdf5(new SpikeData([[1]], { N: 30_000 }), many, { style: 'group' })
  await withHdf5File(many, many, undefined, async (file) => {
    const children = await file.children('units')
    t.equal(children.length, 30_000)
    t.ok(children.every(({ kind }) => kind === 'dataset'))
    t.strictSame(
      children.slice(0, 3).map(({ name }) => name),
      ['0', '1', '10'],
    )
  })
})

t.test('long texts of attributes and datasets, whose characters are of any size', async (t) => {
  const long = (character: string) => character.repeat(300_001)
  const texts = ['a', 'µ', '€', '🧠'].map(long)
  const file = `${folder}/long.h5`
  const written = new File(file, 'w')
  for (const [i, text] of texts.entries()) written.create_attribute(`text ${i}`, text)
  written.create_attribute('list', ['short', ...texts, ''])
  written.create_attribute('longest short one', 'x'.repeat(65_532))
  written.create_dataset({ name: 'texts', data: [...texts, 'short'] })
  written.close()
  await withHdf5File(file, file, undefined, async (opened) => {
    const root = (await opened.describe('/'))!
    for (const [i, text] of texts.entries()) {
      t.ok(root.attributes.get(`text ${i}`) === text, `text ${i}`)
      t.ok(root.pieces.get(`text ${i}`)!.length > 1)
      t.ok(root.pieces.get(`text ${i}`)!.join('') === text)
    }
    t.strictSame(root.attributes.get('list'), ['short', ...texts, ''])
    t.equal((root.attributes.get('longest short one') as string).length, 65_532)
    t.strictSame([...root.pieces.keys()].sort(), ['text 0', 'text 1', 'text 2', 'text 3'])
    t.strictSame(await opened.texts(await opened.dataset('texts')), [...texts, 'short'])
  })
})

t.test('files that change while they are read', async (t) => {
  const copy = `${folder}/copy.h5`
  const changes: [change: () => void, message: RegExp][] = [
    [() => appendFileSync(copy, 'more'), /copy\.h5': it was changed while it was read\.$/],
    [() => utimesSync(copy, 1, 1), /it was changed while it was read/],
    [() => truncateSync(copy, 4096), /contiguous in .*the file has become shorter while it was read/],
  ]
  for (const [change, message] of changes) {
    copyFileSync(path, copy)
    const file = await Hdf5File.open(copy, copy)
    const dataset = await file.dataset('contiguous')
    change()
    await t.rejects(file.numbers(dataset), { name: 'FormatError', message })
    await file.close()
  }
})

t.test('a file that is closed, twice', async (t) => {
  const file = await Hdf5File.open(path, path)
  await file.close()
  await file.close()
  await t.rejects(file.describe('/'), /not open/)
})

t.test('parts of plain files', async (t) => {
  const plain = `${folder}/plain`
  writeFileSync(plain, Buffer.concat([Buffer.from('header'), Buffer.from(Int32Array.from({ length: 1_000_000 }, (_, i) => i).buffer)]))
  const { size } = statSync(plain)
  const swapped = readFileSync(plain).subarray(6, 46).swap32()
  const into = { all: new Int32Array(1_000_000), few: new Float64Array(3), none: new Float64Array(0), ms: new Float64Array(10) }
  const done: number[] = []
  const onProgress = (bytes: number, total: number) => void done.push(bytes / total)
  const parts = [
    { offset: 6, dtype: '<i4', into: into.all },
    { offset: 6 + 400, dtype: '<i4', into: into.few },
    { offset: size, dtype: '<f8', into: into.none },
    { offset: 6, dtype: '<i4', into: into.ms, scaling: { kind: 'samplesToMs', factor: 30_000 } as const },
  ]
  await readFileParts(plain, plain, size, parts, { onProgress })
  t.ok(into.all.every((x, i) => x === i))
  t.strictSame(into.few, Float64Array.of(100, 101, 102))
  t.strictSame(
    into.ms,
    Float64Array.from({ length: 10 }, (_, i) => (i / 30_000) * 1e3),
  )
  t.equal(done.at(-1), 1)
  const big = `${folder}/big-endian`
  writeFileSync(big, swapped)
  const numbersOfBig = new BigInt64Array(10)
  await readFileParts(big, big, 40, [{ offset: 0, dtype: '>i4', into: numbersOfBig }])
  t.strictSame(
    numbersOfBig,
    BigInt64Array.from({ length: 10 }, (_, i) => BigInt(i)),
  )
  const beyond = readFileParts(plain, 'plain', size, [{ offset: size - 8, dtype: '<i4', into: new Int32Array(3), object: 'the data' }])
  await t.rejects(beyond, { name: 'FormatError', message: /^Cannot read the data in 'plain': it is cut off: .*\.$/ })
  await t.rejects(readFileParts(plain, 'plain', size + 1, []), { message: /it was changed while it was read/ })
  await t.rejects(readFileParts(`${folder}/none`, 'none', 1, []), { code: 'ENOENT' })
  const aborted = readFileParts(plain, plain, size, parts, { signal: AbortSignal.abort('enough') })
  t.equal(await aborted.catch((reason: unknown) => reason), 'enough')
})
