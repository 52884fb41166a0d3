/**
 * What the command line asks for.
 */
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, SetupError } from '../scripts/setup/shell.mjs'
import { betweenMarkers } from './report.mjs'
import { only, workloads } from './workloads.mjs'

export const README = join(root, 'README.md')
/** What `--only` calls the table of memory. */
const MEMORY = 'memory'
const MEMORY_SPIKES = { full: 100000000, quick: 10000000 }

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  readme: { type: 'boolean', default: false },
  only: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  dir: { type: 'string', default: os.tmpdir() },
}

/**
 * @throws SetupError for options that make no sense, and where `--readme` has no place to put the figures
 */
export function settings() {
  const { quick, readme, only: name, rounds, dir } = parseArgs({ options: OPTIONS }).values
  if (!/^[1-9]\d*$/.test(rounds)) throw new SetupError(`Expected a whole number above 0 for --rounds but received ${rounds}.`)
  if (!existsSync(dir)) throw new SetupError(`Expected a folder for --dir but received ${dir}.`)
  const everything = name === undefined
  const complete = everything && !quick
  if (readme) {
    if (!complete) throw new SetupError('--readme takes a complete run: leave out --quick and --only.')
    // Fails now, not after the run, where there are no markers.
    betweenMarkers(readFileSync(README, 'utf8'), '')
  }
  const size = quick ? 'quick' : 'full'
  return {
    dir: resolve(dir),
    rounds: Number(rounds),
    sets: everything ? workloads(quick) : name === MEMORY ? [] : only(name, workloads(quick)),
    /** 0 for no table of memory. */
    memorySpikes: everything || name === MEMORY ? MEMORY_SPIKES[size] : 0,
    judgeTimes: !quick,
    complete,
    readme,
  }
}
