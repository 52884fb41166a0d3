/**
 * Runs the plan of an export: at its target, or in a temporary folder that is then uploaded to S3.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FolderChanged, throwFailure } from '../engine/failures.js'
import { addon } from '../engine/native.js'
import type { Addon } from '../engine/native-addon.js'
import type { NativeBegunFile } from '../engine/native-streams.js'
import type { Hdf5Plan, Hdf5Writer } from '../engine/plan/hdf5-tree.js'
import type { Plan } from '../engine/plan/plan.js'
import type { OnProgress } from '../engine/run-job.js'
import { runJob } from '../engine/run-job.js'
import { emitWarning } from '../engine/warnings.js'
import { invalidValue } from '../errors.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportOptions, ExportReport, Progress } from '../options/export-options.js'
import type { Steps } from '../steps.js'
import { inSlices, isDue } from '../steps.js'
import { requireWritePermission, withTemporaryFolder } from '../storage/local.js'
import { entryPath } from '../storage/paths.js'
import { uploadSdk } from '../storage/s3-client.js'
import type { S3Options } from '../storage/s3-options.js'
import { uploadFilesToS3 } from '../storage/s3-upload.js'
import { joinS3Url } from '../storage/s3-url.js'
import type { ExportCall } from './export-call.js'
import type { PlannedStream } from './write-streams.js'
import { withBegunFile, writeStreams } from './write-streams.js'

/** How long to wait for another export's turn at a folder, and from when on a lock cannot be another export's. */
const FOLDER_TURN_MS = 1
const LONGEST_TURN_MS = 5000

/** How often an export to a folder starts again because the folder has changed. */
const MOST_BEGINNINGS = 3

/** What an export holds, for its report. */
export interface Counts {
  spikeCount: number
  unitCount: number
}

export function countsOf({ spikeCount, N }: SpikeData): Counts {
  return { spikeCount, unitCount: N }
}

/** Makes the plan that writes to an absolute path; `names` are those of what is in a folder there. May be called again. */
export type PlanFor = (target: string, names: readonly string[]) => Plan | Promise<Plan>

/**
 * Runs an export whose options have been checked, and then emits its warnings.
 *
 * @param streams - what its plan has of samples that come as streams
 * @param begun - what has been written of them
 */
export async function runExport(
  { given: options, destination, startedAt, warnings }: ExportCall<ExportOptions & S3Options>,
  planFor: PlanFor,
  counts: Counts,
  streams: readonly PlannedStream[] = [],
  begun?: BegunExport,
): Promise<ExportReport> {
  const { given, absolute, isFolder, companion } = destination
  options.signal?.throwIfAborted()
  const { names, bytesWritten } = options.s3Upload
    ? await upload(planFor, given, companion, options, streams)
    : await (isFolder ? writeShared(planFor, absolute, options) : write(planFor, absolute, options, streams, begun))
  const place = options.s3Upload ? (name: string) => joinS3Url(given, name) : (name: string) => entryPath(given, name)
  const paths = names ? names.map(place) : companion === undefined ? [given] : [given, companion]
  warnings.forEach(emitWarning)
  return { paths, bytesWritten, ...counts, elapsedMs: performance.now() - startedAt, warnings }
}

/** A file that has streams already. */
export interface BegunExport {
  file: NativeBegunFile
  streams: readonly PlannedStream[]
  /** Of their samples. */
  bytes: number
}

/** What was written: the files of a folder, or one file without a name of its own. */
interface Written {
  names: string[] | undefined
  bytesWritten: number
}

async function write(
  planFor: PlanFor,
  target: string,
  options: ExportOptions,
  streams: readonly PlannedStream[],
  begun: BegunExport | undefined,
): Promise<Written> {
  return writePlan(await planFor(target, []), options, streams, begun)
}

/**
 * Writes to a folder that other exports, and people, may change at the same time. The plan depends on what is there: when that has
 * changed before the files are in place, the export starts again.
 */
async function writeShared(planFor: PlanFor, target: string, options: ExportOptions): Promise<Written> {
  for (let beginnings = 1; ; beginnings++) {
    const { plan, expected } = await planBetween(planFor, target, options.signal)
    // A folder may change without end.
    if (beginnings > MOST_BEGINNINGS) return writePlan(plan, options)
    try {
      return await writePlan({ ...plan, expected } as Plan, options)
    } catch (error) {
      if (!(error instanceof FolderChanged)) throw error
    }
  }
}

/** Plans from what a folder holds between two exports to it. */
async function planBetween(planFor: PlanFor, target: string, signal?: AbortSignal): Promise<{ plan: Plan; expected: Buffer }> {
  let expected = await entriesOf(target, signal)
  for (;;) {
    try {
      return { plan: await planFor(target, await inSlices(namesIn(expected), signal)), expected }
    } catch (error) {
      // Perhaps because another export was replacing files.
      const now = await entriesOf(target, signal).catch(() => expected)
      if (now.equals(expected)) throw error
      expected = now
    }
  }
}

