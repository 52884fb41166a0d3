/**
 * Pickles, and results of SpikeLab's sorter, whose spikes are kept on the disk: what is loaded is what is loaded into memory.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { ExportWarning, LoadSpikeDataPickleOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportToPickle,
  loadFromPickle,
  loadSpikeData,
  loadSpikeDataFromPickle,
  loadSpikeDataFromSpikelabSortedNpz,
  NDArray,
  SpikeData,
} from '../../lib/index.js'
import { bytesOf, type NumericArray } from '../../lib/memory/typed-arrays.js'
import { OBJECTS } from '../interop/pickle-objects.js'
import { VALUE_ERROR as VALUE } from '../support/expectations.js'
import { sameLazily } from '../support/lazily.js'
import { abortedLoads, FILES_UNLISTED, openingsOf } from '../support/open-files.js'
import { FS, npy } from '../support/sortings.js'
import { zip } from '../support/zip.js'

const dir = t.testdir({ spool: {} })
const path = join(dir, 'a.pkl')
/** Spikes that are spooled need a folder: these stay. */
const STAYING = { lazy: true, spoolFolder: `${dir}/none` } as const
const SPOOLED = { lazy: true, spoolFolder: `${dir}/spool` } as const

t.afterEach(() => t.strictSame(fs.readdirSync(SPOOLED.spoolFolder), [], 'nothing has a path'))

type Load = (given: object, onWarning?: (warning: ExportWarning) => void) => Promise<SpikeData>

const pickle =
  (options: LoadSpikeDataPickleOptions = {}): Load =>
  (given, onWarning) =>
    loadSpikeDataFromPickle(path, { ...options, ...given, onWarning } as LoadSpikeDataPickleOptions)

/** Checks that a recording is the same in memory and on the disk. */
async function isSame(load: Load, where: typeof STAYING | typeof SPOOLED): Promise<SpikeData> {
  const warnings: ExportWarning[] = []
  const inMemory = await load({}, (warning) => warnings.push(warning))
  await sameLazily(inMemory, warnings, (lazy, onWarning) => load({ ...lazy, ...where }, onWarning))
  return inMemory
}

async function isSpooled(t: Test, load: Load): Promise<SpikeData> {
  await t.rejects(load(STAYING), { code: 'ENOENT', path: STAYING.spoolFolder })
  return isSame(load, SPOOLED)
}

const long = Float64Array.from({ length: 300_000 }, (_, i) => i / 4 - 2)
const train = [long, [], [1.5, 2, 2], Float64Array.from({ length: 64 }, (_, i) => i), Float64Array.from({ length: 65 }, (_, i) => i)]
const neuronAttributes = train.map((_, unit) => ({ depth: unit, label: `u${unit}`, template: new Float32Array(200).fill(unit) }))

