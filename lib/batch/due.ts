/**
 * Which outputs of a recording are to be made.
 */
import { stat } from 'node:fs/promises'
import { outputNamed } from '../formats/outputs.js'
import type { Format } from '../jobs/format.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Target } from './conversion.js'
import type { Existing } from './existing.js'
import { alreadyThere, requireOther, requirePlace, writtenAt } from './existing.js'
import type { Journal, MadeBefore } from './journal.js'

/** What is known of outputs that were made before. */
export type Known = Pick<Journal, 'madeBefore'>

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
  journal: Known,
): Promise<string | undefined> {
  const { format } = outputNamed(to)
  const made = journal.madeBefore(output)
  const isSame = made?.fingerprint === fingerprint
  if (isSame && existing !== 'overwrite' && (await isAsMade(output, format, made))) return MADE_BEFORE
  await requirePlace(output, format)
  // What is on S3 is not looked at.
  const isThere = isS3Url(output) ? made !== undefined : (await writtenAt(output, format)) !== undefined
  if (isThere && existing === 'skip') {
    if (made === undefined) return 'it is there'
    return isSame ? 'it has been changed since it was made' : 'it is there, made from another state of the input or with other options'
  }
  if (isThere && existing === 'error') throw alreadyThere(output)
  await requireOther(input, output, format)
  return undefined
}

/** Whether an output is there, and a file is as large as it was made. Folders change by themselves: Phy saves its clusters there. */
async function isAsMade(output: string, format: Format, { bytesWritten }: MadeBefore): Promise<boolean> {
  if (isS3Url(output)) return true
  if (format.output.kind !== 'file') return (await writtenAt(output, format)) !== undefined
  const size = await stat(output).then(
    (entry) => entry.size,
    () => undefined,
  )
  return size !== undefined && size === (bytesWritten ?? size)
}
