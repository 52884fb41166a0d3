/**
 * What the option `phy` writes beside the spikes, and what it refuses.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { KilosortOptions, NeuronAttributes } from '../../lib/index.js'
import { exportSpikeDataToKilosort, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNpy } from '../support/npy.js'
import { PLAIN, recording, text } from '../support/phy-folder.js'

const dir = t.testdir()
const fsHz = 30000
const array = async (folder: string, name: string) => {
  const { dtype, shape, values } = await readNpy(`${folder}/${name}`)
  return { dtype, shape, values: Array.from<unknown>(values) }
}

/** The messages of an export's warnings, by code. */
const warned = async (attributes: NeuronAttributes[], folder = `${dir}/warned`) => {
  const { warnings } = await exportSpikeDataToKilosort(recording(attributes), folder, { fsHz, phy: true, overwrite: true })
  const messages = Object.fromEntries(warnings.map(({ code, message }) => [code, message]))
  return { channels: messages['SPIKEPORT_PHY_CHANNELS'], skipped: messages['SPIKEPORT_PHY_ATTRIBUTES_SKIPPED'] }
}

t.test('without attributes', async (t) => {
  const folder = `${dir}/plain`
  const report = await exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true })
  t.strictSame(readdirSync(folder).sort(), PLAIN)
  t.strictSame(
    report.paths.toSorted(),
    PLAIN.map((name) => `${folder}/${name}`),
  )
  t.match(report, {
    spikeTimesPath: `${folder}/spike_times.npy`,
    spikeClustersPath: `${folder}/spike_clusters.npy`,
    spikeCount: 4,
    unitCount: 3,
  })
  t.equal(
    report.bytesWritten,
    PLAIN.reduce((sum, name) => sum + readFileSync(`${folder}/${name}`).length, 0),
  )
  t.strictSame(await array(folder, 'spike_times.npy'), { dtype: '<i8', shape: [4], values: [30n, 60n, 90n, 120n] })
  t.strictSame(await array(folder, 'spike_clusters.npy'), { dtype: '<i4', shape: [4], values: [0, 2, 2, 0] })
  t.strictSame(readFileSync(`${folder}/spike_templates.npy`), readFileSync(`${folder}/spike_clusters.npy`))
  t.strictSame(await array(folder, 'channel_map.npy'), { dtype: '<i4', shape: [3], values: [0, 1, 2] })
  t.strictSame(await array(folder, 'channel_positions.npy'), { dtype: '<f8', shape: [3, 2], values: [0, 0, 0, 20, 0, 40] })
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tunsorted\n1\tunsorted\n2\tunsorted\n')
  t.equal(text(folder, 'cluster_si_unit_ids.tsv'), 'cluster_id\tsi_unit_id\n0\t0\n1\t1\n2\t2\n')
  t.equal(
    text(folder, 'params.py'),
    "dat_path = []\nn_channels_dat = 3\ndtype = 'int16'\noffset = 0\nsample_rate = 30000.0\nhp_filtered = False\n",
  )
})