for (const protocol of [3, 4, 5] as const) {
  t.test(`protocol ${protocol}`, async (t) => {
    const rawData = new NDArray(
      Float32Array.from({ length: 600 }, (_, i) => i),
      [2, 300],
    )
    const metadata = { text: 'x'.repeat(1000), numbers: new Int32Array(500).fill(3), nested: [{ a: 1.5 }] }
    const sd = new SpikeData(train, {
      N: 7,
      startTime: -2,
      length: 80_000,
      neuronAttributes: [...neuronAttributes, {}, {}],
      metadata,
      rawData,
      rawTime: 2,
    })
    await exportToPickle(sd, path, { protocol })
    for (const options of [{}, { pythonTypes: 'plain' }] as const) await isSame(pickle(options), STAYING)
    await using staying = await loadSpikeData(path, STAYING)
    await exportSpikeDataToHdf5(staying, `${dir}/a.h5`)
    t.equal((await loadSpikeData(`${dir}/a.h5`)).spikeCount, sd.spikeCount)
    t.strictSame(staying.rawData, (await pickle()({})).rawData)
    // In other orders than the trains of Python are often in.
    const bytes = fs.readFileSync(path)
    const at = bytes.indexOf(bytesOf(Float64Array.of(1.5, 2, 2)))
    bytes.writeDoubleLE(3, at)
    fs.writeFileSync(path, bytes)
    t.equal((await isSpooled(t, pickle())).firstReordered, 2)
    for (const [value, message] of [
      [NaN, /not finite|NaN/],
      [-3, /-3/],
      [80_000, /80000|80_000/],
    ] as const) {
      bytes.writeDoubleLE(value, at)
      fs.writeFileSync(path, bytes)
      for (const lazy of [{}, SPOOLED]) await t.rejects(pickle()(lazy), { code: 'ERR_INVALID_FILE', message })
    }
  })
  t.test(`any values, protocol ${protocol}`, async (t) => {
    for (const [name, object] of Object.entries(OBJECTS)) {
      await exportToPickle(object as never, path, { protocol })
      if (object instanceof SpikeData) await isSame(pickle(), SPOOLED)
      else await t.rejects(pickle()(SPOOLED), { code: 'ERR_INVALID_FILE', message: /it is of the class \w+, not SpikeData/ }, name)
    }
  })
}

const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
const text = (value: string) => Buffer.concat([Buffer.from('X'), uint32(Buffer.byteLength(value)), Buffer.from(value)])
const latin1 = (value: string) => Buffer.from(value, 'latin1')

/** An array of one axis, or of the axes given. */
function ndarray(dtype: string, data: NumericArray, shape: readonly number[] = [data.length]): Buffer {
  const bytes = bytesOf(data)
  const axes = Buffer.concat(shape.map((axis) => Buffer.concat([Buffer.from('J'), uint32(axis)])))
  return Buffer.concat([
    latin1('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01('),
    axes,
    latin1('tcnumpy\ndtype\n'),
    text(dtype.slice(1)),
    latin1(`\x89\x88\x87R(K\x03U\x01${dtype[0]}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89B`),
    uint32(bytes.length),
    bytes,
    latin1('tb'),
  ])
}

const put = (node: Buffer, at: number) => Buffer.concat([node, latin1(`q${String.fromCharCode(at)}`)])
const got = (at: number) => latin1(`h${String.fromCharCode(at)}`)
const list = (...items: Buffer[]) => Buffer.concat([latin1(']('), ...items, latin1('e')])
const dict = (entries: Record<string, Buffer>) =>
  Buffer.concat([latin1('}('), ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), latin1('u')])
const float = (value: number) => {
  const bytes = Buffer.alloc(9, 'G')
  bytes.writeDoubleBE(value, 1)
  return bytes
}

/** A pickle of a recording as Python may write it. */
function recording(entries: Record<string, Buffer>): void {
  const state = dict({
    train: list(),
    N: latin1('K\x02'),
    length: float(1e9),
    start_time: float(0),
    neuron_attributes: latin1('N'),
    metadata: latin1('}'),
    ...entries,
  })
  fs.writeFileSync(path, Buffer.concat([latin1('\x80\x03cspikelab.spikedata.spikedata\nSpikeData\n)\x81'), state, latin1('b.')]))
}

const numbers = Float64Array.from({ length: 200_000 }, (_, i) => 3 + i)
const swapped = (data: NumericArray) => {
  const bytes = Buffer.from(bytesOf(data))
  return new Uint8Array(data.BYTES_PER_ELEMENT === 8 ? bytes.swap64() : bytes.swap32())
}
const TYPES: [dtype: string, data: NumericArray, length?: number][] = [
  ['<f8', numbers.map((number) => number / 7)],
  ['<f4', Float32Array.from(numbers, (number) => number / 7)],
  ['<i8', BigInt64Array.from(numbers, BigInt)],
  ['<u4', Uint32Array.from(numbers)],
  ['|u1', Uint8Array.from({ length: 200 }, (_, i) => i)],
  ['>f8', swapped(numbers), numbers.length],
  ['>i4', swapped(Int32Array.from(numbers)), numbers.length],
]

