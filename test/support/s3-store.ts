/**
 * Servers on this machine in the place of an S3 store.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** Starts a store that answers like this until the test ends. Returns its address, and options that upload to it or download from it. */
export async function s3Store(t: Test, answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const place = { s3Endpoint: address, forcePathStyle: true, regionName: 'us-east-1' } as const
  const credentials = { awsAccessKeyId: 'id', awsSecretAccessKey: 'secret' }
  const store = { s3Upload: true, ...place } as const
  return { address, store, upload: { ...store, ...credentials }, download: { s3Download: true, ...place, ...credentials } as const }
}

/** A request to a store of objects. */
export interface ObjectRequest {
  /** What is asked for: an object, or the objects of a prefix. */
  kind: 'object' | 'list'
  /** The key, or the prefix. */
  key: string
  /** The bytes that are asked for. */
  range: string | undefined
}

/** Answers a request in another way than the store would; returns whether it has. */
export type Disturbance = (request: ObjectRequest, response: ServerResponse, count: number) => boolean | undefined

/** How many objects a page of a list has. */
const PAGE = 3

/**
 * Starts a store with objects, by their keys in any bucket, that answers downloads until the test ends.
 *
 * @returns options that download from it, and the requests it has had
 */
export async function s3Objects(t: Test, objects: Record<string, Uint8Array>, disturb: Disturbance = () => false) {
  const requests: ObjectRequest[] = []
  const { download } = await s3Store(t, (request, response) => {
    const asked = requestFrom(request)
    requests.push(asked)
    if (disturb(asked, response, requests.length)) return
    if (asked.kind === 'list') list(objects, request, response)
    else get(objects[asked.key], request, response)
  })
  return { download, requests }
}

/** Answers as S3 does for a reason that is the name of an error. */
export function refuse(response: ServerResponse, status: number, reason: string): true {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<Error><Code>${reason}</Code><Message>It is ${reason}.</Message></Error>`)
  return true
}

export const etagOf = (bytes: Uint8Array) => `"${createHash('sha256').update(bytes).digest('hex')}"`

function requestFrom({ url, headers }: IncomingMessage): ObjectRequest {
  const { pathname, searchParams } = new URL(url!, 'http://store')
  const key = decodeURIComponent(pathname.slice(1).replace(/^[^/]*\/?/, ''))
  if (searchParams.has('list-type')) return { kind: 'list', key: searchParams.get('prefix')!, range: undefined }
  return { kind: 'object', key, range: headers.range }
}

function get(bytes: Uint8Array | undefined, { headers }: IncomingMessage, response: ServerResponse): void {
  if (!bytes) return void refuse(response, 404, 'NoSuchKey')
  const etag = etagOf(bytes)
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return void refuse(response, 412, 'PreconditionFailed')
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  if (first === undefined) return void response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes)
  if (Number(first) >= bytes.length) return void refuse(response, 416, 'InvalidRange')
  const part = bytes.subarray(Number(first), Number(last) + 1)
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`
  response.writeHead(206, { etag, 'content-length': part.length, 'content-range': range }).end(part)
}

function list(objects: Record<string, Uint8Array>, { url }: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(url!, 'http://store')
  const prefix = searchParams.get('prefix')!
  const found = Object.keys(objects)
    .filter((key) => key.startsWith(prefix) && !key.includes('/', prefix.length))
    .sort()
  const from = Number(searchParams.get('continuation-token') ?? 0)
  const contents = found.slice(from, from + PAGE).map((key) => {
    const bytes = objects[key]!
    return `<Contents><Key>${key.replaceAll('&', '&amp;')}</Key><Size>${bytes.length}</Size><ETag>${etagOf(bytes)}</ETag></Contents>`
  })
  const next = from + PAGE
  const more = next < found.length ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>` : ''
  response.writeHead(200, { 'content-type': 'application/xml' })
  response.end(`<ListBucketResult>${more}${contents.join('')}</ListBucketResult>`)
}
