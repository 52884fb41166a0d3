/**
 * The files that the examples in docs/ load, as other programs have left them.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { exportSpikeDataToKilosort, exportToPickle, SpikeData } from '../../lib/index.js'
import { zipOf } from '../support/folder-files.js'
import { FS, int64, npy, npz, objects, unit } from '../support/sortings.js'

/** Writes them into a folder. */
export async function writeExampleFiles(folder: string): Promise<void> {
  const sd = new SpikeData([[1, 2.5], [2]], {
    length: 10,
    neuronAttributes: [
      { unit_id: 0, snr: 7.5 },
      { unit_id: 1, snr: 4 },
    ],
  })
  await exportToPickle(sd, `${folder}/sorted_spikedata_curated.pkl`)
  await exportSpikeDataToKilosort(sd, `${folder}/sorted`, { fsHz: 30_000, phy: true })
  const names = await readdir(`${folder}/sorted`)
  const files = await Promise.all(names.map(async (name) => [name, await readFile(`${folder}/sorted/${name}`)] as const))
  await writeFile(`${folder}/recording_phy.zip`, zipOf(Object.fromEntries(files)))
  await writeFile(`${folder}/sorted.npz`, npz({ units: objects(unit(), 1), fs: FS }))
  await mkdir(`${folder}/sorting`)
  await writeFile(`${folder}/sorting/numpysorting_info.json`, '{"sampling_frequency": 30000, "unit_ids": [4, 9], "num_segments": 1}')
  const fields = ['sample', 'unit', 'segment'].map((name) => `('${name}_index', '<i8')`).join(', ')
  await writeFile(`${folder}/sorting/spikes.npy`, npy(`[${fields}]`, '(2,)', int64(30, 0, 0, 60, 1, 0)))
}
