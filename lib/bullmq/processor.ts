/**
 * Converts the recordings of a queue of BullMQ.
 */
import type { Job } from 'bullmq'
import { UnrecoverableError, WaitingError } from 'bullmq'
import { isConversion } from '../batch/conversion.js'
import { convertItem } from '../batch/convert-item.js'
import { dueOf, MADE_BEFORE, outcomesOf } from '../batch/due.js'
import type { Existing } from '../batch/existing.js'
import { EXISTING } from '../batch/existing.js'
import type { Outcome } from '../batch/journal.js'
import type { Step } from '../batch/progress.js'
import type { Manner } from '../batch/target.js'
import { onAbort } from '../engine/abort.js'
import { ReportPace } from '../engine/report-pace.js'
import { printable } from '../errors.js'
import { oneOf, optionsFrom, requiredString } from '../options/checks.js'
import { checkExportOptions } from '../options/export-options.js'
import type { JobData } from './recording.js'
import { SharedJournal } from './shared-journal.js'

/** Options of {@link createProcessor}. */
export interface ProcessorOptions {
  /**
   * A folder in which is recorded what has become of each output, and which all workers share: an output that was made from the same input
   * with the same options is then left as it is, by whichever worker it was made. `spikeport status` reads it. Without it, every attempt
   * makes all outputs of its recording.
   */
  readonly results?: string
  /**
   * What happens to an output that is there and is not known to be made from the same input with the same options: `'refresh'` (the
   * default) replaces it, `'skip'` leaves it, `'error'` fails. `'overwrite'` also replaces those that are known. With `'error'`, give
   * `results` too: an attempt that follows a killed one would else fail for what that has made.
   */
  readonly existing?: Existing
  /** Threads for each recording. Default: one for each core. */
  readonly threads?: number
  /** Whether outputs are synced to the disk before a job is done. */
  readonly durable?: boolean
  /**
   * Stops what is being converted when the process is to end: jobs go back to the queue, without an attempt being counted, and another
   * worker does them.
   */
  readonly signal?: AbortSignal
}

/** What a `Worker` of BullMQ calls for each job. It returns what became of each output, which is the job's `returnvalue`. */
export type ConversionProcessor = (
  job: Job<JobData, Outcome[]>,
  token: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<Outcome[]>

const NAMES = { results: true, existing: true, threads: true, durable: true, signal: true } as const

/** What is known without a folder of results. */
const NOTHING_MADE = { madeBefore: () => undefined }

const MOST_OF_REASON = 200
const MOST_OF_MESSAGE = 2000

/**
 * The processor for `new Worker(name, processor, { connection })`: it converts the recording of a job, and reports `{ label, bytesDone,
 * bytesTotal }` as the job's progress, at most five times a second.
 *
 * An output appears under its name when all of it is written, so that an attempt that fails, or is killed, leaves nothing. A failure
 * that can pass (a full disk, a network) is tried again as often as the job has attempts; one that cannot (a damaged file) fails at once. A
 * job that is cancelled by `worker.cancelJob(id)` fails and is not tried again.
 *
 * @throws TypeError or RangeError for options that are none
 * @example
 * ```js
 * const stop = new AbortController()
 * const worker = new Worker('recordings', createProcessor({ results: '/data/results', signal: stop.signal }), { connection })
 * worker.once('closing', () => stop.abort())
 * ```
 */
export function createProcessor(options: ProcessorOptions = {}): ConversionProcessor {
  const { results, existing = 'refresh', threads, durable, signal: stop } = optionsFrom<ProcessorOptions>(options, NAMES)
  oneOf(existing, 'existing', EXISTING)
  checkExportOptions({ durable, threads, signal: stop })
  const manner: Manner = { ...(threads !== undefined && { threads }), ...(durable !== undefined && { durable }) }
  const folder = results === undefined ? undefined : requiredString(results, 'results')
  let journal: Promise<SharedJournal> | undefined

  // BullMQ gives a signal only to functions with three parameters.
  return async (job, token, cancelled) => {
    const ending = new AbortController()
    const abort = () => ending.abort()
    const forget = [stop, cancelled].map((signal) => onAbort(signal, abort))
    try {
      if (stop?.aborted || cancelled?.aborted) abort()
      ending.signal.throwIfAborted()
      if (folder !== undefined) journal ??= SharedJournal.open(folder).catch((error) => ((journal = undefined), Promise.reject(error)))
      return await convert(job, await journal, existing, manner, ending.signal)
    } catch (error) {
      if (cancelled?.aborted) throw new UnrecoverableError(cancellation(cancelled.reason))
      if (!stop?.aborted) throw error
      await job.moveToWait(token)
      throw new WaitingError()
    } finally {
      for (const each of forget) each()
    }
  }
}

async function convert(
  job: Job<JobData, Outcome[]>,
  journal: SharedJournal | undefined,
  existing: Existing,
  manner: Manner,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const item = job.data
  if (!isConversion(item)) throw new UnrecoverableError('Expected a recording of enqueue() as the data of the job.')
  await journal?.catchUp()
  const outcomes: Outcome[] = []
  const due = await dueOf(item, { existing, journal: journal ?? NOTHING_MADE }, (outcome) => outcomes.push(outcome))
  if (due.length > 0) {
    const conversion = { ...item, targets: due.map(({ target }) => target) }
    outcomes.push(...outcomesOf(item, due, await convertItem(conversion, manner, signal, progressOf(job))))
  }
  for (const outcome of outcomes) if (outcome.reason !== MADE_BEFORE) await journal?.add(outcome)
  const failures = outcomes.flatMap(({ error }) => error ?? [])
  if (failures.length === 0) return outcomes
  // What is wrong with a recording is so for all its outputs.
  const message = [...new Set(failures.map((failure) => printable(failure.message, MOST_OF_MESSAGE)))].join(' ')
  throw failures.some(({ mayPass }) => mayPass) ? new Error(message) : new UnrecoverableError(message)
}

/** Reports steps as the progress of a job. Conversion does not wait for Redis, nor fail with it: that is up to the worker. */
function progressOf(job: Job): (step: Step) => void {
  const pace = new ReportPace()
  let isReporting = false
  return (step) => {
    if (isReporting || !pace.isTime()) return
    isReporting = true
    job
      .updateProgress(step)
      .catch(() => {})
      .finally(() => (isReporting = false))
  }
}

function cancellation(reason: unknown): string {
  const given = reason instanceof Error ? reason.message : reason
  return typeof given === 'string' && given !== '' ? `Cancelled: ${printable(given, MOST_OF_REASON)}` : 'Cancelled.'
}
