/**
 * The options of commands that are of no format.
 */
import { EXISTING } from '../batch/existing.js'
import type { CommandOption, CommandOptions } from './parse.js'

/** What every command takes. */
export const COMMON: CommandOptions = {
  json: { value: 'flag', text: 'Prints results as lines of JSON' },
  quiet: { value: 'flag', text: 'Shows errors only', short: 'q' },
  help: { value: 'flag', text: 'Shows this help', short: 'h' },
}

/** What the registry has, so that help does without it. */
const OUTPUT_NAMES = ['hdf5', 'nwb', 'kilosort', 'phy', 'pickle', 'workspace'] as const
const INPUT_NAMES = [...OUTPUT_NAMES, 'spikelab-npz', 'spikeinterface'] as const

const WRITING: CommandOptions = {
  threads: { value: 'number', text: 'The most threads that work at once. Default: one a core' },
  durable: { value: 'flag', text: 'Waits until OUT is on the disk' },
}

/** The options of `convert` that are of no format. */
export const CONVERT: CommandOptions = {
  to: { value: OUTPUT_NAMES, text: 'The format of OUT. Default: what its ending says' },
  from: { value: INPUT_NAMES, text: 'The format of IN. Default: what is in it' },
  existing: {
    value: EXISTING,
    text: 'If OUT is there: an error, nothing, another OUT, or another one if IN is newer. Default error',
    short: 'e',
  },
  dryRun: { value: 'flag', text: 'Says what would be done, and does nothing' },
  ...WRITING,
}

/** What commands that draw a recording share. */
const DRAWING: CommandOptions = {
  from: CONVERT['from'] as CommandOption,
  existing: CONVERT['existing'] as CommandOption,
  ...WRITING,
}

/** The options of `report` that are of no format. */
export const REPORT: CommandOptions = {
  output: { value: 'text', text: 'OUT. Default: the name of IN with .html, in the current folder', short: 'o' },
  title: { value: 'text', text: 'The title of the page. Default: the name of IN' },
  refractoryMs: { value: 'number', text: 'Intervals below it are violations, in ms. Default 2' },
  ...DRAWING,
}

/** The options of `plot` that are of no format. */
export const PLOT: CommandOptions = {
  output: { value: 'text', text: 'OUT, a path that ends in .svg or .png', short: 'o' },
  units: { value: 'text', text: 'Numbers of units from top to bottom, such as 0-9,12. Default: all' },
  startMs: { value: 'number', text: 'Where the time axis begins, in ms. Default: where the recording does' },
  endMs: { value: 'number', text: 'Where it ends, in ms. Default: where the recording does' },
  rate: { value: 'flag', text: 'Draws the rate of these units together below' },
  widthInches: { value: 'number', text: 'The width of the picture in inches. Default 7' },
  heightInches: { value: 'number', text: 'Its height in inches. Default 4' },
  dpi: { value: 'number', text: 'png: pixels an inch. Default 300' },
  ...DRAWING,
}

/** What commands take that work on a batch. */
const BATCH: CommandOptions = {
  existing: {
    value: EXISTING,
    text: 'If an output is there that this batch has not made as it would now: an error, nothing, or another one. Default skip',
    short: 'e',
  },
  jobs: { value: 'number', text: 'Recordings that are converted at once. Default: one a core', short: 'j' },
  threads: { value: 'number', text: 'The most threads that work on a recording. Default: the cores, shared out' },
  failFast: { value: 'flag', text: 'Begins no other recording once one has failed' },
  durable: { value: 'flag', text: 'Waits until each output is on the disk' },
}

const RESULTS: CommandOptions = {
  results: { value: 'text', text: 'The folder of the results. Default: beside the file, with .results in place of its ending' },
}

export const RUN: CommandOptions = {
  ...BATCH,
  ...RESULTS,
  dryRun: { value: 'flag', text: 'Says what would be converted, and does nothing' },
}

export const PLAN: CommandOptions = {
  shards: { value: 'number', text: 'How many parts of about the same size the plan has' },
}

export const WORK: CommandOptions = {
  shard: { value: 'number', text: 'The part, from 0 on. Default: the index of the task in an array job' },
  ...BATCH,
  ...RESULTS,
}

export const STATUS: CommandOptions = {
  array: { value: 'flag', text: 'Prints the shards that have something left to do, as --array of sbatch takes them, and nothing else' },
  ...RESULTS,
}

export const SLURM: CommandOptions = {
  limit: { value: 'number', text: 'Tasks that run at the same time. Default: no limit' },
  cpusPerTask: { value: 'number', text: 'Cores for each task. Default 2' },
  mem: { value: 'text', text: 'Memory for each task, such as 8G. Default: that of the partition' },
  time: { value: 'text', text: 'The longest time for each task, such as 4:00:00. Default: that of the partition' },
  partition: { value: 'text', text: 'The partition' },
  account: { value: 'text', text: 'The account' },
  ...RESULTS,
}

export const K8S: CommandOptions = {
  image: { value: 'text', text: 'The image that has spikeport' },
  claim: { value: 'text', text: 'The volume claim that has the recordings' },
  mount: { value: 'text', text: 'Where it is mounted. Default: the folder of the plan' },
  limit: { value: 'number', text: 'Pods that run at the same time. Default: one a shard' },
  cpus: { value: 'number', text: 'Cores for each pod. Default 2' },
  mem: { value: 'text', text: 'Memory for each pod, such as 8Gi. Default 4Gi' },
  ...RESULTS,
}
