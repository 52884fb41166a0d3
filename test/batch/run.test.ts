/**
 * `spikeport run`: batches, as they are run, stopped, and run again.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { loadSpikeData, loadSpikeDataFromNwb } from '../../lib/index.js'
import { batchFolder, inputOf, journalOf, outputsOf, repair, SPEC, slowFolder, trainsOf } from '../support/batches.js'
import { startProcess } from '../support/child.js'
import { jsonLines, spikeport, startSpikeport } from '../support/spikeport-program.js'

const DAMAGED = 2
/** What a test waits for at most, in ms. */
const PATIENCE = 30_000

async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Not so after ${PATIENCE} ms: ${what}.`)
    await delay(5)
  }
}

const statuses = (lines: readonly Record<string, unknown>[]) => {
  const counts: Record<string, number> = {}
  for (const { status } of lines) counts[String(status)] = (counts[String(status)] ?? 0) + 1
  return counts
}

/** When all outputs of some recordings were written. */
const timesOf = (dir: string, recordings: readonly number[]) =>
  recordings.flatMap((i) => outputsOf(dir, i).map((path) => statSync(path.endsWith('.nwb') ? path : `${path}/params.py`).mtimeMs))

/** Files that an export has begun and not ended. */
const partials = (dir: string) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /partial|\.tmp/.test(name))

t.test('a batch', async (t) => {
  const dir = await batchFolder(t, { count: 4, damaged: [DAMAGED] })
  const whole = [0, 1, 3]
  const first = await spikeport(['run', 'spec.yml', '--json'], dir)
  t.equal(first.code, 1)
  const lines = jsonLines(first)
  t.strictSame(statuses(lines), { done: 6, failed: 2 })
  t.match(
    lines.find(({ status, format }) => status === 'done' && format === 'nwb'),
    { units: 3, spikes: 3, place: 'spec.yml:10:9', fingerprint: /^[\w-]{22}$/ },
  )
  const problem = `error: Cannot read '${inputOf(dir, DAMAGED)}'`
  t.equal(first.stderr.split(problem).length, 2, 'a recording that fails is named once')
  t.match(first.stderr, /^warning: 3 outputs: The templates .* \(SPIKEPORT_PHY_PLACEHOLDERS\)$/m)
  t.match(first.stderr, / {6}done {3}skipped {3}failed\nnwb {6}3 {9}0 {8}1\nphy {6}3 {9}0 {8}1\nWrote 18 spikes, /)
  t.strictSame(journalOf(`${dir}/spec.results`), lines)
  for (const i of whole) {
    const [nwb, phy] = outputsOf(dir, i)
    const sd = await loadSpikeDataFromNwb(nwb)
    t.strictSame(
      [...sd.train].map((train) => Array.from(train)),
      trainsOf(i),
    )
    t.equal(sd.metadata['session_start_time'], '2026-03-01T14:05:00+01:00')
    t.equal((await loadSpikeData(phy)).spikeCount, 3)
  }

  const before = timesOf(dir, whole)
  const second = await spikeport(['run', 'spec.yml', '--json', '-q'], dir)
  t.equal(second.code, 1)
  t.strictSame(statuses(jsonLines(second)), { skipped: 6, failed: 2 })
  t.match(
    jsonLines(second).find(({ status }) => status === 'skipped'),
    { reason: 'it was made before' },
  )
  await repair(dir, DAMAGED)
  rmSync(outputsOf(dir, 3)[0])
  const third = await spikeport(['run', 'spec.yml'], dir)
  t.match(third, { code: 0, stderr: /\nnwb {6}2 {9}2 {8}0\nphy {6}1 {9}3 {8}0\n/ })
  t.strictSame(third.stdout.trim().split('\n').sort(), [...outputsOf(dir, DAMAGED), outputsOf(dir, 3)[0]].sort())
  t.strictSame(timesOf(dir, [0, 1]), before.slice(0, 4), 'what was made is left')
})

t.test('what is there already', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  const run = async (...args: string[]) => {
    const { code, stdout } = await spikeport(['run', 'spec.yml', '--json', '-q', ...args], dir)
    const lines = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    return [
      code,
      ...lines.sort((a, b) => (a.output < b.output ? -1 : 1)).map(({ status, reason, error }) => reason ?? error?.code ?? status),
    ]
  }
  const made = 'it was made before'
  const other = 'it is there, made from another state of the input or with other options'
  t.strictSame(await run(), [0, 'done', 'done', 'done', 'done'])
  for (const existing of ['error', 'skip', 'refresh']) t.strictSame(await run('-e', existing), [0, made, made, made, made], existing)
  utimesSync(inputOf(dir, 0), 1, 1)
  t.strictSame(await run(), [0, other, made, other, made])
  t.strictSame(await run('-e', 'error'), [1, 'EEXIST', made, 'EEXIST', made])
  t.strictSame(await run('-e', 'refresh'), [0, 'done', made, 'done', made])
  writeFileSync(`${dir}/spec.yml`, SPEC.replace('to: nwb, options: {fsHz: 20000}', 'to: nwb, options: {fsHz: 10000}'))
  t.strictSame(await run(), [0, other, other, made, made])
  t.strictSame(await run('-e', 'refresh'), [0, 'done', 'done', made, made])
  t.strictSame(await run('-e', 'overwrite'), [0, 'done', 'done', 'done', 'done'])
  // What was changed since is not what was made; folders change by themselves.
  writeFileSync(outputsOf(dir, 1)[0], 'changed')
  writeFileSync(`${outputsOf(dir, 1)[1]}/cluster_group.tsv`, 'cluster_id\tgroup\n0\tnoise\n')
  t.strictSame(await run(), [0, made, 'it has been changed since it was made', made, made])
  const text = await spikeport(['run', 'spec.yml'], dir)
  t.match(
    text.stderr,
    /^warning: 1 output left as they are, though not made as this batch would make them now: --existing refresh does\.$/m,
  )
  t.strictSame(await run('-e', 'refresh'), [0, made, 'done', made, made])
  // Without its results a batch does not know what it has made.
  rmSync(`${dir}/spec.results`, { recursive: true })
  t.strictSame(await run(), [0, 'it is there', 'it is there', 'it is there', 'it is there'])
  t.strictSame(await run('--results', 'elsewhere', '-e', 'overwrite'), [0, 'done', 'done', 'done', 'done'])
  t.equal(journalOf(`${dir}/elsewhere`).length, 4)
})

t.test('what is in the way', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  mkdirSync(outputsOf(dir, 0)[0], { recursive: true })
  writeFileSync(`${dir}/out/phy`, 'a file')
  symlinkSync('loop', `${dir}/loop`)
  writeFileSync(`${dir}/spec.yml`, `${SPEC}      - {source: loop, name: looped}\n`)
  const lines = jsonLines(await spikeport(['run', 'spec.yml', '--json', '-q'], dir))
  const outcomes = Object.fromEntries(
    lines.map(({ output, status, error }) => [output, (error as { code: string } | undefined)?.code ?? status]),
  )
  t.strictSame(outcomes, {
    [outputsOf(dir, 0)[0]]: 'EISDIR',
    [outputsOf(dir, 0)[1]]: 'ENOTDIR',
    [outputsOf(dir, 1)[0]]: 'done',
    [outputsOf(dir, 1)[1]]: 'ENOTDIR',
    [`${dir}/out/looped.nwb`]: 'ELOOP',
    [`${dir}/out/phy`]: 'ELOOP',
  })
  writeFileSync(`${dir}/spec.results.txt`, '')
  t.match(await spikeport(['run', 'spec.yml', '--results', 'spec.results.txt'], dir), {
    code: 1,
    stderr: /^error: spec\.results\.txt cannot be made, as there is a file in its place\.$/m,
  })
})

const hasBegun = (dir: string) => existsSync(`${dir}/out/slow`) && readdirSync(`${dir}/out/slow`).length > 0

t.test('signals stop it cleanly', async (t) => {
  const dir = await slowFolder(t)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, ended } = startSpikeport(['run', 'spec.yml', '-e', 'overwrite'], dir)
    await until(() => hasBegun(dir), 'it has begun')
    const sentAt = performance.now()
    child.kill(signal)
    t.match(await ended, { code: null, signal, stderr: new RegExp(`error: Stopped by ${signal}\\.\n$`) })
    t.ok(performance.now() - sentAt < 1000, 'within a second')
    t.strictSame(readdirSync(`${dir}/out/slow`), [], 'nothing is left')
    t.notOk(
      journalOf(`${dir}/spec.results`).some(({ status }) => status === 'failed'),
      'what was stopped has not failed',
    )
  }
})

t.test('killed, it goes on where it was', async (t) => {
  const dir = await slowFolder(t)
  const { child, ended } = startSpikeport(['run', 'spec.yml'], dir)
  await until(() => hasBegun(dir), 'it has begun')
  const workers = childrenOf(child.pid as number)
  t.ok(workers.length > 0)
  child.kill('SIGKILL')
  t.match(await ended, { signal: 'SIGKILL' })
  await until(() => workers.every((pid) => !existsSync(`/proc/${pid}`)), 'its workers have ended')
  t.strictSame(readdirSync(`${dir}/out/slow`), [], 'and have removed what they had begun')

  // Half a line, as a process leaves it that is killed while it writes.
  writeFileSync(`${dir}/spec.results/run.jsonl`, '{"status":"done","out', { flag: 'a' })
  const doneBefore = journalOfLines(dir).length
  const again = await spikeport(['run', 'spec.yml', '--json', '-q'], dir)
  t.equal(again.code, 0)
  const reasons = jsonLines(again).map(({ status, reason }) => reason ?? status)
  t.equal(reasons.length, 7)
  t.equal(reasons.filter((reason) => reason === 'it was made before').length, doneBefore)
  // What was made when the process was killed before it could record that is left as well.
  t.ok(
    reasons.every((reason) => ['it was made before', 'it is there', 'done'].includes(reason as string)),
    reasons.join(', '),
  )
  t.equal((await loadSpikeData(`${dir}/out/slow/out.h5`)).spikeCount, 4e6)
  t.strictSame(partials(`${dir}/out`), [])
  t.equal(journalOfLines(dir).length, 7, 'each output has a line, and the one that was cut off is none')
})

/** Those lines of the journal that are whole. */
function journalOfLines(dir: string): string[] {
  const lines = readFileSync(`${dir}/spec.results/run.jsonl`, 'utf8').split('\n')
  return lines.filter((line) => line.endsWith('}'))
}

/** The processes that a process has started. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

t.test('a recording that ends its process takes no other with it', async (t) => {
  const dir = await slowFolder(t)
  const { child, ended } = startSpikeport(['run', 'spec.yml', '--json', '-j', '1'], dir)
  await until(() => hasBegun(dir), 'it has begun')
  for (const pid of childrenOf(child.pid as number)) process.kill(pid, 'SIGKILL')
  const { code, ...output } = await ended
  t.equal(code, 1)
  const lines = jsonLines({ code, ...output })
  t.strictSame(statuses(lines), { done: 6, failed: 1 })
  const message = 'The process that converted it was ended by SIGKILL, as the system does when memory is short.'
  t.match(
    lines.find(({ status }) => status === 'failed'),
    { input: `${dir}/slow.h5`, error: { message } },
  )
})

t.test('the first failure, and a full disk, end it where that is asked for', async (t) => {
  const dir = await batchFolder(t, { count: 40, damaged: [0] })
  const stopped = await spikeport(['run', 'spec.yml', '--fail-fast', '-j', '1', '--json'], dir)
  t.match(stopped, { code: 1, stderr: /^Other recordings were not begun\. The same call goes on\.$/m })
  t.ok(jsonLines(stopped).length < 40, 'not all were begun')

  const full = await batchFolder(t, { count: 40 })
  execFileSync('mkdir', ['small'], { cwd: full })
  const mounted = await startProcess('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${full}/small`]).ended
  if (mounted.code !== 0) return t.pass(`a small file system cannot be mounted: ${mounted.stderr.trim()}`, { skip: true })
  try {
    writeFileSync(`${full}/spec.yml`, SPEC.replace('output_folder: out', 'output_folder: small'))
    const ended = await spikeport(['run', 'spec.yml', '--json'], full)
    t.match(ended, { code: 75, stderr: /no space left on device \(ENOSPC\)[\s\S]*^Other recordings were not begun\./m })
    t.ok(jsonLines(ended).length < 80)
  } finally {
    await startProcess('umount', ['--lazy', `${full}/small`]).ended
  }
})

t.test('two at once', async (t) => {
  const dir = await batchFolder(t, { count: 10 })
  const runs = await Promise.all([1, 2].map(() => spikeport(['run', 'spec.yml', '--json', '-q'], dir)))
  for (const run of runs) {
    t.equal(run.code, 0, run.stderr)
    t.equal(jsonLines(run).length, 20)
  }
  for (let i = 0; i < 10; i++) t.equal((await loadSpikeDataFromNwb(outputsOf(dir, i)[0])).spikeCount, 3)
  t.strictSame(partials(`${dir}/out`), [])
  t.strictSame(statuses(jsonLines(await spikeport(['run', 'spec.yml', '--json', '-q'], dir))), { skipped: 20 })
})
