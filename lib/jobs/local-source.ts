/**
 * What a loader reads as local files: those at its path, or temporary ones with what its S3 URL names.
 */
import { join } from 'node:path'
import { requireReadPermission, withTemporaryFolder } from '../storage/local.js'
import { downloadSdk } from '../storage/s3-client.js'
import type { WantedFiles } from '../storage/s3-download.js'
import { Downloads } from '../storage/s3-download.js'
import type { S3LoadOptions } from '../storage/s3-options.js'
import { parseS3Url, s3Folder, s3UrlOf } from '../storage/s3-url.js'
import type { LoadCall, LoadOptions } from './load-call.js'

/** The name of a download in its temporary folder: names of others may be anything. */
const DOWNLOAD = 'download'

/** What a loader takes that reads folders as well as files. */
export interface FolderOrFile {
  /** What it reads of a folder. Nothing else is downloaded. */
  readonly wanted: readonly WantedFiles[]
  /** The ends of names of files; what has another name is a folder if there is one. */
  readonly extensions: readonly string[]
}

/** Runs `use` with a file to read. */
export function withLocalFile<T extends LoadOptions & S3LoadOptions, R>(
  call: LoadCall<T>,
  use: (local: LoadCall<T>) => Promise<R>,
): Promise<R> {
  if (!call.given.s3Download) return use(call)
  return withDownload(call, use, async (downloads) => {
    await downloads.object(parseS3Url(call.path), DOWNLOAD)
    return call.path
  })
}

/** Runs `use` with a folder, or a file, to read. */
export function withLocalFolder<T extends LoadOptions & S3LoadOptions, R>(
  call: LoadCall<T>,
  { wanted, extensions }: FolderOrFile,
  use: (local: LoadCall<T>) => Promise<R>,
): Promise<R> {
  if (!call.given.s3Download) return use(call)
  return withDownload(call, use, async (downloads) => {
    const location = parseS3Url(call.path)
    const isFile = !call.path.trimEnd().endsWith('/') && extensions.some((extension) => location.key.toLowerCase().endsWith(extension))
    const folder = s3Folder(call.path)
    // With a slash at its end, so that names in it follow as in a URL.
    if (!isFile && (await downloads.files(folder, DOWNLOAD, wanted))) return s3UrlOf(folder)
    await downloads.object(location, DOWNLOAD)
    return call.path
  })
}

/** @param download - downloads to the temporary folder, and returns what errors call it */
async function withDownload<T extends LoadOptions & S3LoadOptions, R>(
  call: LoadCall<T>,
  use: (local: LoadCall<T>) => Promise<R>,
  download: (downloads: Downloads) => Promise<string>,
): Promise<R> {
  const { given } = call
  const { signal, onProgress } = given
  // So that a call learns that it is missing before there is a temporary folder.
  await downloadSdk()
  signal?.throwIfAborted()
  const onDownload =
    onProgress &&
    ((bytesDone: number, bytesTotal: number) => {
      onProgress({ bytesRead: 0, bytesTotal: 0, downloaded: { bytesDone, bytesTotal } })
    })
  return withTemporaryFolder(async (folder, large) => {
    requireReadPermission(folder)
    const absolute = join(folder, DOWNLOAD)
    let shown = call.path
    try {
      shown = await Downloads.run({ folder, large, options: given, signal, onDownload }, download)
      return await use({ ...call, path: shown, absolute })
    } catch (error) {
      throw error === signal?.reason ? error : shownAs(error, absolute, shown)
    }
  })
}

/** The same error, in which a URL is in the place of the temporary path: those of the file system and of the HDF5 library name it. */
function shownAs(error: unknown, path: string, url: string): unknown {
  if (!(error instanceof Error)) return error
  for (const name of ['message', 'stack', 'path', 'cause'] as const) {
    const value: unknown = Reflect.get(error, name)
    if (typeof value === 'string' && value.includes(path))
      Reflect.set(
        error,
        name,
        value.replaceAll(path, () => url),
      )
  }
  return error
}
