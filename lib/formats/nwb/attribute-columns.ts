/**
 * Columns of the units' table from the attributes of the units.
 */
import { invalidValue, quoted } from '../../errors.js'
import type { SpikeData } from '../../model/spike-data.js'
import { isMissing } from '../../options/checks.js'
import type { NeuronAttributes } from '../../recording/attributes.js'
import type { Steps } from '../../steps.js'
import { isDue } from '../../steps.js'
import type { AttributeValues, ColumnData, HeldData } from './column-data.js'
import type { Taken } from './column-names.js'
import { freeName, isObjectName, MOST_NAMES, takenBy } from './column-names.js'
import { haveValueEach, spikeColumn, spikeWaveforms, storedSpikeColumn } from './spike-columns.js'
import type { TableColumn } from './table.js'
import { valueColumn } from './value-column.js'
import type { ElectrodeCount, WaveformColumn } from './waveform-columns.js'
import { alignedWaveforms, WAVEFORMS, waveformColumn } from './waveform-columns.js'

/** An attribute whose column has another name, as its own is taken. */
export interface RenamedAttribute {
  name: string
  column: string
  takenBy: Taken
}

/** What the caller wants of columns. */
export interface ColumnOptions {
  /** The sampling frequency of waveforms, if it is known. */
  fsHz: number | undefined
  /** What attributes mean, by name, where the caller describes them. */
  descriptions: ReadonlyMap<string, string>
  /** The attributes that have a value for each spike. */
  spikeColumns: ReadonlySet<string>
  /** How many electrodes each unit lists, if any unit does. */
  electrodeCount: ElectrodeCount | undefined
}

/** The columns, and the attributes that they do not hold as given. */
export interface AttributeColumns {
  columns: TableColumn[]
  renamed: RenamedAttribute[]
  /** Names of attributes that have a column. */
  named: ReadonlySet<string>
  /** Names of attributes whose values no column can hold. */
  unsupported: string[]
  /** Names of attributes that no dataset can have. */
  invalidNames: string[]
  /** Names of attributes with a value for each spike, of which some belong to others: the times were sorted. */
  misplaced: string[]
}

/**
 * A column for each attribute that units have: numbers, texts, booleans, arrays of numbers or lists of texts; missing values are NaN,
 * an empty text or no values. An attribute that is NaN for all units is left out. Columns of values of spikes that are on the disk follow.
 *
 * @param kept - names of attributes that are elsewhere in the file
 * @throws RangeError for more than a thousand names, and for waveforms that are not of the electrodes that a unit lists
 * @throws TypeError, RangeError for an attribute of `spikeColumns` without a value for each spike, naming the unit
 */
