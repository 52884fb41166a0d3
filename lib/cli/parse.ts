/**
 * Reads the arguments of a command.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { DescribedValue } from '../options/described.js'
import { nearestName } from '../options/nearest-name.js'
import { UsageError } from './usage-error.js'

/** An option of a command, by its name without dashes. */
export interface CommandOption {
  readonly value: DescribedValue
  /** What it does, as a phrase that begins with a capital and has no full stop. */
  readonly text: string
  /** A letter that is the same. */
  readonly short?: string
}

/** The options of a command, or of a part of it. */
export type CommandOptions = Readonly<Record<string, CommandOption>>

/** Options under a heading. */
export interface OptionGroup {
  readonly title: string
  readonly options: CommandOptions
}

/** The arguments of a command, checked one by one. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** The values of the options that were given, by their names in the table. */
  readonly values: ReadonlyMap<string, unknown>
}

/** What {@link parseArgs} finds of an option. */
interface OptionToken {
  readonly kind: 'option'
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

/** The name of an option as it is typed: `raster-bin-size-ms` for `rasterBinSizeMs`. */
export function typedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** An option with its dashes. */
export function typedOption(name: string): string {
  return `--${typedName(name)}`
}

/**
 * Reads arguments by a table. An option may also be typed by its name in the table; the last of several counts.
 *
 * @throws UsageError for an option that is not in the table, a value that is missing or of another kind, and a file of one that cannot be read
 */
export async function parse(argv: readonly string[], options: CommandOptions): Promise<Arguments> {
  const names = new Map<string, string>()
  for (const name of Object.keys(options)) names.set(typedName(name), name).set(name, name)
  for (const [name, { value }] of Object.entries(options)) if (value === 'flag') names.set(`no-${typedName(name)}`, name)
  const config = [...names].map(([typed, name]) => {
    const { value, short } = options[name] as CommandOption
    const type = value === 'flag' ? ('boolean' as const) : ('string' as const)
    return [typed, { type, ...(short !== undefined && typed === typedName(name) && { short }) }] as const
  })
  const parsed = parseArgs({
    args: [...argv],
    options: Object.fromEntries(config),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values = new Map<string, unknown>()
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue
    const name = names.get(token.name)
    if (name === undefined) throw unknownOption(token, [...names.keys()])
    values.set(name, await valueOf(token as OptionToken, options[name] as CommandOption))
  }
  return { positionals: parsed.positionals, values }
}

async function valueOf({ name, rawName, value, inlineValue }: OptionToken, { value: kind }: CommandOption): Promise<unknown> {
  if (kind === 'flag') {
    if (inlineValue) throw new UsageError(`Expected no value for ${rawName} but received '${value}'.`)
    return !name.startsWith('no-')
  }
  // A value that looks like an option has probably been forgotten; `--name=-value` says that it is meant.
  if (value === undefined || (!inlineValue && /^--?[a-zA-Z]/.test(value)))
    throw new UsageError(`Expected ${kindText(kind)} for ${rawName}.`)
  return kind === 'json' ? jsonFrom(value, rawName) : plainValue(value, kind, rawName)
}

function plainValue(text: string, kind: Exclude<DescribedValue, 'json' | 'flag'>, rawName: string): unknown {
  const wrong = () => new UsageError(`Expected ${kindText(kind)} for ${rawName} but received '${text}'.`)
  if (kind === 'text') return text
  if (kind === 'number') {
    const number = Number(text)
    if (text.trim() === '' || !Number.isFinite(number)) throw wrong()
    return number
  }
  if (kind === 'date') {
    const date = new Date(text)
    if (Number.isNaN(date.getTime())) throw wrong()
    return date
  }
  if (kind.includes(text)) return text
  const nearest = nearestName(text, kind)
  throw nearest === undefined
    ? wrong()
    : new UsageError(`Expected ${kindText(kind)} for ${rawName} but received '${text}' (did you mean ${nearest}?).`)
}

/** A value in JSON, or in the file behind an `@`. */
async function jsonFrom(text: string, rawName: string): Promise<unknown> {
  const isFile = text.startsWith('@')
  try {
    return JSON.parse(isFile ? await readFile(text.slice(1), 'utf8') : text)
  } catch (error) {
    const { message } = error as Error
    throw new UsageError(`Expected ${kindText('json')} for ${rawName} but received ${isFile ? text : `'${text}'`} (${message}).`)
  }
}

/** What the value of an option is, in a sentence. */
function kindText(kind: DescribedValue): string {
  if (typeof kind !== 'string') return `one of ${kind.join(', ')}`
  return {
    text: 'text',
    number: 'a number',
    flag: 'no value',
    date: 'a date such as 2026-03-01T14:05:00Z',
    json: 'JSON, or @ and a file of it',
  }[kind]
}

function unknownOption({ name, rawName }: { name: string; rawName: string }, names: readonly string[]): UsageError {
  const nearest = rawName.startsWith('--') ? nearestName(name, names) : undefined
  return new UsageError(`There is no option ${rawName}${nearest === undefined ? '' : ` (did you mean --${nearest}?)`}.`)
}
