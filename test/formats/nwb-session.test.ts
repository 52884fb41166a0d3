/**
 * Every field of a session, its subject, device and electrode group: what it becomes, and which forms it has.
 */
import { existsSync } from 'node:fs'
import t from 'tap'
import type { NwbSession } from '../../lib/index.js'
import { exportSpikeDataToNwb, SpikeData } from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { readNwb } from '../support/nwb-file.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()
const file = `${dir}/file.nwb`
const START = '2026-03-01T14:05:00+01:00'
const sd = new SpikeData([[1, 2.5]])

async function exported(session: NwbSession) {
  await exportSpikeDataToNwb(sd, file, { nwb: { sessionStartTime: START, ...session } })
  return readNwb(file)
}

t.test('every field', async (t) => {
  const texts = {
    sessionDescription: 'session_description',
    identifier: 'identifier',
    sessionId: 'general/session_id',
    experimentDescription: 'general/experiment_description',
    institution: 'general/institution',
    lab: 'general/lab',
    dataCollection: 'general/data_collection',
    notes: 'general/notes',
    pharmacology: 'general/pharmacology',
    protocol: 'general/protocol',
    slices: 'general/slices',
    stimulus: 'general/stimulus',
    surgery: 'general/surgery',
    virus: 'general/virus',
  }
  const lists = { experimenter: 'general/experimenter', keywords: 'general/keywords', relatedPublications: 'general/related_publications' }
  const given = {
    ...Object.fromEntries(Object.keys(texts).map((name) => [name, `The ${name}, µm, 測定`])),
    ...Object.fromEntries(Object.keys(lists).map((name) => [name, [`One ${name}`, 'and two']])),
    timestampsReferenceTime: '2026-02-28T00:00:00.25Z',
    fileCreateDate: '2026-03-02T08:00:00Z',
  }
  const warnings = await warningsOf(async () => {
    const objects = await exported(given)
    for (const [name, path] of Object.entries(texts)) t.match(objects[path], { shape: [], value: `The ${name}, µm, 測定` }, name)
    for (const [name, path] of Object.entries(lists)) t.match(objects[path], { shape: [2], value: [`One ${name}`, 'and two'] }, name)
    t.match(objects['session_start_time'], { shape: [], value: START })
    t.match(objects['timestamps_reference_time'], { value: '2026-02-28T00:00:00.25Z' })
    t.match(objects['file_create_date'], { shape: [1], value: ['2026-03-02T08:00:00Z'] })
    t.notOk('general/devices' in objects)
  })
  t.strictSame(warnings, [])
})

t.test('one text where a list may be, and a Date', async (t) => {
  const objects = await exported({ experimenter: 'Doe, Jane', sessionStartTime: new Date(Date.UTC(2025, 0, 31, 12, 30)) })
  t.match(objects['general/experimenter'], { shape: [1], value: ['Doe, Jane'] })
  t.match(objects['session_start_time'], { value: '2025-01-31T12:30:00.000Z' })
  t.match(objects['timestamps_reference_time'], { value: '2025-01-31T12:30:00.000Z' })
})

t.test('a subject', async (t) => {
  const objects = await exported({
    subject: {
      subjectId: 'm-12',
      age: 'P12W/P14W',
      ageReference: 'gestational',
      dateOfBirth: '2025-12-01T00:00:00Z',
      description: 'A mouse.',
      genotype: 'wt',
      sex: 'F',
      species: 'Mus musculus',
      strain: 'C57BL/6J',
      weight: '0.02 kg',
    },
  })
  t.match(objects['general/subject']!.attributes, { namespace: 'core', neurodata_type: 'Subject' })
  const values = Object.fromEntries(
    Object.entries(objects).flatMap(([path, { value }]) => (path.startsWith('general/subject/') ? [[path.slice(16), value]] : [])),
  )
  t.strictSame(values, {
    subject_id: 'm-12',
    age: 'P12W/P14W',
    date_of_birth: '2025-12-01T00:00:00Z',
    description: 'A mouse.',
    genotype: 'wt',
    sex: 'F',
    species: 'Mus musculus',
    strain: 'C57BL/6J',
    weight: '0.02 kg',
  })
  t.strictSame(objects['general/subject/age']!.attributes, { reference: 'gestational' })
  t.strictSame((await exported({ subject: { age: 'P1D' } }))['general/subject/age']!.attributes, { reference: 'birth' })
})

