/**
 * One workload: every side writes it, the outputs are compared, then all are timed in turn.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { usualLongestTurn } from '../test/support/event-loop.mjs'
import { measure, median } from './measure.mjs'
import { snakeCase } from './peer-process.mjs'
import { run } from './spikeport.mjs'

/**
 * @param {any} workload one of workloads/
 * @param {Awaited<ReturnType<typeof import('./recordings.mjs').makeRecording>>} recording
 * @param {{ peers: import('./peers.mjs').Peers, folder: string, rounds: number }} context
 * @returns medians of every side by name, or `differences`: sentences on what is not the same
 */
export async function compete(workload, recording, context) {
  const sides = [new Side('ours', { by: 'ours', ...workload.ours }, recording, context)]
  for (const [name, peer] of Object.entries(workload.peers)) sides.push(new Side(name, peer, recording, context))
  const [ours, ...peers] = sides
  const differences = []
  try {
    if (workload.input) await writeInput(workload.input, recording, context.folder, sides)
    await ours.begin(workload.kind)
    if (workload.check) differences.push(...(await workload.check(context.peers, recording, ours.paths[0])))
    for (const peer of peers) {
      if (peer.call === 'write') peer.options = { bytes: ours.bytes }
      await peer.begin(workload.kind)
      if (!LIMITS.has(peer.call)) differences.push(...(await compare(peer, ours, workload.kind, context.peers.checker)))
      peer.cleanUp()
    }
    ours.cleanUp()
    for (let round = 0; round < context.rounds && differences.length === 0; round++) {
      for (const side of sides) await side.takeTurn()
    }
    // Apart, as it keeps the threads busy that it watches.
    if (workload.kind === 'loaded') for (const side of sides) await side.watch(workload.goals?.turnMs)
  } finally {
    for (const side of sides) side.cleanUp()
    rmSync(inputIn(context.folder), { recursive: true, force: true })
  }
  if (differences.length > 0) return { workload, recording: recording.spec, differences }
  const summaries = Object.fromEntries(sides.map((side) => [side.name, side.summary()]))
  return { workload, recording: recording.spec, spikeCount: recording.spikeCount, differences, sides: summaries }
}

/** The calls that handle as many bytes as a call, and make nothing to be compared. */
const LIMITS = new Set(['write', 'read'])

/** Writes the file or folder that all sides load, and tells them its path. */
async function writeInput(input, recording, folder, sides) {
  await run(recording, input, [inputIn(folder)])
  for (const side of sides) side.options = { ...side.options, input: inputIn(folder) }
}

const inputIn = (folder) => join(folder, 'input')

/** One competitor: what it calls, where it writes, and what was measured. */
class Side {
  #recording
  #context
  /** @type {Awaited<ReturnType<typeof measure>>[]} */
  #runs = []
  /** @type {string[]} */
  paths = []

  constructor(name, { by = 'numpy', call, options = {}, repeat = 1, rounds, together, kind }, recording, context) {
    this.name = name
    this.by = by
    this.call = call
    this.options = options
    this.repeat = repeat
    this.rounds = rounds
    this.together = together
    this.kind = kind
    this.#recording = recording
    this.#context = context
    this.folder = join(context.folder, name)
  }

  /** The first run, whose output stays for the comparison. What a construction makes is written to be compared. */
  async begin(kind) {
    await this.#run()
    this.bytes = bytesAt(this.paths[0])
    if (kind === 'constructed') await this.#call('keep', {}, [this.paths[0]])
    if (kind === 'loaded' && !LIMITS.has(this.call)) await this.#call(`keep-${this.call}`, this.options, [this.paths[0]])
  }

  /** Another run, unless this side is too slow for as many rounds. */
  async takeTurn() {
    if (this.#runs.length >= (this.rounds ?? Infinity)) return
    await this.#run()
    this.cleanUp()
  }

  cleanUp() {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** How long a call holds the JS thread at a time, where it has one: ours usually, as the tests have it (see event-loop.mjs). */
  async watch(mostMs = Infinity) {
    const { call, options } = this
    const work = () => run(this.#recording, { call, options }, [this.folder])
    if (this.by === 'ours') this.turnMs = await usualLongestTurn(work, mostMs)
    if (this.by === 'h5wasm') this.turnMs = await (await this.#context.peers.with(this.by, this.#recording)).ask('turn', { call, options })
  }

  summary() {
    // The first run was to warm up, except where rounds are few; its memory counts.
    const timed = this.rounds === undefined ? this.#runs.slice(1) : this.#runs
    const peaks = this.#runs.map(({ peakBytes }) => peakBytes)
    return {
      seconds: median(timed.map(({ seconds }) => seconds)) / this.repeat,
      peakBytes: peaks.includes(null) ? null : Math.max(.../** @type {number[]} */ (peaks)),
      bytes: this.bytes,
      runs: timed.length,
      fewer: this.rounds !== undefined,
      turnMs: this.turnMs ?? null,
    }
  }

  async #run() {
    mkdirSync(this.folder, { recursive: true })
    this.paths = Array.from({ length: this.repeat }, (_, i) => join(this.folder, `${i}`))
    this.#runs.push(await this.#call(this.call, this.options, this.paths))
  }

  async #call(call, options, paths) {
    if (this.by === 'ours') return measure(() => run(this.#recording, { call, options, together: this.together }, paths))
    const process = await this.#context.peers.with(this.by, this.#recording)
    return process.ask('run', { call, options: snakeCase(options), paths })
  }
}

/** Of many outputs, those between the first and the last are like them. */
async function compare(peer, ours, kind, checker) {
  const differences = []
  const isKept = kind === 'constructed' || kind === 'loaded'
  for (const i of new Set([0, isKept ? 0 : Math.min(peer.repeat, ours.repeat) - 1])) {
    const parameters = { kind: peer.kind ?? (isKept ? 'hdf5' : kind), expected: peer.paths[i], actual: ours.paths[i] }
    const found = await checker.ask('compare', parameters)
    differences.push(...found.map((difference) => `${difference} (against ${peer.name})`))
  }
  return differences
}

/** The size of a file, or of all files in a folder; nothing was written by a construction. */
function bytesAt(path) {
  // A workspace is two files of that name.
  if (!existsSync(path)) return existsSync(`${path}.h5`) ? bytesAt(`${path}.h5`) + bytesAt(`${path}.json`) : 0
  if (statSync(path).isFile()) return statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + bytesAt(join(path, name)), 0)
}
