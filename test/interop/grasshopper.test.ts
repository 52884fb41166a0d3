/** Real spike trains through every format and back through Python's readers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from '../../lib/index.js'
import type { PythonEnvironment } from './python.js'
import { check, pythonEnvironment, runPython } from './python.js'

const LENGTH = 10_000

/** At this rate a sample is a microsecond, the resolution of the data: nothing is lost. */
const MEGAHERTZ = 1e6

/** What a float64 loses on the way from ms to s and back. */
const ROUNDING = 1e-9

async function grasshopper(environment: PythonEnvironment): Promise<SpikeData> {
  const folder = await runPython(environment, 'grasshopper.py', [])
  const texts = await Promise.all([1, 2].map((i) => readFile(join(folder, `grasshopper_spike_times${i}.txt`), 'utf8')))
  const trains = texts.map((text) =>
    text
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => Number(line) / 1000),
  )
  return new SpikeData(trains, { length: LENGTH, neuronAttributes: [{ electrode: 0 }, { electrode: 1 }] })
}

const environment = await pythonEnvironment('numpy2')

t.test('a grasshopper comes back from every format', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const path = (name: string) => join(folder, name)
  const sd = await grasshopper(environment)
  t.ok(sd.spikeCount > 1500, 'there are spikes to export')

  const samples = { spikeTimesUnit: 'samples', fsHz: MEGAHERTZ } as const
  await exportSpikeDataToHdf5(sd, path('ragged.h5'))
  await exportSpikeDataToHdf5(sd, path('samples.h5'), { ...samples, compression: { level: 6, shuffle: true } })
  await exportSpikeDataToHdf5(sd, path('group.h5'), { style: 'group', groupTimeUnit: 'ms' })
  await exportSpikeDataToHdf5(sd, path('paired.h5'), { style: 'paired', timesUnit: 'samples', fsHz: 30_000 })
  await exportSpikeDataToHdf5(sd, path('raster.h5'), { style: 'raster', rasterBinSizeMs: 0.5 })
  await exportSpikeDataToNwb(sd, path('minimal.nwb'), { profile: 'spikelab' })
  await exportSpikeDataToKilosort(sd, path('kilosort'), { fsHz: MEGAHERTZ })
  await exportToPickle(sd, path('old.pkl'), { protocol: 2 })
  await exportToPickle(sd, path('new.pkl'))

  const ragged = { spike_times_dataset: 'spike_times', spike_times_index_dataset: 'spike_times_index' }
  const hdf5 = { reader: 'load_spikedata_from_hdf5', length: LENGTH }
  const pickled = { reader: 'load_from_pickle', options: {}, toleranceMs: 0, length: LENGTH }
  const cases = [
    { file: 'ragged.h5', ...hdf5, options: ragged, toleranceMs: ROUNDING },
    { file: 'samples.h5', ...hdf5, options: { ...ragged, spike_times_unit: 'samples', fs_Hz: MEGAHERTZ }, toleranceMs: ROUNDING },
    { file: 'samples.h5', reader: 'h5py' },
    { file: 'group.h5', ...hdf5, options: { group_per_unit: 'units', group_time_unit: 'ms' }, toleranceMs: 0 },
    {
      file: 'paired.h5',
      ...hdf5,
      options: { idces_dataset: 'idces', times_dataset: 'times', times_unit: 'samples', fs_Hz: 30_000 },
      toleranceMs: 0.5 / 30 + ROUNDING,
    },
    {
      file: 'raster.h5',
      reader: 'load_spikedata_from_hdf5',
      options: { raster_dataset: 'raster', raster_bin_size_ms: 0.5 },
      toleranceMs: 0.5,
    },
    {
      file: 'minimal.nwb',
      reader: 'load_spikedata_from_nwb',
      options: { prefer_pynwb: false },
      toleranceMs: ROUNDING,
      length: LENGTH,
    },
    { file: 'kilosort', reader: 'load_spikedata_from_kilosort', options: { fs_Hz: MEGAHERTZ }, toleranceMs: ROUNDING },
    { file: 'kilosort', reader: 'numpy' },
    { file: 'old.pkl', ...pickled },
    { file: 'new.pkl', ...pickled },
  ].map((fields) => ({ name: `${fields.file}, ${fields.reader}`, path: path(fields.file), ...fields }))
  await check(t, environment, 'check_grasshopper.py', cases)
})
