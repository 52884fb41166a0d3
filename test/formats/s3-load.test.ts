/**
 * Every loader with an S3 URL: what it returns is what the local file gives, and whatever happens, no temporary file is left.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import type { DownloadProgress, LoadOptions, S3LoadOptions } from '../../lib/index.js'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadFromPickle,
  loadSpikeData,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  loadSpikeDataFromPickle,
  loadSpikeDataFromSpikeInterface,
  loadSpikeDataFromSpikelabSortedNpz,
  loadWorkspace,
  loadWorkspaceItem,
  SpikeData,
} from '../../lib/index.js'
import { PERMISSION_MODEL, runNode, startNode, startProcess } from '../support/child.js'
import { VALUE_ERROR } from '../support/expectations.js'
import { npy as npyOf, zipOf } from '../support/folder-files.js'
import type { Disturbance } from '../support/s3-store.js'
import { refuse, s3Objects } from '../support/s3-store.js'
import { FS, int64, npy, npz, objects as pythonObjects, unit } from '../support/sortings.js'

const dir = t.testdir({ temporary: {}, files: {} })
const temporary = join(dir, 'temporary')
const files = join(dir, 'files')
process.env.TMPDIR = temporary

const train = [[12.5, 40.25, 66], [], [5.5, 70.25]]
const neuronAttributes = train.map((_, i) => ({ electrode: i, location: [0, 20 * i], quality: 'good', amplitudes: train[i]!.map(() => 3) }))
const sd = new SpikeData(train, { length: 100, neuronAttributes, metadata: { culture: 'A-12' } })
const at = (name: string) => join(files, name)

await exportSpikeDataToHdf5(sd, at('ragged.h5'))
await exportSpikeDataToNwb(sd, at('session.nwb'), { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' } })
await exportToPickle(sd, at('sd.pkl'))
await exportToWorkspace({ day1: { spikes: sd } }, at('results'))
await exportSpikeDataToKilosort(sd, at('phy'), { fsHz: 20_000, phy: true, channels: { ids: [0, 1, 2] } })
writeFileSync(at('phy.zip'), zipOf(Object.fromEntries(readdirSync(at('phy')).map((name) => [name, readFileSync(at(`phy/${name}`))]))))
writeFileSync(at('sorted.npz'), npz({ units: pythonObjects(unit(), 1), fs: FS }))
const RECORD = "[('sample_index', '<i8'), ('unit_index', '<i8'), ('segment_index', '<i8')]"
mkdirSync(at('sorting/properties'), { recursive: true })
writeFileSync(at('sorting/numpysorting_info.json'), '{"sampling_frequency": 20000, "unit_ids": ["a", 7], "num_segments": 1}')
writeFileSync(at('sorting/spikes.npy'), npy(RECORD, '(2,)', int64(20, 0, 0, 40, 1, 0)))
writeFileSync(at('sorting/properties/depth.npy'), npyOf('<f8', [1, 2]))
const archive = {
  unit_ids: npyOf('<i8', [3, 4]),
  num_segment: npyOf('<i8', [1]),
  sampling_frequency: npyOf('<f8', [20_000]),
  spike_indexes_seg0: npyOf('<i8', [20, 40]),
  spike_labels_seg0: npyOf('<i8', [3, 4]),
}
writeFileSync(at('sorting.npz'), npz(archive))
mkdirSync(at('npz_folder/properties'), { recursive: true })
writeFileSync(at('npz_folder/sorting_cached.npz'), npz(archive))
writeFileSync(at('npz_folder/properties/depth.npy'), npyOf('<f8', [1, 2]))

type Load = (path: string, options: LoadOptions & S3LoadOptions) => Promise<unknown>

/** Every loader, by what it reads. */
const LOADS: [name: string, load: Load][] = [
  ['ragged.h5', loadSpikeDataFromHdf5],
  ['session.nwb', loadSpikeDataFromNwb],
  ['sd.pkl', loadFromPickle],
  ['sd.pkl', loadSpikeDataFromPickle],
  ['results', loadWorkspace],
  ['results.h5', (path, options) => loadWorkspaceItem(path, 'day1', 'spikes', options)],
  ['phy', (path, options) => loadSpikeDataFromKilosort(path, { amplitudes: true, ...options })],
  ['phy/', loadSpikeDataFromKilosort],
  ['phy.zip', loadSpikeDataFromKilosort],
  ['sorted.npz', loadSpikeDataFromSpikelabSortedNpz],
  ['sorting', loadSpikeDataFromSpikeInterface],
  ['npz_folder/', loadSpikeDataFromSpikeInterface],
  ['sorting.npz', loadSpikeDataFromSpikeInterface],
]

