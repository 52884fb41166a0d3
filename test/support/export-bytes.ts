/**
 * The bytes that exports write, so that two of them can be compared.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The bytes of all files at a path and beside it, without the ids that each NWB file has of its own. */
export function bytesAt(path: string): Record<string, string> {
  const folder = dirname(path)
  const files = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(path).map((name) => join(path, name))
    : readdirSync(folder)
        .filter((name) => name.startsWith(basename(path)))
        .map((name) => join(folder, name))
  return Object.fromEntries(
    files.map((file) => [
      file.slice(path.length),
      readFileSync(file, 'latin1')
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
        .replaceAll(path, 'path'),
    ]),
  )
}
