/**
 * Provokes every error and every warning that the tables of docs/errors.md list, and nothing that they do not list.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Dataset, Group } from 'h5wasm/node'
import { File as H5File, ready } from 'h5wasm/node'
import t from 'tap'
import { throwFailure } from '../../lib/engine/failures.js'
import { addon } from '../../lib/engine/native.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  Hdf5Error,
  inspect,
  loadFromPickle,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  loadSpikeDataFromSpikeInterface,
  NDArray,
  S3Error,
  SpikeData,
  SpikeSliceStack,
} from '../../lib/index.js'
import { PERMISSION_MODEL, startProcess } from '../support/child.js'
import { s3Store } from '../support/s3-store.js'
import { warningsOf } from '../support/warnings.js'

const dir = t.testdir()
const sd = new SpikeData([[1, 2]], { neuronAttributes: [{ electrode: 1e6, self: {} }] })
const sessionStartTime = '2026-01-01T00:00:00Z'

/** The rows of a table in docs/errors.md, cell by cell. */
function tableOf(header: string): string[][] {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const table = text.slice(text.indexOf(`\n| ${header} |`) + 1).split('\n\n', 1)[0]!
  const [, , ...rows] = table.split('\n').map((row) => row.slice(2, -2).split(' | '))
  return rows
}

const inBackticks = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!)

/** The code of each error, and the classes it may be of. */
const errors = Object.fromEntries(
  tableOf('error').flatMap(([, type, codes]) => inBackticks(codes).map((code) => [code, inBackticks(type)])),
)
const warnings = tableOf('warning').flatMap(([, codes]) => inBackticks(codes))

/** In another process: prints an error as JSON. */
const REPORT =
  'const report = ({ name, code, message, constructor }) => console.log(JSON.stringify({ name, code, message, class: constructor.name }))'

/** What an export rejects with in a process of its own, as JSON. */
async function inProcess(body: string, { args = [] as string[], env = [] as string[] } = {}): Promise<unknown> {
  const code = `
    const { SpikeData, ...spikeport } = await import('spikeport')
    const sd = new SpikeData([[1, 2]])
    ${REPORT}
    ${body}
  `
  const { stdout, stderr } = await startProcess('env', [...env, process.execPath, '--input-type=module', ...args, '--eval', code]).ended
  if (stdout === '') return { stderr }
  return JSON.parse(stdout)
}

/** An S3 server that refuses everything for the reason that is the name of the bucket. */
const {
  store,
  upload: toStore,
  download: fromStore,
} = await s3Store(t, (request, response) => {
  const reason = request.url!.split('/')[1]!
  response.writeHead({ NoSuchBucket: 404, NoSuchKey: 404, AccessDenied: 403 }[reason] ?? 400, { 'content-type': 'application/xml' })
  response.end(`<Error><Code>${reason}</Code><Message>It is ${reason}.</Message></Error>`)
})
const upload = (bucket: string) => exportToPickle(sd, `s3://${bucket}/a.pkl`, toStore)
const uploadInProcess = `await spikeport.exportToPickle(sd, 's3://bucket/a.pkl', ${JSON.stringify(store)}).catch(report)`
const script = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

