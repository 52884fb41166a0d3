/** HDF5 files that are larger, sparser or stranger than most: readers find what h5py wrote, or say why they do not. */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Hdf5Dataset } from '../../lib/engine/reading/hdf5-description.js'
import type { Hdf5File } from '../../lib/engine/reading/hdf5-file.js'
import { withHdf5File } from '../../lib/engine/reading/hdf5-file.js'
import { slowdown } from '../support/event-loop.mjs'
import { pythonEnvironment, runPython } from './python.js'

interface Sparse {
  name: string
  path: string
  extent: number
  places: number[]
}

interface Files {
  texts: string
  expectedTexts: string[]
  compound: string
  attributes: { name: string; path: string; count: number }[]
  sparse: Sparse[]
  collisions: { name: string; path: string; names: string[] }[]
  links: string
  root: string
}

const environment = await pythonEnvironment('numpy2')
const newest = await pythonEnvironment('nwb')

/** Elements that may never have been written: a dataset with more, and few chunks, is not read. */
const ALWAYS_POSSIBLE = 2 ** 26

t.test('files of h5py', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const files: Files = JSON.parse(await runPython(environment, 'write_hdf5_extremes.py', [folder]))

  await t.test('texts that take turns in large collections of the global heap', async (t) => {
    const texts = await withHdf5File(files.texts, 'texts', undefined, async (file) => file.texts(await file.dataset('texts')))
    t.strictSame(texts, files.expectedTexts)
  })

  await t.test('a signal stops between two collections', async (t) => {
    const controller = new AbortController()
    await withHdf5File(files.texts, 'texts', undefined, async (file) => {
      const dataset = await file.dataset('texts')
      const reading = file.texts(dataset, controller.signal)
      // The job has begun, and takes many times as long as a turn of the event loop.
      setImmediate(() => controller.abort(new Error('enough')))
      await t.rejects(reading, { message: 'enough' })
    })
  })

  await t.test('an object that cannot be read among those that can', async (t) => {
    await withHdf5File(files.compound, 'compound', undefined, async (file) => {
      const found = (await file.describeAll(['before', 'table', 'table, chunked', 'with'])) as Hdf5Dataset[]
      t.strictSame(
        found.map(({ problem, shape, layout, chunk, attributes }) => ({ problem, shape, layout, chunk, note: attributes.get('note') })),
        [
          { problem: undefined, shape: [3], layout: 'contiguous', chunk: [], note: undefined },
          { problem: 'its elements are compound', shape: [4], layout: 'contiguous', chunk: [], note: 'a table' },
          { problem: 'its elements are compound', shape: [4], layout: 'chunked', chunk: [2], note: 'a table' },
          { problem: undefined, shape: [2], layout: 'contiguous', chunk: [], note: undefined },
        ],
      )
    })
  })

  for (const { name, path, count } of files.attributes) {
    await t.test(`${count} attributes ${name}`, async (t) => {
      const attributes = await withHdf5File(path, path, undefined, async (file) => (await file.describe('/'))?.attributes)
      const expected = Array.from({ length: count }, (_, i) => [`a${i}`, [i, `text ${i}`, `fixed ${i}`][i % 3]] as const)
      t.strictSame(new Map(attributes), new Map(expected))
    })
  }

  for (const { name, path, extent, places } of files.sparse) {
    await t.test(`a sparse dataset: ${name}`, async (t) => {
      await withHdf5File(path, path, undefined, async (file) => {
        const { problem, shape } = (await file.describe('numbers')) as Hdf5Dataset
        t.strictSame(shape, [extent])
        if (extent > ALWAYS_POSSIBLE) {
          const bytes = name.startsWith('plain') ? places.length : '[0-9]+'
          t.match(problem, new RegExp(`^its shape has ${extent} elements, and the file holds ${bytes} bytes of it$`))
          return
        }
        t.equal(problem, undefined)
        for (const place of places) {
          const into = new Int8Array(Math.min(3, extent - place))
          await file.read([{ path: 'numbers', into, firstRow: place }])
          t.equal(into[0], (place % 100) + 1, `${name}: element ${place}`)
        }
      })
    })
  }

  for (const { name, path, names } of files.collisions) {
    await t.test(`names of one hash, in the ${name} format`, async (t) => {
      await withHdf5File(path, path, undefined, async (file) => {
        const found = (await file.describeAll(names.map((name) => `group/${name}`))) as Hdf5Dataset[]
        const attributes = (await file.describe('group'))?.attributes
        t.strictSame(
          found.map(({ shape }) => shape),
          names.map((_, i) => [i + 1]),
        )
        t.strictSame(
          names.map((name) => attributes?.get(name)),
          names.map((_, i) => i),
        )
        t.equal(await file.describe('group/000020090DMbkQKw'), undefined)
      })
    })
  }

  await t.test('a group of many links', async (t) => {
    const count = 100_000
    await withHdf5File(files.links, 'links', undefined, async (file) => {
      const names = Array.from({ length: count }, (_, i) => `link ${i}`).sort()
      const children = await file.children('group')
      t.strictSame(
        children.map((child) => child.name),
        names,
      )
      t.ok(children.every(({ kind, address }) => kind === 'dataset' && address === children[0]?.address))
      t.strictSame((await file.describe('group/link 99999'))?.address, children[0]?.address)
      t.equal(await file.describe('group/link 100000'), undefined)
    })
    const inFile = (start: (file: Hdf5File, signal: AbortSignal) => Promise<unknown>) => (signal: AbortSignal) =>
      withHdf5File(files.links, 'links', undefined, (file) => start(file, signal))
    const ways = {
      children: inFile((file, signal) => file.children('group', signal)),
      describe: inFile((file, signal) => file.describe('group/link 5', signal)),
      unitDatasets: inFile((file, signal) => file.unitDatasets('group', signal)),
      open: (signal: AbortSignal) => withHdf5File(files.root, 'root', signal, async () => undefined),
    }
    for (const [way, start] of Object.entries(ways)) {
      // Other programs may hold the processor: the shortest of several tries counts.
      const waits: number[] = []
      for (const delay of [5, 10, 15, 20, 25]) {
        const controller = new AbortController()
        const ended = start(controller.signal).then(
          () => 'done',
          (error: Error) => error.message,
        )
        await new Promise((resolve) => setTimeout(resolve, delay))
        const aborted = performance.now()
        controller.abort(new Error('enough'))
        if ((await ended) === 'enough') waits.push(performance.now() - aborted)
      }
      // On a fast machine all may be done before.
      t.ok(waits.length === 0 || Math.min(...waits) < 20 * slowdown(), `${way}: ${waits.map((ms) => ms.toFixed(1))} ms`)
    }
  })

  await t.test('damage to each block of an extensible array', async (t) => {
    const path = files.sparse.find(({ name }) => name === 'plain, 262144')?.path as string
    const intact = readFileSync(path)
    const head = intact.indexOf('EAHD')
    const prefix = 6
    const problems: Record<string, string | undefined> = {}
    const damage = async (name: string, change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(intact)
      change(bytes)
      const damaged = `${folder}/damaged.h5`
      writeFileSync(damaged, bytes)
      await withHdf5File(damaged, damaged, undefined, async (file) => {
        problems[name] = ((await file.describe('numbers')) as Hdf5Dataset).problem
      })
    }
    for (const signature of ['EAHD', 'EAIB', 'EASB', 'EADB']) {
      const at = intact.indexOf(signature)
      await damage(`${signature} is not there`, (bytes) => bytes.writeUInt8(0, at))
      await damage(`${signature} of chunks with filters`, (bytes) => bytes.writeUInt8(1, at + 5))
      if (at !== head) await damage(`${signature} of another index`, (bytes) => bytes.writeUInt8(0xff, at + prefix))
    }
    for (const last of ['EASB', 'EADB']) {
      await damage(`the last ${last} is not there`, (bytes) => bytes.writeUInt8(0, intact.lastIndexOf(last)))
    }
    const offsetBytes = 4
    const firstDataBlock = intact.indexOf('EASB') + prefix + 8 + offsetBytes
    await damage('a data block beyond the file', (bytes) => bytes.writeBigUInt64LE(2n ** 40n, firstDataBlock))
    await damage('a page beyond the file', (bytes) =>
      bytes.writeBigUInt64LE(BigInt(intact.length - 100), intact.lastIndexOf('EASB') + prefix + 8 + offsetBytes + 128),
    )
    await damage('another number of elements in the index', (bytes) => bytes.writeUInt8(5, head + prefix + 2))
    t.matchOnlyStrict(problems, {
      'EAHD is not there': 'a block of its index of chunks is not there',
      'EAHD of chunks with filters': 'its index of chunks is of another kind',
      'EAIB is not there': 'a block of its index of chunks is not there',
      'EAIB of chunks with filters': 'its index of chunks is of another kind',
      'EAIB of another index': 'a block of its index of chunks is of another index',
      'EASB is not there': 'a block of its index of chunks is not there',
      'EASB of chunks with filters': 'its index of chunks is of another kind',
      'EASB of another index': 'a block of its index of chunks is of another index',
      'EADB is not there': 'a block of its index of chunks is not there',
      'EADB of chunks with filters': 'its index of chunks is of another kind',
      'EADB of another index': 'a block of its index of chunks is of another index',
      'the last EASB is not there': 'a block of its index of chunks is not there',
      'the last EADB is not there': 'a block of its index of chunks is not there',
      'a data block beyond the file': 'its structure leads beyond the end of the file',
      'a page beyond the file': 'its index of chunks leads beyond the end of the file',
      'another number of elements in the index': 'its index of chunks is of an unusual form',
    })
  })
})

t.test('files of HDF5 2.0', { skip: newest.skip }, async (t) => {
  const { path, datasets }: { path: string; datasets: Record<string, number> } = JSON.parse(
    await runPython(newest, 'write_hdf5_2.py', [t.testdir()]),
  )
  await withHdf5File(path, path, undefined, async (file) => {
    const found = await file.describeAll(Object.keys(datasets))
    for (const [i, [name, sum]] of Object.entries(datasets).entries()) {
      const dataset = found[i] as Hdf5Dataset
      if (dataset.problem !== undefined) {
        // Chunks with filters, by a library that is older.
        t.match(name, / 3 filters/)
        t.match(
          dataset.problem,
          /^it was written by HDF5 2\.0 or newer, in a form that HDF5 1\.[0-9.]+, which this build has, does not support$/,
        )
        continue
      }
      const { data } = await file.numbers(dataset)
      t.equal(
        (data as Int32Array).reduce((total, number) => total + number, 0),
        sum,
        name,
      )
    }
  })
})
