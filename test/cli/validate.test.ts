/**
 * `spikeport validate`, as users call it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Dataset } from 'h5wasm/node'
import h5wasm, { File } from 'h5wasm/node'
import t from 'tap'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  SpikeData,
  validate,
} from '../../lib/index.js'
import { VALIDATION_CODES } from '../../lib/jobs/validation.js'
import { writeEverything } from '../support/every-reader.js'
import { tableOf } from '../support/markdown-tables.js'
import { int64, npy } from '../support/sortings.js'
import { jsonLines, spikeport } from '../support/spikeport-program.js'

await h5wasm.ready
const sd = await SpikeData.create([[1, 2.5], [], [3]], { length: 10 })

/** Levels, codes and places of what is found. */
const found = async (path: string) => (await validate(path)).findings.map(({ level, code, object }) => [level, code, object])

t.test('a line for each input, and its findings below', async (t) => {
  const dir = t.testdir({ junk: 'hello\n' })
  await exportToPickle(sd, `${dir}/a.pkl`)
  await exportSpikeDataToHdf5(
    await SpikeData.create(
      [
        [1, 1, 1],
        [2, 2],
      ],
      { length: 10 },
    ),
    `${dir}/twice.h5`,
  )
  const { code, stdout, stderr } = await spikeport(['validate', 'a.pkl', 'junk', 'nothing', 'twice.h5'], dir)
  t.equal(code, 1)
  const [whole, junk, why, twice, finding, ...more] = stdout.split('\n')
  t.equal(whole, 'a.pkl: valid, 3 units (1 without spikes), 3 spikes')
  t.equal(junk, 'junk: 1 error')
  t.match(why, /^ {2}error: Cannot read 'junk': it is no file of a known format.*\(UNREADABLE\)$/)
  t.match(stderr, /^error: .*nothing: no such file or directory \(ENOENT\)\.\n$/)
  t.equal(twice, 'twice.h5: valid, 2 units, 5 spikes, 1 warning')
  const message = '3 spikes are at the same time as the one before in the same unit: in 2 units, the first of them 0.'
  t.equal(finding, `  warning: ${message} (SPIKES_REPEATED)`)
  t.strictSame(more, [''])
})

t.test('the exit status', async (t) => {
  const dir = t.testdir()
  await exportToPickle(sd, `${dir}/whole.pkl`)
  await exportToPickle(await SpikeData.create([[1, 1]]), `${dir}/twice.pkl`)
  const status = async (...args: string[]) => (await spikeport(['validate', ...args], dir)).code
  t.equal(await status('whole.pkl', 'twice.pkl'), 0)
  t.equal(await status('--strict', 'twice.pkl', 'whole.pkl'), 1)
  t.equal(await status('--strict', 'whole.pkl'), 0)
  t.equal(await status(), 2)
})

t.test('JSON', async (t) => {
  const dir = t.testdir({ 'a\x1b[31mb': 'nothing' })
  await exportSpikeDataToNwb(sd, `${dir}/a.nwb`)
  const lines = jsonLines(await spikeport(['validate', '--json', 'a.nwb', 'a\x1b[31mb'], dir))
  t.match(lines, [
    { path: 'a.nwb', format: 'nwb', isValid: true, units: 3, spikes: 3, unitsWithoutSpikes: 1, spikesAtEnd: 0 },
    { path: 'a\x1b[31mb', isValid: false, findings: [{ level: 'error', code: 'UNREADABLE' }] },
  ])
})

t.test('everything that is written is valid', async (t) => {
  for (const { name, path, format } of await writeEverything(t.testdir())) {
    const { isValid, format: as, findings } = await validate(path)
    t.match({ isValid, as }, { isValid: true, as: format }, `${name}: ${JSON.stringify(findings)}`)
  }
  const dir = t.testdir()
  await exportSpikeDataToHdf5(await SpikeData.create([]), `${dir}/empty.h5`)
  t.match(await validate(`${dir}/empty.h5`), { isValid: true, units: 0, spikes: 0, findings: [] })
})

t.test('damage in a chunk, wherever it is', async (t) => {
  const dir = t.testdir()
  const column = Array.from({ length: 3 }, (_, unit) => ({
    trace: Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i * i * (unit + 1))),
  }))
  const recording = await SpikeData.create([[1, 2.5], [], [3]], { length: 10, neuronAttributes: column })
  await exportSpikeDataToNwb(recording, `${dir}/a.nwb`, { fsHz: 1000, compression: { level: 1 } })
  t.equal((await validate(`${dir}/a.nwb`)).isValid, true)
  const bytes = readFileSync(`${dir}/a.nwb`)
  // Most of the file is that column.
  const at = bytes.length >> 1
  bytes[at] = (bytes[at] as number) ^ 0xff
  writeFileSync(`${dir}/a.nwb`, bytes)
  const { isValid, findings } = await validate(`${dir}/a.nwb`)
  t.notOk(isValid)
  t.match(findings[0], { level: 'error', code: 'UNREADABLE', object: '/units/trace' })
  writeFileSync(`${dir}/cut.nwb`, bytes.subarray(0, bytes.length - 5000))
  t.notOk((await validate(`${dir}/cut.nwb`)).isValid)
})

