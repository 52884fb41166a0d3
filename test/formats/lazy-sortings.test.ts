/**
 * Results of spike sorters whose spikes are kept on the disk: what is loaded is what is loaded into memory.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ExportWarning, LoadSpikeInterfaceOptions } from '../../lib/index.js'
import { loadSpikeData, loadSpikeDataFromSpikeInterface, SpikeData } from '../../lib/index.js'
import { bytesOf, type NumericArray } from '../../lib/memory/typed-arrays.js'
import { sameLazily } from '../support/lazily.js'
import { npy } from '../support/sortings.js'
import { zip } from '../support/zip.js'

const dir = t.testdir({ spool: {} })
const LAZY = { lazy: true, spoolFolder: `${dir}/spool` } as const
/** More spikes than are read in one go, and than a run has. */
const MANY = 280_000

t.afterEach(() => t.strictSame(readdirSync(LAZY.spoolFolder), [], 'nothing has a path'))

/** Checks that spikes are the same as in memory. */
async function isSame(path: string, options: LoadSpikeInterfaceOptions = {}): Promise<SpikeData> {
  const warnings: ExportWarning[] = []
  const load = (given: object, onWarning: (warning: ExportWarning) => void) =>
    loadSpikeDataFromSpikeInterface(path, { ...options, ...given, onWarning } as LoadSpikeInterfaceOptions)
  const inMemory = await load({}, (warning) => warnings.push(warning))
  await sameLazily(inMemory, warnings, (lazy, onWarning) => load({ ...lazy, spoolFolder: LAZY.spoolFolder }, onWarning))
  return inMemory
}

/** Samples of spikes whose units alternate; those of the last unit are not in order. */
const sample = (i: number, units: number) => (i % units === units - 1 ? 9_000_000 - i : i)

for (const count of [0, 3, MANY]) {
  t.test(`numpy_folder, ${count} spikes`, async (t) => {
    const folder = join(dir, `folder ${count}`)
    mkdirSync(join(folder, 'properties'), { recursive: true })
    const info = { sampling_frequency: 20_000, unit_ids: ['a', 7, 'c'], num_segments: 2 }
    writeFileSync(join(folder, 'numpysorting_info.json'), JSON.stringify(info))
    writeFileSync(join(folder, 'properties', 'quality.npy'), npy("'<f8'", '(3,)', bytesOf(Float64Array.of(1, 2, 3))))
    const records = new BigInt64Array(3 * count)
    for (let i = 0; i < count; i++) {
      records[3 * i] = BigInt(sample(i, 3))
      records[3 * i + 1] = BigInt(i % 3)
      records[3 * i + 2] = BigInt(Math.floor((2 * i) / count))
    }
    const RECORD = "[('sample_index', '<i8'), ('unit_index', '<i8'), ('segment_index', '<i8')]"
    writeFileSync(join(folder, 'spikes.npy'), npy(RECORD, `(${count},)`, bytesOf(records)))
    for (const options of [{}, { segmentIndex: 1 }, { unitIds: ['c', 'a'] }, { unitIds: [] }, { samplingFrequency: 44_100 }]) {
      await isSame(folder, options)
    }
    await using sd = await loadSpikeData(folder, LAZY)
    t.match(sd, { isSpooled: true, N: 3 })
  })
}

/** An archive of a sorting of units 3, 4, 9 and, without spikes, 5; spikes of unit 8 are not listed. */
function archive(name: string, labels: Buffer, samples: Buffer, ids: Buffer, method: number): string {
  const path = join(dir, name)
  const arrays = {
    unit_ids: ids,
    num_segment: npy("'<i8'", '(1,)', bytesOf(BigInt64Array.of(1n))),
    sampling_frequency: npy("'<f8'", '(1,)', bytesOf(Float64Array.of(30_000))),
    spike_indexes_seg0: samples,
    spike_labels_seg0: labels,
  }
  writeFileSync(path, zip(Object.entries(arrays).map(([key, data]) => ({ name: `${key}.npy`, data, method }))))
  return path
}

const IDS = [3, 4, 9, 5]
const LABELS = [3, 9, 4, 8]

const numbers = (type: string, data: NumericArray) => npy(`'${type}'`, `(${data.length},)`, bytesOf(data))
/** Texts of two characters, of four bytes each. */
const texts = (labels: readonly number[]) =>
  npy("'<U2'", `(${labels.length},)`, bytesOf(Int32Array.from(labels.flatMap((label) => [97, 48 + label]))))

