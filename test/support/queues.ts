/**
 * Queues of BullMQ for tests, and workers on them, here or in processes of their own.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Job } from 'bullmq'
import { Queue, Worker } from 'bullmq'
import type { Test } from 'tap'
import type { JobData, Outcome, ProcessorOptions, QueuedRecording, QueuedTarget } from '../../lib/bullmq/index.js'
import { createProcessor, enqueue } from '../../lib/bullmq/index.js'
import { exportToPickle, SpikeData } from '../../lib/index.js'
import type { Redis } from './redis.js'

const WORKER = fileURLToPath(new URL('queue-worker.mjs', import.meta.url))

/** The most seconds that anything is waited for. */
const PATIENCE_S = 60

/** Recordings that a worker converts at the same time. */
export const CONCURRENCY = 2

/** Locks that are short, so that the jobs of a process that was killed are soon taken over. */
const OPTIONS = { concurrency: CONCURRENCY, lockDuration: 2000, stalledInterval: 500, maxStalledCount: 5 }

/** Options of an export to NWB. */
export const NWB = { fsHz: 20_000, nwb: { sessionStartTime: '2026-03-01T14:05:00+01:00' } }

export function phyTarget(output: string): QueuedTarget {
  return { output, to: 'phy', writing: { fsHz: 20_000 } }
}

let queues = 0

/** An empty queue. */
export function queueOn(t: Test, { connection }: Redis): Queue<JobData, Outcome[]> {
  const queue = new Queue<JobData, Outcome[]>(`queue-${queues++}`, { connection })
  // Redis goes and comes.
  queue.on('error', () => {})
  t.teardown(() => queue.close())
  return queue
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly child: ChildProcess
  /** That jobs have as `processedBy`. */
  readonly name: string
}

let workers = 0

/** Starts a worker in a process of its own, which ends with the test. */
export function startWorker(
  t: Test,
  { connection }: Redis,
  queue: Queue,
  processor: ProcessorOptions = {},
  env: NodeJS.ProcessEnv = {},
): WorkerProcess {
  const name = `worker-${workers++}`
  // Without what the test runner puts into every process of Node.
  const { NODE_OPTIONS: _, ...given } = process.env
  const settings = JSON.stringify({ connection, processor, options: { ...OPTIONS, name } })
  const child = spawn(process.execPath, ['--no-warnings', WORKER, queue.name, settings], { env: { ...given, ...env }, stdio: 'inherit' })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  })
  return { child, name }
}

/** Kills a worker while it has jobs in hand. Returns their ids. */
export async function killAtWork(queue: Queue<JobData, Outcome[]>, { child, name }: WorkerProcess): Promise<string[]> {
  let inHand: string[] = []
  await until(`${name} is at work`, async () => {
    // It must not come to an end of them meanwhile.
    child.kill('SIGSTOP')
    const jobs = await queue.getActive()
    inHand = jobs.filter(({ processedBy }) => processedBy === name).map(({ id }) => id as string)
    if (inHand.length === 0) child.kill('SIGCONT')
    return inHand.length > 0
  })
  child.kill('SIGKILL')
  return inHand
}

/** A worker in this process. */
export function workerHere(t: Test, { connection }: Redis, { name }: Queue) {
  const stop = new AbortController()
  const worker = new Worker<JobData, Outcome[]>(name, createProcessor({ threads: 1, signal: stop.signal }), { connection, ...OPTIONS })
  worker.once('closing', () => stop.abort())
  t.teardown(() => worker.close())
  return worker
}

/** Adds a recording. Returns the id of its job. */
export async function enqueueOne(queue: Queue<JobData, Outcome[]>, recording: QueuedRecording): Promise<string> {
  const [id] = await enqueue(queue, [recording])
  return id as string
}

/** A job, as soon as it is done or has failed. */
export async function ended(queue: Queue<JobData, Outcome[]>, id: string): Promise<Job<JobData, Outcome[]>> {
  await until(`job ${id} has ended`, async () => ['completed', 'failed'].includes(await queue.getJobState(id)))
  return (await queue.getJob(id)) as Job<JobData, Outcome[]>
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_S * 1000
  while (performance.now() < deadline) {
    if (await isSo()) return
    await delay(20)
  }
  throw new Error(`Not so after ${PATIENCE_S} s: ${what}.`)
}

/** A recording that takes some seconds to convert on one thread, in a folder of its own. */
export async function largeRecording(t: Test): Promise<{ dir: string; recording: QueuedRecording }> {
  const dir = t.testdir()
  const trains = Array.from({ length: 40 }, (_, unit) => Float64Array.from({ length: 50_000 }, (_, i) => i + unit / 40))
  await exportToPickle(await SpikeData.create(trains, {}), `${dir}/large.pkl`)
  const writing = { style: 'raster', rasterBinSizeMs: 0.01, compression: { level: 9 } }
  return { dir, recording: { input: `${dir}/large.pkl`, targets: [{ output: `${dir}/large.h5`, writing }] } }
}
