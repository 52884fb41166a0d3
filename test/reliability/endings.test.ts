/**
 * Worker threads and processes that end at any moment of their exports: nothing crashes, leaks or is left.
 */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { recordingScript, scriptOf, startNode } from '../support/child.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { leftovers } from './faults/exports.mjs'

const script = scriptOf(new URL('./faults/', import.meta.url))
const least = (numbers: readonly number[]) => Math.min(...numbers)

t.test('worker threads that are ended at any moment', async (t) => {
  interface Found {
    workers: number
    written: number
    memory: number[]
    left: string[]
  }
  const { workers, written, memory, left } = await script<Found>('end-workers.mjs', t.testdir())
  t.strictSame(left, [])
  t.ok(written > workers, `${written} exports of the main thread went on`)
  t.ok(least(memory.slice(-10)) - least(memory.slice(0, 10)) < 10, `resident memory in MB: ${memory.map(Math.round).join(', ')}`)
})

for (const [how, ending, code] of [
  ['process.exit', 'process.exit(7)', 7],
  ['an uncaught error', "throw new Error('of the caller')", 1],
  ['process.reallyExit', 'process.reallyExit(7)', 7],
] as const) {
  t.test(`a process that ends by ${how} at any moment`, async (t) => {
    const dir = t.testdir()
    for (let i = 0; i < 6; i++) {
      const { ended } = startNode(`
        process.removeAllListeners('warning')
        import { SpikeData, exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle } from 'spikeport'
        ${recordingScript('sd', 10, 100_000)}
        for (let i = 0; i < 3; i++) {
          exportSpikeDataToHdf5(sd, '${dir}/h5-' + i, { compression: { level: 9 } })
          exportSpikeDataToNwb(sd, '${dir}/nwb-' + i, { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' } })
          exportSpikeDataToKilosort(sd, '${dir}/phy-' + i, { fsHz: 1, phy: true })
          exportToPickle(sd, '${dir}/pickle-' + i, { protocol: 0 })
          SpikeData.create(sd.train.map((times) => times.toReversed()))
        }
        setTimeout(() => { ${ending} }, ${i < 2 ? 0 : Math.random() * 60})
      `)
      const { stderr, ...rest } = await ended
      t.strictSame(rest, { code, signal: null, stdout: '' })
      if (code === 1) t.match(stderr, /Error: of the caller/)
      else t.equal(stderr, '')
    }
    // Without a chance to clean up, what is left is for the next export to remove.
    if (how !== 'process.reallyExit') t.strictSame(leftovers(dir), [])
  })
}

t.test('threads in the middle of exports do not outlive the process', async (t) => {
  const dir = t.testdir()
  const { child, ended } = startNode(`
    import { SpikeData, exportSpikeDataToHdf5 } from 'spikeport'
    // Noise, which takes one thread seconds: the signal may come late.
    const sd = new SpikeData([Float64Array.from({ length: 1e7 }, (_, i) => i + Math.random())])
    exportSpikeDataToHdf5(sd, '${dir}/long.h5', { compression: { level: 9 }, threads: 1, onProgress: () => console.log('running') })
    process.once('SIGTERM', () => process.exit(0))
  `)
  child.stdout.once('data', () => child.kill('SIGTERM'))
  const started = performance.now()
  t.match(await ended, { code: 0, stderr: '' })
  t.comment(`ended within ${(performance.now() - started).toFixed(0)} ms`)
  t.strictSame(readdirSync(dir), [])
})
