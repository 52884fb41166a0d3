/**
 * The units' table of an NWB file.
 */
import type { SpikeData } from '../../model/spike-data.js'
import type { Steps } from '../../steps.js'
import type { AttributeColumns } from './attribute-columns.js'
import { attributeColumns } from './attribute-columns.js'
import type { Electrodes } from './electrodes.js'
import { ELECTRODES } from './electrodes.js'
import type { Table, TableColumn } from './table.js'
import { indexType } from './table.js'

const UNITS = 'units'

export interface UnitsTable {
  table: Table
  /** What became of the attributes. */
  attributes: AttributeColumns
}

/**
 * The table: spike times in s, the recording's window as what was observed, the electrode of each unit, and a column for each
 * attribute that the electrode table does not hold.
 *
 * @param fsHz - the sampling frequency, if it is known
 * @param descriptions - what attributes mean, by name
 * @throws TypeError, RangeError for too many attributes
 */
export function* unitsTable(
  sd: SpikeData,
  electrodes: Electrodes,
  fsHz: number | undefined,
  descriptions: ReadonlyMap<string, string>,
): Steps<UnitsTable> {
  const { N, neuronAttributes } = sd
  const attributes = yield* attributeColumns(N, neuronAttributes, electrodes.kept, fsHz, descriptions)
  return {
    table: {
      path: UNITS,
      type: { namespace: 'core', name: 'Units' },
      description: 'The sorted units.',
      ids: { kind: 'range', first: 0, count: N },
      columns: [...ownColumns(sd, electrodes, fsHz), ...attributes.columns],
    },
    attributes,
  }
}

/** The columns that are not made from attributes. */
function ownColumns(sd: SpikeData, electrodes: Electrodes, fsHz: number | undefined): TableColumn[] {
  const { N, startTime, length, spikeCount, nativeTrains: trains } = sd
  const window = Float64Array.of(startTime / 1000, (startTime + length) / 1000)
  const oneEach = { kind: 'range', first: 1, count: N, type: indexType(N) } as const
  const columns: TableColumn[] = [
    {
      name: 'spike_times',
      description: 'The spike times of each unit in seconds.',
      values: { data: 'numbers', source: { kind: 'spikeTimes', trains, time: { to: 's' } } },
      index: { kind: 'spikeTimesIndex', trains, type: indexType(spikeCount) },
      attributes: { resolution: fsHz && 1 / fsHz },
    },
    {
      name: 'obs_intervals',
      description: 'The window of the recording in seconds, in which all units were observed.',
      values: { data: 'numbers', source: { kind: 'repeated', data: window, count: N } },
      index: oneEach,
    },
  ]
  if (electrodes.unitRows) {
    columns.push({
      name: 'electrodes',
      description: 'The electrode of each unit.',
      values: { data: 'numbers', source: { kind: 'array', data: electrodes.unitRows, shape: [N] } },
      index: oneEach,
      rowsOf: ELECTRODES,
    })
  }
  return columns
}
