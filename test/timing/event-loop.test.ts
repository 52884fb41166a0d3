/**
 * No export, no workspace that is loaded, no `create` and no raster off the JS thread holds the JS thread for more than 5 ms at a time, large
 * as it may be.
 */
import t from 'tap'
import type { ExportOptions, TimeWindow, WorkspaceItem } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadWorkspace,
  NDArray,
  PairwiseCompMatrixStack,
  RateData,
  RateSliceStack,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { spikeStatistics } from '../../lib/statistics/spike-statistics.js'
import { checkTurns } from '../support/short-turns.js'

const UNITS = 100_000

const dir = t.testdir()
const path = `${dir}/out`

type Work = () => Promise<unknown>

/** Each piece of work is prepared when its turn has come, so that the memory of others is free by then. */
function stays(title: string, prepare: () => Work | Promise<Work>): void {
  t.test(title, async (t) => {
    await checkTurns(t, await prepare())
  })
}

const list = <T>(length: number, item: (i: number) => T): T[] => Array.from({ length }, (_, i) => item(i))

stays('create: empty units', () => () => SpikeData.create([], { N: 2 ** 24 }))

stays('create: many trains, used where they are', () => {
  const train = list(UNITS, (unit) => Float64Array.of(unit, unit + 1))
  return () => SpikeData.create(train)
})

stays('create: many trains, not in order', () => {
  const train = list(UNITS, (unit) => Float64Array.of(unit + 1, unit))
  return () => SpikeData.create(train)
})

stays('create: many trains that are converted', () => {
  const train = list(UNITS, (unit) => (unit % 2 === 0 ? [unit + 1, unit] : Float32Array.of(unit)))
  return () => SpikeData.create(train)
})

stays('create: long trains that are converted', () => {
  const train = [list(2_000_000, (i) => i), new Float32Array(5_000_000), new BigInt64Array(1_000_000)]
  return () => SpikeData.create(train)
})

stays('create: attributes', () => {
  const neuronAttributes = list(4 * UNITS, (unit) => ({ electrode: unit }))
  return () => SpikeData.create([], { N: neuronAttributes.length, neuronAttributes })
})

stays('create: metadata', () => {
  const metadata = Object.fromEntries(list(20_000, (i) => [`key ${i}`, i]))
  return () => SpikeData.create([], { metadata })
})

stays('create: flat, not in order', () => {
  const flat = Float64Array.from({ length: 10_000_000 }, (_, i) => (i * 7919) % 1_000_003)
  return () => SpikeData.create({ flat, index: [2_000_000, 10_000_000] })
})

stays('create: flat, converted, of many units', () => {
  const flat = new Float32Array(5_000_000)
  const index = list(10 * UNITS, (unit) => 5 * (unit + 1))
  return () => SpikeData.create({ flat, index })
})

for (const type of [Int32Array, BigInt64Array]) {
  stays(`create: idces and times, ${type.name}`, () => {
    const idces = new type(10_000_000)
    for (let i = 0; i < idces.length; i++) idces[i] = type === Int32Array ? (i * 7919) % (10 * UNITS) : BigInt((i * 7919) % (10 * UNITS))
    const times = new Float64Array(idces.length)
    return () => SpikeData.create({ idces, times })
  })
}

stays('create: idces and times as lists', () => {
  const idces = list(2_000_000, (i) => i % 100)
  return () => SpikeData.create({ idces, times: idces })
})

stays('a raster', () => {
  const sd = new SpikeData(
    list(20, () => new Float64Array(200_000)),
    { length: 1_000_000 },
  )
  return () => sd.rasterAsync(1)
})

stays('statistics of many units', () => {
  const sd = new SpikeData(list(UNITS / 5, (unit) => Float64Array.from({ length: 20 }, (_, i) => unit + i)))
  return () => spikeStatistics(sd, { occupancyBins: 1000 })
})

stays('statistics of a large unit', () => {
  const sd = new SpikeData([Float64Array.from({ length: 2_000_000 }, (_, i) => i / 2)])
  return () => spikeStatistics(sd)
})

stays('rates', () => {
  const rates = new NDArray(new Float32Array(10_000_000), [10, 1_000_000])
  const times = list(1_000_000, (i) => i)
  return () => RateData.create(rates, times)
})

