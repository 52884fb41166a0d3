/**
 * Reads parts of plain files, such as the payload of an NPY file.
 */
import { addon } from '../native.js'
import type { ReadInto } from '../native-reading.js'
import { runJob } from '../run-job.js'
import type { ReadOptions } from './hdf5-file.js'

/** Elements that lie together in a file: `into.length` of them. */
export interface FilePart extends ReadInto {
  /** The first byte. */
  readonly offset: number
  /** The numpy type string in the file, such as `>i4`; also `<f2` and `|b1`. */
  readonly dtype: string
  /** What errors call it; the file as a whole without it. */
  readonly object?: string | undefined
}

/**
 * Reads parts of a file into arrays, on the addon's threads: a few at a time. A part that is not all in the file is a FormatError before
 * anything is read, and so is a file whose size or time of change is not the same afterwards.
 *
 * @param path - absolute
 * @param name - what errors call it
 * @param size - the bytes of the file when its header was read
 */
export async function readFileParts(
  path: string,
  name: string,
  size: number,
  parts: readonly FilePart[],
  { signal, onProgress, threads = 0 }: ReadOptions = {},
): Promise<void> {
  const request = {
    path,
    name,
    size,
    parts: parts.map(({ offset, dtype, into, scaling }) => ({ dtype, offset, into, ...(scaling && { scaling }) })),
    objects: parts.map(({ object = '' }) => object),
  }
  await runJob((report) => addon.readFileParts(request, threads, report), signal, onProgress)
}
