/**
 * The templates of a Phy folder: those of the units, or placeholders, on the channels of the units; and what goes with them.
 */
import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import type { NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'
import { readNpy } from '../support/npy.js'

const dir = t.testdir()
const fsHz = 30000
const SAMPLES = 61
const TROUGH = 20
const attributes: NeuronAttributes[] = [{ ch: 5 }, { ch: 5 }, { ch: 2 }]
const train = [[1, 4], [], [2, 3]]

/** An export's files, and its warnings by code. */
async function exported(sd: SpikeData, name: string, phy: true | object = true) {
  const folder = `${dir}/${name}`
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, { fsHz, phy })
  return {
    read: (file: string) => readNpy(`${folder}/${file}.npy`),
    has: (file: string) => existsSync(`${folder}/${file}.npy`),
    warnings: Object.fromEntries(warnings.map(({ code, message }) => [code, message])),
  }
}

/** Zeros, with numbers in these places. */
function numbersAt(count: number, places: Iterable<readonly [place: number, number: number]>): Float32Array {
  const values = new Float32Array(count)
  for (const [place, number] of places) values[place] = number
  return values
}

const identity = (size: number) =>
  numbersAt(
    size * size,
    Array.from({ length: size }, (_, i) => [i * (size + 1), 1] as const),
  )

/** Placeholders of units on these channels, of `count` in all. */
const placeholders = (channels: readonly number[], count: number) =>
  numbersAt(
    channels.length * SAMPLES * count,
    channels.map((channel, unit) => [(unit * SAMPLES + TROUGH) * count + channel, -1] as const),
  )

t.test('a placeholder a unit, on its own channel, and a warning', async (t) => {
  for (const phy of [true, {}, { templates: true }, { templates: undefined }] as const) {
    const { read, has, warnings } = await exported(new SpikeData(train, { neuronAttributes: attributes }), 'three', phy)
    t.strictSame(await read('templates'), { dtype: '<f4', shape: [3, SAMPLES, 2], values: placeholders([1, 1, 0], 2) })
    t.strictSame(await read('amplitudes'), { dtype: '<f4', shape: [4], values: Float32Array.of(1, 1, 1, 1) })
    t.strictSame(await read('similar_templates'), { dtype: '<f4', shape: [3, 3], values: identity(3) })
    for (const name of ['whitening_mat', 'whitening_mat_inv']) {
      t.strictSame(await read(name), { dtype: '<f4', shape: [2, 2], values: identity(2) }, name)
    }
    t.strictSame((await read('channel_map')).values, Int32Array.of(2, 5))
    t.notOk(has('templates_ind') || has('template_ind'))
    t.match(warnings, { SPIKEPORT_PHY_PLACEHOLDERS: /^The templates of all units .* are placeholders/ })
  }
})

