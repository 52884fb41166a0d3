/**
 * What commands do where their output is already.
 */
import type { Existing, OutputKind } from '../batch/existing.js'
import { alreadyThere, changedAt, requireOther, requirePlace, writtenAt } from '../batch/existing.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Arguments } from './parse.js'
import { UsageError } from './usage-error.js'

/**
 * Why an output is left as it is; undefined where it is to be written.
 *
 * @throws Error with the code `EEXIST` where that is an error
 */
export async function reasonToSkip(input: string, output: string, format: OutputKind, args: Arguments): Promise<string | undefined> {
  const existing = (args.values.get('existing') ?? (args.values.get('overwrite') === true ? 'overwrite' : 'error')) as Existing
  if (isS3Url(output) && existing !== 'overwrite') {
    throw new UsageError(`Expected --existing overwrite for ${output}: what is there on S3 is not looked at.`)
  }
  await requirePlace(output, format)
  await requireOther(input, output, format)
  if (existing === 'overwrite') return undefined
  const written = await writtenAt(output, format)
  if (written === undefined) return undefined
  if (existing === 'skip') return 'it is there'
  if (existing === 'error') throw alreadyThere(output)
  if (isS3Url(input)) throw new UsageError(`Expected another value than refresh for --existing, as ${input} is not looked at.`)
  const changed = await changedAt(input)
  return changed !== undefined && changed <= written ? `it is as new as ${input}` : undefined
}
