/**
 * The tree of a complete NWB file, its defaults, and what they warn of.
 */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { NwbOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const NAME_BASED_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const START = '2026-03-01T14:05:00+01:00'

const train = [[1000, 2000], [], [500]]
const recording = (neuronAttributes?: object[]) => new SpikeData(train, { length: 3000, ...(neuronAttributes && { neuronAttributes }) })

t.test('a recording of which nothing is known', async (t) => {
  const before = Date.now()
  const warnings = await warningsOf(() => exportSpikeDataToNwb(recording(), file))
  t.strictSame(
    warnings.map(([code]) => code),
    ['SPIKEPORT_NWB_START_UNKNOWN'],
  )
  t.match(warnings[0]![1], /sessionStartTime.*1970-01-01T00:00:00\+00:00/)

  const objects = await readNwb(file)
  t.strictSame(Object.keys(objects).sort(), [
    '',
    'acquisition',
    'analysis',
    'file_create_date',
    'general',
    'identifier',
    'processing',
    'session_description',
    'session_start_time',
    'stimulus',
    'stimulus/presentation',
    'stimulus/templates',
    'timestamps_reference_time',
    'units',
    'units/id',
    'units/obs_intervals',
    'units/obs_intervals_index',
    'units/spike_times',
    'units/spike_times_index',
  ])
  const { object_id, ...root } = objects['']!.attributes
  t.match(object_id, UUID)
  t.strictSame(root, { namespace: 'core', neurodata_type: 'NWBFile', nwb_version: '2.8.0' })
  t.match(objects['identifier'], { shape: [], value: UUID })
  t.match(objects['session_start_time'], { shape: [], value: '1970-01-01T00:00:00+00:00' })
  t.match(objects['timestamps_reference_time'], { value: '1970-01-01T00:00:00+00:00' })
  const [created] = objects['file_create_date']!.value as [string]
  t.ok(Date.parse(created) >= before && Date.parse(created) <= Date.now())
})

t.test('the units table', async (t) => {
  const sd = new SpikeData(train, { startTime: -100, length: 2500 })
  await exportSpikeDataToNwb(sd, file, { nwb: { sessionStartTime: START }, fsHz: 20000 })
  const objects = await readNwb(file)
  const { units, ...rest } = objects
  t.match(units!.attributes, {
    namespace: 'core',
    neurodata_type: 'Units',
    description: /./,
    colnames: ['spike_times', 'obs_intervals'],
  })
  t.match(rest['units/id'], { kind: '<q', value: [0n, 1n, 2n], attributes: { neurodata_type: 'ElementIdentifiers' } })
  t.match(rest['units/spike_times'], {
    kind: '<d',
    value: [1, 2, 0.5],
    attributes: { namespace: 'hdmf-common', neurodata_type: 'VectorData', description: /seconds/, resolution: 1 / 20000 },
  })
  const index = { namespace: 'hdmf-common', neurodata_type: 'VectorIndex', object_id: UUID }
  t.match(rest['units/spike_times_index'], { kind: '<I', value: [2, 2, 3], attributes: { ...index, target: '-> /units/spike_times' } })
  t.match(rest['units/obs_intervals'], { shape: [3, 2], value: [-0.1, 2.4, -0.1, 2.4, -0.1, 2.4] })
  t.match(rest['units/obs_intervals_index'], { kind: '<I', value: [1, 2, 3], attributes: { ...index, target: '-> /units/obs_intervals' } })
  const ids = Object.values(objects).flatMap(({ attributes }) => attributes['object_id'] ?? [])
  t.ok(ids.length > 6)
  t.equal(new Set(ids).size, ids.length)
})

t.test('with an identifier and a date, the same recording gives the same bytes', async (t) => {
  const neuronAttributes = train.map((_, unit) => ({ electrode: unit, x: unit, y: 0, quality: 'good', peaks: Array(unit).fill(1) }))
  const rawData = new NDArray(new Int16Array(6), [3, 2])
  const sd = new SpikeData(train, { neuronAttributes, rawData, rawTime: 20 })
  const nwb = { sessionStartTime: START, identifier: 'slice-3', fileCreateDate: new Date(0), subject: { subjectId: 'm' } }
  const idsOf = async (options: NwbOptions) => {
    await exportSpikeDataToNwb(sd, file, options)
    // The group of electrodes links to its device.
    const objects = Object.entries(await readNwb(file)).filter(([path]) => !path.endsWith('electrode_group/device'))
    return Object.fromEntries(
      objects.flatMap(([path, { attributes }]) => ('object_id' in attributes ? [[path, attributes['object_id']]] : [])),
    )
  }
  for (const options of [{ layout: 'contiguous' }, { layout: 'chunked' }, { compression: {} }] as const) {
    const ids = await idsOf({ nwb, rawData: { conversion: 1 }, ...options })
    const bytes = readFileSync(file)
    t.match((await readNwb(file))['file_create_date'], { shape: [1], value: ['1970-01-01T00:00:00.000Z'] })
    await exportSpikeDataToNwb(sd, file, { nwb, rawData: { conversion: 1 }, threads: 1, ...options })
    t.ok(bytes.equals(readFileSync(file)), JSON.stringify(options))
    for (const id of Object.values(ids)) t.match(id, NAME_BASED_UUID)
    t.equal(new Set(Object.values(ids)).size, Object.keys(ids).length)
    t.ok(Object.keys(ids).length > 25)
    // uuid.uuid5(uuid.UUID('5ba27d20-0c1e-4b0f-9d7e-2f6c1a2f7f43'), 'slice-3\0/units') in Python.
    t.match(ids, { '': '99b608dd-cd37-5462-9af7-a799171b96db', units: '6043a936-d38c-5622-855b-4991af7755c2' })
    const others = await idsOf({ nwb: { ...nwb, identifier: 'slice-4' }, rawData: { conversion: 1 }, ...options })
    t.strictSame(Object.keys(others), Object.keys(ids))
    for (const [path, id] of Object.entries(others)) t.not(id, ids[path])
  }
})

t.test('no units, empty trains', async (t) => {
  for (const N of [0, 3]) {
    await exportSpikeDataToNwb(new SpikeData([], { N }), file, { nwb: { sessionStartTime: START } })
    const objects = await readNwb(file)
    t.match(objects['units/id']!.shape, [N])
    t.match(objects['units/spike_times']!.shape, [0])
    t.match(objects['units/obs_intervals']!.shape, [N, 2])
    t.notOk('resolution' in objects['units/spike_times']!.attributes)
  }
})

t.test('storage', async (t) => {
  await exportSpikeDataToNwb(recording(), file, { nwb: { sessionStartTime: START }, compression: {} })
  const objects = await readNwb(file)
  t.strictSame(objects['units/spike_times']!.chunks, [128], 'a chunk of 1 KiB, with room for more rows')
  t.strictSame(objects['units/spike_times']!.value, [1, 2, 0.5])
  t.match(objects['units/spike_times_index']!.attributes, { target: '-> /units/spike_times' })
  for (const [layout, chunks] of [
    ['auto', [128]],
    ['chunked', [128]],
    ['contiguous', null],
  ] as const) {
    await exportSpikeDataToNwb(recording(), file, { nwb: { sessionStartTime: START }, layout })
    t.strictSame((await readNwb(file))['units/spike_times']!.chunks, chunks, layout)
  }
  await exportSpikeDataToNwb(recording(), file, { nwb: { sessionStartTime: START }, compression: false, chunkBytes: 2048 })
  t.strictSame((await readNwb(file))['units/spike_times']!.chunks, [128], 'tables take chunkBytes where raw data would not')
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const wrong = (value: unknown) => value as never
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [wrong('units'), TYPE_ERROR, /options/],
    [{ profile: wrong('x') }, VALUE_ERROR, /'nwb' or 'spikelab'.*profile.*'x'/],
    [{ profile: wrong(2) }, TYPE_ERROR, /profile/],
    [{ group: 'sorted' }, VALUE_ERROR, /'units', as profile is not 'spikelab', for group.*'sorted'/],
    [{ spikeTimesDataset: 'times' }, VALUE_ERROR, /'spike_times', as profile is not 'spikelab'/],
    [{ spikeTimesIndexDataset: 'index' }, VALUE_ERROR, /'spike_times_index', as profile/],
    [{ group: wrong(1) }, TYPE_ERROR, /group/],
    [{ fsHz: 0 }, VALUE_ERROR, /fsHz/],
    [{ fsHz: wrong('x') }, TYPE_ERROR, /fsHz/],
    [{ nwb: wrong('x') }, TYPE_ERROR, /nwb/],
    [{ nwb: wrong([]) }, TYPE_ERROR, /nwb/],
    [{ rawData: wrong(true) }, TYPE_ERROR, /rawData/],
    [{ compression: {}, layout: 'contiguous' }, VALUE_ERROR, /compression/],
  ]
  for (const [options, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(recording(), target, options as NwbOptions), { ...error, message })
    t.notOk(existsSync(target))
  }
  await t.rejects(exportSpikeDataToNwb(wrong({}), target), TYPE_ERROR)
  await t.rejects(exportSpikeDataToNwb(recording(), wrong(1)), TYPE_ERROR)
})

t.test('null is what is left out', async (t) => {
  const wrong = (value: unknown) => value as never
  await exportSpikeDataToNwb(recording(), file, {
    fsHz: null,
    nwb: {
      sessionStartTime: START,
      identifier: wrong(null),
      fileCreateDate: wrong(null),
      sessionDescription: wrong(null),
      subject: wrong(null),
      device: wrong(null),
      lab: wrong(null),
      columnDescriptions: wrong(null),
    },
    rawData: wrong(null),
  })
  t.notOk('general/subject' in (await readNwb(file)))
})
