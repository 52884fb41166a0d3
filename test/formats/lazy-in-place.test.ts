/**
 * Spikes that a loader leaves where they are: the trains of contiguous HDF5 and NWB files are read from them, block by block.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { withHdf5File } from '../../lib/engine/reading/hdf5-file.js'
import type { ExportWarning, LoadHdf5Options, LoadNwbOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromNwb,
  SpikeData,
} from '../../lib/index.js'
import { bytesOf, type NumericArray } from '../../lib/memory/typed-arrays.js'
import { spooledTrains } from '../../lib/recording/spooled-trains.js'
import { VALUE_ERROR as VALUE } from '../support/expectations.js'
import { bytesAt } from '../support/export-bytes.js'
import { EXPORTS } from '../support/exporters.js'
import { sameExports, sameLazily } from '../support/lazily.js'
import { writeLists } from '../support/list-file.js'
import { abortedLoads, FILES_UNLISTED, openingsOf } from '../support/open-files.js'

const dir = t.testdir({ spool: {}, out: {}, changed: {} })
// Files hold the time at which they are made.
mock.timers.enable({ apis: ['Date'], now: 0 })

/** Spikes that are spooled need a folder: these stay. */
const STAYING = { lazy: true, spoolFolder: `${dir}/none` } as const
const SPOOLED = { lazy: true, spoolFolder: `${dir}/spool` } as const
const NWB = { sessionStartTime: '2026-01-01T00:00:00Z' }
/** More times than one thread inspects at a time. */
const BLOCK = 131_072

type Load = (lazy: object, onWarning?: (warning: ExportWarning) => void) => Promise<SpikeData>

const hdf5 =
  (path: string, options: LoadHdf5Options = {}): Load =>
  (lazy, onWarning) =>
    loadSpikeDataFromHdf5(path, { ...options, ...lazy, onWarning } as LoadHdf5Options)
const nwb =
  (path: string, options: LoadNwbOptions = {}): Load =>
  (lazy, onWarning) =>
    loadSpikeDataFromNwb(path, { ...options, ...lazy, onWarning } as LoadNwbOptions)

/** Checks that spikes are the same as in memory. */
async function isSame(load: Load, where: typeof STAYING | typeof SPOOLED): Promise<void> {
  const warnings: ExportWarning[] = []
  const inMemory = await load({}, (warning) => warnings.push(warning))
  await sameLazily(inMemory, warnings, (lazy, onWarning) => load({ ...lazy, ...where }, onWarning))
}

/** The same of spikes that stay. */
const stays = (load: Load) => isSame(load, STAYING)

/** The same of spikes that are spooled. */
async function isSpooled(t: Test, load: Load): Promise<void> {
  await t.rejects(load(STAYING), { code: 'ENOENT', path: STAYING.spoolFolder })
  await isSame(load, SPOOLED)
}

/** Whether all times are the same; tap compares few at a time. */
function areSame(times: Float64Array, expected: Float64Array | undefined): boolean {
  return expected !== undefined && Buffer.from(bytesOf(times)).equals(bytesOf(expected))
}

/** Trains of which some are empty; the numbers of each ascend from 3 on, and are those that a float32 has. */
function numbersOf(count: number, units: number): { numbers: Float64Array; ends: number[] } {
  const ends = Array.from({ length: units }, (_, unit) => (unit === units - 1 ? count : Math.floor((count * unit * unit) / units ** 2)))
  const numbers = new Float64Array(count)
  for (let unit = 0, i = 0; unit < units; unit++) for (let n = 3; i < (ends[unit] as number); i++, n += 1 + (i % 3)) numbers[i] = n
  return { numbers, ends }
}

const TYPES: Record<string, (numbers: Float64Array) => NumericArray> = {
  f64: (numbers) => numbers.map((number) => number / 7),
  f32: (numbers) => Float32Array.from(numbers, (number) => number / 7),
  i64: (numbers) => BigInt64Array.from(numbers, BigInt),
  i32: (numbers) => Int32Array.from(numbers),
  u64: (numbers) => BigUint64Array.from(numbers, BigInt),
}
const SCALINGS: Record<string, LoadHdf5Options> = {
  ms: { spikeTimesUnit: 'ms' },
  s: { spikeTimesUnit: 's' },
  samples: { spikeTimesUnit: 'samples', fsHz: 30_000 },
}
const SIZES: [what: string, count: number, units: number][] = [
  ['spikes of many units', 3000, 9],
  ['one unit', 500, 1],
  ['no spikes', 0, 4],
]

