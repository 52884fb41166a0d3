/**
 * NWB files with the electrodes of whole probes, groups, devices, several electrodes a unit and ids of units, for the readers; with each what
 * the readers have to find.
 */
import type { NwbElectrode, NwbOptions, NwbSession } from '../../lib/index.js'
import { exportSpikeDataToNwb, NDArray, SpikeData } from '../../lib/index.js'
import { SESSION } from './nwb-cases.js'
import type { Case } from './python.js'

/** null stands for NaN. */
type Values = readonly (number | string | boolean | null)[]

export interface ProbeCase extends Case {
  file: string
  /** The ids of the table's rows, and its columns but for the references to groups. */
  electrodes: { ids: number[]; columns: Record<string, Values> }
  /** By name: description, location, the name of the device, and the position. */
  groups: Record<string, [description: string, location: string, device: string, position: number[] | null]>
  devices: string[]
  units: {
    ids: number[]
    names: string[] | null
    /** The ids of the electrodes of each; null where the file has none of any unit. */
    electrodes: number[][] | null
    groups: string[] | null
    /** Units × samples × electrodes. */
    waveforms: Values[][] | null
  }
  /** The row of each raw channel; null without raw data. */
  channels: number[] | null
}

const FS = 30_000
const MOUSE_FREE: NwbSession = SESSION

/** Two probes with two shanks each, eight electrodes a shank. */
const SHANKS = ['left 0', 'left 1', 'right 0', 'right 1']
const GROUPS = SHANKS.map((name, i) => ({
  name,
  location: i < 2 ? 'CA1' : 'DG',
  device: name.split(' ')[0]!,
  description: `Shank ${i}.`,
}))
const DEVICES = ['left', 'right'].map((name) => ({ name, description: `The ${name} probe.` }))
const GROUPS_FOUND: ProbeCase['groups'] = Object.fromEntries(
  GROUPS.map(({ name, description, location, device }) => [name, [description, location, device, null]]),
)

function shankElectrodes(idOf: (i: number) => number): { electrodes: NwbElectrode[]; found: ProbeCase['electrodes'] } {
  const all = Array.from({ length: 32 }, (_, i) => i)
  const shank = (i: number) => Math.floor(i / 8)
  const electrodes = all.map((i) => ({
    id: idOf(i),
    group: SHANKS[shank(i)]!,
    ...(i === 5 && { location: 'CA3' }),
    x: 1000 + i,
    y: 2000,
    z: 3000 - i,
    relX: (i % 2) * 16,
    relY: Math.floor((i % 8) / 2) * 20,
    imp: 1e5 + i,
    filtering: 'High-pass at 300 Hz',
    ...(i > 0 && { reference: 'A screw' }),
    channelName: `AP${i}`,
    columns: { isBad: i === 3, gain: i / 4, label: `µ ${i}`, adc: i % 4, ...(i % 2 === 0 && { shift: i / 8 }) },
  }))
  const columns: Record<string, Values> = {
    location: all.map((i) => (i === 5 ? 'CA3' : GROUPS[shank(i)]!.location)),
    group_name: all.map((i) => SHANKS[shank(i)]!),
    channel_name: all.map((i) => `AP${i}`),
    x: all.map((i) => 1000 + i),
    y: all.map(() => 2000),
    z: all.map((i) => 3000 - i),
    rel_x: all.map((i) => (i % 2) * 16),
    rel_y: all.map((i) => Math.floor((i % 8) / 2) * 20),
    imp: all.map((i) => 1e5 + i),
    filtering: all.map(() => 'High-pass at 300 Hz'),
    reference: all.map((i) => (i > 0 ? 'A screw' : '')),
    isBad: all.map((i) => i === 3),
    gain: all.map((i) => i / 4),
    label: all.map((i) => `µ ${i}`),
    adc: all.map((i) => i % 4),
    shift: all.map((i) => (i % 2 === 0 ? i / 8 : null)),
  }
  return { electrodes, found: { ids: all.map(idOf), columns } }
}

const rawOf = (channels: number, samples: number) => ({
  rawData: new NDArray(
    Int16Array.from({ length: channels * samples }, (_, i) => i % 211),
    [channels, samples],
  ),
  rawTime: FS / 1000,
})

const trains = (count: number) => Array.from({ length: count }, (_, unit) => [1 + unit, 2.5 + unit])

/** Units with lists, a single electrode, and none. */
function listedUnits(idOf: (i: number) => number) {
  const electrodes = [[3, 4, 7], [31], [12], [], [20, 17]]
  const waveforms = electrodes.map((own, unit) => [0, 1].map((sample) => own.map((_, i) => unit + sample / 2 + i / 8 + 1 / 16)))
  return {
    attributes: electrodes.map((own, unit) => ({
      ...(unit === 2 ? { electrode: idOf(12) } : { electrodes: own.map(idOf) }),
      ...(own.length > 0 && { waveform_mean: waveforms[unit] }),
      ...(unit === 3 && { electrode_group: 'right 1' }),
    })),
    found: {
      electrodes: electrodes.map((own) => own.map(idOf)),
      groups: ['left 0', 'right 1', 'left 1', 'right 1', 'right 0'],
      waveforms: waveforms.map((samples) => samples.map((own) => [...own, null, null, null].slice(0, 3))),
    },
  }
}

const NUMBERS = [0, 1, 2, 3, 4]