/** What provokes each error: rejects or throws with it, or resolves to what another process has reported of it. */
const BROUGHT_ABOUT: Record<string, () => unknown> = {
  ERR_INVALID_ARG_TYPE: () => exportSpikeDataToHdf5([[1, 2]] as never, `${dir}/a.h5`),
  ERR_INVALID_ARG_VALUE: () => exportSpikeDataToHdf5(sd, `${dir}/a.h5`, { style: 'matrix' as never }),
  ENOENT: () => exportSpikeDataToHdf5(sd, `${dir}/missing/a.h5`),
  EISDIR: () => exportSpikeDataToHdf5(sd, dir),
  async ERR_INVALID_STATE() {
    const spooled = await SpikeData.fromBatches([])
    await spooled.close()
    return exportSpikeDataToHdf5(spooled, `${dir}/a.h5`)
  },
  ERR_INVALID_FILE: () => loadSpikeDataFromHdf5(fileURLToPath(import.meta.url)),
  // A table of 8 TiB.
  ENOSPC: () =>
    exportSpikeDataToHdf5(new SpikeData([[1]], { length: 2 ** 40 }), `${dir}/a.h5`, {
      style: 'raster',
      rasterBinSizeMs: 1,
      layout: 'contiguous',
    }),
  async EACCES() {
    const folder = mkdtempSync(join(tmpdir(), 'spikeport-test-'))
    chmodSync(folder, 0o755)
    mkdirSync(`${folder}/locked`, { mode: 0o555 })
    try {
      return await inProcess(`
        // Root may write anywhere: then another user has to try.
        if (process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534)
        await spikeport.exportSpikeDataToHdf5(sd, '${folder}/locked/a.h5').catch(report)
      `)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  ERR_ACCESS_DENIED: () =>
    inProcess(`await spikeport.exportSpikeDataToHdf5(sd, '${dir}/a.h5').catch(report)`, {
      args: [PERMISSION_MODEL, '--allow-addons', '--allow-fs-read=*'],
    }),
  // No export has two attributes of one name.
  ERR_HDF5: () => {
    const source = { kind: 'array', data: new Int8Array(4), shape: [4] } as const
    const storage = { layout: 'chunked', chunkBytes: 4096 } as const
    const objects = [{ object: 'dataset', path: 'data', source, storage, attributes: [] }] as const
    const attributes = ['twice', 'twice'].map((name) => ({ name, value: 1 }))
    const settings = { durable: false, threads: 1 }
    const plan = { format: 'hdf5', target: `${dir}/a.h5`, attributes, objects: [...objects] } as const
    return addon.startExport(plan, settings).promise.catch(throwFailure)
  },
  ERR_S3_BUCKET_NOT_FOUND: () => upload('NoSuchBucket'),
  ERR_S3_ACCESS_DENIED: () => upload('AccessDenied'),
  ERR_S3_UPLOAD: () => upload('SomethingElse'),
  ERR_S3_OBJECT_NOT_FOUND: () => loadFromPickle('s3://NoSuchKey/a.pkl', fromStore),
  ERR_S3_DOWNLOAD: () => loadFromPickle('s3://SomethingElse/a.pkl', fromStore),
  ERR_S3_CREDENTIALS_MISSING: () =>
    inProcess(uploadInProcess, { env: ['-i', `PATH=${process.env.PATH}`, `HOME=${dir}`, 'AWS_EC2_METADATA_DISABLED=true'] }),
  ERR_S3_SDK_MISSING: () => {
    const hideSdk = `export const resolve = (name, context, next) => next(name.replace(/^@aws-sdk/, '@not-installed'), context)`
    const register = `import { register } from 'node:module'; register(${JSON.stringify(script(hideSdk))})`
    return inProcess(uploadInProcess, { args: [`--import=${script(register)}`] })
  },
  ERR_MEMORY_ALLOCATION_FAILED: () => new SpikeData([new Array(2 ** 32 - 1)]),
  async ERR_ADDON_NOT_LOADED() {
    const code = `${REPORT}; await import('spikeport').catch(report)`
    const env = `SPIKEPORT_PREBUILD=${dir}`
    const { stdout } = await startProcess('env', [env, process.execPath, '--input-type=module', '--eval', code]).ended
    return JSON.parse(stdout)
  },
}

t.test('all errors are provoked here', async (t) => {
  t.strictSame(Object.keys(BROUGHT_ABOUT).sort(), Object.keys(errors).sort())
})

for (const [code, bringAbout] of Object.entries(BROUGHT_ABOUT)) {
  t.test(code, async (t) => {
    let failure: { name?: string; class?: string; message?: string; syscall?: string; path?: string; errno?: number; cause?: unknown }
    try {
      failure = (await bringAbout()) as typeof failure
    } catch (error) {
      failure = error as typeof failure
      t.type(error, Error)
    }
    t.match(failure, { code })
    t.ok(errors[code]?.includes(failure.class ?? failure.constructor.name), 'of this class')
    t.match(failure.message, /^[^\n]+$/, 'one line')
    if (code.startsWith('ERR_INVALID_ARG')) t.match(failure.message, /^Expected .+ for .+ but received .+\.$/)
    if (failure instanceof Hdf5Error) t.match(failure.cause, /H5\w+: /)
    if (failure instanceof S3Error) t.type(failure.cause, Error)
    if (code.startsWith('E') && !code.includes('_') && failure instanceof Error)
      t.match(failure, { syscall: /./, path: /./, errno: Number })
    t.strictSame(readdirSync(dir), [], 'nothing is left')
  })
}

t.test('stopped by a signal, or by what onProgress or a getter throws', async (t) => {
  const mine = Symbol('mine')
  const fail = (): never => {
    throw mine
  }
  const failing = new SpikeData([[1]], { neuronAttributes: [Object.defineProperty({}, 'electrode', { enumerable: true, get: fail })] })
  const stopped = [
    () => exportToPickle(sd, `${dir}/a.pkl`, { signal: AbortSignal.abort(mine) }),
    () => exportSpikeDataToHdf5(sd, `${dir}/a.h5`, { onProgress: fail }).finally(() => rmSync(`${dir}/a.h5`)),
    () => exportSpikeDataToNwb(failing, `${dir}/a.nwb`),
  ]
  for (const run of stopped) t.equal(await run().catch((error: unknown) => error), mine)
  t.strictSame(readdirSync(dir), [])
})

/** A recording whose metadata is `{1: None}`. */
function pickleWithNumbersAsKeys(): string {
  const attribute = (name: string) => `X${String.fromCharCode(name.length)}\0\0\0${name}`
  const state = `(${attribute('train')}]${attribute('length')}K\x01${attribute('N')}K\0${attribute('metadata')}}K\x01Nsu`
  writeFileSync(`${dir}/keys.pkl`, `cspikelab.spikedata.spikedata\nSpikeData\n)\x81}${state}b.`, 'latin1')
  return `${dir}/keys.pkl`
}

/** A sorting without spikes that has a property of Python objects. */
function sortingWithObjects(): string {
  const npy = (header: string) =>
    Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.of(header.length, 0), Buffer.from(header)])
  const folder = `${dir}/sorting`
  mkdirSync(`${folder}/properties`, { recursive: true })
  writeFileSync(`${folder}/numpysorting_info.json`, '{"sampling_frequency": 30000, "unit_ids": [], "num_segments": 1}')
  const fields = ['sample', 'unit', 'segment'].map((name) => `('${name}_index', '<i8')`)
  writeFileSync(`${folder}/spikes.npy`, npy(`{'descr': [${fields}], 'fortran_order': False, 'shape': (0,)}`))
  writeFileSync(`${folder}/properties/objects.npy`, npy("{'descr': '|O', 'fortran_order': False, 'shape': (0,)}"))
  return folder
}

