/** KiloSort folders against those that SpikeLab's own exporter writes with numpy.save: the same files, byte for byte. */
import t from 'tap'
import { exportSpikeDataToKilosort } from '../../lib/index.js'
import { check, pythonEnvironment } from './python.js'
import { encodeRecordings, PROBES, RECORDINGS, spikeData } from './recordings.js'

const OPTIONS = [{ fsHz: 30000 }, { fsHz: 24414.0625 }, { fsHz: 30000, timeUnit: 'ms' }, { fsHz: 30000, timeUnit: 's' }] as const

const environment = await pythonEnvironment('numpy2')

t.test('folders equal those of the reference', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const recordings = { ...RECORDINGS, ...PROBES }
  const named = { fsHz: 30000, spikeTimesFile: 'times.npy', spikeClustersFile: 'clusters.npy' }
  const cases = [
    ...Object.entries(recordings).flatMap(([recording, { trains, N = trains.length }]) => [
      ...OPTIONS.map((options) => ({ recording, options })),
      { recording, options: { fsHz: 30000, clusterIds: Array.from({ length: N }, (_, unit) => 7 * (N - unit) - 10) } },
    ]),
    { recording: 'electrodes', options: named },
  ].map((fields) => ({ name: `${fields.recording}, ${JSON.stringify(fields.options).slice(0, 80)}`, ...fields }))

  const written = []
  for (const [number, fields] of cases.entries()) {
    const target = `${folder}/${number}`
    await exportSpikeDataToKilosort(spikeData(recordings[fields.recording]!), target, fields.options)
    written.push({ ...fields, folder: target })
  }
  await check(t, environment, 'check_kilosort.py', written, { shared: { recordings: encodeRecordings(recordings) } })
})