for (const [what, count, units] of SIZES) {
  for (const [type, typed] of Object.entries(TYPES)) {
    for (const order of ['little-endian', 'big-endian'] as const) {
      if (order === 'big-endian' && type === 'u64') continue
      t.test(`${what}, ${order} ${type}`, async () => {
        const path = join(dir, 'types.h5')
        const { numbers, ends } = numbersOf(count, units)
        const index = type === 'i32' ? Int16Array.from(ends) : Int32Array.from(ends)
        const lists = { spike_times: typed(numbers), spike_times_index: index }
        await writeLists(path, { lists, ...(order === 'big-endian' && { bigEndian: 'spike_times' }) })
        for (const options of Object.values(SCALINGS)) {
          const load = hdf5(path, { ...options, spikeTimesIndex: 'ends' } as LoadHdf5Options)
          await (count === 0 ? isSame(load, SPOOLED) : stays(load))
        }
      })
    }
  }
}

/** Checks that exports of spikes that stay write what those of the same spikes in memory write. */
async function exportsAreSame(t: Test, load: Load, exporters: typeof EXPORTS): Promise<void> {
  const inMemory = await load({})
  await using staying = await load(STAYING)
  t.match(staying, { isSpooled: true, spikeCount: inMemory.spikeCount })
  await sameExports(inMemory, staying, join(dir, 'out'), exporters)
}

t.test('every exporter', async (t) => {
  const path = join(dir, 'exported.h5')
  const { numbers, ends } = numbersOf(3000, 9)
  const lists = { spike_times: numbers.map((number) => number / 7), spike_times_index: Int32Array.from(ends) }
  await writeLists(path, { lists, attributes: { start_time: -1, length_ms: 2000 } })
  await exportsAreSame(t, hdf5(path, { spikeTimesUnit: 'ms' }), EXPORTS)
})

t.test('exports of several blocks', async (t) => {
  const path = join(dir, 'blocks.h5')
  const { numbers, ends } = numbersOf(2 * BLOCK + 999, 9)
  for (const [type, options] of [
    ['f64', SCALINGS['ms']],
    ['f32', SCALINGS['s']],
    ['i64', SCALINGS['samples']],
  ] as const) {
    const lists = { spike_times: (TYPES[type] as (typeof TYPES)[string])(numbers), spike_times_index: Int32Array.from(ends) }
    await writeLists(path, { lists, bigEndian: 'spike_times' })
    const exporters = EXPORTS.filter(([name]) => /^(ragged|paired|samples|nwb|phy|compressed)$/.test(name.replace(/\.\w+$/, '')))
    t.ok(exporters.length >= 5)
    await exportsAreSame(t, hdf5(path, { ...options, spikeTimesIndex: 'ends' } as LoadHdf5Options), exporters)
  }
})

t.test('NWB', async (t) => {
  const path = join(dir, 'a.nwb')
  const train = [[1.5, 2, 2], [], [0.25], Array.from({ length: BLOCK + 9 }, (_, i) => i / 4)]
  const neuronAttributes = train.map((_, unit) => ({ depth: unit, label: `u${unit}` }))
  for (const [units, attributes] of [
    [train, neuronAttributes],
    [[[7]], [{ depth: 1 }]],
    [[[], []], undefined],
  ] as const) {
    const sd = new SpikeData(units as number[][], { startTime: -2, length: 40_000, neuronAttributes: attributes as object[] })
    await exportSpikeDataToNwb(sd, path, { nwb: NWB, layout: 'contiguous' })
    for (const options of [{}, { profile: 'spikelab' }, { lengthMs: 50_000, startTimeMs: -3 }] as LoadNwbOptions[]) {
      await (sd.spikeCount === 0 ? isSame(nwb(path, options), SPOOLED) : stays(nwb(path, options)))
    }
  }
  await exportSpikeDataToNwb(new SpikeData(train, { length: 40_000, neuronAttributes }), path, { nwb: NWB, layout: 'contiguous' })
  await exportsAreSame(
    t,
    nwb(path),
    EXPORTS.filter(([name]) => /nwb|spikelab|ragged/.test(name)),
  )
  // The window is that of the observation intervals, and is widened.
  const observed = { nwb: { ...NWB, obsIntervals: [[10, 500]] }, layout: 'contiguous' } as const
  await exportSpikeDataToNwb(new SpikeData([[1, 2], [700]], { length: 1000 }), path, observed)
  await stays(nwb(path))
})

