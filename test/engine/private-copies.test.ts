/**
 * Numbers of plans that native code trusts once it has checked them, as they lead to memory or to objects, are copied: JavaScript may
 * change its own while the job runs, and the result stays the same.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { addon } from '../../lib/engine/native.js'
import type { Hdf5Object } from '../../lib/engine/plan/hdf5-tree.js'
import type { MeanWaveformsRequest } from '../../lib/engine/plan/mean-waveforms.js'

const dir = t.testdir()
const settings = { durable: false, threads: 1 }

/** Numbers that lead far outside of any array. */
const BEYOND = 2 ** 30

/** The bytes of a file with this object; what `numbers` holds changes once the job has started. */
async function written(object: Hdf5Object, numbers?: Int32Array): Promise<Buffer> {
  const target = `${dir}/file.h5`
  const objects = [{ object: 'group', path: 'a' }, { object: 'group', path: 'b' }, object] as const
  const { promise } = addon.startExport({ format: 'hdf5', target, attributes: [], objects }, settings)
  numbers?.fill(BEYOND)
  await promise
  return readFileSync(target)
}

t.test('columns of joined arrays', async (t) => {
  const object = (columns: Int32Array): Hdf5Object => {
    const arrays = new addon.Arrays(columns.length)
    const given = Array.from(columns, (_, i) => Float64Array.of(i, i + 1, i + 2, i + 3))
    arrays.append(given, 0, given.length)
    const source = { kind: 'joined', arrays, shape: [2 * columns.length, 2], columns } as const
    return { object: 'dataset', path: 'joined', source, storage: { layout: 'contiguous' } }
  }
  const columns = () => new Int32Array(10_000).fill(2)
  const changed = columns()
  t.ok((await written(object(changed), changed)).equals(await written(object(columns()))))
})

t.test('choices of references', async (t) => {
  const object = (choices: Int32Array): Hdf5Object => ({ object: 'referenceDataset', path: 'references', targets: ['a', 'b'], choices })
  const choices = () => Int32Array.from({ length: 10_000 }, (_, i) => i % 2)
  const changed = choices()
  t.ok((await written(object(changed), changed)).equals(await written(object(choices()))))
})

t.test('rows and channels of mean waveforms', async (t) => {
  const channelCount = 64
  const samples = 5000
  const trains = new addon.SpikeTrains(1)
  const times = Float64Array.from({ length: 1000 }, (_, i) => 4 * i + 100)
  trains.appendFlat(times, BigInt64Array.of(1000n), false, 0, 1)
  trains.seal({ startTime: 0, length: 5000 })
  const data = Int16Array.from({ length: channelCount * samples }, (_, i) => i % 997)
  const request = (): MeanWaveformsRequest & { rows: Int32Array; channels: Int32Array } => ({
    ...{ trains, fsHz: 1000, startMs: 0, raw: { in: 'memory', data, samples }, firstSample: 0, samplesBefore: 2, samplesAfter: 3 },
    rows: Int32Array.from({ length: channelCount }, (_, i) => channelCount - 1 - i),
    channels: Int32Array.from({ length: channelCount }, (_, i) => i),
  })
  const means = async (change: boolean) => {
    const given = request()
    const filled = new Float32Array(5 * channelCount)
    const { promise } = addon.meanWaveforms(given, filled, 1)
    if (change) for (const numbers of [given.rows, given.channels]) numbers.fill(BEYOND)
    await promise
    return filled
  }
  const expected = await means(false)
  t.ok(expected.some((mean) => mean !== 0))
  t.strictSame(await means(true), expected)
})