const names = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(at(name)).isFile())
const OBJECTS: Record<string, Uint8Array> = Object.fromEntries(names.map((name) => [`lab/${name}`, readFileSync(at(name))]))
// What is beside the files of a folder, and is never read.
for (const name of ['phy/recording.dat', 'phy/pc_features.npy', 'phy/.phy/cache.npy', 'sorting/provenance.pkl'])
  OBJECTS[`lab/${name}`] = Buffer.alloc(5)

/** What a loader returns, without where it is from. */
function contentOf(loaded: unknown): unknown {
  if (!(loaded instanceof SpikeData)) return loaded
  const { source_file, source_folder, ...metadata } = loaded.metadata as Record<string, unknown>
  return { train: loaded.train, length: loaded.length, attributes: loaded.neuronAttributes, metadata }
}

const store = (t: Test, disturb?: Disturbance, objects = OBJECTS) => s3Objects(t, objects, disturb)

/** A test whose downloads leave nothing behind. */
function test(name: string, body: (t: Test) => Promise<void>): void {
  t.test(name, async (t) => {
    await body(t)
    t.strictSame(readdirSync(temporary), [], 'the temporary is gone')
  })
}

for (const [name, load] of LOADS) {
  test(`${name} is the same as a local one`, async (t) => {
    const { download, requests } = await store(t)
    const url = `s3://bucket/lab/${name}`
    const loaded = await load(url, download)
    t.same(contentOf(loaded), contentOf(await load(at(name), {})))
    t.notOk(requests.some(({ kind, key }) => kind === 'object' && /recording\.dat|pc_features|\.phy|provenance/.test(key)))
    if (!(loaded instanceof SpikeData)) return
    const { source_file, source_folder } = loaded.metadata as Record<string, unknown>
    t.ok([undefined, url].includes((source_file ?? source_folder) as string), `${source_file ?? source_folder}`)
    t.notMatch(JSON.stringify(loaded.metadata), temporary)
  })
}

test('where it is from', async (t) => {
  const { download } = await store(t)
  t.match((await loadSpikeDataFromHdf5('s3://bucket/lab/ragged.h5', download)).metadata, { source_file: 's3://bucket/lab/ragged.h5' })
  const url = new URL('s3://bucket/lab/session.nwb')
  t.match((await loadSpikeDataFromNwb(url, download)).metadata, { source_file: 's3://bucket/lab/session.nwb' })
  t.match((await loadSpikeDataFromKilosort('s3://bucket/lab/phy', download)).metadata, { source_folder: 's3://bucket/lab/phy' })
})

test('spikes that stay in the download', async (t) => {
  const { download } = await store(t)
  await using loaded = await loadSpikeDataFromHdf5('s3://bucket/lab/ragged.h5', { ...download, lazy: true, spoolFolder: at('none') })
  t.strictSame(readdirSync(temporary), [], 'it has no path any more')
  t.strictSame(await loaded.loadTrain(0), (await loadSpikeDataFromHdf5(at('ragged.h5'))).train[0])
})

test('spikes that are kept on the disk, of every loader', async (t) => {
  const { download } = await store(t)
  const spoolFolder = join(dir, 'spool')
  mkdirSync(spoolFolder)
  for (const [name, load] of LOADS) {
    // Amplitudes are not read lazily, and this result of SpikeLab's sorter is a pickle of text.
    if ([loadFromPickle, loadWorkspace].includes(load as never) || name === 'phy' || name === 'sorted.npz') continue
    const inMemory = (await load(at(name), {})) as SpikeData
    await using loaded = (await load(`s3://bucket/lab/${name}`, { ...download, lazy: true, spoolFolder } as never)) as SpikeData
    t.strictSame([readdirSync(temporary), loaded.isSpooled, loaded.length], [[], true, inMemory.length], name)
    for (const [unit, times] of inMemory.train.entries()) t.strictSame(await loaded.loadTrain(unit), times)
  }
  const message = /as the spikes of a pickle of protocol 0, 1 or 2 are read into memory, for lazy/
  await t.rejects(loadSpikeDataFromSpikelabSortedNpz(at('sorted.npz'), { lazy: true, spoolFolder }), { ...VALUE_ERROR, message })
})

