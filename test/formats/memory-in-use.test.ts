/**
 * Large arrays are made in memory whose bytes are not set (lib/memory/allocation.ts): what a process has not used before is zero, and what
 * it has used is anything. Every export and load is the same in both.
 */
import { join } from 'node:path'
import { mock } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { ExportReport } from '../../lib/index.js'
import { exportSpikeDataToHdf5, loadSpikeData, SpikeData } from '../../lib/index.js'
import { bytesAt } from '../support/export-bytes.js'
import { EXPORTS } from '../support/exporters.js'

const dir = t.testdir()
// Files hold the time at which they are made.
mock.timers.enable({ apis: ['Date'], now: 0 })
/** So many that an array of 32 bits for each is a large one. */
const UNITS = 265_000
const TRAINS = 200_000

/** Other exports have the same arrays, or none. */
const WRITTEN = new Set(['ragged', 'paired', 'raster', 'nwb', 'kilosort', 'phy'])
const LOADED = new Set(['ragged', 'paired', 'phy'])

const { allocUnsafeSlow } = Buffer

let arrays = 0

/** What is done while all bytes of new memory are the same. */
async function inMemoryOf<T>(byte: number, work: () => Promise<T>): Promise<T> {
  Buffer.allocUnsafeSlow = (size) => {
    arrays++
    return allocUnsafeSlow(size).fill(byte)
  }
  try {
    return await work()
  } finally {
    Buffer.allocUnsafeSlow = allocUnsafeSlow
  }
}

/** The last units have no trains, and amplitudes of no spikes. */
function recording(): Promise<SpikeData> {
  const trains = Array.from({ length: TRAINS }, (_, unit) => (unit % 3 === 0 ? [] : [unit % 7, 8]))
  return SpikeData.create(trains, {
    N: UNITS,
    length: 10,
    neuronAttributes: Array.from({ length: UNITS }, (_, unit) => ({
      electrode: (unit * 7) % UNITS,
      location: [unit, unit % 5],
      quality: unit % 2 === 0 ? 'good' : 'mua',
      depth: unit / 2,
      isGood: unit % 2 === 0,
      amplitudes: Float32Array.from(trains[unit] ?? []),
      ...(unit % 3 === 0 && { snr: unit }),
    })),
  })
}

const ways: Record<string, () => Promise<SpikeData>> = {
  trains: recording,
  'flat times': () => {
    const index = Array.from({ length: TRAINS }, (_, unit) => unit + 1)
    return SpikeData.create({ flat: Float32Array.from(index), index }, { N: UNITS })
  },
  'units and times': () => {
    const idces = Int32Array.from({ length: UNITS }, (_, i) => (i * 7919) % TRAINS)
    return SpikeData.create({ idces, times: Array.from(idces) }, { N: UNITS })
  },
}

/** What is written, and what is loaded of it. */
async function outcome(name: string, write: () => Promise<ExportReport>): Promise<Record<string, unknown>> {
  const path = join(dir, name)
  const { warnings } = await write()
  const loaded = LOADED.has(name) ? await loadSpikeData(path, { onWarning() {} }) : undefined
  return { warnings, ...bytesAt(path), attributes: loaded?.neuronAttributes, trains: loaded?.train }
}

const writes = new Map<string, () => Promise<ExportReport>>()
for (const [title, make] of Object.entries(ways)) {
  writes.set(title, async () => exportSpikeDataToHdf5(await make(), join(dir, title), { style: 'paired' }))
}
const sd = await recording()
for (const [name, write] of EXPORTS.filter(([name]) => WRITTEN.has(name))) {
  writes.set(name, () => write(sd, join(dir, name)))
}

for (const [name, write] of writes) {
  t.test(name, async (t) => {
    const expected = await inMemoryOf(0, () => outcome(name, write))
    const found = await inMemoryOf(0x40, () => outcome(name, write))
    for (const [part, value] of Object.entries(expected)) t.ok(isDeepStrictEqual(found[part], value), `the same ${part}`)
  })
}

t.test('the arrays were made in such memory', async (t) => {
  t.ok(arrays > 30, `${arrays} arrays`)
})
