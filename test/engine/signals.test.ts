/**
 * Abort signals outlive exports, or are shared by thousands of them: nothing of ours stays with one once its exports have ended.
 */
import { getEventListeners } from 'node:events'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { ExportOptions } from '../../lib/index.js'
import { exportToPickle, loadFromPickle, SpikeData } from '../../lib/index.js'
import { runNode } from '../support/child.js'
import { EXPORTS } from '../support/exporters.js'
import { refuse, s3Objects, s3Store } from '../support/s3-store.js'

const dir = t.testdir()
const sd = new SpikeData([[1, 2], [3]])
const large = new SpikeData(Array.from({ length: 20 }, () => Float64Array.from({ length: 100_000 }, (_, i) => i)))

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length

/** The most listeners that a signal has while something runs with it, and those it has after it. */
async function listenersDuring(signal: AbortSignal, run: () => Promise<unknown>): Promise<[most: number, after: number]> {
  let most = 0
  signal.addEventListener = (...listener: Parameters<typeof signal.addEventListener>) => {
    AbortSignal.prototype.addEventListener.apply(signal, listener)
    most = Math.max(most, listeners(signal))
  }
  await run().catch(() => {})
  return [most, listeners(signal)]
}

for (const [name, write] of EXPORTS) {
  t.test(`listeners: ${name}`, async (t) => {
    const path = `${dir}/${name}`
    const run =
      (signal: AbortSignal, options: ExportOptions = {}) =>
      () =>
        write(large, path, { signal, ...options })
    const { signal } = new AbortController()
    t.strictSame(await listenersDuring(signal, run(signal)), [1, 0], 'success')
    t.strictSame(await listenersDuring(signal, run(signal, { threads: 0 })), [0, 0], 'refused')
    const failing = () => write(large, `${dir}/${name} is/a.file/\0`, { signal })
    t.strictSame(await listenersDuring(signal, failing), [0, 0], 'a bad path')
    const throwing = {
      onProgress: () => {
        throw new Error('of the caller')
      },
    }
    t.strictSame((await listenersDuring(signal, run(signal, throwing)))[1], 0, 'onProgress throws')
    t.strictSame((await listenersDuring(signal, () => write(large, '/proc/no such folder/a', { signal })))[1], 0, 'failure')
    const many = () => Promise.all(Array.from({ length: 30 }, (_, i) => write(sd, `${path}-${i}`, { signal })))
    t.strictSame(await listenersDuring(signal, many), [1, 0], 'one for many exports')
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1)
    t.strictSame((await listenersDuring(controller.signal, run(controller.signal)))[1], 0, 'abort')
  })
}

t.test('listeners: uploads', async (t) => {
  const { upload: store } = await s3Store(t, (request, response) => {
    request.resume().on('end', () => response.writeHead(request.url!.includes('denied') ? 403 : 200, { etag: '"1"' }).end())
  })
  const { signal } = new AbortController()
  for (const bucket of ['taken', 'denied']) {
    const [most, after] = await listenersDuring(signal, () => exportToPickle(large, `s3://${bucket}/a.pkl`, { ...store, signal }))
    t.strictSame([most, after], [1, 0], bucket)
  }
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 20)
  t.strictSame(
    (await listenersDuring(controller.signal, () => exportToPickle(large, 's3://a/b', { ...store, signal: controller.signal })))[1],
    0,
  )
})

t.test('listeners: downloads', async (t) => {
  const { download } = await s3Objects(t, { 'a.pkl': Buffer.from('N.'), b: Buffer.alloc(50_000_000) }, ({ key }, response) => {
    return key === 'denied' && refuse(response, 403, 'AccessDenied')
  })
  const { signal } = new AbortController()
  for (const key of ['a.pkl', 'b', 'denied']) {
    const [most, after] = await listenersDuring(signal, () => loadFromPickle(`s3://bucket/${key}`, { ...download, signal }))
    t.strictSame([most, after], [1, 0], key)
  }
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 20)
  const stopped = () => loadFromPickle('s3://bucket/b', { ...download, signal: controller.signal })
  t.strictSame((await listenersDuring(controller.signal, stopped))[1], 0)
})