t.test('a device and an electrode group', async (t) => {
  const objects = await exported({
    device: { name: 'Probe A', description: 'A probe.', manufacturer: 'imec' },
    electrodeGroup: { location: 'CA1' },
  })
  t.match(objects['general/devices/Probe A']!.attributes, { neurodata_type: 'Device', description: 'A probe.\nManufacturer: imec' })
  const group = objects['general/extracellular_ephys/electrode_group']!
  t.match(group.attributes, { neurodata_type: 'ElectrodeGroup', description: /all electrodes/i, location: 'CA1' })
  const linked = objects['general/extracellular_ephys/electrode_group/device']!
  t.equal(linked.attributes['object_id'], objects['general/devices/Probe A']!.attributes['object_id'])
  t.notOk('general/extracellular_ephys/electrodes' in objects)

  const defaults = await exported({ electrodeGroup: { name: 'shank', description: 'One shank.' } })
  t.match(defaults['general/devices/device']!.attributes, { description: 'Nothing is known about this device.' })
  t.match(defaults['general/extracellular_ephys/shank']!.attributes, { description: 'One shank.', location: 'unknown' })
})

t.test('names beyond ASCII', async (t) => {
  const objects = await exported({ device: { name: 'Sonde β' }, electrodeGroup: { name: 'Schaft Ü' } })
  t.ok('general/devices/Sonde β' in objects)
  t.ok('general/extracellular_ephys/Schaft Ü/device' in objects)
})

t.test('forms that are taken', async (t) => {
  const forms: [string, NwbSession[]][] = [
    [
      'start',
      ['2026-02-28T23:59:59Z', '2024-02-29T00:00:00.123456-11:30', '1999-12-31T00:00:00+00:00'].map((sessionStartTime) => ({
        sessionStartTime,
      })),
    ],
    ['age', ['P90D', 'P1Y2M3W4D', 'PT36H', 'P1.5Y', 'P1DT2H3M4S', 'P1D/P3D', 'P90Y/', '/P2W'].map((age) => ({ subject: { age } }))],
    ['species', ['Homo sapiens', 'http://purl.obolibrary.org/obo/NCBITaxon_10090'].map((species) => ({ subject: { species } }))],
    ['sex', (['M', 'F', 'O', 'U', 'XX', 'XO'] as const).map((sex) => ({ subject: { sex } }))],
    ['weight', ['2.3 kg', '20 g', '5 μg'].map((weight) => ({ subject: { weight } }))],
  ]
  for (const [name, sessions] of forms) {
    for (const session of sessions) await t.resolves(exported(session), `${name} ${JSON.stringify(session)}`)
  }
})

