/** loadSpikeData, where the program does something else meanwhile. */
import t from 'tap'
import { exportSpikeDataToHdf5, loadSpikeData, SpikeData } from '../../lib/index.js'

t.test('a relative path is that of the call, whatever the working directory is later', async (t) => {
  const folder = t.testdir({ other: {} })
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(folder)
  await exportSpikeDataToHdf5(new SpikeData([[1, 2]]), 'ragged.h5')
  await exportSpikeDataToHdf5(new SpikeData([[5]]), 'other/ragged.h5')
  const loading = loadSpikeData('ragged.h5')
  process.chdir('other')
  t.equal((await loading).spikeCount, 2)
})
