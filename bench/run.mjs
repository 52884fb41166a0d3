/**
 * Measures spikeport against its peers, side by side, and reports which goals it reaches.
 *
 *     npm run bench                       everything; the figures also go to bench/results.md and bench/results.svg
 *     npm run bench -- --readme           and into README.md, between its markers
 *     npm run bench -- --quick            small sizes, to see that all of it works: no figure is judged
 *     npm run bench -- load               the workloads of this name, or that begin with it and a dash; `alone`, `scaling`,
 *                                         `larger` and `batch` are the tables of what runs in processes of its own; --only load is the same
 *     npm run bench -- --rounds 9         instead of 5, or 1 with --quick
 *     npm run bench -- --dir /dev/shm     where the output goes, instead of the system's temporary folder
 *
 * Full sizes take about 7 GB of memory, 12 GB of disk and half an hour to an hour. The exit code is 1 when outputs differ and, at full
 * sizes, when an export is slower than the reference or takes more than 64 MB beyond its input. Goals that are not reached are listed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { root, SetupError } from '../scripts/setup/shell.mjs'
import { measureBatches } from './alone/batches.mjs'
import { measureAlone, measureScaling } from './alone/exports.mjs'
import { measureLarger } from './alone/larger.mjs'
import { compete } from './compete.mjs'
import { timesFaster } from './goals.mjs'
import { machine } from './machine.mjs'
import { Peers } from './peers.mjs'
import { makeRecording } from './recordings.mjs'
import { betweenMarkers, readmeFigures, resultsFile } from './report/markdown.mjs'
import { plot } from './report/plot.mjs'
import { progress } from './report/tables.mjs'
import { printMissed, printTables } from './report/terminal.mjs'
import { README, settings } from './settings.mjs'

const MEMORY_LIMIT_BYTES = 64e6

try {
  await withPeers(settings(), bench)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** Calls a function with the settings, a folder for the output and the Python processes, and ends those. */
async function withPeers(given, work) {
  const peers = await Peers.start()
  const folder = mkdtempSync(join(given.dir, 'spikeport-bench-'))
  const cleanUp = () => rmSync(folder, { recursive: true, force: true })
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
    process.once(signal, () => {
      cleanUp()
      process.exit(128 + number)
    })
  }
  try {
    await work({ ...given, folder, peers })
  } finally {
    peers.close()
    cleanUp()
  }
}

async function bench(context) {
  const { folder, peers, rounds, sets, quick, alone, scaling, larger, batch } = context
  const lines = machine(folder, await peers.versions())
  console.log(`${lines.join('\n')}\nRounds: ${rounds}\n`)
  const outcomes = []
  for (const set of sets) outcomes.push(...(await competeOn(set, context)))
  const figures = {
    results: outcomes.filter(({ differences }) => differences.length === 0),
    alone: alone ? await measureAlone({ quick, folder }) : [],
    scaling: scaling ? await measureScaling({ quick, folder, freeBytes: os.freemem() }) : [],
    larger: larger ? await measureLarger({ quick, folder, rounds }) : [],
    batch: batch ? await measureBatches({ quick, folder, rounds }) : [],
    machine: lines,
    rounds,
  }
  printTables(figures)
  judge(outcomes, figures, quick)
  if (context.everything) publish(figures, context, outcomes.length === figures.results.length)
}

/** All workloads of one recording, which every side holds in memory meanwhile. */
async function competeOn({ recording: spec, workloads }, context) {
  const folder = join(context.folder, 'recording')
  mkdirSync(folder)
  const recording = await makeRecording(spec, folder)
  const outcomes = []
  for (const workload of workloads) {
    const outcome = await compete(workload, recording, context)
    console.log(outcome.differences.length > 0 ? `${workload.name}: the outputs differ` : progress(outcome))
    outcomes.push(outcome)
  }
  rmSync(folder, { recursive: true })
  return outcomes
}

/** Prints what is not as it should be, and sets the exit code where that is a failure. */
function judge(outcomes, { results, alone }, quick) {
  const different = outcomes.filter(({ differences }) => differences.length > 0)
  if (outcomes.length > 0) console.log(`\n${results.length} workloads gave the same output on every side, ${different.length} did not.`)
  for (const { workload, differences } of different) console.log(`Different: ${workload.name}: ${differences[0]}`)
  if (different.length > 0) process.exitCode = 1
  if (quick) return

  printMissed(results)
  const slower = results.filter((result) => 'reference' in result.sides && timesFaster(result, 'reference') < 1)
  const hungry = alone.filter(({ extra }) => extra.value > MEMORY_LIMIT_BYTES)
  for (const result of slower) console.log(`Slower than the reference: ${progress(result)}`)
  for (const { format } of hungry) console.log(`Takes more than ${MEMORY_LIMIT_BYTES / 1e6} MB beyond its input: ${format}`)
  if (slower.length > 0 || hungry.length > 0) process.exitCode = 1
}

/** Makes all files that hold figures, also from small sizes, so that it is known to work, and writes those of a full run. */
function publish(figures, { quick, readme }, allTheSame) {
  const files = { 'bench/results.md': resultsFile(figures), 'bench/results.svg': plot(figures.results) }
  const readmeText = betweenMarkers(readFileSync(README, 'utf8'), readmeFigures(figures))
  if (quick || !allTheSame) return
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  if (readme) writeFileSync(README, readmeText)
}
