/**
 * Values of spikes on the disk: exports are the same bytes as those of attributes in memory, for every dtype and any batches.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import t from 'tap'
import type { SpikeBatch, SpikeValueArray, SpikeValueDtype } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadSpikeDataFromNwb,
  openNwbWriter,
  SpikeData,
} from '../../lib/index.js'
import { bytesAt } from '../support/export-bytes.js'
import { fc, numbers } from '../support/property.js'
import { TYPES } from '../support/raw-samples.js'

const dir = t.testdir()
// Files hold the time at which they are made.
mock.timers.enable({ apis: ['Date'], now: 0 })
const MEBIBYTE = 2 ** 20
const NWB = { sessionStartTime: new Date(0) }

type Typed = Exclude<SpikeValueArray, readonly number[] | readonly bigint[]>
type Columns = Record<string, Typed>

const DTYPES = Object.keys(TYPES) as SpikeValueDtype[]
const ALL = Object.fromEntries(DTYPES.map((dtype) => [`of_${dtype}`, dtype])) as Record<string, SpikeValueDtype>

interface Spikes {
  units: Int32Array
  times: Float64Array
  values: Columns
}

/** Any bits as numbers of a type: of floats as well NaN, infinities and numbers too small to be normal. */
function anyNumbers(dtype: SpikeValueDtype, count: number, next: () => number): Typed {
  const type = TYPES[dtype]
  const bytes = Uint8Array.from({ length: count * type.BYTES_PER_ELEMENT }, () => Math.floor(next() * 256))
  return new type(bytes.buffer)
}

/** Spikes of units 0 to `units - 1` but the last two. Many have the same time; those of even units are in any order. */
function spikesOf(count: number, units: number, dtypes: Record<string, SpikeValueDtype>): Spikes {
  const next = numbers(count + units)
  const unitOf = Int32Array.from({ length: count }, () => Math.floor(next() * (units - 2)))
  const times = Float64Array.from(unitOf, (unit, i) => (unit % 2 === 0 ? Math.floor(next() * (count / 8)) : Math.floor(i / 8)))
  const values = Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, anyNumbers(dtype, count, next)]))
  return { units: unitOf, times, values }
}

function* batchesOf({ units, times, values }: Spikes, size: number): Generator<SpikeBatch> {
  for (let from = 0; from < times.length; from += size) {
    const part = <T extends Typed>(array: T) => array.subarray(from, from + size) as T
    const columns = Object.fromEntries(Object.entries(values).map(([name, array]) => [name, part(array)]))
    yield { units: part(units), times: part(times), values: columns }
  }
}

/** The same in memory: trains in order, spikes of one time as they came, and their values in the same order as attributes. */
function inMemory({ units, times, values }: Spikes, N: number): { train: Float64Array[]; values: Columns[] } {
  const places = Array.from({ length: N }, (): number[] => [])
  for (const [i, unit] of units.entries()) places[unit]?.push(i)
  for (const list of places) list.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
  const taken = <T extends Typed>(array: T, list: number[]): T => {
    const type = array.constructor as new (length: number) => T
    const copy = new type(list.length)
    const from = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    const to = new Uint8Array(copy.buffer)
    const size = array.BYTES_PER_ELEMENT
    // By bytes: a NaN may not stay the same as a number.
    for (const [i, place] of list.entries()) to.set(from.subarray(place * size, (place + 1) * size), i * size)
    return copy
  }
  return {
    train: places.map((list) => taken(times, list)),
    values: places.map((list) => Object.fromEntries(Object.entries(values).map(([name, array]) => [name, taken(array, list)]))),
  }
}

const bitsOf = ({ buffer, byteOffset, byteLength }: Typed) => Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('latin1')

const UNITS = 12

