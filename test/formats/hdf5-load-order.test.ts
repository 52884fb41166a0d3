/**
 * Loading of spike times that are not in order: found wherever they lie, while the file is read block by block, and sorted unit by unit.
 */
import type { Dataset } from 'h5wasm/node'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { exportSpikeDataToHdf5, loadSpikeDataFromHdf5, SpikeData } from '../../lib/index.js'
import { same } from '../support/same.js'

/** The times of a block that is read in one go. */
const BLOCK = 2 ** 17
const COUNT = 2 * BLOCK + 1000
/** Where the units end: two within a block, one at its end, and empty ones. */
const ENDS = [0, 1000, 1000, BLOCK - 1, BLOCK, BLOCK + 1, COUNT - 1, COUNT, COUNT]
const WINDOW = { startTime: -10, length: 2 * COUNT }

/** About every border there is, and in the middle. */
const PLACES = [1, 999, 1000, 1001, 50_000, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 2, 2 * BLOCK, COUNT - 2, COUNT - 1]

await ready
const folder = t.testdir()
const path = `${folder}/file.h5`

const STORAGES = {
  contiguous: {},
  chunked: { layout: 'chunked', chunkBytes: 12_000 },
  compressed: { compression: { level: 1 } },
} as const

/** Trains that are in order; a time falls from each unit to the next. */
function inOrder(): Float64Array {
  let unit = 0
  return Float64Array.from({ length: COUNT }, (_, i) => {
    while (i >= (ENDS[unit] as number)) unit++
    return i - (ENDS[unit - 1] ?? 0)
  })
}

const trainsOf = (times: Float64Array) => ENDS.map((end, unit) => times.slice(ENDS[unit - 1] ?? 0, end))
const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength)
const unitOf = (place: number) => ENDS.findIndex((end) => place < end)

/** How each style is written and loaded, and where the file has a time: the dataset, and its first time. */
const STYLES = {
  ragged: {
    write: { spikeTimesUnit: 'ms' },
    load: { style: 'ragged', spikeTimesUnit: 'ms' },
    datasetOf: () => ({ dataset: 'spike_times', first: 0 }),
  },
  group: {
    write: { style: 'group', groupTimeUnit: 'ms' },
    load: { style: 'group', groupTimeUnit: 'ms' },
    datasetOf: (unit: number) => ({ dataset: `units/${unit}`, first: ENDS[unit - 1] ?? 0 }),
  },
} as const

for (const [style, { write, load, datasetOf }] of Object.entries(STYLES)) {
  for (const [name, storage] of Object.entries(STORAGES)) {
    t.test(`${style}, ${name}`, async (t) => {
      await exportSpikeDataToHdf5(new SpikeData(trainsOf(inOrder()), WINDOW), path, { ...write, ...storage })
      const change = (place: number, time: number) => {
        const { dataset, first } = datasetOf(unitOf(place))
        const file = new H5File(path, 'a')
        const found = file.get(dataset) as Dataset
        found.write_slice([[place - first, place - first + 1]], Float64Array.of(time))
        file.close()
      }
      for (const place of PLACES) {
        const times = inOrder()
        const usual = times[place] as number
        for (const time of [-5, usual + 1.5]) {
          times[place] = time
          change(place, time)
          const { train } = await loadSpikeDataFromHdf5(path, load)
          const expected = new SpikeData(trainsOf(times), WINDOW).train
          t.ok(
            expected.every((times, unit) => bytesOf(times).equals(bytesOf(train[unit] as Float64Array))),
            `${time} at ${place}`,
          )
        }
        for (const time of [NaN, Infinity]) {
          change(place, time)
          const message = new RegExp(`unit ${unitOf(place)} has a spike time that is not finite`)
          await t.rejects(loadSpikeDataFromHdf5(path, load), { message }, `${time} at ${place}`)
        }
        change(place, usual)
      }
    })
  }
}

t.test('more falls than are noted', async (t) => {
  const times = Float64Array.from({ length: 400_000 }, (_, i) => (i % 2 === 0 ? i + 1 : i - 1))
  const file = new H5File(path, 'w')
  file.create_dataset({ name: 'spike_times', data: times })
  file.create_dataset({ name: 'spike_times_index', data: BigInt64Array.of(400_000n) })
  file.close()
  const { train } = await loadSpikeDataFromHdf5(path, { style: 'ragged', spikeTimesUnit: 'ms' })
  same(t, train[0], times.toSorted())
})
