/**
 * Files that h5py writes, in every type, layout and filter: the loader returns the recordings that SpikeLab's own loader does, bit for bit.
 */
import t from 'tap'
import type { LoadHdf5Options, NDArray } from '../../lib/index.js'
import { loadSpikeDataFromHdf5 } from '../../lib/index.js'
import { dtypeOf } from '../../lib/memory/typed-arrays.js'
import { pythonEnvironment, runPython } from './python.js'

interface Expected {
  trains: number[][]
  startTime: number
  length: number
  raw?: { shape: number[]; dtype: string; data: number[] }
  rawTime?: { dtype: string; data: number[] }
}

const environment = await pythonEnvironment('numpy2')

/** The name that numpy prints for a dtype in the machine's byte order. */
const nameOf = (dtype: string) => ({ i: 'int', u: 'uint', f: 'float' })[dtype[1] as 'i']! + 8 * Number(dtype[2])
/** numpy keeps the byte order of a file; the bytes of a number are the same in either. */
const inAnyOrder = (name: string) => (name.startsWith('>') ? nameOf(name) : name)

t.test('recordings equal those of the reference', { skip: environment.skip }, async (t) => {
  const cases: { name: string; file: string; options: LoadHdf5Options; expected: Expected }[] = JSON.parse(
    await runPython(environment, 'write_hdf5_files.py', [t.testdir()]),
  )
  t.ok(cases.length > 300)
  for (const { name, file, options, expected } of cases) {
    const sd = await loadSpikeDataFromHdf5(file, { ...options, onWarning: () => {} } as LoadHdf5Options)
    t.strictSame(
      sd.train.map((times) => Array.from(times)),
      expected.trains,
      name,
    )
    t.strictSame([sd.startTime, sd.length], [expected.startTime, expected.length], `${name}: window`)
    if (!expected.raw || !expected.rawTime) continue
    t.strictSame([sd.rawData.shape, nameOf(sd.rawData.dtype)], [expected.raw.shape, inAnyOrder(expected.raw.dtype)], `${name}: raw data`)
    t.strictSame(Array.from((sd.rawData as NDArray).data, Number), expected.raw.data, `${name}: raw data`)
    t.equal(nameOf(dtypeOf(sd.rawTime)), inAnyOrder(expected.rawTime.dtype), `${name}: raw times`)
    t.strictSame(Array.from(sd.rawTime, Number), expected.rawTime.data, `${name}: raw times`)
  }
})
