/**
 * Recognises HDF5 files by their bytes.
 */
import type { RandomAccess } from './random-access.js'

const SIGNATURE = '\x89HDF\r\n\x1a\n'

/**
 * Whether there is the signature of HDF5 where the library looks for it: at 0, 512, 1024, 2048 and so on. What comes before is the user's.
 *
 * @param start - the first bytes of the file, one character each, as many as are known
 */
export async function hasHdf5(file: RandomAccess, start = ''): Promise<boolean> {
  const signature = Buffer.alloc(SIGNATURE.length)
  for (let at = 0; at + SIGNATURE.length <= file.size; at = Math.max(512, at * 2)) {
    if (at + SIGNATURE.length <= start.length) {
      if (start.startsWith(SIGNATURE, at)) return true
      continue
    }
    await file.read(signature, at)
    if (signature.toString('latin1') === SIGNATURE) return true
  }
  return false
}
