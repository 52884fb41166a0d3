/**
 * Reads units as SpikeLab's loader does without pynwb: object by object, and with its answers where they are not those of the schema.
 */

import type { Hdf5Dataset } from '../../../engine/reading/hdf5-description.js'
import type { Hdf5File, ReadOptions } from '../../../engine/reading/hdf5-file.js'
import type { Findings } from '../../../jobs/findings.js'
import { unitsUnknown, valuesUnknown } from '../../../jobs/findings.js'
import { sizeOf } from '../../../memory/ndarray.js'
import type { LazilyLoaded, LazySpool } from '../../../recording/lazy-loading.js'
import type { LoadedSpikes } from '../../../recording/loaded-spikes.js'
import type { Steps } from '../../../steps.js'
import { inSlices, isDue } from '../../../steps.js'
import { leadsWithStart } from '../../hdf5/index-start.js'
import { ELECTRODES } from '../probe.js'
import type { AttributeNames } from './attribute-names.js'
import { MOST_ELECTRODES } from './attribute-names.js'
import { columnValues, finished } from './columns.js'
import { readSpikes, UNITS, unitsOf } from './units.js'

/** What SpikeLab finds. */
export interface SpikelabUnits {
  spikes: LoadedSpikes | LazilyLoaded
  attributes: Record<string, unknown>[]
  /** What it warns of: a clause for each. */
  odd: string[]
}

/** What SpikeLab looks at. */
interface SpikelabDatasets {
  times: Hdf5Dataset
  index: Hdf5Dataset
  ids: Hdf5Dataset | undefined
  electrodes: Hdf5Dataset | undefined
  electrodesIndex: Hdf5Dataset | undefined
}

async function spikelabDatasets(file: Hdf5File, signal: AbortSignal | undefined): Promise<SpikelabDatasets> {
  const names = (await file.children(UNITS, signal)).map(({ name }) => name)
  const named = async (name: string): Promise<Hdf5Dataset | undefined> => {
    const found = names.includes(name) ? name : names.find((each) => each.endsWith(name))
    return found === undefined ? undefined : file.dataset(`${UNITS}/${found}`, signal)
  }
  const exactly = async (name: string) => (names.includes(name) ? file.dataset(`${UNITS}/${name}`, signal) : undefined)
  const times = await named('spike_times')
  const index = await named('spike_times_index')
  if (!times || !index) throw file.error('it has no spike_times and spike_times_index', UNITS)
  const [ids, electrodes, electrodesIndex] = [await exactly('id'), await exactly('electrodes'), await exactly('electrodes_index')]
  return { times, index, ids, electrodes, electrodesIndex }
}

/** What an inspection says of the units that {@link readSpikelabUnits} gives. */
export async function inspectSpikelabUnits(
  file: Hdf5File,
  signal: AbortSignal | undefined,
): Promise<Pick<Findings, 'units' | 'spikes' | 'attributes' | 'warnings'>> {
  const datasets = await spikelabDatasets(file, signal)
  const { times, index, ids } = datasets
  // SpikeLab takes the elements of any shape one after another.
  const spikes = sizeOf(times.shape)
  const [entries, ...otherAxes] = index.shape
  let units = ids && (ids.shape[0] ?? 0)
  if (!ids && entries !== undefined && otherAxes.length === 0) units = entries - Number(await leadsWithStart(file, index, signal))
  const { names, unknown } = await attributeNames(file, datasets, units, signal)
  return {
    ...(units !== undefined && { units }),
    spikes,
    attributes: names,
    warnings: [...(units === undefined ? [unitsUnknown(index.path)] : []), ...valuesUnknown(unknown)],
  }
}

async function attributeNames(
  file: Hdf5File,
  { electrodes, electrodesIndex }: SpikelabDatasets,
  units: number | undefined,
  signal: AbortSignal | undefined,
): Promise<AttributeNames> {
  if (units === 0) return { names: [], unknown: [] }
  if (!electrodes || !electrodesIndex) return { names: ['unit_id'], unknown: [] }
  const columns = (await file.describeAll(['id', ...AXES].map(ofElectrodes), signal)).filter((column) => column?.kind === 'dataset')
  const counts = [electrodes, electrodesIndex, ...columns].map(({ shape }) => sizeOf(shape))
  if (units === undefined || Math.max(...counts) > MOST_ELECTRODES) {
    const unknown = ['electrode', 'location']
    return { names: ['unit_id', ...unknown], unknown }
  }
  const first = (await firstElectrodes(file, electrodes, electrodesIndex, units, [], { signal })).filter((each) => each !== undefined)
  const places = await placesById(file, { signal })
  return {
    names: [
      'unit_id',
      ...(first.length > 0 ? ['electrode'] : []),
      ...(first.some((electrode) => places.has(electrode)) ? ['location'] : []),
    ],
    unknown: [],
  }
}

