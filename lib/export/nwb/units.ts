/**
 * The units' table of an NWB file.
 */
import type { SpikeData } from '../../model/spike-data.js'
import { requiredString } from '../../options.js'
import type { Steps } from '../../steps.js'
import { attributeColumns } from './attribute-columns.js'
import { ELECTRODES } from './electrodes.js'
import type { Electrodes } from './electrodes.js'
import { indexType } from './table.js'
import type { Table, TableColumn } from './table.js'

/** Columns of the schema's own that attributes can fill: their names, and what they are. */
const WAVEFORMS: ReadonlyMap<string, string> = new Map([
  ['waveform_mean', 'The mean waveform of each unit in volts, samples or samples × electrodes.'],
  ['waveform_sd', 'The standard deviation of the waveform of each unit in volts, samples or samples × electrodes.'],
])

const UNITS = 'units'

export interface UnitsTable {
  table: Table
  /** Attributes that no column can hold. */
  skipped: string[]
}

/**
 * The table: spike times in s, the recording's window as what was observed, the electrode of each unit, and a column for each
 * attribute that the electrode table does not tell.
 *
 * @param fsHz - the sampling frequency, if it is known
 * @param descriptions - what columns mean, by name
 * @throws TypeError, RangeError for a description that is no text, and for too many attributes
 */
export function* unitsTable(
  sd: SpikeData,
  electrodes: Electrodes | undefined,
  fsHz: number | undefined,
  descriptions: Readonly<Record<string, unknown>>,
): Steps<UnitsTable> {
  const { N, neuronAttributes } = sd
  const { columns, skipped } = yield* attributeColumns(N, neuronAttributes, electrodes?.told ?? new Set())
  const isHeld = (column: TableColumn) => !WAVEFORMS.has(column.name) || isWaveform(column)
  const attributes = columns.filter(isHeld).map((column) => waveformColumn(column, fsHz))
  skipped.push(...columns.filter((column) => !isHeld(column)).map(({ name }) => name))
  return {
    table: {
      path: UNITS,
      type: { namespace: 'core', name: 'Units' },
      description: 'The sorted units.',
      ids: { column: 'range', first: 0, count: N },
      columns: [...ownColumns(sd, electrodes, fsHz), ...described(attributes, descriptions)],
    },
    skipped,
  }
}

/** The columns that are not made from attributes. */
function ownColumns(sd: SpikeData, electrodes: Electrodes | undefined, fsHz: number | undefined): TableColumn[] {
  const { N, startTime, length, spikeCount, nativeTrains: trains } = sd
  const window = Float64Array.of(startTime / 1000, (startTime + length) / 1000)
  const oneEach = { column: 'range', first: 1, count: N, type: indexType(N) } as const
  const columns: TableColumn[] = [
    {
      name: 'spike_times',
      description: 'The spike times of each unit in seconds.',
      values: { data: 'numbers', column: { column: 'spikeTimes', trains, time: { to: 's' } } },
      index: { column: 'spikeTimesIndex', trains, type: indexType(spikeCount) },
      attributes: { resolution: fsHz && 1 / fsHz },
    },
    {
      name: 'obs_intervals',
      description: 'The window of the recording in seconds, in which all units were observed.',
      values: { data: 'numbers', column: { column: 'repeated', data: window, count: N } },
      index: oneEach,
    },
  ]
  if (electrodes?.unitRows) {
    columns.push({
      name: 'electrodes',
      description: 'The electrode of each unit.',
      values: { data: 'numbers', column: { column: 'array', data: electrodes.unitRows, shape: [N] } },
      index: oneEach,
      rowsOf: ELECTRODES,
    })
  }
  return columns
}

/** Whether numbers have the axes that the schema wants: units × samples, or units × samples × electrodes. */
function isWaveform({ values, index }: TableColumn): boolean {
  if (values.data !== 'numbers' || values.column.column !== 'array' || index) return false
  const axes = values.column.shape.length
  return axes === 2 || axes === 3
}

function waveformColumn(column: TableColumn, fsHz: number | undefined): TableColumn {
  const description = WAVEFORMS.get(column.name)
  return description === undefined ? column : { ...column, description, attributes: { unit: 'volts', sampling_rate: fsHz } }
}

/** The columns with the descriptions that the caller has given. */
function described(columns: readonly TableColumn[], descriptions: Readonly<Record<string, unknown>>): TableColumn[] {
  return columns.map((column) => {
    if (!Object.hasOwn(descriptions, column.name)) return column
    return { ...column, description: requiredString(descriptions[column.name], `nwb.columnDescriptions.${column.name}`) }
  })
}
