/**
 * Names that no column of a table of intervals can have.
 */
import { isFreeInTable, OF_UNITS, PYNWB_NAMES, PYNWB_PRIVATE_NAMES, SCHEMA_NAMES, words } from './column-names.js'

/** Those that intervals alone have. The column `tags` is the schema's and can be filled. */
const OF_INTERVALS = words(`
  _TimeIntervals__calculate_idx_count add_interval start_time stop_time tags_index timeseries timeseries_index
`)

/** All names of the schema and of pynwb's class that are taken. */
export const INTERVAL_NAMES: ReadonlySet<string> = new Set([
  ...[...SCHEMA_NAMES, ...PYNWB_NAMES, ...PYNWB_PRIVATE_NAMES].filter((name) => !OF_UNITS.has(name)),
  ...OF_INTERVALS,
])

/** Whether a column of intervals can have the name. */
export function isIntervalName(name: string): boolean {
  return !OF_INTERVALS.has(name) && isFreeInTable(name)
}
