/**
 * The options of commands that are of no format.
 */
import { EXISTING } from '../batch/existing.js'
import type { CommandOptions } from './parse.js'

/** What every command takes. */
export const COMMON: CommandOptions = {
  json: { value: 'flag', text: 'Prints results as lines of JSON' },
  quiet: { value: 'flag', text: 'Shows errors only', short: 'q' },
  help: { value: 'flag', text: 'Shows this help', short: 'h' },
}

/** What the registry has, so that help does without it. */
const OUTPUT_NAMES = ['hdf5', 'nwb', 'kilosort', 'phy', 'pickle', 'workspace'] as const
const INPUT_NAMES = [...OUTPUT_NAMES, 'spikelab-npz', 'spikeinterface'] as const

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
  threads: { value: 'number', text: 'The most threads that work at once. Default: one a core' },
  durable: { value: 'flag', text: 'Waits until OUT is on the disk' },
}
