/**
 * `spikeport convert`: loads a recording from any format, and exports it to any other.
 */
import type { ExportWarning } from '../engine/warnings.js'
import type { Inspection } from '../formats/inspect.js'
import { inspect } from '../formats/inspect.js'
import type { LoadFormat, LoadSpikeDataOptions } from '../formats/load.js'
import { loadSpikeData } from '../formats/load.js'
import { READERS } from '../formats/registry.js'
import type { Format } from '../jobs/format.js'
import type { LoadProgress } from '../jobs/load-call.js'
import type { SpikeData } from '../model/spike-data.js'
import type { Progress } from '../options/export-options.js'
import { nearestName } from '../options/nearest-name.js'
import { isS3Url } from '../storage/s3-url.js'
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { errorAsJson } from './ending.js'
import type { Existing } from './existing.js'
import { reasonToSkip } from './existing.js'
import { inputName, OUTPUTS, S3_NAMES, WAY_NAMES } from './format-options.js'
import { COMMON, CONVERT } from './own-options.js'
import { typedName } from './parse.js'
import { counted, duration, size } from './text.js'
import { UsageError } from './usage-error.js'

/** Recordings with as many spikes, 8 bytes each, stay on the disk on the way. */
const MANY_SPIKES = 2e7

/** What is no option of a format. */
const CONVERT_OPTIONS = { ...CONVERT, ...COMMON }

type Options = Record<string, unknown>

/** What is to be done, the options of both sides by their names in the library. */
interface Conversion {
  readonly input: string
  readonly output: string
  /** The name of the output's format on the command line. */
  readonly to: string
  readonly format: Format
  readonly from: LoadFormat | undefined
  readonly reading: Options
  readonly writing: Options
}

/** Converts, and returns the exit status. */
export async function convert(call: CommandCall): Promise<number> {
  const { terminal } = call
  const conversion = conversionFrom(call)
  const { input, output, to } = conversion
  const line = { input, output, format: to }
  try {
    const existing = (call.args.values.get('existing') ?? 'error') as Existing
    const reason = isS3Url(output) ? undefined : await reasonToSkip(existing, input, output, conversion.format)
    if (reason !== undefined) {
      terminal.say(`Left ${output} as it is: ${reason}.`)
      if (terminal.isJson) terminal.json({ status: 'skipped', ...line, reason })
      return EXIT.done
    }
    const found = isS3Url(input) ? undefined : await inspect(input, { signal: call.signal })
    if (call.args.values.get('dryRun') === true) {
      terminal.say(`Would convert ${input}${found ? ` (${summary(found)})` : ''} to ${output} (${to}).`)
      if (terminal.isJson) terminal.json({ status: 'planned', ...line, found })
      return EXIT.done
    }
    await write(call, conversion, found)
    return EXIT.done
  } catch (error) {
    if (terminal.isJson) terminal.json({ status: 'failed', ...line, error: errorAsJson(error) })
    throw error
  }
}

async function write({ args, terminal, signal }: CommandCall, conversion: Conversion, found: Inspection | undefined): Promise<void> {
  const { input, output, to, format, writing } = conversion
  const startedAt = performance.now()
  const warnings: ExportWarning[] = []
  const sd = await load(conversion, found, {
    signal,
    ...common(args.values, ['threads']),
    onWarning: (warning) => warnings.push(warning),
    onProgress: ({ bytesRead, bytesTotal, downloaded }) => {
      if (downloaded) terminal.progress('Downloading', downloaded.bytesDone, downloaded.bytesTotal)
      else terminal.progress('Reading', bytesRead, bytesTotal)
    },
  })
  try {
    const report = await format.write(format.from?.(sd) ?? sd, output, {
      ...writing,
      ...format.stated?.(sd, writing),
      ...common(args.values, ['threads', 'durable']),
      signal,
      onProgress: ({ averaged, bytesWritten, bytesTotal }: Progress) => {
        if (averaged && bytesTotal === 0) terminal.progress('Averaging', averaged.bytesDone, averaged.bytesTotal)
        else terminal.progress('Writing', bytesWritten, bytesTotal)
      },
    })
    warnings.push(...report.warnings)
    const elapsedMs = performance.now() - startedAt
    const { paths, bytesWritten } = report
    for (const { message, code } of warnings) terminal.warn(`${message} (${code})`)
    const held = `${counted(sd.N, 'unit')}, ${counted(sd.spikeCount, 'spike')}`
    terminal.say(`Wrote ${output} (${to}): ${held}, ${size(bytesWritten)} in ${duration(elapsedMs)}.`)
    if (!terminal.isJson) for (const path of paths) terminal.result(path)
    else {
      const counts = { units: sd.N, spikes: sd.spikeCount, bytesWritten, elapsedMs }
      terminal.json({ status: 'done', input, output, format: to, paths, ...counts, warnings })
    }
  } finally {
    await sd.close()
  }
}

