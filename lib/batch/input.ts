/**
 * Loads the recording of a conversion.
 */
import type { ExportWarning } from '../engine/warnings.js'
import { FormatError, invalidValue } from '../errors.js'
import type { Inspection } from '../formats/inspect.js'
import { inspect } from '../formats/inspect.js'
import type { LoadSpikeDataOptions } from '../formats/load.js'
import { loadSpikeData } from '../formats/load.js'
import { outputNamed } from '../formats/outputs.js'
import { READERS } from '../formats/registry.js'
import { lazyIfLarge } from '../jobs/large-recording.js'
import type { LoadProgress } from '../jobs/load-call.js'
import type { SpikeData } from '../model/spike-data.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Conversion } from './conversion.js'
import { ownOptions } from './conversion.js'

/** How a loader is called besides the options that users give. */
export interface Loading {
  readonly threads?: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
  readonly onWarning: (warning: ExportWarning) => void
}

/** What the input is; undefined for one on S3, and for one that is known only by its options. */
export async function findingsOf({ input, from }: Conversion, signal: AbortSignal): Promise<Inspection | undefined> {
  if (isS3Url(input)) return undefined
  try {
    return await inspect(input, { signal })
  } catch (error) {
    if (from === undefined || !(error instanceof FormatError)) throw error
    return undefined
  }
}

/**
 * Loads it with values that the formats of all targets take.
 *
 * @param found - what {@link findingsOf} says
 * @throws RangeError for options of another format than that of the input
 */
export async function loadInput(conversion: Conversion, found: Inspection | undefined, calling: Loading): Promise<SpikeData> {
  const { input, from, reading, targets } = conversion
  const name = from ?? found?.format
  const reader = READERS.find((each) => each.name === name)
  const own = ownOptions(reading)
  const foreign = own.find((option) => reader && !(option in reader.described))
  if (foreign !== undefined) throw invalidValue(`no value, as the format of ${input} is ${name},`, foreign, reading[foreign])
  const isOwnFormat = targets.every(({ to }) => outputNamed(to).format.reader === reader)
  const plainValues = isOwnFormat ? undefined : reader?.forOtherFormats
  const options = { ...plainValues, ...(reader && lazyIfLarge(reader, found)), ...reading, ...calling }
  // A loader that is not named is told by the file how it is read.
  const isNamed = from !== undefined || own.length > 0 || plainValues !== undefined
  return loadSpikeData(input, (isNamed ? { ...options, format: name } : options) as LoadSpikeDataOptions)
}
