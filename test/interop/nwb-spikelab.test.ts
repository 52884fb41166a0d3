/** NWB files of the profile 'spikelab' against those that SpikeLab's own exporter writes, also as SpikeLab loads them. */
import t from 'tap'
import type { NumericArray } from '../../lib/index.js'
import { exportSpikeDataToNwb } from '../../lib/index.js'
import { ARRAY_TYPES } from '../../lib/memory/typed-arrays.js'
import { check, pythonEnvironment } from './python.js'
import type { Recording } from './recordings.js'
import { encodeRecordings, PROBES, RECORDINGS, spikeData } from './recordings.js'

const NAMES = [{ group: 'processing/sorted' }, { spikeTimesDataset: 'my_spike_times', spikeTimesIndexDataset: 'my_spike_times_index' }]

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

t.test('locations have the dtype that numpy gives them in the reference', { skip: environment.skip }, async (t) => {
  const folder = t.testdir()
  const recordings: Record<string, Recording> = {}
  const add = (name: string, locations: readonly (NumericArray | readonly number[])[]) => {
    const trains = locations.map(() => new Float64Array(1))
    recordings[name] = { trains, neuronAttributes: locations.map((location) => ({ location })) }
    recordings[`${name}, on electrodes`] = {
      trains,
      neuronAttributes: locations.map((location, unit) => ({ location, electrode: -unit % 3 })),
    }
  }
  const extremes = ARRAY_TYPES.map((type) => {
    const bits = Uint8Array.from({ length: type.BYTES_PER_ELEMENT * 2 }, (_, byte) =>
      byte < type.BYTES_PER_ELEMENT ? 0x3f : 0xbe + (byte % 2),
    )
    return new type(bits.buffer)
  })
  for (const first of extremes) {
    for (const second of extremes) add(`${first.constructor.name}, ${second.constructor.name}`, [first, second])
  }
  const [int8, uint8, int16, uint16, , uint32, int64, uint64, float32] = extremes as [NumericArray, ...NumericArray[]]
  add('from small to large', [int8!, uint8!, int16!, uint16!, uint32!, int64!])
  add('from small to float32', [int8!, uint8!, int16!, float32!])
  add('from uint16 to float32', [int16!, uint16!, float32!])
  add('from float32 to uint16', [float32!, int16!, uint16!])
  add('beyond float64', [BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n)), int64!, BigInt64Array.of(2n ** 63n - 1n, 0n)])
  add('beyond int64', [BigUint64Array.of(2n ** 64n - 1n, 2n ** 63n + 1n), uint64!, uint8!])
  add('in a Uint8ClampedArray', [Uint8ClampedArray.of(1, 2), Uint8ClampedArray.of(255, 0)])
  add('plain numbers among them', [int8!, [1.5, 2], int64!])

  const cases = []
  for (const [number, [name, recording]] of Object.entries(recordings).entries()) {
    const file = `${folder}/${number}.nwb`
    await exportSpikeDataToNwb(spikeData(recording), file, { profile: 'spikelab' })
    cases.push({ name, recording: name, options: {}, file })
  }
  await check(t, environment, 'check_nwb_reference.py', cases, { shared: { recordings: encodeRecordings(recordings) } })
})
