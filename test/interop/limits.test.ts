/** The README's limits: folders that exports make or not, and correct files that SpikeLab misreads. */
import { existsSync } from 'node:fs'
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, exportToPickle, SpikeData } from '../../lib/index.js'
import { startProcess } from '../support/child.js'
import { pythonEnvironment } from './python.js'

const dir = t.testdir()
const firstEmpty = new SpikeData([[], [1, 2], [3]], { length: 10 })

t.test('folders', async (t) => {
  await t.rejects(exportSpikeDataToHdf5(firstEmpty, `${dir}/none/a.h5`), { code: 'ENOENT' })
  await t.rejects(exportSpikeDataToNwb(firstEmpty, `${dir}/none/a.nwb`), { code: 'ENOENT' })
  await exportToPickle(firstEmpty, `${dir}/made/by/pickle/a.pkl`)
  await exportSpikeDataToKilosort(firstEmpty, `${dir}/made/by/kilosort`, { fsHz: 30000 })
  t.ok(existsSync(`${dir}/made/by/pickle/a.pkl`) && existsSync(`${dir}/made/by/kilosort/spike_times.npy`))
})

/** What SpikeLab makes of the files in a folder: the units it finds, or what it refuses. */
const SCRIPT = `
import sys
from spikelab.data_loaders.data_loaders import load_spikedata_from_hdf5 as hdf5, load_spikedata_from_nwb as nwb

def attempt(load, name, **options):
    try:
        print(load(f"{sys.argv[1]}/{name}", **options).N)
    except ValueError as error:
        print(error)

ragged = dict(spike_times_dataset="spike_times", spike_times_index_dataset="spike_times_index")
attempt(hdf5, "ragged.h5", **ragged)
attempt(hdf5, "group.h5", group_per_unit="units")
attempt(hdf5, "s.h5", **ragged)
attempt(hdf5, "samples.h5", **ragged, spike_times_unit="samples", fs_Hz=30000)
attempt(nwb, "spikelab.nwb", prefer_pynwb=False)
`

const environment = await pythonEnvironment('numpy2')
t.test('SpikeLab', { skip: environment.skip }, async (t) => {
  // Read back, these are one unit in the last place later.
  const atEnd = (ms: number) => new SpikeData([[1, ms]], { length: ms })
  await exportSpikeDataToHdf5(firstEmpty, `${dir}/ragged.h5`)
  await exportSpikeDataToHdf5(firstEmpty, `${dir}/group.h5`, { style: 'group' })
  await exportSpikeDataToHdf5(atEnd(127.9), `${dir}/s.h5`)
  await exportSpikeDataToHdf5(atEnd(134.2), `${dir}/samples.h5`, { spikeTimesUnit: 'samples', fsHz: 30000 })
  await exportSpikeDataToNwb(atEnd(127.9), `${dir}/spikelab.nwb`, { profile: 'spikelab' })
  const { stdout, stderr } = await startProcess(environment.python, ['-E', '-c', SCRIPT, dir]).ended
  const [ragged, group, s, samples, nwb] = stdout.split('\n')
  t.equal(ragged, '2', stderr)
  t.equal(group, '3')
  t.match(s, 'Unit 0: spike time 127.9000 ms exceeds end of time window (127.9)')
  t.match(samples, 'Unit 0: spike time 134.2000 ms exceeds end of time window (134.2)')
  t.match(nwb, 'Unit 0: spike time 127.9000 ms exceeds end of time window (127.9)')
})
