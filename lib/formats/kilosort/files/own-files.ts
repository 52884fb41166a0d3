/**
 * Large files that this thread has written, by path, with their inode, size and times: while these are unchanged, the next export to the
 * path need not read the file.
 */
import { stat } from 'node:fs/promises'

/** Bounds the memory of a server that writes to ever new paths. */
const MOST_FILES = 1024

/** By path, the oldest first. */
const written = new Map<string, string>()

/** Remembers a file that an export has put in its place. */
export async function rememberOwn(path: string): Promise<void> {
  const state = await stateOf(path)
  written.delete(path)
  if (state === undefined) return
  written.set(path, state)
  for (const oldest of written.keys()) if (written.size > MOST_FILES) written.delete(oldest)
}

/** Whether a file is as an export of this thread left it. False for what is not remembered. */
export async function isAsWritten(path: string): Promise<boolean> {
  const state = written.get(path)
  return state !== undefined && state === (await stateOf(path))
}

/** What changes with the contents of a file: the time of the change of its inode cannot be set back. Undefined where it is not known. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch {
    // The export has succeeded, perhaps where this process may write and not read.
    return undefined
  }
}
