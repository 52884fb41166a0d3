/**
 * The channel of each unit, and where it is.
 */
import { FormatError } from '../../../errors.js'
import { nans, repeated, unset } from '../../../memory/allocation.js'
import { GrowingMap } from '../../../memory/growing-map.js'
import type { NumericArray } from '../../../memory/typed-arrays.js'
import type { Steps } from '../../../steps.js'
import { inRanges, inSlices, isDue } from '../../../steps.js'
import { SPIKE_TEMPLATES, TEMPLATES } from '../names.js'
import type { Unit } from './clusters.js'
import type { NumberTable } from './numbers.js'
import { readNumberTable } from './numbers.js'
import type { Reading, Source } from './source.js'
import type { Spikes, StoredSpikes } from './spikes.js'
import type { Column } from './tables.js'
import { ELECTRODE } from './tables.js'
import { largestChannels, mostFrequentTemplates, templatesIn } from './templates.js'

/** The channel of a unit, and the coordinates of the channel. */
export interface UnitChannel {
  readonly electrode: number | undefined
  readonly location: readonly number[] | undefined
}

/** What channels are found by. */
export interface ChannelQuestion {
  readonly units: readonly Unit[]
  /** All clusters that have spikes, units or not. */
  readonly clusters: readonly Unit[]
  /** Without them, as for an inspection, a unit that a template gives a channel gets any: the first of the map. */
  readonly spikes: Spikes | StoredSpikes | undefined
  readonly columns: ReadonlyMap<string, Column>
  /** The table of labels, whose channels count before templates. */
  readonly labels: string | undefined
  readonly mapFile: string
  readonly positionsFile: string
}

/** The column of channels in Phy's and SpikeLab's tables. */
export const CHANNEL = 'ch'

/**
 * Finds the channel of each unit: by a table, by the template of most of its spikes, or, in a folder without any of these, by its place in the
 * channel map.
 *
 * @param lost - what cannot be used is added to it, in sentences
 */
export async function unitChannels(source: Source, question: ChannelQuestion, lost: string[], reading: Reading): Promise<UnitChannel[]> {
  const { units } = question
  const map = await unlessWrong(lost, channelMap(source, question.mapFile, reading))
  const positions = await unlessWrong(lost, channelPositions(source, question.positionsFile, reading))
  const channels = await inSlices(nans(units.length), reading.signal)
  const { columns, labels } = question
  const [electrodes, channelColumn] = [columns.get(ELECTRODE), columns.get(CHANNEL)]
  await inSlices(fillFrom(channels, units, [electrodes, labels === undefined ? undefined : channelColumn]), reading.signal)
  if (map && source.names.has(TEMPLATES) && source.names.has(SPIKE_TEMPLATES)) {
    await unlessWrong(lost, fillFromTemplates(channels, source, question, map, reading))
  }
  await inSlices(fillFrom(channels, units, [channelColumn]), reading.signal)
  const open = await inSlices(withoutChannel(channels), reading.signal)
  if (map && open.length > 0 && open.length === units.length) {
    const problem = await inSlices(fillByPlace(channels, question, map), reading.signal)
    if (problem) lost.push(problem)
  }
  return inSlices(withLocations(channels, map, positions), reading.signal)
}

/** The result, or undefined for a file that is not what it should be. */
async function unlessWrong<T>(lost: string[], result: Promise<T>): Promise<T | undefined> {
  try {
    return await result
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    lost.push(error.message)
    return undefined
  }
}

async function channelMap(source: Source, name: string, reading: Reading): Promise<Float64Array | undefined> {
  if (!source.names.has(name)) return undefined
  return source.use(name, async (file) => {
    const { data, shape } = await readNumberTable(file, reading)
    const { place } = file
    if (shape.filter((axis) => axis !== 1).length > 1) {
      throw new FormatError(place.path, `its shape is ${shape.join(' × ')}, and not one number for each channel`, place.object)
    }
    return inSlices(floatsOf(data), reading.signal)
  })
}

function* floatsOf(data: NumericArray): Steps<Float64Array> {
  const floats = unset(Float64Array, data.length)
  yield* inRanges(data.length, (from, to) => {
    for (let i = from; i < to; i++) floats[i] = Number(data[i])
  })
  return floats
}

/** More than any program writes. */
const MOST_COORDINATES = 16

async function channelPositions(source: Source, name: string, reading: Reading): Promise<NumberTable | undefined> {
  if (!source.names.has(name)) return undefined
  return source.use(name, async (file) => {
    const positions = await readNumberTable(file, reading)
    const { place } = file
    if (positions.shape.length !== 2) {
      throw new FormatError(place.path, `it has ${positions.shape.length} axes, not channels × coordinates`, place.object)
    }
    // Each unit gets an array of them.
    const width = positions.shape[1] as number
    if (width > MOST_COORDINATES) {
      throw new FormatError(place.path, `it has ${width} coordinates a channel, more than ${MOST_COORDINATES}`, place.object)
    }
    return positions
  })
}

