/**
 * Downloads from stores that break connections, change objects, know no ranges or never end: what arrives is right, or nothing is.
 */
import { randomFillSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Test } from 'tap'
import t from 'tap'
import { Downloads } from '../../lib/storage/s3-download.js'
import type { S3Access } from '../../lib/storage/s3-options.js'
import type { Disturbance } from '../support/s3-store.js'
import { etagOf, refuse, s3Objects } from '../support/s3-store.js'

const MIB = 2 ** 20
const forty = randomFillSync(Buffer.alloc(40 * MIB + 5))
const small = Buffer.from('small')
const location = { bucket: 'bucket', key: 'key' }

/** Files that stay open until all tests have ended. */
const large: FileHandle[] = []
t.teardown(() => Promise.all(large.map((file) => file.close())))

interface Options {
  signal?: AbortSignal
  onDownload?: (bytesDone: number, bytesTotal: number) => void
}

/** Downloads the object `key` from such a store. */
async function download(t: Test, bytes: Buffer, disturb?: Disturbance, options?: Options) {
  const { download, requests } = await s3Objects(t, { key: bytes }, disturb)
  const folder = t.testdir()
  return { requests, bytes: await into(folder, download, options) }
}

async function into(folder: string, options: S3Access, { signal, onDownload }: Options = {}): Promise<Buffer> {
  await Downloads.run({ folder, large, options, signal, onDownload }, (downloads) => downloads.object(location, 'file'))
  return readFileSync(`${folder}/file`)
}

t.test('an object of several parts', async (t) => {
  const { requests, bytes } = await download(t, forty)
  t.ok(bytes.equals(forty))
  t.strictSame(requests.map(({ range }) => range).sort(), [
    'bytes=0-16777215',
    `bytes=${16 * MIB}-${32 * MIB - 1}`,
    `bytes=${32 * MIB}-${forty.length - 1}`,
  ])
  t.equal(statSync(`${t.testdirName}/file`).mode & 0o777, 0o600)
})

t.test('objects of one part, of a whole number of parts and of none', async (t) => {
  t.ok((await download(t, small)).bytes.equals(small))
  const two = forty.subarray(0, 32 * MIB)
  t.ok((await download(t, two)).bytes.equals(two))
  const { bytes, requests } = await download(t, Buffer.alloc(0))
  t.equal(bytes.length, 0)
  t.equal(requests.length, 2, 'an empty object has no range')
})

t.test('a store that knows no ranges', async (t) => {
  const { bytes, requests } = await download(t, forty, (_, response) => {
    response.writeHead(200, { 'content-length': forty.length }).end(forty)
    return true
  })
  t.ok(bytes.equals(forty))
  t.equal(requests.length, 1)
})

/** Answers with the headers of a part, and fewer bytes than they state. */
function cutOff(response: Parameters<Disturbance>[1], range: string, length: number): true {
  const [, first, last] = /(\d+)-(\d+)/.exec(range)!
  const part = forty.subarray(Number(first), Number(last) + 1)
  const end = Number(first) + part.length - 1
  response.writeHead(206, { etag: etagOf(forty), 'content-length': part.length, 'content-range': `bytes ${first}-${end}/${forty.length}` })
  response.write(part.subarray(0, length), () => response.destroy())
  return true
}

t.test('connections that break', async (t) => {
  const broken = new Set<string>()
  const { bytes, requests } = await download(t, forty, ({ range = '' }, response) => {
    const isFirst = !broken.has(range.split('-')[1]!)
    broken.add(range.split('-')[1]!)
    return isFirst && cutOff(response, range, 3 * MIB + 1)
  })
  t.ok(bytes.equals(forty))
  t.equal(requests.length, 6, 'each part goes on where it was')
  t.ok(requests.some(({ range }) => Number(/\d+/.exec(range!)) % MIB !== 0))
})

t.test('connections that break again and again', async (t) => {
  const rejected = download(t, forty, ({ range = '' }, response) => cutOff(response, range, 10))
  await t.rejects(rejected, { name: 'S3Error', code: 'ERR_S3_DOWNLOAD', message: /^Downloading s3:\/\/bucket\/key failed: / })
})

