/**
 * Templates that are means over the raw data, bit for bit those of plain sums in the order of time.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { KilosortOptions, NeuronAttributes, Progress } from '../../lib/index.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { readNpy } from '../support/npy.js'

const dir = t.testdir()
const fsHz = 20_000
const perMs = fsHz / 1000
let seed = 1
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647

interface Case {
  sd: SpikeData
  before?: number
  after?: number
  /** The sample number of the first raw sample. */
  firstSample?: number
  startMs?: number
  rows?: readonly number[]
}

/** Units × window × channels, float32; and how many spikes each mean is of. */
function meansOf({ sd, before = 20, after = 41, firstSample = 0, startMs = 0, rows }: Case) {
  const [rowCount = 0, samples = 0] = sd.rawData.shape
  const channels = rows ?? Array.from({ length: rowCount }, (_, row) => row)
  const window = before + after
  const means = new Float32Array(sd.N * window * channels.length)
  const counts = sd.train.map((times, unit) => {
    const begins = [...times]
      .map((time) => Math.round((time - startMs) * perMs) - before - firstSample)
      .filter((begin) => begin >= 0 && begin + window <= samples)
    for (let i = 0; i < window; i++) {
      for (const [channel, row] of channels.entries()) {
        let sum = 0
        for (const begin of begins) sum += Number((sd.rawData as NDArray).data[row * samples + begin + i])
        if (begins.length > 0) means[(unit * window + i) * channels.length + channel] = sum / begins.length
      }
    }
    return begins.length
  })
  return { means, counts, window, channels }
}

const raw = <T extends NumericArray>(rows: number, samples: number, data: T) => new NDArray(data, [rows, samples])
const noise = (count: number) => Int16Array.from({ length: count }, () => Math.round(2000 * (random() - 0.5)))
const times = (count: number, lengthMs: number) => Float64Array.from({ length: count }, () => random() * lengthMs).sort()

async function exported(sd: SpikeData, name: string, options: Partial<KilosortOptions> = {}) {
  const folder = `${dir}/${name}`
  const given = { fsHz, phy: { templates: 'raw' }, ...options } as KilosortOptions
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, given)
  return {
    read: (file: string) => readNpy(`${folder}/${file}.npy`),
    has: (file: string) => existsSync(`${folder}/${file}.npy`),
    warnings: Object.fromEntries(warnings.map(({ code, message }) => [code, message])),
  }
}

t.test('every dtype, bit for bit', async (t) => {
  const whole = noise(3 * 5000)
  const arrays: NumericArray[] = [
    Int8Array.from(whole),
    Uint8Array.from(whole),
    whole,
    Uint16Array.from(whole),
    Int32Array.from(whole, (x) => x * 100_000),
    Uint32Array.from(whole, (x) => x * x * 1000),
    BigInt64Array.from(whole, (x) => BigInt(x) * 12_345_678_901n),
    BigUint64Array.from(whole, (x) => BigInt(x * x)),
    Float32Array.from(whole, (x) => x / 7),
    Float64Array.from(whole, (x) => x / 7e6),
  ]
  for (const data of arrays) {
    const sd = new SpikeData([times(700, 250), times(3, 250), Float64Array.of(0.05, 120, 249.9)], {
      length: 250,
      rawData: raw(3, 5000, data),
      rawTime: fsHz / 1000,
    })
    const { means, counts, window } = meansOf({ sd })
    t.equal(counts[2], 1, 'windows that are not whole do not count')
    for (const threads of [1, 2, undefined]) {
      const { read, warnings } = await exported(sd, 'dtypes', threads === undefined ? {} : { threads })
      t.strictSame(await read('templates'), { dtype: '<f4', shape: [3, window, 3], values: means }, data.constructor.name)
      t.strictSame(Object.keys(warnings), ['SPIKEPORT_PHY_CHANNELS'], 'of the places')
    }
  }
})

