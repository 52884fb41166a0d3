/**
 * The raw data of a Phy folder: a file that is named, or `recording.dat`, which is written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { paramsIn } from '../../lib/formats/kilosort/phy/params.js'
import type { KilosortOptions } from '../../lib/index.js'
import { exportSpikeDataToKilosort, NDArray, SpikeData } from '../../lib/index.js'
import type { NumericArray } from '../../lib/memory/typed-arrays.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'
import { text } from '../support/phy-folder.js'

const dir = t.testdir()
const fsHz = 20_000
const perMs = 20
const plain = new SpikeData([[1], [2]], { neuronAttributes: [{ ch: 1 }, { ch: 0 }] })
const withRaw = (data: NumericArray, rows: number, options: object = {}) =>
  new SpikeData([[1], [2]], {
    neuronAttributes: [{ ch: 1 % rows }, { ch: 0 }],
    rawData: new NDArray(data, [rows, data.length / rows]),
    rawTime: perMs,
    ...options,
  })
const exported = (sd: SpikeData, folder: string, recording: unknown, options: object = {}) =>
  exportSpikeDataToKilosort(sd, `${dir}/${folder}`, { fsHz, phy: { recording }, ...options } as KilosortOptions)
const datOf = (folder: string) => {
  const bytes = readFileSync(`${dir}/${folder}/recording.dat`)
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
const transposed = (data: ArrayLike<number>, rows: number, skip = 0) => {
  const samples = data.length / rows
  return Int16Array.from({ length: (samples - skip) * rows }, (_, i) => Number(data[(i % rows) * samples + Math.floor(i / rows) + skip]))
}

t.test('raw data as int16, sample by sample', async (t) => {
  for (const [rows, samples] of [
    [1, 1],
    [1, 3000],
    [3, 1000],
    [7, 70_000],
    [385, 4001],
    [70_000, 9],
  ] as const) {
    const data = Int16Array.from({ length: rows * samples }, (_, i) => ((i * 7919) % 65_536) - 32_768)
    const { paths } = await exported(withRaw(data, rows), 'written', { write: true })
    t.ok(paths.includes(`${dir}/written/recording.dat`))
    t.ok(Buffer.from(datOf('written').buffer).equals(Buffer.from(transposed(data, rows).buffer)), `${rows} × ${samples}`)
    t.equal(
      text(`${dir}/written`, 'params.py'),
      `dat_path = 'recording.dat'\nsample_rate = 20000.0\nn_channels_dat = ${rows}\ndtype = 'int16'\noffset = 0\nhp_filtered = False\n`,
    )
    await exported(withRaw(Int32Array.from(data), rows), 'written', { write: true, hpFiltered: true })
    t.ok(Buffer.from(datOf('written').buffer).equals(Buffer.from(transposed(data, rows).buffer)), 'and converted')
    t.match(text(`${dir}/written`, 'params.py'), /^hp_filtered = True$/m)
  }
})

t.test('every dtype, with and without a scale', async (t) => {
  const numbers = [-100, -3, -1, 0, 1, 2, 3, 127]
  const unsigned = numbers.map(Math.abs)
  for (const [data, scale, expected] of [
    [Int8Array.from(numbers), undefined, numbers],
    [Uint8Array.from(unsigned), undefined, unsigned],
    [Uint16Array.from(unsigned), undefined, unsigned],
    [Uint32Array.from(unsigned), undefined, unsigned],
    [BigInt64Array.from(numbers, BigInt), undefined, numbers],
    [BigUint64Array.from(unsigned, BigInt), undefined, unsigned],
    [Int16Array.from(numbers), 0.5, [-50, -2, -0, 0, 0, 1, 2, 64]],
    [Float32Array.from(numbers), 1, numbers],
    [Float64Array.from(numbers, (x) => x * 1e-6), 1e6, numbers],
    [Float64Array.of(-32_768.5, 32_767.4999, 0.5, 1.5), 1, [-32_768, 32_767, 0, 2]],
  ] as const) {
    await exported(withRaw(data, 2), 'dtypes', { write: true, ...(scale !== undefined && { scale }) })
    t.strictSame(datOf('dtypes'), transposed(expected, 2), data.constructor.name)
  }
  for (const [data, scale, message] of [
    [
      Int32Array.of(1, 2, 3, 32_768),
      undefined,
      /^Expected numbers that fit int16 for sample 1 of channel 1 of rawData but received 32768\.$/,
    ],
    [Uint16Array.of(1, 40_000, 3, 4), undefined, /sample 1 of channel 0 of rawData but received 40000\.$/],
    [BigInt64Array.of(2n ** 62n, 0n, 0n, 0n), undefined, /sample 0 of channel 0/],
    [
      Float32Array.of(1, NaN, 3, 4),
      1,
      /^Expected numbers that fit int16 when multiplied by the scale for sample 1 of channel 0 of rawData but received NaN\.$/,
    ],
    [Float64Array.of(1, 2, 32_767.5, 4), 1, /sample 0 of channel 1 of rawData but received 32767\.5\.$/],
    [Int16Array.of(1, 2, 3, 4), 1e4, /sample 1 of channel 1 .* received 4\.$/],
  ] as const) {
    await t.rejects(exported(withRaw(data, 2), 'unfit', { write: true, ...(scale !== undefined && { scale }) }), {
      ...VALUE_ERROR,
      message,
    })
  }
  t.notOk(existsSync(`${dir}/unfit`))
})

t.test('raw data that begins before sample 0, or after', async (t) => {
  const data = Int16Array.from({ length: 2 * 2000 }, (_, i) => i)
  const from = (ms: number, startTime = 0) =>
    withRaw(data, 2, { rawTime: Float64Array.from({ length: 2000 }, (_, i) => ms + i / perMs), startTime, length: 2000 })
  await exported(from(-0.5), 'begins', { write: true })
  t.strictSame(datOf('begins'), transposed(data, 2, 10))
  const late = new SpikeData([[1001]], { startTime: 1000, length: 50, rawData: new NDArray(data, [2, 2000]), rawTime: from(1000).rawTime })
  const error = { ...VALUE_ERROR, message: /^Expected raw data at sample 0, as phy\.recording\.write is true .* for rawTime but received/ }
  await t.rejects(exported(late, 'late', { write: true }), error)
  await exported(late, 'late', { write: true }, { shift: true })
  t.strictSame(datOf('late'), transposed(data, 2))
  await t.rejects(exported(from(1), 'late', { write: true }), error)
  await t.rejects(exported(from(-100), 'late', { write: true }), error)
})

t.test('a file that is named', async (t) => {
  const params = async (recording: object) => {
    await exported(plain, 'named', recording)
    return text(`${dir}/named`, 'params.py')
  }
  const rest = "n_channels_dat = 385\ndtype = 'int16'\noffset = 0\nsample_rate = 20000.0\n"
  for (const [path, literal] of [
    ['raw.dat', "'raw.dat'"],
    ['../in/raw.dat', "'../in/raw.dat'"],
    ['a b=#.dat', "'a\\x20b\\x3d\\x23.dat'"],
    ["it's\n.dat", "'it\\x27s\\x0a.dat'"],
    ['C:\\raw.dat', "'C:\\\\raw.dat'"],
    ['ü€😀.dat', "'\\xfc\\u20ac\\U0001f600.dat'"],
    [['a.dat', 'b.dat'], "['a.dat','b.dat']"],
    [pathToFileURL('/data/raw.dat'), "'/data/raw.dat'"],
  ] as const) {
    const written = await params({ path, channels: 385 })
    t.equal(written, `${rest}dat_path = ${literal}\nhp_filtered = False\n`)
    const texts = [path].flat().map((one) => (one instanceof URL ? '/data/raw.dat' : one))
    t.match(paramsIn(written), { paths: texts, isWritten: false })
  }
  t.equal(
    await params({ path: 'x', channels: 2, dtype: 'float32', offset: 1024, hpFiltered: true }),
    "n_channels_dat = 2\ndtype = 'float32'\noffset = 1024\nsample_rate = 20000.0\ndat_path = 'x'\nhp_filtered = True\n",
  )
})

t.test('a recording.dat in the folder', async (t) => {
  const mine = (folder: string) => {
    writeFileSync(`${dir}/${folder}/recording.dat`, 'mine')
    return () => readFileSync(`${dir}/${folder}/recording.dat`, 'latin1')
  }
  const sd = withRaw(Int16Array.of(1, 2, 3, 4), 2)
  await exported(sd, 'own', { write: true })
  await exported(sd, 'own', { write: true })
  await exported(sd, 'own', { path: 'recording.dat', channels: 2 })
  t.ok(existsSync(`${dir}/own/recording.dat`), 'what is named stays')
  await t.rejects(exported(sd, 'own', { write: true }), { ...VALUE_ERROR, message: /has worked \(recording\.dat\), or overwrite/ })
  await exported(sd, 'own', undefined)
  t.ok(existsSync(`${dir}/own/recording.dat`), 'and so does what an export has not written')

  await exported(sd, 'stale', { write: true })
  await exported(sd, 'stale', undefined)
  t.notOk(existsSync(`${dir}/stale/recording.dat`), 'ours goes')
  await exported(sd, 'stale', { write: true })
  await exportSpikeDataToKilosort(sd, `${dir}/stale`, { fsHz })
  t.notOk(existsSync(`${dir}/stale/recording.dat`))

  const content = mine('stale')
  await t.rejects(exported(sd, 'stale', { write: true }), VALUE_ERROR)
  t.equal(content(), 'mine')
  await exported(sd, 'stale', undefined)
  await exported(sd, 'stale', undefined, { overwrite: true })
  t.equal(content(), 'mine', 'other raw data is never removed')
  await exported(sd, 'stale', { write: true }, { overwrite: true })
  t.strictSame(datOf('stale'), Int16Array.of(1, 3, 2, 4))
})

t.test('a folder in which a person has worked, whatever it has', async (t) => {
  const attributes = [
    {
      ch: 0,
      amplitudes: [5],
      template: new NDArray(
        Float32Array.from({ length: 8 }, (_, i) => i),
        [4, 2],
      ),
    },
    { ch: 1 },
  ]
  const sd = new SpikeData([[1], [2]], { neuronAttributes: attributes, rawData: new NDArray(new Int16Array(4), [2, 2]), rawTime: perMs })
  const features = [1, 2].map((value) => new NDArray(Float32Array.of(value, value), [1, 1, 2]))
  const phy = {
    recording: { write: true },
    pcFeatures: {
      features,
      electrodes: [
        [0, 1],
        [1, 0],
      ],
    },
  } as const
  const channels = {
    ids: [0, 1],
    positions: [
      [0, 0],
      [0, 9],
    ],
    shanks: [0, 1],
    groups: [0, 1],
  } as const
  const change = (name: string, from: string, to: string) => (folder: string) =>
    writeFileSync(`${folder}/${name}`, text(folder, name).replace(from, to))
  const works: [string, (folder: string) => void][] = [
    ['params.py', change('params.py', 'recording.dat', 'other.dat')],
    ['params.py', change('params.py', 'int16', 'int32')],
    ['params.py', change('params.py', "'recording.dat'", "['recording.dat']")],
    ['cluster_info.tsv', (folder) => writeFileSync(`${folder}/cluster_info.tsv`, '')],
    ['pc_features.npy', (folder) => writeFileSync(`${folder}/pc_features.npy`, '')],
    ['templates.npy', (folder) => writeFileSync(`${folder}/templates.npy`, '')],
    ['amplitudes.npy', (folder) => writeFileSync(`${folder}/amplitudes.npy`, '')],
    ['cluster_channel_group.tsv', change('cluster_channel_group.tsv', '0\t', '1\t')],
  ]
  for (const [number, [name, work]] of works.entries()) {
    const folder = `${dir}/all-${number}`
    const again = () => exportSpikeDataToKilosort(sd, folder, { fsHz, phy, channels })
    await again()
    await again()
    const names = readdirSync(folder).sort()
    work(folder)
    await t.rejects(again(), { ...VALUE_ERROR, message: new RegExp(`${name.replace('.', '\\.')}.*overwrite`) }, name)
    await exportSpikeDataToKilosort(sd, folder, { fsHz, phy, channels, overwrite: true })
    t.strictSame(readdirSync(folder).sort(), names)
    await again()
  }
})

t.test('what is no recording is refused', async (t) => {
  const sd = withRaw(Int16Array.of(1, 2, 3, 4), 2)
  for (const [recording, error] of [
    [true, TYPE_ERROR],
    ['raw.dat', TYPE_ERROR],
    [{}, TYPE_ERROR],
    [{ write: false }, VALUE_ERROR],
    [{ write: 1 }, TYPE_ERROR],
    [
      { write: true, path: 'a' },
      { ...VALUE_ERROR, message: /^Expected no value, as phy\.recording\.write is true, for phy\.recording\.path/ },
    ],
    [{ write: true, channels: 2 }, VALUE_ERROR],
    [{ write: true, scale: 0 }, VALUE_ERROR],
    [{ write: true, scale: '1' }, TYPE_ERROR],
    [{ write: true, hpFiltered: 1 }, TYPE_ERROR],
    [{ path: 'a' }, TYPE_ERROR],
    [{ path: '', channels: 2 }, VALUE_ERROR],
    [{ path: [], channels: 2 }, VALUE_ERROR],
    [{ path: ['a', 1], channels: 2 }, TYPE_ERROR],
    [{ path: 'a'.repeat(5000), channels: 2 }, VALUE_ERROR],
    [
      { path: 'a', channels: 1 },
      { ...VALUE_ERROR, message: /^Expected at least 2, as there is channel 1, for phy\.recording\.channels but received 1\.$/ },
    ],
    [{ path: 'a', channels: 2, dtype: '<i2' }, VALUE_ERROR],
    [{ path: 'a', channels: 2, offset: -1 }, VALUE_ERROR],
    [{ path: 'a', channels: 2, scale: 1 }, VALUE_ERROR],
    [{ path: 'a', channels: 2, file: 1 }, VALUE_ERROR],
  ] as const) {
    await t.rejects(exported(sd, 'refused', recording), error, JSON.stringify(recording))
  }
  const needsScale = {
    ...VALUE_ERROR,
    message: /^Expected a factor above 0, as rawData has dtype <f4, for phy\.recording\.scale but received undefined\.$/,
  }
  await t.rejects(exported(withRaw(new Float32Array(4), 2), 'refused', { write: true }), needsScale)
  await t.rejects(exported(plain, 'refused', { write: true }), {
    ...VALUE_ERROR,
    message: /^Expected raw samples, as phy\.recording\.write is true, for rawData/,
  })
  for (const [phy, error] of [
    [{ templates: 'means' }, VALUE_ERROR],
    [{ templates: 1 }, TYPE_ERROR],
    [{ samplesBefore: 3 }, { ...VALUE_ERROR, message: /^Expected no value, as phy\.templates is not 'raw', for phy\.samplesBefore/ }],
    [{ templates: true, samplesAfter: 3 }, VALUE_ERROR],
    [{ templates: 'raw', samplesBefore: -1 }, VALUE_ERROR],
    [{ templates: 'raw', samplesAfter: 0 }, VALUE_ERROR],
    [{ templates: 'raw', samplesBefore: 0, samplesAfter: 1 }, VALUE_ERROR],
    [
      { templates: 'raw', samplesBefore: 500, samplesAfter: 13 },
      { ...VALUE_ERROR, message: /from 2 to 512 for phy\.samplesBefore \+ phy\.samplesAfter/ },
    ],
  ] as const) {
    await t.rejects(exportSpikeDataToKilosort(sd, `${dir}/refused`, { fsHz, phy } as never), error, JSON.stringify(phy))
  }
  t.notOk(existsSync(`${dir}/refused`))
})

t.test('raw data of others, under any name, stays', async (t) => {
  // As people write it by hand.
  const byHand = `dat_path = 'recording.dat'\nn_channels_dat = 2\ndtype = 'int16'\noffset = 0\nsample_rate = 20000.0\nhp_filtered = False\n`
  mkdirSync(`${dir}/prepared`)
  writeFileSync(`${dir}/prepared/params.py`, byHand)
  writeFileSync(`${dir}/prepared/recording.dat`, 'precious')
  for (const recording of [undefined, { write: true }]) {
    const sd = recording ? withRaw(Int16Array.of(1, 2, 3, 4), 2) : plain
    await t.rejects(exported(sd, 'prepared', recording), VALUE_ERROR)
    t.equal(text(`${dir}/prepared`, 'recording.dat'), 'precious')
  }

  // A name like Phy's, and a way through a link to what an export has written.
  mkdirSync(`${dir}/by hand`)
  writeFileSync(`${dir}/by hand/spike_raw.dat`, 'precious')
  for (let i = 0; i < 2; i++) await exported(plain, 'by hand', { path: 'spike_raw.dat', channels: 2 }, { overwrite: true })
  t.equal(text(`${dir}/by hand`, 'spike_raw.dat'), 'precious')
  await exported(withRaw(Int16Array.of(1, 2, 3, 4), 2), 'linked', { write: true })
  symlinkSync(`${dir}/linked`, `${dir}/link`)
  await exported(plain, 'link', { path: `${dir}/linked/recording.dat`, channels: 2 })
  t.strictSame(datOf('linked'), Int16Array.of(1, 3, 2, 4))
})
