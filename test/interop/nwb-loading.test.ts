/** NWB files that pynwb and neuroconv have written, loaded here; and files loaded here and by SpikeLab. */
import { writeFile } from 'node:fs/promises'
import t from 'tap'
import { exportSpikeDataToKilosort, exportSpikeDataToNwb, loadSpikeDataFromNwb, NDArray, SpikeData } from '../../lib/index.js'
import { pythonEnvironment, runPython } from './python.js'
import { PROBES, RECORDINGS, spikeData } from './recordings.js'

interface Written {
  name: string
  file: string
  trains: number[][]
  window: [number, number]
  attributes: Record<string, unknown>[]
  metadata: Record<string, unknown>
}

interface Loaded {
  error?: string
  trains: number[][]
  start: number
  length: number
  attributes: Record<string, unknown>[]
}

const ENVIRONMENTS = { nwb: await pythonEnvironment('nwb'), 'nwb-old': await pythonEnvironment('nwb-old') }
const spikelab = await pythonEnvironment('numpy2')

for (const [name, environment] of Object.entries(ENVIRONMENTS)) {
  t.test(`files written by pynwb of the environment ${name}`, { skip: environment.skip }, async (t) => {
    const written: Written[] = JSON.parse(await runPython(environment, 'nwb_written.py', [t.testdir()]))
    for (const { name, file, trains, window, attributes, metadata } of written) {
      const sd = await loadSpikeDataFromNwb(file, { onWarning: (warning) => t.fail(`${name}: ${warning.message}`) })
      t.strictSame(sd.train.map(plain), trains, `${name}: trains`)
      t.strictSame([sd.startTime, sd.length], window, `${name}: window`)
      t.strictSame(sd.neuronAttributes?.map(plain), attributes, `${name}: attributes`)
      t.strictSame(sd.metadata, { source_file: file, ...metadata }, `${name}: metadata`)
    }
  })
}

const neuroconv = await pythonEnvironment('neuroconv')

t.test('files that neuroconv makes of folders of Phy and KiloSort', { skip: neuroconv.skip }, async (t) => {
  const folder = t.testdir()
  const groups = ['good', 'mua', 'noise', 'good', 'unsorted']
  const train = groups.map((_, unit) => Float64Array.from({ length: 20 + unit }, (__, i) => 7.25 * i + unit / 3))
  const neuronAttributes = groups.map((group, unit) => ({
    group,
    KSLabel: group === 'good' ? 'good' : 'mua',
    electrode: unit % 3,
    location: [16 * (unit % 2), 20 * (unit % 3)],
    snr: unit === 1 ? NaN : unit + 0.5,
    area: `CA${unit}`,
    channel_group: unit % 2,
  }))
  const phy = `${folder}/phy`
  await exportSpikeDataToKilosort(new SpikeData(train, { neuronAttributes }), phy, { fsHz: 30_000, phy: true })
  const written: { name: string; file: string; trains_ms: number[][]; columns: Record<string, unknown[]> }[] = JSON.parse(
    await runPython(neuroconv, 'neuroconv_sortings.py', [folder, phy]),
  )
  for (const { name, file, trains_ms, columns } of written) {
    const sd = await loadSpikeDataFromNwb(file, { onWarning: (warning) => t.fail(`${name}: ${warning.message}`) })
    t.equal(sd.N, { 'phy-clean': 3, 'kilosort-good': 2 }[name] ?? groups.length, name)
    for (const [unit, times] of trains_ms.entries()) {
      const seconds = times.map((ms) => (ms / 1e3) * 1e3)
      const far = seconds.filter((ms, i) => Math.abs((sd.train[unit]?.[i] as number) - ms) > ms * 4e-16)
      t.strictSame([sd.train[unit]?.length, far], [times.length, []], `${name}: unit ${unit}`)
    }
    const attributes = sd.train.map((_, unit) =>
      Object.fromEntries(Object.entries(columns).flatMap(([column, values]) => (values[unit] === null ? [] : [[column, values[unit]]]))),
    )
    t.strictSame(sd.neuronAttributes?.map(plain), attributes, `${name}: attributes`)
  }
})

t.test('the profile spikelab gives what SpikeLab finds', { skip: spikelab.skip }, async (t) => {
  const folder = t.testdir()
  const files: string[] = []
  for (const [i, recording] of Object.values({ ...RECORDINGS, ...PROBES }).entries()) {
    for (const profile of ['nwb', 'spikelab'] as const) {
      const file = `${folder}/${i}-${profile}.nwb`
      await exportSpikeDataToNwb(spikeData(recording), file, { profile })
      files.push(file)
    }
  }
  await writeFile(`${folder}/files.json`, JSON.stringify(files))
  const found: Loaded[] = JSON.parse(await runPython(spikelab, 'nwb_loaded_by_spikelab.py', [`${folder}/files.json`]))
  let compared = 0
  for (const [i, { error, trains, start, length, attributes }] of found.entries()) {
    const file = files[i] as string
    const loading = loadSpikeDataFromNwb(file, { profile: 'spikelab', onWarning: () => {} })
    if (error !== undefined) {
      await t.rejects(loading, Error, `${file}: ${error}`)
      continue
    }
    const sd = await loading
    t.strictSame([sd.train.map(plain), sd.startTime, sd.length], [trains, start, length], file)
    t.strictSame(sd.neuronAttributes?.map(plain), attributes, file)
    compared++
  }
  t.ok(compared > files.length / 2, `${compared} of ${files.length} files are loaded by both`)
})

/** A value as JSON has it. */
function plain(value: unknown): unknown {
  if (value instanceof NDArray) return { shape: value.shape, data: plain(value.data) }
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, plain)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'number' && Number.isNaN(value)) return 'NaN'
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
  return value
}
