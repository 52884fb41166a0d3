/**
 * Folders that the option `phy` writes, in all the readers they are for: every spike, unit, label and electrode, or a known error.
 * And what those readers make of the reference's own folders.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import type { NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort } from '../../lib/index.js'
import { check, pythonEnvironment, runPython } from './python.js'
import type { Recording } from './recordings.js'
import { encodeRecordings, PROBES, poissonTrains, RECORDINGS, spikeData } from './recordings.js'

const REFUSED = ['event-centred', 'negative zero', 'electrodes between the numbers', 'negative electrodes']

const units = (count: number, attributes: (unit: number) => NeuronAttributes): Recording => ({
  trains: poissonTrains(
    count,
    Array.from({ length: count }, (_, unit) => (unit % 7 === 3 ? 0 : 1 + (unit % 5))),
    10_000,
  ),
  length: 10_000,
  neuronAttributes: Array.from({ length: count }, (_, unit) => attributes(unit)),
})

const LABELLED: Record<string, Recording> = {
  'one unit': { trains: [Float64Array.of(0, 0.5, 7)], neuronAttributes: [{ channel: 12, location: [3, 4.5], quality: 'good' }] },
  'two units': { trains: [Float64Array.of(1, 2, 2), Float64Array.of(2, 3)], neuronAttributes: [{ group: 'good' }, { group: 'noise' }] },
  'one spike, of the last unit': { trains: [[], [], [4.2]].map((times) => Float64Array.from(times)) },
  ties: { trains: Array.from({ length: 40 }, (_, unit) => Float64Array.from({ length: 50 }, (_, i) => (i * (unit % 3)) / 30)) },
  labels: units(12, (unit) => {
    const label = ['good', 'mua', 'noise', 'a "b"\tc', 'Zelle\nüber', 'MUA'][unit % 6]!
    return [{ group: label, quality: 'other', KSLabel: 'other' }, { quality: label, KSLabel: 'good' }, { KSLabel: label }, {}][unit % 4]!
  }),
  'units on shared electrodes': units(6, (unit) => {
    const electrode = [3, 3, 3, 7, 7, 1][unit]!
    return { electrode, location: [0, 20 * electrode], quality: ['Good', 'MUA', 'noise'][unit % 3] }
  }),
  'numbers and texts': units(9, (unit) => ({
    distance: unit / 3,
    snr: unit % 4 === 0 ? NaN : 1e-9 * unit,
    count: unit,
    area: ['CA1', 'CA3 "b"\tc', undefined, ''][unit % 4],
    ...(unit % 3 > 0 && { rare: 2 ** unit }),
  })),
  'hundreds of units': units(300, (unit) => ({
    electrode: (unit * 7919) % 1500,
    location: [unit % 32, Math.floor(unit / 32), 5],
    quality: unit % 3 === 0 ? 'good' : 'mua',
    KSLabel: unit % 2 === 0 ? 'good' : 'mua',
  })),
  'a thousand units on a hundred electrodes': units(1000, (unit) => ({ ch: unit % 100, location: [unit % 10, 0] })),
}

/** The errors of readers for recordings they cannot take: without spikes, with one, and without units. */
const NO_SPIKES = { phylib: ['ValueError', 'zero-size array'], neo: ['ValueError', 'empty sequence'] }
const ONE_SPIKE = { phylib: ['AssertionError', ''] }
const ONE_AMPLITUDE = { neo: ['IndexError', 'too many indices'] }
const NO_UNITS = { 'read_phy, spike vector': ['ValueError', 'zero-size array'] }
const NO_TEMPLATES = {
  'read_kilosort, main channels': ['ValueError', 'empty sequence'],
  read_kilosort_as_analyzer: ['ValueError', 'zero-size array'],
}

function limits(recording: Recording): Record<string, string[]> {
  const { N: unitCount, spikeCount } = spikeData(recording)
  return {
    ...(spikeCount === 0 && NO_SPIKES),
    ...(spikeCount === 1 && { ...ONE_SPIKE, ...ONE_AMPLITUDE }),
    ...(unitCount === 0 && { ...NO_UNITS, ...NO_TEMPLATES }),
  }
}

const environment = await pythonEnvironment('sorting')