test('nothing is downloaded without permission', async (t) => {
  for (const [name, load] of LOADS) {
    const url = `s3://bucket/${name}`
    const expected = { ...VALUE_ERROR, message: 'Expected true, as the path is an S3 URL, for s3Download but received undefined.' }
    await t.rejects(load(url, {}), expected, name)
    await t.rejects(load(at(name), { s3Download: true }), { ...VALUE_ERROR, message: /^Expected an S3 URL/ }, name)
    await t.rejects(load(url, { s3Download: 1 as never }), { code: 'ERR_INVALID_ARG_TYPE' }, name)
    await t.rejects(load('s3://bucket', { s3Download: true }), {
      ...VALUE_ERROR,
      message: /^Expected an S3 URL with a bucket and a key for \w*[pP]ath|folder/,
    })
    const alone = {
      ...VALUE_ERROR,
      message: /^Expected no value, as s3Download is not true, for awsSecretAccessKey but received 'string'\.$/,
    }
    await t.rejects(load(at(name), { awsSecretAccessKey: 'a-secret' } as never), alone, name)
    await t.rejects(load(url, { s3Upload: true } as never), { message: /the name of an option for options but received 's3Upload'/ }, name)
    await load(at(name), { s3Download: false, awsAccessKeyId: null, regionName: undefined })
  }
})

test('progress', async (t) => {
  const { download } = await store(t)
  for (const [name, load] of LOADS) {
    const reports: { bytesRead: number; bytesTotal: number; downloaded?: DownloadProgress }[] = []
    await load(`s3://bucket/lab/${name}`, { ...download, onProgress: (progress) => void reports.push(progress) })
    const before = reports.filter(({ downloaded }) => downloaded)
    t.strictSame(reports.slice(0, before.length), before, 'downloads come first')
    t.ok(before.every(({ bytesRead, bytesTotal }) => bytesRead === 0 && bytesTotal === 0))
    const { bytesDone, bytesTotal } = before.at(-1)!.downloaded!
    t.equal(bytesDone, bytesTotal)
    t.ok(bytesTotal > 0)
  }
  const reason = new Error('of the caller')
  const onProgress = () => {
    throw reason
  }
  for (const [name, load] of LOADS) await t.rejects(load(`s3://bucket/lab/${name}`, { ...download, onProgress }), reason, name)
})

/** The error of a call, in which nothing shows where the temporary was. */
async function failureOf(t: Test, run: Promise<unknown>): Promise<unknown> {
  const error = await run.then(
    () => t.fail('it has succeeded'),
    (thrown: unknown) => thrown,
  )
  const { message, stack, path, cause } = error as NodeJS.ErrnoException
  t.notMatch(`${message} ${stack} ${path} ${typeof cause === 'string' ? cause : ''}`, temporary)
  return error
}