for (const [dtype, data, length = data.length] of TYPES) {
  t.test(`trains of ${dtype}`, async (t) => {
    const array = ndarray(dtype, data, [length])
    recording({ train: list(array, ndarray('<f8', Float64Array.of(1, 2))) })
    await isSame(pickle(), STAYING)
    recording({ train: list(array, ndarray('<f8', Float64Array.of(2, 1))) })
    t.equal((await isSpooled(t, pickle())).firstReordered, 1)
  })
}

t.test('trains that are other things', async (t) => {
  const times = ndarray('<f8', numbers)
  // One array as two trains, in an attribute and in metadata.
  const shared = list(dict({ own: got(1) }), dict({ own: latin1('K\x01') }))
  recording({ train: list(put(times, 1), got(1)), neuron_attributes: shared, metadata: dict({ all: got(1) }) })
  await isSame(pickle(), STAYING)
  recording({ train: put(list(times, times), 2), metadata: dict({ all: got(2) }) })
  await isSame(pickle(), STAYING)
  // Lists and tuples of floats.
  recording({ train: list(list(float(1), float(2.5)), times) })
  await isSpooled(t, pickle())
  recording({ train: Buffer.concat([latin1('('), times, list(), latin1('t')]) })
  await isSame(pickle(), STAYING)
  // Bytes as text, as protocol 2 has them.
  const asText = latin1(
    'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01K\x01\x85cnumpy\ndtype\nX\x02\0\0\0f8\x85R\x89c_codecs\nencode\nX\x09\0\0\0\0\0\0\0\0\0\xc3\xb0?X\x06\0\0\0latin1\x86Rtb',
  )
  recording({ train: list(asText, times) })
  await isSpooled(t, pickle())
  for (const [entries, message] of [
    [{ train: list(ndarray('<f8', numbers, [2, numbers.length / 2])) }, /entry 0 of train is no array of one axis/],
    [{ train: list(ndarray('<f8', numbers, [numbers.length + 1])) }, /has 1600000 bytes/],
    [{ train: list(latin1('N')) }, /entry 0 of train is no array of one axis/],
    [{ train: latin1('N') }, /train is no list/],
    [{ train: list(times, times, times) }, /N/],
    [{ N: latin1('X\x01\0\0\0a') }, /N is no number/],
  ] as [Record<string, Buffer>, RegExp][]) {
    recording(entries)
    for (const lazy of [{}, SPOOLED]) await t.rejects(pickle()(lazy), { code: 'ERR_INVALID_FILE', message })
  }
})

t.test('protocols without bytes, and options', async (t) => {
  const sd = new SpikeData([[1], [2]])
  for (const protocol of [0, 1, 2] as const) {
    await exportToPickle(sd, path, { protocol })
    const message = 'Expected no value, as the spikes of a pickle of protocol 0, 1 or 2 are read into memory, for lazy but received true.'
    await t.rejects(pickle()(SPOOLED), { ...VALUE, message })
    await t.rejects(loadSpikeData(path, SPOOLED), { ...VALUE, message })
  }
  await exportToPickle(sd, path)
  await t.rejects(loadFromPickle(path, STAYING as never), { ...VALUE, message: /lazy/ })
  await t.rejects(pickle()({ maxMemory: 2 ** 20 }), { ...VALUE, message: /lazy is not true/ })
})

/** An archive of SpikeLab's sorter. */
function archive(units: Buffer[], method: number, more: Record<string, Buffer> = {}): void {
  const opcodes = Buffer.concat([
    latin1('\x80\x03cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01K'),
    Buffer.of(units.length),
    latin1('\x85cnumpy\ndtype\nX\x02\0\0\0O8\x85R\x89'),
    list(...units),
    latin1('tb.'),
  ])
  const arrays = { fs: FS, units: npy("'|O'", `(${units.length},)`, opcodes), ...more }
  fs.writeFileSync(path, zip(Object.entries(arrays).map(([name, data]) => ({ name: `${name}.npy`, data, method }))))
}

