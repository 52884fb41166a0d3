/**
 * Exports of every kind, stopped at any moment: each rejects with the signal's reason, its threads have stopped by then, and nothing
 * is left, neither on the disk nor in memory.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import type { ExportOptions, SpikeData } from '../../lib/index.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { leftovers, EXPORTS as OF_ANY_KIND, recording, recordingOfUnits } from '../reliability/faults/exports.mjs'
import { STEADY_NODE, startProcess } from '../support/child.js'
import { slowdown } from '../support/event-loop.mjs'

type Write = (sd: SpikeData, path: string, options: ExportOptions) => Promise<unknown>

/** On a machine left alone it takes a fifth of that. */
const LIMIT_MS = 100
const ROUNDS = 12
/** How long the addon's threads are watched after an export was stopped. */
const WATCHED_MS = 50

const ragged = OF_ANY_KIND.ragged as Write
const EXPORTS: Record<string, Write> = {
  ...OF_ANY_KIND,
  'level 9': (sd, path, options) => ragged(sd, path, { compression: { level: 9 }, ...options } as ExportOptions),
  durable: (sd, path, options) => ragged(sd, path, { durable: true, ...options }),
}

const dir = t.testdir()
const large: SpikeData = recording(2_500_000, 0)
const ofManyUnits: SpikeData = recordingOfUnits(20_000, 100)

/** What is in the folder, as far as anything else there would show. */
function state(): unknown {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
  // Partial files leave their mark on the time of a folder.
  return names.map((name) => statSync(`${dir}/${name}`)).map((found, i) => [names[i], found.ino, found.isDirectory() || found.mtimeMs])
}

/** Starts an export, aborts it after `delay` ms, and returns its outcome and the time from the abort to it. */
async function stop(
  write: Write,
  sd: SpikeData,
  path: string,
  delay: number,
  reason: unknown,
): Promise<{ outcome: unknown; took: number }> {
  const controller = new AbortController()
  let aborted = NaN
  const timer = setTimeout(() => {
    aborted = performance.now()
    controller.abort(reason)
  }, delay)
  const outcome = await write(sd, path, { signal: controller.signal }).catch((error: unknown) => error)
  clearTimeout(timer)
  return { outcome, took: performance.now() - aborted }
}

/** How long it takes to bring as much to the disk as an export does at once, which nothing can stop. */
function syncTime(): number {
  const file = openSync(`${dir}/synced`, 'w')
  const started = performance.now()
  writeSync(file, Buffer.alloc(8 * large.spikeCount, 1))
  fsyncSync(file)
  const took = performance.now() - started
  closeSync(file)
  rmSync(`${dir}/synced`)
  return took
}

/** What a stop may take, as the machine is now. */
const limit = (isDurable: boolean) => LIMIT_MS * slowdown() + (isDurable ? 2 * syncTime() : 0)

for (const [name, write] of Object.entries(EXPORTS)) {
  t.test(`stopped at any moment: ${name}`, async (t) => {
    const path = `${dir}/${name}`
    const times: number[] = []
    const before = limit(name === 'durable')
    for (const sd of [large, ofManyUnits]) {
      await write(sd, path, {})
      const started = performance.now()
      await write(sd, path, {})
      const duration = performance.now() - started
      let stopped = 0
      // Some of them come too late.
      for (let round = 0; round < ROUNDS || (stopped < ROUNDS / 2 && round < 10 * ROUNDS); round++) {
        const reason = { round }
        const before = state()
        const { outcome, took } = await stop(write, sd, path, 0.6 * duration * Math.random(), reason)
        if (outcome === reason) t.strictSame(state(), before, 'all is as it was')
        else t.match(outcome, { spikeCount: sd.spikeCount }, 'it was too late to stop it')
        if (outcome === reason) stopped++
        // What could not be stopped any more ends as soon.
        if (!Number.isNaN(took)) times.push(took)
      }
      t.ok(stopped >= ROUNDS / 2, `${stopped} were stopped`)
    }
    const slowest = Math.max(...times)
    const most = Math.max(before, limit(name === 'durable'))
    t.ok(slowest < most, `each within ${slowest.toFixed(1)} ms, of ${most.toFixed(0)}`)
    rmSync(path, { recursive: true })
  })
}

t.test('stopped while attributes become columns', async (t) => {
  const sd: SpikeData = recordingOfUnits(200_000, 1)
  for (const name of ['nwb', 'phy', 'pickle']) {
    const { outcome, took } = await stop(EXPORTS[name]!, sd, `${dir}/${name}`, 100, 'enough')
    t.equal(outcome, 'enough')
    const most = limit(false)
    t.ok(took < most, `${name}: within ${took.toFixed(1)} ms, of ${most.toFixed(0)}`)
  }
})

/** The CPU time of the addon's threads, in ms. */
function addonTime(): number {
  const threads = readdirSync('/proc/self/task').map((id) => `/proc/self/task/${id}`)
  const ours = threads.filter((thread) => readFileSync(`${thread}/comm`, 'utf8').startsWith('spikeport'))
  t.ok(ours.length > 0, 'its threads are found by name')
  return ours.reduce((sum, thread) => sum + Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6, 0)
}

t.test('threads have stopped when the promise rejects', async (t) => {
  // Not written before it is stopped, however fast the disk is.
  const larger: SpikeData = recordingOfUnits(60, 300_000)
  for (const write of [ragged, EXPORTS['level 9']!]) {
    for (let round = 0; round < 5; round++) {
      t.equal((await stop(write, larger, `${dir}/stopped`, 2, 'enough')).outcome, 'enough')
      const before = addonTime()
      await after(WATCHED_MS)
      const took = addonTime() - before
      // One that went on would have taken as much as it got of that.
      t.ok(took < WATCHED_MS / 10, `they took ${took.toFixed(1)} ms of CPU time in ${WATCHED_MS} ms`)
    }
  }
})

t.test('memory comes back', async (t) => {
  const code = `
    import { EXPORTS, recording } from '${new URL('../reliability/faults/exports.mjs', import.meta.url).pathname}'
    const sd = recording(600_000, 0)
    const memory = []
    let stopped = 0
    for (let round = 0; round < 30; round++) {
      for (const [name, write] of Object.entries(EXPORTS)) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), Math.random() * 15)
        await write(sd, '${dir}/' + name, { signal: controller.signal }).catch(() => stopped++)
      }
      gc()
      memory.push(process.memoryUsage().rss / 1e6)
    }
    console.log(JSON.stringify({ stopped, memory }))
  `
  const { stdout, ...ended } = await startProcess('env', [...STEADY_NODE, '--input-type=module', '--eval', code]).ended
  t.strictSame(ended, { code: 0, signal: null, stderr: '' })
  const { stopped, memory }: { stopped: number; memory: number[] } = JSON.parse(stdout)
  t.comment(`${stopped} of ${30 * Object.keys(OF_ANY_KIND).length} were stopped`)
  t.ok(Math.min(...memory.slice(-5)) - Math.min(...memory.slice(5, 10)) < 6, `resident memory in MB: ${memory.map(Math.round).join(', ')}`)
  t.strictSame(leftovers(dir), [])
})
