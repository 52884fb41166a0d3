/**
 * More spikes than 32 bits can count. All units but the last share one array, so that they take no memory, and what is written
 * is compressed or never finished.
 */
import { mkdirSync } from 'node:fs'
import os from 'node:os'
import h5wasm, { type Dataset, File } from 'h5wasm/node'
import t from 'tap'
import type { Progress } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { startProcess } from '../support/child.js'
import { compileFaultyIo, faultsIn } from '../support/faulty-io.js'
// @ts-expect-error: plain JavaScript, for processes of their own
import { EACH, LAST, SHARED_SPIKES, SHARING, SPIKES, trains } from './faults/huge.mjs'

const here = new URL('./faults/', import.meta.url).pathname
const dir = t.testdir()
const sd = await SpikeData.create(trains(), { length: 100 })

/** Elements of a dataset in a file, from one on, and how many it has. */
async function elements(path: string, name: string, ...ranges: [number, number][]): Promise<{ size: number; found: unknown[] }> {
  await h5wasm.ready
  const file = new File(path, 'r')
  const dataset = file.get(name) as Dataset
  const found = Array.from(dataset.slice(ranges) as Iterable<unknown>)
  const size = dataset.shape!.reduce((product, length) => product * length, 1)
  file.close()
  return { size, found }
}

const TAIL: [number, number] = [SHARED_SPIKES - 1, SPIKES]
const compression = { level: 1 } as const

t.test('counted', async (t) => {
  t.equal(sd.spikeCount, SPIKES)
  t.ok(sd.spikeCount > 2 ** 32)
})

t.test('ragged', async (t) => {
  const path = `${dir}/ragged.h5`
  let progress: Progress | undefined
  const options = { compression, onProgress: (now: Progress) => (progress = now) }
  t.match(await exportSpikeDataToHdf5(sd, path, options), { spikeCount: SPIKES, unitCount: SHARING + 1 })
  // The trees over compressed chunks count as well.
  const more = (progress?.bytesWritten ?? 0) - 8 * (SPIKES + SHARING + 1)
  t.ok(more >= 0 && more < 2 ** 24, `${more} bytes of metadata`)
  const times = await elements(path, 'spike_times', TAIL)
  t.strictSame(times, { size: SPIKES, found: [5, ...LAST].map((time) => time / 1000) })
  const { found } = await elements(path, 'spike_times_index', [SHARING - 2, SHARING + 1])
  t.strictSame(found, [SHARED_SPIKES - EACH, SHARED_SPIKES, SPIKES].map(BigInt))
})

t.test('paired', async (t) => {
  const path = `${dir}/paired.h5`
  await exportSpikeDataToHdf5(sd, path, { style: 'paired', compression })
  const units = await elements(path, 'idces', TAIL)
  t.strictSame(units, { size: SPIKES, found: [SHARING - 1, SHARING, SHARING, SHARING].map(BigInt) })
})

t.test('raster', async (t) => {
  const path = `${dir}/raster.h5`
  await exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 5 })
  const counts = await elements(path, 'raster', [SHARING - 1, SHARING + 1], [0, 2])
  t.strictSame(counts.found, [EACH, 0, 0, 3].map(BigInt))
})

t.test('more bins than 32 bits can count', async (t) => {
  const path = `${dir}/bins.h5`
  const few = new SpikeData([[0], [], [1e6]], { length: 1e6 })
  const bins = 2 ** 32 + 2
  await exportSpikeDataToHdf5(few, path, { style: 'raster', rasterBinSizeMs: 1e6 / bins })
  const counts = await elements(path, 'raster', [2, 3], [bins - 2, bins])
  t.strictSame(counts, { size: 3 * bins, found: [0n, 1n] })
})

t.test('NWB', async (t) => {
  const path = `${dir}/a.nwb`
  await exportSpikeDataToNwb(sd, path, { compression, nwb: { sessionStartTime: new Date(0) } })
  // As uint32 could not hold them.
  const { found } = await elements(path, 'units/spike_times_index', [SHARING - 1, SHARING + 1])
  t.strictSame(found, [SHARED_SPIKES, SPIKES].map(BigInt))
})

/** By name, the bytes that an export has to write. */
const UNFINISHED: Record<string, number> = {
  'contiguous ragged': 8 * SPIKES,
  group: 8 * SPIKES,
  KiloSort: 16 * SPIKES,
  Phy: 20 * SPIKES,
  pickle: 8 * SPIKES,
  'pickle 2': 8 * SPIKES,
}

t.test('as many bytes as there are to be, and stopped before they are', async (t) => {
  const folder = `${dir}/unfinished`
  mkdirSync(folder)
  const { code, stdout, stderr } = await startProcess('env', [...withoutReserving(folder), process.execPath, `${here}huge.mjs`, folder])
    .ended
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  const found: Record<string, { total: number; left: string[] }> = JSON.parse(stdout)
  t.strictSame(Object.keys(found), Object.keys(UNFINISHED))
  for (const [name, bytes] of Object.entries(UNFINISHED)) {
    const { total, left } = found[name]!
    t.ok(total >= bytes && total < bytes * 1.01 + 1e6, `${name}: ${total} bytes in all`)
    t.strictSame(left, [], name)
  }
})

/** The environment in which room in a folder is not reserved: up to 86 GB are, and other programs would find the disk full. */
function withoutReserving(folder: string): string[] {
  if (process.platform !== 'linux') return []
  // Every call of this kind fails, as file systems do that cannot.
  const [countdown, repeat, fallocate] = [0, 1, 3]
  return faultsIn(folder, compileFaultyIo(dir), { state: [countdown, os.constants.errno.EOPNOTSUPP, repeat, fallocate] }).environment
}
