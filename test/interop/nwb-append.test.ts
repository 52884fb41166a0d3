/** Complete NWB files to which pynwb adds electrodes and units: their tables can grow. */
import t from 'tap'
import type { Hdf5StorageOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { SESSION } from './nwb-cases.js'
import type { Case } from './python.js'
import { check, pythonEnvironment } from './python.js'

/** Units on every other electrode, with a column of each kind. */
function recording(units: number, spikes: number): SpikeData {
  const trains = Array.from({ length: units }, (_, unit) =>
    Float64Array.from({ length: (unit * 7919) % (spikes + 1) }, (_, i) => i + unit / 8),
  )
  const neuronAttributes = trains.map((_, unit) => ({
    electrode: 2 * unit,
    location: [unit, -unit],
    quality: `good ${unit}`,
    amplitude: unit / 3,
    isMulti: unit % 2 === 0,
    waveform: [unit, 1, 2],
  }))
  return new SpikeData(trains, { length: spikes + units, neuronAttributes })
}

const RECORDINGS: Record<string, SpikeData> = {
  'few units': recording(5, 20),
  'one unit without a spike': recording(1, 0),
  'no units': new SpikeData([], { length: 10 }),
  'units without attributes': new SpikeData([[1, 2], [3]], { length: 10 }),
  'more units than a chunk has': recording(300, 400),
}

const OPTIONS: Record<string, Hdf5StorageOptions> = {
  '': {},
  ', compressed': { compression: {} },
  ', in small chunks': { compression: { level: 4, shuffle: false }, chunkBytes: 1024 },
  ', not compressed, in small chunks': { layout: 'chunked', chunkBytes: 1024 },
  ', in pages': { layout: 'cloud' },
  ', in pages, compressed': { layout: 'cloud', compression: {} },
}

const folder = t.testdir()
const cases: Case[] = []
for (const [name, sd] of Object.entries(RECORDINGS)) {
  // The first recording in every way; adding rows takes pynwb long.
  for (const [how, options] of Object.entries(OPTIONS).slice(0, cases.length === 0 ? undefined : 2)) {
    const file = `${folder}/${cases.length}.nwb`
    await exportSpikeDataToNwb(sd, file, { ...options, nwb: SESSION })
    const electrodes = sd.neuronAttributes?.length ? 2 * sd.N - 1 : 0
    // The large tables get more rows than fit into what is left of their last chunks.
    const large = sd.N > 100
    cases.push({ name: name + how, file, units: sd.N, electrodes, added: large ? 130 : 25, widen: large })
  }
}

/** Trials, and units with values of each spike, and a row more of each. */
const withTables: Case[] = []
for (const [name, options] of Object.entries({ 'trials and values of spikes': {}, 'the same, compressed': { compression: {} } })) {
  const neuronAttributes = [
    {
      amplitudes: Float64Array.of(81, 79),
      labels: ['good', 'bursting'],
      waveforms: new NDArray(new Float64Array(12).fill(0.5), [2, 2, 3]),
    },
    { amplitudes: Float64Array.of(55), labels: [], waveforms: [[0.25, 0.75]] },
  ]
  const trials = {
    startTime: [0, 1000],
    stopTime: [900, 1900],
    columns: { stimulus_time: [100, 1100], lick_times: [[150, 175], []], side: ['left', 'right'], correct: [true, false], tags: ['a', []] },
  }
  const file = `${folder}/${name}.nwb`
  await exportSpikeDataToNwb(new SpikeData([[12.5, 40.25], [66]], { neuronAttributes }), file, {
    ...options,
    nwb: { ...SESSION, spikeColumns: ['amplitudes'], trials },
  })
  const trial = { start_time: 2.5, stop_time: 3.5, stimulus_time: 2.75, lick_times: [3.25], side: 'up', correct: true, tags: ['b', 'c'] }
  const waveforms = [[[1.5, 2.5]], [[3.5, 4.5]]]
  const unit = { spike_times: [0.5, 0.75], obs_intervals: [[0.5, 1.5]], amplitudes: [1.5, 2.5], labels: ['mua'], waveforms }
  withTables.push({ name, file, trial, unit })
}

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`pynwb adds rows (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    await check(t, environment, 'check_nwb_append.py', cases)
    await check(t, environment, 'check_nwb_tables_append.py', withTables)
  })
}
