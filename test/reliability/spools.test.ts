/**
 * Nothing is left of spikes that are kept on the disk, if any call fails, and however the process or its threads end.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { compileFaultyIo, faultsIn } from '../support/faulty-io.js'

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const linux = process.platform === 'linux' ? false : 'system calls are made to fail on Linux only'

/** Starts the script on a folder. */
function start(how: string, folder: string, args: readonly string[] = [], environment: readonly string[] = []) {
  return startProcess('env', [...environment, process.execPath, '--expose-gc', `${here}spools.mjs`, how, folder, ...args])
}

/** What the script has found. */
async function found<T>(...args: Parameters<typeof start>): Promise<T> {
  const { stdout, ...ended } = await start(...args).ended
  t.strictSame(ended, { code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

for (const [how, what] of [
  ['inject', 'times'],
  ['values', 'times and values'],
] as const) {
  t.test(`every system call fails once: ${what}`, { skip: linux }, async (t) => {
    const folder = `${dir}/${how}`
    mkdirSync(folder)
    const { environment, control } = faultsIn(folder, compileFaultyIo(dir), { reads: true })
    const { problems, injected } = await found<{ problems: string[]; injected: Record<string, number> }>(
      how,
      folder,
      [control],
      environment,
    )
    t.strictSame(problems, [])
    t.comment(JSON.stringify(injected))
    for (const kind of ['open', 'write', 'fallocate', 'read', 'close']) t.ok(injected[kind], `${kind} failed`)
  })
}

t.test('a disk that is full, or soon will be', { skip: linux }, async (t) => {
  const folder = `${dir}/small-disk`
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=7m', 'tmpfs', folder], { encoding: 'utf8' })
  if (mounted.status !== 0) {
    t.pass(`a small file system takes an administrator: ${mounted.stderr.trim()}`, { skip: true })
    return
  }
  t.teardown(() => spawnSync('umount', ['--lazy', folder]))
  const empty = statfsSync(folder).bfree
  const { problems, refused, written } = await found<{ problems: string[]; refused: number; written: number }>('full', folder, ['40'])
  t.strictSame(problems, [])
  t.equal(refused + written, 40)
  t.ok(refused > 10 && written > 3, `${refused} were refused, and ${written} written`)
  // Processes that end in the middle.
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const { child, ended } = start('endless', folder)
    await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
    child.kill(signal)
    await ended
    t.equal(statfsSync(folder).bfree, empty, signal)
  }
  t.strictSame(readdirSync(folder), [])
})

t.test('processes and threads that end', { skip: linux }, async (t) => {
  const folder = `${dir}/ended`
  mkdirSync(folder)
  for (let i = 0; i < 6; i++) {
    const signal = i % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
    const { child, ended } = start('endless', folder)
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await sleep(Math.random() * 30)
    child.kill(signal)
    t.match(await ended, { signal, stderr: '' })
    t.strictSame(readdirSync(folder), [])
  }
  t.strictSame(await start('exit', folder).ended, { code: 3, signal: null, stdout: 'spooled\n', stderr: '' })
  t.strictSame(readdirSync(folder), [])
  const { left, memory } = await found<{ left: string[]; memory: number[] }>('workers', folder)
  t.strictSame(left, [])
  const half = memory.length / 2
  const [first, second] = [memory.slice(0, half), memory.slice(half)].map((part) => Math.min(...part)) as [number, number]
  t.ok(second < first + 20, `memory went from ${first.toFixed(0)} to ${second.toFixed(0)} MB`)
})
