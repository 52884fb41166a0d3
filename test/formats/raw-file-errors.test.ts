/**
 * Files of raw data that are not what they should be, or change: one clear error, and nothing is left on disk.
 */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import t from 'tap'
import type { ExportOptions, RawFileOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  RawFile,
  rawFile,
  SpikeData,
} from '../../lib/index.js'
import { TYPE_ERROR, VALUE_ERROR } from '../support/expectations.js'

const dir = t.testdir({ out: { 'old.h5': 'old' } })
const out = `${dir}/out`
const source = `${dir}/samples.dat`
const nwb = { sessionStartTime: '2026-03-01T14:05:00+01:00' }
const FLAT = { dtype: 'int16', channels: 2 } as const

const FORMAT_ERROR = (message: RegExp | string) => ({ name: 'FormatError', code: 'ERR_INVALID_FILE', message })

/** Every way to write raw data. */
const EXPORTS: Record<string, (sd: SpikeData, options?: ExportOptions) => Promise<unknown>> = {
  'hdf5, in tiles': (sd, options) => exportSpikeDataToHdf5(sd, `${out}/old.h5`, { rawDataset: 'raw', rawTimeDataset: 'times', ...options }),
  'nwb, contiguous': (sd, options) =>
    exportSpikeDataToNwb(sd, `${out}/old.h5`, { nwb, rawData: { conversion: 1 }, layout: 'contiguous', ...options }),
  'phy, written': (sd, options) =>
    exportSpikeDataToKilosort(sd, `${out}/phy`, { fsHz: 20_000, phy: { recording: { write: true } }, ...options }),
  'phy, templates': (sd, options) => exportSpikeDataToKilosort(sd, `${out}/phy`, { fsHz: 20_000, phy: { templates: 'raw' }, ...options }),
}

async function recording(samples: number, options: RawFileOptions = FLAT): Promise<SpikeData> {
  writeFileSync(source, new Int16Array(2 * samples).fill(7))
  return new SpikeData([[1, 2]], { rawData: await rawFile(source, options), rawTime: 20, neuronAttributes: [{ ch: 0 }] })
}

t.test('options that make no sense', async (t) => {
  writeFileSync(source, new Int16Array(40))
  const cases: [name: string, options: object | undefined, expected: typeof TYPE_ERROR | { message: RegExp | string }][] = [
    [
      'none',
      undefined,
      { ...VALUE_ERROR, message: /neither an NPY or HDF5 file nor a recording of .*, for dtype but received undefined\.$/ },
    ],
    ['no channels', { dtype: 'int16' }, TYPE_ERROR],
    ['no dtype', { channels: 2 }, { ...VALUE_ERROR, message: 'Expected no value, as there is no dtype, for channels but received 2.' }],
    ['another dtype', { ...FLAT, dtype: 'int12' }, VALUE_ERROR],
    ['a dtype that is no text', { ...FLAT, dtype: 2 }, TYPE_ERROR],
    ['0 channels', { ...FLAT, channels: 0 }, VALUE_ERROR],
    ['half a channel', { ...FLAT, channels: 1.5 }, VALUE_ERROR],
    ['too many channels', { ...FLAT, channels: 2 ** 21 }, VALUE_ERROR],
    ['another order', { ...FLAT, order: 'sample' }, VALUE_ERROR],
    ['an offset below 0', { ...FLAT, offset: -1 }, VALUE_ERROR],
    ['samples below 0', { ...FLAT, samples: -1 }, VALUE_ERROR],
    ['littleEndian that is no boolean', { ...FLAT, littleEndian: 'yes' }, TYPE_ERROR],
    ['a stream of a flat file', { ...FLAT, stream: 'a' }, VALUE_ERROR],
    ['a stream of a file of no format', { stream: 'a' }, VALUE_ERROR],
    ['a signal that is none', { ...FLAT, signal: {} }, TYPE_ERROR],
    ['a misspelt option', { ...FLAT, chanels: 2 }, { ...VALUE_ERROR, message: /did you mean channels\?/ }],
    ['an offset beyond the end', { ...FLAT, offset: 81 }, FORMAT_ERROR(/it has 80 bytes, and its samples are to begin at byte 81/)],
    ['more samples than there are', { ...FLAT, samples: 21 }, FORMAT_ERROR(/it has 20 samples of 2 channels, not 21/)],
    ['half a sample', { ...FLAT, channels: 3 }, FORMAT_ERROR(/its last sample is not whole: 2 bytes follow 13 samples of 3 channels/)],
  ]
  for (const [name, options, expected] of cases) await t.rejects(rawFile(source, options as RawFileOptions), expected, name)
  await t.rejects(rawFile(7 as never), TYPE_ERROR)
  await t.rejects(rawFile(new URL('https://example.org/a')), VALUE_ERROR)
})