for (const [how, disturb] of [
  ['with If-Match', ({ range = '' }, response) => !range.startsWith('bytes=0-') && refuse(response, 412, 'PreconditionFailed')],
  [
    'with another ETag',
    ({ range = '' }, response) => {
      if (range.startsWith('bytes=0-')) return false
      response.writeHead(206, { etag: '"other"', 'content-range': `bytes ${16 * MIB}-${16 * MIB}/${forty.length}` }).end('a')
      return true
    },
  ],
  [
    'with another size',
    ({ range = '' }, response) => {
      if (range.startsWith('bytes=0-')) return false
      response.writeHead(206, { 'content-range': `bytes ${16 * MIB}-${16 * MIB}/${forty.length + 1}` }).end('a')
      return true
    },
  ],
  ['with a range that is gone', ({ range = '' }, response) => !range.startsWith('bytes=0-') && refuse(response, 416, 'InvalidRange')],
] as [string, Disturbance][]) {
  t.test(`an object that changes: a store that shows it ${how}`, async (t) => {
    await t.rejects(download(t, forty, disturb), {
      name: 'FormatError',
      path: 's3://bucket/key',
      message: `Cannot read 's3://bucket/key': it has changed while it was downloaded.`,
    })
  })
}

t.test('stores that do not answer as S3 does', async (t) => {
  const odd = { name: 'S3Error', code: 'ERR_S3_DOWNLOAD' }
  const answering = (headers: Record<string, string | number>, body: string): Disturbance => {
    return (_, response) => Boolean(response.writeHead(206, headers).end(body))
  }
  await t.rejects(download(t, small, answering({ 'content-range': 'bytes 5-9/20' }, 'abcde')), odd, 'another range')
  await t.rejects(download(t, small, answering({ 'content-range': 'bytes 0-1/2' }, 'abcde')), { ...odd, message: /more bytes/ })
  await t.rejects(download(t, small, answering({ 'transfer-encoding': 'chunked' }, 'abcde')), { ...odd, message: /does not state/ })
  const elsewhere: Disturbance = ({ range = '' }, response) => {
    if (range.startsWith('bytes=0-')) return false
    response.writeHead(206, { 'content-range': `bytes 0-0/${forty.length}` }).end('a')
    return true
  }
  await t.rejects(download(t, forty, elsewhere), { ...odd, message: /other bytes/ })
})

t.test('an object that is too large for the disk', async (t) => {
  const size = 2 ** 49
  const { download: options } = await s3Objects(t, {}, (_, response) => {
    response.writeHead(206, { 'content-range': `bytes 0-${16 * MIB - 1}/${size}` }).write('a')
    return true
  })
  const folder = t.testdir()
  const full = { code: 'ENOSPC', errno: Number, syscall: 'write', path: 's3://bucket/key' }
  const message = new RegExp(`^ENOSPC: no space left on device: 's3://bucket/key' has ${size} bytes, and the folder .* has room for \\d+$`)
  await t.rejects(into(folder, options), { ...full, message })
  t.throws(() => statSync(`${folder}/file`), { code: 'ENOENT' }, 'nothing was written')
})

t.test('progress', async (t) => {
  const reports: [number, number][] = []
  await download(t, forty, undefined, { onDownload: (...report) => void reports.push(report) })
  t.strictSame(reports.at(-1), [forty.length, forty.length])
  t.ok(
    reports.every(([done, total], i) => total === forty.length && done >= (reports[i - 1]?.[0] ?? 0) && done <= total),
    'no byte is counted twice',
  )
  const reason = new Error('of the caller')
  const onDownload = () => {
    throw reason
  }
  await t.rejects(download(t, forty, undefined, { onDownload }), reason)
})

