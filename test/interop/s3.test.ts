/** Exports to a real S3 server on this machine, and what is an S3 URL according to SpikeLab. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import t from 'tap'
import {
  exportSpikeDataToHdf5,
  exportSpikeDataToKilosort,
  exportSpikeDataToNwb,
  exportToPickle,
  exportToWorkspace,
  loadFromPickle,
  loadSpikeDataFromHdf5,
  loadSpikeDataFromKilosort,
  loadSpikeDataFromNwb,
  loadSpikeDataFromPickle,
  loadWorkspace,
  SpikeData,
} from '../../lib/index.js'
import { checkS3Options } from '../../lib/storage/s3-options.js'
import { uploadFilesToS3 } from '../../lib/storage/s3-upload.js'
import { isS3Url, joinS3Url, parseS3Url } from '../../lib/storage/s3-url.js'
import { check, pythonEnvironment } from './python.js'
import { encodeRecordings, RECORDINGS, spikeData } from './recordings.js'
import { startS3Server } from './s3-server.js'

const run = promisify(execFile)

const URLS = [
  's3://bucket/key',
  's3://bucket/a/b c/d%20e.pkl',
  's3://bucket/folder/',
  's3://bucket/folder//',
  's3://bucket/a?b#c',
  's3://bucket',
  's3://bucket/',
  's3:bucket/key',
  's3://',
  'https://s3.amazonaws.com/bucket/key',
  'http://s3.eu-central-1.amazonaws.com/bucket/a/b?versionId=1#x',
  'https://s3.dualstack.us-west-2.amazonaws.com/bucket/key',
  'https://s3.amazonaws.com/bucket',
  'https://s3.amazonaws.com/',
  'https://bucket.s3.amazonaws.com/a/b',
  'https://my.bucket.s3.us-west-2.amazonaws.com/a%20b',
  'https://bucket.s3.amazonaws.com',
  'https://bucket.s3.amazonaws.com/',
  'https://s3-us-west-2.amazonaws.com/bucket/key',
  'https://ec2.amazonaws.com/bucket/key',
  'https://amazonaws.com/bucket/key',
  'https://s3.amazonaws.com.example.org/bucket/key',
  'https://s3.evilamazonaws.com/bucket/key',
  'https://s3.amazonaws.com:443/bucket/key',
  'https://example.org/s3.amazonaws.com/key',
  'ftp://s3.amazonaws.com/bucket/key',
  '/data/s3/file.pkl',
  's3/file.pkl',
  '',
]

const environment = await pythonEnvironment('numpy2')

t.test('URLs are taken as SpikeLab takes them', { skip: environment.skip }, async (t) => {
  t.testdir()
  const location = (url: string) => {
    try {
      const { bucket, key } = parseS3Url(url)
      return [bucket, key]
    } catch {
      return null
    }
  }
  const cases = URLS.map((name) => ({ name, isS3: isS3Url(name), location: location(name) }))
  await check(t, environment, 'check_s3_urls.py', cases)
})

t.test('URLs that SpikeLab takes amiss', async (t) => {
  t.same(parseS3Url(' S3://Bucket/Key '), { bucket: 'Bucket', key: 'Key' })
  t.same(parseS3Url('HTTPS://S3.AmazonAWS.com/b/k'), { bucket: 'b', key: 'k' })
  t.same(parseS3Url('https://s3archive.s3.amazonaws.com/k'), { bucket: 's3archive', key: 'k' })
  t.same(parseS3Url('https://my.s3data.s3.amazonaws.com/k'), { bucket: 'my.s3data', key: 'k' })
  t.throws(() => parseS3Url('s3:///key'), { code: 'ERR_INVALID_ARG_VALUE' })
  t.equal(joinS3Url('https://bucket.s3.amazonaws.com/folder/?x', 'a.npy'), 's3://bucket/folder/a.npy')
})

t.test('options are checked before anything is written', async (t) => {
  const upload = { s3Upload: true }
  const wrong: [string, object, string][] = [
    ['s3://bucket/key', {}, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { s3Upload: false }, 'ERR_INVALID_ARG_VALUE'],
    ['/a/file', upload, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket', upload, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { s3Upload: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    ['/a/file', { forcePathStyle: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['/a/file', { regionName: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['/a/file', { awsAccessKeyId: 'id' }, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { ...upload, awsAccessKeyId: 'id' }, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { ...upload, awsSecretAccessKey: 'secret' }, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { ...upload, awsSessionToken: 'token' }, 'ERR_INVALID_ARG_VALUE'],
    ['s3://bucket/key', { ...upload, s3Endpoint: 'localhost:9000' }, 'ERR_INVALID_ARG_VALUE'],
  ]
  for (const [path, options, code] of wrong) t.throws(() => checkS3Options('s3Upload', path, options), { code }, JSON.stringify(options))
  const secret = { ...upload, awsSecretAccessKey: ['secret'] as never }
  t.throws(() => checkS3Options('s3Upload', 's3://bucket/key', secret), { message: /received 'object'/ }, 'a secret is not repeated')
  t.doesNotThrow(() => checkS3Options('s3Upload', 's3://bucket/key', { ...upload, s3Endpoint: 'http://localhost:9000' }))
})

/** How an export to S3 fails in another process. */
async function failingExport(flags: string[], env: NodeJS.ProcessEnv, endpoint: string): Promise<object> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 's3-failing-export.ts')
  const { stdout } = await run(process.execPath, [...process.execArgv, ...flags, script, endpoint], { env })
  return JSON.parse(stdout)
}