for (const [count, size, kind] of [
  [2000, 300, 'one run'],
  [60_000, 7777, 'several runs'],
] as const) {
  t.test(`all dtypes as from memory: ${kind}`, async (t) => {
    const spikes = spikesOf(count, UNITS, ALL)
    const { train, values } = inMemory(spikes, UNITS)
    const options = { N: UNITS, length: count }
    await using spooled = await SpikeData.fromBatches(batchesOf(spikes, size), { ...options, spikeValues: ALL, maxMemory: MEBIBYTE })
    t.equal(spooled.firstReordered, 0)
    t.strictSame(
      Object.entries(spooled.spikeValues).map(([name, { dtype }]) => [name, dtype]),
      Object.entries(ALL),
    )
    t.equal(Object.isFrozen(spooled.spikeValues), true)
    for (const [unit, columns] of values.entries()) {
      t.strictSame(await spooled.loadTrain(unit), train[unit])
      for (const [name, expected] of Object.entries(columns)) {
        const found = await spooled.loadSpikeValues(name, unit)
        t.equal(found.constructor, expected.constructor)
        t.ok(bitsOf(found) === bitsOf(expected), `${name} of unit ${unit}`)
      }
    }
    const memory = new SpikeData(train, { ...options, neuronAttributes: values })
    for (const settings of [{}, { layout: 'contiguous' }, { compression: { level: 1, shuffle: true } }] as const) {
      const path = join(dir, `values-${count}.nwb`)
      await exportSpikeDataToNwb(memory, path, { ...settings, nwb: { ...NWB, spikeColumns: Object.keys(ALL) } })
      const expected = bytesAt(path)
      const report = await exportSpikeDataToNwb(spooled, path, { ...settings, nwb: NWB })
      t.strictSame(report.warnings, [])
      t.ok(bytesAt(path)[''] === expected[''], JSON.stringify(settings))
    }
    // Names in the option are no error.
    await exportSpikeDataToNwb(spooled, join(dir, 'named.nwb'), { nwb: { ...NWB, spikeColumns: ['of_int8'] } })
  })
}

for (const dtype of ['float32', 'float64', 'int16', 'int64', 'uint64'] as const) {
  t.test(`amplitudes of a Phy folder: ${dtype}`, async (t) => {
    const spikes = spikesOf(70_000, UNITS, { amplitudes: dtype, depths: 'float32' })
    const { train, values } = inMemory(spikes, UNITS)
    const options = { N: UNITS, length: 70_000 }
    await using spooled = await SpikeData.fromBatches(batchesOf(spikes, 30_000), {
      ...options,
      spikeValues: { amplitudes: dtype, depths: 'float32' },
      maxMemory: MEBIBYTE,
    })
    const memory = new SpikeData(train, { ...options, neuronAttributes: values })
    const path = join(dir, `${dtype}.phy`)
    const { warnings } = await exportSpikeDataToKilosort(memory, path, { fsHz: 1000, phy: true })
    const expected = bytesAt(path)
    const report = await exportSpikeDataToKilosort(spooled, path, { fsHz: 1000, phy: true })
    for (const [file, bytes] of Object.entries(bytesAt(path))) t.ok(bytes === expected[file], file)
    t.strictSame(report.warnings, warnings)
    const codes = warnings.map(({ code }) => code)
    t.ok(codes.includes('SPIKEPORT_PHY_ATTRIBUTES_SKIPPED'))
    t.equal(codes.includes('SPIKEPORT_PHY_AMPLITUDES'), dtype.startsWith('float'), 'some are not finite')
  })
}

t.test('formats without a place for them', async (t) => {
  const { units, times, values } = spikesOf(3000, UNITS, { amplitudes: 'float32' })
  const options = { N: UNITS, length: 3000 }
  await using bare = await SpikeData.fromBatches([{ units, times }], options)
  await using spooled = await SpikeData.fromBatches([{ units, times, values }], { ...options, spikeValues: { amplitudes: 'float32' } })
  type Write = (sd: SpikeData, path: string) => Promise<{ warnings: readonly { code: string }[] }>
  const writes: Record<string, [Write, readonly string[]]> = {
    'a.h5': [(sd, path) => exportSpikeDataToHdf5(sd, path), []],
    'a.kilosort': [(sd, path) => exportSpikeDataToKilosort(sd, path, { fsHz: 1000 }), []],
    'spikelab.nwb': [(sd, path) => exportSpikeDataToNwb(sd, path, { profile: 'spikelab' }), []],
    'a.pkl': [(sd, path) => exportToPickle(sd, path), ['SPIKEPORT_SPIKE_VALUES_LEFT_OUT']],
    'workspace.h5': [(sd, path) => exportToWorkspace({ a: { b: sd } }, path, { workspaceId: 'id' }), ['SPIKEPORT_WORKSPACE_LOST']],
  }
  for (const [name, [write, codes]] of Object.entries(writes)) {
    const path = join(dir, name)
    t.strictSame((await write(bare, path)).warnings, [])
    const expected = bytesAt(path)
    t.strictSame(
      (await write(spooled, path)).warnings.map(({ code }) => code),
      codes,
      name,
    )
    for (const [file, bytes] of Object.entries(bytesAt(path))) t.ok(bytes === expected[file], `${name}${file}`)
  }
})

