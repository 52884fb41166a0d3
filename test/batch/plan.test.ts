/**
 * `spikeport plan`, `work` and `status`, as schedulers call them; and what is written for those.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { ranges } from '../../lib/batch/ranges.js'
import { coresGiven, shardIndex } from '../../lib/batch/shard-index.js'
import { batchFolder, inputOf, outputsOf } from '../support/batches.js'
import { startProcess } from '../support/child.js'
import { jsonLines, PROGRAM, spikeport } from '../support/spikeport-program.js'

t.test('which shard a task works on', async (t) => {
  const cases: [environment: Record<string, string>, index: number | undefined][] = [
    [{}, undefined],
    [{ SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '1' }, 3],
    [{ SLURM_ARRAY_TASK_ID: '3', JOB_COMPLETION_INDEX: '1' }, 3],
    [{ JOB_COMPLETION_INDEX: '0' }, 0],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '7' }, 7],
    [{ PBS_ARRAY_INDEX: '1' }, 0],
    [{ SGE_TASK_ID: '4' }, 3],
    [{ SGE_TASK_ID: 'undefined' }, undefined],
    [{ LSB_JOBINDEX: '0' }, undefined],
    [{ LSB_JOBINDEX: '2' }, 1],
    [{ SLURM_ARRAY_TASK_ID: '' }, undefined],
  ]
  for (const [environment, index] of cases) t.equal(shardIndex(environment), index, JSON.stringify(environment))
  t.equal(coresGiven({ SLURM_CPUS_PER_TASK: '4', NSLOTS: '2' }), 4)
  t.equal(coresGiven({ NSLOTS: '2' }), 2)
  t.equal(coresGiven({}), undefined)
})

t.test('shards', async (t) => {
  const dir = await batchFolder(t, { count: 7 })
  // One input as large as all others together is a shard of its own.
  writeFileSync(inputOf(dir, 4), Buffer.alloc(20e6))
  const plan = await spikeport(['plan', 'spec.yml', '--shards', '3', '-q'], dir)
  t.equal(plan.code, 0)
  writeFileSync(`${dir}/plan.jsonl`, plan.stdout)
  const [head, ...items] = jsonLines(plan)
  t.strictSame(head, { spikeportPlan: 1, shards: 3, items: 7 })
  const shardOf = (i: number) => items.find(({ input }) => input === inputOf(dir, i))?.['shard'] as number
  const large = shardOf(4)
  t.strictSame(items.filter(({ shard }) => shard === large).length, 1)
  t.strictSame(items.filter(({ shard }) => shard !== large).length, 6)

  t.match(await spikeport(['status', 'plan.jsonl'], dir), {
    code: 75,
    stdout: /^nwb +0 +0 +0 +7\n(?:.*\n)*Shards to work on again: --array=0-2\n$/m,
  })
  const inArray = (variable: string, shard: number) =>
    startProcess('env', [`${variable}=${shard}`, 'SLURM_CPUS_PER_TASK=1', process.execPath, PROGRAM, 'work', 'plan.jsonl', '--json'], dir)
      .ended
  const recordingIn = (shard: number) => [0, 1, 2, 3, 5, 6].find((i) => shardOf(i) === shard) as number
  const quick = [0, 1, 2].filter((shard) => shard !== large)
  const first = await inArray('JOB_COMPLETION_INDEX', quick[0] as number)
  t.match(first, { code: 0, stderr: new RegExp(`^Shard ${quick[0]} of 3: 3 recordings\\.\n`) })
  t.equal(jsonLines(first).length, 6)
  t.equal((await inArray('SGE_TASK_ID', (quick[1] as number) + 1)).code, 0)
  t.match(await spikeport(['status', 'plan.jsonl', '--array'], dir), { code: 75, stdout: `${large}\n`, stderr: '' })
  const [removed] = outputsOf(dir, recordingIn(quick[0] as number))
  rmSync(removed)
  t.match(
    await spikeport(['status', 'plan.jsonl', '--array'], dir),
    { code: 75, stdout: `${ranges([quick[0] as number, large])}\n` },
    'one was removed',
  )
  t.equal((await inArray('PBS_ARRAY_INDEX', (quick[0] as number) + 1)).code, 0)
  t.equal((await spikeport(['work', 'plan.jsonl', '--shard', String(large), '-q'], dir)).code, 1)
  const status = await spikeport(['status', 'plan.jsonl', '--json'], dir)
  t.equal(status.code, 1)
  t.strictSame(
    jsonLines(status).map(({ shard, status }) => [shard, status]),
    items.flatMap(({ shard }) => Array.from({ length: 2 }, () => [shard, shard === large ? 'failed' : 'done'])),
  )
})

t.test('what cannot be worked on', async (t) => {
  const dir = await batchFolder(t, { count: 3 })
  const { stdout } = await spikeport(['plan', 'spec.yml', '--shards', '2', '-q'], dir)
  writeFileSync(`${dir}/plan.jsonl`, stdout)
  writeFileSync(`${dir}/cut.jsonl`, stdout.slice(0, -200))
  writeFileSync(`${dir}/edited.jsonl`, stdout.replace('"to":"nwb"', '"to":"nbw"'))
  writeFileSync(`${dir}/short.jsonl`, stdout.split('\n').slice(0, 2).join('\n'))
  const cases: [args: string[], message: string][] = [
    [['plan', 'spec.yml'], 'Expected --shards, the number of parts.'],
    [['plan', 'spec.yml', '--shards', '0'], 'Expected a whole number from 1 to 1000000 for --shards but received 0.'],
    [['work', 'plan.jsonl'], 'Expected --shard, or a task of an array job: one of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, '],
    [['work', 'plan.jsonl', '--shard', '2'], 'Expected a shard from 0 to 1 but received 2.'],
    [['work', 'spec.yml', '--shard', '0'], "spec.yml: This is no plan of 'spikeport plan'."],
    [['work', 'cut.jsonl', '--shard', '0'], 'cut.jsonl:4: This line is damaged.'],
    [['work', 'edited.jsonl', '--shard', '0'], 'edited.jsonl:2: This line is damaged.'],
    [['slurm', 'plan.jsonl', '--time', 'soon'], "Expected a value such as 4:00:00 for --time but received 'soon'."],
    [['k8s', 'plan.jsonl', '--image', 'a b', '--claim', 'c'], "Expected one word for --image but received 'a b'."],
    [['k8s', 'plan.jsonl', '--image', 'a', '--claim', 'c', '--mount', 'data'], 'Expected an absolute path for --mount but received data.'],
    [
      ['k8s', 'plan.jsonl', '--image', 'a', '--claim', 'c', '--mount', '/elsewhere'],
      'Expected another --mount, as pods that have /elsewhere do not see ',
    ],
    [['status', 'short.jsonl'], 'short.jsonl: Expected 3 recordings but found 1: the file is cut off.'],
    [['slurm', 'plan.jsonl', '--mem', '8G\n#SBATCH --uid=0'], "Expected a value such as 8G for --mem but received '8G"],
    [['k8s', 'plan.jsonl'], 'Expected --image and --claim: pods have no other way to the recordings.'],
  ]
  for (const [args, message] of cases) {
    const ended = await spikeport(args, dir)
    t.match(ended, { code: 2, stdout: '' }, args.join(' '))
    t.ok(ended.stderr.startsWith(`error: ${message}`), ended.stderr)
  }
})

t.test('a SLURM script is a script of bash for any path', async (t) => {
  const dir = await batchFolder(t, { count: 2 })
  const { stdout } = await spikeport(['plan', 'spec.yml', '--shards', '2', '-q'], dir)
  const name = `it's "a" $(plan) ü.jsonl`
  writeFileSync(`${dir}/${name}`, stdout)
  const options = ['--limit', '1', '--mem', '8G', '--time', '1-00:00:00', '--partition', 'long', '--account', 'lab']
  const script = await spikeport(['slurm', name, ...options], dir)
  t.equal(script.code, 0)
  for (const line of ['array=0-1%1', 'mem=8G', 'time=1-00:00:00', 'partition=long', 'account=lab', 'cpus-per-task=2', 'requeue']) {
    t.match(script.stdout, `\n#SBATCH --${line}\n`)
  }
  writeFileSync(`${dir}/convert.sh`, script.stdout)
  // In a task it becomes the worker.
  const task = await startProcess('env', ['SLURM_ARRAY_TASK_ID=1', 'bash', 'convert.sh'], dir).ended
  t.match(task, { code: 0, stderr: /^Shard 1 of 2: 1 recording\.\n/ })
  t.equal(readFileSync(`${dir}/${name.replace('.jsonl', '.results')}/shard-1.jsonl`, 'utf8').split('\n').length, 3)
})