t.test('an NWB file that contradicts itself', async (t) => {
  const dir = t.testdir()
  const recording = await SpikeData.create([[1], [2, 3]], { length: 10, neuronAttributes: [{ electrode: 0 }, { electrode: 1 }] })
  const subject = { subjectId: 'm', species: 'Mus musculus', sex: 'F', age: 'P90D' } as const
  const start = '2026-03-01T14:05:00+01:00'
  await exportSpikeDataToNwb(recording, `${dir}/a.nwb`, { fsHz: 1000, nwb: { sessionStartTime: start, subject } })
  const errors = async () => (await found(`${dir}/a.nwb`)).filter(([level]) => level !== 'refused')
  t.strictSame(await errors(), [])
  const change = (path: string, at: number, value: unknown) => {
    const file = new File(`${dir}/a.nwb`, 'a')
    const dataset = file.get(path) as Dataset
    dataset.write_slice([[at, at + 1]], value as never)
    file.close()
  }
  change('/units/electrodes', 1, BigInt64Array.of(9n))
  t.match(await errors(), [
    ['error', 'UNREADABLE', '/units/electrodes'],
    ['error', 'NWB_REFERENCE', '/units/electrodes'],
  ])
  const bytes = readFileSync(`${dir}/a.nwb`).toString('latin1')
  writeFileSync(`${dir}/a.nwb`, bytes.replaceAll(start, start.replace('T', ' ')), 'latin1')
  const invalid = (await errors()).filter(([, code]) => code === 'NWB_INVALID')
  t.strictSame(invalid, [['error', 'NWB_INVALID', '/session_start_time']])
})

t.test('a folder that contradicts itself', async (t) => {
  const dir = t.testdir()
  const export_ = async (name: string, files: Record<string, Uint8Array | string>) => {
    await exportSpikeDataToKilosort(await SpikeData.create([[1, 2], [3]], { length: 10 }), `${dir}/${name}`, { fsHz: 1000, phy: true })
    for (const [file, content] of Object.entries(files)) writeFileSync(`${dir}/${name}/${file}`, content)
    return `${dir}/${name}`
  }
  const numbers = (...values: number[]) => npy("'<i8'", `(${values.length},)`, int64(...values))
  const errors = async (path: string) =>
    (await found(path)).filter(([level, code]) => level !== 'refused' && !code?.startsWith('SPIKEPORT_'))
  t.strictSame(await errors(await export_('whole', {})), [])
  t.strictSame(await errors(await export_('short', { 'spike_templates.npy': numbers(0, 1) })), [
    ['error', 'KILOSORT_LENGTHS', 'spike_templates.npy'],
  ])
  t.strictSame(await errors(await export_('range', { 'spike_templates.npy': numbers(0, 0, 2) })), [
    ['error', 'KILOSORT_RANGE', 'spike_templates.npy'],
  ])
  t.strictSame(
    await errors(await export_('channel', { 'channel_map.npy': numbers(0, 7), 'params.py': 'sample_rate = 1000.\nn_channels_dat = 2\n' })),
    [['error', 'KILOSORT_RANGE', 'channel_map.npy']],
  )
  t.strictSame(await errors(await export_('raw', { 'params.py': "sample_rate = 1000.\ndat_path = 'gone.dat'\n" })), [
    ['warning', 'KILOSORT_RAW_MISSING', 'params.py'],
  ])
  t.strictSame(await errors(await export_('order', { 'spike_times.npy': numbers(2, 1, 3) })), [
    ['warning', 'SPIKES_UNORDERED', undefined],
    ['warning', 'SPIKES_UNORDERED', 'spike_times.npy'],
  ])
  t.match(await errors(await export_('cut', { 'amplitudes.npy': 'nothing' })), [['error', 'UNREADABLE', 'amplitudes.npy']])
})

t.test('ids that several units have, in one of the recordings of a workspace', async (t) => {
  const dir = t.testdir()
  const same = await SpikeData.create([[1], [2]], { length: 10, neuronAttributes: [{ unit_id: 4 }, { unit_id: 4 }] })
  await exportToWorkspace({ a: { whole: sd, same } }, `${dir}/ws`)
  t.strictSame(await found(`${dir}/ws.h5`), [['error', 'IDS_REPEATED', '/a/same']])
  t.match(await validate(`${dir}/ws.h5`), { isValid: false, units: 5, spikes: 5 })
})

t.test('the codes are those of the guide', (t) => {
  const { rows } = tableOf('validation.md', 'Codes')
  t.strictSame(Object.fromEntries([...rows].map(([code, cells]) => [code, cells.get('level')])), { ...VALIDATION_CODES })
  t.end()
})

t.test('a file that is cut off, once', async (t) => {
  const dir = t.testdir()
  await exportToPickle(sd, `${dir}/whole`)
  writeFileSync(`${dir}/cut`, readFileSync(`${dir}/whole`).subarray(0, 200))
  const { stdout } = await spikeport(['validate', 'cut'], dir)
  t.match(stdout, /^cut: 1 error\n {2}error: Cannot read 'cut': .* cut off\. \(UNREADABLE\)\n$/)
})

t.test('what makes no sense', async (t) => {
  await t.rejects(validate('s3://bucket/key'), { code: 'ERR_INVALID_ARG_VALUE' })
  await t.rejects(validate('a', { lazy: true } as object), { code: 'ERR_INVALID_ARG_VALUE' })
  await t.rejects(validate(`${t.testdir()}/nothing`), { code: 'ENOENT' })
  await t.rejects(validate(t.testdir(), { signal: AbortSignal.abort(new Error('enough')) }), /enough/)
})