t.test('windows, shifts and raw data that begins anywhere', async (t) => {
  const data = noise(2 * 4000)
  const train = [times(50, 200).map((x) => x + 100), times(20, 200).map((x) => x + 100)]
  for (const firstMs of [0, 40, 100, 149.95, 1000, -20]) {
    const rawTime = Float64Array.from({ length: 4000 }, (_, i) => firstMs + i / perMs)
    const sd = new SpikeData(train, { startTime: 100, length: 200, rawData: raw(2, 4000, data), rawTime })
    for (const [samplesBefore, samplesAfter] of [
      [undefined, undefined],
      [0, 2],
      [1, 1],
      [512 - 1, 1],
      [0, 512],
      [30, 52],
    ] as const) {
      for (const shift of [false, true]) {
        const startMs = shift ? 100 : 0
        const given: Case = { sd, startMs, firstSample: Math.round((firstMs - startMs) * perMs) }
        if (samplesBefore !== undefined) Object.assign(given, { before: samplesBefore, after: samplesAfter })
        const { means, window, counts } = meansOf(given)
        const phy = { templates: 'raw', samplesBefore, samplesAfter } as const
        const { read, warnings } = await exported(sd, 'windows', { phy, shift })
        const { shape, values } = await read('templates')
        t.strictSame(shape, [2, window, 2])
        const empty = counts.flatMap((count, unit) => (count === 0 ? [unit] : []))
        for (const unit of empty) means[(unit * window + Math.min(given.before ?? 20, window - 1)) * 2] = -1
        t.strictSame(values, means, `${firstMs} ms, ${samplesBefore}, ${samplesAfter}, ${shift}`)
        t.equal('SPIKEPORT_PHY_PLACEHOLDERS' in warnings, empty.length > 0)
        const samples = (await read('spike_times')).values as BigInt64Array
        const expected = train.flatMap((list) => Array.from(list, (time) => Math.round((time - startMs) * perMs))).sort((a, b) => a - b)
        t.strictSame([...samples].map(Number), expected)
        t.equal('SPIKEPORT_START_TIME_LOST' in warnings, !shift)
      }
    }
  }
})

t.test('channels are rows of the raw data', async (t) => {
  const data = noise(5 * 2000)
  const train = [times(30, 100), times(40, 100), times(5, 100)]
  const on = (attributes: NeuronAttributes[]) =>
    new SpikeData(train, { length: 100, neuronAttributes: attributes, rawData: raw(5, 2000, data), rawTime: perMs })
  const cases: [sd: SpikeData, channels: KilosortOptions['channels'], rows: number[]][] = [
    [on([{ ch: 4 }, { ch: 1 }, { ch: 4 }]), undefined, [1, 4]],
    [on([{ ch: 4 }, {}, {}]), undefined, [0, 1, 2, 3, 4]],
    [on([{ ch: 4 }, {}, { ch: 0 }]), { ids: [4, 0, 2] }, [0, 2, 4]],
    [on([{}, {}, {}]), { ids: [3] }, [3]],
  ]
  for (const [sd, channels, rows] of cases) {
    const { read } = await exported(sd, 'rows', { channels })
    t.strictSame((await read('channel_map')).values, Int32Array.from(rows))
    t.strictSame((await read('templates')).values, meansOf({ sd, rows }).means)
  }
  const expected = (message: RegExp) => ({ ...VALUE_ERROR, message })
  await t.rejects(
    exported(on([{ ch: 5 }, { ch: 1 }, { ch: 4 }]), 'no'),
    expected(/^Expected a channel of rawData, from 0 to 4, for the highest electrode but received 5\.$/),
  )
  await t.rejects(
    exported(on([{}, {}, {}]), 'no', { channels: { ids: [5] } }),
    expected(/for the highest of channels\.ids but received 5\.$/),
  )
})

