/**
 * Exports a simulated recording to every format, shows what was written, and how to open it in Python.
 *
 *     npm run demo
 */
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from 'spikeport'
import { columns, size } from './demo/format.mjs'
import { simulate } from './demo/simulate.mjs'
import { root } from './setup/shell.mjs'

const FOLDER = 'demo-output'
const FS_HZ = 20000
const UNITS = 120
const MINUTES = 10

/** What an NWB file says about a session, as far as there is anything to say about one that never was. */
const SESSION = {
  sessionDescription: 'A simulated recording.',
  sessionStartTime: '2026-01-01T00:00:00Z',
  experimentDescription: 'No experiment.',
}

/** Every format: what it is, its file, how it is written, and how Python opens that file. */
const EXPORTS = [
  {
    format: 'HDF5, ragged',
    file: 'ragged.h5',
    write: (sd, path) => exportSpikeDataToHdf5(sd, path),
    python: (path) => ['import h5py', `f = h5py.File('${path}')`, "f['spike_times'][:f['spike_times_index'][0]]  # unit 0, in s"],
  },
  {
    format: 'HDF5, one dataset a unit',
    file: 'group.h5',
    write: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'group', groupTimeUnit: 'samples', fsHz: FS_HZ }),
    python: (path) => ['import h5py', `h5py.File('${path}')['units/0'][:]  # unit 0, in samples`],
  },
  {
    format: 'HDF5, paired',
    file: 'paired.h5',
    write: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'paired' }),
    python: (path) => ['import h5py', `f = h5py.File('${path}')`, "f['times'][f['idces'][:] == 0]  # unit 0, in ms"],
  },
  {
    format: 'HDF5, raster of 1 ms bins',
    file: 'raster.h5',
    write: (sd, path) => exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1 }),
    python: (path) => ['import h5py', `h5py.File('${path}')['raster'][:, :1000].sum(axis=1)  # spikes per unit in the first s`],
  },
  {
    format: 'NWB',
    file: 'recording.nwb',
    write: (sd, path) => exportSpikeDataToNwb(sd, path, { fsHz: FS_HZ, nwb: SESSION }),
    python: (path) => [
      'from pynwb import NWBHDF5IO',
      `units = NWBHDF5IO('${path}', 'r').read().units`,
      "units['spike_times'][0]  # unit 0, in s",
    ],
  },
  {
    format: 'Phy',
    file: 'phy',
    write: (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: FS_HZ, phy: true }),
    python: (path) => [
      'from spikeinterface.extractors import read_phy',
      `read_phy('${path}').get_unit_spike_train(0)  # unit 0, in samples`,
    ],
  },
  {
    format: 'KiloSort, as SpikeLab writes it',
    file: 'kilosort',
    write: (sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: FS_HZ }),
    python: (path) => [
      'import numpy',
      `numpy.load('${path}/spike_times.npy')  # in samples`,
      `numpy.load('${path}/spike_clusters.npy')  # the unit of each`,
    ],
  },
  {
    format: 'pickle',
    file: 'recording.pkl',
    write: (sd, path) => exportToPickle(sd, path),
    python: (path) => ['import pickle  # and SpikeLab installed', `pickle.load(open('${path}', 'rb')).train[0]  # unit 0, in ms`],
  },
]

console.log(`Simulating ${UNITS} neurons over ${MINUTES} minutes: no measurement, every spike is made up, from a seed.`)
const { train, options } = simulate({ units: UNITS, minutes: MINUTES, fsHz: FS_HZ })
const sd = await SpikeData.create(train, options)
const rates = train.map((times) => times.length / MINUTES / 60).sort((a, b) => a - b)
const [slowest, median, fastest] = [0, UNITS / 2, UNITS - 1].map((rank) => rates[rank].toFixed(1))
const spikeCount = train.reduce((count, times) => count + times.length, 0)
console.log(`${spikeCount.toLocaleString('en')} spikes; rates from ${slowest} to ${fastest} Hz, median ${median} Hz.\n`)

rmSync(join(root, FOLDER), { recursive: true, force: true })
mkdirSync(join(root, FOLDER))
const rows = []
for (const { format, file, write } of EXPORTS) {
  const { paths, elapsedMs } = await write(sd, join(root, FOLDER, file))
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  rows.push([format, `${FOLDER}/${file}`, size(bytes), `${elapsedMs.toFixed(1)} ms`])
}
console.log(columns([['format', 'written to', 'size', 'time'], ...rows]))

console.log('\nTo open them in Python, here:')
for (const { format, file, python } of EXPORTS) {
  console.log(`\n  # ${format}`)
  for (const line of python(`${FOLDER}/${file}`)) console.log(`  ${line}`)
}