/** Writes the files. */
export async function writeProbeCases(folder: string): Promise<ProbeCase[]> {
  const cases: ProbeCase[] = []
  const write = async (sd: SpikeData, options: Omit<NwbOptions, 'nwb'>, probe: NwbSession, found: Omit<ProbeCase, 'file'>) => {
    const file = `${folder}/${cases.length}.nwb`
    const nwb = { ...MOUSE_FREE, device: undefined, electrodeGroup: undefined, ...probe }
    await exportSpikeDataToNwb(sd, file, { fsHz: FS, ...options, nwb } as NwbOptions)
    cases.push({ ...found, file } as ProbeCase)
  }
  const none = { names: null, groups: null, waveforms: null }

  const probe = Array.from({ length: 384 }, (_, i): NwbElectrode => ({ relX: (i % 2) * 32, relY: Math.floor(i / 2) * 20 }))
  const all = probe.map((_, i) => i)
  const onProbe = Array.from({ length: 12 }, (_, unit) => ({ electrode: 383 - 31 * unit }))
  await write(
    new SpikeData(trains(12), { neuronAttributes: onProbe, ...rawOf(384, 400) }),
    { rawData: { conversion: 1e-6 } },
    { electrodes: probe, electrodeGroup: { location: 'V1' } },
    {
      name: 'raw data on 384 channels, units on 12 of them',
      electrodes: {
        ids: all,
        columns: {
          location: all.map(() => 'V1'),
          group_name: all.map(() => 'electrode_group'),
          channel_name: all.map(String),
          rel_x: all.map((i) => (i % 2) * 32),
          rel_y: all.map((i) => Math.floor(i / 2) * 20),
        },
      },
      groups: { electrode_group: ['All electrodes of this recording.', 'V1', 'device', null] },
      devices: ['device'],
      units: { ...none, ids: onProbe.map((_, i) => i), electrodes: onProbe.map(({ electrode }) => [electrode]) },
      channels: all,
    },
  )

  const probes = { devices: DEVICES, electrodeGroups: GROUPS }
  for (const [how, layout] of [
    ['', {}],
    [', compressed', { compression: {} }],
  ] as const) {
    const own = shankElectrodes((i) => i)
    const units = listedUnits((i) => i)
    await write(
      new SpikeData(trains(5), { neuronAttributes: units.attributes, ...rawOf(32, 50) }),
      { ...layout, rawData: { conversion: 1e-6 } },
      { ...probes, electrodes: own.electrodes, electrodeColumnDescriptions: { adc: 'The converter.' } },
      {
        name: `two probes of two shanks, units on several electrodes${how}`,
        electrodes: own.found,
        groups: GROUPS_FOUND,
        devices: ['left', 'right'],
        units: { ...none, ids: NUMBERS, ...units.found },
        channels: own.found.ids,
      },
    )
  }

  const idOf = (i: number) => 100 - i
  const others = shankElectrodes(idOf)
  const units = listedUnits(idOf)
  const otherIds = [-5, 7, 2 ** 40, 0, 3]
  const onOthers = { ...probes, electrodes: others.electrodes }
  const ofOthers = { electrodes: others.found, groups: GROUPS_FOUND, devices: ['left', 'right'] }
  const described = (count: number) => ({ neuronAttributes: units.attributes, ...rawOf(count, 50) })
  await write(
    new SpikeData(trains(5), described(3)),
    { unitIds: otherIds, rawData: { conversion: 1e-6, electrodes: [idOf(30), idOf(0), idOf(9)] } },
    onOthers,
    { name: 'ids of electrodes and of units', ...ofOthers, units: { ...none, ids: otherIds, ...units.found }, channels: [30, 0, 9] },
  )
  const unitIds = ['µ 1', 'two', '3', 'IV', '-5']
  await write(new SpikeData(trains(5), { neuronAttributes: units.attributes }), { unitIds }, onOthers, {
    name: 'names of units',
    ...ofOthers,
    units: { ids: NUMBERS, ...units.found, names: unitIds },
    channels: null,
  })

  const lists = [[3, 4, 7], [2], [], [0, 7]]
  const rows = Array.from({ length: 8 }, (_, i) => i)
  await write(
    new SpikeData(trains(4), { neuronAttributes: lists.map((electrodes) => ({ electrodes })) }),
    {},
    {},
    {
      name: 'several electrodes a unit, without a probe',
      electrodes: {
        ids: rows,
        columns: {
          location: rows.map(() => 'unknown'),
          group_name: rows.map(() => 'electrode_group'),
          channel_name: rows.map(String),
        },
      },
      groups: { electrode_group: ['All electrodes of this recording.', 'unknown', 'device', null] },
      devices: ['device'],
      units: { ...none, ids: [0, 1, 2, 3], electrodes: lists },
      channels: null,
    },
  )

  const [first, ...rest] = GROUPS
  const electrodeGroups = [{ ...first!, position: { x: 0.5, y: -2, z: 3e-7 } }, ...rest]
  const { name, description, location, device } = first!
  await write(
    new SpikeData(trains(2)),
    {},
    { ...onOthers, electrodeGroups },
    {
      name: 'a probe without units on it, and a group with a position',
      ...ofOthers,
      groups: { ...GROUPS_FOUND, [name]: [description, location, device, [0.5, -2, 3e-7]] },
      units: { ...none, ids: [0, 1], electrodes: null },
      channels: null,
    },
  )
  return cases
}
