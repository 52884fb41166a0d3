/** The benchmark at small sizes: every workload runs, and gives the same output on every side. */
import t from 'tap'
import { startProcess } from '../support/child.js'
import { PYTHON_TIMEOUT_MS, pythonEnvironment } from './python.js'

t.setTimeout(PYTHON_TIMEOUT_MS)

const WORKLOADS = [
  ...[
    'ragged-s',
    'ragged-samples',
    'construct-ordered',
    'construct-ragged',
    'phy-large',
    'paired',
    'kilosort',
    'phy',
    'construct-unordered',
  ],
  ...['pickle-5', 'pickle-2', 'pickle-0', 'nwb-large', 'nwb-spikelab', 'nwb-long-units', 'nwb-many-units'],
  ...['group-many', 'construct-group', 'group-most', 'group-long', 'raster-compressed', 'raster-contiguous', 'raster-large'],
  ...['gzip-s-simulated', 'gzip-samples-simulated', 'gzip-raw-simulated', 'gzip-s-noise', 'gzip-samples-noise', 'gzip-raw-noise'],
  ...['ragged', 'paired', 'group', 'raster', 'nwb', 'nwb-spikelab', 'kilosort'].map((name) => `small-${name}`),
  ...['pickle-5', 'pickle-2', 'pickle-0', 'construct', 'construct-ragged'].map((name) => `small-${name}`),
  ...['ragged', 'kilosort', 'gzip', 'small-ragged', 'small-kilosort'].map((name) => `together-${name}`),
]
const TABLES = ['Against the reference', 'Compressed', 'Other comparisons', 'One export in a process of its own', 'Scaling']

const environments = [await pythonEnvironment('numpy2'), await pythonEnvironment('nwb')]
const skip = environments.map(({ skip }) => skip).find((reason) => reason !== false) ?? false

t.test('npm run bench -- --quick', { skip }, async (t) => {
  const { code, stdout, stderr } = await startProcess(process.execPath, ['bench/run.mjs', '--quick', '--dir', t.testdir()]).ended
  t.equal(code, 0, stderr)
  t.strictSame(
    [...stdout.matchAll(/^([a-z][\w-]+): .*\d ms/gm)].map(([, name]) => name),
    WORKLOADS,
  )
  for (const table of TABLES) t.match(stdout, `\n${table}\n`)
  t.match(stdout, `${WORKLOADS.length} workloads gave the same output on every side, 0 did not.`)
})
