/**
 * Pickles by Python: SpikeLab on an old and a new numpy, in every protocol, of all six classes, with the attributes of its sorter and every
 * type that is allowed. Node loads and exports them, and Python compares what has come of each value with what it was.
 */
import t from 'tap'
import { exportToPickle, loadFromPickle } from '../../lib/index.js'
import { check, pythonEnvironment, runPython } from './python.js'

for (const name of ['numpy2', 'numpy1'] as const) {
  const environment = await pythonEnvironment(name)

  t.test(`pickles of ${name} are loaded`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const written: { name: string; file: string }[] = JSON.parse(await runPython(environment, 'write_pickles.py', [folder]))
    const loaded = []
    for (const { name, file } of written) {
      const again = `${file}.again`
      await exportToPickle(await loadFromPickle(file), again)
      loaded.push({ name, file, again })
    }
    await check(t, environment, 'check_pickle_load.py', loaded)
  })
}