export async function readSpikelabUnits(file: Hdf5File, lazy: LazySpool | undefined, options: ReadOptions): Promise<SpikelabUnits> {
  const { signal } = options
  const { times, index, ids, electrodes, electrodesIndex } = await spikelabDatasets(file, signal)
  const spikes = await readSpikes(file, times, index, ids?.shape[0], lazy, options)
  const count = unitsOf(spikes)
  const odd: string[] = []
  const idOf = ids && (await columnValues(file, { name: 'id', data: ids }, count, options))
  const first = electrodes && electrodesIndex && (await firstElectrodes(file, electrodes, electrodesIndex, count, odd, options))
  const places = first && (await placesById(file, options))
  const steps = function* (): Steps<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = []
    for (let unit = 0; unit < count; unit++) {
      const attributes: Record<string, unknown> = { unit_id: idOf ? wholeId(yield* finished(idOf(unit)), odd) : unit }
      const electrode = first?.[unit]
      if (electrode !== undefined) {
        attributes['electrode'] = electrode
        const place = places?.get(electrode)
        if (place) attributes['location'] = place
      }
      all.push(attributes)
      if (isDue()) yield
    }
    return all
  }
  return { spikes, attributes: await inSlices(steps(), signal), odd }
}

/** The coordinates of electrodes. */
const AXES = ['x', 'y', 'z']

function ofElectrodes(column: string): string {
  return `/${ELECTRODES}/${column}`
}

/** Python's `int(id)`; an id that is none stays as it is. */
function wholeId(id: unknown, odd: string[]): unknown {
  if (typeof id === 'number') return Math.trunc(id)
  if (typeof id === 'string' && /^\s*[+-]?\d+\s*$/.test(id)) return Number(id)
  if (typeof id !== 'bigint' && odd.length === 0) odd.push('ids of units that are no whole numbers')
  return id
}

/** The first row number of each unit, which SpikeLab takes for an id; an index that leads too far is cut off. */
async function firstElectrodes(
  file: Hdf5File,
  electrodes: Hdf5Dataset,
  index: Hdf5Dataset,
  units: number,
  odd: string[],
  options: ReadOptions,
): Promise<(number | undefined)[]> {
  const rows = file.room(electrodes, Float64Array)
  const ends = file.room(index, Float64Array)
  await file.read(
    [
      { path: electrodes.path, into: rows },
      { path: index.path, into: ends },
    ],
    options,
  )
  if (ends.some((end) => end > rows.length)) {
    odd.push('an electrodes_index that leads beyond the electrodes')
    for (const [i, end] of ends.entries()) ends[i] = Math.min(end, rows.length)
  }
  // Whatever follows the last unit belongs to none.
  const last = ends.at(-1) ?? 0
  const split = await inSlices(splitRows(ends, last, units), options.signal)
  if (split === undefined) throw file.error(`it has ${ends.length} entries for ${units} units, or falls`, index.path)
  return split.map(([from, to]) => (to > from ? Math.trunc(rows[from] as number) : undefined))
}

function* splitRows(ends: Float64Array, last: number, units: number): Steps<[number, number][] | undefined> {
  const skipped = ends.length === units + 1 && ends[0] === 0 ? 1 : 0
  if (ends.length - skipped !== units || (units > 0 && (ends[skipped] as number) < 0)) return undefined
  const ranges: [number, number][] = []
  let from = 0
  for (let unit = 0; unit < units; unit++) {
    const to = ends[unit + skipped] as number
    if (to < from || to > last) return undefined
    ranges.push([from, to])
    from = to
    if (isDue()) yield
  }
  return ranges
}

/** The places of electrodes by their ids, whose fractions are cut off: the coordinates that the table has. The last of equal ids counts. */
async function placesById(file: Hdf5File, options: ReadOptions): Promise<ReadonlyMap<number, number[]>> {
  const found = await file.describeAll(['id', ...AXES].map(ofElectrodes), options.signal)
  const rooms = found.map((dataset) => (dataset?.kind === 'dataset' ? file.room(dataset, Float64Array) : undefined))
  const reads = rooms.flatMap((into, i) => (into ? [{ path: (found[i] as Hdf5Dataset).path, into }] : []))
  await file.read(reads, options)
  const [ids, ...axes] = rooms
  const steps = function* (): Steps<Map<number, number[]>> {
    const places = new Map<number, number[]>()
    const count = ids?.length ?? axes[0]?.length ?? 0
    for (let row = 0; row < count; row++) {
      const place = axes.flatMap((axis) => axis?.[row] ?? [])
      if (place.length > 0) places.set(Math.trunc(ids?.[row] ?? row), place)
      if (isDue()) yield
    }
    return places
  }
  return inSlices(steps(), options.signal)
}
