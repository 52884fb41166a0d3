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
import { join } from 'node:path'
import { root, SetupError } from '../scripts/setup/shell.mjs'
import { pythonEnvironment } from '../test/interop/environments.mjs'
import { compete } from './compete.mjs'
import { machine } from './machine.mjs'
import { measureMemory, MEMORY_LIMIT_BYTES } from './memory.mjs'
import { PythonChild } from './python.mjs'
import { betweenMarkers, markdown, memoryTable, progress, table } from './report.mjs'
import { README, settings } from './settings.mjs'
import { loadRecording } from './spikeport.mjs'

const SEED = 20

try {
  await withPeers(settings(), bench)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** Calls a function with the settings, a folder for the output and the two Python processes, and ends those. */
async function withPeers(given, work) {
  const { python, skip } = await pythonEnvironment('numpy2')
  if (skip) throw new SetupError(`The reference cannot run: ${skip}.`)
  const folder = mkdtempSync(join(given.dir, 'spikeport-bench-'))
  const cleanUp = () => rmSync(folder, { recursive: true, force: true })
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
    process.once(signal, () => {
      cleanUp()
      process.exit(128 + number)
    })
  }
  const reference = new PythonChild(python, 'reference.py')
  const checker = new PythonChild(python, 'check.py')
  try {
    await work({ ...given, folder, reference, checker })
  } finally {
    reference.close()
    checker.close()
    cleanUp()
  }
}

async function bench(context) {
  const { folder, reference, rounds, sets, judgeTimes, memorySpikes, complete, readme } = context
  const lines = machine(folder, await reference.ask('versions'))
  console.log(`${lines.join('\n')}\nRounds: ${rounds}\n`)
  const outcomes = []
  for (const set of sets) outcomes.push(...(await competeOn(set, context)))
  const results = outcomes.filter(({ differences }) => differences.length === 0)
  const different = outcomes.filter(({ differences }) => differences.length > 0)
  const compared = results.filter(({ workload }) => workload.kind !== null)
  const slower = compared.filter(({ ours, theirs }) => ours.seconds > theirs.seconds)
  if (results.length > 0) console.log(`\n${table(results)}\n`)

  const memory = memorySpikes > 0 ? await measureMemory(memorySpikes, folder) : []
  const hungry = memory.filter(({ extraBytes }) => extraBytes > MEMORY_LIMIT_BYTES)
  if (memory.length > 0) console.log(`One export in a fresh process:\n\n${memoryTable(memory)}\n`)

  console.log(`${compared.length} workloads gave the same output on both sides, ${different.length} did not.`)
  for (const { workload, differences } of different) console.log(`Different: ${workload.title}: ${differences[0]}`)
  for (const result of slower) console.log(`Slower than the reference: ${progress(result)}`)
  for (const { format } of hungry) console.log(`Takes more than ${MEMORY_LIMIT_BYTES / 2 ** 20} MiB beyond its input: ${format}`)
  if (different.length > 0 || hungry.length > 0 || (slower.length > 0 && judgeTimes)) process.exitCode = 1
  if (complete && different.length === 0) publish(markdown({ results, memory, machine: lines, rounds }), readme)
}

/** All workloads of one recording, which both sides hold in memory meanwhile. */
async function competeOn({ recording, workloads }, context) {
  const { folder, reference } = context
  const file = join(folder, 'recording')
  await reference.ask('make', { file, shuffled: false, ...recording, seed: SEED })
  const loaded = await loadRecording(file, recording)
  rmSync(file)
  const outcomes = []
  for (const workload of workloads) {
    const outcome = { recording, ...(await compete(workload, loaded, context)) }
    console.log(outcome.differences.length > 0 ? `${workload.title}: the outputs differ` : progress(outcome))
    outcomes.push(outcome)
  }
  return outcomes
}

function publish(figures, readme) {
  writeFileSync(join(root, 'bench/results.md'), `# Benchmark\n\nWritten by \`npm run bench\`.\n\n${figures}\n`)
  if (readme) writeFileSync(README, betweenMarkers(readFileSync(README, 'utf8'), figures))
}
