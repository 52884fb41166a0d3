/**
 * `spikeport slurm` on a real cluster: an array of shards, a task that is requeued, a recording that fails, and what is left run again.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { loadSpikeDataFromNwb } from '../../lib/index.js'
import { batchFolder, outputsOf, repair, trainsOf } from '../support/batches.js'
import type { Cluster } from '../support/slurm.js'
import { startCluster, whyNoSlurm } from '../support/slurm.js'
import { spikeport } from '../support/spikeport-program.js'

const SHARDS = 4
const RECORDINGS = 12
const DAMAGED = 5

t.test('an array job', { skip: whyNoSlurm() ?? false }, async (t) => {
  const dir = await batchFolder(t, { count: RECORDINGS, damaged: [DAMAGED] })
  const planned = await spikeport(['plan', 'spec.yml', '--shards', String(SHARDS), '-q'], dir)
  t.match(planned, { code: 0, stderr: /^warning: The metadata .* is not kept in outputs of the format phy\.$|^$/ })
  writeFileSync(`${dir}/plan.jsonl`, planned.stdout)
  const [, ...items] = planned.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const damagedShard = items.find(({ input }) => input.includes(`/m${DAMAGED}/`)).shard
  const requeuedShard = (damagedShard + 1) % SHARDS
  const script = await spikeport(['slurm', 'plan.jsonl', '--limit', '2', '--cpus-per-task', '1'], dir)
  t.match(script, { code: 0, stderr: '' })
  writeFileSync(`${dir}/convert.sh`, script.stdout)

  const cluster = await startCluster(t)
  const job = cluster.run('bash', ['convert.sh'], dir)
  t.match(job, /^\d+$/)
  const task = await stoppedTask(cluster, job, requeuedShard)
  cluster.run('scontrol', ['requeue', `${job}_${requeuedShard}`])
  await cluster.until('the task has been stopped', () => !isRunning(task))
  await cluster.until('all tasks have ended', () => hasEnded(cluster, job))
  t.strictSame(
    Object.fromEntries(cluster.tasks(job)),
    Object.fromEntries(Array.from({ length: SHARDS }, (_, i) => [i, i === damagedShard ? 'FAILED' : 'COMPLETED'])),
  )
  t.match(cluster.run('scontrol', ['show', 'job', `${job}_${requeuedShard}`]), /Restarts=1/)

  const status = await spikeport(['status', 'plan.jsonl'], dir)
  t.match(status, { code: 1, stderr: new RegExp(`^error: Cannot read '.*/m${DAMAGED}/sorting\\.pkl': .* \\(spec\\.yml:10:9\\)\n$`) })
  t.match(status.stdout, /^nwb +11 +0 +1 +0$/m)
  t.ok(status.stdout.endsWith(`\nShards to work on again: --array=${damagedShard}\n`), status.stdout)
  await cluster.until(
    'the results are in one file',
    () => readdirSync(dir).includes('plan.merged.jsonl') && mergedIn(dir).length === RECORDINGS * 2,
  )
  t.equal(mergedIn(dir).filter((line) => line.includes('"status":"failed"')).length, 2)

  await repair(dir, DAMAGED)
  const { stdout: left } = await spikeport(['status', '--array', 'plan.jsonl'], dir)
  const again = cluster.run('sbatch', ['--parsable', `--array=${left.trim()}`, 'convert.sh'], dir)
  await cluster.until('the shard has been worked on again', () => hasEnded(cluster, again))
  t.match(await spikeport(['status', 'plan.jsonl', '--json'], dir), { code: 0, stderr: '' })
  for (let i = 0; i < RECORDINGS; i++) {
    const sd = await loadSpikeDataFromNwb(outputsOf(dir, i)[0])
    t.strictSame(
      [...sd.train].map((train) => Array.from(train)),
      trainsOf(i),
    )
  }
})

/** Stops the process of a task as soon as it is there, so that it has something left to do. */
async function stoppedTask(cluster: Cluster, job: string, shard: number): Promise<number> {
  let pid: number | undefined
  await cluster.until('the task runs', () => {
    pid = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((each) => isTask(each, job, shard))
    if (pid !== undefined) process.kill(pid, 'SIGSTOP')
    return pid !== undefined
  })
  return pid as number
}

function isTask(pid: number, job: string, shard: number): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const isOfShard = variables.includes(`SLURM_ARRAY_JOB_ID=${job}`) && variables.includes(`SLURM_ARRAY_TASK_ID=${shard}`)
    return isOfShard && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[2] === 'work'
  } catch {
    // It has ended.
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function hasEnded(cluster: Cluster, job: string): boolean {
  const states = [...cluster.tasks(job).values()]
  return states.length > 0 && states.every((state) => ['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'].includes(state))
}

function mergedIn(dir: string): string[] {
  return readFileSync(`${dir}/plan.merged.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}