for (const count of [0, 5, MANY]) {
  for (const method of [0, 8]) {
    t.test(`npz, ${count} spikes, ${method === 0 ? 'stored' : 'deflated'}`, async (t) => {
      const labels = Array.from({ length: count }, (_, i) => LABELS[i % LABELS.length] as number)
      const samples = Int32Array.from({ length: count }, (_, i) => sample(i, 4))
      const cases: [string, Buffer, Buffer, Buffer][] = [
        [
          'i8',
          numbers('<i8', BigInt64Array.from(labels, BigInt)),
          numbers('<i8', BigInt64Array.from(samples, BigInt)),
          numbers('<i8', BigInt64Array.from(IDS, BigInt)),
        ],
        ['u2', numbers('<u2', Uint16Array.from(labels)), numbers('<i4', samples), numbers('|u1', Uint8Array.from(IDS))],
        [
          'f8',
          numbers('<f8', Float64Array.from(labels)),
          numbers(
            '<f8',
            Float64Array.from(samples, (at) => at + 0.25),
          ),
          numbers('<f4', Float32Array.from(IDS)),
        ],
        ['text', texts(labels), numbers('<u4', Uint32Array.from(samples)), texts(IDS)],
      ]
      for (const [name, ofLabels, ofSamples, ofIds] of cases) {
        const path = archive(`${name}.npz`, ofLabels, ofSamples, ofIds, method)
        const sd = await isSame(path)
        t.strictSame([sd.N, sd.spikeCount], [4, count === 0 ? 0 : count - Math.floor(count / 4)])
        await isSame(path, { unitIds: (name === 'text' ? ['a9', 'a5'] : [9, 5]) as number[] })
      }
    })
  }
}

t.test('what is wrong', async (t) => {
  const labels = numbers('<i8', BigInt64Array.of(3n, 4n))
  const ids = numbers('<i8', BigInt64Array.of(3n, 4n))
  const cases: [string, Buffer, Buffer, RegExp][] = [
    ['a sample that is not finite', labels, numbers('<f8', Float64Array.of(1, NaN)), /not finite|NaN/],
    ['a sample before the start', labels, numbers('<i8', BigInt64Array.of(1n, -30n)), /-1 ms|unit 1/],
    ['more samples than labels', labels, numbers('<i8', BigInt64Array.of(1n, 2n, 3n)), /3 samples have 2 labels/],
    ['samples of two axes', labels, npy("'<i8'", '(2, 2)', bytesOf(new BigInt64Array(4))), /labels|2 × 2/],
    ['samples that are texts', labels, texts([1, 2]), /no(t|) numbers|of type <U2/],
  ]
  for (const [what, ofLabels, ofSamples, message] of cases) {
    for (const method of [0, 8]) {
      const path = archive('wrong.npz', ofLabels, ofSamples, ids, method)
      for (const lazy of [{}, LAZY])
        await t.rejects(loadSpikeDataFromSpikeInterface(path, lazy), { code: 'ERR_INVALID_FILE', message }, what)
    }
  }
  // What was deflated is other data than the directory states.
  const data = numbers(
    '<i8',
    BigInt64Array.from({ length: 100_000 }, (_, i) => BigInt(i)),
  )
  const path = join(dir, 'damaged.npz')
  const entry = (name: string, data: Uint8Array, crc32?: number) => {
    return { name: `${name}.npy`, data, method: 8, ...(crc32 !== undefined && { claims: { crc32 } }) }
  }
  const one = (value: Uint8Array) => npy("'<i8'", '(1,)', value)
  const common = [
    entry('unit_ids', ids),
    entry('num_segment', one(bytesOf(BigInt64Array.of(1n)))),
    entry('sampling_frequency', numbers('<f8', Float64Array.of(1000))),
  ]
  writeFileSync(path, zip([...common, entry('spike_indexes_seg0', data), entry('spike_labels_seg0', data, 7)]))
  for (const lazy of [{}, LAZY]) {
    const expected = { code: 'ERR_INVALID_FILE', message: /spike_labels_seg0.*its data is not what the directory states/ }
    await t.rejects(loadSpikeDataFromSpikeInterface(path, lazy), expected)
  }
})

t.test('options, and an abort', async (t) => {
  const samples = numbers(
    '<i8',
    BigInt64Array.from({ length: MANY }, (_, i) => BigInt(i)),
  )
  const path = archive('options.npz', samples, samples, numbers('<i8', BigInt64Array.of(3n, 4n)), 8)
  await t.rejects(loadSpikeDataFromSpikeInterface(path, { ...LAZY, spoolFolder: join(dir, 'none') }), { code: 'ENOENT' })
  await t.rejects(loadSpikeDataFromSpikeInterface(path, { maxMemory: 2 ** 20 } as never), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /lazy/,
  })
  for (let delay = 0; delay < 40; delay += 4) {
    const controller = new AbortController()
    const reason = new Error('enough')
    const loading = loadSpikeDataFromSpikeInterface(path, { ...LAZY, signal: controller.signal })
    setTimeout(() => controller.abort(reason), delay)
    const outcome = await loading.catch((error: unknown) => error)
    if (outcome instanceof SpikeData) await outcome.close()
    else t.equal(outcome, reason)
  }
  rmSync(path)
})

t.test('progress', async (t) => {
  const labels = numbers('<i4', new Int32Array(MANY).fill(3))
  const path = archive(
    'progress.npz',
    labels,
    numbers(
      '<i4',
      Int32Array.from({ length: MANY }, (_, i) => i),
    ),
    numbers('<i4', Int32Array.of(3)),
    0,
  )
  for (const lazy of [{}, LAZY]) {
    const done: number[] = []
    const onProgress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) => {
      t.ok(bytesRead > (done.at(-1) ?? 0) && bytesRead <= bytesTotal)
      done.push(bytesRead / bytesTotal)
    }
    await (await loadSpikeDataFromSpikeInterface(path, { ...lazy, onProgress })).close()
    t.strictSame([done.length, done.at(-1)], [2, 1])
  }
})