t.test('ids, electrodes, locations and labels', async (t) => {
  const folder = `${dir}/full`
  const sd = recording([
    { electrode: 7, location: [1, 2.5, 9], quality: 'good' },
    { channel: 3, x: 5, y: 6, z: 9, group: 'mua', quality: 'good', KSLabel: 'good' },
    { ch: 0n, position: [0, 0, 9], group: 5, KSLabel: 'a "b"\tc\nü' },
  ])
  await exportSpikeDataToKilosort(sd, folder, { fsHz: 24414.0625, phy: true, clusterIds: [2 ** 31 - 1, 0, 12] })
  const tables = ['KSLabel', 'electrode', 'x', 'y', 'z'].map((name) => `cluster_${name}.tsv`)
  t.strictSame(readdirSync(folder).sort(), [...PLAIN, ...tables].sort())
  t.strictSame(await array(folder, 'channel_map.npy'), { dtype: '<i4', shape: [3], values: [0, 3, 7] })
  t.strictSame((await array(folder, 'channel_positions.npy')).values, [0, 0, 5, 6, 1, 2.5])
  t.strictSame(await array(folder, 'channel_shanks.npy'), { dtype: '<i4', shape: [3], values: [0, 0, 0] })
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tgood\n1\tmua\n2\t"a ""b""\tc\nü"\n')
  t.equal(text(folder, 'cluster_KSLabel.tsv'), 'cluster_id\tKSLabel\n0\t\n1\tgood\n2\t"a ""b""\tc\nü"\n')
  t.equal(text(folder, 'cluster_electrode.tsv'), 'cluster_id\telectrode\n0\t7\n1\t3\n2\t0\n')
  t.equal(text(folder, 'cluster_si_unit_ids.tsv'), 'cluster_id\tsi_unit_id\n0\t2147483647\n1\t0\n2\t12\n')
  t.match(text(folder, 'params.py'), /^n_channels_dat = 8\n(.*\n)*sample_rate = 24414\.0625$/m)
})

t.test('channels are distinct electrodes, each in its place', async (t) => {
  const electrodes = [3, 3, 3, 7, 7, 1]
  const sd = new SpikeData(
    electrodes.map((_, unit) => [unit]),
    {
      neuronAttributes: electrodes.map((electrode) => ({ electrode, x: 5, y: 20 * electrode })),
    },
  )
  const folder = `${dir}/shared`
  const { warnings } = await exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true })
  t.strictSame(await array(folder, 'channel_map.npy'), { dtype: '<i4', shape: [3], values: [1, 3, 7] })
  t.strictSame(await array(folder, 'channel_positions.npy'), { dtype: '<f8', shape: [3, 2], values: [5, 20, 5, 60, 5, 140] })
  t.match(text(folder, 'params.py'), /^n_channels_dat = 8$/m)
  const templates = (await array(folder, 'templates.npy')).values as number[]
  const depths = electrodes.map((_, unit) => 20 + (templates.slice(unit * 61 * 3, (unit + 1) * 61 * 3).findIndex((x) => x !== 0) % 3))
  t.strictSame(
    depths.map((channel) => [20, 60, 140][channel - 20]),
    [60, 60, 60, 140, 140, 20],
  )
  t.strictSame(
    warnings.map(({ code }) => code),
    ['SPIKEPORT_PHY_PLACEHOLDERS'],
    'nothing of the channels is lost',
  )
})

t.test('places that cannot be kept, with the units that had them', async (t) => {
  const line = [0, 0, 0, 20, 0, 40]
  const at = (...locations: number[][]) => locations.map((location) => ({ location }))
  const on = (ch: number, location?: number[]) => (location ? { ch, location } : { ch })
  const NOT_KNOWN = 'The channels of the Phy folder lie on a line, 20 µm apart, as their places are not known.'
  const lost = (why: string) => `Places are not kept in the Phy folder, as ${why}: its channels lie on a line, 20 µm apart.`
  for (const [attributes, expected, message] of [
    [[{}, {}, {}], line, NOT_KNOWN],
    [at([1, 2], [3, 4], [1, 2]), line, lost('unit 2 is in the place of another channel')],
    [at([1], [2], [3]), line, lost('the electrode of units 0, 1, 2 has no place in two dimensions')],
    [at([1, 2], [3, NaN], [5, 6]), line, lost('the electrode of unit 1 has no place in two dimensions')],
    [[{ location: [1, 2] }, {}, {}], line, lost('the electrode of units 1, 2 has no place in two dimensions')],
    [[on(4, [1, 2]), on(4, [1, 2]), on(2)], [0, 0, 0, 20], lost('the electrode of unit 2 has no place in two dimensions')],
    [[on(4, [1, 2]), on(4), on(2, [3, 4])], [3, 4, 1, 2], undefined],
    [
      [on(4, [1, 2]), on(4, [1, 3]), on(2, [3, 4])],
      [3, 4, 1, 2],
      'The Phy folder has each electrode in one place, which is not that of unit 1.',
    ],
    [
      at([1, 2, 0], [1, 3, 7], [0, 2, -1]),
      [1, 2, 1, 3, 0, 2],
      'The Phy folder has places of two coordinates, and not the third of units 1, 2.',
    ],
    [at([1, 2], [1, 3], [0, 2]), [1, 2, 1, 3, 0, 2], undefined],
    [
      [{ electrode: 1 }, {}, { ch: 2 }],
      line,
      `Electrodes are not kept as channels of the Phy folder, as unit 1 has none: each unit has a channel of its own. ${NOT_KNOWN}`,
    ],
  ] as const) {
    const { channels } = await warned([...attributes], `${dir}/positions`)
    t.equal(channels, message)
    t.strictSame((await array(`${dir}/positions`, 'channel_positions.npy')).values, expected)
  }
  const many = Array.from({ length: 30 }, (_, unit) => (unit % 2 === 0 ? { electrode: unit } : {}))
  const { warnings } = await exportSpikeDataToKilosort(new SpikeData([], { N: 30, neuronAttributes: many }), `${dir}/many`, {
    fsHz,
    phy: true,
  })
  t.match(warnings, [{ message: /as units 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 5 more have none/ }])
})

