/**
 * Which shard a process works on, as the scheduler that started it says.
 */

/** Variables of schedulers, in the order in which they count, and the number of the first task of an array. */
const VARIABLES = [
  ['SLURM_ARRAY_TASK_ID', 0],
  ['JOB_COMPLETION_INDEX', 0],
  ['AWS_BATCH_JOB_ARRAY_INDEX', 0],
  ['PBS_ARRAY_INDEX', 1],
  ['SGE_TASK_ID', 1],
  ['LSB_JOBINDEX', 1],
] as const

/** Variables that say how many cores a task was given. What the machine has is not asked: it may be shared. */
const CORES = ['SLURM_CPUS_PER_TASK', 'NSLOTS', 'NCPUS', 'LSB_DJOB_NUMPROC']

/** The names of the variables that {@link shardIndex} asks. */
export const SHARD_VARIABLES = VARIABLES.map(([name]) => name)

/** The index of the shard, from 0 on; undefined outside of an array. */
export function shardIndex(environment: NodeJS.ProcessEnv): number | undefined {
  for (const [name, first] of VARIABLES) {
    const number = wholeNumber(environment[name])
    // Outside of an array LSF says 0, and SGE `undefined`.
    if (number !== undefined && number >= first) return number - first
  }
  return undefined
}

/** The cores that a scheduler gave; undefined where none says. */
export function coresGiven(environment: NodeJS.ProcessEnv): number | undefined {
  return CORES.map((name) => wholeNumber(environment[name])).find((number) => number !== undefined && number > 0)
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
