/**
 * `spikeport run` over many small recordings, in turns with a loop over the library that does the same.
 */
import { execFile } from 'node:child_process'
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { exportSpikeDataToHdf5, SpikeData } from '../../dist/index.js'
import { root } from '../../scripts/setup/shell.mjs'
import { against } from '../goals.mjs'
import { median } from '../measure.mjs'

const LOOP = fileURLToPath(new URL('batch-loop.mjs', import.meta.url))
const PROGRAM = join(root, 'dist/cli/main.js')

const UNITS = 100
const SPIKES = 1000
const FS_HZ = 30000
/** Files that the recordings are other names of: the input of thousands would fill the disk. */
const FILES = 16

const SPEC = `output_folder: converted
metadata: {NWBFile: {session_start_time: '2026-03-01T14:05:00Z'}}
outputs:
  - {to: nwb, options: {fsHz: ${FS_HZ}}}
  - {to: phy, path: 'phy/{name}', options: {fsHz: ${FS_HZ}}}
experiments: {bench: {sessions: [{source: 'recordings/*.h5'}]}}
`

/** One row: the goals are those of the batch as a whole. */
export async function measureBatches({ quick, folder, rounds }) {
  const recordings = quick ? 20 : 2000
  const place = join(folder, 'batch')
  await makeInput(place, recordings)
  const runs = []
  for (let round = 0; round < (quick ? 1 : rounds); round++) {
    const loop = await timed(place, [LOOP, String(FS_HZ)])
    const run = await timed(place, [PROGRAM, 'run', 'spec.yml', '-q'])
    const again = await timed(place, [PROGRAM, 'run', 'spec.yml', '-q'])
    runs.push({ seconds: run.seconds, faster: loop.seconds / run.seconds, busy: run.busy, resume: run.seconds / again.seconds })
    for (const name of ['converted', 'spec.results', 'loop']) rmSync(join(place, name), { recursive: true })
    await promisify(execFile)('sync')
  }
  rmSync(place, { recursive: true })
  const of = (name) => median(runs.map((run) => run[name]))
  const goal = (least) => (quick ? {} : { least })
  return [
    {
      name: `${UNITS} × ${SPIKES}, to NWB and Phy`,
      recordings,
      seconds: of('seconds'),
      faster: against(of('faster'), goal(1)),
      busy: against(of('busy'), goal(0.9)),
      resume: against(of('resume'), goal(50)),
    },
  ]
}

async function makeInput(place, recordings) {
  for (const name of ['files', 'recordings']) mkdirSync(join(place, name), { recursive: true })
  for (let file = 0; file < FILES; file++) {
    const trains = Array.from({ length: UNITS }, (_, unit) => Float64Array.from({ length: SPIKES }, (_, i) => i * 10 + (unit + file) / 7))
    await exportSpikeDataToHdf5(new SpikeData(trains), join(place, `files/${file}.h5`))
  }
  for (let i = 0; i < recordings; i++) linkSync(join(place, `files/${i % FILES}.h5`), join(place, `recordings/${i}.h5`))
  writeFileSync(join(place, 'spec.yml'), SPEC)
}

/** How long a script takes, and which part of the cores it and its processes keep busy meanwhile. */
async function timed(cwd, args) {
  const command = 'TIMEFORMAT="%R %U %S"; time "$0" --no-warnings "$@" > /dev/null'
  const { stderr } = await promisify(execFile)('bash', ['-c', command, process.execPath, ...args], { cwd })
  const [seconds = NaN, user = NaN, system = NaN] = stderr.trim().split(/\s+/).slice(-3).map(Number)
  return { seconds, busy: (user + system) / seconds / os.availableParallelism() }
}