/** What a folder holds once no export replaces files there. */
async function entriesOf(folder: string, signal?: AbortSignal): Promise<Buffer> {
  const latest = performance.now() + LONGEST_TURN_MS
  for (;;) {
    const entries = await addon.folderEntries(folder, performance.now() > latest).catch(throwFailure)
    if (entries !== undefined) return Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength)
    await sleep(FOLDER_TURN_MS)
    signal?.throwIfAborted()
  }
}

/** The names in what {@link Addon.folderEntries} returns. */
function* namesIn(entries: Buffer): Steps<string[]> {
  const names: string[] = []
  for (let at = 0; at < entries.length; at = entries.indexOf(0, at) + 1) {
    const end = entries.indexOf(0, at)
    names.push(entries.toString('utf8', at, end))
    at = end + 1
    if (isDue()) yield
  }
  return names
}

async function writePlan(
  plan: Plan,
  options: ExportOptions,
  streams: readonly PlannedStream[] = [],
  begun?: BegunExport,
): Promise<Written> {
  options.signal?.throwIfAborted()
  const isStreamed = streams.length > 0 || begun !== undefined
  const bytesWritten = await (isStreamed ? runStreamed(plan as Hdf5Plan, options, streams, begun) : runPlan(plan, options))
  return { names: plan.format === 'folder' ? plan.files.map(({ name }) => name) : undefined, bytesWritten }
}

async function upload(
  planFor: PlanFor,
  url: string,
  companionUrl: string | undefined,
  options: ExportOptions & S3Options,
  streams: readonly PlannedStream[],
): Promise<Written> {
  // So that an export learns that it is missing before it has written anything.
  await uploadSdk()
  return withTemporaryFolder(async (folder) => {
    const local = join(folder, 'export')
    const plan = await planFor(local, [])
    const written = await writePlan(plan, options, streams)
    const files = written.names?.map((name) => ({ localPath: join(local, name), url: joinS3Url(url, name) })) ?? [{ localPath: local, url }]
    if (plan.format === 'hdf5' && plan.companion && companionUrl !== undefined) {
      files.push({ localPath: plan.companion.target, url: companionUrl })
    }
    await uploadFilesToS3(files, options, options.signal)
    return written
  })
}

/**
 * The writer of HDF5 files that the environment asks for. Native code does not read the variable: getenv races with assignments to
 * `process.env` in other threads, and a worker has variables of its own.
 */
function hdf5Writer(): Hdf5Writer | undefined {
  const writer = process.env['SPIKEPORT_HDF5_WRITER']
  // Empty is how shells unset a variable.
  if (!writer) return undefined
  if (writer === 'auto' || writer === 'direct' || writer === 'library') return writer
  throw invalidValue("'auto', 'direct' or 'library'", 'the environment variable SPIKEPORT_HDF5_WRITER', writer)
}

/** Writes the streams of a plan to its file, then the rest. Returns the number of bytes written. */
async function runStreamed(
  plan: Hdf5Plan,
  options: ExportOptions,
  streams: readonly PlannedStream[],
  begun: BegunExport | undefined,
): Promise<number> {
  requireWritePermission(plan)
  const run = async (file: NativeBegunFile, written: readonly PlannedStream[], bytes: number) => {
    const left = streams.filter((stream) => !written.includes(stream))
    const streamed = bytes + (await writeStreams(left, file, options))
    return runPlan({ ...plan, begun: file }, afterStreams(options, streamed))
  }
  if (begun) return run(begun.file, begun.streams, begun.bytes)
  return withBegunFile(plan.target, options.signal, (file) => run(file, [], 0))
}

/** The options of what is written after streams of this many bytes. */
function afterStreams(options: ExportOptions, streamed: number): ExportOptions {
  const { onProgress } = options
  if (!onProgress) return options
  const total = ({ bytesWritten, bytesTotal }: Progress) =>
    onProgress({ bytesWritten: streamed + bytesWritten, bytesTotal: streamed + bytesTotal })
  return { ...options, onProgress: total }
}

/** Runs a plan as a native job. Returns the number of bytes written. */
function runPlan(plan: Plan, { signal, onProgress, durable = false, threads = 0 }: ExportOptions): Promise<number> {
  requireWritePermission(plan)
  const writer = plan.format === 'hdf5' && hdf5Writer()
  const job = writer ? { ...plan, writer } : plan
  const start = (report?: OnProgress) => addon.startExport(job, report ? { durable, threads, onProgress: report } : { durable, threads })
  return runJob(start, signal, onProgress && ((bytesWritten, bytesTotal) => onProgress({ bytesWritten, bytesTotal })))
}
