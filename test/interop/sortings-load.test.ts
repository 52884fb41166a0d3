/**
 * Results of sorters: SpikeLab's `.npz`, and folders and files of SpikeInterface, written by these programs. Node loads them, and Python
 * compares them with what SpikeLab's loaders make of the same files.
 */
import t from 'tap'
import { exportToPickle, loadSpikeDataFromSpikeInterface, loadSpikeDataFromSpikelabSortedNpz } from '../../lib/index.js'
import { check, pythonEnvironment, runPython } from './python.js'

const KINDS = {
  npz: { python: 'numpy2', load: loadSpikeDataFromSpikelabSortedNpz },
  spikeinterface: { python: 'sorting', load: loadSpikeDataFromSpikeInterface },
} as const

for (const [kind, { python, load }] of Object.entries(KINDS)) {
  const environment = await pythonEnvironment(python)

  t.test(`sortings are loaded: ${kind}`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const cases: { name: string; file: string; options: object }[] = JSON.parse(
      await runPython(environment, 'write_sortings.py', [kind, folder], ['-W', 'ignore']),
    )
    const loaded = []
    for (const [i, written] of cases.entries()) {
      const again = `${folder}/${i}.pkl`
      await exportToPickle(await load(written.file, written.options), again)
      loaded.push({ ...written, again })
    }
    await check(t, environment, 'check_sortings.py', loaded, { flags: ['-W', 'ignore'] })
  })
}