t.test('NWB with values of spikes', async (t) => {
  const path = join(dir, 'values.nwb')
  const train = [Array.from({ length: BLOCK + 9 }, (_, i) => i / 4), [], [0.25, 0.25, 7]]
  const neuronAttributes = train.map((own, unit) => ({
    amplitudes: Float32Array.from(own, (_, i) => i / 3 + unit),
    counts: BigUint64Array.from(own, (_, i) => BigInt(i)),
  }))
  const sd = new SpikeData(train, { length: 40_000, neuronAttributes })
  const options = { nwb: { ...NWB, spikeColumns: ['amplitudes', 'counts'] }, layout: 'contiguous' } as const
  await exportSpikeDataToNwb(sd, path, options)
  await stays(nwb(path))
  await using staying = await nwb(path)(STAYING)
  t.strictSame(Object.keys(staying.spikeValues), ['amplitudes', 'counts'])
  const [from, to] = [join(dir, 'out', 'memory.nwb'), join(dir, 'out', 'staying.nwb')]
  const inMemory = await nwb(path)({})
  await exportSpikeDataToNwb(inMemory, from, options)
  await exportSpikeDataToNwb(staying, to, options)
  // Attributes come in the order of their names, with the id of the unit first, in memory as well.
  t.ok(bytesAt(to)[''] === bytesAt(from)[''])
  const phy = join(dir, 'out', 'phy')
  const phyOf = async (from: SpikeData) => {
    await exportSpikeDataToKilosort(from, phy, { fsHz: 1000, phy: true })
    return bytesAt(phy)
  }
  t.strictSame((await phyOf(staying))['/amplitudes.npy'], (await phyOf(inMemory))['/amplitudes.npy'])
  for (const name of [from, to, phy]) fs.rmSync(name, { recursive: true, force: true })

  // A column with chunks has all spooled.
  const chunked = join(dir, 'chunked.nwb')
  await exportSpikeDataToNwb(sd, chunked, { ...options, layout: 'auto', compression: { level: 1 } })
  await isSpooled(t, nwb(chunked))

  await sleep(20)
  fs.appendFileSync(path, 'x')
  const expected = { name: 'FormatError', code: 'ERR_INVALID_FILE', path }
  await t.rejects(staying.loadSpikeValues('amplitudes', 2), { ...expected, message: /amplitudes.*it was changed since it was loaded/ })
  await t.rejects(exportSpikeDataToNwb(staying, to, options), { ...expected, message: /it was changed since it was loaded/ })
  await staying.close()
  await t.rejects(staying.loadSpikeValues('amplitudes', 2), { code: 'ERR_INVALID_STATE' })
})

t.test('values of either byte order', async (t) => {
  const path = join(dir, 'values.h5')
  const numbers = Float32Array.from({ length: 20_011 }, (_, i) => i / 7)
  const lists = { spike_times: Float64Array.from(numbers, (_, i) => i), amplitudes: numbers }
  await writeLists(path, { lists, bigEndian: 'amplitudes' })
  const trains = spooledTrains()
  await withHdf5File(path, path, undefined, async (file) => {
    const [times, values] = [await file.dataset('/spike_times'), await file.dataset('/amplitudes')]
    const ends = BigInt64Array.of(20_000n, 20_011n)
    t.equal(await file.spikeTrains(times, ends, undefined, trains.native, {}, [values]), true)
  })
  for (const [unit, from, to] of [
    [0, 0, 20_000],
    [1, 20_000, 20_011],
  ] as const) {
    const read = new Float32Array(to - from)
    await trains.native.readValues(0, unit, read).promise
    t.ok(Buffer.from(read.buffer).equals(Buffer.from(numbers.slice(from, to).buffer)))
  }
  t.throws(() => trains.native.readValues(1, 0, new Float32Array(20_000)), { message: 'Expected an array for all values of a unit.' })
  t.throws(() => trains.native.readValues(0, 0, new Float64Array(20_000)), { message: 'Expected an array for all values of a unit.' })
  t.throws(() => trains.native.readValues(0, 0, new Float32Array(1)), { message: 'Expected an array for all values of a unit.' })
  await trains.lifetime.close()
})

