/**
 * Which outputs of a recording are to be made, and what became of them.
 */
import { stat } from 'node:fs/promises'
import { outputNamed } from '../formats/outputs.js'
import type { Format } from '../jobs/format.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Target } from './conversion.js'
import type { Made } from './convert-item.js'
import type { Existing } from './existing.js'
import { alreadyThere, requireOther, requirePlace, writtenAt } from './existing.js'
import { failureFrom } from './failure.js'
import { fingerprintOf, stateOf } from './fingerprint.js'
import type { Journal, MadeBefore, Outcome } from './journal.js'
import type { Item } from './spec/items.js'

/** What is known of outputs that were made before. */
export type Known = Pick<Journal, 'madeBefore'>

/** An output that is to be made. */
export interface Due {
  readonly target: Target
  readonly fingerprint: string
}

/** Why an output is left that this batch has made. */
export const MADE_BEFORE = 'it was made before'

/** Those outputs of a recording that are to be made. @param record - called with what becomes of the others */
export async function dueOf(
  item: Item,
  { existing, journal }: { readonly existing: Existing; readonly journal: Known },
  record: (outcome: Outcome) => void,
): Promise<Due[]> {
  const { input, targets } = item
  const due: Due[] = []
  const state = stateOf(input)
  for (const target of targets) {
    const left = (outcome: Pick<Outcome, 'status' | 'reason' | 'error'>) => record(outcomeOf(item, target, outcome))
    try {
      const fingerprint = fingerprintOf(await state, item, target)
      const reason = await reasonToLeave(input, target, fingerprint, existing, journal)
      if (reason === undefined) due.push({ target, fingerprint })
      else left({ status: 'skipped', reason })
    } catch (error) {
      left({ status: 'failed', error: failureFrom(error) })
    }
  }
  return due
}

/** What became of outputs that were due. @param made - in the same order */
export function outcomesOf(item: Item, due: readonly Due[], made: readonly Made[]): Outcome[] {
  return due.map(({ target, fingerprint }, i) => {
    const of = made[i] as Made
    return outcomeOf(item, target, of.status === 'done' ? { ...of, fingerprint } : of)
  })
}

function outcomeOf(
  { input, place }: Item,
  { output, to }: Target,
  of: Omit<Outcome, 'input' | 'output' | 'format' | 'place' | 'time'>,
): Outcome {
  return { ...of, input, output, format: to, place, time: new Date().toISOString() }
}

/**
 * Why an output is left as it is; undefined where it is to be made.
 *
 * @param fingerprint - what it would be made of
 * @throws RangeError for an output that is the input, and Error with the code `EEXIST` for one that is there and may not be
 */
async function reasonToLeave(
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
