/**
 * Writes the report of a recording: an HTML file that appears whole, as those of exporters do.
 */
import type { SpikeData } from '../model/spike-data.js'
import type { ExportReport } from '../options/export-options.js'
import { htmlPage } from './html.js'
import type { ReportOptions, ReportSource } from './report-data.js'
import { reportData } from './report-data.js'
import type { FileOptions } from './write-file.js'
import { writeFile } from './write-file.js'

/** @throws what {@link reportData} throws, and Error with the file system's `code` */
export async function writeReport(
  sd: SpikeData,
  path: string,
  source: ReportSource,
  options: ReportOptions,
  writing: FileOptions,
): Promise<ExportReport> {
  const data = await reportData(sd, source, options)
  return writeFile(path, await htmlPage(data, options.signal), sd, writing)
}
