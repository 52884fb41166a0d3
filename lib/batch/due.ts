/**
 * Which outputs of a recording are to be made.
 */
import { outputNamed } from '../formats/outputs.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Target } from './conversion.js'
import type { Existing } from './existing.js'
import { requireOther, writtenAt } from './existing.js'
import type { Journal } from './journal.js'

/** Why an output is left that this batch has made. */
export const MADE_BEFORE = 'it was made before'

/**
 * Why an output is left as it is; undefined where it is to be made.
 *
 * @param fingerprint - what it would be made of
 * @throws RangeError for an output that is the input, and Error with the code `EEXIST` for one that is there and may not be
 */
export async function reasonToLeave(
  input: string,
  { output, to }: Target,
  fingerprint: string,
  existing: Existing,
  journal: Journal,
): Promise<string | undefined> {
  const { format } = outputNamed(to)
  const made = journal.fingerprintOf(output)
  // What is on S3 is not looked at.
  const isThere = isS3Url(output) ? made !== undefined : (await writtenAt(output, format)) !== undefined
  if (isThere && existing !== 'overwrite') {
    if (made === fingerprint) return MADE_BEFORE
    if (existing === 'skip')
      return made === undefined ? 'it is there' : `it is there, made from another state of the input or with other options`
    if (existing === 'error') {
      const error = new Error(`${output} is there already: --existing skip, overwrite or refresh says what to do.`)
      throw Object.assign(error, { code: 'EEXIST' })
    }
  }
  await requireOther(input, output, format)
  return undefined
}
