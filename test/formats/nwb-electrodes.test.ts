/**
 * The electrode table of an NWB file, and which attributes it holds.
 */
import t from 'tap'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { readNwb } from '../support/nwb-file.js'
import { warningsOf } from '../support/warnings.js'

const file = `${t.testdir()}/file.nwb`
const TABLE = 'general/extracellular_ephys/electrodes'

async function exported(neuronAttributes: object[], location?: string) {
  const sd = new SpikeData([], { N: neuronAttributes.length, neuronAttributes })
  const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00', ...(location && { electrodeGroup: { location } }) }
  let warnings: [string, string][] = []
  warnings = await warningsOf(() => exportSpikeDataToNwb(sd, file, { nwb }))
  const objects = await readNwb(file)
  const inTable = Object.entries(objects).filter(([path]) => path.startsWith(`${TABLE}/`))
  return {
    objects,
    warnings: warnings.map(([code]) => code),
    regions: objects['units/electrodes']?.value,
    table: Object.fromEntries(inTable.map(([path, { value }]) => [path.slice(TABLE.length + 1), value])),
    columns: (objects['units']!.attributes['colnames'] as string[]).filter(
      (name) => !/^(spike_times|obs_intervals|electrodes)$/.test(name),
    ),
  }
}

t.test('row k is channel k', async (t) => {
  const { objects, table, regions, columns, warnings } = await exported(
    [
      { electrode: 3, location: [1, 2] },
      { electrode: 3, location: [1, 2] },
      { electrode: 5, location: [7, 8] },
    ],
    'CA1',
  )
  t.strictSame(regions, [3n, 3n, 5n])
  const group = '-> /general/extracellular_ephys/electrode_group'
  t.strictSame(table, {
    id: [0n, 1n, 2n, 3n, 4n, 5n],
    location: ['unknown', 'unknown', 'unknown', 'CA1', 'unknown', 'CA1'],
    group: Array(6).fill(group),
    group_name: Array(6).fill('electrode_group'),
    channel_name: ['0', '1', '2', '3', '4', '5'],
    x: [NaN, NaN, NaN, 1, NaN, 7],
    y: [NaN, NaN, NaN, 2, NaN, 8],
    rel_x: [NaN, NaN, NaN, 1, NaN, 7],
    rel_y: [NaN, NaN, NaN, 2, NaN, 8],
  })
  t.strictSame(columns, [])
  t.strictSame(warnings, [])
  t.match(objects[TABLE]!.attributes, {
    neurodata_type: 'DynamicTable',
    colnames: ['location', 'group', 'group_name', 'channel_name', 'x', 'y', 'rel_x', 'rel_y'],
  })
  t.match(objects['units/electrodes'], {
    kind: '<q',
    attributes: { namespace: 'hdmf-common', neurodata_type: 'DynamicTableRegion', table: `-> /${TABLE}` },
  })
  t.match(objects['units/electrodes_index'], { kind: '<I', value: [1, 2, 3], attributes: { target: '-> /units/electrodes' } })
})

t.test('any names, one to three dimensions', async (t) => {
  const flat = await exported([
    { ch: 1, x: 25.5, y: 0 },
    { channel: 0n, x: 50, y: 1 },
  ])
  t.strictSame(flat.regions, [1n, 0n])
  t.match(flat.table, { x: [50, 25.5], y: [1, 0], rel_x: [50, 25.5], rel_y: [1, 0] })
  t.strictSame(flat.columns, [])
  t.strictSame(Object.keys((await exported([{ ch: 0, location: [1] }])).table).includes('y'), false)
  t.match((await exported([{ ch: 0, position: [1, 2, 3] }])).table, { x: [1], y: [2], z: [3], rel_x: [1], rel_y: [2], rel_z: [3] })
  const without = await exported([{ electrode: 0 }])
  t.strictSame(Object.keys(without.table).sort(), ['channel_name', 'group', 'group_name', 'id', 'location'])
})

t.test('ids that are no row numbers', async (t) => {
  const cases: [unknown[], bigint[], bigint[]][] = [
    [
      [-1, -7],
      [-7n, -1n],
      [1n, 0n],
    ],
    [
      [65_536, 3, 65_536],
      [3n, 65_536n],
      [1n, 0n, 1n],
    ],
    [
      [2n ** 62n, 0],
      [0n, 2n ** 62n],
      [1n, 0n],
    ],
    [
      [65_537.5, 0.25, 65_537],
      [0n, 65_537n],
      [1n, 0n, 1n],
    ],
  ]
  for (const [electrodes, ids, rows] of cases) {
    const { table, regions, warnings } = await exported(
      electrodes.map((electrode) => ({ electrode })),
      'CA1',
    )
    t.strictSame(table['id'], ids)
    t.strictSame(regions, rows)
    const isCut = electrodes.some((electrode) => typeof electrode === 'number' && !Number.isInteger(electrode))
    t.strictSame(warnings, [...(isCut ? ['SPIKEPORT_NWB_ELECTRODES_LOST'] : []), 'SPIKEPORT_NWB_ELECTRODE_ROWS'])
    t.strictSame(table['channel_name'], ids.map(String))
    t.strictSame(
      table['location'],
      ids.map(() => 'CA1'),
    )
  }
  t.strictSame(
    (await exported([{ electrode: 65_535 }])).table['id'],
    Array.from({ length: 65_536 }, (_, i) => BigInt(i)),
  )
})

