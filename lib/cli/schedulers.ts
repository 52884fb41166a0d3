/**
 * `spikeport slurm` and `spikeport k8s`: print what has a scheduler work on a plan. Neither submits it.
 */
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { kubernetesJob } from '../batch/kubernetes-job.js'
import type { PlannedItem } from '../batch/plan.js'
import { readPlan } from '../batch/plan.js'
import { slurmScript } from '../batch/slurm-script.js'
import { isS3Url } from '../storage/s3-url.js'
import { resultsFolder, wholeNumber } from './batch-files.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import type { Arguments } from './parse.js'
import { pathFrom } from './paths.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

/** As many tasks as SLURM takes in an array unless its administrator says otherwise: `MaxArraySize`, less one. */
const MOST_TASKS = 1000

/** The cores for each task or pod where a call does not say. */
const CORES = 2

/** Prints a batch script, and returns the exit status. */
export async function slurm({ args, terminal }: CommandCall): Promise<number> {
  const { plan, results, shards } = await planOf(args)
  if (shards > MOST_TASKS) terminal.warn(`The plan has ${shards} shards, and most clusters take arrays of up to ${MOST_TASKS} tasks.`)
  const lines = slurmScript({
    plan,
    results,
    shards,
    node: process.execPath,
    program: fileURLToPath(new URL('./main.js', import.meta.url)),
    limit: wholeNumber(args, 'limit', 1),
    cpusPerTask: wholeNumber(args, 'cpusPerTask', 1) ?? CORES,
    mem: word(args, 'mem'),
    time: word(args, 'time'),
    partition: word(args, 'partition'),
    account: word(args, 'account'),
  })
  terminal.result(lines.trimEnd())
  return EXIT.done
}

/** Prints a manifest, and returns the exit status. */
export async function k8s({ args, terminal }: CommandCall): Promise<number> {
  const { plan, results, shards, items } = await planOf(args)
  const image = args.values.get('image') as string | undefined
  const claim = args.values.get('claim') as string | undefined
  if (image === undefined || claim === undefined)
    throw new UsageError('Expected --image and --claim: pods have no other way to the recordings.')
  const mount = resolve((args.values.get('mount') as string | undefined) ?? dirname(plan))
  warnOfPathsOutside(
    mount,
    [plan, results, ...items.flatMap(({ input, targets }) => [input, ...targets.map(({ output }) => output)])],
    terminal,
  )
  const job = kubernetesJob(
    {
      ...{ image, plan, results, mount, claim, shards },
      limit: wholeNumber(args, 'limit', 1),
      cpus: wholeNumber(args, 'cpus', 1) ?? CORES,
      mem: word(args, 'mem') ?? '4Gi',
    },
    EXIT,
  )
  terminal.result(stringify(job).trimEnd())
  return EXIT.done
}

async function planOf(args: Arguments): Promise<{ plan: string; results: string; shards: number; items: PlannedItem[] }> {
  const path = pathFrom(args.positionals[0] as string)
  const { head, items } = await readPlan(path)
  return { plan: resolve(path), results: resolve(resultsFolder(args)), shards: head.shards, items }
}

/** A setting that is one word. @throws UsageError for one that would end its line, or begin another setting */
function word({ values }: Arguments, name: string): string | undefined {
  const value = values.get(name) as string | undefined
  if (value === undefined || /^[\w.:,+@/-]+$/.test(value)) return value
  throw new UsageError(`Expected one word for --${name} but received '${value}'.`)
}

function warnOfPathsOutside(mount: string, paths: readonly string[], terminal: Terminal): void {
  const outside = paths.find((path) => !isS3Url(path) && relative(mount, path).startsWith('..'))
  if (outside !== undefined) terminal.warn(`Pods do not see ${outside}, as ${mount} is what is mounted: --mount says another folder.`)
}
