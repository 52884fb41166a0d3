/**
 * The option `channels` of a Phy folder, templates on several channels, and `shift`.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { KilosortOptions, NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNpy } from '../support/npy.js'
import { text } from '../support/phy-folder.js'

const dir = t.testdir()
const fsHz = 30_000
const probe = {
  ids: [9, 2, 4, 0],
  positions: [
    [1, 90],
    [2, 20],
    [3, 40],
    [4, 0],
  ],
  shanks: [1, 0, 1, 0],
  groups: [7, 5, 7, 5],
} as const

async function exported(attributes: NeuronAttributes[], channels: unknown, options: object = {}) {
  const folder = `${dir}/folder`
  const sd = new SpikeData(
    attributes.map((_, unit) => [unit + 1]),
    { neuronAttributes: attributes },
  )
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true, channels, ...options } as KilosortOptions)
  return {
    values: async (name: string) => Array.from<unknown>((await readNpy(`${folder}/${name}.npy`)).values),
    shape: async (name: string) => (await readNpy(`${folder}/${name}.npy`)).shape,
    has: (name: string) => existsSync(`${folder}/${name}`),
    text: (name: string) => text(folder, name),
    warnings: Object.fromEntries(warnings.map(({ code, message }) => [code, message])),
  }
}

t.test('the whole probe, ascending by id', async (t) => {
  for (const positions of [probe.positions, new NDArray(Int16Array.from(probe.positions.flat()), [4, 2])]) {
    for (const ids of [probe.ids, Int32Array.from(probe.ids), BigInt64Array.from(probe.ids, BigInt)]) {
      const { values, text, warnings } = await exported([{ ch: 4 }, { electrode: 9 }, { channel: 4n }], { ...probe, ids, positions })
      t.strictSame(await values('channel_map'), [0, 2, 4, 9])
      t.strictSame(await values('channel_positions'), [4, 0, 2, 20, 3, 40, 1, 90])
      t.strictSame(await values('channel_shanks'), [0, 0, 1, 1])
      t.strictSame(await values('channel_groups'), [5, 5, 7, 7])
      t.equal(text('cluster_channel_group.tsv'), 'cluster_id\tchannel_group\n0\t7\n1\t7\n2\t7\n')
      t.match(text('params.py'), /^dat_path = \[\]\nn_channels_dat = 10\ndtype = 'int16'\noffset = 0\n/)
      const templates = await values('templates')
      t.strictSame(
        [0, 1, 2].map((unit) => templates.slice(unit * 61 * 4, (unit + 1) * 61 * 4).indexOf(-1) % 4),
        [2, 3, 2],
      )
      t.strictSame(Object.keys(warnings), ['SPIKEPORT_PHY_PLACEHOLDERS'])
    }
  }
  const { has, values } = await exported([{ ch: 4 }], { ids: [4, 5] })
  t.notOk(has('channel_groups.npy') || has('cluster_channel_group.tsv'), 'an earlier export of ours is replaced')
  t.strictSame(await values('channel_shanks'), [0, 0])
})

t.test('places that are not given, unknown or not distinct', async (t) => {
  const line = [0, 0, 0, 20]
  const at = (x: number, y: number) => ({ location: [x, y] })
  const lost = (reason: string) =>
    `The places of channels.positions are not kept in the Phy folder, as in the order of ids ${reason}: its channels lie on a line, 20 µm apart.`
  for (const [attributes, positions, expected, message] of [
    [
      [
        { ch: 3, ...at(1, 2) },
        { ch: 1, ...at(5, 6) },
      ],
      undefined,
      [5, 6, 1, 2],
      undefined,
    ],
    [[{ ch: 3, ...at(1, 2) }], undefined, line, /^Places are not kept .* as no unit with a place is on channel 0 of the folder: its/],
    [[{ ch: 3 }], undefined, line, /^The channels of the Phy folder lie on a line/],
    [
      [{ ch: 3 }],
      [
        [1, 1],
        [1, 1],
      ],
      line,
      lost('rows 0 and 1 are the same'),
    ],
    [
      [{ ch: 3 }],
      [
        [0, 1],
        [-0, 1],
      ],
      line,
      lost('rows 0 and 1 are the same'),
    ],
    [
      [{ ch: 3 }],
      [
        [1, 1],
        [1, NaN],
      ],
      line,
      lost('that of row 0 is not known'),
    ],
    [
      [{ ch: 3, ...at(1, 2) }],
      [
        [1, 2],
        [3, 4],
      ],
      [3, 4, 1, 2],
      undefined,
    ],
    [
      [
        { ch: 3, ...at(1, 2.5) },
        { ch: 1, ...at(3, 4) },
      ],
      [
        [1, 2],
        [3, 4],
      ],
      [3, 4, 1, 2],
      /the places of channels.positions, and not that of unit 0\.$/,
    ],
  ] as const) {
    const { values, warnings } = await exported([...attributes] as NeuronAttributes[], { ids: [3, 1], positions })
    t.strictSame(await values('channel_positions'), expected)
    t.match({ found: warnings['SPIKEPORT_PHY_CHANNELS'] }, { found: message })
  }
})

t.test('units whose electrode is not known', async (t) => {
  const template = Float32Array.of(0, -2, 1)
  const { values, text, warnings } = await exported([{ ch: 9, template }, { template }, {}], probe)
  const templates = await values('templates')
  t.strictSame(
    [0, 1, 2].map((unit) => [0, 1, 2, 3].map((channel) => templates[(unit * 3 + 1) * 4 + channel])),
    [
      [0, 0, 0, -2],
      [-2, 0, 0, 0],
      [-1, 0, 0, 0],
    ],
  )
  t.equal(text('cluster_channel_group.tsv'), 'cluster_id\tchannel_group\n0\t7\n1\t\n2\t\n')
  t.equal(text('cluster_electrode.tsv'), 'cluster_id\telectrode\n0\t9\n1\t\n2\t\n')
  t.match(warnings, {
    SPIKEPORT_PHY_CHANNELS: 'The templates of units 1, 2 are on the first channel of the Phy folder, as the electrode is not known.',
  })
})

t.test('templates on several channels', async (t) => {
  const wave = (channels: number, scale = 1) =>
    new NDArray(
      Float64Array.from({ length: 3 * channels }, (_, i) => scale * (i + 1)),
      [3, channels],
    )
  const { values, shape, warnings, text } = await exported(
    [
      { ch: 4, template: wave(4) },
      { ch: 4, waveform_mean: wave(2, 10), electrodes: [9, 0] },
      { template: wave(3, 100), electrodes: BigInt64Array.of(2n, 4n, 9n) },
      { ch: 2, template: [5, 6, 7] },
    ],
    probe,
  )
  t.strictSame(await shape('templates'), [4, 3, 4])
  t.strictSame(await values('templates'), [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ...[20, 0, 0, 10, 40, 0, 0, 30, 60, 0, 0, 50],
    ...[0, 100, 200, 300, 0, 400, 500, 600, 0, 700, 800, 900],
    ...[0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0],
  ])
  t.strictSame(Object.keys(warnings), [], 'all is kept')
  t.match(text('params.py'), /^offset = 0\ndtype = 'int16'$/m)

  for (const [electrodes, channels] of [
    [[9, 9], 2],
    [[9, 1], 2],
    [[9], 2],
    ['9', 2],
    [undefined, 2],
    [undefined, 5],
    [[[9], [0]], 2],
  ] as const) {
    const { warnings, shape } = await exported(
      [
        { ch: 2, template: [5, 6, 7] },
        { ch: 4, template: wave(channels), electrodes },
      ],
      probe,
    )
    t.strictSame(await shape('templates'), [2, 3, 4])
    t.match(warnings, {
      SPIKEPORT_PHY_PLACEHOLDERS: /of unit 1 in/,
      SPIKEPORT_PHY_ATTRIBUTES_SKIPPED: electrodes ? /'electrodes'/ : /'template'/,
    })
  }
})

t.test('one unit on a probe, and none', async (t) => {
  const { shape } = await exported([{ ch: 4 }], probe)
  t.strictSame(await shape('templates'), [1, 61, 4])
  t.strictSame(await (await exported([], probe)).shape('templates'), [0, 61, 4])
})

t.test('what is no probe is refused', async (t) => {
  for (const [channels, error] of [
    [1, TYPE_ERROR],
    [[1], TYPE_ERROR],
    [{}, TYPE_ERROR],
    [{ ids: [] }, { ...VALUE_ERROR, message: /^Expected at least one channel for channels\.ids but/ }],
    [{ ids: 'ab' }, TYPE_ERROR],
    [{ ids: { length: -1 } }, VALUE_ERROR],
    [{ ids: { length: 1e12 } }, VALUE_ERROR],
    [
      { ids: [4, 9, 4] },
      { ...VALUE_ERROR, message: /^Expected another id than channels\.ids\[0\] for channels\.ids\[2\] but received 4\.$/ },
    ],
    [{ ids: [4, -1] }, VALUE_ERROR],
    [{ ids: [4, 1.5] }, VALUE_ERROR],
    [{ ids: [4, 2 ** 31 - 1] }, VALUE_ERROR],
    [{ ids: [4, '5'] }, TYPE_ERROR],
    [
      { ids: [4, 9], position: [] },
      { ...VALUE_ERROR, message: /position/ },
    ],
    [{ ids: [4, 9], positions: [[1, 2]] }, VALUE_ERROR],
    [{ ids: [4, 9], positions: [[1, 2], [3]] }, VALUE_ERROR],
    [
      {
        ids: [4, 9],
        positions: [
          [1, 2],
          ['3', 4],
        ],
      },
      TYPE_ERROR,
    ],
    [{ ids: [4, 9], positions: [[1, 2], 3] }, TYPE_ERROR],
    [{ ids: [4, 9], positions: new Float64Array(4) }, TYPE_ERROR],
    [{ ids: [4, 9], positions: new NDArray(new Float64Array(6), [2, 3]) }, VALUE_ERROR],
    [
      { ids: [4, 9], shanks: [1] },
      { ...VALUE_ERROR, message: /^Expected 2, one a channel, for channels\.shanks\.length but received 1\.$/ },
    ],
    [{ ids: [4, 9], groups: [1, 2 ** 31] }, VALUE_ERROR],
    [{ ids: [9] }, { ...VALUE_ERROR, message: /^Expected one of the channels for the electrode of unit 0 but received 4\.$/ }],
  ] as const) {
    await t.rejects(exported([{ ch: 4 }], channels), error, JSON.stringify(channels))
  }
  await t.rejects(exported([{ ch: 1.5 }, {}], probe), VALUE_ERROR)
  await t.rejects(exported([{ ch: 'x' }, {}], probe), TYPE_ERROR)
  let reads = 0
  await exported([{ ch: 4 }], {
    get ids() {
      return reads++ === 0 ? [4, 9] : 'read again'
    },
  })
  t.equal(reads, 1)
  for (const options of [
    { phy: false, channels: probe },
    { phy: undefined, channels: probe },
    { phy: false, shift: true, channels: null },
  ]) {
    await t.rejects(exported([{ ch: 4 }], probe, options), { ...VALUE_ERROR, message: /^Expected no value, as phy is off, for/ })
  }
  await t.rejects(exported([{ ch: 4 }], probe, { shift: 1 }), TYPE_ERROR)
})

t.test('times before 0 are moved where that is asked for', async (t) => {
  const folder = `${dir}/shifted`
  const sd = new SpikeData(
    [
      [-99.99, 50],
      [-100, 99.9999],
    ],
    { startTime: -100, length: 200 },
  )
  await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true }), {
    ...VALUE_ERROR,
    message: /^Expected times from 0 ms on for unit 0 but received -99\.99\.$/,
  })
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true, shift: true })
  t.strictSame((await readNpy(`${folder}/spike_times.npy`)).values, BigInt64Array.of(0n, 0n, 4500n, 6000n))
  t.strictSame((await readNpy(`${folder}/spike_clusters.npy`)).values, Int32Array.of(0, 1, 0, 1))
  t.notOk(warnings.some(({ code }) => code === 'SPIKEPORT_START_TIME_LOST'))
  const late = new SpikeData([[1000.5]], { startTime: 1000, length: 10 })
  await exportSpikeDataToKilosort(late, folder, { fsHz, phy: true, shift: true })
  t.strictSame((await readNpy(`${folder}/spike_times.npy`)).values, BigInt64Array.of(15n))
})