stays('nwb: values of each spike of many units, their waveforms, labels and windows', () => {
  const spikes = new Float32Array(100)
  const one = new NDArray(new Float32Array(100 * 4), [100, 2, 2])
  const neuronAttributes = list(UNITS / 4, () => ({ amplitudes: spikes, places: one, waveforms: one, labels: ['good', 'mua'] }))
  const sd = new SpikeData(
    list(neuronAttributes.length, () => new Float64Array(100)),
    { neuronAttributes, length: 10 },
  )
  const obsIntervals = neuronAttributes.map((): TimeWindow[] => [
    [0, 4],
    [5, 10],
  ])
  return () => exportSpikeDataToNwb(sd, path, { nwb: { spikeColumns: ['amplitudes', 'places'], obsIntervals } })
})

stays('nwb: a table of many intervals', () => {
  const startTime = list(UNITS, (i) => i)
  const columns = {
    whole: startTime,
    text: startTime.map(String),
    cue_time: startTime,
    lick_times: startTime.map((i) => (i % 2 === 0 ? [i, i] : [i])),
    tags: startTime.map((i) => [`${i}`]),
    typed: Float64Array.from(startTime),
  }
  return () => exportSpikeDataToNwb(new SpikeData([]), path, { nwb: { trials: { startTime, stopTime: startTime, columns } } })
})

stays('nwb: long series', () => {
  const data = new NDArray(new Int16Array(20_000_000), [2, 10_000_000])
  const timestamps = list(1_000_000, (i) => i)
  const electrodes = list(UNITS, (i) => i)
  return () =>
    exportSpikeDataToNwb(new SpikeData([]), path, {
      nwb: {
        series: {
          lfp: { type: 'LFP', data, rateHz: 1000, conversion: 1 },
          wide: {
            type: 'ElectricalSeries',
            data: new NDArray(new Int16Array(2 * UNITS), [UNITS, 2]),
            rateHz: 1,
            conversion: 1,
            electrodes,
          },
          speed: { type: 'TimeSeries', data: new Float32Array(1_000_000), timestamps, unit: 'm/s' },
        },
      },
    })
})

for (const [name, run] of Object.entries({
  hdf5: (sd: SpikeData) => exportSpikeDataToHdf5(sd, path, { rawDataset: 'raw', rawTimeDataset: 'time' }),
  nwb: (sd: SpikeData) => exportSpikeDataToNwb(sd, path, { rawData: { conversion: 1 } }),
})) {
  stays(`${name}: raw samples at a rate, whose times are never made`, () => {
    const sd = new SpikeData([], { rawData: new NDArray(new Int8Array(30_000_000), [1, 30_000_000]), rawTime: 30 })
    return () => run(sd)
  })
}

const exporters = {
  ragged: (sd: SpikeData, options: ExportOptions) => exportSpikeDataToHdf5(sd, path, options),
  paired: (sd: SpikeData, options: ExportOptions) => exportSpikeDataToHdf5(sd, path, { style: 'paired', ...options }),
  raster: (sd: SpikeData, options: ExportOptions) =>
    exportSpikeDataToHdf5(sd, path, { style: 'raster', rasterBinSizeMs: 1000, ...options }),
  nwb: (sd: SpikeData, options: ExportOptions) => exportSpikeDataToNwb(sd, path, options),
  kilosort: (sd: SpikeData, options: ExportOptions) => exportSpikeDataToKilosort(sd, `${dir}/folder`, { fsHz: 1, ...options }),
  phy: (sd: SpikeData, options: ExportOptions) => exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz: 1000, phy: true, ...options }),
  pickle: (sd: SpikeData, options: ExportOptions) => exportToPickle(sd, path, options),
  'pickle 0': (sd: SpikeData, options: ExportOptions) => exportToPickle(sd, path, { protocol: 0, ...options }),
}

for (const [name, run] of Object.entries(exporters)) {
  stays(`${name}: many units, each with an electrode and a position, and progress`, () => {
    const neuronAttributes = list(UNITS, (unit) => ({ electrode: (unit * 7919) % UNITS, location: [unit, 0] }))
    const sd = new SpikeData(
      list(UNITS, (unit) => [unit]),
      { neuronAttributes },
    )
    return () => run(sd, { onProgress: () => {} })
  })

  stays(`${name}: many spikes and empty units`, () => {
    const sd = new SpikeData(
      list(20, () => new Float64Array(200_000)),
      { N: 10 * UNITS, length: 1000 },
    )
    return () => run(sd, {})
  })
}

const attributes = {
  numbers: (unit: number) => unit / 2,
  texts: (unit: number) => `unit ${unit}`,
  booleans: (unit: number) => unit % 2 === 0,
  arrays: (unit: number) => Float32Array.of(unit, unit),
  'nested arrays': (unit: number) => [[unit], [unit]],
  'arrays of many lengths': (unit: number) => list(unit % 3, (i) => i),
}

