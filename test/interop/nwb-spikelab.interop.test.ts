/** NWB files of the profile 'spikelab' against those that SpikeLab's own exporter writes, also as SpikeLab loads them. */
import t from 'tap'
import { exportSpikeDataToNwb } from '../../lib/index.js'
import { check, PYTHON_TIMEOUT_MS, pythonEnvironment } from './python.js'
import { encodeRecordings, PROBES, RECORDINGS, spikeData } from './recordings.js'

t.setTimeout(PYTHON_TIMEOUT_MS)

const NAMES = [
  { group: 'processing/sorted' },
  { spikeTimesDataset: 'my_spike_times', spikeTimesIndexDataset: 'my_spike_times_index' },
]

const environment = await pythonEnvironment('numpy2')

t.test('files equal those of the reference', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const recordings = { ...RECORDINGS, ...PROBES }
  const cases = [
    ...Object.keys(recordings).map((recording) => ({ name: recording, recording, options: {} })),
    ...NAMES.map((options) => ({ name: JSON.stringify(options), recording: 'channels in three dimensions', options })),
  ]
  const written = []
  for (const [number, fields] of cases.entries()) {
    const file = `${folder}/${number}.nwb`
    await exportSpikeDataToNwb(spikeData(recordings[fields.recording]!), file, { profile: 'spikelab', ...fields.options })
    written.push({ ...fields, file })
  }
  await check(t, environment, 'check_nwb_reference.py', written, { shared: { recordings: encodeRecordings(recordings) } })
})
