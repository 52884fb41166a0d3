/**
 * Objects that are made of what a file holds: what their constructors refuse is the fault of the file, not of the caller.
 */
import { FormatError } from '../errors.js'

/**
 * What `make` returns.
 *
 * @param path - what errors call the file
 * @param object - what errors call the object in the file
 * @throws FormatError for invalid arguments; other errors are themselves
 */
export async function madeFrom<T>(path: string, make: () => T | Promise<T>, object?: string): Promise<T> {
  try {
    return await make()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ERR_INVALID_ARG_TYPE' && code !== 'ERR_INVALID_ARG_VALUE') throw error
    throw new FormatError(path, `it is not valid: ${(error as Error).message.replace(/\.$/, '')}`, object, error)
  }
}
