/**
 * The profile 'spikelab' of the NWB exporter: its options, and its tree.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { Hdf5StorageOptions, NwbOptions, SpikelabProfile } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readHdf5 } from '../support/hdf5-file.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const TABLE = 'general/extracellular_ephys/electrodes'

const train = [[1000, 2000], [], [500]]
const exported = async (
  neuronAttributes: Record<string, unknown>[] | undefined,
  options: Partial<SpikelabProfile> & Hdf5StorageOptions = {},
) => {
  await exportSpikeDataToNwb(new SpikeData(train, { length: 3000, neuronAttributes }), file, { profile: 'spikelab', ...options })
  const { attributes, groups, datasets } = await readHdf5(file)
  const values = Object.fromEntries(Object.entries(datasets).map(([name, { values }]) => [name, Array.from<unknown>(values)]))
  return { attributes, groups, datasets, values }
}

t.test('without electrodes and locations', async (t) => {
  const { attributes, groups, values } = await exported(undefined)
  t.strictSame(attributes, { start_time: 0, length_ms: 3000 })
  t.strictSame(groups, ['units'])
  t.strictSame(values, {
    'units/spike_times': [1, 2, 0.5],
    'units/spike_times_index': [2n, 2n, 3n],
    'units/id': [0n, 1n, 2n],
  })
})

t.test('electrodes and locations: one row an electrode, at its first unit', async (t) => {
  const { values } = await exported([
    { electrode: 5, x: 1, y: 2, z: 3 },
    { channel: 3, location: [4, 5, 6] },
    { ch: 5, position: [7, 8, 9] },
  ])
  t.match(values, {
    'units/electrodes': [5n, 3n, 5n],
    'units/electrodes_index': [1n, 2n, 3n],
    [`${TABLE}/id`]: [3n, 5n],
    [`${TABLE}/x`]: [4, 1],
    [`${TABLE}/y`]: [5, 2],
    [`${TABLE}/z`]: [6, 3],
  })
})

t.test('one, two and more dimensions; fractional electrodes; either alone', async (t) => {
  const flat = await exported(train.map((_, i) => ({ location: [i], electrode: -i })))
  t.strictSame(flat.values[`${TABLE}/id`], [-2n, -1n, 0n])
  t.strictSame(flat.values[`${TABLE}/x`], [2, 1, 0])
  t.notOk(flat.values[`${TABLE}/y`])

  const many = await exported(train.map((_, i) => ({ location: [i, 0, 0, 9] })))
  t.notOk(many.values['units/electrodes'])
  t.strictSame(many.values[`${TABLE}/id`], [0n, 1n, 2n])
  t.strictSame(Object.keys(many.values).filter((name) => name.startsWith(TABLE)).length, 4)

  const fractional = await exported([{ ch: 1.5 }, { ch: -1.5 }, { ch: 1 }].map((ch) => ({ ...ch, x: ch.ch, y: 0 })))
  t.strictSame(fractional.values['units/electrodes'], [1.5, -1.5, 1])
  t.strictSame(fractional.values[`${TABLE}/id`], [-1n, 1n])
  t.strictSame(fractional.values[`${TABLE}/x`], [-1.5, 1.5])

  const alone = await exported(train.map(() => ({ electrode: 1 })))
  t.strictSame(alone.values['units/electrodes'], [1n, 1n, 1n])
  t.strictSame(alone.groups, ['units'])
  t.strictSame(Object.keys((await exported([{ electrode: 1 }, {}, {}])).values).length, 3, 'a unit without an electrode')
})

t.test('locations in typed arrays keep their type, as numpy combines it', async (t) => {
  const typeOf = async (...locations: object[]) => {
    const { datasets } = await exported(locations.map((location, electrode) => ({ location, electrode })))
    return [datasets[`${TABLE}/x`]!.dtype, [...datasets[`${TABLE}/x`]!.values]]
  }
  const int16 = Int16Array.of(-1, 2)
  t.strictSame(await typeOf(int16, int16, int16), ['<h', [-1, -1, -1]])
  t.strictSame(await typeOf(int16, new NDArray(Uint16Array.of(3, 4), [2]), int16), ['<i', [-1, 3, -1]])
  t.strictSame(await typeOf(int16, Float32Array.of(0.5, 4), int16), ['<f', [-1, 0.5, -1]])
  t.strictSame(await typeOf(int16, BigInt64Array.of(2n ** 53n + 1n, 4n), int16), ['<q', [-1n, 2n ** 53n + 1n, -1n]])
  t.strictSame(await typeOf(int16, [3, 4], BigInt64Array.of(5n, 6n)), ['<d', [-1, 3, 5]])
})

t.test('names and storage', async (t) => {
  const options = { group: 'a/b', spikeTimesDataset: 't', spikeTimesIndexDataset: 'deep/i' }
  t.strictSame(Object.keys((await exported(undefined, options)).values).sort(), ['a/b/deep/i', 'a/b/id', 'a/b/t'])
  t.strictSame((await exported(undefined, { compression: { level: 4 } })).datasets['units/spike_times']!.filters, [2, 1])
})

t.test('no units', async (t) => {
  await exportSpikeDataToNwb(new SpikeData([], { neuronAttributes: [] }), file, { profile: 'spikelab' })
  const { datasets } = await readHdf5(file)
  t.strictSame(
    Object.values(datasets).map(({ shape }) => shape),
    [[0], [0], [0]],
  )
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const wrong = (value: unknown) => value as never
  const sd = new SpikeData(train, { neuronAttributes: train.map(() => ({ x: 0, y: 0 })) })
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [{ nwb: {} }, VALUE_ERROR, /no value, as profile is 'spikelab', for nwb but received {}/],
    [{ rawData: { conversion: 1 } }, VALUE_ERROR, /no value, as profile is 'spikelab', for rawData/],
    [{ fsHz: 30000 }, VALUE_ERROR, /no value, as profile is 'spikelab', for fsHz but received 30000/],
    [{ group: wrong(1) }, TYPE_ERROR, /group/],
    [{ group: '' }, VALUE_ERROR, /group/],
    [{ spikeTimesDataset: wrong(null) }, TYPE_ERROR, /spikeTimesDataset/],
    [{ spikeTimesDataset: 'id' }, VALUE_ERROR, /spikeTimesDataset/],
    [{ spikeTimesIndexDataset: 'spike_times' }, VALUE_ERROR, /spikeTimesIndexDataset/],
    [{ spikeTimesIndexDataset: 'spike_times/x' }, VALUE_ERROR, /outside/],
    [{ group: TABLE, spikeTimesDataset: 'x' }, VALUE_ERROR, /electrode table/],
    [{ layout: wrong('x') }, VALUE_ERROR, /layout/],
    [{ chunkBytes: 4096 }, VALUE_ERROR, /no value, as only layout: 'chunked' or compression makes chunks, for chunkBytes/],
    [{ durable: wrong(0) }, TYPE_ERROR, /durable/],
  ]
  for (const [options, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(sd, target, { profile: 'spikelab', ...options } as NwbOptions), { ...error, message })
    t.notOk(existsSync(target))
  }
  const lost = new SpikeData([[]], { neuronAttributes: [{ electrode: NaN, x: 0, y: 0 }] })
  await t.rejects(exportSpikeDataToNwb(lost, target, { profile: 'spikelab' }), { ...VALUE_ERROR, message: /electrode of unit 0.*NaN/ })
})
