/** Values of spikes, windows, tables of intervals and further series of NWB files, in each reader. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { INTERVAL_NAMES } from '../../lib/formats/nwb/interval-names.js'
import { FEATURES, writeTablesCases } from './nwb-tables-cases.js'
import { check, pythonEnvironment, runPython } from './python.js'

const cases = await writeTablesCases(t.testdir())

/** As the table of docs/nwb.md heads their columns. */
const COLUMNS = [
  'pynwb, both',
  'its validator, both',
  'nwbinspector, both',
  'SpikeInterface, by h5py and by pynwb',
  'SpikeLab, by h5py and by pynwb',
]

const READERS = {
  nwb: ['pynwb', 'validator', 'nwbinspector', 'SpikeLab', 'SpikeLab with pynwb'],
  'nwb-old': ['pynwb', 'validator', 'nwbinspector'],
  sorting: ['SpikeInterface', 'SpikeInterface with pynwb'],
} as const

for (const [name, readers] of Object.entries(READERS)) {
  const environment = await pythonEnvironment(name as keyof typeof READERS)
  const script = name === 'sorting' ? 'check_nwb_tables_spikeinterface.py' : 'check_nwb_tables.py'
  t.test(`${readers.join(', ')} (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    // In one process, as each imports the same packages.
    const read = readers.flatMap((reader) => cases.map((fields) => ({ ...fields, name: `${fields.name}, ${reader}`, reader })))
    await check(t, environment, script, read)
  })
}

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`nothing is outside the schema (${name})`, { skip: environment.skip }, async (t) => {
    t.testdir()
    await check(
      t,
      environment,
      'check_nwb_schema.py',
      cases.map((fields) => ({ ...fields, added: null })),
    )
  })
}

t.test('the table of docs/nwb.md lists these features and readers', async (t) => {
  const guide = readFileSync(new URL('../../docs/nwb.md', import.meta.url), 'utf8')
  const rows = [...guide.matchAll(/^\| (.*) \|$/gm)].map(([, cells]) => cells!.split(' | '))
  t.strictSame(
    rows.find(([first]) => first === 'feature'),
    ['feature', ...COLUMNS],
  )
  for (const name of Object.keys(FEATURES)) {
    const cells = rows.find(([feature]) => feature === name)?.slice(1) ?? []
    const found = [true, true, true, /^(Electrical|LFP)/.test(name), false].map((isWhole) => (isWhole ? /^✓/ : /^trains$/))
    t.match(cells, found, name)
    t.equal(cells.length, COLUMNS.length, name)
  }
})

const nwb = await pythonEnvironment('nwb')
const old = await pythonEnvironment('nwb-old')

t.test('the names that intervals cannot have are those of the schema and of pynwb', { skip: nwb.skip || old.skip }, async (t) => {
  const found = new Set<string>()
  for (const environment of [nwb, old]) {
    const names: Record<'schema' | 'class', string[]> = JSON.parse(await runPython(environment, 'nwb_names.py', ['TimeIntervals']))
    for (const name of [...names.schema, ...names.class]) if (!/^__.*__$/.test(name)) found.add(name)
  }
  // That column can be filled.
  found.delete('tags')
  t.strictSame([...INTERVAL_NAMES].sort(), [...found].sort())
})
