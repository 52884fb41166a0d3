/**
 * Validating leaves the event loop free.
 */
import t from 'tap'
import { exportSpikeDataToHdf5, exportSpikeDataToKilosort, exportSpikeDataToNwb, SpikeData, validate } from '../../lib/index.js'
import { checkTurns } from '../support/short-turns.js'

const UNITS = 20_000
const SPIKES = 100

t.test('many units and spikes', async (t) => {
  const dir = t.testdir()
  const times = Float64Array.from({ length: UNITS * SPIKES }, (_, i) => 50 * (i % SPIKES))
  const index = BigInt64Array.from({ length: UNITS }, (_, unit) => BigInt((unit + 1) * SPIKES))
  const neuronAttributes = Array.from({ length: UNITS }, (_, unit) => ({ electrode: unit % 1000, snr: unit }))
  const sd = SpikeData.fromFlat(times, index, { length: 50 * SPIKES, neuronAttributes })
  await exportSpikeDataToHdf5(sd, `${dir}/a.h5`)
  await exportSpikeDataToNwb(sd, `${dir}/a.nwb`, { fsHz: 20_000 })
  await exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz: 20_000 })
  for (const name of ['a.h5', 'a.nwb', 'phy']) await checkTurns(t, () => validate(`${dir}/${name}`), name)
})
