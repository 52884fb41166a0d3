/**
 * Loading does not hold the JS thread for more than 5 ms at a time (twice that here, see short-turns.ts), and an abort ends it soon, with
 * nothing left open.
 */
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { Hdf5Options, LoadHdf5Options } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToNwb,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromNwb,
  NDArray,
  SpikeData,
} from '../../lib/index.js'
import { slowdown } from '../support/event-loop.mjs'
import { openingsOf } from '../support/open-files.js'
import { checkTurns } from '../support/short-turns.js'

const ABORT_LIMIT_MS = 100
const ROUNDS = 12

await ready

const dir = t.testdir()

/** Spikes of units, in order. */
function recording(unitCount: number, spikesEach: number): SpikeData {
  const flat = new Float64Array(unitCount * spikesEach)
  for (let i = 0; i < flat.length; i++) flat[i] = (i % spikesEach) * 3.25 + (i % 7) / 64
  return SpikeData.fromFlat(
    flat,
    Array.from({ length: unitCount }, (_, unit) => (unit + 1) * spikesEach),
  )
}

const STYLES: Record<string, { options: Hdf5Options; load?: LoadHdf5Options }> = {
  ragged: { options: { style: 'ragged' } },
  'ragged, compressed': { options: { style: 'ragged', compression: { level: 1 } } },
  paired: { options: { style: 'paired' } },
  group: { options: { style: 'group' } },
  raster: { options: { style: 'raster', rasterBinSizeMs: 50 } },
}

for (const [name, { options, load }] of Object.entries(STYLES)) {
  const path = `${dir}/${name}.h5`
  t.test(name, async (t) => {
    const sd = name === 'raster' ? recording(100, 20_000) : recording(50_000, 40)
    await exportSpikeDataToHdf5(sd, path, options)
    await checkTurns(t, () => loadSpikeDataFromHdf5(path, load))

    const started = performance.now()
    await loadSpikeDataFromHdf5(path, load)
    const duration = performance.now() - started
    let slowest = 0
    for (let round = 0; round < ROUNDS; round++) {
      const controller = new AbortController()
      let aborted = Number.NaN
      const timer = setTimeout(
        () => {
          aborted = performance.now()
          controller.abort('enough')
        },
        (duration * round) / ROUNDS,
      )
      const outcome: unknown = await loadSpikeDataFromHdf5(path, { ...load, signal: controller.signal } as LoadHdf5Options).catch(
        (reason: unknown) => reason,
      )
      clearTimeout(timer)
      if (outcome !== 'enough') continue
      slowest = Math.max(slowest, performance.now() - aborted)
      t.equal(openingsOf(path), 0, 'nothing is open')
    }
    const most = ABORT_LIMIT_MS * slowdown()
    t.ok(slowest < most, `stopped within ${slowest.toFixed(1)} ms, of ${most.toFixed(0)}`)
  })
}

/** A load that holds the JS thread for a moment only. */
function stays(title: string, prepare: () => Promise<() => Promise<unknown>>): void {
  t.test(title, async (t) => {
    const load = await prepare()
    await checkTurns(t, load)
  })
}

/** A file of one spike, changed as other programs write it. */
async function changed(path: string, change: (file: H5File) => void): Promise<void> {
  await exportSpikeDataToHdf5(new SpikeData([[1]]), path, { style: 'group' })
  const file = new H5File(path, 'a')
  change(file)
  file.close()
}

stays('attributes of long texts, and many of them', async () => {
  const path = `${dir}/attributes.h5`
  await changed(path, (file) => {
    for (const count of [1, 4]) file.create_attribute(`text ${count}`, 'é'.repeat(5_000_000 * count))
    for (let i = 0; i < 40; i++)
      file.create_attribute(
        `texts ${i}`,
        Array.from({ length: 1000 }, (_, j) => `text ${j}`.repeat(10)),
      )
  })
  return () => loadSpikeDataFromHdf5(path)
})

stays('many objects in the root group', async () => {
  const path = `${dir}/root.h5`
  await changed(path, (file) => {
    for (let i = 0; i < 200_000; i++) file.create_soft_link('/units/0', `link ${i}`)
  })
  return () => loadSpikeDataFromHdf5(path)
})

stays('values of a unit of many spikes', async () => {
  const path = `${dir}/waveforms.nwb`
  const spikes = 300_000
  const neuronAttributes = [
    {
      waveforms: new NDArray(new Float32Array(spikes * 8 * 2), [spikes, 8, 2]),
      waveform_mean: new NDArray(new Float32Array(4_000_000).fill(NaN), [2_000_000, 2]),
      labels: Array.from({ length: 500_000 }, (_, i) => `label ${i}`),
      electrodes: [0, 1],
    },
  ]
  const sd = new SpikeData([Float64Array.from({ length: spikes }, (_, i) => i)], { neuronAttributes })
  await exportSpikeDataToNwb(sd, path)
  return () => loadSpikeDataFromNwb(path)
})
