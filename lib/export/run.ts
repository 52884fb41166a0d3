/**
 * Runs the plan of an export: here, or into a temporary that is then uploaded.
 */
import { join } from 'node:path'
import { addon } from '../binding.js'
import type { JobSettings } from '../binding.js'
import { throwFailure } from '../failure.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportOptions, ExportReport } from '../options.js'
import type { Plan } from '../plan/plan.js'
import { joinS3Url } from '../storage/s3-url.js'
import { requireS3Sdk, uploadFilesToS3 } from '../storage/s3.js'
import type { S3Options } from '../storage/s3.js'
import { withTemporaryFolder } from '../storage/temporary.js'
import { onAbort } from './abort.js'
import { emitWarning } from '../warnings.js'
import type { ExportCall } from './begin.js'
import { requireWritePermission } from './permission.js'

/** What an export holds, for its report. */
export interface Counts {
  spikeCount: number
  unitCount: number
}

export function countsOf({ spikeCount, N }: SpikeData): Counts {
  return { spikeCount, unitCount: N }
}

/** Makes the plan that writes to an absolute path. */
export type PlanFor = (target: string) => Plan | Promise<Plan>

/** Runs an export whose options have been checked, and then emits its warnings. */
export async function runExport(
  { given: options, destination, startedAt, warnings }: ExportCall<ExportOptions & S3Options>,
  planFor: PlanFor,
  counts: Counts,
): Promise<ExportReport> {
  const { given, absolute } = destination
  options.signal?.throwIfAborted()
  const { names, bytesWritten } = options.s3Upload
    ? await upload(planFor, given, options)
    : await write(planFor, absolute, options)
  const place = options.s3Upload ? (name: string) => joinS3Url(given, name) : (name: string) => join(given, name)
  const paths = names ? names.map(place) : [given]
  warnings.forEach(emitWarning)
  return { paths, bytesWritten, ...counts, elapsedMs: performance.now() - startedAt, warnings }
}

/** What was written: the files of a folder, or one file without a name of its own. */
interface Written {
  names: string[] | undefined
  bytesWritten: number
}

async function write(planFor: PlanFor, target: string, options: ExportOptions): Promise<Written> {
  const plan = await planFor(target)
  options.signal?.throwIfAborted()
  const bytesWritten = await runPlan(plan, options)
  return { names: plan.format === 'folder' ? plan.files.map(({ name }) => name) : undefined, bytesWritten }
}

async function upload(planFor: PlanFor, url: string, options: ExportOptions & S3Options): Promise<Written> {
  await requireS3Sdk()
  return withTemporaryFolder(async (folder) => {
    const local = join(folder, 'export')
    const written = await write(planFor, local, options)
    const files = written.names?.map((name) => ({ localPath: join(local, name), url: joinS3Url(url, name) }))
    await uploadFilesToS3(files ?? [{ localPath: local, url }], options, options.signal)
    return written
  })
}

/** Runs a plan as a native job. Returns the number of bytes written. */
async function runPlan(plan: Plan, { signal, onProgress, durable = false, threads = 0 }: ExportOptions): Promise<number> {
  requireWritePermission(plan)
  let thrown: { error: unknown } | undefined
  const settings: JobSettings = { durable, threads }
  if (onProgress) {
    settings.onProgress = (bytesWritten, bytesTotal) => {
      try {
        if (!thrown) onProgress({ bytesWritten, bytesTotal })
      } catch (error) {
        thrown = { error }
        job.cancel()
      }
    }
  }
  const job = new addon.Job(plan, settings)
  const forget = onAbort(signal, () => job.cancel())
  try {
    const bytesWritten = await job.promise
    if (thrown) throw thrown.error
    return bytesWritten
  } catch (failure) {
    if (thrown) throw thrown.error
    signal?.throwIfAborted()
    return throwFailure(failure)
  } finally {
    forget()
  }
}
