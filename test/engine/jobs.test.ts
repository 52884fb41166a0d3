/**
 * Exports run on the addon's threads: they can be watched and stopped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import t from 'tap'
import type { Progress } from '../../lib/index.js'
import { exportSpikeDataToHdf5, SpikeData } from '../../lib/index.js'
import { EXPORTS } from '../support/exporters.js'

const dir = t.testdir()
const trainsOf = (units: number, spikes: number) =>
  Array.from({ length: units }, (_, unit) => Float64Array.from({ length: spikes }, (_, i) => i / (3 + unit / units)))
const small = new SpikeData(trainsOf(3, 10))
const large = new SpikeData(trainsOf(100, 100_000))

/** Those that hold every spike. */
const exporters = EXPORTS.filter(([name]) => name !== 'raster')

for (const [name, run] of exporters) {
  t.test(`progress: ${name}`, async (t) => {
    const seen: Progress[] = []
    await run(large, `${dir}/progress-${name}`, { onProgress: (progress) => seen.push(progress) })
    const last = seen.at(-1)!
    t.equal(last.bytesWritten, last.bytesTotal)
    t.ok(last.bytesTotal >= large.spikeCount * 8)
    for (const [i, { bytesWritten, bytesTotal }] of seen.entries()) {
      if (bytesTotal !== last.bytesTotal || bytesWritten < (seen[i - 1]?.bytesWritten ?? 0)) t.fail('progress only grows')
    }
    await t.resolves(run(small, `${dir}/progress-${name}`, { onProgress: () => {} }))
  })

  t.test(`stopped before it starts: ${name}`, async (t) => {
    const reason = new Error('no more')
    const before = readdirSync(dir)
    await t.rejects(run(small, `${dir}/never`, { signal: AbortSignal.abort(reason) }), reason)
    t.strictSame(readdirSync(dir), before)
  })

  t.test(`stopped half way: ${name}`, async (t) => {
    const before = readdirSync(dir)
    const reason = new Error('enough')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 5)
    const start = performance.now()
    await t.rejects(run(large, `${dir}/half`, { signal: controller.signal }), reason)
    t.comment(`stopped after ${(performance.now() - start).toFixed(1)} ms`)
    t.strictSame(readdirSync(dir), before, 'nothing is left')
  })
}

t.test('a stopped export keeps the file that is there', async (t) => {
  const path = `${dir}/kept.h5`
  await exportSpikeDataToHdf5(small, path)
  const before = readFileSync(path)
  const signal = AbortSignal.timeout(5)
  await t.rejects(exportSpikeDataToHdf5(large, path, { compression: { level: 9 }, signal }), { name: 'TimeoutError' })
  t.strictSame(readFileSync(path), before)
})

t.test('a signal that fires later does nothing', async (t) => {
  const controller = new AbortController()
  await exportSpikeDataToHdf5(small, `${dir}/later.h5`, { signal: controller.signal })
  controller.abort()
  t.ok(existsSync(`${dir}/later.h5`))
})

t.test('one signal for many exports', async (t) => {
  const warnings: Error[] = []
  const collect = (warning: Error) => warnings.push(warning)
  process.on('warning', collect)
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 20 }, (_, i) => exportSpikeDataToHdf5(small, `${dir}/one-signal-${i}.h5`, { signal })))
  const controller = new AbortController()
  const stopped = Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => exportSpikeDataToHdf5(large, `${dir}/stopped-${i}.h5`, { signal: controller.signal })),
  )
  controller.abort()
  t.ok((await stopped).every(({ status }) => status === 'rejected'))
  process.off('warning', collect)
  t.strictSame(warnings, [])
})

t.test('an error in onProgress stops the export and is what it rejects with', async (t) => {
  const error = new Error('of the caller')
  const onProgress = () => {
    throw error
  }
  await t.rejects(exportSpikeDataToHdf5(large, `${dir}/thrown.h5`, { compression: { level: 9 }, onProgress }), error)
  t.notOk(existsSync(`${dir}/thrown.h5`))
  const failure = { failure: 'of the caller' }
  const throwFailure = () => {
    throw failure
  }
  const rejected = await exportSpikeDataToHdf5(small, `${dir}/thrown.h5`, { onProgress: throwFailure }).catch((thrown: unknown) => thrown)
  t.equal(rejected, failure, 'also when only the last call, after all is written, throws')
})

t.test('many exports at once', async (t) => {
  const paths = Array.from({ length: 64 }, (_, i) => `${dir}/many-${i}`)
  const reports = await Promise.all(paths.map((path, i) => exporters[i % exporters.length]![1](small, path, { threads: 1 + (i % 3) })))
  t.ok(reports.every(({ spikeCount }) => spikeCount === 30))
  t.ok(reports.every(({ paths }) => paths.every((path) => existsSync(path))))
})

t.test('durable exports', async (t) => {
  for (const [name, run] of exporters) {
    await run(small, `${dir}/durable-${name}`, { durable: true })
    t.ok(existsSync(`${dir}/durable-${name}`))
  }
})
