/**
 * Folders that are made where they are missing.
 */
import { mkdir } from 'node:fs/promises'

/** @throws Error of the file system, with the code `ENOTDIR` where a file is in the way */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error
    throw Object.assign(new Error(`${path} cannot be made, as there is a file in its place.`, { cause: error }), { code: 'ENOTDIR' })
  }
}
