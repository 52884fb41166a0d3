/**
 * What the command line asks for.
 */
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, SetupError } from '../scripts/setup/shell.mjs'
import { fileSystem } from './machine.mjs'
import { betweenMarkers } from './report/markdown.mjs'
import { only, workloads } from './workloads/index.mjs'

export const README = join(root, 'README.md')
/** What `--only` calls the tables of what runs in processes of its own. */
const ALONE = 'alone'
const SCALING = 'scaling'
const LARGER = 'larger'
const BATCH = 'batch'

/**
 * @throws SetupError for options that make no sense, and where `--readme` has no place to put the figures
 */
export function settings() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      dir: { type: 'string', default: os.tmpdir() },
    },
  })
  const { quick, readme, only: name = positionals[0], rounds = quick ? '1' : '5', dir } = values
  if (positionals.length > 1) throw new SetupError(`Expected the name of one workload but received ${positionals.join(', ')}.`)
  if (!/^[1-9]\d*$/.test(rounds)) throw new SetupError(`Expected a whole number above 0 for --rounds but received ${rounds}.`)
  if (!existsSync(dir)) throw new SetupError(`Expected a folder for --dir but received ${dir}.`)
  const everything = name === undefined
  if (readme && (quick || !everything)) throw new SetupError('--readme takes a complete run: leave out --quick and --only.')
  // Fails now, not after the run, where there are no markers.
  betweenMarkers(readFileSync(README, 'utf8'), '')
  const all = workloads({ quick, preallocates: fileSystem(dir) === 'ext4' })
  return {
    dir: resolve(dir),
    rounds: Number(rounds),
    sets: everything ? all : [ALONE, SCALING, LARGER, BATCH].includes(name) ? [] : only(name, all),
    alone: everything || name === ALONE,
    scaling: everything || name === SCALING,
    larger: everything || name === LARGER,
    batch: everything || name === BATCH,
    quick,
    everything,
    readme,
  }
}
