/**
 * Downloads from S3 to local files: several parts at once, and of each a piece at a time in memory.
 */
import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, statfs } from 'node:fs/promises'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { ReportPace } from '../engine/report-pace.js'
import { FormatError, withCode } from '../errors.js'
import { isFileName } from './paths.js'
import { s3Error } from './s3-client.js'
import type { S3Access } from './s3-options.js'
import type { FirstPart, S3Object, S3Requests } from './s3-requests.js'
import { oddAnswer, withRequests } from './s3-requests.js'
import type { S3Location } from './s3-url.js'
import { s3UrlOf } from './s3-url.js'

/** How a call downloads. */
export interface DownloadSettings {
  /** The absolute path of the folder. */
  readonly folder: string
  /** Where large files are added, which stay open. */
  readonly large: FileHandle[]
  readonly options: S3Access
  /** Ends the downloads at once: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined
  /** Called a few times a second: how many bytes have arrived, and of how many. What it throws ends the downloads. */
  readonly onDownload: ((bytesDone: number, bytesTotal: number) => void) | undefined
}

/** Files of a folder that are wanted; others are not downloaded, whatever their size. */
export interface WantedFiles {
  /** The folder in the folder; empty for itself. Folders in this one are not looked into. */
  readonly folder: string
  /** Whether a file of this name is wanted. */
  readonly wants: (name: string) => boolean
}

const CONNECTIONS = 4
const PART_BYTES = 16 * 2 ** 20

/** To remove a file of this size takes milliseconds. */
const LARGE_BYTES = 32 * 2 ** 20

/** How often a part is asked for whose connection breaks. The SDK itself repeats requests that have no answer. */
const MOST_ATTEMPTS = 4

/** An object, and the local file it goes to. */
interface Target {
  readonly object: S3Object
  readonly path: string
}

/** Bytes `from` to `to - 1` of an object. The answer to a request that has been made already comes along. */
interface Part extends Target {
  readonly from: number
  readonly to: number
  readonly body?: Readable
}

/** Downloads to a folder of its own, whose file system must have room. */
export class Downloads {
  readonly #requests: S3Requests
  readonly #folder: string
  readonly #large: FileHandle[]
  readonly #onDownload: DownloadSettings['onDownload']
  #bytesDone = 0
  #bytesTotal = 0
  readonly #pace = new ReportPace()

  private constructor(requests: S3Requests, { folder, large, onDownload }: DownloadSettings) {
    this.#requests = requests
    this.#folder = folder
    this.#large = large
    this.#onDownload = onDownload
  }

  /**
   * Runs `use` with downloads over one connection pool.
   *
   * @throws S3Error with the store's or the SDK's own error as `cause`
   */
  static run<T>(settings: DownloadSettings, use: (downloads: Downloads) => Promise<T>): Promise<T> {
    return withRequests(settings.options, settings.signal, (requests) => use(new Downloads(requests, settings)))
  }

  /**
   * Downloads an object to a new file of the folder.
   *
   * @throws FormatError for an object that changes meanwhile
   * @throws Error with code `ENOSPC` where there is no room for it
   */
  async object(location: S3Location, name: string): Promise<void> {
    const first = await this.#requests.firstPart(location, PART_BYTES)
    await this.#save([{ object: first.object, path: join(this.#folder, name) }], location, first)
  }

