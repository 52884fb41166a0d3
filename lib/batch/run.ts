/**
 * Works on the recordings of a batch, several at once.
 */

import type { Target } from './conversion.js'
import type { Made, Manner } from './convert-item.js'
import { failureFrom } from './convert-item.js'
import type { Known } from './due.js'
import { MADE_BEFORE, reasonToLeave } from './due.js'
import type { Existing } from './existing.js'
import { fingerprintOf, stateOf } from './fingerprint.js'
import type { Journal, Outcome } from './journal.js'
import type { Step } from './progress.js'
import type { Item } from './spec/items.js'
import { WorkerPool } from './worker-pool.js'

export interface Running {
  /** Recordings that are converted at the same time. */
  readonly jobs: number
  readonly manner: Manner
  readonly existing: Existing
  /** Whether the first failure ends the batch. */
  readonly failFast: boolean
  readonly journal: Journal
  readonly signal: AbortSignal
  /** Called with what became of each output. */
  readonly onOutcome: (outcome: Outcome) => void
  /** Called with what is being done to an input; undefined once it is done. */
  readonly onStep: (input: string, step: Step | undefined) => void
}

/** Recordings that are looked at while others are converted. */
const LOOKED_AT = 16

/** Failures after which all others would be the same. */
const FULL_DISK = new Set(['ENOSPC', 'EDQUOT'])

/** An output that is to be made. */
export interface Due {
  readonly target: Target
  readonly fingerprint: string
}

/**
 * Converts each recording that is due.
 *
 * @returns whether all were looked at: not after the first failure with `failFast`, and not after a full disk
 * @throws the signal's reason
 */
export async function runItems(items: Iterable<Item>, running: Running): Promise<boolean> {
  const { jobs, signal, failFast, journal } = running
  const pool = new WorkerPool(jobs)
  const queue = items[Symbol.iterator]()
  let isEnded = false
  const record = (outcome: Outcome) => {
    if (outcome.reason !== MADE_BEFORE) journal.add(outcome)
    running.onOutcome(outcome)
    if (outcome.status === 'failed' && (failFast || FULL_DISK.has(outcome.error?.code ?? ''))) isEnded = true
  }
  const work = async () => {
    for (let next = queue.next(); !next.done && !isEnded; next = queue.next()) {
      const item = next.value
      const due = await dueOf(item, running, (target, outcome) => record(outcomeOf(item, target, outcome)))
      if (due.length === 0) continue
      await pool.use(async (worker) => {
        if (isEnded) return
        signal.throwIfAborted()
        const conversion = { ...item, targets: due.map(({ target }) => target) }
        const made = await worker.convert(conversion, running.manner, (step) => running.onStep(item.input, step))
        // A worker that was stopped has not failed.
        signal.throwIfAborted()
        running.onStep(item.input, undefined)
        for (const [i, { target, fingerprint }] of due.entries()) {
          const of = made[i] as Made
          record(outcomeOf(item, target, of.status === 'done' ? { ...of, fingerprint } : of))
        }
      })
    }
  }
  const stopped = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  try {
    await Promise.race([Promise.all(Array.from({ length: jobs + LOOKED_AT }, work)), stopped])
  } finally {
    await pool.close()
  }
  return !isEnded
}

/** Those outputs of a recording that are to be made. @param record - called with what becomes of the others */
export async function dueOf(
  item: Item,
  { existing, journal }: { readonly existing: Existing; readonly journal: Known },
  record: (target: Target, outcome: Pick<Outcome, 'status' | 'reason' | 'error'>) => void,
): Promise<Due[]> {
  const { input, targets } = item
  const due: Due[] = []
  const state = stateOf(input)
  for (const target of targets) {
    try {
      const fingerprint = fingerprintOf(await state, item, target)
      const reason = await reasonToLeave(input, target, fingerprint, existing, journal)
      if (reason === undefined) due.push({ target, fingerprint })
      else record(target, { status: 'skipped', reason })
    } catch (error) {
      record(target, { status: 'failed', error: failureFrom(error) })
    }
  }
  return due
}

/** What became of an output, as it is recorded. */
export function outcomeOf(
  { input, place }: Item,
  { output, to }: Target,
  of: Omit<Outcome, 'input' | 'output' | 'format' | 'place' | 'time'>,
): Outcome {
  return { ...of, input, output, format: to, place, time: new Date().toISOString() }
}
