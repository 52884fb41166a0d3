/** Raw data that stays in HDF5 files: datasets of every form that h5py writes, and recordings of MaxWell as neo and SpikeInterface read them. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { NumericArray } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, rawFile, SpikeData } from '../../lib/index.js'
import { readHdf5 } from '../support/hdf5-file.js'
import { writeMaxwell } from '../support/maxwell.js'
import { digestOf, noise, transposed } from '../support/raw-samples.js'
import type { Case } from './python.js'
import { check, pythonEnvironment, runPython } from './python.js'

interface DatasetCase extends Case {
  file: string
  dataset: string
  order: 'time' | 'channel'
  /** What is wrong with it, of one that cannot be read. */
  problem?: string
  channels: number
  samples: number
  dtype: string
  expected: string
}

const dir = t.testdir({ datasets: {}, maxwell: {} })
const file = `${dir}/file.h5`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const sorting = await pythonEnvironment('sorting')

t.test('datasets that h5py has written', { skip: sorting.skip }, async (t) => {
  const cases: DatasetCase[] = JSON.parse(await runPython(sorting, 'write_raw_datasets.py', [`${dir}/datasets`]))
  for (const { name, dataset, order, problem, ...expected } of cases) {
    if (problem !== undefined) {
      await t.rejects(rawFile(expected.file, { dataset, order }), { name: 'FormatError', message: new RegExp(problem) }, name)
      continue
    }
    const rawData = await rawFile(expected.file, { dataset, order })
    const { channels, samples, dtype } = expected
    t.strictSame([rawData.shape, rawData.dtype], [[channels, samples], dtype], name)
    if (samples === 0) continue
    const sd = new SpikeData([[1]], { rawData, rawTime: 20, length: 1e6 })
    const digest = digestOf(readFileSync(expected.expected))
    await exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, layout: 'contiguous' })
    t.equal(digestOf((await readHdf5(file)).datasets['acquisition/ElectricalSeries/data']!.values as NumericArray), digest, name)
    await exportSpikeDataToHdf5(sd, file, { rawDataset: 'raw', rawTimeDataset: 'times' })
    const { values } = (await readHdf5(file)).datasets['raw']!
    t.equal(digestOf(transposed(values as NumericArray, samples)), digest, name)
  }
})

t.test('recordings of MaxWell in neo and SpikeInterface', { skip: sorting.skip }, async (t) => {
  const cases: Case[] = []
  const data = noise('uint16', 5 * 700) as Uint16Array
  for (const group of ['wells/well000/rec0000', 'wells/well003/rec0000']) {
    const path = `${dir}/maxwell/${cases.length}.raw.h5`
    await writeMaxwell(path, { [group]: { data, channels: [4, 1019, 20, 3, 77], rateHz: 10_000, lsb: 3.14e-6, chunks: [5, 100] } })
    const { shape, dtype, rateKHz, conversion, channelNames } = await rawFile(path)
    const well = group.split('/')[1]
    cases.push({ name: group, file: path, group, well, shape, dtype, rateKHz, conversion, channelNames })
  }
  t.testdir()
  await check(t, sorting, 'check_maxwell.py', cases)
})
