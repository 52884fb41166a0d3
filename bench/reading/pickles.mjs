/**
 * Measures loading of pickles against Python's own `pickle.load`, side by side, and the limit: read(2) of as many bytes. All sides give the
 * same numbers, or none are shown.
 *
 *     npm run setup -- --quiet && node bench/reading/pickles.mjs [--quick] [--rounds 5]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exportToPickle, loadFromPickle, SpikeData } from 'spikeport'
import { pythonEnvironment } from '../../test/interop/environments.mjs'
import { longestTurn } from '../../test/support/event-loop.mjs'
import { measure, median } from '../measure.mjs'
import { PythonChild } from '../python.mjs'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } } })
const size = (full, small) => (values.quick ? small : full)

/** @type {{ units: number, spikes: number, protocol: 0 | 2 | 5 }[]} */
const WORKLOADS = [
  { units: 200, spikes: size(100_000, 500), protocol: 5 },
  { units: 4000, spikes: size(5000, 50), protocol: 5 },
  { units: size(100_000, 500), spikes: 200, protocol: 5 },
  { units: 200, spikes: size(100_000, 500), protocol: 2 },
  { units: 200, spikes: size(100_000, 500), protocol: 0 },
]

const { python, skip } = await pythonEnvironment('numpy2')
if (skip) throw new Error(`The benchmark cannot run: ${skip}.`)
const peer = new PythonChild(python, 'load_pickle.py')
const folder = mkdtempSync(join(tmpdir(), 'spikeport-bench-'))
try {
  console.log('| pickle | MB | pickle.load | spikeport | times as fast | of read(2) | longest turn |\n|---|---|---|---|---|---|---|')
  for (const workload of WORKLOADS) await compete(workload)
} finally {
  peer.close()
  rmSync(folder, { recursive: true })
}

/** @param {typeof WORKLOADS[number]} workload */
async function compete({ units, spikes, protocol }) {
  const path = join(folder, 'recording.pkl')
  const train = Array.from({ length: units }, (_, unit) => Float64Array.from({ length: spikes }, (_, i) => i * 36 + unit / units))
  await exportToPickle(new SpikeData(train), path, { protocol })
  const title = `protocol ${protocol}, ${units} × ${spikes}`
  const sum = summary(/** @type {SpikeData} */ (await loadFromPickle(path)))
  const expected = await peer.ask('summary', { path })
  if (JSON.stringify(sum) !== JSON.stringify(expected)) throw new Error(`${title}: ${sum} is not ${expected}.`)
  /** @type {{ ours: number[], python: number[], limit: number[] }} */
  const times = { ours: [], python: [], limit: [] }
  for (let round = 0; round < Number(values.rounds); round++) {
    times.python.push(await peer.ask('load', { path }))
    times.ours.push((await measure(() => loadFromPickle(path))).seconds)
    times.limit.push((await measure(() => readAll(path))).seconds)
  }
  // Apart, as it keeps this thread busy.
  const turn = await longestTurn(() => loadFromPickle(path))
  const [ours, theirs, limit] = [median(times.ours), median(times.python), median(times.limit)]
  const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`
  const figures = [
    (statSync(path).size / 1e6).toFixed(0),
    ms(theirs),
    ms(ours),
    `${(theirs / ours).toFixed(2)} ×`,
    (limit / ours).toFixed(2),
  ]
  console.log(`| ${[title, ...figures, `${turn.toFixed(1)} ms`].join(' | ')} |`)
}

/** @param {SpikeData} sd */
function summary({ train, spikeCount }) {
  return [train.length, spikeCount, train[0]?.[1], train.at(-1)?.at(-1)]
}

async function readAll(path) {
  const file = await open(path)
  const block = Buffer.allocUnsafeSlow(4 * 2 ** 20)
  while ((await file.read(block, 0, block.length)).bytesRead > 0) continue
  await file.close()
}