t.test('attributes that the table does not hold stay columns', async (t) => {
  const cases: [object[], string[]][] = [
    [
      [
        { electrode: 1, channel: 2 },
        { electrode: 3, channel: 4 },
      ],
      ['channel'],
    ],
    [[{ electrode: 1, channel: 1n }, { channel: 4 }], []],
    [[{ electrode: 1, ch: '1' }, { electrode: 3 }], ['ch']],
    [[{ electrode: 1.5 }, { electrode: 2 }], ['electrode']],
    [[{ electrode: 1 }, {}], ['electrode']],
    [
      [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      ['x', 'y'],
    ],
    [
      [
        { electrode: 1, x: 1, y: 2 },
        { electrode: 1, x: 1, y: 3 },
      ],
      ['x', 'y'],
    ],
    [
      [
        { electrode: 1, location: [1, 2] },
        { electrode: 2, x: 1, y: 3 },
      ],
      ['location', 'x', 'y'],
    ],
    [
      [
        { electrode: 1, location: [1, 2], x: 5, y: 6 },
        { electrode: 2, location: [3, 4] },
      ],
      ['x', 'y'],
    ],
    [
      [
        { electrode: 1, location: [1, 2, 3, 4] },
        { electrode: 2, location: [1, 2, 3, 5] },
      ],
      ['location'],
    ],
    [
      [
        { electrode: 1, x: 1, y: 2, z: 3 },
        { electrode: 1, x: 1, y: 2, z: 3 },
      ],
      [],
    ],
  ]
  for (const [attributes, expected] of cases) t.strictSame((await exported(attributes)).columns, expected, JSON.stringify(expected))
})

t.test('units without electrodes have no table', async (t) => {
  const { objects } = await exported([{ electrode: 1 }, {}])
  t.notOk(TABLE in objects)
  t.notOk('units/electrodes' in objects)
  t.notOk('general/devices' in objects)
})

t.test('electrodes and places that the table cannot hold are named, with their units, in one warning', async (t) => {
  const many = Array.from({ length: 60 }, (_, unit) => (unit % 3 === 0 ? {} : { electrode: unit }))
  const cases: [object[], string | undefined][] = [
    [[{}, { snr: 1 }], undefined],
    [[{ electrode: 1 }, { electrode: 2 }], undefined],
    [
      [
        { electrode: 1, x: 1, y: 2 },
        { electrode: 1, x: 1, y: 2 },
      ],
      undefined,
    ],
    [[{ electrode: 1 }, {}, { ch: 2 }, {}, {}, {}], 'no electrode: units 1, 3, 4, 5'],
    [[{ x: 1, y: 2 }, { snr: 1 }], 'no electrode: units 0, 1'],
    [[{}, { position: [1, 2] }], 'no electrode: units 0, 1'],
    [
      [
        { electrode: 1, x: 1, y: 2 },
        { electrode: 2, x: 1 },
      ],
      'no place: unit 1',
    ],
    [
      [
        { electrode: 1, x: 1, y: 2 },
        { electrode: 1, x: 1, y: 3 },
        { electrode: 2, x: 0, y: 0 },
      ],
      'another place than the first unit on the same electrode: unit 1',
    ],
    [[{ electrode: 1.5, x: 1 }, { electrode: 2 }, { electrode: 0.5 }], 'electrodes that are no whole numbers: units 0, 2'],
    [
      [
        { electrode: 0, location: [1, 2, 3, 4] },
        { electrode: 1, location: [1, 2, 3, 5] },
      ],
      'places of more than 3 coordinates: all units',
    ],
    [[{ electrode: 0.5, location: [1, 2] }, { electrode: 0.5 }], 'electrodes that are no whole numbers: units 0, 1; no place: unit 1'],
    [many, 'no electrode: units 0, 3, 6, 9, 12, 15, 18, 21, 24, 27 and 10 more'],
  ]
  for (const [attributes, reasons] of cases) {
    const sd = new SpikeData([], { N: attributes.length, neuronAttributes: attributes })
    const { warnings } = await exportSpikeDataToNwb(sd, file, { nwb: { sessionStartTime: '2026-03-01T14:05:00+01:00' } })
    const message = `The electrode table of the NWB file cannot hold all electrodes and places of units, which remain columns of the units: ${reasons}.`
    t.strictSame(warnings, reasons === undefined ? [] : [{ code: 'SPIKEPORT_NWB_ELECTRODES_LOST', message }])
  }
})

t.test('raw channels at one place have none on the probe, as SpikeInterface reads no recording with such', async (t) => {
  const places: [number, number][] = [
    [0, 0],
    [20, 0],
    [0, 0],
  ]
  const withRaw = async (channels: number[]) => {
    const neuronAttributes = places.map(([x, y], electrode) => ({ electrode, x, y }))
    const rawData = new NDArray(new Int16Array(channels.length * 2), [channels.length, 2])
    const sd = new SpikeData([[], [], []], { neuronAttributes, rawData, rawTime: 20 })
    const options = { nwb: { sessionStartTime: '2026-03-01T14:05:00+01:00' }, rawData: { conversion: 1, electrodes: channels } }
    const { warnings } = await exportSpikeDataToNwb(sd, file, options)
    return { warnings, columns: (await readNwb(file))[TABLE]!.attributes['colnames'] as string[] }
  }
  const apart = await withRaw([0, 1, 7, 8])
  t.strictSame(apart.warnings, [])
  t.ok(apart.columns.includes('rel_x'))
  const together = await withRaw([1, 0, 2])
  t.match(together.warnings, [
    { code: 'SPIKEPORT_NWB_ELECTRODES_LOST', message: /raw channels at one place, and so no rel_x and rel_y: channels 1 and 2\.$/ },
  ])
  t.strictSame(together.columns, ['location', 'group', 'group_name', 'channel_name', 'x', 'y'])
})