t.test('every reader finds what was exported', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const all: Record<string, Recording> = { ...RECORDINGS, ...PROBES, ...LABELLED }
  const recordings = Object.fromEntries(Object.entries(all).filter(([name]) => !REFUSED.includes(name)))
  const cases = Object.entries(recordings).flatMap(([recording, { trains, N = trains.length }]) => {
    const clusterIds = Array.from({ length: N }, (_, unit) => 7 * (N - unit) + 5)
    return [
      { recording, options: { fsHz: 30000, phy: true } },
      { recording, options: { fsHz: 24414.0625, phy: true, clusterIds } },
    ]
  })
  const written = []
  for (const [number, { recording, options }] of cases.entries()) {
    const target = `${folder}/${number}`
    await exportSpikeDataToKilosort(spikeData(recordings[recording]!), target, options)
    const name = `${recording}, ${JSON.stringify(options).slice(0, 60)}`
    written.push({ name, recording, folder: target, options, limits: limits(recordings[recording]!) })
  }
  await check(t, environment, 'check_phy.py', written, { shared: { recordings: encodeRecordings(recordings) } })
  // That they were opened is no reason to refuse them.
  for (const { recording, folder, options } of written) await exportSpikeDataToKilosort(spikeData(recordings[recording]!), folder, options)
})

t.test('sparse templates', { skip: environment.skip }, async (t) => {
  const trains = Array.from({ length: 2100 }, (_, unit) => Float64Array.of(unit, 3000 - unit))
  const folder = `${t.testdir()}/folder`
  const options = { fsHz: 30000, phy: true }
  await exportSpikeDataToKilosort(spikeData({ trains }), folder, options)
  const readers = ['phylib', 'read_phy', 'read_phy, spike vector', 'read_kilosort']
  const cases = [{ name: 'sparse', recording: 'sparse', folder, options, limits: {}, readers }]
  await check(t, environment, 'check_phy.py', cases, { shared: { recordings: encodeRecordings({ sparse: { trains } }) } })
})

t.test('a folder that is read-only', { skip: environment.skip }, async (t) => {
  const folder = `${t.testdir()}/folder`
  await exportSpikeDataToKilosort(spikeData({ trains: [[1, 5], [2]].map((times) => Float64Array.from(times)) }), folder, {
    fsHz: 1000,
    phy: true,
  })
  t.strictSame(JSON.parse(await runPython(environment, 'phy_read_only.py', [folder])), {
    samples: [1, 2, 5],
    clusters: [0, 1, 0],
    ids: [0, 1],
  })
})

t.test('deliberate faults are found', { skip: environment.skip }, async (t) => {
  const folder = `${t.testdir()}/folder`
  const recording: Recording = {
    trains: [[1, 5], [], [1, 3, 8]].map((times) => Float64Array.from(times)),
    neuronAttributes: [
      { electrode: 7, location: [1, 2], group: 'good', KSLabel: 'good', snr: 2.5 },
      { electrode: 9, location: [3, 4], group: 'mua', KSLabel: 'good', snr: 1 },
      { electrode: 8, location: [5, 6], group: 'good', KSLabel: 'mua', snr: 4 },
    ],
  }
  const options = { fsHz: 30000, phy: true, clusterIds: [12, 4, 7] }
  await exportSpikeDataToKilosort(spikeData(recording), folder, options)
  const manifest = `${t.testdirName}/manifest.json`
  const cases = [{ recording: 'all', folder, options }]
  writeFileSync(manifest, JSON.stringify({ recordings: encodeRecordings({ all: recording }), cases }))
  const results: [string, string[]][] = JSON.parse(await runPython(environment, 'check_phy_faults.py', [manifest]))
  for (const [name, problems] of results) t.same(problems, [], name)
})

t.test("the reference's own folders", { skip: environment.skip }, async (t) => {
  const trains = { 0: [30, 150, 270], 2: [60, 150, 210] }
  const NO_PARAMS = {
    phylib: /^OSError: .*does not exist.*params\.py/,
    read_phy: /^AssertionError: $/,
    read_kilosort: /^AssertionError: $/,
  }
  // The unit without spikes is lost, and so are labels and electrodes.
  const sorting = { trains, inOrder: false, groups: ['unsorted', 'unsorted'], electrodes: null }
  const WITH_PARAMS = { phylib: /^ValueError: The spike times must be increasing/, read_phy: sorting, read_kilosort: sorting }
  const NO_TEMPLATES = { neo: /^FileNotFoundError: .*spike_templates\.npy/ }
  const SpikeLab = { trains, electrodes: [7, 3] }
  t.match(JSON.parse(await runPython(environment, 'phy_reference.py', [])), {
    'as it is': { ...NO_PARAMS, ...NO_TEMPLATES, SpikeLab },
    'with params.py': { ...WITH_PARAMS, ...NO_TEMPLATES, SpikeLab },
    'with params.py and spike_templates.npy': { ...WITH_PARAMS, neo: { trains }, SpikeLab },
  })
})