t.test('units without spikes, flat raw data, and numbers that are not finite', async (t) => {
  const data = new Float32Array(2 * 1000)
  data.fill(NaN, 100, 110)
  data.fill(Infinity, 1100, 1110)
  data[1500] = 3
  const rawData = raw(2, 1000, data)
  const sd = new SpikeData([[5], [], [15], [25], [0.1]], {
    length: 50,
    rawData,
    rawTime: perMs,
    neuronAttributes: [1, 1, 1, 1, 1].map((ch) => ({ ch })),
  })
  const { read, warnings } = await exported(sd, 'flat', {
    channels: {
      ids: [0, 1],
      positions: [
        [0, 0],
        [0, 20],
      ],
    },
  })
  const { values } = await read('templates')
  const place = (unit: number, sample: number, channel: number) => Number(values[(unit * 61 + sample) * 2 + channel])
  t.equal(place(3, 20, 1), 3)
  for (const unit of [0, 1, 2, 4]) t.equal(place(unit, 20, 1), -1, 'a placeholder on its own channel')
  t.ok([...values].every(Number.isFinite))
  t.match(warnings, {
    SPIKEPORT_PHY_PLACEHOLDERS:
      /^The templates of units 0, 1, 2, 4 in .* placeholders, as no spike has raw data around it that is not zero\.$/,
    SPIKEPORT_PHY_NOT_FINITE: 'Templates in the Phy folder have 0 for 20 means over raw data that are not finite.',
  })
  const nowhere = new SpikeData([[0.1]], { length: 50, rawData, rawTime: perMs })
  t.match((await exported(nowhere, 'flat')).warnings, {
    SPIKEPORT_PHY_PLACEHOLDERS: /; that of unit 0 is on the first channel, as the electrode is not known\.$/,
  })
  const none = new SpikeData([], { length: 50, rawData, rawTime: perMs })
  t.strictSame((await (await exported(none, 'none')).read('templates')).shape, [0, 61, 2])
})

t.test('a unit with more spikes than 16-bit sums could take', async (t) => {
  const data = new Int16Array(2000).fill(-32_768)
  const sd = new SpikeData([new Float64Array(200_000).fill(50)], { length: 100, rawData: raw(1, 2000, data), rawTime: perMs })
  const { read } = await exported(sd, 'many')
  t.ok([...(await read('templates')).values].every((mean) => mean === -32_768))
})

t.test('templates of more than 1 GB are on the channels closest to the unit', async (t) => {
  const N = 300
  const rows = 14_000
  const positions = Array.from({ length: rows }, (_, row) => [row % 100, Math.floor(row / 100)] as const)
  const rawData = raw(
    rows,
    62,
    Int8Array.from({ length: rows * 62 }, (_, i) => i % 101),
  )
  const neuronAttributes = Array.from({ length: N }, (_, unit) => ({ ch: 4343 + unit * 7 }))
  const sd = new SpikeData([[1], [1.05]], { N, length: 10, rawData, rawTime: perMs, neuronAttributes })
  const ids = Array.from({ length: rows }, (_, row) => row)
  const { read, has, warnings } = await exported(sd, 'sparse', { channels: { ids, positions } })
  const { shape, values } = await read('templates')
  const columns = await read('template_ind')
  t.strictSame(
    [shape, columns.shape],
    [
      [N, 61, 12],
      [N, 12],
    ],
  )
  for (const unit of [0, 1]) {
    const own = Array.from(columns.values.subarray(12 * unit, 12 * unit + 12), Number)
    const electrode = 4343 + unit * 7
    t.strictSame(own.slice(0, 1), [electrode])
    t.strictSame(new Set(own.slice(1, 5)), new Set([electrode - 100, electrode - 1, electrode + 1, electrode + 100]))
    const found = own.map((_, i) => Array.from({ length: 61 }, (_, s) => Number(values[(unit * 61 + s) * 12 + i])))
    t.strictSame(
      found,
      own.map((row) => Array.from({ length: 61 }, (_, s) => Number(rawData.data[row * 62 + s + unit]))),
    )
  }
  t.ok(has('templates_ind'))
  t.match(warnings, { SPIKEPORT_PHY_LARGE: /^Templates of more than 1 GB are sparse/ })
  const without = new SpikeData([[1]], { N, length: 10, rawData, rawTime: perMs })
  await t.rejects(exported(without, 'no', { channels: { ids, positions } }), {
    message: /^Expected an electrode, as templates .* for the electrode of unit 0 but received undefined\.$/,
  })
})

