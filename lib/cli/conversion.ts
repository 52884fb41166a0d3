/**
 * What a call of `convert` asks for: formats, and the options of each side.
 */
import type { Conversion, Options, Target } from '../batch/conversion.js'
import { loaderNamed, ownOptions } from '../batch/conversion.js'
import type { LoadFormat } from '../formats/load.js'
import { outputByEnding, outputNamed } from '../formats/outputs.js'
import { READERS } from '../formats/registry.js'
import { isS3Url } from '../storage/s3-url.js'
import { inputName, OPTIONS_OF_INPUTS, S3_NAMES, WAY_NAMES } from './format-options.js'
import { COMMON, CONVERT } from './own-options.js'
import type { Arguments } from './parse.js'
import { typedName, typedOption } from './parse.js'
import { pathFrom } from './paths.js'
import { UsageError } from './usage-error.js'

/** A conversion to one output. */
export interface SingleConversion extends Conversion {
  readonly targets: readonly [Target]
}

/**
 * @throws UsageError for a format that is not known, for options of other formats, and for those that contradict the paths
 */
export function conversionFrom({ positionals, values }: Arguments): SingleConversion {
  const [input, output] = positionals.map(pathFrom) as [string, string]
  const to = (values.get('to') as string | undefined) ?? formatByEnding(output, 'to')
  const { format, options } = outputNamed(to)

  const givenFor = new Map([...values].filter(([name]) => !(name in CONVERT) && !(name in COMMON) && !S3_NAMES.includes(name)))
  const readNames = namesOfInputs()
  const writing = given(givenFor, Object.keys(format.described))
  const foreign = [...givenFor.keys()].find(
    (name) => !(name in format.described) && ![...readNames].some((each) => inputName(each) === name),
  )
  if (foreign !== undefined) throw new UsageError(`--${typedName(foreign)} is no option of ${to}, the format of ${output}.`)
  for (const name of Object.keys(options)) {
    if (writing[name] === false) throw new UsageError(`Expected another value for --${typedName(name)} with --to ${to} but received false.`)
  }

  requireS3(values, [input, output], 'IN or OUT')
  const s3 = isS3Url(output) && { s3Upload: true, ...given(values, S3_NAMES) }
  return { ...inputFrom(input, values), targets: [{ output, to, writing: { ...writing, ...s3 } }] }
}

/** How an input is loaded. @throws UsageError for a format that is not known, and for options of several formats */
export function inputFrom(input: string, values: Arguments['values']): Omit<Conversion, 'targets'> {
  const reading = given(values, [...namesOfInputs()], inputName)
  return {
    input,
    from: readerOf(input, values.get('from') as string | undefined, reading),
    reading: { ...reading, ...(isS3Url(input) && { s3Download: true, ...given(values, S3_NAMES) }) },
  }
}

/** @throws UsageError for options of S3 where no path is of it */
export function requireS3(values: Arguments['values'], paths: readonly string[], names: string): void {
  const [unused] = Object.keys(given(values, S3_NAMES))
  if (unused !== undefined && !paths.some(isS3Url)) {
    throw new UsageError(`Expected an S3 URL for ${names}, as there is --${typedName(unused)}.`)
  }
}

/** The options that loaders have, by their names in the library. */
function namesOfInputs(): Set<string> {
  return new Set([...OPTIONS_OF_INPUTS, ...WAY_NAMES])
}

/** An option of an input as it is typed. */
export function typedInput(name: string): string {
  return typedOption(inputName(name))
}

/** Those options of some names that were given. @param typed - how the command line calls each */
export function given(values: ReadonlyMap<string, unknown>, names: readonly string[], typed = (name: string) => name): Options {
  return Object.fromEntries(names.filter((name) => values.has(typed(name))).map((name) => [name, values.get(typed(name))]))
}

/** The format of an input: the one that is named, or that alone has all options that were given; undefined where the file says it. */
function readerOf(input: string, name: string | undefined, reading: Options): LoadFormat | undefined {
  if (name !== undefined) return loaderNamed(name)
  if (isS3Url(input)) return loaderNamed(formatByEnding(input, 'from'))
  const own = ownOptions(reading)
  const owners = READERS.filter(({ described }) => own.every((option) => option in described))
  if (owners.length === 0) throw new UsageError(`No format has all of ${own.map(typedInput).join(', ')}.`)
  return owners.length === 1 ? (owners[0]?.name as LoadFormat) : undefined
}

function formatByEnding(path: string, option: 'from' | 'to'): string {
  const name = outputByEnding(path)
  if (name === undefined) throw new UsageError(`Expected --${option} for ${path}, as its ending is that of no format.`)
  return name
}