t.test('what is refused, before anything is written', async (t) => {
  const target = `${dir}/refused.nwb`
  const start = (sessionStartTime: unknown) => ({ sessionStartTime })
  const subject = (subject: unknown) => ({ subject })
  const refused: [object, typeof TYPE_ERROR, RegExp][] = [
    [{ sesionId: 'x' }, VALUE_ERROR, /name of an option for nwb .*sesionId/],
    [start('2026-03-01'), VALUE_ERROR, /zone.*nwb\.sessionStartTime.*'2026-03-01'/],
    [start('2026-03-01T14:05:00'), VALUE_ERROR, /zone/],
    [start('2026-02-30T14:05:00Z'), VALUE_ERROR, /sessionStartTime/],
    [start('2026-13-01T14:05:00Z'), VALUE_ERROR, /sessionStartTime/],
    [start('2026-03-01T24:00:00Z'), VALUE_ERROR, /sessionStartTime/],
    [start('2026-03-01 14:05:00Z'), VALUE_ERROR, /sessionStartTime/],
    [start(new Date(NaN)), VALUE_ERROR, /valid date/],
    [start(0), TYPE_ERROR, /a Date or an ISO 8601 date and time with a zone, such as '2026/],
    [{ timestampsReferenceTime: 'x' }, VALUE_ERROR, /nwb\.timestampsReferenceTime/],
    [{ sessionDescription: '' }, VALUE_ERROR, /not empty.*sessionDescription/],
    [{ identifier: 5 }, TYPE_ERROR, /identifier/],
    [{ lab: '' }, VALUE_ERROR, /nwb\.lab/],
    [{ notes: 'a\0b' }, VALUE_ERROR, /NUL/],
    [{ notes: 'a\ud800' }, VALUE_ERROR, /surrogates/],
    [{ sessionId: 'a/b' }, VALUE_ERROR, /without slashes.*nwb\.sessionId/],
    [{ sessionId: 'a\\b' }, VALUE_ERROR, /without slashes/],
    [{ keywords: [] }, VALUE_ERROR, /nwb\.keywords/],
    [{ keywords: ['a', ''] }, VALUE_ERROR, /nwb\.keywords\[1\]/],
    [{ experimenter: 5 }, TYPE_ERROR, /nwb\.experimenter/],
    [subject('x'), TYPE_ERROR, /nwb\.subject/],
    [subject({ name: 'x' }), VALUE_ERROR, /nwb\.subject .*'name'/],
    [subject({ subjectId: 'a/b' }), VALUE_ERROR, /nwb\.subject\.subjectId/],
    [subject({ age: 90 }), TYPE_ERROR, /an ISO 8601 duration such as 'P90D'.*nwb\.subject\.age but received 90/],
    [subject({ weight: 0.02 }), TYPE_ERROR, /a number and its unit, such as '0.02 kg', for nwb\.subject\.weight/],
    [subject({ sex: 1 }), TYPE_ERROR, /'M', 'F', 'O' or 'U'/],
    [subject({ age: '90 days' }), VALUE_ERROR, /ISO 8601 duration.*nwb\.subject\.age/],
    [subject({ age: 'P' }), VALUE_ERROR, /age/],
    [subject({ age: 'P1DT' }), VALUE_ERROR, /age/],
    [subject({ age: '/' }), VALUE_ERROR, /age/],
    [subject({ age: 'P1D', ageReference: 'death' }), VALUE_ERROR, /ageReference/],
    [subject({ dateOfBirth: '2025' }), VALUE_ERROR, /dateOfBirth/],
    [subject({ sex: 'male' }), VALUE_ERROR, /nwb\.subject\.sex/],
    [subject({ species: 'mouse' }), VALUE_ERROR, /Latin name.*species/],
    [subject({ weight: '20g' }), VALUE_ERROR, /weight/],
    [{ device: { name: 'a/b' } }, VALUE_ERROR, /nwb\.device\.name/],
    [{ device: { name: '..' } }, VALUE_ERROR, /nwb\.device\.name/],
    [{ device: { model: 'x' } }, VALUE_ERROR, /nwb\.device .*'model'/],
    [{ device: { manufacturer: '' } }, VALUE_ERROR, /nwb\.device\.manufacturer/],
    [{ electrodeGroup: { name: 'electrodes' } }, VALUE_ERROR, /another name.*nwb\.electrodeGroup\.name/],
    [{ electrodeGroup: { location: 3 } }, TYPE_ERROR, /nwb\.electrodeGroup\.location/],
    [{ electrodeGroup: { id: 'x' } }, VALUE_ERROR, /nwb\.electrodeGroup /],
    [{ fileCreateDate: '2026' }, VALUE_ERROR, /zone.*nwb\.fileCreateDate.*'2026'/],
    [{ fileCreateDate: ['2026-03-02T08:00:00Z'] }, TYPE_ERROR, /nwb\.fileCreateDate/],
    [{ columnDescriptions: 'x' }, TYPE_ERROR, /nwb\.columnDescriptions/],
    [{ columnDescriptions: ['x'] }, TYPE_ERROR, /nwb\.columnDescriptions/],
    [{ columnDescriptions: { nobody: '' } }, VALUE_ERROR, /nwb\.columnDescriptions\['nobody'\]/],
    [{ columnDescriptions: { 'a\nb': 5 } }, TYPE_ERROR, /nwb\.columnDescriptions\['a\\x0ab'\]/],
  ]
  for (const [session, error, message] of refused) {
    await t.rejects(exportSpikeDataToNwb(sd, target, { nwb: session }), { ...error, message }, JSON.stringify(session))
    t.notOk(existsSync(target))
  }
})