for (const [name, valueOf] of Object.entries(attributes)) {
  stays(`nwb: attributes, ${name}`, () => {
    const sd = new SpikeData([], { N: 2 * UNITS, neuronAttributes: list(2 * UNITS, (unit) => ({ value: valueOf(unit) })) })
    return () => exportSpikeDataToNwb(sd, path)
  })
}

stays('nwb: long texts', () => {
  const N = 3000
  const sd = new SpikeData([], { N, neuronAttributes: list(N, (unit) => ({ notes: `${unit}`.repeat(5000) })) })
  return () => exportSpikeDataToNwb(sd, path)
})

stays('nwb: large attributes and raw data', () => {
  const waveform_mean = new Float32Array(5_000_000)
  const many = list(1_000_000, (i) => i)
  const rawData = new NDArray(new Int16Array(8 * 2_000_000), [8, 2_000_000])
  const sd = new SpikeData([[1], [2]], {
    neuronAttributes: [
      { waveform_mean, many },
      { waveform_mean, many },
    ],
    rawData,
    rawTime: 20,
  })
  return () => exportSpikeDataToNwb(sd, path, { rawData: { conversion: 1 } })
})

stays('nwb: arrays of middling size', () => {
  const waveform_mean = new NDArray(new Float32Array(61 * 384), [61, 384])
  const rows = list(60, () => list(250, (i) => i))
  const spike_widths = list(16_000, (i) => i)
  const neuronAttributes = list(1024, (unit) =>
    unit < 256 ? { waveform_mean, rows, ragged: spike_widths } : { ragged: waveform_mean.data },
  )
  const sd = new SpikeData([], { N: 1024, neuronAttributes })
  return () => exportSpikeDataToNwb(sd, path)
})

stays('nwb: many electrodes of a probe, and many of each unit', () => {
  const electrodes = list(UNITS, (id) => ({ id, relX: id, columns: { gain: id / 2, label: `${id}`, isBad: false } }))
  const neuronAttributes = list(UNITS, (unit): object => {
    const own = list(1 + (unit % 4), (i) => (unit + i) % UNITS)
    return { electrodes: own, waveform_mean: list(2, () => own), electrode_group: 'electrode_group' }
  })
  neuronAttributes.push({ electrodes: list(UNITS, (i) => i), electrode_group: 'electrode_group' })
  const sd = new SpikeData([], { N: UNITS + 1, neuronAttributes })
  const unitIds = list(UNITS + 1, (unit) => -unit)
  return () => exportSpikeDataToNwb(sd, path, { unitIds, nwb: { electrodes } })
})

stays('nwb: an attribute that few units have', () => {
  const N = 2 ** 21
  const sd = new SpikeData([], { N, neuronAttributes: list(N, (unit) => (unit === 0 ? { number: 1, isGood: true } : {})) })
  return () => exportSpikeDataToNwb(sd, path)
})

for (const electrodes of [undefined, list(3 * UNITS, (channel) => channel)]) {
  stays(`nwb: many raw channels, electrodes ${electrodes ? 'given' : 'by default'}`, () => {
    const channels = 3 * UNITS
    const rawData = new NDArray(new Int8Array(channels), [channels, 1])
    const sd = new SpikeData([[1]], { neuronAttributes: [{ electrode: 0, x: 1, y: 1 }], rawData, rawTime: 1 })
    return () => exportSpikeDataToNwb(sd, path, { rawData: { conversion: 1, electrodes }, layout: 'contiguous' })
  })
}

for (const options of [{ style: 'group' }, { compression: { level: 9 } }] as const) {
  stays(`many spikes with ${JSON.stringify(options)}`, () => {
    const sd = new SpikeData(list(20, () => new Float64Array(200_000)))
    return () => exportSpikeDataToHdf5(sd, path, options)
  })
}

for (const phy of [false, true]) {
  stays(`kilosort: cluster ids and labels, phy: ${phy}`, () => {
    const N = 5 * UNITS
    const sd = new SpikeData([], { N, neuronAttributes: list(N, () => ({ quality: 'good' })) })
    const clusterIds = list(N, (unit) => unit)
    return () => exportSpikeDataToKilosort(sd, `${dir}/ids-${phy}`, { fsHz: 1, clusterIds, phy })
  })
}

stays('phy: templates on many channels', () => {
  const ids = list(2 ** 15, (channel) => channel)
  const shape = [61, ids.length]
  const template = new NDArray(new Float64Array(61 * ids.length).fill(0.5), shape)
  const attributes = { electrode: 0, electrodes: Int32Array.from(ids), template }
  const sd = new SpikeData([[1], [2]], { neuronAttributes: [attributes, attributes] })
  return () => exportSpikeDataToKilosort(sd, `${dir}/wide`, { fsHz: 1000, phy: true, channels: { ids } })
})

