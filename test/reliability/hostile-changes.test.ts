/**
 * What is exported, and where to, changes while the export runs: wrong numbers are the worst that comes of it.
 */
import * as fs from 'node:fs'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { exportSpikeDataToNwb, exportToPickle, NDArray, SpikeData } from '../../lib/index.js'
import { EXPORTS } from '../support/exporters.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { type Made, unpickle } from '../support/unpickle.js'

const dir = t.testdir()
const UNITS = 20
const EACH = 50_000

/** A recording whose arrays are at hand. */
function recording(): { sd: SpikeData; train: Float64Array[] } {
  const train = Array.from({ length: UNITS }, (_, unit) => Float64Array.from({ length: EACH }, (_, i) => i + unit / UNITS))
  const neuronAttributes = train.map((_, unit) => ({ electrode: unit, quality: 'good' }))
  return { train, sd: new SpikeData(train, { neuronAttributes, length: EACH }) }
}

const isHdf5 = (name: string) => !/kilosort|phy|pickle/.test(name)

/** What an export fails with; undefined when it does not. */
function failureOf(ended: Promise<unknown>): Promise<unknown> {
  return ended.then(
    () => undefined,
    (error: unknown) => error,
  )
}

for (const [name, write] of EXPORTS) {
  t.test(`times that change meanwhile: ${name}`, async (t) => {
    const path = `${dir}/${name}`
    const { sd, train } = recording()
    let written = 0
    for (const value of [NaN, Infinity, -Infinity, 1e300, -1e300, -5, 0, 5e-324]) {
      const ended = write(sd, path).then(
        () => written++,
        // Numbers of samples are checked where they are made.
        (error: unknown) => t.match(error, { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }),
      )
      for (const times of train) {
        times.fill(value, 0, EACH / 2)
        await nextTurn()
      }
      await ended
    }
    if (!/samples|kilosort|phy/.test(name)) t.equal(written, 8)
    if (isHdf5(name) && written > 0) t.ok(Object.keys((await readHdf5(path)).datasets).length > 0, 'a whole file')
  })

  t.test(`arrays that are to go meanwhile: ${name}`, async (t) => {
    const path = `${dir}/${name}`
    await write(recording().sd, path)
    const before = sizeOf(path)
    const { sd, train } = recording()
    const ended = write(sd, path)
    for (const { buffer } of train) {
      // Older versions of Node leave out what they may not transfer, without an error.
      try {
        structuredClone(0, { transfer: [buffer as ArrayBuffer] })
      } catch (error) {
        t.match(error, { name: 'DataCloneError' })
      }
    }
    train.length = 0
    t.throws(() => Object.assign(sd.train, { 0: new Float64Array(1) }), TypeError)
    await ended
    t.equal(sizeOf(path), before)
    t.equal(sd.train[0]?.length, EACH)
  })
}

/** The bytes of a file, or of the files of a folder. */
function sizeOf(path: string): number {
  if (!fs.statSync(path).isDirectory()) return fs.statSync(path).size
  return fs.readdirSync(path).reduce((sum, file) => sum + fs.statSync(`${path}/${file}`).size, 0)
}

t.test('raw data that changes meanwhile', async (t) => {
  const samples = new Int16Array(2_000_000)
  const times = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 20)
  const sd = new SpikeData([[1]], { rawData: new NDArray(samples, [2, 1_000_000]), rawTime: times })
  for (const value of [NaN, -1e300, 1]) {
    const ended = exportSpikeDataToNwb(sd, `${dir}/raw.nwb`, { rawData: { conversion: 1 } })
    for (let i = 0; i < 20; i++) {
      samples.fill(i)
      times.fill(value)
      await nextTurn()
    }
    await ended
    t.equal((await readHdf5(`${dir}/raw.nwb`)).datasets['acquisition/ElectricalSeries/data']?.shape[0], 1_000_000)
  }
})

t.test('attributes and metadata that change meanwhile', async (t) => {
  const entries = () =>
    Array.from({ length: 30_000 }, (_, unit): Record<string, unknown> => ({ electrode: unit, tags: [unit, unit], depth: unit / 2 }))
  const change = async (entries: Record<string, unknown>[]) => {
    for (const [i, entry] of entries.reverse().entries()) {
      ;(entry['tags'] as unknown[]).length = i % 3
      delete entry['depth']
      entry['electrode'] = 'none'
      entry[`new ${i % 7}`] = entry
      if (i % 100 === 0) await nextTurn()
    }
  }
  for (const [, write] of EXPORTS.filter(([name]) => /^(nwb|spikelab|phy|pickle|workspace.h5)$/.test(name))) {
    const neuronAttributes = entries()
    const metadata = { entries: entries() }
    const sd = new SpikeData([], { N: neuronAttributes.length, neuronAttributes, metadata })
    const ended = failureOf(write(sd, `${dir}/changing`))
    await Promise.all([change(neuronAttributes), change(metadata.entries)])
    const error = await ended
    if (error) t.match(error, { name: /^(Type|Range)Error$/, code: /^ERR_INVALID_ARG_/ })
    else t.pass('written')
    fs.rmSync(`${dir}/changing`, { recursive: true, force: true })
  }
})

