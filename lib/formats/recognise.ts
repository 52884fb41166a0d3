/**
 * Recognises the format of a file or folder.
 */
import { stat } from 'node:fs/promises'
import { FormatError } from '../errors.js'
import type { Place } from '../jobs/candidate.js'
import { Candidate, MOST_NAMES } from '../jobs/candidate.js'
import type { LoadCall, LoadOptions } from '../jobs/load-call.js'
import type { Reader, Recognition } from '../jobs/reader.js'
import { requireReadPermission } from '../storage/local.js'
import { absolutePath } from '../storage/paths.js'
import { kindOfOther } from './other-files.js'
import { READERS } from './registry.js'

/**
 * Recognises what is at a path, and looks at it: what is open is closed afterwards.
 *
 * @param use - is given a candidate whose path leads to it: a format may spell the caller's path in full
 * @throws FormatError for what no format recognises: the message names what it is, or what was looked for
 * @throws Error with the file system's `code`
 */
export async function withRecognised<T>(
  { path, absolute, given: { signal } }: LoadCall<LoadOptions>,
  use: (reader: Reader, candidate: Candidate) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const { place, isFolder, only } = await found({ path, absolute, signal })
  return Candidate.with(place, isFolder, async (candidate) => use(await (only?.(candidate) ?? readerOf(candidate)), candidate))
}

/** What is there. */
interface Found {
  readonly place: Place
  readonly isFolder: boolean
  /** The format that has made the path of another one; throws for a file of any other format. */
  readonly only?: (candidate: Candidate) => Promise<Reader>
}

/** What is at a path, or at one that a format makes of it where nothing is there. */
async function found(place: Place): Promise<Found> {
  try {
    return { place, isFolder: (await stat(place.absolute)).isDirectory() }
  } catch (error) {
    if (isNotThere(error)) {
      for (const reader of READERS) {
        const path = reader.fileAt?.(place.path)
        if (path === undefined) continue
        const absolute = absolutePath(path)
        requireReadPermission(absolute)
        const there = await stat(absolute).catch(() => undefined)
        if (!there?.isFile()) continue
        const only = async (candidate: Candidate) => {
          if (await reader.recognise(candidate)) return reader
          throw error
        }
        return { place: { ...place, path, absolute }, isFolder: false, only }
      }
    }
    throw error
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** The format of a candidate. A mark comes before a structure, and what is known not to be read before that. */
async function readerOf(candidate: Candidate): Promise<Reader> {
  // Together, so that what they look up in a file is looked up in one go.
  const [recognitions, other] = await Promise.all([
    Promise.all(READERS.map((reader) => reader.recognise(candidate))),
    kindOfOther(candidate),
  ])
  const recognisedBy = (by: Recognition) => READERS[recognitions.indexOf(by)]
  const marked = recognisedBy('mark')
  if (marked) return marked
  if (other !== undefined) throw new FormatError(candidate.path, other)
  const likely = recognisedBy('structure')
  if (likely) return likely
  const kind = candidate.folder ? 'folder' : 'file'
  const lookedFor = READERS.flatMap((reader) => reader.lookedFor[kind] ?? [])
  const looked = candidate.hasMoreNames ? `Looked among the first ${MOST_NAMES} of its names for` : 'Looked for'
  throw new FormatError(candidate.path, `it is no ${kind} of a known format. ${looked}: ${lookedFor.join('; ')}`)
}
