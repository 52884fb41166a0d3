/**
 * Raw data from a stream: the event loop stays free, memory does not grow with the length of the stream, and a stream is not asked for
 * more than the file takes.
 */
import { randomFillSync } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import t from 'tap'
import type { RawBlocks } from '../../lib/index.js'
import { exportSpikeDataToHdf5, exportSpikeDataToNwb, rawStream, SpikeData } from '../../lib/index.js'
import { checkTurns } from '../support/short-turns.js'

const MIB = 2 ** 20
const CHANNELS = 64

const dir = t.testdir()
const file = `${dir}/file.h5`
const RAW = { rawDataset: 'raw', rawTimeDataset: 'times' }

const recording = (source: RawBlocks) =>
  new SpikeData([], { length: 0, rawData: rawStream(source, { dtype: 'int16', channels: CHANNELS }), rawTime: 20 })

/** Bits that no compressor makes fewer. */
const noise = new Int16Array(16 * MIB)
for (let from = 0; from < noise.length; from += MIB) randomFillSync(noise.subarray(from, from + MIB))

function* times<T>(count: number, block: T): Generator<T> {
  for (let i = 0; i < count; i++) yield block
}

const WORK: Record<string, () => Promise<unknown>> = {
  'few large blocks': () => exportSpikeDataToHdf5(recording(times(4, noise)), file, RAW),
  'many small blocks': () => exportSpikeDataToHdf5(recording(times(2 ** 18, noise.subarray(0, CHANNELS))), file, RAW),
  'bytes, compressed': () =>
    exportSpikeDataToNwb(recording(times(500, new Uint8Array(noise.buffer, 1, 65_536))), file, { rawData: { conversion: 1 } }),
}

for (const [name, work] of Object.entries(WORK)) {
  t.test(`the event loop: ${name}`, async (t) => {
    await checkTurns(t, work)
  })
}

t.test('memory, and what is read ahead of the file', async (t) => {
  const rss = () => process.memoryUsage.rss() / MIB
  const partials = ['0', '1'].map((slot) => `${dir}/.file.h5.spikeport-${slot}.partial`)
  let [ahead, most, read] = [0, 0, 0]
  function* watched(count: number) {
    for (let i = 0; i < count; i++) {
      const partial = partials.find((path) => existsSync(path))
      if (partial !== undefined) ahead = Math.max(ahead, read - statSync(partial).size)
      most = Math.max(most, rss())
      // Others than before: a channel that repeats itself compresses.
      const block = noise.subarray((i % 13) * MIB, ((i % 13) + 1) * MIB)
      read += block.byteLength
      yield block
    }
  }
  const exported = async (count: number) => {
    ;[ahead, most, read] = [0, 0, 0]
    await exportSpikeDataToHdf5(recording(watched(count)), file, { ...RAW, compression: { level: 6 } })
    t.ok(statSync(file).size > 0.9 * read, 'the samples do not compress')
    return { ahead: ahead / MIB, most }
  }
  const short = await exported(20)
  const long = await exported(100)
  t.ok(long.ahead > 0 && long.ahead <= 32, `${long.ahead.toFixed(0)} MiB were read ahead`)
  t.ok(long.most - short.most <= 48, `200 MiB took ${(long.most - short.most).toFixed(0)} MiB more than 40 MiB did`)
  t.comment(JSON.stringify({ short, long }))
})