t.test('a table for each attribute of numbers or of texts', async (t) => {
  const folder = `${dir}/attributes`
  const tables = async (...attributes: NeuronAttributes[]) => {
    const { skipped } = await warned(attributes, folder)
    const names = readdirSync(folder).filter((name) => /^cluster_(?!group|si_unit_ids)/.test(name))
    const unheld = /no table can hold all values of ([^;]*?)[;.]/.exec(skipped ?? '')?.[1]
    const unnamable = /no table can have the names (.*), which are/.exec(skipped ?? '')?.[1]
    return {
      ...(unheld && { unheld }),
      ...(unnamable && { unnamable }),
      ...Object.fromEntries(names.map((name) => [name.slice(8, -4), text(folder, name)])),
    }
  }
  t.strictSame(
    await tables(
      { snr: 5.5, width: 120, area: 'CA1', big: 2n ** 62n, tiny: 1e-7, huge: 1e21, none: NaN, blank: '', 'a name': 1 },
      { snr: -0, width: NaN, area: 'with\ttab', big: 3, tiny: -2.5e-9, none: null },
      { width: 1e-3, area: '' },
    ),
    {
      snr: 'cluster_id\t"snr"\n0\t5.5\n1\t0\n2\t\n',
      width: 'cluster_id\t"width"\n0\t120\n1\t\n2\t0.001\n',
      area: 'cluster_id\t"area"\n0\tCA1\n1\t"with\ttab"\n2\t\n',
      big: 'cluster_id\t"big"\n0\t4611686018427387904\n1\t3\n2\t\n',
      tiny: 'cluster_id\t"tiny"\n0\t1.0e-7\n1\t-2.5e-9\n2\t\n',
      huge: 'cluster_id\t"huge"\n0\t1.0e+21\n1\t\n2\t\n',
      'a name': 'cluster_id\t"a name"\n0\t1\n1\t\n2\t\n',
    },
  )
  const unheld = { array: [1], flag: true, object: {}, mixed: 1, endless: Infinity, digits: '5', na: 'NA', id: [1] }
  t.strictSame(await tables({ ...unheld, fine: 1 }, { mixed: 'a' }, {}), {
    unheld: "'array', 'flag', 'object', 'mixed', 'endless', 'digits', 'na', 'id'",
    fine: 'cluster_id\t"fine"\n0\t1\n1\t\n2\t\n',
  })
  const none = { group: '', quality: '', KSLabel: '', id: NaN, blank: '' }
  t.strictSame(await tables(none, none, none), {}, 'nothing is lost')
  for (const [name, shown = name] of [
    ...[
      'id',
      'similarity',
      'info',
      'amp',
      'depth',
      'fr',
      'sh',
      'n_spikes',
      'si_unit_id',
      'si_unit_ids',
      'SI_Unit_IDs',
      'Group',
      'kslabel',
    ].map((name) => [name] as const),
    ...([['a/b'], ['a"b'], ['a\nb', 'a\\x0ab'], ['x'.repeat(201), `${'x'.repeat(38)}...${'x'.repeat(38)}`]] as const),
  ]) {
    t.strictSame(await tables({ [name]: 1 }, {}, {}), { unnamable: `'${shown}'` }, name)
  }
  t.strictSame(await tables({ snr: 1, SNR: 2, Electrode: 3, ch: 4 }, { ch: 5 }, { ch: 6 }), {
    unnamable: "'SNR', 'Electrode'",
    electrode: 'cluster_id\telectrode\n0\t4\n1\t5\n2\t6\n',
    snr: 'cluster_id\t"snr"\n0\t1\n1\t\n2\t\n',
  })
  t.strictSame(
    (await tables(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, []])), {}, {})).unheld,
    "'n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9' and 2 more",
  )
  for (const labels of [
    ['good', 3, {}],
    [3, 'good', undefined],
    ['', {}, 'good'],
  ]) {
    t.strictSame(await tables(...labels.map((KSLabel) => ({ KSLabel }))), {
      unheld: "'KSLabel'",
      KSLabel: `cluster_id\tKSLabel\n${labels.map((label, unit) => `${unit}\t${label === 'good' ? 'good' : ''}\n`).join('')}`,
    })
  }

  t.strictSame(await tables({ ch: 4, channel: 4, electrode: 4 }, { ch: 5 }, { channel: 6n, ch: 7 }), {
    unnamable: "'ch'",
    electrode: 'cluster_id\telectrode\n0\t4\n1\t5\n2\t6\n',
  })
  t.strictSame(await tables({ electrode: 4 }, {}, { quality: 'good' }), { electrode: 'cluster_id\telectrode\n0\t4\n1\t\n2\t\n' })
  t.strictSame(await tables({ group: 'good', quality: 'fair' }, { group: 5, quality: 'good' }, { KSLabel: 1 }), {
    unnamable: "'quality', 'group', 'KSLabel'",
  })
  t.strictSame(await tables({ location: [1, 2] }, { position: [3, 4] }, { x: 1, y: 5, location: [1, 6] }), {
    x: 'cluster_id\t"x"\n0\t\n1\t\n2\t1\n',
    y: 'cluster_id\t"y"\n0\t\n1\t\n2\t5\n',
  })
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`name ${i}`, i]))
  await t.rejects(warned([many, {}, {}]), { ...VALUE_ERROR, message: /at most 1000 names.*neuronAttributes/ })
})

