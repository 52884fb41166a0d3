/**
 * The units' table of an NWB file.
 */
import { invalidValue } from '../../errors.js'
import type { SpikeData } from '../../model/spike-data.js'
import type { Missing } from '../../options/checks.js'
import { areUnitIds, UNIT_ID } from '../../recording/unit-id.js'
import type { Steps } from '../../steps.js'
import type { AttributeColumns, ColumnOptions } from './attribute-columns.js'
import { attributeColumns } from './attribute-columns.js'
import type { Electrodes } from './electrodes.js'
import type { ObservedIntervals } from './observed.js'
import { observedColumn } from './observed.js'
import { ELECTRODES } from './probe.js'
import type { Table, TableColumn } from './table.js'
import { indexType } from './table.js'
import { GROUP_NAME } from './unit-groups.js'
import { UNIT_NAME, unitNumbers } from './unit-ids.js'

const UNITS = 'units'

/** The column of rows of the electrode table. */
const ELECTRODES_NAME = 'electrodes'

/** What the caller wants of the table. */
export interface UnitsOptions extends Omit<ColumnOptions, 'electrodeCount'> {
  /** The ids or names of the units, if they are given. */
  unitIds: unknown
  obsIntervals: ObservedIntervals | Missing
}

export interface UnitsTable {
  table: Table
  /** What became of the attributes. */
  attributes: AttributeColumns
  /** The columns that `nwb.columnDescriptions` can describe. */
  described: ReadonlySet<string>
}

/**
 * The table: spike times in s, when units were observed, the electrode of each unit, and a column for each attribute that the electrode
 * table does not hold.
 *
 * @throws TypeError, RangeError for ids that make no sense, for too many attributes, values that are not one for each spike, or windows that
 *   make no sense, and for an attribute that has the names' column
 */
export function* unitsTable(sd: SpikeData, electrodes: Electrodes, { unitIds, obsIntervals, ...given }: UnitsOptions): Steps<UnitsTable> {
  const options = { ...given, electrodeCount: electrodes.listCount }
  const observed = yield* observedColumn(sd, obsIntervals)
  const { ids, names, given: givenIds } = yield* unitNumbers(unitIds, sd.N)
  const areIds = givenIds && (yield* areUnitIds(sd.neuronAttributes ?? [], givenIds))
  const attributes = yield* attributeColumns(sd, areIds ? new Set([...electrodes.kept, UNIT_ID]) : electrodes.kept, options)
  if (names && attributes.named.has(UNIT_NAME)) {
    throw invalidValue(`numbers, as the units have the attribute ${UNIT_NAME},`, 'unitIds', unitIds)
  }
  const described = new Set(attributes.named)
  if (electrodes.unitRows) described.add(ELECTRODES_NAME)
  if (electrodes.unitGroups) described.add(GROUP_NAME)
  return {
    described,
    table: {
      path: UNITS,
      type: { namespace: 'core', name: 'Units' },
      description: 'The sorted units.',
      ids,
      columns: [...ownColumns(sd, electrodes, observed, given), ...(names ? [names] : []), ...attributes.columns],
    },
    attributes,
  }
}

/** The columns that are not made from attributes. */
function ownColumns(
  sd: SpikeData,
  electrodes: Electrodes,
  observed: TableColumn,
  { fsHz, descriptions }: Pick<ColumnOptions, 'fsHz' | 'descriptions'>,
): TableColumn[] {
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
  const { unitRows: rows, unitEnds: ends } = electrodes
  if (rows) {
    columns.push({
      name: ELECTRODES_NAME,
      description: descriptions.get(ELECTRODES_NAME) ?? (ends ? 'The electrodes of each unit.' : 'The electrode of each unit.'),
      values: { data: 'numbers', source: { kind: 'array', data: rows, shape: [rows.length] } },
      index: ends ? { kind: 'array', data: ends, shape: [N] } : oneEach,
      rowsOf: ELECTRODES,
    })
  }
  const { unitGroups } = electrodes
  if (unitGroups) columns.push({ ...unitGroups, description: descriptions.get(GROUP_NAME) ?? unitGroups.description })
  return columns
}
