/**
 * `spikeport convert`: loads a recording from any format, and exports it to any other.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ExportWarning } from '../engine/warnings.js'
import { FormatError } from '../errors.js'
import type { Inspection } from '../formats/inspect.js'
import { inspect } from '../formats/inspect.js'
import type { LoadSpikeDataOptions } from '../formats/load.js'
import { loadSpikeData } from '../formats/load.js'
import { READERS } from '../formats/registry.js'
import type { LoadProgress } from '../jobs/load-call.js'
import type { Reader } from '../jobs/reader.js'
import { NDArray, sizeOf } from '../memory/ndarray.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Progress } from '../options/export-options.js'
import { isS3Url } from '../storage/s3-url.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import type { Conversion } from './conversion.js'
import { conversionFrom, given, ownOptions, typedInput } from './conversion.js'
import { withTypedNames } from './ending.js'
import { reasonToSkip, requireOther } from './existing.js'
import { typedName } from './parse.js'
import { counted, duration, size } from './text.js'
import { UsageError } from './usage-error.js'

/** Recordings with as many spikes, 8 bytes each, stay on the disk on the way. */
const MANY_SPIKES = 2e7

/** Converts, and returns the exit status. */
export async function convert({ args, terminal, signal }: CommandCall): Promise<number> {
  const startedAt = performance.now()
  const conversion = conversionFrom(args)
  const { input, output, to, format } = conversion
  const line = { input, output, format: to }
  await requireOther(input, output, format)
  const reason = await reasonToSkip(conversion)
  if (reason !== undefined) {
    terminal.say(`Left ${output} as it is: ${reason}.`)
    if (terminal.isJson) terminal.json({ status: 'skipped', ...line, reason })
    return EXIT.done
  }
  const found = await findingsOf(conversion, signal)
  if (args.values.get('dryRun') === true) {
    terminal.say(`Would convert ${input}${found ? ` (${summary(found)})` : ''} to ${output} (${to}).`)
    if (terminal.isJson) terminal.json({ status: 'planned', ...line, found })
    return EXIT.done
  }

  const warnings: ExportWarning[] = []
  const sd = await load(conversion, found, {
    ...given(args.values, ['threads']),
    signal,
    onWarning: (warning) => warnings.push(warning),
    onProgress: ({ bytesRead, bytesTotal, downloaded }) => {
      if (downloaded) terminal.progress('Downloading', downloaded.bytesDone, downloaded.bytesTotal)
      else terminal.progress('Reading', bytesRead, bytesTotal)
    },
  })
  try {
    if (found && found.rawData.length > 0 && hasNoRawData(sd)) warnings.push(rawDataLeftOut(found))
    const { paths, bytesWritten, ...report } = await write(conversion, sd, warnings, {
      ...given(args.values, ['threads', 'durable']),
      signal,
      onProgress: ({ averaged, bytesWritten, bytesTotal }) => {
        if (averaged && bytesTotal === 0) terminal.progress('Averaging', averaged.bytesDone, averaged.bytesTotal)
        else terminal.progress('Writing', bytesWritten, bytesTotal)
      },
    })
    warnings.push(...report.warnings)
    const elapsedMs = performance.now() - startedAt
    for (const { message, code } of warnings) terminal.warn(`${message} (${code})`)
    const held = `${counted(sd.N, 'unit')}, ${counted(sd.spikeCount, 'spike')}`
    terminal.say(`Wrote ${output} (${to}): ${held}, ${size(bytesWritten)} in ${duration(elapsedMs)}.`)
    const counts = { units: sd.N, spikes: sd.spikeCount, bytesWritten, elapsedMs }
    if (terminal.isJson) terminal.json({ status: 'done', ...line, paths, ...counts, warnings })
    else for (const path of paths) terminal.result(path)
  } finally {
    await sd.close()
  }
  return EXIT.done
}

/** What the input is; undefined for one on S3, and for one that is known only by its options. */
async function findingsOf({ input, from }: Conversion, signal: AbortSignal): Promise<Inspection | undefined> {
  if (isS3Url(input)) return undefined
  try {
    return await inspect(input, { signal })
  } catch (error) {
    if (from === undefined || !(error instanceof FormatError)) throw error
    return undefined
  }
}

/** How a loader is called besides the options that users give. */
interface Loading {
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
  readonly onWarning: (warning: ExportWarning) => void
}

async function load({ input, format, from, reading }: Conversion, found: Inspection | undefined, calling: Loading): Promise<SpikeData> {
  const name = from ?? found?.format
  const reader = READERS.find((each) => each.name === name)
  const own = ownOptions(reading)
  const foreign = own.find((option) => reader && !(option in reader.described))
  if (foreign !== undefined) throw new UsageError(`${typedInput(foreign)} is no option of ${name}, the format of ${input}.`)
  const plainValues = reader !== format.reader ? reader?.forOtherFormats : undefined
  const isLarge = (found?.spikes ?? MANY_SPIKES) >= MANY_SPIKES && reader !== undefined && canBeLazy(reader, found)
  const options = { ...plainValues, ...(isLarge && { lazy: true }), ...reading, ...calling }
  // A loader that is not named is told by the file how it is read.
  const isNamed = from !== undefined || own.length > 0 || plainValues !== undefined
  return withTypedNames(typedInput, Object.keys(reader?.described ?? {}), () =>
    loadSpikeData(input, (isNamed ? { ...options, format: name } : options) as LoadSpikeDataOptions),
  )
}

function canBeLazy(reader: Reader, found: Inspection | undefined): boolean {
  return 'lazy' in reader.options && (reader.canBeLazy?.(found) ?? true)
}

/** How an exporter is called besides the options that users give. */
interface Writing {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

async function write({ output, format, writing }: Conversion, sd: SpikeData, warnings: ExportWarning[], calling: Writing) {
  if (!isS3Url(output)) await mkdir(dirname(output), { recursive: true })
  const stated = format.stated?.(sd, writing, warnings)
  return withTypedNames(
    (name) => `--${typedName(name)}`,
    Object.keys(format.described),
    () => format.write(format.from?.(sd) ?? sd, output, { ...writing, ...stated, ...calling }),
  )
}

function hasNoRawData({ rawData }: SpikeData): boolean {
  return rawData instanceof NDArray && sizeOf(rawData.shape) === 0
}

function rawDataLeftOut({ rawData }: Inspection): ExportWarning {
  const names = rawData.map(({ name }) => name).join(', ')
  const message = `Raw data is left out (${names}): the options of both formats that have raw in their names take it along.`
  return { code: 'SPIKEPORT_RAW_DATA_LEFT_OUT', message }
}

function summary({ format, units, spikes }: Inspection): string {
  return [format, units === undefined ? [] : counted(units, 'unit'), spikes === undefined ? [] : counted(spikes, 'spike')].flat().join(', ')
}
