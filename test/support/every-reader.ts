/**
 * A file or folder of everything that recordings are loaded from, and the loader of each.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { READERS, VARIANTS } from '../../lib/formats/registry.js'
import type { LoadFormat } from '../../lib/index.js'
import { NDArray, SpikeData } from '../../lib/index.js'
import { FS, int64, npy, npz, objects, unit } from './sortings.js'

/** What a file holds. */
export interface Written {
  name: string
  format: LoadFormat
  path: string
  /** The name that {@link inspect} gives its form. */
  variant?: string
  /** What its own loader has to be told. */
  options?: object
}

/** Of a unit without spikes, and attributes of several kinds. */
export const EXAMPLE = new SpikeData([[1, 2.5], [], [2, 7.75, 9]], {
  length: 12.5,
  neuronAttributes: [
    { electrode: 4, location: [0, 20], snr: 7.5, quality: 'good' },
    { electrode: 9, location: [0, 40], snr: 4, quality: 'mua' },
    { electrode: 4, location: [0, 20], snr: 1 },
  ],
  rawData: new NDArray(
    Int16Array.from({ length: 20 }, (_, i) => i),
    [2, 10],
  ),
  rawTime: 1,
})

/** Writes a recording in every variant of every format, and a sorting of each kind. */
export async function writeEverything(folder: string, sd = EXAMPLE): Promise<Written[]> {
  const written: Written[] = []
  for (const { name, format, write } of VARIANTS) {
    if (!format.reader) continue
    // Without endings: names do not matter.
    const path = `${folder}/${name}`
    await write(sd, path)
    const options = { spikelab: { profile: 'spikelab' }, kilosort: { fsHz: 30000 } }[name]
    written.push({ name, format: format.reader.name as LoadFormat, path, ...(options && { options }) })
  }
  await writeFile(`${folder}/sorted`, npz({ units: objects(unit(), 1), fs: FS }))
  written.push({ name: 'spikelab npz', format: 'spikelab-npz', path: `${folder}/sorted` })
  await mkdir(`${folder}/sorting`)
  await writeFile(`${folder}/sorting/numpysorting_info.json`, '{"sampling_frequency": 30000, "unit_ids": [4, 9], "num_segments": 1}')
  const fields = ['sample', 'unit', 'segment'].map((field) => `('${field}_index', '<i8')`).join(', ')
  await writeFile(`${folder}/sorting/spikes.npy`, npy(`[${fields}]`, '(3,)', int64(30, 0, 0, 60, 1, 0, 90, 1, 0)))
  written.push({ name: 'numpy_folder', format: 'spikeinterface', path: `${folder}/sorting`, variant: 'numpy_folder' })
  const arrays = {
    unit_ids: npy("'<i8'", '(2,)', int64(4, 9)),
    num_segment: npy("'<i8'", '(1,)', int64(1)),
    sampling_frequency: FS,
    spike_indexes_seg0: npy("'<i8'", '(3,)', int64(30, 60, 90)),
    spike_labels_seg0: npy("'<i8'", '(3,)', int64(4, 9, 9)),
  }
  await writeFile(`${folder}/npz`, npz(arrays))
  written.push({ name: 'npz of SpikeInterface', format: 'spikeinterface', path: `${folder}/npz`, variant: 'npz' })
  await mkdir(`${folder}/npz_folder`)
  await writeFile(`${folder}/npz_folder/sorting_cached.npz`, npz(arrays))
  written.push({ name: 'npz_folder', format: 'spikeinterface', path: `${folder}/npz_folder`, variant: 'npz_folder' })
  return written
}

/** The loader of a format. */
export function loaderOf(format: LoadFormat): (path: string, options?: object) => Promise<SpikeData> {
  const reader = READERS.find(({ name }) => name === format)
  if (!reader) throw new Error(`There is no format ${format}.`)
  return (path, options) => reader.load(path, options)
}

/** A recording as plain values. */
export function described(sd: SpikeData): object {
  const { N, train, length, startTime, neuronAttributes, metadata, rawData, rawTime } = sd
  return {
    N,
    train: train.map((times) => Array.from(times)),
    length,
    startTime,
    neuronAttributes,
    metadata,
    rawData,
    rawTime: Array.from<number | bigint, number>(rawTime, Number),
  }
}
