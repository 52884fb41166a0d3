/** NWB files read back: the table of units, its electrodes, the window, the session and raw data. */
import { writeFile } from 'node:fs/promises'
import type { Dataset, Group } from 'h5wasm/node'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import type { ExportWarning, LoadNwbOptions, NwbOptions, SpikeDataOptions } from '../../lib/index.js'
import { exportSpikeDataToNwb, FormatError, loadSpikeDataFromNwb, NDArray, SpikeData } from '../../lib/index.js'
import { fc } from '../support/property.js'

await ready

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }
const VALUE = { name: 'RangeError', code: 'ERR_INVALID_ARG_VALUE' }
const SESSION = { sessionStartTime: '2026-03-01T14:05:00+01:00' }

/** Writes a recording and loads it again; the warnings of loading are not expected. */
async function throughFile(path: string, trains: number[][], given: SpikeDataOptions, options: NwbOptions = {}, load?: LoadNwbOptions) {
  await exportSpikeDataToNwb(new SpikeData(trains, given), path, { nwb: SESSION, ...options } as NwbOptions)
  const warnings: ExportWarning[] = []
  const sd = await loadSpikeDataFromNwb(path, { onWarning: (warning) => warnings.push(warning), ...load } as LoadNwbOptions)
  return { sd, warnings }
}

/** Changes a file in place, as other programs write it. */
function edit(path: string, change: (file: H5File) => void): void {
  const file = new H5File(path, 'a')
  change(file)
  file.close()
}

t.test('trains and windows come back, whatever the recording', async (t) => {
  const path = `${t.testdir()}/any.nwb`
  const trains = fc.array(fc.array(fc.integer({ min: -5000, max: 5000 }).map((ms) => ms / 4)), { maxLength: 6 })
  const recordings = fc.asyncProperty(trains, fc.boolean(), async (trains, isCompressed) => {
    const window = { startTime: -1250, length: 2500 }
    const options: NwbOptions = isCompressed ? { compression: { level: 1 } } : {}
    const { sd, warnings } = await throughFile(path, trains, window, options)
    const sorted = trains.map((train) =>
      Float64Array.from(train)
        .sort()
        .map((ms) => (ms / 1000) * 1e3),
    )
    t.strictSame(sd.train, sorted)
    if (trains.length > 0) t.strictSame([sd.startTime, sd.length, warnings], [-1250, 2500, []])
    t.strictSame(
      sd.neuronAttributes?.map(({ unit_id }) => unit_id),
      trains.map((_, unit) => unit),
    )
  })
  await fc.assert(recordings)
})

t.test('attributes of every kind come back as they were', async (t) => {
  const attributes = [
    {
      snr: 7.5,
      spikes: 3,
      accepted: true,
      quality: 'good',
      labels: ['a', ''],
      template: Float64Array.of(1, 2, 3),
      amplitudes: Float32Array.of(1.5, 2.5),
      map: new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      waveforms: new NDArray(
        Float32Array.from({ length: 24 }, (_, i) => i),
        [2, 4, 3],
      ),
      electrodes: [4, 2, 7],
    },
    {
      snr: -1,
      spikes: -4,
      accepted: false,
      quality: 'bad',
      labels: ['ß'],
      template: Float64Array.of(4, 5, 6),
      amplitudes: Float32Array.of(-1),
      map: new NDArray(Int16Array.of(7, 8, 9, 10, 11, 12), [2, 3]),
      waveforms: new NDArray(Float32Array.of(1, 2, 3, 4), [1, 4]),
      electrodes: [0],
    },
  ]
  const { sd } = await throughFile(`${t.testdir()}/all.nwb`, [[1, 2], [3]], { neuronAttributes: attributes, length: 10 })
  const expected = [
    { unit_id: 0, electrode: 4, group_name: 'electrode_group', ...attributes[0] },
    { unit_id: 1, electrode: 0, group_name: 'electrode_group', ...attributes[1], electrodes: undefined },
  ]
  for (const [unit, { electrodes, ...rest }] of expected.entries()) {
    const found = sd.neuronAttributes![unit]!
    t.strictSame({ ...found, electrodes: found['electrodes'] }, { ...rest, electrodes })
  }
})

