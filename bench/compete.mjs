/**
 * One workload: both sides write it, the outputs are compared, then both are timed in turn.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { measure, median } from './measure.mjs'
import { snakeCase } from './python.mjs'
import { keep, run } from './spikeport.mjs'

/**
 * @param {object} workload one of workloads.mjs
 * @param {object} recording what loadRecording made
 * @param {{ reference: PythonChild, checker: PythonChild, folder: string, rounds: number }} bench
 * @returns medians and sizes of both sides, or `differences`: sentences on what is not the same
 */
export async function compete(workload, recording, { reference, checker, folder, rounds }) {
  const { call, options, ours = {}, peer, repeat = 1 } = workload
  const sides = {
    ours: (paths) => measure(() => run(recording, { call, options: { ...options, ...ours } }, paths)),
    theirs: (paths) => reference.ask('run', { ...(peer ?? { call, options: snakeCase(options) }), paths }),
  }
  const measured = { ours: [], theirs: [] }
  const sizes = {}
  const paths = {}
  for (const side of ['ours', 'theirs']) {
    paths[side] = pathsIn(join(folder, side), repeat)
    measured[side].push(await sides[side](paths[side]))
    sizes[side] = paths[side].reduce((sum, path) => sum + bytesAt(path), 0)
  }
  const constructs = call === 'construct'
  if (constructs) {
    await keep(recording, paths.ours[0])
    await reference.ask('keep', { path: paths.theirs[0] })
  }
  // Of many small outputs, those between the first and the last are like them.
  const chosen = workload.kind === null ? [] : constructs || repeat === 1 ? [0] : [0, repeat - 1]
  const differences = []
  for (const i of chosen) {
    const parameters = { kind: workload.kind, expected: paths.theirs[i], actual: paths.ours[i] }
    differences.push(...(await checker.ask('compare', parameters)))
  }
  removeAll(folder)
  if (differences.length > 0) return { workload, differences }

  // The first of each was to warm up; its memory counts.
  for (let round = 0; round < rounds; round++) {
    for (const side of ['ours', 'theirs']) {
      measured[side].push(await sides[side](pathsIn(join(folder, side), repeat)))
      removeAll(folder)
    }
  }
  const [left, right] = ['ours', 'theirs'].map((side) => summary(measured[side], sizes[side], repeat))
  return { workload, differences, ours: left, theirs: right }
}

/** As many paths, in a folder that is made for them. */
function pathsIn(folder, count) {
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: count }, (_, i) => join(folder, `${i}`))
}

function removeAll(folder) {
  for (const side of ['ours', 'theirs']) rmSync(join(folder, side), { recursive: true, force: true })
}

/** The size of a file, or of all files in a folder; nothing was written by a construction. */
function bytesAt(path) {
  if (!existsSync(path)) return 0
  if (statSync(path).isFile()) return statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + bytesAt(join(path, name)), 0)
}

function summary([first, ...timed], bytes, repeat) {
  const peaks = [first, ...timed].map(({ peakBytes }) => peakBytes)
  return {
    seconds: median(timed.map(({ seconds }) => seconds)) / repeat,
    peakBytes: peaks.includes(null) ? null : Math.max(...peaks),
    bytes: bytes / repeat,
  }
}