/** How a loader is called besides the options that users give. */
interface Calling {
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
  readonly onWarning: (warning: ExportWarning) => void
}

async function load({ input, format, from, reading }: Conversion, found: Inspection | undefined, calling: Calling): Promise<SpikeData> {
  const reader = READERS.find(({ name }) => name === (from ?? found?.format))
  const isLarge = (found?.spikes ?? MANY_SPIKES) >= MANY_SPIKES && (reader?.canBeLazy?.(found) ?? true)
  const options: Options = {
    ...(reader !== format.reader && reader?.forOtherFormats),
    ...(isLarge && { lazy: true }),
    ...(isS3Url(input) && { s3Download: true }),
    ...reading,
    ...calling,
  }
  // A loader that is not named takes no options of its own, and is told by the file how it is read.
  const isNamed = from !== undefined || Object.keys(options).some((name) => reader && !WAY_NAMES.includes(name) && name in reader.described)
  return loadSpikeData(input, (isNamed ? { ...options, format: reader?.name } : options) as LoadSpikeDataOptions)
}

/** What a call asks for. @throws UsageError for a format that is not known, and for options of other formats */
function conversionFrom({ args: { positionals, values } }: CommandCall): Conversion {
  const [input, output] = positionals as [string, string]
  const from = values.has('from')
    ? readerNamed(values.get('from') as string)
    : isS3Url(input)
      ? readerNamed(byEnding(input, 'from'))
      : undefined
  const to = (values.get('to') as string | undefined) ?? byEnding(output, 'to')
  const chosen = OUTPUTS.get(to)
  if (!chosen) throw unknownFormat('--to', to, [...OUTPUTS.keys()])
  const { format, options } = chosen
  if (isS3Url(output) && values.get('existing') !== 'overwrite') {
    throw new UsageError(`Expected --existing overwrite for ${output}: what is there on S3 is not looked at.`)
  }
  const s3 = common(values, S3_NAMES)
  const others = new Map([...values].filter(([name]) => !(name in CONVERT_OPTIONS) && !S3_NAMES.includes(name)))
  const writing = taken(others, Object.keys(format.described))
  const reading = taken(others, [...new Set(READERS.flatMap(({ described }) => Object.keys(described))), ...WAY_NAMES], inputName)
  const [foreign] = others.keys()
  if (foreign !== undefined) throw new UsageError(`--${typedName(foreign)} is no option of ${to}, the format of ${output}.`)
  return {
    input,
    output,
    to,
    format,
    from,
    reading: { ...reading, ...(isS3Url(input) && s3) },
    writing: { ...options, ...writing, ...(isS3Url(output) && { s3Upload: true, ...s3 }) },
  }
}

/** Takes options of some names out of those that were given. @param typed - how the command line calls each */
function taken(values: Map<string, unknown>, names: readonly string[], typed = (name: string) => name): Options {
  const options: Options = {}
  for (const name of names) {
    if (!values.has(typed(name))) continue
    options[name] = values.get(typed(name))
    values.delete(typed(name))
  }
  return options
}

/** Those options of some names that were given. */
function common(values: ReadonlyMap<string, unknown>, names: readonly string[]): Options {
  return taken(new Map(values), names)
}

function readerNamed(name: string): LoadFormat {
  // A folder for Phy is read as one of KiloSort.
  const known = OUTPUTS.get(name)?.format.reader?.name ?? name
  const names = READERS.map((reader) => reader.name)
  if (!names.includes(known)) throw unknownFormat('--from', name, names)
  return known as LoadFormat
}

/** The format that the ending of a path stands for. */
function byEnding(path: string, option: 'from' | 'to'): string {
  const ending = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase()
  for (const [name, { format }] of OUTPUTS) {
    const { output } = format
    if (output.kind === 'file' && [output.extension, ...(output.otherExtensions ?? [])].some((each) => each === ending)) return name
  }
  throw new UsageError(`Expected --${option} for ${path}, as its ending is that of no format: ${[...OUTPUTS.keys()].join(', ')}.`)
}

function unknownFormat(option: string, name: string, names: readonly string[]): UsageError {
  const nearest = nearestName(name, names)
  return new UsageError(
    `Expected one of ${names.join(', ')} for ${option} but received '${name}'${nearest ? ` (did you mean ${nearest}?)` : ''}.`,
  )
}

function summary({ format, units, spikes }: Inspection): string {
  return [format, units === undefined ? [] : counted(units, 'unit'), spikes === undefined ? [] : counted(spikes, 'spike')].flat().join(', ')
}
