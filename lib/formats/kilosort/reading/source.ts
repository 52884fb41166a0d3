/**
 * Where the files of a KiloSort or Phy folder are: in a folder, or in a ZIP archive of one.
 */
import { opendir, stat } from 'node:fs/promises'
import { FormatError } from '../../../errors.js'
import type { Place } from '../../../files/npy.js'
import type { RandomAccess } from '../../../files/random-access.js'
import { withFile } from '../../../files/random-access.js'
import type { ZipArchive } from '../../../files/zip.js'
import type { LoadOptions } from '../../../jobs/load-call.js'
import { requireReadPermission } from '../../../storage/local.js'
import { entryPath } from '../../../storage/paths.js'

/** How the files are read. */
export type Reading = Pick<LoadOptions, 'signal' | 'threads'>

/** Where the bytes of a file lie as they are: in a plain file, from `start` on. */
export interface PlainBytes {
  /** The absolute path of the plain file. */
  readonly path: string
  readonly size: number
  readonly start: number
}

/** A file of the folder that is open. */
export interface OpenFile {
  readonly bytes: RandomAccess
  /** What errors call it. */
  readonly place: Place
  /** For native threads; undefined of a file that is deflated. */
  readonly plain: PlainBytes | undefined
}

/** The files of a folder. Folders in it are not looked into. */
export interface Source {
  /** What errors call the folder or archive. */
  readonly path: string
  /** Names of the folder's files. */
  readonly names: ReadonlySet<string>
  /** The size of the archive in bytes; undefined for a folder. */
  readonly archiveBytes: number | undefined
  /**
   * Uses a file, which the folder has.
   *
   * @throws FormatError for a file that is not one, and one that changes meanwhile
   */
  readonly use: <T>(name: string, use: (file: OpenFile) => Promise<T>) => Promise<T>
}

/** A folder of sorted spikes has few files. */
const MOST_NAMES = 16_384

/** The folder that macOS adds to archives. */
const MACOS = '__MACOSX/'

/**
 * Runs `use` with the files of a folder, or those of an archive: all in its root, or all in one folder of it.
 *
 * @param absolute - the absolute path of the folder or archive
 * @param path - what errors call it
 * @param known - the name of a file that the folder has, by which it is found in an archive
 */
export async function withSource<T>(
  absolute: string,
  path: string,
  known: string,
  signal: AbortSignal | undefined,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  if ((await stat(absolute)).isDirectory()) return use(await folderSource(absolute, path, signal))
  return withFile(absolute, path, async (file) => {
    const { ZipArchive } = await import('../../../files/zip.js')
    const zip = await ZipArchive.open(file, path, signal)
    return use(archiveSource(zip, { path: absolute, name: path, size: file.size }, known))
  })
}

async function folderSource(absolute: string, path: string, signal: AbortSignal | undefined): Promise<Source> {
  const names = new Set<string>()
  for await (const entry of await opendir(absolute)) {
    signal?.throwIfAborted()
    if (!entry.isDirectory()) names.add(entry.name)
    if (names.size > MOST_NAMES) throw new FormatError(path, `the folder has more than ${MOST_NAMES} files`)
  }
  return {
    path,
    names,
    archiveBytes: undefined,
    use: (name, use) => {
      const file = entryPath(absolute, name)
      requireReadPermission(file)
      const shown = entryPath(path, name)
      return withFile(file, shown, (bytes) => use({ bytes, place: { path: shown }, plain: { path: file, size: bytes.size, start: 0 } }))
    },
  }
}

function archiveSource(zip: ZipArchive, { path, name: shown, size }: { path: string; name: string; size: number }, known: string): Source {
  const folder = folderOf(zip, shown, known)
  const isInside = (name: string) => name.length > folder.length && name.startsWith(folder) && !name.includes('/', folder.length)
  return {
    path: shown,
    names: new Set(zip.names.filter(isInside).map((name) => name.slice(folder.length))),
    archiveBytes: size,
    use: (name, use) =>
      zip.withEntry(folder + name, (bytes, start) =>
        use({
          bytes,
          place: { path: shown, object: folder + name },
          plain: start === undefined ? undefined : { path, size, start },
        }),
      ),
  }
}

/** The folder of an archive that has a file of that name: empty for its root, otherwise with a `/` at its end. */
function folderOf(zip: ZipArchive, path: string, known: string): string {
  if (zip.has(known)) return ''
  const folders: string[] = []
  for (const name of zip.names) {
    const end = name.indexOf('/') + 1
    if (end > 0 && name.slice(end) === known && !name.startsWith(MACOS)) folders.push(name.slice(0, end))
  }
  if (folders.length > 1) throw new FormatError(path, `${known} is in ${folders.length} of its folders`)
  const [folder] = folders
  if (folder === undefined) throw new FormatError(path, `it has no ${known}, neither in its root nor in a folder of its root`)
  return folder
}