t.test('groups that Phy knows are in lower case', async (t) => {
  const folder = `${dir}/groups`
  await warned([{ group: 'Good' }, { quality: 'MUA' }, { KSLabel: 'Fair', group: '' }], folder)
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tgood\n1\tmua\n2\tFair\n')
  await warned([{ group: 'NOISE' }, { quality: 'Unsorted' }, {}], folder)
  t.equal(text(folder, 'cluster_group.tsv'), 'cluster_id\tgroup\n0\tnoise\n1\tunsorted\n2\tunsorted\n')
})

t.test('any number of units, with and without spikes', async (t) => {
  for (const N of [0, 1, 2, 1500]) {
    for (const train of [[], N > 0 ? [[1]] : []]) {
      const folder = `${dir}/units`
      await exportSpikeDataToKilosort(new SpikeData(train, { N }), folder, { fsHz, phy: true })
      t.strictSame(
        (await array(folder, 'channel_map.npy')).values,
        Array.from({ length: N }, (_, unit) => unit),
      )
      t.equal(existsSync(`${folder}/cluster_si_unit_ids.tsv`), N > 0, 'SpikeInterface takes no table of ids without a row')
      const rows = text(folder, 'cluster_group.tsv').split('\n').slice(1, -1)
      t.strictSame(
        rows,
        Array.from({ length: N }, (_, unit) => `${unit}\tunsorted`),
      )
      t.equal((await array(folder, 'spike_times.npy')).values.length, train.length)
    }
  }
})