t.test('any number of units, channels and spikes', async (t) => {
  for (const [N, channels, spikes] of [
    [0, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
    [2, 1, 3],
    [7, 3, 9],
    [700, 700, 300_000],
    [1000, 3, 10],
  ] as const) {
    const train = spikes > 0 ? [Float64Array.from({ length: spikes }, (_, i) => i)] : []
    const neuronAttributes = Array.from({ length: N }, (_, unit) => ({ electrode: (unit * 11) % channels }))
    const { read } = await exported(new SpikeData(train, { N, neuronAttributes }), 'any')
    const { shape, values } = await read('templates')
    t.strictSame(shape, [N, SAMPLES, channels])
    const expected = placeholders(
      neuronAttributes.map(({ electrode }) => electrode),
      channels,
    )
    t.ok(Buffer.from(values.buffer).equals(Buffer.from(expected.buffer)))
    const amplitudes = (await read('amplitudes')).values as Float32Array
    t.equal(amplitudes.length, spikes)
    t.ok(amplitudes.every((amplitude) => amplitude === 1))
  }
})

t.test('the templates that units have', async (t) => {
  const wave = (scale: number) => Float64Array.from({ length: 5 }, (_, i) => scale * (i - 2.5))
  const rows = async (...given: (NeuronAttributes | undefined)[]) => {
    const neuronAttributes = given.map((entry, unit) => ({ ...attributes[unit], ...entry }))
    const { read, warnings } = await exported(new SpikeData(train, { neuronAttributes }), 'real')
    const { shape, values } = await read('templates')
    const [, samples = 0, channels = 0] = shape
    const rowOf = (unit: number, channel: number) =>
      Array.from({ length: samples }, (_, i) => Number(values[(unit * samples + i) * channels + channel]))
    for (const [unit, other] of [0, 0, 1].entries())
      t.ok(
        rowOf(unit, other).every((sample) => sample === 0),
        'nothing on the other channel',
      )
    return {
      samples,
      rows: [rowOf(0, 1), rowOf(1, 1), rowOf(2, 0)],
      placeholders: warnings['SPIKEPORT_PHY_PLACEHOLDERS'],
      skipped: warnings['SPIKEPORT_PHY_ATTRIBUTES_SKIPPED'],
    }
  }
  const one = [...wave(1)]
  const found = { samples: 5, rows: [one, [...wave(2)], [...wave(3)]], placeholders: undefined, skipped: undefined }
  t.strictSame(await rows({ template: wave(1) }, { template: [...wave(2)] }, { template: Float32Array.from(wave(3)) }), found)
  t.strictSame(
    await rows({ waveform_mean: new NDArray(wave(1), [5]) }, { waveform_mean: new NDArray(wave(2), [5, 1]) }, { waveform_mean: wave(3) }),
    found,
  )
  const none = [0, -1, 0, 0, 0]
  t.strictSame(
    await rows({ template: wave(1) }, { waveform_mean: wave(2) }, { waveform_mean: wave(3) }),
    found,
    'each unit has one of them',
  )
  t.match(await rows({ template: wave(1), waveform_mean: wave(9) }, undefined, undefined), {
    rows: [one, none, none],
    placeholders: /^The templates of units 1, 2 in/,
    skipped: /'waveform_mean'\.$/,
  })
  for (const template of [
    new NDArray(new Float64Array(15).fill(1), [5, 3]),
    wave(0),
    wave(NaN),
    wave(1e-50),
    wave(1e39),
    [1],
    wave(1).subarray(1),
    [1, 2, 3, 4, 'a'],
    'text',
    { length: 5 },
    new Float64Array(600).fill(1),
  ]) {
    const skipped = /'template'\.$/
    t.match(await rows({ template: wave(1) }, { template }, { template: wave(3) }), {
      rows: [one, none, [...wave(3)]],
      placeholders: /^The templates of unit 1 in/,
      skipped,
    })
    t.match(await rows({ template: wave(1) }, { template, waveform_mean: wave(2) }, { template: wave(3) }), { ...found, skipped })
  }
  const { samples, placeholders, skipped } = await rows(
    { template: [1] },
    { template: 'text', waveform_mean: wave(0) },
    { template: wave(NaN) },
  )
  t.match({ samples, placeholders, skipped }, { samples: SAMPLES, placeholders: /all units/, skipped: /'template', 'waveform_mean'\.$/ })
})

t.test('an export of ours is replaced, with templates of any kind', async (t) => {
  const folder = `${dir}/again`
  const template = Float64Array.of(0, -3, 1)
  for (const sd of [
    new SpikeData(train, { neuronAttributes: attributes }),
    new SpikeData(train, { neuronAttributes: attributes.map((entry) => ({ ...entry, template })) }),
    new SpikeData(train),
    new SpikeData([]),
    new SpikeData([[1]]),
    new SpikeData([[1]], { N: 2100 }),
  ]) {
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
    await exportSpikeDataToKilosort(new SpikeData(train), folder, { fsHz: 20000, phy: true })
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
    await exportSpikeDataToKilosort(new SpikeData(train, { neuronAttributes: attributes }), folder, { fsHz })
    t.strictSame(readdirSync(folder).sort(), ['channel_map.npy', 'spike_clusters.npy', 'spike_times.npy'])
  }
})

t.test('templates of more than 1 GB are sparse, and larger matrices are left out', async (t) => {
  const N = 2100
  const { read, has, warnings } = await exported(new SpikeData([[1], [2]], { N }), 'sparse')
  const { shape, values } = await read('templates')
  t.strictSame(shape, [N, SAMPLES, 1])
  t.ok(Buffer.from(values.buffer).equals(Buffer.from(placeholders(new Array(N).fill(0), 1).buffer)))
  const channels = Int32Array.from({ length: N }, (_, unit) => unit)
  for (const name of ['templates_ind', 'template_ind']) t.strictSame(await read(name), { dtype: '<i4', shape: [N, 1], values: channels })
  t.ok(has('similar_templates') && has('whitening_mat'))
  t.match(warnings, {
    SPIKEPORT_PHY_LARGE: /^Templates of more than 1 GB are sparse.*SpikeInterface, SpikeLab, Bombcell and DataJoint do not\.$/,
  })

  const neuronAttributes = Array.from({ length: 16_000 }, (_, unit) => ({ electrode: unit % 4 }))
  const many = await exported(new SpikeData([[1]], { N: 16_000, neuronAttributes }), 'many')
  t.strictSame((await many.read('templates')).shape, [16_000, SAMPLES, 4])
  t.ok(many.has('whitening_mat') && many.has('whitening_mat_inv'))
  t.notOk(many.has('similar_templates'))
  t.match(many.warnings, {
    SPIKEPORT_PHY_LARGE: 'Identity matrices of more than 1 GB are left out of the Phy folder: similar_templates.npy.',
  })
})
