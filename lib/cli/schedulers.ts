/**
 * `spikeport slurm` and `spikeport k8s`: print what has a scheduler work on a plan. Neither submits it.
 */
import { dirname, isAbsolute, relative, resolve } from 'node:path'
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
import { typedName } from './parse.js'
import { pathFrom } from './paths.js'
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
    mem: setting(args, 'mem', 'slurmMemory'),
    time: setting(args, 'time', 'slurmTime'),
    partition: setting(args, 'partition', 'word'),
    account: setting(args, 'account', 'word'),
  })
  terminal.result(lines.trimEnd())
  return EXIT.done
}

/** Prints a manifest, and returns the exit status. */
export async function k8s({ args, terminal }: CommandCall): Promise<number> {
  const { plan, results, shards, items } = await planOf(args)
  const image = setting(args, 'image', 'word')
  const claim = setting(args, 'claim', 'word')
  if (image === undefined || claim === undefined)
    throw new UsageError('Expected --image and --claim: pods have no other way to the recordings.')
  const mount = (args.values.get('mount') as string | undefined) ?? dirname(plan)
  if (!isAbsolute(mount)) throw new UsageError(`Expected an absolute path for --mount but received ${mount}.`)
  requireMounted(mount, [plan, results, ...items.flatMap(({ input, targets }) => [input, ...targets.map(({ output }) => output)])])
  const job = kubernetesJob(
    {
      ...{ image, plan, results, mount, claim, shards },
      limit: wholeNumber(args, 'limit', 1),
      cpus: wholeNumber(args, 'cpus', 1) ?? CORES,
      mem: setting(args, 'mem', 'quantity') ?? '4Gi',
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

/** What a setting looks like, and an example. */
const FORMS = {
  slurmMemory: [/^\d+[KMGT]?$/, 'a value such as 8G'],
  slurmTime: [/^(\d+-)?\d+(:\d{1,2}){0,2}$/, 'a value such as 4:00:00'],
  quantity: [/^\d+(\.\d+)?([kMGTPE]|[KMGTPE]i)?$/, 'a value such as 8Gi'],
  word: [/^[\w.:,+@/-]+$/, 'one word'],
} as const

/** A setting of a scheduler. @throws UsageError for one of another form, which might end its line, or begin another setting */
function setting({ values }: Arguments, name: string, form: keyof typeof FORMS): string | undefined {
  const value = values.get(name) as string | undefined
  const [pattern, expected] = FORMS[form]
  if (value === undefined || pattern.test(value)) return value
  throw new UsageError(`Expected ${expected} for --${typedName(name)} but received '${value}'.`)
}

/** @throws UsageError for a path that pods do not see */
function requireMounted(mount: string, paths: readonly string[]): void {
  const outside = paths.find((path) => !isS3Url(path) && relative(mount, path).startsWith('..'))
  if (outside !== undefined) throw new UsageError(`Expected another --mount, as pods that have ${mount} do not see ${outside}.`)
}
