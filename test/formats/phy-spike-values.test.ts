/**
 * Amplitudes and principal components of each spike of a Phy folder, in the order of time.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { KilosortOptions, NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNpy } from '../support/npy.js'

const dir = t.testdir()
const fsHz = 1000
const train = [[1, 4, 4, 9], [], [2, 4], [3]]

async function exported(
  attributes: NeuronAttributes[] | undefined,
  phy: unknown = true,
  trains: number[][] | Float64Array[] = train,
  channels?: unknown,
) {
  const folder = `${dir}/folder`
  const sd = new SpikeData(trains, attributes ? { neuronAttributes: attributes } : {})
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, { fsHz, phy, channels } as KilosortOptions)
  return {
    read: (name: string) => readNpy(`${folder}/${name}.npy`),
    has: (name: string) => existsSync(`${folder}/${name}.npy`),
    warnings: Object.fromEntries(warnings.map(({ code, message }) => [code, message])),
  }
}

t.test('amplitudes in the order of time', async (t) => {
  const order = [10, 30, 40, 11, 12, 31, 13]
  const given = (make: (numbers: number[]) => unknown, ...more: NeuronAttributes[]) =>
    [[10, 11, 12, 13], [], [30, 31], [40]].map((amplitudes, unit) => ({ amplitudes: make(amplitudes), ...more[unit] }))
  for (const [make, dtype] of [
    [(numbers) => numbers, '<f8'],
    [(numbers) => Float64Array.from(numbers), '<f8'],
    [(numbers) => new NDArray(Int16Array.from(numbers), [numbers.length]), '<f8'],
    [(numbers) => Float32Array.from(numbers), '<f4'],
    [(numbers) => BigInt64Array.from(numbers, BigInt), '<f8'],
  ] as [(numbers: number[]) => unknown, string][]) {
    const { read, warnings } = await exported(given(make))
    const { dtype: found, shape, values } = await read('amplitudes')
    t.strictSame([found, shape, Array.from(values, Number)], [dtype, [7], order])
    t.notOk('SPIKEPORT_PHY_ATTRIBUTES_SKIPPED' in warnings || 'SPIKEPORT_PHY_AMPLITUDES' in warnings)
  }
  const shared = new Float64Array(new SharedArrayBuffer(32)).fill(2)
  const { read } = await exported([{ amplitudes: shared }, {}, {}, {}])
  t.strictSame((await read('amplitudes')).values, Float64Array.of(2, 1, 1, 2, 2, 1, 2))
})

t.test('units without amplitudes for all of their spikes', async (t) => {
  for (const [value, isSkipped] of [
    [undefined, false],
    [null, false],
    [[1], true],
    ['text', true],
    [['a', 'b'], true],
    [new NDArray(Float64Array.of(1, 2), [1, 2]), true],
    [5, true],
  ] as const) {
    const { read, warnings } = await exported([
      { amplitudes: [10, 11, 12, NaN] },
      {},
      { amplitudes: value },
      { amplitudes: Float32Array.of(40) },
    ])
    t.strictSame([...(await read('amplitudes')).values], [10, 1, 40, 11, 12, 1, NaN])
    t.equal(
      warnings['SPIKEPORT_PHY_AMPLITUDES'],
      'Amplitudes in the Phy folder are 1 for the spikes of unit 2, which has no array of as many numbers, ' +
        'and are NaN or infinite for spikes of unit 0, as given.',
    )
    t.equal('SPIKEPORT_PHY_ATTRIBUTES_SKIPPED' in warnings, isSkipped)
  }
  for (const attributes of [undefined, [{}, {}, {}, {}], [{}, { amplitudes: [] }, {}, {}], [{ amplitudes: [1] }, {}, {}, {}]]) {
    const { read, warnings } = await exported(attributes)
    t.strictSame(await read('amplitudes'), { dtype: '<f4', shape: [7], values: new Float32Array(7).fill(1) })
    t.notOk('SPIKEPORT_PHY_AMPLITUDES' in warnings)
  }
})

t.test('as a stable sort leaves them, in several blocks and by several threads', async (t) => {
  const counts = [90_000, 0, 1, 70_000, 30_000]
  const trains = counts.map((count, unit) => Float64Array.from({ length: count }, (_, i) => Math.floor((i * (unit + 3)) / 7)))
  const neuronAttributes = trains.map((times, unit) => ({ amplitudes: Float64Array.from(times, (_, i) => unit + i / 2 ** 20) }))
  const flat = trains.flatMap((times, unit) => Array.from(times, (time, i) => ({ time, amplitude: unit + i / 2 ** 20 })))
  flat.sort((a, b) => a.time - b.time)
  const { read } = await exported(neuronAttributes, true, trains)
  t.strictSame(
    (await read('amplitudes')).values,
    Float64Array.from(flat, ({ amplitude }) => amplitude),
  )
})

/** Features of so many spikes, each number of its own. */
const featuresOf = (unit: number, spikes: number, make: (numbers: number[]) => NumericArray = Float32Array.from.bind(Float32Array)) =>
  new NDArray(make(Array.from({ length: spikes * 6 }, (_, i) => 1000 * unit + i)), [spikes, 3, 2])

