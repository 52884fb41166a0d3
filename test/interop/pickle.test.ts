/**
 * Pickles of all six classes in every protocol, loaded by Python with warnings as errors, on an old and a new numpy: the same
 * objects, to the type and the bit, as SpikeLab's constructors make, and as usable.
 */
import t from 'tap'
import { exportToPickle } from '../../lib/index.js'
import { OBJECTS } from './pickle-objects.js'
import { check, pythonEnvironment } from './python.js'
import { encodeRecordings, RECORDINGS } from './recordings.js'

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const

for (const name of ['numpy2', 'numpy1'] as const) {
  const environment = await pythonEnvironment(name)

  t.test(`pickles load on ${name}`, { skip: environment.skip }, async (t) => {
    const folder = t.testdir()
    const written = []
    for (const [number, object] of Object.keys(OBJECTS).entries()) {
      for (const protocol of PROTOCOLS) {
        const file = `${folder}/${number}.${protocol}.pkl`
        await exportToPickle(OBJECTS[object] as never, file, { protocol })
        written.push({ name: `${object}, protocol ${protocol}`, object, protocol, file })
      }
    }
    const shared = { recordings: encodeRecordings(RECORDINGS) }
    await check(t, environment, 'check_pickle.py', written, { shared, flags: ['-W', 'error'] })
  })
}