/** Loads an NWB file with a column that no attribute can hold, a spike outside its window, and electrodes that are not there. */
async function loadStrangeNwb(): Promise<void> {
  await ready
  const path = `${dir}/strange.nwb`
  const units = new SpikeData([[1], [30]], { neuronAttributes: [{ electrode: 0 }, { electrode: 0 }] })
  await exportSpikeDataToNwb(units, path, { nwb: { sessionStartTime, obsIntervals: [[0, 20]] }, layout: 'contiguous' })
  const file = new H5File(path, 'a')
  ;(file.get('units') as Group).create_dataset({ name: 'scalar', data: 5, shape: [] })
  file.close()
  await loadSpikeDataFromNwb(path)
  const broken = new H5File(path, 'a')
  ;(broken.get('units/electrodes_index') as Dataset).write_slice([[1, 2]], Uint32Array.of(9))
  broken.close()
  await loadSpikeDataFromNwb(path, { profile: 'spikelab' })
}

/** Units and times in a file that states neither a unit of time nor a length. */
async function pairedOfOthers(): Promise<string> {
  await ready
  const file = new H5File(`${dir}/others.h5`, 'w')
  file.create_dataset({ name: 'idces', data: Int32Array.of(0) })
  file.create_dataset({ name: 'times', data: Float64Array.of(1) })
  file.close()
  return `${dir}/others.h5`
}

