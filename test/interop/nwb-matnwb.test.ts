/** NWB files under the rules that MatNWB's source has, as MATLAB itself does not run here. */
import t from 'tap'
import { writeCases } from './nwb-cases.js'
import { writeProbeCases } from './nwb-probe-cases.js'
import { writeTablesCases } from './nwb-tables-cases.js'
import { check, pythonEnvironment } from './python.js'

const folder = t.testdir({ sessions: {}, tables: {}, probes: {} })
const sessions = await writeCases(`${folder}/sessions`)
const cases = [...sessions, ...(await writeTablesCases(`${folder}/tables`)), ...(await writeProbeCases(`${folder}/probes`))]

/** What MatNWB does not open, and the checker has to find. */
const ADDITIONS = [
  'an attribute of the file',
  'an attribute of a table',
  'an attribute of a column',
  'an attribute of a plain dataset',
  'a dataset of a plain group',
  'a group of a table',
  'a link',
  'a text of a fixed length',
  'a number for a text',
  'a type that is not there',
  'a column that differs in case',
  'a column that is too short',
]

const { file } = sessions.find(({ name }) => name === 'attributes')!
const faulty = ADDITIONS.map((added) => ({ name: `finds ${added}`, file, added }))

for (const name of ['nwb', 'nwb-old'] as const) {
  const environment = await pythonEnvironment(name)
  t.test(`MatNWB's rules with the schema of ${name}`, { skip: environment.skip }, async (t) => {
    t.testdir()
    await check(t, environment, 'check_nwb_matnwb.py', [...cases.map(({ name, file }) => ({ name, file, added: null })), ...faulty])
  })
}
