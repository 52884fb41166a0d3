/**
 * The units' table of an NWB file.
 */
import type { SpikeData } from '../../model/spike-data.js'
import type { Missing } from '../../options/checks.js'
import type { Steps } from '../../steps.js'
import type { AttributeColumns, ColumnOptions } from './attribute-columns.js'
import { attributeColumns } from './attribute-columns.js'
import type { Electrodes } from './electrodes.js'
import { ELECTRODES } from './electrodes.js'
import type { ObservedIntervals } from './observed.js'
import { observedColumn } from './observed.js'
import type { Table, TableColumn } from './table.js'
import { indexType } from './table.js'

const UNITS = 'units'

/** What the caller wants of the table. */
export interface UnitsOptions extends ColumnOptions {
  obsIntervals: ObservedIntervals | Missing
}

export interface UnitsTable {
  table: Table
  /** What became of the attributes. */
  attributes: AttributeColumns
}

/**
 * The table: spike times in s, when units were observed, the electrode of each unit, and a column for each attribute that the electrode
 * table does not hold.
 *
 * @throws TypeError, RangeError for too many attributes, values that are not one for each spike, or windows that make no sense
 */
export function* unitsTable(sd: SpikeData, electrodes: Electrodes, { obsIntervals, ...options }: UnitsOptions): Steps<UnitsTable> {
  const { N } = sd
  const observed = yield* observedColumn(sd, obsIntervals)
  const attributes = yield* attributeColumns(sd, electrodes.kept, options)
  return {
    table: {
      path: UNITS,
      type: { namespace: 'core', name: 'Units' },
      description: 'The sorted units.',
      ids: { kind: 'range', first: 0, count: N },
      columns: [...ownColumns(sd, electrodes, observed, options.fsHz), ...attributes.columns],
    },
    attributes,
  }
}

/** The columns that are not made from attributes. */
function ownColumns(sd: SpikeData, electrodes: Electrodes, observed: TableColumn, fsHz: number | undefined): TableColumn[] {
  const { N, spikeCount, nativeTrains: trains } = sd
  const oneEach = { kind: 'range', first: 1, count: N, type: indexType(N) } as const
  const columns: TableColumn[] = [
    {
      name: 'spike_times',
      description: 'The spike times of each unit in seconds.',
      values: { data: 'numbers', source: { kind: 'spikeTimes', trains, time: { to: 's' } } },
      index: { kind: 'spikeTimesIndex', trains, type: indexType(spikeCount) },
      attributes: { resolution: fsHz && 1 / fsHz },
    },
    observed,
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
