/**
 * The options of commands that are of no format.
 */
import type { CommandOptions } from './parse.js'

/** What every command takes. */
export const COMMON: CommandOptions = {
  json: { value: 'flag', text: 'Prints results as lines of JSON' },
  quiet: { value: 'flag', text: 'Shows errors only', short: 'q' },
  help: { value: 'flag', text: 'Shows this help', short: 'h' },
}

/** What happens to an output that is there already. */
export const EXISTING = ['error', 'skip', 'overwrite', 'refresh'] as const

export type Existing = (typeof EXISTING)[number]

/** The options of `convert` that are of no format. */
export const CONVERT: CommandOptions = {
  to: { value: 'text', text: 'The format of OUT, where its ending does not say it: hdf5, nwb, kilosort, phy, pickle or workspace' },
  from: { value: 'text', text: 'The format of IN. Default: what is in it' },
  existing: {
    value: EXISTING,
    text: 'If OUT is there: an error, nothing, another OUT, or another one if IN is newer. Default error',
    short: 'e',
  },
  dryRun: { value: 'flag', text: 'Says what would be done, and does nothing' },
  threads: { value: 'number', text: 'The most threads that work at once. Default: one a core' },
  durable: { value: 'flag', text: 'Waits until OUT is on the disk' },
}
