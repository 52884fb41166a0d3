/**
 * A script that has SLURM work on the shards of a plan.
 */

export interface SlurmJob {
  /** Absolute paths, which all nodes see. */
  readonly plan: string
  readonly results: string
  readonly node: string
  readonly program: string
  readonly shards: number
  /** The most tasks at the same time. */
  readonly limit?: number | undefined
  readonly cpusPerTask: number
  readonly mem?: string | undefined
  readonly time?: string | undefined
  readonly partition?: string | undefined
  readonly account?: string | undefined
}

/** Seconds before the time limit at which a task is asked to stop: what it has begun is then removed. */
const NOTICE = 60

export function slurmScript({ plan, results, node, program, shards, limit, ...job }: SlurmJob): string {
  const settings: [name: string, value: string | number | undefined][] = [
    ['job-name', 'spikeport'],
    ['array', `0-${shards - 1}${limit === undefined ? '' : `%${limit}`}`],
    ['cpus-per-task', job.cpusPerTask],
    ['mem', job.mem],
    ['time', job.time],
    ['partition', job.partition],
    ['account', job.account],
    ['signal', `B:TERM@${NOTICE}`],
  ]
  const given = settings.filter(([, value]) => value !== undefined)
  return `#!/bin/bash
# Converts the recordings of a plan of spikeport: an array job, with a task for each shard.
#
#   bash SCRIPT                  submits the array, and behind it a job that puts all results in one file
#   sbatch SCRIPT                submits the array alone
#   sbatch --array=1,3 SCRIPT    submits some shards again; 'spikeport status --array PLAN' says which
#
# A task that is requeued, or submitted again, goes on where it was: what has been made is left as it is.
${given.map(([name, value]) => `#SBATCH --${name}=${value}`).join('\n')}
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

node=${quoted(node)}
spikeport=${quoted(program)}
plan=${quoted(plan)}
results=${quoted(results)}

if [ -z "\${SLURM_ARRAY_TASK_ID:-}" ]; then
  array=$(sbatch --parsable "$0")
  array=\${array%%;*}
  # It takes the results of all tasks, also of those that have failed.
  merge=$(printf '%q %q status --json --results %q %q > %q' "$node" "$spikeport" "$results" "$plan" "\${plan%.*}.merged.jsonl")
  sbatch --parsable --job-name=spikeport-merge --dependency="afterany:$array" --wrap="$merge" > /dev/null
  echo "$array"
  exit
fi

# In place of the shell, so that SLURM's signals reach it.
exec "$node" "$spikeport" work "$plan" --results "$results"
`
}

/** A word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
