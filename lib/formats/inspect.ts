/**
 * Finds out what a file or folder holds.
 */
import { invalidValue } from '../errors.js'
import type { Findings } from '../jobs/findings.js'
import type { LoadOptions, LoadPath } from '../jobs/load-call.js'
import { checkLoadCall } from '../jobs/load-call.js'
import type { OptionNames } from '../options/checks.js'
import { exportPath } from '../options/export-path.js'
import { isS3Url } from '../storage/s3-url.js'
import type { LoadFormat } from './load.js'
import { withRecognised } from './recognise.js'

/** What {@link inspect} finds. Plain data: `JSON.stringify` shows all of it. */
export interface Inspection extends Findings {
  /** The path that leads to it: as it was given, or with the ending that a workspace has. */
  path: string
  /** The option `format` of {@link loadSpikeData}. */
  format: LoadFormat
}

/** Options of {@link inspect}. */
export type InspectOptions = Pick<LoadOptions, 'signal'>

const OPTIONS: OptionNames<InspectOptions> = { signal: true }

/**
 * Finds out what a file or folder holds, in milliseconds whatever its size: the format, as {@link loadSpikeData} recognises it, the numbers of
 * units, spikes and channels, the window, the names of the units' attributes, and raw data. Spikes are not read. What can be known only by
 * reading them is absent from the result, with the warning `SPIKEPORT_INSPECTION_INCOMPLETE`; but the clusters of a KiloSort folder with
 * at most 524,288 spikes are counted.
 *
 * Numbers are those that the file states. A file that claims more than it has is an error, where that is seen without reading it.
 *
 * @param path - the file or folder, as a path or a `file:` URL
 * @param options - `signal`
 * @returns a promise of an {@link Inspection}
 * @throws TypeError, RangeError for options that make no sense
 * @throws FormatError for what no format recognises, and for a file that is not what it should be
 * @throws Error with the file system's `code`; the signal's reason
 * @example
 * ```js
 * const { format, units, spikes, lengthMs } = await inspect('recording.nwb')
 * ```
 */
export async function inspect(path: LoadPath, options?: InspectOptions): Promise<Inspection> {
  if (isS3Url(exportPath(path, 'path'))) throw invalidValue('a local path or a file: URL', 'path', `${path}`)
  const call = checkLoadCall<LoadOptions>(path, options, OPTIONS as OptionNames<LoadOptions>)
  return withRecognised(call, async (reader, candidate) => {
    const findings = await reader.inspect(candidate)
    candidate.signal?.throwIfAborted()
    return { path: candidate.path, format: reader.name as LoadFormat, ...findings }
  })
}
