/**
 * After any failure of an export, its target is what it was before, complete, and nothing else is left.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { compileFaultyIo, faultsIn } from '../support/faulty-io.js'
import { s3Store } from '../support/s3-store.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { contentsAt, EXPORTS, recording } from './faults/exports.mjs'

interface Found {
  problems: string[]
  injected?: Record<string, number>
  first?: number
  second?: number
  survived?: number
  reported?: Record<string, number>
  refused?: number
  written?: number
  enough?: number
}

type Write = (sd: unknown, path: string, options: object) => Promise<unknown>

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const linux = process.platform === 'linux' ? false : 'system calls are made to fail on Linux only'

const faulty = linux ? '' : compileFaultyIo(dir)

/** Runs one of the scripts beside these tests. It must exit with 0 and print nothing but its findings. */
async function script(name: string, args: readonly string[], environment: readonly string[] = []): Promise<string> {
  const { code, signal, stdout, stderr } = await startProcess('env', [...environment, process.execPath, `${here}${name}`, ...args]).ended
  t.strictSame({ code, signal, stderr }, { code: 0, signal: null, stderr: '' }, name)
  return stdout
}

/** A new folder in which calls can fail. */
function withFaults(folder: string): ReturnType<typeof faultsIn> {
  mkdirSync(folder)
  return faultsIn(folder, faulty)
}

// Both at once: they wait for the disk most of the time.
const everyCall = (
  [
    [3, 'every'],
    [200_000, 'full'],
  ] as const
).map(([spikes, how]) => {
  if (linux) return { spikes, how, found: undefined }
  const folder = `${dir}/${how}`
  const { environment, control } = withFaults(folder)
  return { spikes, how, found: script('inject.mjs', [folder, control, `${spikes}`, how], environment) }
})
for (const { spikes, how, found } of everyCall) {
  t.test(`every system call fails once, ${spikes} spikes`, { skip: linux }, async (t) => {
    const { problems, injected, reported, survived }: Found = JSON.parse((await found)!)
    t.strictSame(problems, [])
    t.comment(`${survived} exports survived; ${JSON.stringify(injected)}`)
    const others = ['mkdir', 'lock', 'fchmod', 'dup', 'close', 'stat', 'access', 'readdir', 'unlink']
    const kinds = ['open', 'write', 'fsync', 'rename', ...(how === 'full' ? ['fallocate'] : others)]
    for (const kind of kinds) t.ok(injected?.[kind], `${kind} failed`)
    // What a file system refuses of locks and permissions is gone without.
    for (const kind of kinds) t.equal(reported?.[kind] === undefined, ['lock', 'fchmod'].includes(kind), `${kind} was reported`)
    t.ok(survived! > 300)
  })
}

t.test('file descriptors run out, at every count', { skip: linux }, async (t) => {
  const folder = `${dir}/descriptors`
  const temporary = `${dir}/descriptors-temporary`
  mkdirSync(folder)
  mkdirSync(temporary)
  const { address } = await s3Store(t, (request, response) => {
    request.resume().on('end', () => response.writeHead(200, { etag: '"etag"' }).end())
  })
  // The SDK for S3 warns of old versions of Node.
  const node = [process.execPath, '--no-warnings', `${here}descriptors.mjs`, folder, address]
  const ended = await startProcess('env', [`TMPDIR=${temporary}`, 'sh', '-c', 'ulimit -n 160; exec "$0" "$@"', ...node]).ended
  t.match(ended, { code: 0, signal: null, stderr: '' })
  const { problems, refused, written, enough }: Found = JSON.parse(ended.stdout)
  t.strictSame(problems, [])
  t.equal(enough, 4 * Object.keys(EXPORTS).length + 1)
  t.ok(refused! > 100, `${refused} exports were refused, and ${written} written`)
})

for (const [way, pairs] of [
  ['calls', 400],
  ['threads', 1000],
  ['processes', 300],
] as const) {
  t.test(`two exports to one folder at once, by two ${way}`, async (t) => {
    const folder = `${dir}/by-two-${way}`
    mkdirSync(folder)
    const { problems, first, second }: Found = JSON.parse(await script('at-once.mjs', [folder, `${pairs}`, way]))
    t.strictSame(problems, [])
    t.equal(first! + second!, pairs)
    t.comment(`the first won ${first} times, the second ${second} times`)
  })
}

