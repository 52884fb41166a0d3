/**
 * The electrode table of an NWB file, and which attributes it tells.
 */
import t from 'tap'
import { exportSpikeDataToNwb, SpikeData } from '../lib/index.js'
import { readNwb } from './support/nwb-file.js'
import { warningsOf } from './support/warnings.js'

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
    columns: (objects['units']!.attributes['colnames'] as string[]).filter((name) => !/^(spike_times|obs_intervals|electrodes)$/.test(name)),
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
    x: [NaN, NaN, NaN, 1, NaN, 7],
    y: [NaN, NaN, NaN, 2, NaN, 8],
  })
  t.strictSame(columns, [])
  t.strictSame(warnings, [])
  t.match(objects[TABLE]!.attributes, { neurodata_type: 'DynamicTable', colnames: ['location', 'group', 'group_name', 'x', 'y'] })
  t.match(objects['units/electrodes'], {
    kind: '<q',
    attributes: { namespace: 'hdmf-common', neurodata_type: 'DynamicTableRegion', table: `-> /${TABLE}` },
  })
  t.match(objects['units/electrodes_index'], { kind: '<I', value: [1, 2, 3], attributes: { target: '-> /units/electrodes' } })
})

t.test('any names, one to three dimensions', async (t) => {
  const flat = await exported([{ ch: 1, x: 25.5, y: 0 }, { channel: 0n, x: 50, y: 1 }])
  t.strictSame(flat.regions, [1n, 0n])
  t.match(flat.table, { x: [50, 25.5], y: [1, 0] })
  t.strictSame(flat.columns, [])
  t.strictSame(Object.keys((await exported([{ ch: 0, location: [1] }])).table).includes('y'), false)
  t.match((await exported([{ ch: 0, position: [1, 2, 3] }])).table, { x: [1], y: [2], z: [3] })
  const without = await exported([{ electrode: 0 }])
  t.strictSame(Object.keys(without.table).sort(), ['group', 'group_name', 'id', 'location'])
})

t.test('ids that are no row numbers', async (t) => {
  const cases: [unknown[], bigint[], bigint[]][] = [
    [[-1, -7], [-7n, -1n], [1n, 0n]],
    [[65_536, 3, 65_536], [3n, 65_536n], [1n, 0n, 1n]],
    [[2n ** 62n, 0], [0n, 2n ** 62n], [1n, 0n]],
    [[65_537.5, 0.25, 65_537], [0n, 65_537n], [1n, 0n, 1n]],
  ]
  for (const [electrodes, ids, rows] of cases) {
    const { table, regions, warnings } = await exported(electrodes.map((electrode) => ({ electrode })), 'CA1')
    t.strictSame(table['id'], ids)
    t.strictSame(regions, rows)
    t.strictSame(warnings, ['SPIKEPORT_NWB_ELECTRODE_ROWS'])
    t.strictSame(table['location'], ids.map(() => 'CA1'))
  }
  t.strictSame((await exported([{ electrode: 65_535 }])).table['id'], Array.from({ length: 65_536 }, (_, i) => BigInt(i)))
})

t.test('attributes that the table does not tell stay columns', async (t) => {
  const cases: [object[], string[]][] = [
    [[{ electrode: 1, channel: 2 }, { electrode: 3, channel: 4 }], ['channel']],
    [[{ electrode: 1, channel: 1n }, { channel: 4 }], []],
    [[{ electrode: 1, ch: '1' }, { electrode: 3 }], ['ch']],
    [[{ electrode: 1.5 }, { electrode: 2 }], ['electrode']],
    [[{ electrode: 1 }, {}], ['electrode']],
    [[{ x: 1, y: 2 }, { x: 3, y: 4 }], ['x', 'y']],
    [[{ electrode: 1, x: 1, y: 2 }, { electrode: 1, x: 1, y: 3 }], ['x', 'y']],
    [[{ electrode: 1, location: [1, 2] }, { electrode: 2, x: 1, y: 3 }], ['location', 'x', 'y']],
    [[{ electrode: 1, location: [1, 2], x: 5, y: 6 }, { electrode: 2, location: [3, 4] }], ['x', 'y']],
    [[{ electrode: 1, location: [1, 2, 3, 4] }, { electrode: 2, location: [1, 2, 3, 5] }], ['location']],
    [[{ electrode: 1, x: 1, y: 2, z: 3 }, { electrode: 1, x: 1, y: 2, z: 3 }], []],
  ]
  for (const [attributes, expected] of cases) t.strictSame((await exported(attributes)).columns, expected, JSON.stringify(expected))
})

t.test('units without electrodes have no table', async (t) => {
  const { objects } = await exported([{ electrode: 1 }, {}])
  t.notOk(TABLE in objects)
  t.notOk('units/electrodes' in objects)
  t.notOk('general/devices' in objects)
})
