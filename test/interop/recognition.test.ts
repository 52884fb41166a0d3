/**
 * Files of the real programs: of each what `loadSpikeData` makes is what the format's own loader makes, an error included, and an inspection
 * finds the numbers that are loaded. Hostile files take neither time nor memory, and leave nothing open.
 */
import t from 'tap'
import type { LoadFormat } from '../../lib/index.js'
import { exportSpikeDataToKilosort, FormatError, inspect, loadSpikeData, SpikeData } from '../../lib/index.js'
import { loaderOf } from '../support/every-reader.js'
import { openingsOf } from '../support/open-files.js'
import { same } from '../support/same.js'
import type { PythonEnvironment } from './python.js'
import { pythonEnvironment, runPython } from './python.js'

interface Written {
  name: string
  file?: string
  folder?: string
}

/** Which programs write files, in which environment, and of which format. */
const WRITERS: [
  title: string,
  environment: Parameters<typeof pythonEnvironment>[0],
  script: string,
  format: LoadFormat,
  args?: string[],
][] = [
  ['h5py', 'numpy2', 'write_hdf5_files.py', 'hdf5'],
  ['pynwb', 'nwb', 'nwb_written.py', 'nwb'],
  ['pynwb, old', 'nwb-old', 'nwb_written.py', 'nwb'],
  ['pickle with numpy 2', 'numpy2', 'write_pickles.py', 'pickle'],
  ['pickle with numpy 1', 'numpy1', 'write_pickles.py', 'pickle'],
  ["SpikeLab's sorter", 'numpy2', 'write_sortings.py', 'spikelab-npz', ['npz']],
  ['SpikeInterface', 'sorting', 'write_sortings.py', 'spikeinterface', ['spikeinterface']],
  ['KiloSort', 'sorting', 'write_kilosort_folders.py', 'kilosort'],
]

/** What a call comes to: a recording, or an error. Metadata may be nested too deeply to be compared. */
async function outcome(loading: Promise<SpikeData>): Promise<object> {
  try {
    const { train, startTime, length, neuronAttributes, metadata } = await loading
    return { train, startTime, length, attributes: neuronAttributes?.map((each) => Object.keys(each)), metadata: Object.keys(metadata) }
  } catch (error) {
    const { name, message } = error as Error
    return { name, message }
  }
}

for (const [title, name, script, format, args = []] of WRITERS) {
  const environment: PythonEnvironment = await pythonEnvironment(name)
  t.test(`files of ${title}`, { skip: environment.skip }, async (t) => {
    const dir = t.testdir()
    const exported = `${dir}/exported`
    if (format === 'kilosort') {
      const train = [0, 1, 2, 3, 4].map((unit) => Float64Array.from({ length: 20 + 7 * unit }, (_, i) => 3.5 * i + unit / 3))
      await exportSpikeDataToKilosort(new SpikeData(train), exported, { fsHz: 30000, phy: true })
      args.push(dir, exported)
    } else args.push(dir)
    const written: Written[] = JSON.parse(await runPython(environment, script, args, ['-W', 'ignore']))
    let loaded = 0
    for (const { name, file, folder } of written) {
      const path = (file ?? folder) as string
      const onWarning = () => {}
      const own = await outcome(loaderOf(format)(path, { onWarning }))
      const any = await outcome(loadSpikeData(path, { onWarning }))
      // Files of other names have to be named.
      if ('message' in own && 'message' in any && /of a known format/.test(String(any.message))) continue
      same(t, any, own, name)
      if (!('train' in own)) continue
      loaded++
      const sd = await loadSpikeData(path, { onWarning })
      const found = await inspect(path)
      t.equal(found.format, format, name)
      if (found.units !== undefined) t.equal(found.units, sd.N, `${name}: units`)
      if (found.spikes !== undefined) t.equal(found.spikes, sd.spikeCount, `${name}: spikes`)
      t.equal(found.startTimeMs, sd.startTime, `${name}: start`)
      if (found.lengthMs !== undefined) t.equal(found.lengthMs, sd.length, `${name}: length`)
      const attributes = new Set(sd.neuronAttributes?.flatMap((each) => Object.keys(each)))
      t.strictSame(found.attributes.toSorted(), [...attributes].sort(), `${name}: attributes`)
      const isKnown = found.units !== undefined && found.spikes !== undefined
      t.ok(isKnown || found.warnings.length > 0 || found.variant === 'raster', `${name}: a warning of what is not known`)
    }
    t.ok(loaded > 0, `${loaded} of ${written.length} are recordings`)
  })
}

const numpy2 = await pythonEnvironment('numpy2')

t.test('hostile HDF5 files', { skip: numpy2.skip }, async (t) => {
  const folder = t.testdir()
  const cases: Written[] = JSON.parse(await runPython(numpy2, 'write_hostile_hdf5.py', [folder]))
  const before = process.memoryUsage.rss()
  for (const { name, file } of cases) {
    for (const call of [loadSpikeData, inspect] as readonly ((path: string) => Promise<unknown>)[]) {
      const started = performance.now()
      const error: unknown = await call(file as string).catch((reason: unknown) => reason)
      if (error instanceof Error && !(error instanceof RangeError)) t.type(error, FormatError, `${name}: ${call.name}`)
      t.ok(performance.now() - started < 2000, `${name}: ${call.name} is soon over`)
    }
  }
  t.ok(process.memoryUsage.rss() - before < 2 ** 28, 'no memory is taken for what is not there')
  t.equal(openingsOf(folder), 0, 'nothing is open')
})