const npz =
  (options: object = {}): Load =>
  (given, onWarning) =>
    loadSpikeDataFromSpikelabSortedNpz(path, { ...options, ...given, onWarning } as object)

for (const method of [0, 8]) {
  t.test(`results of SpikeLab's sorter, ${method === 0 ? 'stored' : 'deflated'}`, async (t) => {
    const unit = (id: number, train: Buffer) =>
      dict({ unit_id: latin1(`K${String.fromCharCode(id)}`), template: ndarray('<f4', new Float32Array(300).fill(id)), spike_train: train })
    const samples = BigInt64Array.from(numbers, BigInt)
    const units = [
      unit(5, ndarray('<i8', samples)),
      unit(2, ndarray('<i4', Int32Array.of(7, 9))),
      unit(3, ndarray('<i8', new BigInt64Array(0))),
    ]
    const stays = (load: Load) => (method === 0 ? isSame(load, STAYING) : isSpooled(t, load))
    for (const more of [{}, { locations: npy("'<f8'", '(2, 2)', bytesOf(Float64Array.of(1, 2, 3, 4))) }]) {
      archive(units, method, more as Record<string, Buffer>)
      for (const options of [{}, { lengthMs: 1e6 }]) await stays(npz(options))
      await using sd = await loadSpikeData(path, SPOOLED)
      t.match(sd, { isSpooled: true, N: 3, spikeCount: numbers.length + 2 })
    }
    for (const lazy of [{}, SPOOLED]) await t.rejects(npz({ lengthMs: 1 })(lazy), { ...VALUE, message: /lengthMs/ })
    const reason = new Error('enough')
    const throws = () => {
      throw reason
    }
    await t.rejects(npz({ onProgress: throws })(SPOOLED), reason)
    if (!FILES_UNLISTED) t.equal(openingsOf(path), 0, 'nothing is open')
    // One array as two trains, and as an attribute.
    const doubled = dict({ unit_id: latin1('K\x01'), spike_train: put(ndarray('<i8', samples), 1), amplitudes: got(1) })
    archive([doubled, unit(4, got(1))], method)
    await stays(npz())
    archive([unit(5, ndarray('<i8', samples)), unit(6, ndarray('<f8', Float64Array.of(5, 4)))], method)
    t.equal((await isSpooled(t, npz())).firstReordered, 1)
    for (const [units, message] of [
      [[unit(5, ndarray('<f8', Float64Array.of(1, NaN)))], /NaN|finite/],
      [[unit(5, ndarray('<i8', BigInt64Array.of(-20n)))], /-1|-0\.9/],
      [[unit(5, list())], /spike_train is no array/],
      [[dict({ unit_id: latin1('K\x01') })], /spike_train is no array/],
      [[latin1('N')], /it is no dict/],
    ] as [Buffer[], RegExp][]) {
      archive(units, method)
      for (const lazy of [{}, SPOOLED]) await t.rejects(npz()(lazy), { code: 'ERR_INVALID_FILE', message })
    }
  })
}

t.test('files that change, are closed, and loads that are aborted', { skip: FILES_UNLISTED }, async (t) => {
  await exportToPickle(new SpikeData(train, { startTime: -2, neuronAttributes }), path)
  const sd = await pickle()(STAYING)
  t.equal(openingsOf(path), 1)
  await sleep(20)
  fs.appendFileSync(path, 'x')
  await t.rejects(sd.loadTrain(0), { name: 'FormatError', path, object: 'train', message: /it was changed since it was loaded/ })
  await sd.close()
  await abortedLoads(t, path, (signal) => pickle()({ ...STAYING, signal }))
})
