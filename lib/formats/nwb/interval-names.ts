/**
 * Names that no column of a table of intervals can have.
 */
import { PYNWB_NAMES, PYNWB_PRIVATE_NAMES, SCHEMA_NAMES, takenBy, words } from './column-names.js'

/** Of the names that are taken in the units' table, those that intervals do not have: pynwb 2.8 to 4.2. */
const OF_UNITS = words(`
  _Units__electrode_table _Units__has_spike_times add_unit electrode_group electrode_table electrodes electrodes_index
  get_unit_obs_intervals get_unit_spike_times obs_intervals obs_intervals_index resolution spike_times spike_times_index waveform_mean
  waveform_rate waveform_sd waveform_time_before_peak_in_ms waveform_unit waveforms waveforms_desc waveforms_index waveforms_index_index
`)

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
  return !INTERVAL_NAMES.has(name) && (OF_UNITS.has(name) ? !name.endsWith('_index') : !takenBy(name))
}