t.test('what is no file of samples', async (t) => {
  await t.rejects(rawFile(`${dir}/missing.dat`, FLAT), { code: 'ENOENT' })
  await t.rejects(rawFile(out, FLAT), FORMAT_ERROR(/it is a folder/))
  execFileSync('mkfifo', [`${dir}/pipe`])
  await t.rejects(rawFile(`${dir}/pipe`, FLAT), FORMAT_ERROR(/it is not a regular file/))
  const npy = (header: string) =>
    writeFileSync(
      `${dir}/a.npy`,
      Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.of(header.length, 0), Buffer.from(header)]),
    )
  npy("{'descr': '<U4', 'fortran_order': False, 'shape': (0,), }")
  await t.rejects(rawFile(`${dir}/a.npy`), FORMAT_ERROR(/its elements are of type <U4, not real numbers/))
  npy("{'descr': '<i2', 'fortran_order': False, 'shape': (0, 2, 2), }")
  await t.rejects(rawFile(`${dir}/a.npy`), FORMAT_ERROR(/it has 3 axes, not samples and channels/))
  npy("{'descr': '<i2', 'fortran_order': False, 'shape': (0, 2), }")
  await t.rejects(rawFile(`${dir}/a.npy`, { order: 'up' as never }), VALUE_ERROR)
  t.strictSame((await rawFile(`${dir}/a.npy`)).shape, [2, 0])
})

t.test('stopped before it begins', async (t) => {
  const reason = new Error('enough')
  writeFileSync(source, new Int16Array(40))
  await t.rejects(rawFile(source, { ...FLAT, signal: AbortSignal.abort(reason) }), reason)
})

t.test('what looks like a RawFile', async (t) => {
  const { rawData } = await recording(10)
  for (const data of [{ ...rawData }, Object.create(RawFile.prototype) as RawFile, new Proxy(rawData, {})]) {
    t.throws(() => new SpikeData([[1]], { rawData: data as RawFile, rawTime: 20 }), { ...TYPE_ERROR, message: /a RawFile or a RawStream/ })
  }
  t.throws(() => new SpikeData([[1]], { rawData: rawData as RawFile }), {
    ...VALUE_ERROR,
    message: /the times or the sampling rate of rawData/,
  })
})

t.test('what has no place for a file', async (t) => {
  const sd = await recording(10)
  for (const write of [exportToPickle, (data: SpikeData, path: string) => exportToWorkspace({ a: { b: data } }, path)]) {
    await t.rejects(write(sd, `${out}/new`), { ...VALUE_ERROR, message: /^Expected an NDArray, / })
  }
  t.strictSame(readdirSync(out), ['old.h5'])
})

t.test('a file that has changed since it was looked at', async (t) => {
  const changes: Record<string, () => void> = {
    'longer by a sample': () => appendFileSync(source, Buffer.alloc(4)),
    shorter: () => truncateSync(source, 8),
    'written again': () => utimesSync(source, 1, 1),
    'replaced by another': () => {
      writeFileSync(`${dir}/other`, new Int16Array(2000))
      utimesSync(`${dir}/other`, 1, 1)
      renameSync(`${dir}/other`, source)
    },
  }
  for (const [change, make] of Object.entries(changes)) {
    for (const [name, write] of Object.entries(EXPORTS)) {
      const sd = await recording(1000)
      make()
      await t.rejects(write(sd), FORMAT_ERROR(/samples\.dat': it was changed while it was read/), `${name}: ${change}`)
      t.strictSame(readdirSync(out), ['old.h5'], name)
      t.equal(readFileSync(`${out}/old.h5`, 'utf8'), 'old', name)
    }
  }
  for (const [name, write] of Object.entries(EXPORTS)) {
    const sd = await recording(1000)
    rmSync(source)
    await t.rejects(write(sd), { code: 'ENOENT', path: source }, name)
    mkdirSync(source)
    await t.rejects(write(sd), { code: 'EISDIR', path: source }, name)
    rmSync(source, { recursive: true })
    t.strictSame(readdirSync(out), ['old.h5'], name)
  }
})

t.test('a file that becomes shorter while it is read', async (t) => {
  for (const [name, write] of Object.entries(EXPORTS)) {
    const sd = await recording(40_000_000)
    const exported = write(sd, { threads: 1 })
    exported.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 30))
    truncateSync(source, 1_000_000)
    await t.rejects(exported, FORMAT_ERROR(/samples\.dat': (it was changed|the file has become shorter) while it was read/), name)
    t.strictSame(readdirSync(out), ['old.h5'], name)
  }
})

t.test('stopped in the middle', async (t) => {
  const reason = new Error('enough')
  for (const [name, write] of Object.entries(EXPORTS)) {
    const sd = await recording(40_000_000)
    const stop = new AbortController()
    setTimeout(() => stop.abort(reason), 30)
    await t.rejects(write(sd, { signal: stop.signal, threads: 1 }), reason, name)
    t.strictSame(readdirSync(out), ['old.h5'], name)
  }
})

t.test('files are open only while they are read', { skip: process.platform !== 'linux' && 'needs /proc' }, async (t) => {
  const sd = await recording(1000)
  const names = () => readdirSync('/proc/self/fd').length
  const before = names()
  for (let i = 0; i < 20; i++) for (const write of Object.values(EXPORTS)) await write(sd)
  rmSync(`${out}/phy`, { recursive: true })
  t.ok(names() <= before + 2, `${names()} of ${before} at first`)
})

t.test('links are followed', async (t) => {
  await recording(10)
  symlinkSync(source, `${dir}/link.dat`)
  t.strictSame((await rawFile(`${dir}/link.dat`, FLAT)).shape, [2, 10])
})