/** Fills in channels that are not known yet from columns, the first of which counts. */
function* fillFrom(channels: Float64Array, units: readonly Unit[], columns: readonly (Column | undefined)[]): Steps<void> {
  for (const column of columns) {
    if (!column) continue
    for (const [unit, { id }] of units.entries()) {
      const value = column.get(id)
      if (Number.isNaN(channels[unit]) && typeof value === 'number') channels[unit] = value
      if (isDue()) yield
    }
  }
}

/** A cluster without spikes has the template of its own id, as all clusters have before curation. */
async function fillFromTemplates(
  channels: Float64Array,
  source: Source,
  { units, spikes }: ChannelQuestion,
  map: Float64Array,
  reading: Reading,
): Promise<void> {
  const open = await inSlices(withoutChannel(channels), reading.signal)
  if (open.length === 0) return
  const { count, channelCount } = await templatesIn(source)
  if (!spikes) {
    for (const unit of open) channels[unit] = map[0] ?? NaN
    return
  }
  const numbers = await inSlices(numbersOf(open, units), reading.signal)
  const numberCount = spikes.split.ends.length
  const templates = await mostFrequentTemplates(source, spikes.clusters, numbers, numberCount, count, reading)
  const wanted = await inSlices(wantedOf(templates, open, units, count), reading.signal)
  const rows = await largestChannels(source, wanted, reading)
  await inSlices(fillFromRows(), reading.signal)

  function* fillFromRows(): Steps<void> {
    for (const [i, unit] of open.entries()) {
      const row = rows[templates[i] as number] ?? -1
      const channel = map[row]
      if (row >= 0 && channel === undefined) {
        throw new FormatError(source.path, `its ${channelCount} channels are not the ${map.length} of the channel map`, TEMPLATES)
      }
      if (channel !== undefined) channels[unit] = channel
      if (isDue()) yield
    }
  }
}

/** The units whose channel is not known. */
function* withoutChannel(channels: Float64Array): Steps<number[]> {
  const open: number[] = []
  for (const [unit, channel] of channels.entries()) {
    if (Number.isNaN(channel)) open.push(unit)
    if (isDue()) yield
  }
  return open
}

function* numbersOf(open: readonly number[], units: readonly Unit[]): Steps<number[]> {
  const numbers: number[] = []
  for (const unit of open) {
    numbers.push((units[unit] as Unit).number)
    if (isDue()) yield
  }
  return numbers
}

/**
 * The templates of units, each once and ascending.
 *
 * @param templates - the template of each unit; those of clusters without spikes are filled in
 */
function* wantedOf(templates: Int32Array, open: readonly number[], units: readonly Unit[], count: number): Steps<number[]> {
  const isWanted = yield* repeated(Uint8Array, count, 0)
  for (const [i, unit] of open.entries()) {
    const { id, number } = units[unit] as Unit
    if (number < 0 && id < count) templates[i] = id
    const template = templates[i] as number
    if (template >= 0) isWanted[template] = 1
    if (isDue()) yield
  }
  const wanted: number[] = []
  for (const [template, is] of isWanted.entries()) {
    if (is) wanted.push(template)
    if (isDue()) yield
  }
  return wanted
}

/**
 * Takes the channel map for the channels of units, as SpikeLab's exporter and ours write it: by id, where it has every id; or by place, where
 * it has a channel for each cluster. Returns what is wrong otherwise.
 */
function* fillByPlace(channels: Float64Array, { units, clusters }: ChannelQuestion, map: Float64Array): Steps<string | undefined> {
  let byId = true
  for (const { id } of units) {
    byId &&= id < map.length
    if (isDue()) yield
  }
  // Without clusters that were left out, or have no spikes.
  const byPlace = map.length === clusters.length && units.length === clusters.length
  if (!byId && !byPlace)
    return `The channel map has no channel for each cluster, and nothing else in the folder gives the channels of units.`
  for (const [unit, { id }] of units.entries()) {
    channels[unit] = map[byId ? id : unit] as number
    if (isDue()) yield
  }
  return undefined
}

/** The place of a channel is in the row of the positions in which the map has it. */
function* withLocations(channels: Float64Array, map: Float64Array | undefined, positions: NumberTable | undefined): Steps<UnitChannel[]> {
  const rows = new GrowingMap<number, number>()
  for (const [row, channel] of (map ?? []).entries()) {
    if (rows.get(channel) === undefined) rows.set(channel, row)
    if (isDue()) yield
  }
  const [rowCount = 0, width = 0] = positions?.shape ?? []
  const found: UnitChannel[] = []
  for (const channel of channels) {
    const row = map ? rows.get(channel) : channel
    const hasLocation = positions !== undefined && row !== undefined && Number.isInteger(row) && row >= 0 && row < rowCount
    found.push({
      electrode: Number.isNaN(channel) ? undefined : channel,
      location: hasLocation ? Array.from({ length: width }, (_, axis) => Number(positions.data[row * width + axis])) : undefined,
    })
    if (isDue()) yield
  }
  return found
}