t.test('a list that grows while it is pickled', async (t) => {
  // Long enough for several slices of work; texts, because numbers come back as bigints.
  const list: unknown[] = Array.from({ length: 50_000 }, (_, i) => `item ${i}`)
  const sd = new SpikeData([], { metadata: { list } })
  const ended = exportToPickle(sd, `${dir}/growing.pkl`)
  for (let i = 0; i < 100; i++) {
    list.push([`${i}`], new Set([`${i}`]))
    await nextTurn()
  }
  await ended
  const { state } = unpickle(fs.readFileSync(`${dir}/growing.pkl`)).value as Made
  const written = ((state as Map<string, unknown>).get('metadata') as Map<string, unknown[]>).get('list')!
  t.strictSame(written, list.slice(0, written.length), 'its beginning is whole')
  t.ok(written.length > 0)
})

/** What may happen to the folder an export is in. */
const MISHAPS: [what: string, (folder: string) => void][] = [
  ['is removed', (folder) => fs.rmSync(folder, { recursive: true })],
  ['is moved', (folder) => fs.renameSync(folder, `${folder} elsewhere`)],
  ['is replaced', (folder) => (fs.renameSync(folder, `${folder} elsewhere`), fs.mkdirSync(folder))],
  ['becomes a file', (folder) => (fs.rmSync(folder, { recursive: true }), fs.writeFileSync(folder, 'a file'))],
]

for (const [what, befall] of MISHAPS) {
  t.test(`the folder ${what} meanwhile`, async (t) => {
    const { sd } = recording()
    let refused = 0
    for (const [name, write] of EXPORTS) {
      for (const delay of [0, 1, 4]) {
        const folder = `${dir}/folder`
        fs.mkdirSync(folder)
        const ended = failureOf(write(sd, `${folder}/${name}`))
        await sleep(delay)
        try {
          befall(folder)
        } catch (error) {
          // A file came into the folder while it was being emptied, or the folder was made anew, as pickles have it.
          t.match(error, { code: /^(ENOTEMPTY|EISDIR|EEXIST)$/ })
        }
        const error = await ended
        if (error) t.match(error, { code: /^(ENOENT|ENOTDIR|EEXIST)$/, syscall: /./, path: /./ }, `${name} after ${delay} ms`)
        if (error) refused++
        fs.rmSync(folder, { recursive: true, force: true })
        fs.rmSync(`${folder} elsewhere`, { recursive: true, force: true })
      }
    }
    t.ok(refused > 5, `${refused} exports were refused`)
  })
}

t.test('something else takes the place of the file meanwhile', async (t) => {
  const { sd } = recording()
  for (const [name, write] of EXPORTS) {
    const path = `${dir}/taken ${name}`
    const isFolder = /kilosort|phy/.test(name)
    const take = () => (isFolder ? fs.writeFileSync(path, 'a file', { flag: 'wx' }) : fs.mkdirSync(path))
    let isTaken = false
    // Where the export is there first, it was too late.
    for (let attempt = 0; attempt < 50 && !isTaken; attempt++) {
      fs.rmSync(path, { recursive: true, force: true })
      const ended = failureOf(write(sd, path))
      await (attempt % 2 === 0 ? sleep(1) : nextTurn())
      try {
        take()
        isTaken = true
      } catch (error) {
        t.match(error, { code: 'EEXIST' })
      }
      if (isTaken) t.match(await ended, { code: /^(EISDIR|ENOTDIR|EEXIST)$/ }, name)
      else t.equal(await ended, undefined, `${name} was there already`)
    }
    t.ok(isTaken, `${name}: something was there first`)
    t.equal(fs.statSync(path).isDirectory(), !isFolder, 'which stays')
  }
})

t.test(
  'a target on another file system, by way of a link',
  { skip: fs.existsSync('/dev/shm') ? false : 'there is no other' },
  async (t) => {
    const other = fs.mkdtempSync('/dev/shm/spikeport-test-')
    t.teardown(() => fs.rmSync(other, { recursive: true }))
    t.not(fs.statSync(other).dev, fs.statSync(dir).dev)
    const { sd } = recording()
    for (const [name, write] of EXPORTS) {
      const link = `${dir}/link to ${name}`
      fs.symlinkSync(`${other}/${name}`, link)
      await write(sd, link)
      const { ino } = fs.statSync(`${other}/${name}`)
      await write(sd, link, { durable: true })
      t.ok(fs.lstatSync(link).isSymbolicLink(), 'which stays a link')
      if (!fs.statSync(link).isDirectory()) t.not(fs.statSync(`${other}/${name}`).ino, ino, 'replaced by a new file beside it')
    }
    t.notOk(fs.readdirSync(other).some((name) => name.includes('.partial')))
  },
)

t.test('no partial file is left', async (t) => {
  t.strictSame(
    fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.partial')),
    [],
  )
})
