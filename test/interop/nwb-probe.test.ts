/** NWB files of whole probes, and of units on several electrodes, in pynwb, its validator, nwbinspector, SpikeInterface, SpikeLab and neuroconv. */
import t from 'tap'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { SESSION } from './nwb-cases.js'
import { writeProbeCases } from './nwb-probe-cases.js'
import { check, pythonEnvironment } from './python.js'

const folder = t.testdir()
const cases = await writeProbeCases(folder)
const named = (name: string) => cases.find((fields) => fields.name === name)!

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`pynwb, its validator and nwbinspector (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    const inspected = cases.map((fields) => ({ ...fields, inspector: [] }))
    await check(t, environment, 'check_nwb_probe.py', inspected)
  })

  t.test(`nothing is outside the schema (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    const plain = cases.map(({ name, file }) => ({ name, file, added: null }))
    await check(t, environment, 'check_nwb_schema.py', plain)
  })
}

const sorting = await pythonEnvironment('sorting')

t.test('SpikeInterface', { skip: sorting.skip }, async (t) => {
  t.testdir()
  const file = `${folder}/together.nwb`
  const electrodes = [
    { relX: 0, relY: 0 },
    { relX: 0, relY: 20 },
    { relX: 0, relY: 0 },
  ]
  const sd = new SpikeData([], { length: 10, rawData: new NDArray(new Int16Array(150), [3, 50]), rawTime: 30 })
  const nwb = { ...SESSION, electrodes }
  await exportSpikeDataToNwb(sd, file, { fsHz: 30_000, rawData: { conversion: 1e-6 }, nwb })
  const together = {
    ...named('raw data on 384 channels, units on 12 of them'),
    name: 'two channels of a group at one place',
    file,
    units: { ids: [], names: null, electrodes: null, groups: null, waveforms: null },
    recordingError: 'Contact positions must be unique within a probe',
  }
  await check(t, sorting, 'check_nwb_probe_spikeinterface.py', [...cases, together])
})

const spikelab = await pythonEnvironment('nwb')

t.test('SpikeLab', { skip: spikelab.skip }, async (t) => {
  t.testdir()
  await check(t, spikelab, 'check_nwb_probe_spikelab.py', cases)
})

const neuroconv = await pythonEnvironment('neuroconv')

t.test('neuroconv adds to a file', { skip: neuroconv.skip }, async (t) => {
  t.testdir()
  const { file } = named('names of units')
  const lists = named('several electrodes a unit, without a probe').file
  const withIds = named('ids of electrodes and of units').file
  const NO_DEFAULT = 'Could not find a sensible default value for property'
  const inTable = { channels: ['AP30', 'AP0', 'AP9'], groups: ['right 1', 'left 0', 'left 1'], rows: [30, 0, 9], error: null }
  const others = { channels: ['AP30', 'AP32'], groups: ['right 1', 'right 1'], rows: [30, 32], error: NO_DEFAULT }
  const plain = { channels: ['7', '8'], groups: ['electrode_group', 'electrode_group'], rows: [7, 8], error: null }
  await check(t, neuroconv, 'check_nwb_probe_neuroconv.py', [
    { name: 'a recording of channels that are in the table, named units', file, ...inTable },
    { name: 'a recording of channels that are in the table, units with ids', file: withIds, ...inTable },
    { name: 'a recording of other channels, where columns are booleans or whole numbers', file, ...others },
    { name: 'a recording of other channels to a table without further columns', file: lists, ...plain },
    { name: 'units', file: lists, units: [10, 11], error: 'incorrect shape for obs_intervals' },
  ])
})
