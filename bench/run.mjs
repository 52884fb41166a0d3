/**
 * Measures spikeport against the Python reference, side by side, and says where it is slower.
 *
 *     npm run bench                       everything; the figures also go to bench/results.md
 *     npm run bench -- --readme           and into README.md, between its markers
 *     npm run bench -- --quick            small sizes, to see that all of it works: times are not judged
 *     npm run bench -- --only ragged      the workloads of this name, or that begin with it; `memory` is the table of memory
 *     npm run bench -- --rounds 9         instead of 5
 *     npm run bench -- --dir /dev/shm     where the output goes, instead of the system's temporary folder
 *
 * Full sizes take about 6 GB of memory and 3 GB of disk. The exit code is 1 when outputs differ, when an export takes more memory
 * than it may, and, at full sizes, when one is slower than the reference.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../scripts/setup/shell.mjs'
import { compete } from './compete.mjs'
import { referencePython } from './environment.mjs'
import { machine } from './machine.mjs'
import { measureMemory, MEMORY_LIMIT_BYTES } from './memory.mjs'
import { PythonChild } from './python.mjs'
import { betweenMarkers, markdown, memoryTable, progress, table } from './report.mjs'
import { loadRecording } from './spikeport.mjs'
import { only, workloads } from './workloads.mjs'

const SEED = 20
const MEMORY_SPIKES = { full: 100000000, quick: 10000000 }
const README = join(root, 'README.md')

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: os.tmpdir() },
  },
})
const { quick } = values
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new Error(`Expected a whole number above 0 for --rounds but received ${values.rounds}.`)
}
const everything = values.only === undefined
const sets = everything ? workloads(quick) : values.only === 'memory' ? [] : only(values.only, workloads(quick))
const withMemory = everything || values.only === 'memory'
const complete = !quick && everything
if (values.readme) {
  if (!complete) throw new Error('--readme takes a complete run: leave out --quick and --only.')
  // Fails now, not after the run, where there are no markers.
  betweenMarkers(readFileSync(README, 'utf8'), '')
}

const python = referencePython()
const folder = mkdtempSync(join(resolve(values.dir), 'spikeport-bench-'))
const cleanUp = () => rmSync(folder, { recursive: true, force: true })
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) {
  process.once(signal, () => {
    cleanUp()
    process.exit(128 + number)
  })
}
const reference = new PythonChild(python, 'reference.py')
const checker = new PythonChild(python, 'check.py')
try {
  await bench()
} finally {
  reference.close()
  checker.close()
  cleanUp()
}

async function bench() {
  const lines = machine(folder, await reference.ask('versions'))
  console.log(`${lines.join('\n')}\nRounds: ${rounds}\n`)
  const outcomes = []
  for (const set of sets) outcomes.push(...(await competeOn(set)))
  const results = outcomes.filter(({ differences }) => differences.length === 0)
  const different = outcomes.filter(({ differences }) => differences.length > 0)
  const compared = results.filter(({ workload }) => workload.kind !== null)
  const slower = compared.filter(({ ours, theirs }) => ours.seconds > theirs.seconds)
  if (results.length > 0) console.log(`\n${table(results)}\n`)

  const memory = withMemory ? await measureMemory(quick ? MEMORY_SPIKES.quick : MEMORY_SPIKES.full, folder) : []
  const hungry = memory.filter(({ extraBytes }) => extraBytes > MEMORY_LIMIT_BYTES)
  if (withMemory) console.log(`One export in a fresh process:\n\n${memoryTable(memory)}\n`)

  console.log(`${compared.length} workloads gave the same output on both sides, ${different.length} did not.`)
  for (const { workload, differences } of different) console.log(`Different: ${workload.title}: ${differences[0]}`)
  for (const result of slower) console.log(`Slower than the reference: ${progress(result)}`)
  for (const { format } of hungry) console.log(`Takes more than ${MEMORY_LIMIT_BYTES / 2 ** 20} MiB beyond its input: ${format}`)
  if (different.length > 0 || hungry.length > 0 || (slower.length > 0 && !quick)) process.exitCode = 1
  if (complete && different.length === 0) publish(markdown({ results, memory, machine: lines, rounds }))
}

/** All workloads of one recording, which both sides hold in memory meanwhile. */
async function competeOn({ recording, workloads }) {
  const file = join(folder, 'recording')
  await reference.ask('make', { file, shuffled: false, ...recording, seed: SEED })
  const loaded = await loadRecording(file, recording)
  rmSync(file)
  const outcomes = []
  for (const workload of workloads) {
    const outcome = { recording, ...(await compete(workload, loaded, { reference, checker, folder, rounds })) }
    console.log(outcome.differences.length > 0 ? `${workload.title}: the outputs differ` : progress(outcome))
    outcomes.push(outcome)
  }
  return outcomes
}

function publish(figures) {
  writeFileSync(join(root, 'bench/results.md'), `# Benchmark\n\nWritten by \`npm run bench\`.\n\n${figures}\n`)
  if (values.readme) writeFileSync(README, betweenMarkers(readFileSync(README, 'utf8'), figures))
}