t.test('a disk that is full, or soon will be', async (t) => {
  const folder = `${dir}/small-disk`
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { encoding: 'utf8' })
  if (mounted.status !== 0) {
    t.pass(`a small file system takes an administrator: ${mounted.stderr.trim()}`, { skip: true })
    return
  }
  t.teardown(() => spawnSync('umount', ['--lazy', folder]))
  const { problems, refused, written }: Found = JSON.parse(await script('full-disk.mjs', [folder, '60']))
  t.strictSame(problems, [])
  t.equal(refused! + written!, 60 * Object.keys(EXPORTS).length)
  t.ok(refused! >= 300, `${refused} exports were refused, and ${written} written`)
  t.ok(written! >= 50)

  for (const [name, write] of Object.entries(EXPORTS) as [string, Write][]) await write(recording(3, 0), `${folder}/${name}`, {})
  const before = Object.keys(EXPORTS).map((name) => contentsAt(`${folder}/${name}`))
  t.equal(spawnSync('mount', ['-o', 'remount,ro', folder]).status, 0, 'and then it is read-only')
  for (const [name, write] of Object.entries(EXPORTS) as [string, Write][]) {
    await t.rejects(write(recording(3, 1), `${folder}/${name}`, {}), { code: 'EROFS' }, name)
    await t.rejects(write(recording(3, 1), `${folder}/new ${name}`, {}), { code: 'EROFS' }, name)
  }
  t.strictSame(
    Object.keys(EXPORTS).map((name) => contentsAt(`${folder}/${name}`)),
    before,
  )
})

t.test('what is durable is on the disk before it has its name', { skip: linux }, async (t) => {
  const folder = `${dir}/durable`
  const { environment } = withFaults(folder)
  const log = `${dir}/durable.log`
  const code = `
    import { EXPORTS, recording } from '${here}exports.mjs'
    for (const [name, write] of Object.entries(EXPORTS)) await write(recording(30, 0), '${folder}/' + name, { durable: true })
    for (const [name, write] of Object.entries(EXPORTS)) await write(recording(30, 1), '${folder}/' + name, { durable: true })
  `
  const ended = await startProcess('env', [...environment, `FAULTY_LOG=${log}`, process.execPath, '--input-type=module', '--eval', code])
    .ended
  t.match(ended, { code: 0, stderr: '' })

  const unsynced = new Set<string>()
  let renames = 0
  let renamedSince = 0
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [, kind = '', path = ''] = /^(\w+) ?(.*)$/.exec(line) ?? []
    if (kind === 'write' || kind === 'ftruncate') unsynced.add(path)
    if (kind === 'fsync') {
      unsynced.delete(path)
      if (!path.includes('.partial')) renamedSince = 0
    }
    if (kind === 'rename') {
      renames++
      renamedSince++
      const torn = [...unsynced].filter((file) => file === path || file.startsWith(`${path}/`))
      if (torn.length > 0) t.fail(`${torn} was renamed before it was synced`)
    }
  }
  t.ok(renames >= 2 * Object.keys(EXPORTS).length, `${renames} renames`)
  t.equal(renamedSince, 0, 'folders are synced after the last rename')
})

t.test('a thousand refusals, and then an export', { skip: linux }, async (t) => {
  const folder = `${dir}/thousand`
  const { environment, control } = withFaults(folder)
  const code = `
    import { openSync, writeSync } from 'node:fs'
    import os from 'node:os'
    import { EXPORTS, recording } from '${here}exports.mjs'
    const control = openSync('${control}', 'r+')
    const fail = (countdown, repeat) => writeSync(control, Buffer.from(Int32Array.of(countdown, os.constants.errno.ENOSPC, repeat, 2).buffer), 0, 16, 0)
    const sd = recording(300, 0)
    let refused = 0
    const writers = Object.entries(EXPORTS)
    for (let i = 0; i < 1000; i++) {
      const [name, write] = writers[i % writers.length]
      // The kind 2, writing, fails from the first call on.
      fail(0, 1)
      await write(sd, '${folder}/' + name, {}).catch(({ code }) => (refused += code === 'ENOSPC'))
      fail(-1, 0)
    }
    for (const [name, write] of writers) await write(sd, '${folder}/' + name, {})
    console.log(refused)
  `
  const ended = await startProcess('env', [...environment, process.execPath, '--input-type=module', '--eval', code]).ended
  t.strictSame(ended, { code: 0, signal: null, stdout: '1000\n', stderr: '' })
})
