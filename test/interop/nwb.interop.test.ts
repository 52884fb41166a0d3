/** Complete NWB files in pynwb, its validator, nwbinspector, SpikeInterface, SpikeLab and DANDI; and the reference's files there. */
import t from 'tap'
import { check, PYTHON_TIMEOUT_MS, pythonEnvironment } from './python.js'
import type { Case } from './python.js'
import { ALL, writeCases } from './nwb-cases.js'
import type { NwbCase } from './nwb-cases.js'
import { encodeRecordings } from './recordings.js'

t.setTimeout(PYTHON_TIMEOUT_MS)

const cases = await writeCases(t.testdir())
const shared = { recordings: encodeRecordings(ALL) }

/** Without spikes, some of nwbinspector's checks fail themselves. */
const FAILING = ['check_col_not_nan', 'check_table_values_for_dict']

/** What nwbinspector finds worse than a suggestion, of both ages: what the recording itself is, by its name or the case's. */
const FINDINGS: Record<string, string[]> = {
  'no units': [...FAILING, 'check_empty_table'],
  'no units with attributes': [...FAILING, 'check_empty_table'],
  'all trains empty': FAILING,
  'all trains empty for a while': FAILING,
  'event-centred': ['check_negative_spike_times'],
  'negative zero': ['check_negative_spike_times'],
  'raw int16, raw data': ['check_regular_timestamps'],
}

/** What only today's nwbinspector finds. */
const NEW_FINDINGS: Record<string, string[]> = {
  'all trains empty': [...FAILING, 'check_units_table_duration'],
  'all trains empty for a while': [...FAILING, 'check_units_table_duration'],
  'one spike at the start': ['check_spike_times_not_in_samples'],
  'large times': ['check_units_table_duration'],
  'typical, nothing told': ['check_subject_exists', 'check_units_resolution_is_set'],
  'sparse and shared electrodes, nothing told': ['check_subject_exists', 'check_units_resolution_is_set'],
  // Rows of the channel map that nobody uses say `unknown`, which is no place in a mouse.
  'sparse and shared electrodes, a mouse': ['check_electrodes_location_allen_ccf'],
}

/** What today's nwbinspector suggests when everything is told, and when nothing is. */
const SUGGESTIONS: Record<string, string[]> = {
  attributes: [],
  waveforms: [],
  'electrodes without a gap': [],
  'raw float64 at a rate, raw data': [],
  'typical, nothing told': [
    'check_experiment_description',
    'check_experimenter_exists',
    'check_institution',
    'check_keywords',
    'check_session_start_time_old_date',
  ],
}

/** The older one only suggests a subject. */
const NOTHING_TOLD = 'typical, nothing told'
const OLD_SUGGESTIONS = { ...SUGGESTIONS, [NOTHING_TOLD]: [...SUGGESTIONS[NOTHING_TOLD]!, 'check_subject_exists'] }

const EXPECTED = {
  nwb: { severe: { ...FINDINGS, ...NEW_FINDINGS }, suggested: SUGGESTIONS },
  'nwb-old': { severe: FINDINGS, suggested: OLD_SUGGESTIONS },
}

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`pynwb, its validator and nwbinspector (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    const { severe, suggested }: Record<string, Record<string, string[]>> = EXPECTED[name]
    const inspected = cases.map((fields) => ({
      ...fields,
      inspector: severe![fields.name] ?? severe![fields.recording] ?? [],
      suggestions: suggested![fields.name] ?? null,
    }))
    await check(t, environment, 'check_nwb_pynwb.py', inspected, { shared })
  })
}

const nwb = await pythonEnvironment('nwb')
const sorting = await pythonEnvironment('sorting')

t.test('SpikeInterface', { skip: sorting.skip }, async (t) => {
  t.testdir()
  await check(t, sorting, 'check_nwb_spikeinterface.py', cases.filter(isSortable), { shared })
})

/** SpikeInterface wants a rate, and counts frames in int64. */
function isSortable({ fsHz, recording }: NwbCase): boolean {
  return fsHz !== null && recording !== 'large times'
}

t.test('SpikeLab', { skip: nwb.skip }, async (t) => {
  t.testdir()
  const ofPynwb = { name: "pynwb's own file", recording: null }
  await check(t, nwb, 'check_nwb_spikelab.py', [...cases, ofPynwb], { shared })
})

t.test('DANDI', { skip: nwb.skip }, async (t) => {
  t.testdir()
  const named = (name: string) => cases.find((fields) => fields.name === name)!
  const validated = [
    { ...named('attributes'), findings: [] },
    { ...named('raw float64 at a rate, raw data'), findings: [] },
    { ...named('typical, nothing told'), findings: ['NWBI.check_subject_exists', 'NWBI.check_units_resolution_is_set'] },
  ]
  await check(t, nwb, 'check_nwb_dandi.py', validated)
})

t.test("the reference's own file", { skip: nwb.skip || sorting.skip }, async (t) => {
  t.testdir()
  const readers: Case[] = [
    { name: 'pynwb', reader: 'pynwb', outcome: 'Missing NWB version in file. The file is not a valid NWB file.' },
    { name: 'the validator', reader: 'validator', outcome: 'Could not find an IO to read the file' },
  ]
  const rates: Case[] = [
    { name: 'SpikeInterface', reader: 'SpikeInterface', outcome: "ValueError: Couldn't determine the sampling frequency." },
    { name: 'SpikeInterface with a rate', reader: 'SpikeInterface at a rate', outcome: '[[20, 50], [60]]' },
  ]
  await check(t, nwb, 'check_nwb_reference_readers.py', readers)
  await check(t, sorting, 'check_nwb_reference_readers.py', rates)
})
