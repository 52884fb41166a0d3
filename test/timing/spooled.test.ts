/**
 * Spikes on the disk: the JS thread is not held for more than 5 ms at a time (twice that here, see short-turns.ts), and memory is bounded.
 */
import { rmSync } from 'node:fs'
import t from 'tap'
import type { SpikeBatch } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportToPickle,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  SpikeData,
} from '../../lib/index.js'
import { scriptOf } from '../support/child.js'
import { checkTurns } from '../support/short-turns.js'

const dir = t.testdir()
const LAZY = { lazy: true, spoolFolder: dir, maxMemory: 2 ** 22 } as const
const script = scriptOf(new URL('./many/', import.meta.url))

/** Batches of spikes of units. */
function batchesOf(count: number, size: number, units: number): SpikeBatch[] {
  const batch = (from: number): SpikeBatch => ({
    units: Uint32Array.from({ length: size }, (_, i) => ((from + i) * 7919) % units),
    times: Float64Array.from({ length: size }, (_, i) => from + i),
  })
  return Array.from({ length: count / size }, (_, i) => batch(i * size))
}

const CASES: Record<string, SpikeBatch[]> = {
  'one batch': batchesOf(3_000_000, 3_000_000, 300),
  'small batches': batchesOf(300_000, 3, 300),
  'many units': batchesOf(1_000_000, 100_000, 400_000),
}

for (const [name, batches] of Object.entries(CASES)) {
  t.test(`event loop: ${name}`, async (t) => {
    await checkTurns(t, async () => {
      const sd = await SpikeData.fromBatches(batches, { spoolFolder: dir, maxMemory: 2 ** 22 })
      await exportSpikeDataToHdf5(sd, `${dir}/a.h5`)
      await sd.close()
    })
  })
}

t.test('event loop: files that are loaded', async (t) => {
  const units = 50_000
  const sd = SpikeData.fromFlat(
    Float64Array.from({ length: 40 * units }, (_, i) => i % 40),
    Array.from({ length: units }, (_, unit) => 40 * (unit + 1)),
  )
  await exportSpikeDataToHdf5(sd, `${dir}/b.h5`, { compression: { level: 1 } })
  await exportSpikeDataToHdf5(sd, `${dir}/c.h5`)
  await exportSpikeDataToKilosort(sd, `${dir}/ks`, { fsHz: 30_000 })
  await exportSpikeDataToHdf5(sd, `${dir}/d.h5`, { style: 'group' })
  await exportSpikeDataToHdf5(sd, `${dir}/e.h5`, { style: 'group', compression: { level: 1 } })
  await exportSpikeDataToHdf5(sd, `${dir}/f.h5`, { style: 'raster', rasterBinSizeMs: 5 })
  await exportToPickle(sd, `${dir}/g.pkl`)
  for (const load of [
    ...['d.h5', 'e.h5', 'f.h5', 'g.pkl'].map((name) => () => loadSpikeData(`${dir}/${name}`, { ...LAZY, onWarning() {} })),
    () => loadSpikeDataFromHdf5(`${dir}/b.h5`, LAZY),
    () => loadSpikeDataFromHdf5(`${dir}/c.h5`, LAZY),
    () => loadSpikeDataFromKilosort(`${dir}/ks`, { fsHz: 30_000, ...LAZY }),
  ]) {
    await checkTurns(t, async () => (await load()).close())
  }
})

t.test('memory is the same for any number of spikes', async (t) => {
  const peaks: number[] = []
  for (const spikes of [1_000_000, 20_000_000]) {
    peaks.push(await script<number>('spooled.mjs', `${spikes}`, '500', dir))
  }
  const [few, many] = peaks as [number, number]
  // In memory they would be 152 MB more.
  t.ok(many < few + 30, `${few.toFixed(0)} and ${many.toFixed(0)} MB`)
})

t.test('memory is the same for any number of spikes with values', async (t) => {
  const peaks: number[] = []
  for (const spikes of [1_000_000, 8_000_000]) {
    peaks.push(await script<number>('spooled-values.mjs', `${spikes}`, '500', dir))
    for (const name of ['a.nwb', 'phy']) rmSync(`${dir}/${name}`, { recursive: true })
  }
  const [few, many] = peaks as [number, number]
  // In memory they would be 140 MB more.
  t.ok(many < few + 30, `${few.toFixed(0)} and ${many.toFixed(0)} MB`)
})
