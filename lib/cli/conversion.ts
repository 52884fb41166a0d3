/**
 * What a call of `convert` asks for: formats, and the options of each side.
 */
import type { LoadFormat } from '../formats/load.js'
import { READERS } from '../formats/registry.js'
import type { Format } from '../jobs/format.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Output } from './format-options.js'
import { inputName, OUTPUTS, S3_NAMES, WAY_NAMES } from './format-options.js'
import type { Existing } from './own-options.js'
import { COMMON, CONVERT } from './own-options.js'
import type { Arguments } from './parse.js'
import { typedName } from './parse.js'
import { pathFrom } from './paths.js'
import { UsageError } from './usage-error.js'

/** Options by their names in the library. */
export type Options = Record<string, unknown>

export interface Conversion {
  readonly input: string
  readonly output: string
  /** The name of the output's format on the command line. */
  readonly to: string
  readonly format: Format
  /** Undefined where the file says it. */
  readonly from: LoadFormat | undefined
  /** Options of the loader, some of which only one format may have. */
  readonly reading: Options
  readonly writing: Options
  readonly existing: Existing
}

/**
 * @throws UsageError for a format that is not known, for options of other formats, and for those that contradict the paths
 */
export function conversionFrom({ positionals, values }: Arguments): Conversion {
  const [input, output] = positionals.map(pathFrom) as [string, string]
  const to = (values.get('to') as string | undefined) ?? formatByEnding(output, 'to')
  const { format, options } = OUTPUTS.get(to) as Output

  const givenFor = new Map([...values].filter(([name]) => !(name in CONVERT) && !(name in COMMON) && !S3_NAMES.includes(name)))
  const readNames = new Set([...READERS.flatMap(({ described }) => Object.keys(described)), ...WAY_NAMES])
  const reading = given(givenFor, [...readNames], inputName)
  const writing = given(givenFor, Object.keys(format.described))
  const foreign = [...givenFor.keys()].find(
    (name) => !(name in format.described) && ![...readNames].some((each) => inputName(each) === name),
  )
  if (foreign !== undefined) throw new UsageError(`--${typedName(foreign)} is no option of ${to}, the format of ${output}.`)
  for (const name of Object.keys(options)) {
    if (writing[name] === false) throw new UsageError(`Expected another value for --${typedName(name)} with --to ${to} but received false.`)
  }

  const s3 = given(values, S3_NAMES)
  const [unused] = Object.keys(s3)
  if (unused !== undefined && !isS3Url(input) && !isS3Url(output)) {
    throw new UsageError(`Expected an S3 URL for IN or OUT, as there is --${typedName(unused)}.`)
  }
  const existing = (values.get('existing') ?? (values.get('overwrite') === true ? 'overwrite' : 'error')) as Existing
  if (isS3Url(output) && existing !== 'overwrite') {
    throw new UsageError(`Expected --existing overwrite for ${output}: what is there on S3 is not looked at.`)
  }
  return {
    input,
    output,
    to,
    format,
    from: readerOf(input, values.get('from') as string | undefined, reading),
    reading: { ...reading, ...(isS3Url(input) && { s3Download: true, ...s3 }) },
    writing: { ...options, ...writing, ...(isS3Url(output) && { s3Upload: true, ...s3 }) },
    existing,
  }
}

/** Those of an input's options that only some formats have. */
export function ownOptions(reading: Options): string[] {
  return Object.keys(reading).filter((name) => READERS.some(({ described }) => name in described))
}

/** An option of an input as it is typed. */
export function typedInput(name: string): string {
  return `--${typedName(inputName(name))}`
}

/** Those options of some names that were given. @param typed - how the command line calls each */
export function given(values: ReadonlyMap<string, unknown>, names: readonly string[], typed = (name: string) => name): Options {
  return Object.fromEntries(names.filter((name) => values.has(typed(name))).map((name) => [name, values.get(typed(name))]))
}

/** The format of an input: the one that is named, or that alone has all options that were given; undefined where the file says it. */
function readerOf(input: string, name: string | undefined, reading: Options): LoadFormat | undefined {
  if (name !== undefined) return readerNamed(name)
  if (isS3Url(input)) return readerNamed(formatByEnding(input, 'from'))
  const own = ownOptions(reading)
  const owners = READERS.filter(({ described }) => own.every((option) => option in described))
  if (owners.length === 0) throw new UsageError(`No format has all of ${own.map(typedInput).join(', ')}.`)
  return owners.length === 1 ? (owners[0]?.name as LoadFormat) : undefined
}

/** The name of a reader. A folder for Phy is read as one of KiloSort. */
function readerNamed(name: string): LoadFormat {
  return (OUTPUTS.get(name)?.format.reader?.name ?? name) as LoadFormat
}

/** The format that the ending of a path stands for. */
function formatByEnding(path: string, option: 'from' | 'to'): string {
  const ending = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase()
  for (const [name, { format }] of OUTPUTS) {
    const { output } = format
    if (output.kind === 'file' && [output.extension, ...(output.otherExtensions ?? [])].some((each) => each === ending)) return name
  }
  throw new UsageError(`Expected --${option} for ${path}, as its ending is that of no format.`)
}
