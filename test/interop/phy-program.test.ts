/**
 * Folders that the option `phy` writes, in the Phy program itself, on a virtual display: what its cluster view shows, and that nothing
 * goes wrong while clusters are selected, merged, split and saved.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type { NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort, loadSpikeDataFromKilosort, SpikeData } from '../../lib/index.js'
import { exportFull, FULL } from './phy-full.js'
import { pythonEnvironment } from './python.js'

type Row = Record<string, unknown>
interface Found {
  opened: Record<string, Row>
  changed: Record<string, Row>
  reopened: Record<string, Row>
  /** The samples of each cluster's spikes, after changes. */
  spikes: Record<string, number[]>
  views: string[]
  growth: Record<string, number>
  complaints: string[]
}

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const fsHz = 30000
const environment = await pythonEnvironment('phy')

/** Phy's own files in a home of its own, and OpenGL without a graphics card. */
const home = join(t.testdir(), 'home')
mkdirSync(home, { mode: 0o700 })
const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'xcb', LIBGL_ALWAYS_SOFTWARE: '1' }

/** What a Python script of this folder prints, on a virtual display. */
async function onDisplay(...args: readonly string[]): Promise<string> {
  const screen = ['-a', '-s', '-screen 0 1600x1000x24']
  const { stdout } = await run('xvfb-run', [...screen, environment.python, '-E', ...args], { env, maxBuffer: 2 ** 28 })
  return stdout
}

const open = async (folder: string, ...changes: string[]): Promise<Found> =>
  JSON.parse(await onDisplay(join(here, 'phy_program.py'), folder, ...changes))

/** Why Phy cannot run here: Qt's window system libraries, the display or its OpenGL are missing. */
async function noDisplay(): Promise<string | false> {
  return onDisplay('-c', 'from phy.gui import create_app; create_app()').then(
    () => false,
    (error: Error & { stderr?: string }) => `Phy cannot open a window: ${(error.stderr || error.message).trim().split('\n')[0]}`,
  )
}
const skip = environment.skip || (await noDisplay())

/** Trains with these counts of spikes, no two at the same time, and the last of all after two seconds. */
const spikes = (counts: readonly number[]) =>
  counts.map((count, unit) => Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? 1990 : (1980 * i) / count) + unit))

const recording = (counts: readonly number[], neuronAttributes?: NeuronAttributes[]) =>
  new SpikeData(spikes(counts), neuronAttributes ? { neuronAttributes } : {})

/** What the cluster view shows of each cluster. */
const shown = (rows: Record<string, Row>, ...columns: string[]) =>
  Object.entries(rows).map(([id, row]) => [Number(id), ...columns.map((column) => row[column])])

const COUNTS = [120, 80, 60, 40, 100, 20]
const ELECTRODES = [3, 3, 3, 7, 7, 1]
const QUALITIES = ['good', 'MUA', 'Noise', 'good', undefined, 'other']
const six = () =>
  recording(
    COUNTS,
    ELECTRODES.map((electrode, unit) => ({
      electrode,
      location: [0, 20 * electrode],
      quality: QUALITIES[unit],
      snr: unit + 0.5,
      area: 'CA1',
    })),
  )

t.test('units on shared electrodes, worked on and saved', { skip }, async (t) => {
  const folder = `${t.testdir()}/phy`
  await exportSpikeDataToKilosort(six(), folder, { fsHz, phy: true })
  const { opened, changed, reopened, spikes, complaints } = await open(folder, '0,3', '1')
  t.strictSame(complaints, [])
  t.strictSame(shown(opened, 'ch', 'depth', 'amp', 'n_spikes', 'group', 'snr', 'area', 'electrode'), [
    [0, '3', 60, 1, 120, 'good', 0.5, 'CA1', 3],
    [1, '3', 60, 1, 80, 'mua', 1.5, 'CA1', 3],
    [2, '3', 60, 1, 60, 'noise', 2.5, 'CA1', 3],
    [3, '7', 140, 1, 40, 'good', 3.5, 'CA1', 7],
    [4, '7', 140, 1, 100, 'unsorted', 4.5, 'CA1', 7],
    [5, '1', 20, 1, 20, 'other', 5.5, 'CA1', 1],
  ])
  for (const [unit, row] of Object.values(opened).entries()) t.ok(Math.abs(Number(row['fr']) - COUNTS[unit]! / 2) < 0.5, 'the rate')
  const after = [
    [2, '3', 60, 60, 'noise'],
    [4, '7', 140, 100, 'unsorted'],
    [5, '1', 20, 20, 'other'],
    [6, '3', 60, 160, 'good'],
    [7, '3', 60, 40, 'mua'],
    [8, '3', 60, 40, 'mua'],
  ]
  t.strictSame(shown(changed, 'ch', 'depth', 'n_spikes', 'group'), after)
  t.strictSame(shown(reopened, 'ch', 'depth', 'n_spikes', 'group'), after)
  const saved = readFileSync(`${folder}/spike_clusters.npy`)
  const loaded = await loadSpikeDataFromKilosort(folder, { onWarning: ({ message }) => t.fail(message) })
  t.strictSame(
    loaded.neuronAttributes?.map(({ unit_id, electrode, location, group }, unit) => {
      return [unit_id, String(electrode), (location as number[])[1], loaded.train[unit]?.length, group]
    }),
    after,
    'read back',
  )
  for (const [unit, { unit_id }] of (loaded.neuronAttributes ?? []).entries()) {
    const samples = spikes[`${unit_id}`]!.toSorted((a, b) => a - b)
    t.strictSame(
      [...loaded.train[unit]!],
      samples.map((sample) => (sample / fsHz) * 1e3),
      `cluster ${unit_id}, as phylib has it`,
    )
  }
  const labelled = await loadSpikeDataFromKilosort(folder, { clusterInfoTsv: 'cluster_info.tsv', onWarning: () => {} })
  t.strictSame(labelled.metadata['cluster_ids'], [6, 7, 8])

  for (const phy of [true, false]) {
    await t.rejects(exportSpikeDataToKilosort(six(), folder, { fsHz, phy }), {
      message: /cluster_info\.tsv.*spike_clusters\.npy.*overwrite/,
    })
  }
  t.strictSame(readFileSync(`${folder}/spike_clusters.npy`), saved)
  await exportSpikeDataToKilosort(recording([7, 9]), folder, { fsHz, phy: true, overwrite: true })
  const again = await open(folder)
  t.strictSame(again.complaints, [])
  t.strictSame(shown(again.opened, 'ch', 'depth', 'n_spikes', 'area'), [
    [0, '0', 0, 7, undefined],
    [1, '1', 20, 9, undefined],
  ])
})