t.test('warnings', async (t) => {
  const found = await warningsOf(async () => {
    await exportToWorkspace({ ns: { sd } }, `${dir}/workspace`)
    await exportSpikeDataToNwb(sd, `${dir}/a.nwb`)
    await exportSpikeDataToNwb(sd, `${dir}/a.nwb`, { nwb: { sessionStartTime } })
    const half = new SpikeData([[1], [2]], { neuronAttributes: [{ electrode: 1, name: 'a' }, {}] })
    await exportSpikeDataToNwb(half, `${dir}/a.nwb`, { nwb: { sessionStartTime, columnDescriptions: { snr: 'Signal to noise.' } } })
    const sorted = new SpikeData([[2, 1]], { neuronAttributes: [{ amplitudes: [1, 2] }] })
    await exportSpikeDataToNwb(sorted, `${dir}/a.nwb`, { nwb: { sessionStartTime } })
    await exportSpikeDataToKilosort(new SpikeData([[-1]], { startTime: -2 }), `${dir}/ks`, { fsHz: 30000 })
    await exportSpikeDataToKilosort(new SpikeData([[1]], { N: 2100 }), `${dir}/phy`, { fsHz: 30000, phy: true })
    await exportSpikeDataToKilosort(sd, `${dir}/phy`, { fsHz: 30000, phy: true })
    const reordered = new SpikeData([[2, 1]], { neuronAttributes: [{ amplitudes: [1, 2] }] })
    await exportSpikeDataToNwb(reordered, `${dir}/a.nwb`, { nwb: { sessionStartTime } })
    const rawData = new NDArray(new Float32Array(2000).fill(NaN), [1, 2000])
    const unknown = new SpikeData([[50], [60]], { neuronAttributes: [{ ch: 0, amplitudes: [1] }, { ch: 0 }], rawData, rawTime: 20 })
    await exportSpikeDataToKilosort(unknown, `${dir}/phy`, { fsHz: 20000, phy: { templates: 'raw' } })
    await exportToWorkspace({ ns: { sd } }, `${dir}/workspace`)
    await exportSpikeDataToHdf5(new SpikeData([[1], [], [2.501]]), `${dir}/a.h5`, { style: 'paired', timesUnit: 'samples', fsHz: 1000 })
    await loadSpikeDataFromHdf5(`${dir}/a.h5`, { timesUnit: 'samples', fsHz: 1000 })
    await exportSpikeDataToHdf5(sd, `${dir}/a.h5`, { style: 'raster', rasterBinSizeMs: 1 })
    await loadSpikeDataFromHdf5(`${dir}/a.h5`, { lengthMs: 1 })
    await exportSpikeDataToHdf5(sd, `${dir}/a.h5`, { spikeTimesDataset: 'times', spikeTimesIndexDataset: 'times_index' })
    await loadSpikeDataFromHdf5(`${dir}/a.h5`)
    const folder = `${dir}/labels`
    await exportSpikeDataToKilosort(sd, folder, { fsHz: 30000 })
    for (const name of ['channel_map.npy', 'cluster_group.tsv', 'cluster_x.tsv']) writeFileSync(`${folder}/${name}`, 'text')
    await loadSpikeDataFromKilosort(folder, { fsHz: 30000, clusterInfoTsv: 'cluster_group.tsv' })
    await loadStrangeNwb()
    await loadFromPickle(pickleWithNumbersAsKeys())
    const batch = { unit: 0, times: [1], values: { amplitudes: [1] } }
    await using withValues = await SpikeData.fromBatches([batch], { spikeValues: { amplitudes: 'int8' } })
    await exportToPickle(withValues, `${dir}/values.pkl`)
    await loadSpikeDataFromSpikeInterface(sortingWithObjects())
    const times = [
      [5, 6],
      [-3, -2],
      [1, 2],
    ] as const
    new SpikeSliceStack([sd, sd, sd], { times })
    new SpikeSliceStack([sd], { times: [[1, 1]] })
    await loadSpikeData(await pairedOfOthers())
  })
  // These are in what an inspection finds, and are not emitted.
  for (const { code, message } of (await inspect(`${dir}/others.h5`)).warnings) found.push([code, message])
  t.strictSame([...new Set(found.map(([code]) => code))].sort(), warnings.sort())
  for (const [, message] of found) t.match(message, /^[^\n]+\.$/)
})