t.test('what a unit does not have is missing', async (t) => {
  const neuronAttributes = [{ snr: NaN, quality: 'good', template: [1, 2] }, { snr: 2 }, { labels: ['x'], waveform_mean: [1, 2] }]
  const { sd } = await throughFile(`${t.testdir()}/holes.nwb`, [[1], [2], [3]], { neuronAttributes, length: 10 })
  t.strictSame(sd.neuronAttributes, [
    { unit_id: 0, quality: 'good', template: Float64Array.of(1, 2) },
    { unit_id: 1, snr: 2 },
    { unit_id: 2, labels: ['x'], waveform_mean: Float64Array.of(1, 2) },
  ])
})

t.test('electrodes are followed to their rows', async (t) => {
  const electrodes = [
    { id: 70, group: 'b', location: 'CA1', x: 1, y: 2, z: 3, relX: 4, relY: 5 },
    { id: 30, group: 'a', relX: 6, relY: 7 },
  ]
  const nwb = { ...SESSION, electrodes, electrodeGroups: [{ name: 'a' }, { name: 'b' }] }
  const neuronAttributes = [
    { electrode: 30 },
    { electrodes: [70, 30], waveform_mean: [[1, 2]] },
    { electrodes: [30], waveform_mean: [[3]] },
    {},
  ]
  const { sd } = await throughFile(
    `${t.testdir()}/probe.nwb`,
    [[1], [2], [3], [4]],
    { neuronAttributes, length: 10 },
    { nwb, unitIds: [9, 8, 7, 6] },
  )
  t.strictSame(
    sd.neuronAttributes,
    [
      { unit_id: 9, electrode: 30, location: [NaN, NaN, NaN], group_name: 'a' },
      {
        unit_id: 8,
        electrode: 70,
        electrodes: [70, 30],
        location: [1, 2, 3],
        location_label: 'CA1',
        group_name: 'b',
        waveform_mean: new NDArray(Float64Array.of(1, 2), [1, 2]),
      },
      { unit_id: 7, electrode: 30, location: [NaN, NaN, NaN], group_name: 'a', waveform_mean: new NDArray(Float64Array.of(3), [1, 1]) },
      { unit_id: 6 },
    ].map((each) => withoutNoPlace(each)),
  )
})

