/** Complete NWB files to which pynwb adds electrodes and units: their tables can grow. */
import t from 'tap'
import type { Hdf5StorageOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
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

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`pynwb adds rows (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    await check(t, environment, 'check_nwb_append.py', cases)
  })
}