export function* attributeColumns(
  sd: SpikeData,
  kept: ReadonlySet<string>,
  { fsHz, descriptions, spikeColumns, electrodeCount }: ColumnOptions,
): Steps<AttributeColumns> {
  // They have moved with the times.
  const stored = new Set(sd.valueColumns.map(({ name }) => name))
  if (sd.firstReordered !== undefined && [...spikeColumns].some((name) => !stored.has(name))) {
    const expected = `a recording whose spike times were in order, as those of unit ${sd.firstReordered} were not,`
    throw invalidValue(expected, 'nwb.spikeColumns', [...spikeColumns])
  }
  const columns: TableColumn[] = []
  const renamed: RenamedAttribute[] = []
  const unsupported: string[] = []
  const invalidNames: string[] = []
  const misplaced: string[] = []
  const held: { name: string; data: HeldData; waveform: WaveformColumn | undefined; taken: Taken | undefined }[] = []
  const attributes = yield* attributesByName(sd.neuronAttributes ?? [], kept)
  for (const name of spikeColumns) {
    if (kept.has(name)) throw invalidValue('names of attributes with a value for each spike', 'nwb.spikeColumns', name)
    const isThere = sd.spikeCount === 0 || stored.has(name) || attributes.some((attribute) => attribute.name === name)
    if (!isThere) throw invalidValue('names of attributes that units have', 'nwb.spikeColumns', name)
  }
  for (const attribute of attributes) {
    const { name } = attribute
    if (!isObjectName(name)) {
      invalidNames.push(name)
      continue
    }
    const aligned = electrodeCount ? yield* alignedWaveforms(attribute, electrodeCount) : attribute
    const data = yield* attributeData(aligned, sd, spikeColumns.has(name), electrodeCount)
    if (data === 'empty') continue
    if (data === null) {
      unsupported.push(name)
    } else {
      const waveform = waveformColumn(name, data, fsHz)
      if (sd.firstReordered !== undefined && (yield* haveValueEach(data, yield* sd.spikeCounts()))) misplaced.push(name)
      held.push({ name, data, waveform, taken: waveform ? undefined : takenBy(name) })
    }
  }
  for (const [column, { name }] of sd.valueColumns.entries()) {
    if (!isObjectName(name)) invalidNames.push(name)
    else {
      held.push({ name, data: storedSpikeColumn(column, { trains: sd.nativeTrains }), waveform: undefined, taken: takenBy(name) })
    }
  }
  // An attribute that has to be renamed takes the name of no other.
  const names = new Set(held.filter(({ taken }) => !taken).map(({ name }) => name))
  for (const { name, data, waveform, taken } of held) {
    const { note, ...values } = data
    const column = taken ? freeName(name, names) : name
    if (taken) renamed.push({ name, column, takenBy: taken })
    const ownDescription =
      waveform?.description ??
      [`The attribute ${quoted(name)} of each ${spikeColumns.has(name) || stored.has(name) ? 'spike' : 'unit'}.`, note]
        .filter(Boolean)
        .join(' ')
    const description = descriptions.get(name) ?? ownDescription
    columns.push({ name: column, description, ...values, ...(waveform && { attributes: waveform.attributes }) })
  }
  return { columns, renamed, named: new Set(held.map(({ name }) => name)), unsupported, invalidNames, misplaced }
}

/**
 * The attributes, in the order in which they come first. Each value is read once.
 *
 * @param option - what errors call the list
 */
export function* attributesByName(
  attributes: readonly NeuronAttributes[],
  kept: ReadonlySet<string>,
  option = 'sd.neuronAttributes',
): Steps<AttributeValues[]> {
  const byName = new Map<string, AttributeValues>()
  for (const [unit, entry] of attributes.entries()) {
    if (isDue()) yield
    for (const name of Object.keys(entry)) {
      if (isDue()) yield
      const value = kept.has(name) ? undefined : entry[name]
      if (isMissing(value)) continue
      let found = byName.get(name)
      if (!found) byName.set(name, (found = { name, units: [], values: [] }))
      found.units.push(unit)
      found.values.push(value)
    }
    if (byName.size > MOST_NAMES) throw invalidValue(`at most ${MOST_NAMES} names of attributes`, option, byName.size)
  }
  return [...byName.values()]
}

/**
 * The data of an attribute's column.
 *
 * @param isOfSpikes - whether the values have to be those of single spikes
 * @param electrodeCount - how many electrodes each unit lists, if any unit does
 */
function* attributeData(
  attribute: AttributeValues,
  sd: SpikeData,
  isOfSpikes: boolean,
  electrodeCount: ElectrodeCount | undefined,
): Steps<ColumnData> {
  const areWaveforms = attribute.name === WAVEFORMS
  if (!areWaveforms && !isOfSpikes) return yield* valueColumn(attribute, sd.N)
  const spikes = { trains: sd.nativeTrains, counts: yield* sd.spikeCounts() }
  if (!areWaveforms) return yield* spikeColumn(attribute, spikes)
  if (isOfSpikes && sd.spikeCount === 0) return 'empty'
  const waveforms = yield* spikeWaveforms(attribute, spikes, electrodeCount)
  if (!(waveforms instanceof Error)) return waveforms
  if (isOfSpikes) throw waveforms
  return yield* valueColumn(attribute, sd.N)
}