t.test('raw data that does not fit', async (t) => {
  const expected = (message: RegExp) => ({ ...VALUE_ERROR, message })
  const attempt = (options: object) => exported(new SpikeData([[1]], { length: 100, ...options }), 'no')
  const samples = raw(1, 100, noise(100))
  await t.rejects(attempt({}), expected(/^Expected raw samples, as phy\.templates is 'raw', for rawData but/))
  await t.rejects(
    attempt({ rawData: new NDArray(noise(100), [100]), rawTime: perMs }),
    expected(/^Expected channels × samples, .* for rawData\.shape/),
  )
  await t.rejects(attempt({ rawData: new NDArray(noise(100), [2, 5, 10]), rawTime: perMs }), expected(/for rawData\.shape/))
  await t.rejects(
    attempt({ rawData: samples, rawTime: perMs * 1.001 }),
    expected(/^Expected 20 kHz, the rate of fsHz, as .* for rawTime but received 20\.0/),
  )
  const rawTime = Float64Array.from({ length: 100 }, (_, i) => i / perMs)
  rawTime[70]! += 0.03
  await t.rejects(
    attempt({ rawData: samples, rawTime }),
    expected(/^Expected a time within half a sample of 3\.5, as fsHz is 20000, for rawTime\[70\]/),
  )
  await t.rejects(attempt({ rawData: samples, rawTime: rawTime.map(() => NaN) }), expected(/for rawTime\[0\] but received NaN/))
  await t.rejects(attempt({ rawData: samples, rawTime: Float64Array.from(rawTime, (_, i) => 1e300 + i) }), { name: 'RangeError' })
})

t.test('stops at a signal, and a refused folder is not averaged for', async (t) => {
  const rawData = raw(64, 200_000, new Int16Array(64 * 200_000))
  const sd = new SpikeData([times(300_000, 10_000), times(300_000, 10_000)], { rawData, rawTime: perMs })
  const started = performance.now()
  const reason = new Error('enough')
  const controller = new AbortController()
  const stopped = exported(sd, 'stopped', { signal: controller.signal })
  setTimeout(() => controller.abort(reason), 60)
  await t.rejects(stopped, reason)
  t.ok(performance.now() - started < 2000)
  t.notOk(existsSync(`${dir}/stopped`))
})

t.test('progress', async (t) => {
  const sd = new SpikeData([Float64Array.from({ length: 200 }, (_, i) => 10 * i + 100)], {
    rawData: new NDArray(
      Int16Array.from({ length: 2 * 100_000 }, (_, i) => i % 1000),
      [2, 100_000],
    ),
    rawTime: perMs,
    neuronAttributes: [{ electrode: 0 }],
  })
  const seen: Progress[] = []
  await exported(sd, 'progress', { phy: { templates: 'raw' }, onProgress: (progress) => void seen.push(progress) })
  const averaged = seen.filter((progress) => progress.averaged)
  t.strictSame(averaged.at(-1), { bytesWritten: 0, bytesTotal: 0, averaged: { bytesDone: 200_000, bytesTotal: 200_000 } })
  t.ok(averaged.every(({ averaged }) => averaged && averaged.bytesDone <= averaged.bytesTotal))
  const { averaged: none, bytesWritten, bytesTotal } = seen.at(-1) as Progress
  t.equal(none, undefined)
  t.ok(bytesTotal > 0 && bytesWritten === bytesTotal)

  const stopped = new Error('stopped')
  const throws = exported(sd, 'stopped', {
    phy: { templates: 'raw' },
    onProgress() {
      throw stopped
    },
  })
  await t.rejects(throws, stopped)
})
