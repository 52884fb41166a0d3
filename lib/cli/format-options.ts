/**
 * The options of `convert` that formats have, from the registry: those of the output by their own names, those of the input behind `in`.
 */
import { S3, WAY } from '../batch/described-options.js'
import { FORMATS, READERS } from '../formats/registry.js'
import type { OptionTable } from '../options/described.js'
import type { CommandOptions, OptionGroup } from './parse.js'

/** The name that an option of the input has on the command line. */
export function inputName(name: string): string {
  return `in${name[0]?.toUpperCase()}${name.slice(1)}`
}

/** An option of an input, by its name on the command line and in the library. */
const inputOptions = (table: OptionTable): CommandOptions =>
  Object.fromEntries(Object.entries(table).map(([name, option]) => [inputName(name), option]))

/** The names of options of S3, as on the command line. */
export const S3_NAMES: readonly string[] = Object.keys(S3)

/** The names of options of the way, in the library. */
export const WAY_NAMES: readonly string[] = Object.keys(WAY)

/** The names of options that only some loaders have, in the library. */
export const OPTIONS_OF_INPUTS: readonly string[] = READERS.flatMap(({ described }) => Object.keys(described))

/** Those of an input, by format. */
export const INPUT_GROUPS: readonly OptionGroup[] = [
  ...READERS.map(({ name, described }) => ({ title: `Options for IN, ${name}`, options: inputOptions(described) })),
  { title: 'Options for IN, any format', options: inputOptions(WAY) },
  { title: 'Options of S3', options: S3 },
].filter(({ options }) => Object.keys(options).length > 0)

/** Those of both sides. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  ...FORMATS.map(({ name, described }) => ({ title: `Options for OUT, ${name}`, options: described })),
  ...INPUT_GROUPS,
]
