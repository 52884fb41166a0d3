/**
 * What is measured: recordings, and on each of them the workloads, one row of a table each.
 *
 * A workload has a call with options that `ours` makes, and `peers`, by name, that do the same: `reference` is SpikeLab, `byHand`
 * plain h5py or numpy, `limit` write(2) of as many bytes, `read` read(2) of all that is loaded, `h5wasm` the reader that Node has. A peer's call is one of python/peers.py unless `by` names another
 * process, or `ours`. `input` is the call that makes
 * the file or folder that all sides load. `repeat` makes the call that many times, to different paths; `rounds` is for peers that are too slow for
 * all rounds, whose first run then counts. `kind` is how outputs are compared; `check` asks more about our own.
 *
 * `goals` are what must be reached: `faster` than peers by these factors, no larger than peers' files by those in `larger`, no more time
 * for each byte than peers by those in `perByte`, and at most `extraBytes`, `seconds`, and `turnMs` of the event loop at a time. A `headline` is a bar of the picture.
 */
import { SetupError } from '../../scripts/setup/shell.mjs'
import { compressed } from './compressed.mjs'
import { everything } from './everything.mjs'
import { grouped } from './grouped.mjs'
import { large } from './large.mjs'
import { loaded } from './loaded.mjs'
import { nwb } from './nwb.mjs'
import { pickled } from './pickled.mjs'
import { raster } from './raster.mjs'
import { small } from './small.mjs'
import { together } from './together.mjs'

/** @type {((scale: { size: any, preallocates: boolean }) => { recording: any, workloads: any[] }[])[]} */
const FAMILIES = [large, pickled, nwb, everything, grouped, raster, compressed, small, together, loaded]

/**
 * @param {{ quick: boolean, preallocates: boolean }} scale small sizes, for a check that everything works; and whether the file
 *   system can set aside the room for a file, which makes it faster than plain write(2)
 * @returns {{ recording: import('../recordings.mjs').RecordingSpec, workloads: any[] }[]} every recording with its workloads
 */
export function workloads({ quick, preallocates }) {
  const size = (full, small) => (quick ? small : full)
  const sets = FAMILIES.flatMap((family) => family({ size, preallocates }))
  if (!quick) return sets
  // Small sizes do not measure goals.
  return sets.map((set) => ({ ...set, workloads: set.workloads.map((workload) => ({ ...workload, goals: {} })) }))
}

/** The workloads whose name is this one or begins with it and a dash, under their recordings. */
export function only(prefix, all) {
  const chosen = ({ name }) => name === prefix || name.startsWith(`${prefix}-`)
  const left = all.map((set) => ({ ...set, workloads: set.workloads.filter(chosen) })).filter((set) => set.workloads.length > 0)
  if (left.length > 0) return left
  const names = all.flatMap((set) => set.workloads.map(({ name }) => name))
  throw new SetupError(`There is no workload '${prefix}', only ${names.join(', ')}.`)
}
