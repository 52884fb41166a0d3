/**
 * Puts the recordings of a plan into a queue of BullMQ.
 */
import type { Job, JobsOptions } from 'bullmq'
import { fingerprintOf, hashOf, stateOf } from '../batch/fingerprint.js'
import { readPlan } from '../batch/plan.js'
import { inSlices, isDue, nextTurn, type Steps } from '../steps.js'
import type { JobData, QueuedRecording } from './recording.js'
import { jobDataFrom } from './recording.js'

/** What {@link enqueue} takes of a `Queue`. */
export interface ConversionQueue {
  /** That of `Queue`. */
  addBulk(jobs: { name: string; data: JobData; opts: JobsOptions }[]): Promise<readonly Pick<Job, 'id'>[]>
  /** That of `Queue`. */
  readonly defaultJobOptions?: JobsOptions | undefined
}

/** Options of {@link enqueue}. */
export interface EnqueueOptions {
  /** The name of the jobs. Default `'convert'`. */
  readonly name?: string
  /**
   * Options of the jobs, but for `jobId`. They go before those of the queue, and those before the defaults: 5 attempts, which are made 5,
   * 10, 20 and 40 s after the one before; jobs that are done are kept for a week and those that failed for a month.
   */
  readonly job?: Omit<JobsOptions, 'jobId'>
  /** Stops before the next recordings. Those that have been added stay. */
  readonly signal?: AbortSignal
}

/** Jobs that are added at once: a few ms of the event loop. */
const AT_ONCE = 50

/** What the checks of a recording cost, in items of a step. */
const ITEMS_PER_RECORDING = 8

const DAY_S = 24 * 60 * 60

const DEFAULTS: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 5000 },
  // While a job is kept, the same recording is not added again.
  removeOnComplete: { age: 7 * DAY_S },
  removeOnFail: { age: 30 * DAY_S },
}

/**
 * Adds a job for each recording to a queue. The id of a job is a hash of the state of the input, the options and the outputs: a recording
 * whose job the queue still has, also as one that is done or has failed, is not added again, and one that has changed is.
 *
 * @param queue - a `Queue` of BullMQ
 * @param plan - the path of a plan of `spikeport plan`, or recordings
 * @returns the ids of the jobs, in the order of the recordings
 * @throws TypeError or RangeError for recordings that are none, before any is added
 * @throws the error of BullMQ where Redis cannot be reached, and the signal's reason
 * @example
 * ```js
 * const queue = new Queue('recordings', { connection })
 * const [id] = await enqueue(queue, [{ input: '/data/phy', targets: [{ output: '/data/recording.nwb' }] }])
 * ```
 */
export async function enqueue(
  queue: ConversionQueue,
  plan: string | Iterable<QueuedRecording>,
  { name = 'convert', job = {}, signal }: EnqueueOptions = {},
): Promise<string[]> {
  signal?.throwIfAborted()
  const recordings = typeof plan === 'string' ? (await readPlan(plan)).items : await inSlices(jobData(plan), signal)
  const options = { ...DEFAULTS, ...queue.defaultJobOptions, ...job }
  const ids: string[] = []
  for (let from = 0; from < recordings.length; from += AT_ONCE) {
    await nextTurn(signal)
    const jobs = recordings.slice(from, from + AT_ONCE).map(async ({ input, from, reading, targets, place }) => {
      const data: JobData = { input, ...(from !== undefined && { from }), reading, targets, place }
      return { name, data, opts: { ...options, jobId: await jobIdOf(data) } }
    })
    const added = await queue.addBulk(await Promise.all(jobs))
    ids.push(...added.map(({ id }) => id as string))
  }
  return ids
}

function* jobData(recordings: Iterable<QueuedRecording>): Steps<JobData[]> {
  const data: JobData[] = []
  for (const recording of recordings) {
    data.push(jobDataFrom(recording, data.length))
    if (isDue(ITEMS_PER_RECORDING)) yield
  }
  return data
}

/** Says what is made of what. It holds no `:`, which BullMQ has between the parts of its keys. */
async function jobIdOf(data: JobData): Promise<string> {
  // What cannot be looked at from here may be there for the worker; if it is not, the job says so.
  const state = await stateOf(data.input).catch(() => data.input)
  const made = data.targets.map((target) => [fingerprintOf(state, data, target), target.output])
  return hashOf(made)
}