t.test('any batches', async (t) => {
  const spike = fc.record({
    unit: fc.integer({ min: 0, max: 5 }),
    time: fc.integer({ min: 0, max: 4 }),
    small: fc.integer({ min: -128, max: 127 }),
    large: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    float: fc.double(),
  })
  const batches = fc.tuple(fc.array(fc.array(spike, { maxLength: 40 }), { maxLength: 12 }), fc.boolean())
  await fc.assert(
    fc.asyncProperty(batches, async ([all, isTyped]) => {
      const options = { N: 7, length: 4, spikeValues: { small: 'int8', large: 'uint64', float: 'float64' } } as const
      const batch = (spikes: (typeof all)[number]): SpikeBatch => {
        const values = {
          small: spikes.map(({ small }) => small),
          large: spikes.map(({ large }) => large),
          float: spikes.map(({ float }) => float),
        }
        const typed = {
          small: Int8Array.from(values.small),
          large: BigUint64Array.from(values.large),
          float: Float64Array.from(values.float),
        }
        return { units: spikes.map(({ unit }) => unit), times: spikes.map(({ time }) => time), values: isTyped ? typed : values }
      }
      await using spooled = await SpikeData.fromBatches(all.map(batch), options)
      for (let unit = 0; unit < 7; unit++) {
        const own = all.flat().filter((one) => one.unit === unit)
        own.sort((a, b) => a.time - b.time)
        t.strictSame(
          [...(await spooled.loadTrain(unit))],
          own.map(({ time }) => time),
        )
        t.strictSame(
          [...(await spooled.loadSpikeValues('small', unit))],
          own.map(({ small }) => small),
        )
        t.strictSame(
          [...(await spooled.loadSpikeValues('large', unit))],
          own.map(({ large }) => large),
        )
        t.strictSame(
          [...(await spooled.loadSpikeValues('float', unit))],
          own.map(({ float }) => float),
        )
      }
    }),
  )
})

t.test('a unit that is larger than memory, and one batch of one unit', async (t) => {
  const count = 200_000
  const next = numbers(5)
  const times = Float64Array.from({ length: count }, () => Math.floor(next() * 1000))
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  const batches = [
    { unit: 1, times, values: { order } },
    { unit: 0, times: times.slice().sort(), values: { order } },
  ]
  await using spooled = await SpikeData.fromBatches(batches, { spikeValues: { order: 'uint32' }, maxMemory: MEBIBYTE })
  const sorted = order.slice().sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
  t.strictSame(await spooled.loadSpikeValues('order', 1), sorted)
  t.strictSame(await spooled.loadSpikeValues('order', 0), order)
})

t.test('values of a writer', async (t) => {
  const spikes = spikesOf(5000, UNITS, { amplitudes: 'float32' })
  const options = { N: UNITS, length: 5000, nwb: NWB, spikeValues: { amplitudes: 'float32' } } as const
  const written = join(dir, 'written.nwb')
  await using writer = await openNwbWriter(written, options)
  for (const batch of batchesOf(spikes, 999)) await writer.writeSpikes(batch)
  await writer.commit()
  await using spooled = await SpikeData.fromBatches([spikes], { N: UNITS, length: 5000, spikeValues: { amplitudes: 'float32' } })
  const path = join(dir, 'exported.nwb')
  await exportSpikeDataToNwb(spooled, path, { nwb: NWB })
  t.ok(readFileSync(written, 'latin1').length === readFileSync(path, 'latin1').length)
  t.ok(bytesAt(written)[''] === bytesAt(path)[''])
  await using empty = await openNwbWriter(written, options)
  await empty.commit()
  const loaded = await loadSpikeDataFromNwb(written)
  t.match(loaded, { N: UNITS, spikeCount: 0 })
  await t.rejects(openNwbWriter(written, { ...options, spikeValues: { a: 'float16' as 'float32' } }), {
    message: /^Expected one of 'int8', .* for spikeValues\.a but received 'float16'\.$/,
  })
  // Before anything is recorded.
  const neuronAttributes = Array.from({ length: UNITS }, (_, unit) => (unit === 1 ? { amplitudes: 1 } : {}))
  await t.rejects(openNwbWriter(written, { ...options, neuronAttributes }), {
    message: /^Expected a name that is not in spikeValues for an attribute of unit 1 but received 'amplitudes'\.$/,
  })
})
