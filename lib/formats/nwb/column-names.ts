/**
 * Names of columns in the units' table: which are taken, by what, and the names of columns for attributes that have such a name.
 */

/** Why no attribute can have a column of its name. */
export type Taken = 'schema' | 'pynwb' | 'index'

/** More names than any table has. A name per unit would make a column per unit, and take memory without bounds. */
export const MOST_NAMES = 1000

/** The attributes, datasets and groups of `Units` and its parents, in the NWB schema 2.7 to 2.11. */
export const SCHEMA_NAMES = words(`
  colnames description electrode_group electrodes electrodes_index id meanings_tables namespace neurodata_type object_id obs_intervals
  obs_intervals_index spike_times spike_times_index waveform_mean waveform_sd waveforms waveforms_index waveforms_index_index
`)

/** What pynwb's class `Units` has of its own, and what its constructor, `add_unit` and `add_row` take: pynwb 2.8 to 4.2. */
export const PYNWB_NAMES = words(`
  add_child add_column add_meanings_table add_row add_unit all_children all_objects check_ragged children columns container_source copy
  create_region css_style data data_type electrode_table enforce_unique_id fields from_dataframe generate_html_repr generate_new_id get
  get_ancestor get_ancestors get_duration get_fields_conf get_foreign_columns get_linked_tables get_meanings_for_column get_meanings_table
  get_read_io get_starting_time get_unit_obs_intervals get_unit_spike_times has_foreign_columns js_script modified name parent read_io
  reset_parent resolution set_data_io set_modified target_tables to_dataframe type_hierarchy waveform_rate waveform_time_before_peak_in_ms
  waveform_unit waveforms_desc
`)

/** What the class keeps for itself. */
export const PYNWB_PRIVATE_NAMES = words(`
  _AbstractContainer__children _AbstractContainer__container_source _AbstractContainer__field_values _AbstractContainer__fieldsconf
  _AbstractContainer__gather_fields _AbstractContainer__modified _AbstractContainer__name _AbstractContainer__obj
  _AbstractContainer__object_id _AbstractContainer__parent _AbstractContainer__read_io _Container__smart_str _Container__smart_str_dict
  _Container__smart_str_list _DynamicTable__add_column_index_helper _DynamicTable__becomes_ragged _DynamicTable__build_columns
  _DynamicTable__colids _DynamicTable__df_cols _DynamicTable__elements_checked_per_column _DynamicTable__gather_columns
  _DynamicTable__get_selection_as_df _DynamicTable__get_selection_as_df_single_row _DynamicTable__get_selection_as_dict
  _DynamicTable__indices _DynamicTable__meanings_tables _DynamicTable__ragged_columns _DynamicTable__reserved_colspec_keys
  _DynamicTable__set_table_attr _DynamicTable__uninit_cols _Units__electrode_table _Units__has_spike_times _abc_impl
  _add_extra_predefined_columns _check_field_spec _check_field_spec_keys _closed_file_warning_html _data_type_attr
  _error_on_new_warn_on_construct _experimental _field_config _fieldsname _file_is_closed _generate_array_html _generate_field_html
  _generate_html_repr _get_fields _get_type_map _getter _in_construct_mode _init_class_columns _pconf_allowed_keys _remove_child
  _repr_html_ _set_dtr_targets _set_fields _setter _validate_new_row _validate_on_set_parent
`)

/** Of these names, those that only the class of the units' table has: pynwb 2.8 to 4.2. */
export const OF_UNITS = words(`
  _Units__electrode_table _Units__has_spike_times add_unit electrode_group electrode_table electrodes electrodes_index
  get_unit_obs_intervals get_unit_spike_times obs_intervals obs_intervals_index resolution spike_times spike_times_index waveform_mean
  waveform_rate waveform_sd waveform_time_before_peak_in_ms waveform_unit waveforms waveforms_desc waveforms_index waveforms_index_index
`)

/** Python's own names; with a further underscore they are no longer. */
const PYTHON = /^__.*[^_]__$/

/** Appended to a name that is taken, until it is free. */
const SUFFIX = '_'

/** Whether a dataset can have the name, by the rules of HDF5 and of UTF-8. */
export function isObjectName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0\p{Surrogate}]/u.test(name)
}

/** What a column of the name would be taken for; undefined for a name that is free. */
export function takenBy(name: string): Taken | undefined {
  if (SCHEMA_NAMES.has(name)) return 'schema'
  if (PYNWB_NAMES.has(name) || PYNWB_PRIVATE_NAMES.has(name) || PYTHON.test(name)) return 'pynwb'
  return name.endsWith('_index') ? 'index' : undefined
}

/** Whether nothing takes a column of the name for another thing in a table that is not that of the units. */
export function isFreeInTable(name: string): boolean {
  return OF_UNITS.has(name) ? !name.endsWith('_index') : !takenBy(name)
}

/** Appends underscores to the name until no column has it, and adds it to `names`. */
export function freeName(name: string, names: Set<string>): string {
  let free = name
  while (names.has(free) || takenBy(free)) free += SUFFIX
  names.add(free)
  return free
}

/** The words of a text. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