t.test('many exports with one signal do not make Node warn of listeners', async (t) => {
  const warnings: Error[] = []
  const collect = (warning: Error) => warnings.push(warning)
  process.on('warning', collect)
  t.teardown(() => process.off('warning', collect))
  const { signal } = new AbortController()
  for (let round = 0; round < 3; round++)
    await Promise.all(Array.from({ length: 40 }, (_, i) => exportToPickle(sd, `${dir}/warn-${i}`, { signal })))
  t.strictSame(warnings, [])
})

t.test('signals and callbacks go with their exports', async (t) => {
  const { stdout, stderr } = await runNode(
    `
    import { SpikeData, exportSpikeDataToHdf5, exportToPickle } from 'spikeport'
    const sd = new SpikeData([[1, 2], [3]])
    const shutdown = new AbortController()
    const alive = { signals: 0, callbacks: 0, recordings: 0 }
    const gone = new FinalizationRegistry((kind) => alive[kind]--)
    const watch = (kind, object) => (gone.register(object, kind), alive[kind]++, object)
    const EACH = 1000
    async function one(i) {
      const own = new AbortController()
      const signal = watch('signals', AbortSignal.any([shutdown.signal, own.signal]))
      const onProgress = watch('callbacks', () => {})
      const recording = watch('recordings', await SpikeData.create([[i, 1], [2]]))
      // One in four succeeds, one fails, one is stopped, one never starts.
      if (i % 4 === 2) setImmediate(() => own.abort())
      if (i % 4 === 3) own.abort()
      const path = i % 4 === 1 ? '${dir}/missing/a' : '${dir}/any-' + (i % 64)
      const write = i % 8 < 4 || i % 4 === 1 ? exportSpikeDataToHdf5 : exportToPickle
      await write(recording, path, { signal, onProgress }).catch(() => {})
    }
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 16 }, async (_, place) => {
        for (let i = place; i < EACH; i += 16) await one(i)
      }))
    }
    for (let i = 0; i < 20; i++) {
      gc()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    console.log(JSON.stringify(alive))
    `,
    { args: ['--expose-gc'] },
  )
  t.equal(stderr, '')
  const alive = JSON.parse(stdout) as Record<string, number>
  // The engine may still know the last few.
  for (const [kind, count] of Object.entries(alive)) t.ok(count < 64, `${count} of 4,000 ${kind} are alive`)
})

t.test('two copies of the module that share the addon do not stop the exports of each other', async (t) => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const copies = ['one', 'two'].map((name) => {
    const copy = `${dir}/copies/${name}`
    mkdirSync(copy, { recursive: true })
    cpSync(`${root}/dist`, `${copy}/dist`, { recursive: true })
    cpSync(`${root}/package.json`, `${copy}/package.json`)
    for (const shared of ['build', 'prebuilds', 'node_modules']) symlinkSync(`${root}/${shared}`, `${copy}/${shared}`)
    return `${copy}/dist/index.js`
  })
  const { stdout, stderr } = await runNode(`
    const before = process.listenerCount('exit')
    const [one, two] = await Promise.all(${JSON.stringify(copies)}.map((path) => import(path)))
    const outcomes = []
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController()
      const start = ({ SpikeData, exportSpikeDataToHdf5 }, name, options) => {
        const sd = new SpikeData([Float64Array.from({ length: 4_000_000 }, (_, i) => i)])
        return exportSpikeDataToHdf5(sd, '${dir}/' + name, { compression: { level: 6 }, ...options }).then(() => 'written', ({ name }) => name)
      }
      const exports = [start(one, 'of one', {}), start(two, 'of two', { signal: controller.signal })]
      // Once both jobs run.
      await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      outcomes.push(await Promise.all(exports))
    }
    console.log(JSON.stringify({ outcomes, areTwo: one.SpikeData !== two.SpikeData, atExit: process.listenerCount('exit') - before }))
  `)
  t.equal(stderr, '')
  const { outcomes, areTwo, atExit } = JSON.parse(stdout) as { outcomes: string[][]; areTwo: boolean; atExit: number }
  t.ok(areTwo)
  t.equal(atExit, 1, 'one listener for the end of the process')
  t.strictSame(
    outcomes,
    Array.from({ length: 5 }, () => ['written', 'AbortError']),
  )
})
