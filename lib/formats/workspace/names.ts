/**
 * Names in a workspace, and the names of its two files.
 */
import { invalidType, invalidValue } from '../../errors.js'
import { parseS3Url } from '../../storage/s3-url.js'
import { isObjectName } from '../nwb/column-names.js'
import { valuePath } from '../pickle/pickler.js'

const EXTENSION = '.h5'
const INDEX_EXTENSION = '.json'

/** How deeply values may be nested: Python's interpreter, which reads them recursively, has a limit of 1,000 calls. */
export const MOST_LEVELS = 100

export const TOO_DEEP = `values nested at most ${MOST_LEVELS} levels deep`

/**
 * Checks the name of a namespace, of an item or of an entry in a dict: it becomes that of a group.
 *
 * @param keys - what leads to what has the name, which is the last of them
 */
export function requireName(keys: readonly unknown[]): string {
  const name = keys.at(-1)
  if (typeof name !== 'string') throw invalidType('a string as the key', valuePath(keys), name)
  if (isObjectName(name)) return name
  throw invalidValue(`a name that is not empty, '.' or '..' and has no '/', NUL or lone surrogates`, valuePath(keys), name)
}

/** Checks the name of a namespace: SpikeLab skips what begins with two underscores. */
export function requireNamespace(keys: readonly unknown[]): string {
  const name = requireName(keys)
  if (!isNamespace(name)) throw invalidValue(`a name that does not begin with '__', which SpikeLab skips,`, valuePath(keys), name)
  return name
}

/** Whether SpikeLab takes a group for a namespace: not where its name begins with two underscores. */
export function isNamespace(name: string): boolean {
  return !name.startsWith('__')
}

/** The file of the items, and that of the index, for a path that may have the ending of the former, as SpikeLab has it. */
export function filesAt(path: string): { file: string; index: string } {
  const base = path.endsWith(EXTENSION) ? path.slice(0, -EXTENSION.length) : path
  return { file: base + EXTENSION, index: base + INDEX_EXTENSION }
}

/** The same for the URL of an object in S3. */
export function urlsAt(url: string): { file: string; index: string } {
  const { bucket, key } = parseS3Url(url, 'path')
  const { file, index } = filesAt(key)
  return { file: `s3://${bucket}/${file}`, index: `s3://${bucket}/${index}` }
}