t.test('times that are moved into the window', async () => {
  const path = join(dir, 'moved.h5')
  const samples = { spikeTimesUnit: 'samples', fsHz: 1000 } as const
  await exportSpikeDataToHdf5(new SpikeData([[0.4, 7], [], [0.4, 5, 9.6]], { startTime: 0.4, length: 9.2 }), path, samples)
  await stays(hdf5(path, samples))
})

/** Makes of contiguous elements of so many bytes those of other datasets: not even how many there are is known. */
function makeVirtual(path: string, bytes: number): void {
  const file = fs.readFileSync(path)
  const size = Buffer.from(BigUint64Array.of(BigInt(bytes)).buffer)
  const layout = [...file.keys()].find((at) => file[at] === 3 && file[at + 1] === 1 && file.subarray(at + 10, at + 18).equals(size))
  file.set([4, 3], layout)
  fs.writeFileSync(path, file)
}

t.test('times that cannot be read', async (t) => {
  const sd = new SpikeData([Array.from({ length: 60 }, (_, i) => i), [5]], { length: 100 })
  const paths = [join(dir, 'virtual.h5'), join(dir, 'virtual.nwb')] as const
  await exportSpikeDataToHdf5(sd, paths[0])
  await exportSpikeDataToNwb(sd, paths[1], { nwb: NWB, layout: 'contiguous' })
  for (const path of paths) makeVirtual(path, 8 * sd.spikeCount)
  const message = /spike_times in '.*': its elements are in other datasets \(virtual\)\.$/
  for (const load of [hdf5(paths[0]), nwb(paths[1]), nwb(paths[1], { profile: 'spikelab' })]) {
    for (const lazy of [{}, STAYING]) await t.rejects(load(lazy), { code: 'ERR_INVALID_FILE', message })
  }
})

t.test('what cannot stay', async (t) => {
  const path = join(dir, 'moving.h5')
  const sd = new SpikeData([[1, 2], [5]], { length: 10 })
  await exportSpikeDataToHdf5(sd, path, { compression: { level: 1 } })
  await isSpooled(t, hdf5(path))
  // Columns can be extended.
  await exportSpikeDataToNwb(sd, `${path}.nwb`, { nwb: NWB })
  await isSpooled(t, nwb(`${path}.nwb`))
  const index = Int32Array.of(2, 3)
  const ms = { spikeTimesUnit: 'ms', spikeTimesIndex: 'ends' } as const
  await writeLists(path, { lists: { spike_times: Float64Array.of(2, 1, 5), spike_times_index: index } })
  await isSpooled(t, hdf5(path))
  const { numbers, ends } = numbersOf(4 * BLOCK, 3)
  numbers[4 * BLOCK - 1] = 0
  await writeLists(path, { lists: { spike_times: numbers, spike_times_index: Int32Array.from(ends) } })
  await isSpooled(t, hdf5(path, ms))
  for (const [value, message] of [
    [NaN, /unit 0 has a spike time that is not finite \(NaN\)/],
    [Infinity, /unit 0 has a spike time that is not finite \(Infinity\)/],
    [-Infinity, /unit 0 has a spike time that is not finite \(-Infinity\)/],
  ] as const) {
    await writeLists(path, {
      lists: { spike_times: Float64Array.of(...(value === -Infinity ? [value, 1] : [1, value]), 5), spike_times_index: index },
    })
    for (const lazy of [{}, SPOOLED]) await t.rejects(hdf5(path, ms)(lazy), { code: 'ERR_INVALID_FILE', message })
  }
  await writeLists(path, { lists: { spike_times: Float64Array.of(1, 4, 5), spike_times_index: index }, attributes: { start_time: 3 } })
  for (const lazy of [{}, STAYING]) {
    await t.rejects(hdf5(path, ms)(lazy), {
      code: 'ERR_INVALID_FILE',
      message: /unit 0 has a spike at 1 ms, before the recording starts at 3 ms/,
    })
    await t.rejects(hdf5(path, { ...ms, lengthMs: 1 })(lazy), { message: /before the recording starts/ })
  }
  t.strictSame(fs.readdirSync(SPOOLED.spoolFolder), [])
})