  /**
   * Downloads the wanted files of a folder to a new folder of this one. Returns whether there is such a folder: one without any object is
   * not there.
   *
   * @param location - with a slash at the end of its key
   * @throws FormatError for a file with a name that leads elsewhere, and for one that changes meanwhile
   * @throws Error with code `ENOSPC` where there is no room for them
   */
  async files(location: S3Location, name: string, wanted: readonly WantedFiles[]): Promise<boolean> {
    const targets: Target[] = []
    let isThere = false
    for (const { folder, wants } of wanted) {
      const listed = { ...location, key: folder === '' ? location.key : `${location.key}${folder}/` }
      for await (const { name: file, size, etag } of this.#requests.list(listed)) {
        isThere = true
        // Some programs mark a folder by an object without a name.
        if (file === '' || !wants(file)) continue
        // Separators of other systems, too.
        if (!isFileName(file)) throw new FormatError(s3UrlOf(listed), 'this name leads out of the folder', file)
        const object = { location: { ...listed, key: listed.key + file }, size, etag }
        targets.push({ object, path: join(this.#folder, name, folder, file) })
      }
    }
    if (!isThere) return false
    for (const { folder } of wanted) await mkdir(join(this.#folder, name, folder), { recursive: true, mode: 0o700 })
    await this.#save(targets, location)
    return true
  }

  /** Makes the files, and fills them over several connections. */
  async #save(targets: readonly Target[], location: S3Location, first?: FirstPart): Promise<void> {
    this.#bytesTotal = targets.reduce((sum, { object }) => sum + object.size, 0)
    await this.#requireRoom(location)
    for (const target of targets) await this.#create(target)
    const parts = partsOf(targets, first)
    const failures: unknown[] = []
    const fill = async () => {
      for (const part of parts) {
        try {
          await this.#savePart(part)
        } catch (error) {
          failures.push(error)
          this.#requests.stop(error)
        }
        if (failures.length > 0) return
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, fill))
    if (failures.length > 0) throw failures[0]
    this.#onDownload?.(this.#bytesTotal, this.#bytesTotal)
  }

  async #create({ object, path }: Target): Promise<void> {
    const file = await open(path, 'wx', 0o600)
    if (object.size >= LARGE_BYTES) this.#large.push(file)
    else await file.close()
  }

  async #savePart({ object, path, from, to, body: answered }: Part): Promise<void> {
    const file = await open(path, 'r+')
    try {
      let at = from
      for (let attempt = 1; at < to; attempt++) {
        const body = (attempt === 1 && answered) || (await this.#requests.part(object, at, to))
        const { bytes, broken } = await this.#pour(body, file, at, to - at)
        at += bytes
        if (at > to) throw oddAnswer(object.location, 'the store sends more bytes than it was asked for')
        if (at < to && attempt === MOST_ATTEMPTS) throw s3Error(broken, object.location, 'Downloading')
      }
    } catch (error) {
      throw isFull(error) ? this.#noRoom(object.location, object.size, 'is full') : error
    } finally {
      await file.close()
    }
  }

  /** Writes up to `most` bytes of a stream to a file. Returns how many have come, one more if there are more, and what broke the stream. */
  async #pour(body: Readable, file: FileHandle, position: number, most: number): Promise<{ bytes: number; broken: unknown }> {
    const pieces: AsyncIterator<Buffer> = body[Symbol.asyncIterator]()
    let bytes = 0
    for (;;) {
      let next: IteratorResult<Buffer>
      try {
        next = await pieces.next()
      } catch (broken) {
        this.#requests.throwIfStopped()
        return { bytes, broken }
      }
      if (next.done) return { bytes, broken: new Error('the connection ended too early') }
      const { value: piece } = next
      if (piece.length > most - bytes) return { bytes: most + 1, broken: undefined }
      for (let written = 0; written < piece.length; ) {
        written += (await file.write(piece, written, piece.length - written, position + bytes + written)).bytesWritten
      }
      bytes += piece.length
      this.#report(piece.length)
    }
  }

  #report(bytes: number): void {
    this.#bytesDone += bytes
    if (this.#onDownload && this.#pace.isTime()) this.#onDownload(this.#bytesDone, this.#bytesTotal)
  }

  async #requireRoom(location: S3Location): Promise<void> {
    const { bavail, bsize, blocks } = await statfs(this.#folder)
    const room = bavail * bsize
    // Some file systems do not know their size.
    if (blocks > 0 && this.#bytesTotal > room) throw this.#noRoom(location, this.#bytesTotal, `has room for ${room}`)
  }

  #noRoom(location: S3Location, bytes: number, has: string): Error {
    const path = s3UrlOf(location)
    const temporary = `the folder for temporary files, '${dirname(this.#folder)}', ${has}`
    const message = `ENOSPC: no space left on device: '${path}' has ${bytes} bytes, and ${temporary}`
    return Object.assign(withCode(new Error(message), 'ENOSPC'), { errno: -constants.errno.ENOSPC, syscall: 'write', path })
  }
}

/** All parts of objects, one after the other. */
function* partsOf(targets: readonly Target[], first: FirstPart | undefined): Generator<Part, void> {
  for (const target of targets) {
    if (first) yield { ...target, from: 0, to: first.bytes, body: first.body }
    const { size } = target.object
    for (let from = first?.bytes ?? 0; from < size; from += PART_BYTES) yield { ...target, from, to: Math.min(size, from + PART_BYTES) }
  }
}

/** Whether a file system, or a user's share of it, is full. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
