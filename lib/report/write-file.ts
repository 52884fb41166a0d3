/**
 * Writes bytes that were made from a recording, as exporters write theirs: the file appears whole, and missing folders are made.
 */
import type { FilePlan } from '../engine/plan/byte-segments.js'
import { checkExportCall } from '../jobs/export-call.js'
import { countsOf, runExport } from '../jobs/run-export.js'
import type { SpikeData } from '../model/spike-data.js'
import type { ExportOptions, ExportReport } from '../options/export-options.js'
import { COMMON_OPTIONS } from '../options/export-options.js'

export type FileOptions = Omit<ExportOptions, 'onProgress'>

export async function writeFile(path: string, segments: FilePlan['segments'], sd: SpikeData, options: FileOptions): Promise<ExportReport> {
  const call = checkExportCall<ExportOptions>(path, options, COMMON_OPTIONS)
  return runExport(call, (target) => ({ format: 'file', target, segments }), countsOf(sd))
}
