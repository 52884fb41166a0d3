/**
 * Runs the plan of an export: here, or into a temporary that is then uploaded.
 */
import { join, relative, resolve } from 'node:path'
import { addon } from '../binding.js'
import type { JobSettings } from '../binding.js'
import { throwFailure } from '../failure.js'
import type { ExportOptions, ExportReport } from '../options.js'
import type { Plan } from '../plan/plan.js'
import { joinS3Url } from '../storage/s3-url.js'
import { requireS3Sdk, uploadFilesToS3 } from '../storage/s3.js'
import type { S3Options } from '../storage/s3.js'
import { withTemporaryFolder } from '../storage/temporary.js'

/** What an export holds, for its report. */
export interface Counts {
  spikeCount: number
  unitCount: number
}

/** Makes the plan that writes to a local path. */
export type PlanFor = (target: string) => Plan | Promise<Plan>

/**
 * Runs an export whose options have been checked.
 *
 * @param target - the path the caller gave, or an S3 URL
 */
export async function runExport(
  planFor: PlanFor,
  target: string,
  counts: Counts,
  options: ExportOptions & S3Options,
): Promise<ExportReport> {
  const start = performance.now()
  options.signal?.throwIfAborted()
  const written = options.s3Upload ? await upload(planFor, target, options) : await write(planFor, target, options)
  return { ...written, ...counts, elapsedMs: performance.now() - start }
}

type Written = Pick<ExportReport, 'paths' | 'bytesWritten'>

async function write(planFor: PlanFor, target: string, options: ExportOptions): Promise<Written> {
  const plan = await planFor(resolve(target))
  options.signal?.throwIfAborted()
  const bytesWritten = await runPlan(plan, options)
  return { paths: plan.format === 'folder' ? plan.files.map(({ name }) => join(target, name)) : [target], bytesWritten }
}

async function upload(planFor: PlanFor, url: string, options: ExportOptions & S3Options): Promise<Written> {
  await requireS3Sdk()
  return withTemporaryFolder(async (folder) => {
    const local = join(folder, 'export')
    const { paths, bytesWritten } = await write(planFor, local, options)
    const files = paths.map((localPath) => {
      const name = relative(local, localPath)
      return { localPath, url: name === '' ? url : joinS3Url(url, name) }
    })
    await uploadFilesToS3(files, options, options.signal)
    return { paths: files.map((file) => file.url), bytesWritten }
  })
}

/** Runs a plan as a native job. Returns the number of bytes written. */
async function runPlan(plan: Plan, { signal, onProgress, durable = false, threads = 0 }: ExportOptions): Promise<number> {
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
  const job = addon.startJob(plan, settings)
  const cancel = () => job.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const { bytesWritten, bytesTotal } = await job.done
    onProgress?.({ bytesWritten: bytesTotal, bytesTotal })
    return bytesWritten
  } catch (failure) {
    if (thrown) throw thrown.error
    signal?.throwIfAborted()
    return throwFailure(failure)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