t.test('an export to the file that the spikes are in', async (t) => {
  const path = join(dir, 'self')
  const other = join(dir, 'other')
  const sd = new SpikeData([Array.from({ length: BLOCK + 5 }, (_, i) => i / 8), [], [3]], { length: 20_000 })
  const exports: [load: Load, write: (from: SpikeData, to: string) => Promise<unknown>][] = [
    [hdf5(path), (from, to) => exportSpikeDataToHdf5(from, to)],
    [hdf5(path), (from, to) => exportSpikeDataToHdf5(from, to, { style: 'paired' })],
    [nwb(path), (from, to) => exportSpikeDataToNwb(from, to, { nwb: NWB, layout: 'contiguous' })],
  ]
  for (const [load, write] of exports) {
    if (load === exports[2]?.[0]) await exportSpikeDataToNwb(sd, path, { nwb: NWB, layout: 'contiguous' })
    else await exportSpikeDataToHdf5(sd, path)
    const inMemory = await load({})
    await write(inMemory, other)
    const expected = Object.values(bytesAt(other))
    await using staying = await load(STAYING)
    // The second one reads the file that the first one has replaced.
    for (let i = 0; i < 2; i++) {
      await write(staying, path)
      t.ok(Object.values(bytesAt(path))[0] === expected[0]?.replaceAll(other, path), 'the same bytes')
    }
    t.ok(areSame(await staying.loadTrain(0), inMemory.train[0]))
  }
})

/** How a file can change after it was loaded, and whether its spikes are still there. */
const CHANGES: Record<string, [change: (path: string) => void, isThere: boolean]> = {
  'a byte is written': [(path) => patch(path, fs.statSync(path).size - 1), false],
  'a byte of the times is written, and its time of change put back': [touched((path) => patch(path, 0)), false],
  'cut off': [(path) => fs.truncateSync(path, 3000), false],
  empty: [(path) => fs.truncateSync(path, 0), false],
  longer: [(path) => fs.appendFileSync(path, 'x'), false],
  'copied over': [(path) => fs.copyFileSync(join(dir, 'copied.h5'), path), false],
  'replaced by another': [
    (path) => {
      fs.copyFileSync(join(dir, 'copied.h5'), `${path}.new`)
      fs.renameSync(`${path}.new`, path)
    },
    true,
  ],
  removed: [(path) => fs.rmSync(path), true],
  renamed: [(path) => fs.renameSync(path, `${path}.old`), true],
}

function patch(path: string, at: number): void {
  const file = fs.openSync(path, 'r+')
  fs.writeSync(file, 'x', at)
  fs.closeSync(file)
}

/** Makes a change, and a time of change that is another one: of a file that is changed within a tick of the clock it may be the same. */
function touched(change: (path: string) => void): (path: string) => void {
  return (path) => {
    change(path)
    fs.utimesSync(path, 1, 1)
  }
}

