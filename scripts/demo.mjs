/**
 * Exports a simulated recording to every format, shows what was written, and how to open it in Python.
 *
 *     npm run demo
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SpikeData } from 'spikeport'
import { size } from '../dist/cli/text.js'
import { VARIANTS } from '../dist/formats/registry.js'
import { columns } from './demo/format.mjs'
import { simulate } from './demo/simulate.mjs'
import { root } from './setup/shell.mjs'

const FOLDER = 'demo-output'
const FS_HZ = 20000
const UNITS = 120
const MINUTES = 10

console.log(`Simulating ${UNITS} neurons over ${MINUTES} minutes: no measurement, every spike is simulated, from a seed.`)
const { train, options } = simulate({ units: UNITS, minutes: MINUTES, fsHz: FS_HZ })
const sd = await SpikeData.create(train, options)
const rates = train.map((times) => times.length / MINUTES / 60).sort((a, b) => a - b)
const [slowest, median, fastest] = [0, UNITS / 2, UNITS - 1].map((rank) => rates[rank].toFixed(1))
const spikeCount = train.reduce((count, times) => count + times.length, 0)
console.log(`${spikeCount.toLocaleString('en')} spikes; rates from ${slowest} to ${fastest} Hz, median ${median} Hz.\n`)

rmSync(join(root, FOLDER), { recursive: true, force: true })
mkdirSync(join(root, FOLDER))
const rows = []
for (const { title, options, write, ...variant } of VARIANTS) {
  const file = fileOf(variant)
  const { paths, elapsedMs } = await write(sd, join(root, FOLDER, file), 'fsHz' in options ? { fsHz: FS_HZ } : {})
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  rows.push([title, `${FOLDER}/${file}`, size(bytes), `${elapsedMs.toFixed(1)} ms`])
}
console.log(columns([['format', 'written to', 'size', 'time'], ...rows]))

console.log('\nTo open them in Python, here:')
for (const { title, python, ...variant } of VARIANTS) {
  console.log(`\n  # ${title}`)
  for (const line of python(`${FOLDER}/${fileOf(variant)}`)) console.log(`  ${line}`)
}

function fileOf({ name, format: { output } }) {
  const stem = name.replace(' ', '-')
  // Of several files beside each other, the path has no extension.
  return output.kind === 'file' ? stem + output.extension : stem
}
