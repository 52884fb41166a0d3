/**
 * Works on the recordings of a batch, several at once.
 */

import { dueOf, MADE_BEFORE, outcomesOf } from './due.js'
import type { Existing } from './existing.js'
import type { Journal, Outcome } from './journal.js'
import type { Step } from './progress.js'
import type { Item } from './spec/items.js'
import type { Manner } from './target.js'
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
      const due = await dueOf(item, running, record)
      if (due.length === 0) continue
      await pool.use(async (worker) => {
        if (isEnded) return
        signal.throwIfAborted()
        const conversion = { ...item, targets: due.map(({ target }) => target) }
        const made = await worker.convert(conversion, running.manner, (step) => running.onStep(item.input, step))
        // A worker that was stopped has not failed.
        signal.throwIfAborted()
        running.onStep(item.input, undefined)
        for (const outcome of outcomesOf(item, due, made)) record(outcome)
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
