/**
 * By what an output is known to be made of an input as it is now, with the same options.
 */
import { createHash } from 'node:crypto'
import { isS3Url } from '../storage/s3-url.js'
import type { Conversion, Target } from './conversion.js'
import { filesOf } from './input-files.js'

/** The names, sizes and times of an input's files; what is on S3 is known by its URL alone. */
export async function stateOf(input: string): Promise<string> {
  return isS3Url(input) ? input : hashOf([input, (await filesOf(input)).map(({ name, size, mtimeMs }) => [name, size, mtimeMs])])
}

/** @param state - what {@link stateOf} says of the input */
export function fingerprintOf(state: string, { from, reading }: Conversion, { to, writing }: Target): string {
  return hashOf([state, from, reading, to, writing])
}

/** A hash of plain data, 22 letters, digits, `-` and `_`. The names of an object count in the order in which a spec has them. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}