t.test('principal components', async (t) => {
  const electrodes = [[5, 3], [3, 8], Int32Array.of(8, 5), [3n, 8n]]
  const attributes = [5, 3, 8, 3].map((ch) => ({ ch }))
  for (const make of [Float32Array, Float64Array, Int32Array] as const) {
    const features = train.map((times, unit) => featuresOf(unit, times.length, (numbers) => make.from(numbers)))
    const { read } = await exported(attributes, { pcFeatures: { features, electrodes } })
    const { dtype, shape, values } = await read('pc_features')
    t.strictSame([dtype, shape], ['<f4', [7, 3, 2]])
    const first = Array.from({ length: 7 }, (_, spike) => values[6 * spike])
    t.strictSame(first, [0, 2000, 3000, 6, 12, 2006, 18])
    t.ok(values.every((value, i) => value === Number(first[Math.floor(i / 6)]) + (i % 6)))
    t.strictSame(await read('pc_feature_ind'), { dtype: '<i4', shape: [4, 2], values: Int32Array.of(1, 0, 0, 2, 2, 1, 0, 2) })
  }
  const { has } = await exported(attributes)
  t.notOk(has('pc_features') || has('pc_feature_ind'), 'those of an earlier export go')
  const none = await exported(undefined, { pcFeatures: { features: [], electrodes: [] } }, [])
  t.strictSame((await none.read('pc_features')).shape, [0, 1, 1])
})

t.test('principal components that are wider than a block', async (t) => {
  const width = 300_000
  const features = [
    new NDArray(
      Float32Array.from({ length: 2 * width }, (_, i) => i),
      [2, 1, width],
    ),
    new NDArray(new Float32Array(width).fill(-1), [1, 1, width]),
  ]
  const ids = Array.from({ length: width }, (_, i) => i)
  const sd = new SpikeData([[1, 3], [2]], { neuronAttributes: [{ ch: 0 }, { ch: 1 }] })
  const folder = `${dir}/wide`
  await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: { pcFeatures: { features, electrodes: [ids, ids] } }, channels: { ids } }).catch(
    (error) => t.fail(error),
  )
  const { values } = await readNpy(`${folder}/pc_features.npy`)
  t.strictSame(
    [values[0], values[width - 1], values[width], values[2 * width - 1], values[2 * width], values[3 * width - 1]],
    [0, width - 1, -1, -1, width, 2 * width - 1],
  )
})

t.test('what are no principal components is refused', async (t) => {
  const attributes = [5, 3, 8, 3].map((ch) => ({ ch }))
  const good = train.map((times, unit) => featuresOf(unit, times.length))
  const channels = [
    [5, 3],
    [3, 8],
    [8, 5],
    [3, 8],
  ]
  const but = <T>(list: readonly T[], unit: number, value: unknown) => list.map((one, i) => (i === unit ? value : one))
  for (const [pcFeatures, error] of [
    [1, TYPE_ERROR],
    [{}, TYPE_ERROR],
    [{ features: good }, TYPE_ERROR],
    [{ features: good, electrodes: channels, ind: 1 }, VALUE_ERROR],
    [
      { features: good.slice(1), electrodes: channels },
      { ...VALUE_ERROR, message: /^Expected 4, one a unit, for phy\.pcFeatures\.features\.length but received 3\.$/ },
    ],
    [{ features: good, electrodes: channels.slice(1) }, VALUE_ERROR],
    [{ features: but(good, 2, [1, 2]), electrodes: channels }, TYPE_ERROR],
    [
      { features: but(good, 2, featuresOf(2, 3)), electrodes: channels },
      { ...VALUE_ERROR, message: /^Expected 2 × 3 × 2, spikes × components × channels, for phy\.pcFeatures\.features\[2\]\.shape/ },
    ],
    [{ features: but(good, 0, new NDArray(new Float32Array(24), [4, 6])), electrodes: channels }, VALUE_ERROR],
    [{ features: but(good, 0, new NDArray(new Float32Array(0), [4, 3, 0])), electrodes: channels }, VALUE_ERROR],
    [{ features: good, electrodes: but(channels, 1, [3]) }, VALUE_ERROR],
    [
      { features: good, electrodes: but(channels, 1, [3, 4]) },
      { ...VALUE_ERROR, message: /^Expected one of the channels for phy\.pcFeatures\.electrodes\[1\]\[1\] but received 4\.$/ },
    ],
    [{ features: good, electrodes: but(channels, 1, [3, '8']) }, TYPE_ERROR],
    [{ features: good, electrodes: but(channels, 1, 'text') }, TYPE_ERROR],
  ] as const) {
    await t.rejects(exported(attributes, { pcFeatures }), error)
  }
})

t.test('values of spikes whose times the recording has sorted', async (t) => {
  const attributes = [{ amplitudes: [50, 10] }, { amplitudes: [3] }]
  const { read, warnings } = await exported(attributes, true, [[5, 1], [3]])
  t.strictSame([...(await read('amplitudes')).values], [1, 1, 1])
  t.equal(
    warnings['SPIKEPORT_PHY_AMPLITUDES'],
    'Amplitudes in the Phy folder are 1, as the spike times of unit 0 were not in order, and those of its spikes are not known.',
  )
  t.match(warnings['SPIKEPORT_PHY_ATTRIBUTES_SKIPPED'], "'amplitudes'")
  const features = [new NDArray(new Float32Array(2), [2, 1, 1]), new NDArray(new Float32Array(1), [1, 1, 1])]
  const pcFeatures = { features, electrodes: [[0], [0]] }
  const message = /spike times were in order, as those of unit 0 were not, for phy\.pcFeatures/
  await t.rejects(exported(undefined, { pcFeatures }, [[5, 1], [3]]), { ...VALUE_ERROR, message })
})