stays('pickle: many slices', () => {
  const stack = new SpikeSliceStack(list(10_000, () => new SpikeData([[1], [2]])))
  return () => exportToPickle(stack, path)
})

const values = {
  numbers: () => list(300_000, (i) => i),
  objects: () => list(100_000, (i) => ({ i })),
  'a Map': () => new Map(list(200_000, (i) => [`key ${i}`, i])),
  'an object with many keys': () => Object.fromEntries(list(20_000, (i) => [`key ${i}`, i])),
  'a long text': () => Buffer.alloc(50_000_000, 'text').toString('latin1'),
  'small arrays': () => list(20_000, () => new Float64Array(4)),
  'large arrays': () => list(5_000, () => new Float64Array(5_000)),
  'a deep nest': () => list(20_000, (i) => i).reduce<unknown[]>((inner) => [inner], []),
}

for (const [name, value] of Object.entries(values)) {
  stays(`pickle: ${name}`, () => {
    const sd = new SpikeData([], { metadata: { value: value() } })
    return () => exportToPickle(sd, path)
  })
}

const units = (count: number, attributesOf: (unit: number) => object) =>
  new SpikeData([], { N: count, neuronAttributes: list(count, attributesOf) })
const longText = Buffer.alloc(50_000_000, 'text').toString('latin1')

/** Items of workspaces of which something is large. */
const items: Record<string, () => WorkspaceItem> = {
  'attributes of every kind': () =>
    units(UNITS, (unit) => ({
      number: unit,
      float: unit / 2,
      text: `unit ${unit}`,
      flag: true,
      array: Float32Array.of(unit),
      list: [1, 2],
    })),
  'metadata of every kind': () =>
    new SpikeData([], {
      metadata: {
        numbers: list(100_000, (i) => i),
        objects: list(20_000, (i) => ({ i })),
        keys: values['an object with many keys'](),
        text: longText.slice(0, 5_000_000),
        array: new Float64Array(200_000),
      },
    }),
  'metadata with a long text': () => new SpikeData([], { metadata: { text: longText } }),
  'many slices': () => new SpikeSliceStack(list(10_000, () => new SpikeData([[1], [2]]))),
  'a dict with many keys': () => Object.fromEntries(list(20_000, (i) => [`key ${i}`, i % 2 === 0 ? i : Float64Array.of(i)])),
  lists: () => ({
    integers: list(300_000, (i) => i),
    texts: list(100_000, (i) => `text ${i}`),
    matrix: list(1000, () => list(300, (i) => i / 2)),
  }),
  sets: () => ({ numbers: new Set(list(100_000, (i) => -i)), texts: new Set(list(50_000, (i) => `text ${i}`)) }),
  'a long text': () => ({ text: longText }),
  'many labels and windows': () =>
    new PairwiseCompMatrixStack(new NDArray(new Int8Array(100_000), [1, 1, 100_000]), { times: list(100_000, (i) => [i, i + 1] as const) }),
  'an array that is converted': () => new RateSliceStack(new NDArray(new Float32Array(2_000_000), [2, 1_000_000, 1])),
}

for (const [name, item] of Object.entries(items)) {
  stays(`workspace: ${name}`, () => {
    const given = { ns: { item: item() } }
    return () => exportToWorkspace(given, path)
  })
}

const LOADED = ['attributes of every kind', 'metadata with a long text', 'a dict with many keys', 'lists', 'sets', 'a long text'] as const
for (const name of [...LOADED, 'many labels and windows'] as const) {
  stays(`workspace: ${name}, loaded`, async () => {
    await exportToWorkspace({ ns: { item: (items[name] as () => WorkspaceItem)() } }, path)
    return () => loadWorkspace(path)
  })
}

stays('workspace: many items', () => {
  const given = { ns: Object.fromEntries(list(20_000, (i) => [`item ${i}`, {}])) }
  return () => exportToWorkspace(given, path)
})

stays('workspace: many notes', () => {
  const notes = { ns: Object.fromEntries(list(20_000, (i) => [`item ${i}`, 'A note.'])) }
  // Read before an item is missed.
  return () => exportToWorkspace({}, path, { notes }).catch(() => {})
})

stays('many at once', () => {
  const sd = new SpikeData([], { metadata: { numbers: list(20_000, (i) => i) } })
  return () => Promise.all(list(16, (i) => exportToPickle(sd, `${path}-${i}`)))
})