t.test('what is refused, before anything is written', async (t) => {
  const folder = `${dir}/refused`
  const wrong = (value: unknown) => value as never
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [{ phy: wrong(1) }, TYPE_ERROR, /phy/],
    [{ phy: wrong(null) }, TYPE_ERROR, /phy/],
    [{ phy: wrong([]) }, TYPE_ERROR, /phy/],
    [{ phy: wrong('templates') }, TYPE_ERROR, /\{ templates, recording, pcFeatures \} for phy/],
    [{ phy: wrong({ template: true }) }, VALUE_ERROR, /the name of an option for phy but received 'template'/],
    [{ phy: { templates: wrong(1) } }, TYPE_ERROR, /phy\.templates/],
    [{ phy: { templates: wrong(false) } }, VALUE_ERROR, /true, as Phy needs templates, for phy\.templates but received false/],
    [{ overwrite: wrong('yes') }, TYPE_ERROR, /a boolean for overwrite/],
    [{ phy: {}, timeUnit: 'ms' }, VALUE_ERROR, /timeUnit/],
    [{ timeUnit: 'ms' }, VALUE_ERROR, /'samples'.*timeUnit.*'ms'/],
    [{ timeUnit: 's' }, VALUE_ERROR, /timeUnit/],
    [{ spikeTimesFile: 'times.npy' }, VALUE_ERROR, /spike_times\.npy.*spikeTimesFile/],
    [{ spikeClustersFile: 'clusters' }, VALUE_ERROR, /spike_clusters\.npy.*spikeClustersFile/],
    [{ clusterIds: [1, -1, 2] }, VALUE_ERROR, /clusterIds\[1\].*-1/],
    [{ clusterIds: [1, 2, 2 ** 31] }, VALUE_ERROR, /clusterIds\[2\]/],
    [{ clusterIds: [1, 2, 1] }, VALUE_ERROR, /another id than clusterIds\[0\].*clusterIds\[2\]/],
  ]
  const attributes: [NeuronAttributes, RegExp][] = [
    [{ ch: -1 }, /electrode of unit 1.*-1/],
    [{ ch: 2 ** 31 - 1 }, /electrode of unit 1/],
    [{ ch: 0.5 }, /electrode of unit 1.*0\.5/],
    [{ ch: 1, group: '2nd' }, /letter.*group of unit 1.*'2nd'/],
    [{ ch: 1, quality: 'µ' }, /letter.*quality of unit 1/],
    [{ ch: 1, group: 'NA' }, /another value.*group of unit 1.*'NA'/],
    [{ ch: 1, quality: 'nan ' }, /another value/],
    [{ ch: 1, KSLabel: 'N/A' }, /another value/],
    [{ ch: 1, KSLabel: 'Infinity' }, /another value/],
    [{ ch: 1, KSLabel: 'True' }, /another value/],
    [{ ch: 1, KSLabel: 'a\0b' }, /one line.*KSLabel of unit 1/],
    [{ ch: 1, group: 'a\rb' }, /one line/],
    [{ ch: 1, group: 'a\ud800' }, /one line/],
  ]
  for (const [options, error, message] of refused) {
    await t.rejects(exportSpikeDataToKilosort(recording(), folder, { fsHz, phy: true, ...options } as KilosortOptions), {
      ...error,
      message,
    })
  }
  for (const [entry, message] of attributes) {
    const sd = recording([{ ch: 1 }, entry, { ch: 1 }])
    await t.rejects(exportSpikeDataToKilosort(sd, folder, { fsHz, phy: true }), { ...VALUE_ERROR, message })
  }
  t.notOk(existsSync(folder))
})