t.test('a signal', async (t) => {
  const reason = new Error('stopped')
  await t.rejects(download(t, small, undefined, { signal: AbortSignal.abort(reason) }), reason)
  for (const [when, disturb] of [
    ['before the store answers', () => true],
    [
      'while bytes arrive',
      ({ range = '' }, response) => {
        const [, first, last] = /(\d+)-(\d+)/.exec(range)!
        response.writeHead(206, { etag: '"1"', 'content-range': `bytes ${first}-${last}/${forty.length}` }).write(forty.subarray(0, MIB))
        return true
      },
    ],
    ['while the SDK waits to ask again', (_, response) => refuse(response, 503, 'SlowDown')],
  ] as [string, Disturbance][]) {
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 150)
    await t.rejects(download(t, forty, disturb, { signal: controller.signal }), reason, when)
  }
})

t.test('folders', async (t) => {
  const objects: Record<string, Buffer> = { 'a/': small, 'a/b/c/x.npy': small, 'a/b/': small, 'a/b/huge.dat': forty, 'ab/x.npy': small }
  for (let i = 0; i < 20; i++) objects[`a/b/${i}.npy`] = Buffer.from(`${i}`)
  objects['a/b/empty.npy'] = Buffer.alloc(0)
  objects['a/b/in/p.npy'] = small
  objects["a/b/it's & more.npy"] = small
  const { download: options, requests } = await s3Objects(t, objects)
  const folder = t.testdir()
  const wants = (name: string) => name.endsWith('.npy')
  const files = (key: string, name: string) =>
    Downloads.run({ folder, large, options, signal: undefined, onDownload: undefined }, (downloads) =>
      downloads.files({ bucket: 'bucket', key }, name, [
        { folder: '', wants },
        { folder: 'in', wants },
      ]),
    )
  t.ok(await files('a/b/', 'whole'))
  for (let i = 0; i < 20; i++) t.equal(readFileSync(`${folder}/whole/${i}.npy`, 'utf8'), `${i}`)
  t.equal(statSync(`${folder}/whole/empty.npy`).size, 0)
  t.ok(readFileSync(`${folder}/whole/in/p.npy`).equals(small))
  t.ok(readFileSync(`${folder}/whole/it's & more.npy`).equals(small))
  t.equal(statSync(`${folder}/whole/in`).mode & 0o777, 0o700)
  t.throws(() => statSync(`${folder}/whole/huge.dat`), { code: 'ENOENT' })
  t.notOk(requests.some(({ kind, key }) => kind === 'object' && (/huge|\/$|\/c\//.test(key) || key.startsWith('ab'))))
  t.equal(await files('nothing/', 'none'), false)
  t.throws(() => statSync(`${folder}/none`), { code: 'ENOENT' })
  t.ok(await files('a/', 'empty'), 'a folder in which nothing is wanted')
})

t.test('hostile folders', async (t) => {
  const folder = t.testdir()
  const listing =
    (contents: string): Disturbance =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' })
      return Boolean(response.end(`<ListBucketResult>${contents}</ListBucketResult>`))
    }
  const files = async (disturb: Disturbance) => {
    const { download: options, requests } = await s3Objects(t, {}, disturb)
    const run = Downloads.run({ folder, large, options, signal: undefined, onDownload: undefined }, (downloads) =>
      downloads.files({ bucket: 'bucket', key: 'a/' }, 'files', [{ folder: '', wants: () => true }]),
    )
    return run.finally(() => t.ok(requests.every(({ kind }) => kind === 'list')))
  }
  const names = ['..', '../../x.npy', '..\\x.npy', '/etc/x.npy', 'b\\x.npy', 'b/x.npy', '.']
  for (const name of names) {
    const rejected = files(listing(`<Contents><Key>a/${name}</Key><Size>1</Size></Contents>`))
    await t.rejects(rejected, { name: 'FormatError', path: 's3://bucket/a/', object: name, message: /leads out of the folder/ }, name)
  }
  const odd = { name: 'S3Error', code: 'ERR_S3_DOWNLOAD' }
  await t.rejects(files(listing('<Contents><Key>b/x.npy</Key><Size>1</Size></Contents>')), odd, 'another folder')
  const endless = listing('<IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken>')
  await t.rejects(files(endless), { ...odd, message: /more than 1000 pages/ })
  t.throws(() => statSync(`${folder}/files`), { code: 'ENOENT' })
})
