/**
 * What downloads ask S3 for: objects, parts of them, and lists of folders. Answers are checked, as stores differ in what they know.
 */
import type { Readable } from 'node:stream'
import { addAbortSignal } from 'node:stream'
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3'
import { onAbort, orAborted } from '../engine/abort.js'
import { FormatError, S3Error } from '../errors.js'
import type { ClientSdk } from './s3-client.js'
import { downloadSdk, s3Error, withClient } from './s3-client.js'
import type { S3Access } from './s3-options.js'
import type { S3Location } from './s3-url.js'
import { s3UrlOf } from './s3-url.js'

/** An object as it is at one moment. */
export interface S3Object {
  readonly location: S3Location
  readonly size: number
  /** Another one once the object has changed; undefined where a store has none. */
  readonly etag: string | undefined
}

/** The beginning of an object, and what the answer says of all of it. */
export interface FirstPart {
  readonly object: S3Object
  readonly body: Readable
  /** How many bytes the body has: all where a store knows no parts. */
  readonly bytes: number
}

/** More objects than any folder has that is loaded, 1,000 a page. A store may answer with pages without end. */
const MOST_OBJECTS = 100_000
const MOST_PAGES = 1000

/**
 * Runs `use` with what asks S3, over one connection pool.
 *
 * @param signal - ends all requests at once: the promise rejects with the signal's reason
 * @throws S3Error with code `ERR_S3_SDK_MISSING`
 */
export async function withRequests<T>(
  options: S3Access,
  signal: AbortSignal | undefined,
  use: (requests: S3Requests) => Promise<T>,
): Promise<T> {
  const sdk = await downloadSdk()
  signal?.throwIfAborted()
  return withClient(sdk, options, async (client) => {
    const stopping = new AbortController()
    const forget = onAbort(signal, () => stopping.abort(signal?.reason))
    try {
      return await use(new S3Requests(sdk, client, stopping))
    } finally {
      forget()
      // Whatever is still arriving after a failure.
      stopping.abort()
    }
  })
}

/** Requests of one call. They reject with S3Error, FormatError for an object that has changed, or the reason for which they were stopped. */
export class S3Requests {
  readonly #sdk: ClientSdk
  readonly #client: S3Client
  readonly #stopping: AbortController

  constructor(sdk: ClientSdk, client: S3Client, stopping: AbortController) {
    this.#sdk = sdk
    this.#client = client
    this.#stopping = stopping
  }

  /** Ends all requests, and the bodies of their answers. */
  stop(reason: unknown): void {
    this.#stopping.abort(reason)
  }

  /** @throws the reason for which requests were stopped */
  throwIfStopped(): void {
    this.#stopping.signal.throwIfAborted()
  }

  /** The first bytes of an object whose size is not known yet. */
  async firstPart(location: S3Location, bytes: number): Promise<FirstPart> {
    const answer = await this.#get(location, { Range: `bytes=0-${bytes - 1}` }).catch((error: unknown) => {
      // An empty object has no range.
      if (isStatus(error, 416)) return this.#get(location, {})
      throw error
    })
    const body = this.#bodyOf(answer)
    const range = rangeOf(answer)
    const size = range?.size ?? answer.ContentLength
    if (size === undefined || (range && range.from !== 0)) throw oddAnswer(location, 'the store does not state which bytes it sends')
    return { object: { location, size, etag: answer.ETag }, body, bytes: range ? Math.min(size, bytes) : size }
  }

  /** Bytes `from` to `to - 1` of an object, if it is still the same. */
  async part({ location, size, etag }: S3Object, from: number, to: number): Promise<Readable> {
    const changed = () => new FormatError(s3UrlOf(location), 'it has changed while it was downloaded')
    const answer = await this.#get(location, { Range: `bytes=${from}-${to - 1}`, ...(etag && { IfMatch: etag }) }).catch(
      (error: unknown) => {
        throw isStatus(error, 412) || isStatus(error, 416) ? changed() : error
      },
    )
    const body = this.#bodyOf(answer)
    const range = rangeOf(answer)
    // Not all stores know `If-Match`.
    if (etag && answer.ETag && answer.ETag !== etag) throw changed()
    if ((range?.size ?? answer.ContentLength) !== size) throw changed()
    if ((range?.from ?? 0) !== from) throw oddAnswer(location, 'the store sends other bytes than those it was asked for')
    return body
  }

  /**
   * The objects in a folder, by their names there; not those in folders of it.
   *
   * @param folder - with a slash at the end of its key
   */
  async *list(folder: S3Location): AsyncGenerator<{ name: string; size: number; etag: string | undefined }, void> {
    const request = { Bucket: folder.bucket, Prefix: folder.key, Delimiter: '/' }
    let token: string | undefined
    let count = 0
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#send<ListObjectsV2CommandOutput>(folder, (options) =>
        this.#client.send(new this.#sdk.ListObjectsV2Command({ ...request, ...(token && { ContinuationToken: token }) }), options),
      )
      for (const { Key = '', Size = 0, ETag } of answer.Contents ?? []) {
        if (!Key.startsWith(folder.key)) throw oddAnswer(folder, 'the store lists objects that are not in this folder')
        if (count++ === MOST_OBJECTS) throw new FormatError(s3UrlOf(folder), `it has more than ${MOST_OBJECTS} objects`)
        yield { name: Key.slice(folder.key.length), size: Size, etag: ETag }
      }
      token = answer.NextContinuationToken
      if (!answer.IsTruncated || !token) return
    }
    throw oddAnswer(folder, `its list has more than ${MOST_PAGES} pages`)
  }

  #get(location: S3Location, part: { Range?: string; IfMatch?: string }): Promise<GetObjectCommandOutput> {
    const request = { Bucket: location.bucket, Key: location.key, ...part }
    return this.#send(location, (options) => this.#client.send(new this.#sdk.GetObjectCommand(request), options))
  }

  /** Sends a request. While it waits for credentials, or between two attempts, it can be stopped, too. */
  async #send<T extends object>(location: S3Location, start: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    const { signal } = this.#stopping
    signal.throwIfAborted()
    const sent = start({ abortSignal: signal })
    try {
      return await orAborted(sent, signal)
    } catch (error) {
      // An answer that comes too late.
      sent.then((answer) => 'Body' in answer && (answer.Body as Readable).destroy()).catch(() => {})
      signal.throwIfAborted()
      throw s3Error(error, location, 'Downloading')
    }
  }

  /** The stream of an answer, which ends when requests are stopped. */
  #bodyOf({ Body }: GetObjectCommandOutput): Readable {
    const body = Body as Readable
    // It may fail while it is not being read.
    body.on('error', () => {})
    return addAbortSignal(this.#stopping.signal, body)
  }
}

/** The error for a store that does not answer as S3 does. */
export function oddAnswer(location: S3Location, problem: string): S3Error {
  return s3Error(new Error(problem), location, 'Downloading')
}

/** Which part of the object an answer has; undefined for all of it. */
function rangeOf({ ContentRange }: GetObjectCommandOutput): { from: number; size: number } | undefined {
  const [, from, size] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(ContentRange ?? '') ?? []
  return size === undefined ? undefined : { from: Number(from), size: Number(size) }
}

function isStatus(error: unknown, status: number): boolean {
  const cause = error instanceof S3Error ? (error.cause as { $metadata?: { httpStatusCode?: number } } | undefined) : undefined
  return cause?.$metadata?.httpStatusCode === status
}
