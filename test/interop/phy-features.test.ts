/**
 * Everything that a Phy folder can hold, as its readers find it. docs/phy.md has the table of what is tested here.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import t from 'tap'
import { readNpy } from '../support/npy.js'
import { exportFull, FULL } from './phy-full.js'
import type { PythonEnvironment } from './python.js'
import { pythonEnvironment, runPython } from './python.js'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const FEATURES = ['spikes', 'channels', 'shanks', 'groups', 'templates', 'amplitudes', 'raw data', 'features'] as const
type Feature = (typeof FEATURES)[number]

/** What each reader is tried with, by its row in the table. */
const TRIED: Record<string, readonly Feature[]> = {
  'phylib 2.7.1': FEATURES,
  'phylib 2.4.3': FEATURES,
  'phylib 2.7.1, ALF export': ['spikes', 'channels', 'templates', 'amplitudes'],
  'SpikeInterface 0.105.3 `read_phy`': ['spikes', 'groups'],
  'SpikeInterface `read_kilosort`': ['spikes', 'channels', 'groups'],
  'SpikeInterface `read_kilosort_as_analyzer`': ['spikes', 'channels', 'groups', 'templates'],
  'SpikeInterface `read_binary`': ['raw data'],
  'neo 0.14.6': ['spikes', 'groups', 'amplitudes', 'features'],
  'SpikeLab 0.1.2': ['spikes', 'channels'],
  'Bombcell 0.94, loader and `run_bombcell`': ['spikes', 'channels', 'templates', 'amplitudes', 'raw data', 'features'],
  'GNU Octave, by the rules of `loadKSdir`': ['spikes', 'channels', 'templates', 'amplitudes', 'features'],
}
const [sorting, old, bombcell] = await Promise.all([
  pythonEnvironment('sorting'),
  pythonEnvironment('phylib-old'),
  pythonEnvironment('bombcell'),
])

async function tried(t: Test, environment: PythonEnvironment, rows: Record<string, string>): Promise<void> {
  const dir = t.testdir()
  const manifest = await exportFull(dir, `${dir}/phy`)
  const found = JSON.parse(await runPython(environment, 'phy_features.py', [manifest, ...Object.keys(rows)]))
  for (const [reader, row] of Object.entries(rows)) {
    t.strictSame(found[reader], Object.fromEntries(TRIED[row]!.map((feature) => [feature, []])), row)
  }
}

t.test('phylib, SpikeInterface, neo and SpikeLab', { skip: sorting.skip }, (t) =>
  tried(t, sorting, {
    phylib: 'phylib 2.7.1',
    ALF: 'phylib 2.7.1, ALF export',
    read_phy: 'SpikeInterface 0.105.3 `read_phy`',
    read_kilosort: 'SpikeInterface `read_kilosort`',
    read_kilosort_as_analyzer: 'SpikeInterface `read_kilosort_as_analyzer`',
    read_binary: 'SpikeInterface `read_binary`',
    neo: 'neo 0.14.6',
    SpikeLab: 'SpikeLab 0.1.2',
  }),
)

t.test('an older phylib', { skip: old.skip }, (t) => tried(t, old, { phylib: 'phylib 2.4.3' }))

t.test('Bombcell', { skip: bombcell.skip }, (t) => tried(t, bombcell, { Bombcell: 'Bombcell 0.94, loader and `run_bombcell`' }))

/** Why Octave is not used here. */
const noOctave = await run('octave-cli', ['--version']).then(
  () => false as const,
  () => 'there is no octave-cli',
)

t.test('GNU Octave', { skip: noOctave }, async (t) => {
  const dir = t.testdir()
  const { folder } = JSON.parse(readFileSync(await exportFull(dir, `${dir}/phy`), 'utf8'))
  const { stdout } = await run('octave-cli', ['--quiet', '--no-init-file', '--path', here, '--eval', `phy_octave('${folder}')`], {
    maxBuffer: 2 ** 28,
  })
  const found = numbersByName(stdout)
  t.strictSame(found['sample_rate'], [FULL.fsHz])
  t.strictSame(found['n_channels_dat'], [8])
  t.equal(String.fromCharCode(...found['dat_path']!), 'recording.dat')
  const files = [
    'spike_times',
    'spike_templates',
    'spike_clusters',
    'amplitudes',
    'channel_positions',
    'templates',
    'whitening_mat_inv',
    'pc_features',
    'pc_feature_ind',
  ]
  for (const name of files) {
    t.strictSame(found[name], Array.from((await readNpy(`${folder}/${name}.npy`)).values, Number), name)
  }
  t.strictSame(found['clusters'], [0, 1, 2, 3, 4])
  t.strictSame(found['good'], [1, 1, 1, 0, 1])
})

function numbersByName(text: string): Record<string, number[]> {
  const lines = text.trim().split('\n')
  const found: Record<string, number[]> = {}
  for (let i = 0; i < lines.length; ) {
    const [name = '', count] = lines[i]!.split(' ')
    found[name] = lines.slice(i + 1, (i += 1 + Number(count))).map(Number)
  }
  return found
}

t.test('docs/phy.md has the table of this', async (t) => {
  const docs = readFileSync(join(here, '../../docs/phy.md'), 'utf8')
  for (const [reader, features] of Object.entries(TRIED)) {
    const cells = FEATURES.map((feature) => (features.includes(feature) ? '✓' : '–'))
    t.ok(docs.includes(`| ${[reader, ...cells].join(' | ')} |`), `| ${[reader, ...cells].join(' | ')} |`)
  }
})
