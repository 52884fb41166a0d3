/** The checkers of the other tests find what they are there for. */
import t from 'tap'
import { pythonEnvironment, runPython } from './python.js'

const environment = await pythonEnvironment('numpy2')

t.test('deliberate faults are found', { skip: environment.skip }, async (t) => {
  const results: [string, string[]][] = JSON.parse(await runPython(environment, 'check_checkers.py', []))
  for (const [name, problems] of results) t.same(problems, [], name)
})
