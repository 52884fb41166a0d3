/**
 * Many exports, many at once, in many threads, and ends at any moment: nothing crashes, leaks or is lost.
 */
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { recordingScript, startNode, startProcess } from '../support/child.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { leftovers } from './faults/exports.mjs'

t.setTimeout(600_000)

const here = new URL('./stress/', import.meta.url).pathname
// The engine's own heap otherwise grows in steps of 8 MB a thread whenever it sees fit, and the C library keeps what was freed
// in arenas of the threads.
const settings = ['MALLOC_ARENA_MAX=1', process.execPath, '--expose-gc', '--max-semi-space-size=1']

async function script<T>(name: string, ...args: readonly string[]): Promise<T> {
  const { code, signal, stdout, stderr } = await startProcess('env', [...settings, `${here}${name}`, ...args]).ended
  t.strictSame({ code, signal, stderr }, { code: 0, signal: null, stderr: '' }, name)
  return JSON.parse(stdout)
}

const least = (numbers: readonly number[]) => Math.min(...numbers)

t.test('10,000 small exports, 64 at once, in four worker threads', async (t) => {
  interface Found {
    settled: number
    failed: number
    memory: number[]
    longest: number
    left: string[]
  }
  const { settled, failed, memory, longest, left } = await script<Found>('small-exports.mjs', t.testdir())
  t.strictSame({ settled, failed, left }, { settled: 10_000, failed: 0, left: [] })
  t.ok(least(memory.slice(-2)) - memory[0]! < 10, `resident memory beside the engine's own in MB: ${memory.map(Math.round).join(', ')}`)
  // Sixteen of them may be started in one turn, which is the caller's.
  t.ok(longest < 20, `the longest turn took ${longest.toFixed(1)} ms`)
})

t.test('4,000 exports that one signal stops', async (t) => {
  interface Found {
    least: Record<string, { written: number; stopped: number; longest: number }>
    left: string[]
  }
  const { least, left } = await script<Found>('stop-exports.mjs', t.testdir(), '4000')
  t.strictSame(left, [])
  for (const [name, { written, stopped, longest }] of Object.entries(least)) {
    t.equal(written + stopped, 4000)
    t.ok(stopped > 0, `${name}: ${stopped} were stopped`)
    t.ok(longest < 10, `the longest turn took ${longest.toFixed(1)} ms`)
  }
})

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
  ['an error that nobody catches', "throw new Error('of the caller')", 1],
  ['process.reallyExit', 'process.reallyExit(7)', 7],
] as const) {
  t.test(`a process that ends by ${how} at any moment`, async (t) => {
    const dir = t.testdir()
    for (let i = 0; i < 12; i++) {
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
        setTimeout(() => { ${ending} }, ${i < 3 ? 0 : Math.random() * 60})
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
  await sleep(1)
  t.strictSame(readdirSync(dir), [])
})