t.test('the SDK is not installed', async (t) => {
  const script = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`
  const hideSdk = `export const resolve = (name, context, next) => next(name.replace(/^@aws-sdk/, '@not-installed'), context)`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(script(hideSdk))})`
  const failure = await failingExport([`--import=${script(register)}`], process.env, 'http://127.0.0.1:9')
  t.match(failure, { code: 'ERR_S3_SDK_MISSING', message: /npm install @aws-sdk\/client-s3 @aws-sdk\/lib-storage$/ })
})

t.test('exports to a server', { skip: environment.skip }, async (t) => {
  const server = await startS3Server(environment)
  t.teardown(() => server.stop())
  const folder = t.testdir({ temporary: {}, home: {} })
  const temporary = join(folder, 'temporary')
  process.env.TMPDIR = temporary

  const store = { s3Upload: true, s3Endpoint: server.endpoint, forcePathStyle: true, regionName: 'us-east-1' }
  const writer = { ...store, ...server.writer }
  const sd = spikeData(RECORDINGS.typical!)
  const test = (name: string, body: (t: Test) => Promise<void>) =>
    t.test(name, async (t) => {
      await body(t)
      t.same(await readdir(temporary), [], 'the temporary is gone')
    })

  test('a pickle', async (t) => {
    const report = await exportToPickle(sd, 's3://recordings/a b/typical.pkl', writer)
    const local = await exportToPickle(sd, join(folder, 'typical.pkl'))
    t.same(Buffer.from(await server.read('a b/typical.pkl')), await readFile(local.path))
    t.same(report.paths, ['s3://recordings/a b/typical.pkl'])
    t.equal(report.path, 's3://recordings/a b/typical.pkl')
    t.equal(report.bytesWritten, local.bytesWritten)
  })

  test('a pickle in several parts', async (t) => {
    const large = new SpikeData([Float64Array.from({ length: 1_500_000 }, (_, i) => i / 3)])
    const temporaries = new Set<string>()
    const onProgress = () => readdirSync(temporary).forEach((name) => temporaries.add(name))
    await exportToPickle(large, 's3://recordings/large.pkl', { ...writer, onProgress })
    t.equal(temporaries.size, 1, 'there is a temporary meanwhile')
    const local = await exportToPickle(large, join(folder, 'large.pkl'))
    t.ok(Buffer.from(await server.read('large.pkl')).equals(await readFile(local.path)))
  })

  test('an HDF5 file', async (t) => {
    const options = { style: 'group' } as const
    await exportSpikeDataToHdf5(sd, 's3://recordings/typical.h5', { ...options, ...writer })
    const file = join(folder, 'typical.h5')
    await writeFile(file, await server.read('typical.h5'))
    const recordings = encodeRecordings({ typical: RECORDINGS.typical! })
    t.testdir()
    await check(t, environment, 'check_hdf5.py', [{ name: 'as the reference writes it', recording: 'typical', file, options }], {
      shared: { recordings },
    })
  })

  test('a KiloSort folder', async (t) => {
    const local = join(folder, 'kilosort')
    const report = await exportSpikeDataToKilosort(sd, 's3://recordings/sorted/', { fsHz: 30_000, ...writer })
    await exportSpikeDataToKilosort(sd, local, { fsHz: 30_000 })
    const names = await readdir(local)
    t.same(
      (await server.keys()).filter((key) => key.startsWith('sorted/')),
      names.sort().map((name) => `sorted/${name}`),
    )
    t.same(
      [...report.paths].sort(),
      names.map((name) => `s3://recordings/sorted/${name}`),
    )
    for (const name of names) {
      t.same(Buffer.from(await server.read(`sorted/${name}`)), await readFile(join(local, name)), name)
    }
  })

  const { s3Upload, ...reader } = writer
  const download = { ...reader, s3Download: true } as const

  test('what was exported is loaded', async (t) => {
    const one = new SpikeData([[12.5, 40.25], [], [5.5]], {
      length: 100,
      neuronAttributes: [{ electrode: 1 }, { electrode: 2 }, { electrode: 3 }],
    })
    const same = (loaded: SpikeData) => t.same([loaded.train, loaded.N], [one.train, 3])
    await exportToPickle(one, 's3://recordings/one/a b+c.pkl', writer)
    same(await loadSpikeDataFromPickle('s3://recordings/one/a b+c.pkl', download))
    await exportSpikeDataToHdf5(one, 's3://recordings/one.h5', { spikeTimesUnit: 'ms', ...writer })
    same(await loadSpikeDataFromHdf5('s3://recordings/one.h5', { spikeTimesUnit: 'ms', ...download }))
    await exportSpikeDataToNwb(one, 's3://recordings/one.nwb', { nwb: { sessionStartTime: '2026-01-01T00:00:00Z' }, ...writer })
    t.equal((await loadSpikeDataFromNwb('s3://recordings/one.nwb', download)).spikeCount, 3)
    await exportToWorkspace({ day1: { one } }, 's3://recordings/results', writer)
    const { items } = await loadWorkspace('s3://recordings/results', download)
    same(items['day1']!['one'] as SpikeData)
    await exportSpikeDataToKilosort(one, 's3://recordings/phy', { fsHz: 20_000, phy: true, ...writer })
    const phy = await loadSpikeDataFromKilosort('s3://recordings/phy', download)
    t.same([phy.N, phy.spikeCount, phy.metadata.source_folder], [3, 3, 's3://recordings/phy'])
  })

  test('an object of several parts is loaded', async (t) => {
    const { N, spikeCount } = await loadSpikeDataFromPickle('s3://recordings/large.pkl', download)
    t.same([N, spikeCount], [1, 1_500_000])
    const parts = await loadSpikeDataFromHdf5('s3://recordings/parts.h5', download).catch((error: unknown) => error)
    t.match(parts, { code: 'ERR_S3_OBJECT_NOT_FOUND', message: 'The S3 object s3://recordings/parts.h5 was not found.' })
  })

  test('a folder of more files than a page of a list has', async (t) => {
    await server.fill('many/', 1200)
    await exportSpikeDataToKilosort(sd, 's3://recordings/many', { fsHz: 30_000, ...writer })
    const { N } = await loadSpikeDataFromKilosort('s3://recordings/many/', { fsHz: 30_000, ...download })
    t.equal(N, (await loadSpikeDataFromKilosort(join(folder, 'kilosort'), { fsHz: 30_000 })).N)
  })

  test('loads that fail', async (t) => {
    const stranger = { ...download, ...server.stranger }
    const denied = { name: 'S3Error', code: 'ERR_S3_ACCESS_DENIED' }
    await t.rejects(loadFromPickle('s3://recordings/typical.pkl', stranger), denied)
    await t.rejects(loadSpikeDataFromKilosort('s3://recordings/sorted', stranger), denied)
    const nowhere = { name: 'S3Error', code: 'ERR_S3_BUCKET_NOT_FOUND', cause: { name: 'NoSuchBucket' } }
    await t.rejects(loadFromPickle('s3://nowhere/typical.pkl', download), nowhere)
    await t.rejects(loadSpikeDataFromKilosort('s3://nowhere/sorted', download), nowhere)
    const nobody = { ...download, s3Endpoint: 'http://127.0.0.1:9' }
    await t.rejects(loadFromPickle('s3://recordings/typical.pkl', nobody), { name: 'S3Error', code: 'ERR_S3_DOWNLOAD' })
    await t.rejects(loadSpikeDataFromKilosort('s3://recordings/nothing', download), { code: 'ERR_S3_OBJECT_NOT_FOUND' })
    await exportToPickle(sd, 's3://recordings/typical.pkl', writer)
    const wrong = { code: 'ERR_INVALID_FILE', path: 's3://recordings/typical.pkl' }
    await t.rejects(loadSpikeDataFromHdf5('s3://recordings/typical.pkl', download), wrong)
  })

  test('a bucket that is not there', async (t) => {
    const failure = { name: 'S3Error', code: 'ERR_S3_BUCKET_NOT_FOUND', message: /nowhere/, cause: { name: 'NoSuchBucket' } }
    await t.rejects(exportToPickle(sd, 's3://nowhere/typical.pkl', writer), failure)
  })

  test('a user without rights', async (t) => {
    const stranger = { ...store, ...server.stranger }
    const failure = { name: 'S3Error', code: 'ERR_S3_ACCESS_DENIED', cause: { name: 'AccessDenied' } }
    await t.rejects(exportToPickle(sd, 's3://recordings/stranger.pkl', stranger), failure)
    await t.rejects(exportSpikeDataToKilosort(sd, 's3://recordings/stranger', { fsHz: 30_000, ...stranger }), failure)
  })

  test('a server that is not there', async (t) => {
    const nobody = { ...writer, s3Endpoint: 'http://127.0.0.1:9' }
    await t.rejects(exportToPickle(sd, 's3://recordings/typical.pkl', nobody), { name: 'S3Error', code: 'ERR_S3_UPLOAD' })
  })

  test('no credentials anywhere', async (t) => {
    const environment = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      AWS_EC2_METADATA_DISABLED: 'true',
      // The compiler of this test would leave its cache among the temporaries.
      DISABLE_V8_COMPILE_CACHE: '1',
      HOME: join(folder, 'home'),
    }
    const failure = await failingExport([], environment, server.endpoint)
    t.match(failure, { name: 'S3Error', code: 'ERR_S3_CREDENTIALS_MISSING', cause: 'CredentialsProviderError' })
  })

  test('an export that is stopped', async (t) => {
    const reason = new Error('stopped')
    await t.rejects(exportToPickle(sd, 's3://recordings/stopped.pkl', { ...writer, signal: AbortSignal.abort(reason) }), reason)

    const file = join(folder, 'parts')
    await writeFile(file, Buffer.alloc(30_000_000, 7))
    const controller = new AbortController()
    const upload = uploadFilesToS3([{ localPath: file, url: 's3://recordings/stopped' }], writer, controller.signal)
    while ((await server.openUploads()) === 0) continue
    controller.abort(reason)
    await t.rejects(upload, reason)
    t.equal(await server.openUploads(), 0, 'the parts are gone')
  })

  test('what failed left no object', async (t) => {
    const keys = await server.keys()
    t.same(
      keys.filter((key) => /stranger|stopped|nobody/.test(key)),
      [],
    )
  })
})
