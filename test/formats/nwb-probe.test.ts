/**
 * The probe of an NWB file as the caller gives it: devices, groups of electrodes, and the electrode table.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { NwbElectrode, NwbOptions, NwbProbe } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const EPHYS = 'general/extracellular_ephys'
const TABLE = `${EPHYS}/electrodes`
const START = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

function recording(neuronAttributes: object[], channels = 0): SpikeData {
  const raw = channels > 0 && { rawData: new NDArray(new Int16Array(channels * 2), [channels, 2]), rawTime: 20 }
  return new SpikeData([], { N: neuronAttributes.length, neuronAttributes, ...raw })
}

async function exported(probe: NwbProbe, neuronAttributes: object[] = [], options: Pick<NwbOptions, 'rawData'> = {}, channels = 0) {
  const { warnings } = await exportSpikeDataToNwb(recording(neuronAttributes, channels), file, {
    ...options,
    nwb: { ...START, ...probe },
  } as NwbOptions)
  const objects = await readNwb(file)
  const inTable = Object.entries(objects).filter(([path]) => path.startsWith(`${TABLE}/`))
  return { objects, warnings, table: Object.fromEntries(inTable.map(([path, { value }]) => [path.slice(TABLE.length + 1), value])) }
}

const group = (name: string) => `-> /${EPHYS}/${name}`

t.test('everything about devices, groups and electrodes', async (t) => {
  const { objects, table, warnings } = await exported({
    devices: [{ name: 'left', description: 'A probe.', manufacturer: 'A maker' }, { name: 'right' }],
    electrodeGroups: [
      { name: 'shank 0', description: 'The first shank.', location: 'CA1', device: 'right' },
      { name: 'shank 1', device: 'left' },
    ],
    electrodes: [
      {
        group: 'shank 1',
        x: 1,
        y: 2,
        z: 3,
        relX: 10,
        relY: 20,
        relZ: 30,
        imp: 1e5,
        filtering: 'HP',
        reference: 'Screw',
        channelName: 'AP0',
      },
      { id: 1n, group: 'shank 0', location: 'CA3', relX: -0, columns: { gain: 1.5, depth: 7, label: 'µ', isBad: false, isKnown: true } },
      { group: 'shank 0', relX: NaN, columns: { gain: 2, depth: -1, label: null, isBad: true, nothing: undefined, unknown: NaN } },
      { id: 3, group: 'shank 1', columns: { depth: 2n ** 62n, isBad: false } },
    ],
    electrodeColumnDescriptions: { gain: 'The gain.', nothing: 'No electrode has one.' },
  })
  t.strictSame(warnings, [])
  t.strictSame(table, {
    id: [0n, 1n, 2n, 3n],
    location: ['unknown', 'CA3', 'CA1', 'unknown'],
    group: ['shank 1', 'shank 0', 'shank 0', 'shank 1'].map(group),
    group_name: ['shank 1', 'shank 0', 'shank 0', 'shank 1'],
    channel_name: ['AP0', '1', '2', '3'],
    x: [1, NaN, NaN, NaN],
    y: [2, NaN, NaN, NaN],
    z: [3, NaN, NaN, NaN],
    rel_x: [10, -0, NaN, NaN],
    rel_y: [20, NaN, NaN, NaN],
    rel_z: [30, NaN, NaN, NaN],
    imp: [1e5, NaN, NaN, NaN],
    filtering: ['HP', '', '', ''],
    reference: ['Screw', '', '', ''],
    gain: [NaN, 1.5, 2, NaN],
    depth: [NaN, 7, -1, 2 ** 62],
    label: ['', 'µ', '', ''],
    isBad: [NaN, 0, 1, 0],
    isKnown: [NaN, 1, NaN, NaN],
  })
  const colnames = [
    ...['location', 'group', 'group_name', 'channel_name', 'x', 'y', 'z', 'rel_x', 'rel_y', 'rel_z', 'imp', 'filtering', 'reference'],
    ...['gain', 'depth', 'label', 'isBad', 'isKnown'],
  ]
  t.match(objects[TABLE]!.attributes, { neurodata_type: 'DynamicTable', colnames })
  t.equal(objects[`${TABLE}/gain`]!.attributes['description'], 'The gain.')
  t.equal(
    objects[`${TABLE}/isBad`]!.attributes['description'],
    `The 'isBad' of each electrode. 1 is true, 0 is false, and NaN is not known.`,
  )
  t.match(objects['general/devices/left']!.attributes, { neurodata_type: 'Device', description: 'A probe.\nManufacturer: A maker' })
  t.match(objects['general/devices/right']!.attributes, { description: 'Nothing is known about this device.' })
  const first = { neurodata_type: 'ElectrodeGroup', description: 'The first shank.', location: 'CA1' }
  t.match(objects[`${EPHYS}/shank 0`]!.attributes, first)
  t.match(objects[`${EPHYS}/shank 1`]!.attributes, { description: 'The electrodes of this group.', location: 'unknown' })
})

t.test('each kind of column where all electrodes have a value', async (t) => {
  const { objects, table } = await exported({
    electrodes: [
      { columns: { whole: 1, big: 2n ** 63n - 1n, half: 0.5, text: '', flag: true } },
      { columns: { whole: -2, big: 5, half: 1, text: 'b', flag: false } },
    ],
  })
  t.match(table, { whole: [1n, -2n], big: [2n ** 63n - 1n, 5n], half: [0.5, 1], text: ['', 'b'], flag: [1, 0] })
  t.equal(objects[`${TABLE}/flag`]!.kind, 'boolean')
  t.strictSame(table['channel_name'], ['0', '1'])
  t.strictSame(table['group'], Array(2).fill(group('electrode_group')))
})

t.test('one row for each channel, and units on a few of them', async (t) => {
  const electrodes = Array.from(
    { length: 384 },
    (_, i): NwbElectrode => ({ relX: (i % 2) * 32, relY: 20 * Math.floor(i / 2), location: 'CA1' }),
  )
  const units = Array.from({ length: 12 }, (_, i) => ({ electrode: 383 - 30 * i, x: i, y: 2 * i }))
  const { objects, table, warnings } = await exported({ electrodes }, units, { rawData: { conversion: 1 } }, 384)
  t.strictSame(warnings, [])
  t.strictSame(
    table['id'],
    Array.from({ length: 384 }, (_, i) => BigInt(i)),
  )
  t.strictSame(table['location'], Array(384).fill('CA1'))
  t.strictSame(
    table['rel_y'],
    electrodes.map(({ relY }) => relY),
  )
  t.notOk('x' in table, 'places of units are not those of electrodes')
  t.strictSame(
    objects['units/electrodes']!.value,
    units.map(({ electrode }) => BigInt(electrode)),
  )
  t.strictSame(
    objects['units/electrodes_index']!.value,
    units.map((_, i) => i + 1),
  )
  t.strictSame(
    objects['units/x']!.value,
    units.map((_, i) => BigInt(i)),
  )
  t.notOk('units/electrode' in objects)
  t.strictSame(objects['acquisition/ElectricalSeries/electrodes']!.value, table['id'])
})

t.test('ids that are no row numbers', async (t) => {
  const electrodes = [{ id: 7 }, { id: -3 }, { id: 2n ** 63n - 1n }, { id: 0 }]
  const units = [{ electrode: -3 }, {}, { ch: 2n ** 63n - 1n }, { electrode: null, channel: 7 }]
  const rawData = { conversion: 1, electrodes: [0, -3] }
  const { objects, table, warnings } = await exported({ electrodes }, units, { rawData }, 2)
  t.match(warnings, [{ code: 'SPIKEPORT_NWB_ELECTRODE_ROWS', message: /^The ids of nwb\.electrodes are not 0, 1, … in their order, so/ }])
  t.strictSame(table['id'], [7n, -3n, 2n ** 63n - 1n, 0n])
  t.strictSame(table['channel_name'], ['7', '-3', '9223372036854775807', '0'])
  t.strictSame(objects['units/electrodes']!.value, [1n, 2n, 0n])
  t.strictSame(objects['units/electrodes_index']!.value, [1, 1, 2, 3])
  t.strictSame(objects['acquisition/ElectricalSeries/electrodes']!.value, [3n, 1n])
  const inOrder = await exported({ electrodes }, [], { rawData: { conversion: 1 } }, 4)
  t.strictSame(inOrder.objects['acquisition/ElectricalSeries/electrodes']!.value, [0n, 1n, 2n, 3n], 'channel k is the k-th entry')
  t.strictSame(inOrder.warnings, [], 'no unit refers to a row')
})

t.test('no electrodes, no units on them, and the same for one group', async (t) => {
  const none = await exported({ electrodes: [], electrodeGroups: [{ name: 'shank' }] }, [{ snr: 1 }])
  t.notOk(TABLE in none.objects)
  t.ok(`${EPHYS}/shank` in none.objects)
  const unused = await exported({ electrodes: [{}] }, [{ snr: 1 }])
  t.strictSame(unused.table['id'], [0n])
  t.notOk('units/electrodes' in unused.objects)
  const named = await exported({
    electrodes: [{ group: 'array' }, {}],
    electrodeGroup: { name: 'array', location: 'V1', device: 'device' },
  })
  t.match(named.table, { group: [group('array'), group('array')], location: ['V1', 'V1'] })
  const devices = await exported({ devices: [{ name: 'a' }, { name: 'b' }], electrodeGroup: { device: 'b' } })
  t.ok(['general/devices/a', 'general/devices/b', `${EPHYS}/electrode_group`].every((path) => path in devices.objects))
})

t.test('each entry and each value is read once', async (t) => {
  const reads: string[] = []
  const watched = <T extends object>(object: T, name: string): T =>
    new Proxy(object, {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && key !== 'constructor') reads.push(`${name}.${key}`)
        return Reflect.get(target, key, receiver)
      },
    })
  const columns = watched({ gain: 1 }, 'columns')
  const electrodes = watched([watched({ relX: 1, columns } as NwbElectrode, 'entry')], 'list')
  await exported({ electrodes })
  const counted = (read: string) => reads.filter((other) => other === read).length
  t.strictSame(['list.0', 'entry.relX', 'entry.columns', 'columns.gain'].map(counted), [1, 1, 1, 1])
})

t.test('names that only the units have are free for columns of electrodes', async (t) => {
  const { table } = await exported({ electrodes: [{ columns: { resolution: 1, spike_times: 2, electrode_group: 'a' } }] })
  t.match(table, { resolution: [1], spike_times: [2], electrode_group: ['a'] })
})

t.test('channels of one name in different groups', async (t) => {
  const electrodes = ['a', 'b'].map((group) => ({ group, channelName: 'AP0' }))
  const { table } = await exported({ electrodeGroups: [{ name: 'a' }, { name: 'b' }], electrodes })
  t.strictSame(table['channel_name'], ['AP0', 'AP0'])
})

t.test('descriptions of the columns of electrodes and groups of units', async (t) => {
  const columnDescriptions = { electrodes: 'Where it is seen.', electrode_group: 'Its shank.', other: 'Nothing.' }
  const probe = { electrodes: [{}, {}], electrodeGroups: [{ name: 'a' }], columnDescriptions }
  const { objects, warnings } = await exported(probe, [{ electrodes: [0, 1], electrode_group: 'a' }])
  t.equal(objects['units/electrodes']!.attributes!['description'], 'Where it is seen.')
  t.equal(objects['units/electrode_group']!.attributes!['description'], 'Its shank.')
  t.match(warnings, [{ code: 'SPIKEPORT_NWB_DESCRIPTIONS_UNUSED', message: /are made from|is made from: 'other'\.$/ }])
  t.equal(warnings.length, 1)
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const many = Array.from({ length: 257 }, (_, i) => ({ name: `d${i}` }))
  const two = [{ name: 'a' }, { name: 'b' }]
  const entry = (entry: unknown) => ({ electrodes: [{}, entry] })
  const column = (name: string, ...values: unknown[]) => ({ electrodes: values.map((value) => ({ columns: { [name]: value } })) })
  const names = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`c${i}`, 1]))
  const refused: [probe: object, error: typeof TYPE_ERROR, message: RegExp, units?: object[]][] = [
    [{ devices: 'x' }, TYPE_ERROR, /an array of objects for nwb\.devices /],
    [{ devices: [] }, VALUE_ERROR, /1 to 256 entries for nwb\.devices\.length .* 0/],
    [{ devices: many }, VALUE_ERROR, /1 to 256 entries for nwb\.devices\.length/],
    [{ devices: [undefined] }, TYPE_ERROR, /an object for nwb\.devices\[0\]/],
    [{ devices: [{}] }, TYPE_ERROR, /a string for nwb\.devices\[0\]\.name .* undefined/],
    [{ devices: [{ name: 'a' }, { name: 'a' }] }, VALUE_ERROR, /another name than nwb\.devices\[0\] has for nwb\.devices\[1\]\.name/],
    [{ devices: [{ name: 'a/b' }] }, VALUE_ERROR, /without slashes/],
    [{ devices: two, device: {} }, VALUE_ERROR, /no value, as nwb\.devices is given, for nwb\.device /],
    [{ devices: two, electrodeGroup: {} }, TYPE_ERROR, /nwb\.electrodeGroup\.device/],
    [{ devices: two, electrodeGroup: { device: 'c' } }, VALUE_ERROR, /the name of a device of nwb for nwb\.electrodeGroup\.device .*'c'/],
    [{ electrodeGroup: { device: 'x' } }, VALUE_ERROR, /the name of a device/],
    [{ electrodeGroups: two }, TYPE_ERROR, /an array of electrodes, as nwb\.electrodeGroups is given, for nwb\.electrodes/],
    [
      { electrodeGroups: two, electrodeGroup: {}, electrodes: [] },
      VALUE_ERROR,
      /no value, as nwb\.electrodeGroups is given, for nwb\.electrodeGroup /,
    ],
    [{ electrodeGroups: [{ name: 'electrodes' }], electrodes: [] }, VALUE_ERROR, /another name than electrodes/],
    [{ electrodeGroups: two, electrodes: [{}] }, TYPE_ERROR, /a string for nwb\.electrodes\[0\]\.group/],
    [
      { electrodeGroups: two, electrodes: [{ group: 'c' }] },
      VALUE_ERROR,
      /the name of a group of electrodes for nwb\.electrodes\[0\]\.group/,
    ],
    [{ electrodes: {} }, TYPE_ERROR, /an array of electrodes for nwb\.electrodes/],
    [{ electrodes: [,] }, TYPE_ERROR, /an object for nwb\.electrodes\[0\]/],
    [entry([]), TYPE_ERROR, /an object for nwb\.electrodes\[1\]/],
    [entry({ rel_x: 1 }), VALUE_ERROR, /the name of an option for nwb\.electrodes\[1\] .*'rel_x' \(did you mean relX\?\)/],
    [entry({ id: 0 }), VALUE_ERROR, /another id than nwb\.electrodes\[0\] has for nwb\.electrodes\[1\]\.id/],
    [entry({ id: '1' }), TYPE_ERROR, /a safe integer.*nwb\.electrodes\[1\]\.id/],
    [entry({ id: 2n ** 63n }), VALUE_ERROR, /a safe integer/],
    [entry({ id: 1.5 }), VALUE_ERROR, /a safe integer/],
    [entry({ x: '1' }), TYPE_ERROR, /a number for nwb\.electrodes\[1\]\.x/],
    [entry({ relY: Infinity }), VALUE_ERROR, /a finite number for nwb\.electrodes\[1\]\.relY/],
    [entry({ location: '' }), VALUE_ERROR, /not empty.*nwb\.electrodes\[1\]\.location/],
    [
      { electrodes: [{ channelName: '1' }, {}] },
      VALUE_ERROR,
      /another name than nwb\.electrodes\[0\] has in the same group for nwb\.electrodes\[1\]\.channelName but received '1'/,
    ],
    [entry({ channelName: 5 }), TYPE_ERROR, /a string for nwb\.electrodes\[1\]\.channelName/],
    [entry({ filtering: 'a\0' }), VALUE_ERROR, /NUL.*nwb\.electrodes\[1\]\.filtering/],
    [entry({ columns: [1] }), TYPE_ERROR, /a plain object for nwb\.electrodes\[1\]\.columns/],
    [column('a', 1, 'b'), TYPE_ERROR, /a number, as in nwb\.electrodes\[0\], for nwb\.electrodes\[1\]\.columns\['a'\]/],
    [column('a', undefined, true, 1), TYPE_ERROR, /a boolean, as in nwb\.electrodes\[1\], for nwb\.electrodes\[2\]/],
    [column('a', [1]), TYPE_ERROR, /a number, a text or a boolean for nwb\.electrodes\[0\]\.columns\['a'\]/],
    [column('a', 'x\ud800'), VALUE_ERROR, /lone surrogates/],
    [column('a', 2n ** 64n + 1n), VALUE_ERROR, /int64 or float64 for the column 'a' of nwb\.electrodes/],
    [column('a/b', 1), VALUE_ERROR, /names that an object in a file can have for nwb\.electrodes\[0\]\.columns/],
    ...['location', 'rel_x', 'channel_name', 'id', 'colnames', 'parent', 'add_row', 'x_index', '__init__'].map((name) => {
      const message = /names that neither the table nor its readers have for nwb\.electrodes\[0\]\.columns/
      return [column(name, 1), VALUE_ERROR, message] as [object, typeof TYPE_ERROR, RegExp]
    }),
    [{ electrodes: [{ columns: names }] }, VALUE_ERROR, /at most 1000 names of columns/],
    [
      { electrodeColumnDescriptions: { a: 'b' } },
      VALUE_ERROR,
      /no value, as nwb\.electrodes is not given, for nwb\.electrodeColumnDescriptions/,
    ],
    [{ electrodes: [{}], electrodeColumnDescriptions: { a: 'b' } }, VALUE_ERROR, /the name of a column of nwb\.electrodes/],
    [{ electrodes: [{}], electrodeColumnDescriptions: ['b'] }, TYPE_ERROR, /an object for nwb\.electrodeColumnDescriptions/],
    [{ ...column('a', 1), electrodeColumnDescriptions: { a: '' } }, VALUE_ERROR, /not empty.*electrodeColumnDescriptions\['a'\]/],
    [
      { electrodes: [{}] },
      VALUE_ERROR,
      /the id of an entry of nwb\.electrodes for an electrode of unit 1 .* 1\./,
      [{ electrode: 0 }, { electrode: 1 }],
    ],
    [{ electrodes: [{}] }, VALUE_ERROR, /a safe integer.* for the electrode of unit 0 .* 0\.5/, [{ electrode: 0.5 }]],
  ]
  for (const [nwb, error, message, units = []] of refused) {
    await t.rejects(exportSpikeDataToNwb(recording(units), target, { nwb: nwb as NwbProbe }), { ...error, message }, String(message))
    t.notOk(existsSync(target))
  }
  const raw = (rawData: object) => exportSpikeDataToNwb(recording([], 2), target, { nwb: { electrodes: [{}] }, rawData } as NwbOptions)
  const noList = /a list, as nwb\.electrodes has 1 entries for 2 channels, for rawData\.electrodes .* undefined/
  await t.rejects(raw({ conversion: 1 }), { ...TYPE_ERROR, message: noList })
  await t.rejects(raw({ conversion: 1, electrodes: [0, 1] }), {
    ...VALUE_ERROR,
    message: /entry of nwb\.electrodes for rawData\.electrodes\[1\]/,
  })
})