t.test('what Phy remembers of a folder goes with what it was', { skip }, async (t) => {
  const folder = `${t.testdir()}/phy`
  for (const counts of [COUNTS, COUNTS.toReversed()]) {
    await exportSpikeDataToKilosort(recording(counts), folder, { fsHz, phy: true })
    t.notOk(existsSync(`${folder}/.phy`))
    const { opened, complaints } = await open(folder)
    t.strictSame(complaints, [])
    t.strictSame(
      shown(opened, 'n_spikes', 'depth'),
      counts.map((count, unit) => [unit, count, 20 * unit]),
    )
    t.ok(existsSync(`${folder}/.phy`))
  }
})

t.test("the README's first example: a shared electrode, and a unit without spikes", { skip }, async (t) => {
  const folder = `${t.testdir()}/phy`
  const train = [[12.5, 40.25, 66], [], [5.5, 70.25]]
  const neuronAttributes = [3, 3, 7].map((electrode, unit) => ({
    electrode,
    location: [20 * Math.floor(unit / 2), 20 * electrode],
    template: Float64Array.from({ length: 82 }, (_, i) => (unit + 1) * Math.sin(i / 9)),
  }))
  await exportSpikeDataToKilosort(new SpikeData(train, { length: 100, neuronAttributes }), folder, { fsHz, phy: true })
  const { opened, complaints } = await open(folder)
  t.strictSame(complaints, [])
  t.strictSame(shown(opened, 'ch', 'depth', 'n_spikes'), [
    [0, '3', 60, 3],
    [2, '7', 140, 2],
  ])
  t.strictSame(
    shown(opened, 'amp').map(([, amplitude]) => Math.round(Number(amplitude))),
    [2, 6],
    'of real templates',
  )
})

t.test('everything that a folder can hold', { skip }, async (t) => {
  const dir = t.testdir()
  const folder = `${dir}/phy`
  await exportFull(dir, folder)
  const { opened, changed, views, growth, complaints } = await open(folder, '0,3', '1')
  t.strictSame(complaints, [])
  const { electrodes, counts, channels } = FULL
  const of = <T>(list: readonly T[], unit: number) => list[channels.ids.indexOf(electrodes[unit]!)]!
  t.strictSame(
    shown(opened, 'ch', 'depth', 'sh', 'channel_group', 'n_spikes', 'group', 'electrode'),
    counts.map((count, unit) => [
      ...[unit, String(electrodes[unit]), of(channels.positions, unit)[1], of(channels.shanks, unit), of(channels.groups, unit)],
      ...[count, unit === 3 ? 'mua' : 'good', electrodes[unit]],
    ]),
  )
  for (const [unit, { amp }] of Object.values(opened).entries()) {
    t.ok(Math.abs(Number(amp) - (600 + 100 * unit)) < 10, 'the amplitude of the raw data')
  }
  for (const [unit, count] of counts.entries()) {
    const expected = (1 + unit + (count - 1) / 128) / (1 + unit)
    t.ok(Math.abs(growth[unit]! - expected) < 1e-6, 'the amplitudes of spikes')
  }
  for (const view of ['AmplitudeView', 'FeatureView', 'TraceView', 'WaveformView']) t.ok(views.includes(view), view)
  t.strictSame(
    shown(changed, 'n_spikes').map(([, count]) => count),
    [counts[2], counts[4], counts[0]! + counts[3]!, 32, 33],
  )
})