t.test('files that change after they were loaded', async (t) => {
  await exportSpikeDataToHdf5(new SpikeData([[9, 10]], { length: 20 }), join(dir, 'copied.h5'))
  const sd = new SpikeData([Array.from({ length: 2 * BLOCK }, (_, i) => i / 4), [5, 6]], { length: 100_000 })
  for (const [what, [change, isThere]] of Object.entries(CHANGES)) {
    const path = join(dir, `changing ${what}.h5`)
    const target = join(dir, 'changed', 'a')
    await exportSpikeDataToHdf5(sd, path)
    fs.writeFileSync(target, 'as before')
    const inMemory = await hdf5(path)({})
    await using staying = await hdf5(path)(STAYING)
    t.strictSame(await staying.loadTrain(1), inMemory.train[1])
    await sleep(20)
    change(path)
    const uses: (() => Promise<unknown>)[] = [
      () => staying.loadTrain(0),
      () => staying.loadTrain(1),
      () => staying.rasterAsync(1000),
      () => exportSpikeDataToHdf5(staying, target),
      () => exportSpikeDataToNwb(staying, target, { nwb: NWB }),
      () => exportSpikeDataToHdf5(staying, target, { spikeTimesUnit: 'samples', fsHz: 30_000, compression: { level: 1 } }),
    ]
    for (const use of uses) {
      if (isThere) {
        await use()
        continue
      }
      const expected = { name: 'FormatError', code: 'ERR_INVALID_FILE', path, message: /spike_times.*it was changed since it was loaded/ }
      await t.rejects(use(), expected, what)
    }
    if (isThere) t.ok(areSame(await staying.loadTrain(0), inMemory.train[0]), what)
    else t.equal(fs.readFileSync(target, 'utf8'), 'as before')
    t.strictSame(fs.readdirSync(join(dir, 'changed')), ['a'], what)
  }
})

t.test('how long a file is open', { skip: FILES_UNLISTED }, async (t) => {
  const path = join(dir, 'open.h5')
  await exportSpikeDataToHdf5(new SpikeData([Array.from({ length: 4 * BLOCK }, (_, i) => i / 4)], { length: 200_000 }), path)
  const sd = await hdf5(path)(STAYING)
  t.equal(openingsOf(path), 1)
  const reading = sd.loadTrain(0)
  const closing = sd.close()
  t.equal((await reading).length, 4 * BLOCK)
  await closing
  t.equal(openingsOf(path), 0)
  await t.rejects(sd.loadTrain(0), { code: 'ERR_INVALID_STATE' })
  // Loads that fail before the recording is made, while it is, and after the trains were inspected.
  await t.rejects(hdf5(path, { lengthMs: 1 })(STAYING), VALUE)
  t.equal(openingsOf(path), 0)
  await exportSpikeDataToNwb(new SpikeData([[1], [2]], { neuronAttributes: [{ x: 1 }, { x: 2 }] }), `${path}.nwb`, {
    nwb: NWB,
    layout: 'contiguous',
  })
  await t.rejects(nwb(`${path}.nwb`, { lengthMs: 1 })(STAYING), VALUE)
  t.equal(openingsOf(path), 0)
  await abortedLoads(t, path, (signal) => loadSpikeDataFromHdf5(path, { ...STAYING, signal }))
})

t.test('progress', async (t) => {
  const path = join(dir, 'progress.h5')
  const { numbers, ends } = numbersOf(8 * BLOCK, 4)
  for (const isOrdered of [true, false]) {
    if (!isOrdered) numbers[8 * BLOCK - 1] = 0
    await writeLists(path, { lists: { spike_times: numbers, spike_times_index: Int32Array.from(ends) } })
    const reports: [number, number][] = []
    const onProgress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) => reports.push([bytesRead, bytesTotal])
    const sd = await loadSpikeDataFromHdf5(path, { ...SPOOLED, spikeTimesIndex: 'ends', onProgress })
    await sd.close()
    const total = numbers.length * 8 + 16
    t.ok(reports.every(([, of]) => of === total))
    t.strictSame(reports.at(-1)?.[0], numbers.length * 8)
    t.ok(
      reports.every(([done], i) => i === 0 || done >= (reports[i - 1]?.[0] as number)),
      'never less than before',
    )
  }
})

t.test('loadSpikeData', async (t) => {
  const path = join(dir, 'any.nwb')
  await exportSpikeDataToNwb(new SpikeData([[1, 2], [3]]), path, { nwb: NWB, layout: 'contiguous' })
  await using sd = await loadSpikeData(path, STAYING)
  t.strictSame([sd.isSpooled, await sd.loadTrain(0)], [true, Float64Array.of(1, 2)])
  t.throws(() => sd.train, { code: 'ERR_INVALID_STATE' })
})