/** A place of which nothing is known is none. */
function withoutNoPlace({ location, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return Array.isArray(location) && location.every(Number.isNaN) ? rest : location === undefined ? rest : { ...rest, location }
}

t.test('observation intervals are the window, and an attribute where they differ', async (t) => {
  const folder = t.testdir()
  const obsIntervals = [
    [
      [0, 10],
      [20, 30],
    ],
    [[5, 40]],
  ] as const
  const { sd } = await throughFile(`${folder}/two.nwb`, [[1, 25], [7]], { length: 50 }, { nwb: { ...SESSION, obsIntervals } } as NwbOptions)
  t.strictSame([sd.startTime, sd.length], [0, 40])
  t.strictSame(
    sd.neuronAttributes?.map(({ obs_intervals }) => obs_intervals),
    [new NDArray(Float64Array.of(0, 10, 20, 30), [2, 2]), new NDArray(Float64Array.of(5, 40), [1, 2])],
  )
  const narrow = await throughFile(`${folder}/narrow.nwb`, [[1, 45], [7]], { length: 50 }, {
    nwb: { ...SESSION, obsIntervals: [[5, 40]] },
  } as NwbOptions)
  t.strictSame([narrow.sd.startTime, narrow.sd.length], [1, 44])
  t.match(narrow.warnings, [{ code: 'SPIKEPORT_WINDOW_WIDENED' }])
  const given = await loadSpikeDataFromNwb(`${folder}/narrow.nwb`, { startTimeMs: -5, lengthMs: 60 })
  t.strictSame([given.startTime, given.length], [-5, 60])
  await t.rejects(loadSpikeDataFromNwb(`${folder}/narrow.nwb`, { startTimeMs: 0, lengthMs: 20 }), { ...VALUE, message: /lengthMs/ })
  await t.rejects(loadSpikeDataFromNwb(`${folder}/narrow.nwb`, { startTimeMs: 3 }), { ...VALUE, message: /startTimeMs/ })
})

t.test('session, subject and devices are metadata', async (t) => {
  const nwb = {
    ...SESSION,
    identifier: 'an-identifier',
    experimenter: ['Doe, Jane'],
    keywords: ['a', 'b'],
    subject: { subjectId: 'm-1', species: 'Mus musculus', sex: 'F', age: 'P90D', description: 'A mouse.' },
    devices: [{ name: 'b' }, { name: 'a' }],
    electrodeGroup: { device: 'a' },
  } as const
  const path = `${t.testdir()}/session.nwb`
  const { sd } = await throughFile(path, [[1]], { length: 10 }, { nwb, fsHz: 24414.0625 } as NwbOptions)
  t.match(sd.metadata, {
    source_file: path,
    format: 'NWB',
    identifier: 'an-identifier',
    session_start_time: '2026-03-01T14:05:00+01:00',
    experimenter: ['Doe, Jane'],
    keywords: ['a', 'b'],
    subject_id: 'm-1',
    species: 'Mus musculus',
    subject_description: 'A mouse.',
    device_names: ['a', 'b'],
    fs_Hz: 24414.0625,
    sampling_rate_hz: 24414.0625,
    unit_count: 1,
  })
})

t.test('raw data comes back with its dtype, channels × samples', async (t) => {
  const folder = t.testdir()
  for (const [name, samples] of [
    ['int16', Int16Array.from({ length: 7 * 5000 }, (_, i) => (i * 31) % 2001)],
    ['float32', Float32Array.from({ length: 7 * 5000 }, (_, i) => i / 7)],
  ] as const) {
    const rawData = new NDArray(samples, [7, 5000])
    const path = `${folder}/${name}.nwb`
    const load = { rawData: true }
    const { sd } = await throughFile(path, [[1]], { length: 1000, rawData, rawTime: 20 }, { rawData: { conversion: 0.5, offset: 2 } }, load)
    t.strictSame([sd.rawData, sd.rawTimeRateKHz], [rawData, 20])
    t.strictSame(sd.metadata['raw_data'], { series: '/acquisition/ElectricalSeries', unit: 'volts', conversion: 0.5, offset: 2 })
    const without = await loadSpikeDataFromNwb(path)
    t.strictSame(without.rawData.shape, [0, 0])
    await t.rejects(loadSpikeDataFromNwb(path, { rawData: 'LFP' }), { name: 'FormatError', object: '/acquisition/LFP/data' })
  }
})

t.test('the conversion of each channel is in the metadata, and raw data is as it is stored', async (t) => {
  const path = `${t.testdir()}/channels.nwb`
  const rawData = new NDArray(Int16Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  await throughFile(path, [[1]], { length: 10, rawData, rawTime: 20 }, { rawData: { conversion: 0.5 } })
  const factors = (values: Float64Array) =>
    edit(path, (file) => (file.get('/acquisition/ElectricalSeries') as Group).create_dataset({ name: 'channel_conversion', data: values }))
  factors(Float64Array.of(1.5, 0.25))
  const sd = await loadSpikeDataFromNwb(path, { rawData: true })
  t.strictSame(sd.rawData, rawData)
  t.strictSame(sd.metadata['raw_data'], {
    series: '/acquisition/ElectricalSeries',
    unit: 'volts',
    conversion: 0.5,
    offset: 0,
    channel_conversion: [1.5, 0.25],
  })
  await throughFile(path, [[1]], { length: 10, rawData, rawTime: 20 }, { rawData: { conversion: 0.5 } })
  factors(Float64Array.of(1, 2, 3))
  await t.rejects(loadSpikeDataFromNwb(path, { rawData: true }), {
    name: 'FormatError',
    object: '/acquisition/ElectricalSeries/channel_conversion',
    message: /it has 3 numbers for 2 channels/,
  })
})

t.test('progress covers all numbers, once', async (t) => {
  const reports: number[][] = []
  const onProgress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) => reports.push([bytesRead, bytesTotal])
  const neuronAttributes = [{ amplitudes: Float32Array.of(1, 2), electrode: 1 }]
  await throughFile(`${t.testdir()}/progress.nwb`, [[1, 2]], { length: 10, neuronAttributes }, {}, { onProgress })
  const last = reports.at(-1)
  // Two times, two amplitudes, a row of the electrode table, and an interval.
  t.strictSame(last, [16 + 8 + 8 + 16, 16 + 8 + 8 + 16])
  t.ok(reports.every(([done = 0], i) => i === 0 || done >= (reports[i - 1]?.[0] ?? 0)))
})

t.test('SpikeLab finds rows, and places by id', async (t) => {
  const folder = t.testdir()
  const electrodes = [
    { id: 1, x: 10, y: 20 },
    { id: 0, x: 30, y: 40 },
  ]
  const neuronAttributes = [{ electrode: 1, snr: 2 }, {}]
  const { sd } = await throughFile(
    `${folder}/rows.nwb`,
    [[1], [2]],
    { length: 10, neuronAttributes },
    { nwb: { ...SESSION, electrodes }, unitIds: [5, 6] },
    { profile: 'spikelab' },
  )
  t.strictSame(sd.neuronAttributes, [{ unit_id: 5, electrode: 0, location: [30, 40] }, { unit_id: 6 }])
  t.strictSame(Object.keys(sd.metadata), ['source_file', 'format'])
  t.equal(sd.startTime, 0)
})

t.test("files of SpikeLab's own profile", async (t) => {
  const folder = t.testdir()
  const path = `${folder}/minimal.nwb`
  const sd = new SpikeData([[1], [], [2.5]], {
    startTime: -1,
    length: 20,
    neuronAttributes: [
      { electrode: 3, location: [1, 2] },
      { electrode: 1, location: [3, 4] },
      { electrode: 3, location: [1, 2] },
    ],
  })
  await exportSpikeDataToNwb(sd, path, { profile: 'spikelab' })
  const found = await loadSpikeDataFromNwb(path, { profile: 'spikelab' })
  t.strictSame([found.train, found.startTime, found.length], [sd.train, -1, 20])
  t.strictSame(found.neuronAttributes?.[1], { unit_id: 1, electrode: 1, location: [3, 4] })

  // Not rows: the column refers to no table. One of the ids is not in it.
  edit(path, (file) => {
    const ids = file.get('general/extracellular_ephys/electrodes/id') as Dataset
    ids.write_slice([[0, 1]], BigInt64Array.of(8n))
  })
  const whole = await loadSpikeDataFromNwb(path)
  t.strictSame([whole.train, whole.startTime, whole.length], [sd.train, -1, 20])
  t.strictSame(whole.neuronAttributes, [
    { unit_id: 0, electrode: 3, location: [1, 2] },
    { unit_id: 1, electrode: 1 },
    { unit_id: 2, electrode: 3, location: [1, 2] },
  ])
})

t.test('of a file with a version, a column of electrodes that refers to no table has rows', async (t) => {
  const path = `${t.testdir()}/lost.nwb`
  const electrodes = [{ id: 1 }, { id: 0 }].map((each) => ({ ...each, x: 10 * each.id }))
  const neuronAttributes = [{ electrode: 1 }, { electrode: 0 }]
  await exportSpikeDataToNwb(new SpikeData([[1], [2]], { length: 10, neuronAttributes }), path, { nwb: { ...SESSION, electrodes } })
  const expected = await loadSpikeDataFromNwb(path)
  t.strictSame(
    expected.neuronAttributes?.map(({ electrode }) => electrode),
    [1, 0],
  )
  edit(path, (file) => (file.get('units/electrodes') as Dataset).delete_attribute('table'))
  t.strictSame((await loadSpikeDataFromNwb(path)).neuronAttributes, expected.neuronAttributes)
})

t.test('a column of brain areas is no column of places', async (t) => {
  const path = `${t.testdir()}/areas.nwb`
  const attributes = [
    { electrode: 0, area: 'CA1', x: 1, y: 2 },
    { electrode: 1, area: 'CA3', x: 3, y: 4 },
  ]
  await exportSpikeDataToNwb(new SpikeData([[1], [2]], { length: 10, neuronAttributes: attributes }), path, { nwb: SESSION })
  edit(path, (file) => (file.get('units') as Group).create_hard_link('/units/area', 'location'))
  const { neuronAttributes } = await loadSpikeDataFromNwb(path)
  t.strictSame(
    neuronAttributes?.map(({ location, location_label }) => [location, location_label]),
    [
      [[1, 2], 'CA1'],
      [[3, 4], 'CA3'],
    ],
  )
})

t.test('what is no NWB file of units is refused, with its reason', async (t) => {
  const folder = t.testdir()
  const sd = new SpikeData([[1, 2], [3]], { length: 10, neuronAttributes: [{ electrode: 0 }, { electrode: 1 }] })
  const made = async (name: string, change: (file: H5File) => void) => {
    const path = `${folder}/${name}.nwb`
    await exportSpikeDataToNwb(sd, path, { nwb: SESSION, layout: 'contiguous' })
    edit(path, change)
    return path
  }
  const refuses = async (name: string, object: string | undefined, message: RegExp, change: (file: H5File) => void) =>
    t.rejects(
      loadSpikeDataFromNwb(await made(name, change)),
      { constructor: FormatError, code: 'ERR_INVALID_FILE', object, message } as never,
      name,
    )
  const write = (path: string, values: number[]) => (file: H5File) => {
    const dataset = file.get(path) as unknown as { write_slice: (ranges: [number, number][], values: unknown) => void; dtype: string }
    dataset.write_slice(
      [[0, values.length]],
      dataset.dtype.includes('Q')
        ? BigUint64Array.from(values, BigInt)
        : dataset.dtype.includes('q')
          ? BigInt64Array.from(values, BigInt)
          : dataset.dtype.includes('d')
            ? Float64Array.from(values)
            : Uint32Array.from(values),
    )
  }
  await refuses('falls', '/units/spike_times_index', /entry 1 is 1/, write('units/spike_times_index', [2, 1]))
  await refuses('beyond', '/units/spike_times_index', /entry 1 is 9/, write('units/spike_times_index', [2, 9]))
  await refuses('nan', '/units/spike_times', /not finite/, write('units/spike_times', [NaN]))
  await refuses('row', '/units/electrodes', /row 40 of an electrode table with 2 rows/, write('units/electrodes', [40]))
  await writeFile(`${folder}/text.nwb`, 'This is no HDF5 file.'.repeat(100))
  await t.rejects(loadSpikeDataFromNwb(`${folder}/text.nwb`), { code: 'ERR_INVALID_FILE' })
  await t.rejects(loadSpikeDataFromNwb(`${folder}/none.nwb`), { code: 'ENOENT' })

  const bare = new H5File(`${folder}/bare.nwb`, 'w')
  bare.create_attribute('nwb_version', '2.6.0')
  bare.close()
  await t.rejects(loadSpikeDataFromNwb(`${folder}/bare.nwb`), { code: 'ERR_INVALID_FILE', message: /no table of units/ })
  t.equal((await loadSpikeDataFromNwb(`${folder}/bare.nwb`, { allowNoUnits: true })).N, 0)

  const old = new H5File(`${folder}/old.nwb`, 'w')
  old.create_dataset({ name: 'nwb_version', data: 'NWB-1.0.6' })
  old.close()
  await t.rejects(loadSpikeDataFromNwb(`${folder}/old.nwb`), { code: 'ERR_INVALID_FILE', message: /NWB-1\.0\.6/ })
})

t.test('a column may have the name of an index', async (t) => {
  const path = `${t.testdir()}/index.nwb`
  const neuronAttributes = [{ channel_: 5 }, { channel_: 6 }]
  await exportSpikeDataToNwb(new SpikeData([[1], [2]], { neuronAttributes, length: 10 }), path, { nwb: SESSION, layout: 'contiguous' })
  edit(path, (file) => {
    const units = file.get('units') as Group
    units.create_dataset({ name: 'channel__index', data: Int32Array.of(0, 1) })
    const column = units.get('channel__index') as Dataset
    column.create_attribute('neurodata_type', 'VectorData')
  })
  const sd = await loadSpikeDataFromNwb(path)
  t.strictSame(
    sd.neuronAttributes?.map(({ channel_, channel__index }) => [channel_, channel__index]),
    [
      [5, 0],
      [6, 1],
    ],
  )
})

t.test('nothing in the file takes the place of what the loader states', async (t) => {
  const path = `${t.testdir()}/names.nwb`
  await exportSpikeDataToNwb(new SpikeData([[1]], { length: 10 }), path, { nwb: SESSION })
  edit(path, (file) => {
    for (const name of ['__proto__', 'format', 'source_file']) (file.get('general') as Group).create_dataset({ name, data: ['x', 'y'] })
  })
  const { metadata } = await loadSpikeDataFromNwb(path)
  t.strictSame([metadata['format'], metadata['source_file']], ['NWB', path])
  t.equal(Object.getPrototypeOf(metadata), Object.prototype)
  t.strictSame(Object.getOwnPropertyDescriptor(metadata, '__proto__')?.value, ['x', 'y'])
})

t.test('a window that is widened moves no spike, and times out of order are not forgotten', async (t) => {
  const path = `${t.testdir()}/wide.nwb`
  const nwb = { ...SESSION, obsIntervals: [[0, 20]] } as const
  await exportSpikeDataToNwb(new SpikeData([[1, 20.01, 90]], { length: 100 }), path, { nwb, fsHz: 1000, layout: 'contiguous' })
  edit(path, (file) => (file.get('units/spike_times') as Dataset).write_slice([[0, 3]], Float64Array.of(0.09, 0.02001, 0.001)))
  const warnings: string[] = []
  const sd = await loadSpikeDataFromNwb(path, { onWarning: ({ code }) => warnings.push(code) })
  t.strictSame([sd.train, warnings], [[Float64Array.of(0.001 * 1e3, 0.02001 * 1e3, 0.09 * 1e3)], ['SPIKEPORT_WINDOW_WIDENED']])
  t.equal(sd.firstReordered, 0)
})

t.test('a length alone leaves the start of the observation intervals', async (t) => {
  const path = `${t.testdir()}/start.nwb`
  await exportSpikeDataToNwb(new SpikeData([[150]], { startTime: 100, length: 100 }), path, { nwb: SESSION })
  const sd = await loadSpikeDataFromNwb(path, { lengthMs: 60 })
  t.strictSame([sd.startTime, sd.length], [100, 60])
})

t.test('options that make no sense are refused', async (t) => {
  const load = (options: unknown) => loadSpikeDataFromNwb('none.nwb', options as LoadNwbOptions)
  await t.rejects(load({ profile: 'pynwb' }), VALUE)
  await t.rejects(load({ profile: 1 }), TYPE)
  await t.rejects(load({ profile: 'spikelab', rawData: true }), VALUE)
  await t.rejects(load({ rawData: 3 }), TYPE)
  await t.rejects(load({ rawData: '' }), VALUE)
  await t.rejects(load({ lengthMs: -1 }), VALUE)
  await t.rejects(load({ startTimeMs: Infinity }), VALUE)
  await t.rejects(load({ allowNoUnits: 1 }), TYPE)
  await t.rejects(load({ lenghtMs: 1 }), { ...VALUE, message: /lengthMs/ })
  await t.rejects(loadSpikeDataFromNwb('none.nwb', { signal: AbortSignal.abort(new Error('stop')) }), { message: 'stop' })
})
