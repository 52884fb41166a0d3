/** Complete NWB files in pynwb, its validator, nwbinspector, SpikeInterface, SpikeLab and DANDI; and the reference's files there. */
import t from 'tap'
import { PYNWB_NAMES, PYNWB_PRIVATE_NAMES, SCHEMA_NAMES, takenBy } from '../../lib/formats/nwb/column-names.js'
import { ELECTRODE_COLUMNS } from '../../lib/formats/nwb/electrode-columns.js'
import type { NwbCase } from './nwb-cases.js'
import { ALL, writeCases } from './nwb-cases.js'
import type { Case } from './python.js'
import { check, pythonEnvironment, runPython } from './python.js'
import { encodeRecordings } from './recordings.js'

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
  'raw int16, raw data, in pages': ['check_regular_timestamps'],
}

/** What only today's nwbinspector finds. */
const NEW_FINDINGS: Record<string, string[]> = {
  'all trains empty': [...FAILING, 'check_units_table_duration'],
  'all trains empty for a while': [...FAILING, 'check_units_table_duration'],
  'one spike at the start': ['check_spike_times_not_in_samples'],
  'large times': ['check_units_table_duration'],
  'typical, without options': ['check_subject_exists', 'check_units_resolution_is_set'],
  'sparse and shared electrodes, without options': ['check_subject_exists', 'check_units_resolution_is_set'],
  // Unused rows of the channel map have the location `unknown`, which is no place in a mouse.
  'sparse and shared electrodes, a mouse': ['check_electrodes_location_allen_ccf'],
}

/** What today's nwbinspector suggests with all session metadata, and with none. */
const SUGGESTIONS: Record<string, string[]> = {
  attributes: [],
  waveforms: [],
  'electrodes without a gap': [],
  'raw float64 at a rate, raw data': [],
  'typical, without options': [
    'check_experiment_description',
    'check_experimenter_exists',
    'check_institution',
    'check_keywords',
    'check_session_start_time_old_date',
  ],
}

/** The older one only suggests a subject. */
const WITHOUT_OPTIONS = 'typical, without options'
const OLD_SUGGESTIONS = { ...SUGGESTIONS, [WITHOUT_OPTIONS]: [...SUGGESTIONS[WITHOUT_OPTIONS]!, 'check_subject_exists'] }

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

/** Kinds of things outside the schema that the checker has to find in a file, as it is the test's only eye. */
const ADDITIONS = [
  'an attribute of the file',
  'an attribute of a table',
  'an attribute of a column',
  'an attribute of an index',
  'an attribute of a plain dataset',
  'an attribute of a plain group',
  'a dataset of the file',
  'a dataset of a plain group',
  'a column without a type',
  'a dataset of another type',
  'a group of a table',
  'a group of a plain group',
  'a link',
  'no id',
]

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`nothing is outside the schema (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    const file = cases.find(({ name }) => name === 'sparse and shared electrodes')!.file
    const faulty = ADDITIONS.map((added) => ({ name: `finds ${added}`, file, added }))
    await check(t, environment, 'check_nwb_schema.py', [...cases.map((fields) => ({ ...fields, added: null })), ...faulty])
  })
}

const nwb = await pythonEnvironment('nwb')
const old = await pythonEnvironment('nwb-old')

t.test('the names that are taken are those of the schema and of pynwb', { skip: nwb.skip || old.skip }, async (t) => {
  const schema = new Set<string>()
  const ofClass = new Set<string>()
  const ofElectrodes = new Set<string>()
  for (const environment of [nwb, old]) {
    const names: Record<'schema' | 'class' | 'electrodes', string[]> = JSON.parse(await runPython(environment, 'nwb_names.py', []))
    for (const name of names.schema) schema.add(name)
    for (const name of names.class) ofClass.add(name)
    for (const name of names.electrodes) ofElectrodes.add(name)
  }
  // Of Python's own there are others in each version.
  const isPythons = (name: string) => /^__.*__$/.test(name)
  const others = [...ofClass].filter((name) => !schema.has(name) && !isPythons(name))
  t.strictSame([...SCHEMA_NAMES].sort(), [...schema].sort())
  t.strictSame([...PYNWB_NAMES, ...PYNWB_PRIVATE_NAMES].sort(), others.sort())
  for (const name of ofClass) t.ok(takenBy(name), name)
  for (const name of ofElectrodes) t.ok(isPythons(name) || takenBy(name) || ELECTRODE_COLUMNS.has(name), `${name} of electrodes`)
})
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
    { ...named('typical, without options'), findings: ['NWBI.check_subject_exists', 'NWBI.check_units_resolution_is_set'] },
  ]
  await check(t, nwb, 'check_nwb_dandi.py', validated)
})

const neuroconv = await pythonEnvironment('neuroconv')

t.test('neuroconv adds a recording to a file', { skip: neuroconv.skip }, async (t) => {
  t.testdir()
  const recording = 'sparse and shared electrodes'
  const { file } = cases.find(({ name }) => name === recording)!
  const chunked = cases.find(({ name }) => name === `${recording}, {"compression":{}}`)!.file
  const added = (name: string, channels: string[], rows: number[], of = file) => ({
    name,
    recording,
    file: of,
    group: 'electrode_group',
    channels,
    rows,
  })
  const named = [
    added('of channels that are in the table', ['5', '0', '3'], [5, 0, 3]),
    added('of other channels', ['5', '6', '7'], [5, 6, 7]),
    added('of other channels, to compressed tables', ['5', '6', '7'], [5, 6, 7], chunked),
  ]
  await check(t, neuroconv, 'check_nwb_neuroconv.py', named, { shared })
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