test('objects that cannot be had', async (t) => {
  const reasons: Record<string, [status: number, code: string]> = {
    NoSuchKey: [404, 'ERR_S3_OBJECT_NOT_FOUND'],
    NoSuchBucket: [404, 'ERR_S3_BUCKET_NOT_FOUND'],
    AccessDenied: [403, 'ERR_S3_ACCESS_DENIED'],
    InvalidAccessKeyId: [403, 'ERR_S3_ACCESS_DENIED'],
    NotImplemented: [501, 'ERR_S3_DOWNLOAD'],
  }
  for (const [reason, [status, code]] of Object.entries(reasons)) {
    const { download } = await store(t, (_, response) => refuse(response, status, reason))
    for (const [name, load] of LOADS) {
      const failure = await failureOf(t, load(`s3://bucket/lab/${name}`, download))
      t.match(
        failure,
        { name: 'S3Error', code, message: reason === 'NoSuchBucket' ? /bucket/ : /s3:\/\/bucket\/lab\// },
        `${reason}: ${name}`,
      )
    }
  }
  const { download } = await store(t)
  for (const [, load] of LOADS) {
    const failure = await failureOf(t, load('s3://bucket/lab/missing', download))
    t.match(failure, { code: 'ERR_S3_OBJECT_NOT_FOUND', message: /^The S3 object s3:\/\/bucket\/lab\/missing(\.h5)? was not found\.$/ })
  }
})

test('files that are not what they should be', async (t) => {
  const damaged = Object.fromEntries(
    Object.keys(OBJECTS).map((key) => [key, key.endsWith('params.py') ? OBJECTS[key]! : Buffer.from('neither of them')]),
  )
  const { download } = await store(t, undefined, damaged)
  for (const [name, load] of LOADS) {
    const failure = await failureOf(t, load(`s3://bucket/lab/${name}`, download))
    t.match(failure, { name: 'FormatError', code: 'ERR_INVALID_FILE', message: /'s3:\/\/bucket\/lab\// }, name)
    t.match((failure as { path: string }).path, `s3://bucket/lab/${name === 'results' ? 'results.h5' : name}`, name)
  }
})

test('a folder without the files, and files that change between the list and the download', async (t) => {
  const { download } = await store(t, undefined, { 'lab/phy/readme.txt': Buffer.from('a') })
  const expected = { name: 'FormatError', path: 's3://bucket/lab/phy/', message: /it has no spike_times\.npy and no spike_clusters\.npy/ }
  t.match(await failureOf(t, loadSpikeDataFromKilosort('s3://bucket/lab/phy', download)), expected)

  const changing = await store(t, ({ kind, key }, response) => {
    if (kind === 'list' || !key.endsWith('params.py')) return false
    response.writeHead(206, { etag: '"other"', 'content-range': 'bytes 0-0/1' }).end('a')
    return true
  })
  t.match(await failureOf(t, loadSpikeDataFromKilosort('s3://bucket/lab/phy', changing.download)), {
    message: `Cannot read 's3://bucket/lab/phy/params.py': it has changed while it was downloaded.`,
  })
})

test('no room, and a temporary file that vanishes', async (t) => {
  const { download } = await store(t, (_, response) => {
    response.writeHead(206, { 'content-range': `bytes 0-16777215/${2 ** 49}` }).write('a')
    return true
  })
  const failure = await failureOf(t, loadSpikeDataFromHdf5('s3://bucket/a.h5', download).catch(withoutFolder))
  t.match(failure, { code: 'ENOSPC', path: 's3://bucket/a.h5' })

  const vanishing = await store(t)
  const onProgress = () => {
    for (const name of readdirSync(temporary)) rmSync(join(temporary, name, 'download'), { recursive: true })
  }
  for (const [name, load] of LOADS.filter(([name]) => !name.includes('sorting'))) {
    const gone = await failureOf(t, load(`s3://bucket/lab/${name}`, { ...vanishing.download, onProgress }))
    t.match(gone, { code: 'ENOENT', message: /'s3:\/\/bucket\/lab\// }, name)
  }
})

/** The folder for temporary files itself may be named. */
function withoutFolder(error: Error): never {
  for (const name of ['message', 'stack'] as const) error[name] = error[name]!.replace(`'${temporary}'`, '')
  throw error
}

test('a call that is stopped', async (t) => {
  const reason = new Error('stopped')
  const { download } = await store(t, ({ kind }) => kind === 'object')
  for (const [name, load] of LOADS) {
    await t.rejects(load(`s3://bucket/lab/${name}`, { ...download, signal: AbortSignal.abort(reason) }), reason, name)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 60)
    await t.rejects(load(`s3://bucket/lab/${name}`, { ...download, signal: controller.signal }), reason, name)
    t.strictSame(readdirSync(temporary), [], name)
  }
})

test('a temporary folder is for this user alone', async (t) => {
  const modes: number[] = []
  const { download } = await store(t, ({ range = '' }, _, count) => {
    if (count === 1) for (const name of readdirSync(temporary)) modes.push(statSync(join(temporary, name)).mode & 0o777)
    return range === 'never'
  })
  await loadSpikeDataFromHdf5('s3://bucket/lab/ragged.h5', download)
  t.strictSame(modes, [0o700])
})

const hanging: Disturbance = (_, response) => {
  response.writeHead(206, { 'content-range': 'bytes 0-16777215/99999999' }).write('a')
  return true
}

test('a process that exits during a download', async (t) => {
  const { download } = await store(t, hanging)
  const { code, stdout } = await runNode(`
    import { readdirSync } from 'node:fs'
    import { loadSpikeDataFromHdf5, loadSpikeDataFromPickle } from 'spikeport'
    process.env.TMPDIR = '${temporary}'
    const options = ${JSON.stringify(download)}
    loadSpikeDataFromHdf5('s3://bucket/a.h5', options)
    loadSpikeDataFromPickle('s3://bucket/a.pkl', options)
    const timer = setInterval(() => {
      const temporaries = readdirSync('${temporary}')
      if (temporaries.length < 2) return
      console.log(temporaries.length)
      process.exit(7)
    })
  `)
  t.strictSame({ code, stdout }, { code: 7, stdout: '2\n' })
})

test('a process without the SDK, and one without credentials', async (t) => {
  const { download } = await store(t)
  const { awsAccessKeyId, awsSecretAccessKey, ...place } = download
  const script = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`
  const hideSdk = `export const resolve = (name, context, next) => next(name.replace(/^@aws-sdk/, '@not-installed'), context)`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(script(hideSdk))})`
  const load = `
    import { loadSpikeDataFromKilosort } from 'spikeport'
    process.env.TMPDIR = '${temporary}'
    await loadSpikeDataFromKilosort('s3://bucket/lab/phy', ${JSON.stringify(place)}).catch(({ code, message }) => console.log(code, message))
  `
  const missing = await runNode(load, { args: [`--import=${script(register)}`] })
  t.match(missing.stdout, /^ERR_S3_SDK_MISSING .*npm install @aws-sdk\/client-s3\n$/)
  const env = ['-i', `PATH=${process.env.PATH}`, `HOME=${dir}`, 'AWS_EC2_METADATA_DISABLED=true']
  const { stdout } = await startProcess('env', [...env, process.execPath, '--input-type=module', '--eval', load]).ended
  t.match(stdout, /^ERR_S3_CREDENTIALS_MISSING /)
})

test("Node's permission model", async (t) => {
  const { download } = await store(t)
  const load = (flags: string[]) =>
    startNode(
      `
      import { loadSpikeDataFromHdf5 } from 'spikeport'
      process.env.TMPDIR = '${temporary}'
      const options = ${JSON.stringify(download)}
      const { N } = await loadSpikeDataFromHdf5('s3://bucket/lab/ragged.h5', options).catch(({ code }) => ({ N: code }))
      console.log(N)
    `,
      { args: [PERMISSION_MODEL, '--no-warnings', '--allow-addons', ...flags] },
    ).ended
  const root = new URL('../..', import.meta.url).pathname
  // From Node 25 on, the network has to be allowed, too.
  const network = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : []
  const allowed = [`--allow-fs-read=${root}*`, `--allow-fs-write=${temporary}/*`, ...network]
  t.match(await load(allowed), { stdout: '3\n' })
  t.match(await load([allowed[0]!]), { stdout: 'ERR_ACCESS_DENIED\n' })
})

test('a signed URL is named without its signature, and a key may have any characters', async (t) => {
  const key = "lab/$& $' a.h5"
  const { download } = await store(t, undefined, { ...OBJECTS, [key]: OBJECTS['lab/ragged.h5']!, 'lab/damaged$&.h5': Buffer.alloc(100) })
  const signed =
    'https://bucket.s3.eu-central-1.amazonaws.com/lab/ragged.h5?X-Amz-Security-Token=a-secret&X-Amz-Signature=a-secret#a-secret'
  const { metadata } = await loadSpikeDataFromHdf5(signed, download)
  t.equal(metadata.source_file, 'https://bucket.s3.eu-central-1.amazonaws.com/lab/ragged.h5')
  t.equal((await loadSpikeDataFromHdf5(`s3://bucket/${key}`, download)).metadata.source_file, `s3://bucket/${key}`)
  const error = await loadSpikeDataFromHdf5('s3://bucket/lab/damaged$&.h5', download).then(
    () => new Error(),
    (error: Error) => error,
  )
  t.match(error.message, "'s3://bucket/lab/damaged$&.h5'")
  t.notMatch(error.message, temporary)
})

test('loadSpikeData needs the format of an S3 URL, and repeats no secret', async (t) => {
  const { download } = await store(t)
  t.equal((await loadSpikeData('s3://bucket/lab/session.nwb', { format: 'nwb', ...download })).spikeCount, 5)
  for (const options of [undefined, download]) {
    const message = /^Expected one of .*, as the path is an S3 URL, for format but received undefined\.$/
    await t.rejects(loadSpikeData('s3://bucket/lab/session.nwb' as string, options as never), { ...VALUE_ERROR, message })
  }
  const error = await loadSpikeData(at('session.nwb'), { awsSecretAccessKey: 'a-secret' } as never).then(
    () => new Error(),
    (error: Error) => error,
  )
  t.match(error.message, /for awsSecretAccessKey/)
  t.notMatch(error.message, 'a-secret')
})
