/**
 * Help, and the page of documentation: both say what the table of commands says.
 */
import type { Command } from './command.js'
import { COMMANDS } from './commands.js'
import { COMMON } from './own-options.js'
import type { CommandOption, CommandOptions, OptionGroup } from './parse.js'
import { typedName } from './parse.js'
import { wrapped } from './text.js'

const WIDTH = 100
const INDENT = 2
/** Where the text of an option begins. */
const COLUMN = 34

const SUMMARY = 'moves spike-sorted recordings between NWB, HDF5, KiloSort/Phy, pickle and workspace, and shows them.'

const STATUS = [
  ['0', 'done'],
  ['1', 'something failed'],
  ['2', 'the call makes no sense'],
  ['75', 'something failed that may pass: a full disk, a network that is down'],
  ['129, 130, 143', 'stopped by SIGHUP, SIGINT or SIGTERM'],
  ['141', 'the reader of the results has closed them'],
] as const

/** What `spikeport --help` shows. */
export function generalHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  return [
    `spikeport ${SUMMARY}`,
    '',
    'Usage: spikeport COMMAND [options]',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`),
    '',
    'spikeport COMMAND --help says more. Results are on stdout, all else on stderr. A flag is taken back by no- before its name.',
    'spikeport --version prints the version.',
    '',
    `Exit status: ${STATUS.map(([status, text]) => `${status} ${text}`).join('; ')}.`,
  ]
    .map((line) => (line.startsWith(' ') ? line : wrapped(line, WIDTH)))
    .join('\n')
}

/** What `spikeport COMMAND --help` shows. */
export async function commandHelp(command: Command): Promise<string> {
  const groups = await groupsOf(command)
  return [
    `${command.summary}.`,
    '',
    `Usage: spikeport ${command.name} ${command.positionals} [options]`,
    ...command.text.flatMap((text) => ['', wrapped(text, WIDTH)]),
    '',
    'Examples:',
    ...command.examples.flatMap(([call, text]) => [`  ${call}`, wrapped(text, WIDTH, 6)]),
    ...groups.flatMap(({ title, options }) => ['', `${title}:`, ...Object.entries(options).map(optionHelp)]),
  ].join('\n')
}

/** docs/command-line.md. */
export async function page(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map(commandPage))
  return `${[
    '# The command line',
    '',
    '<!-- Made from lib/cli/commands.ts by `node scripts/command-line-page.mjs`. -->',
    '',
    `\`spikeport\`, a program in the package (\`npx spikeport\`), ${SUMMARY} Results are on stdout, all else on stderr; progress is shown where stderr is a terminal, and colours unless \`NO_COLOR\` is set.`,
    '',
    '| exit status | |',
    '|---|---|',
    ...STATUS.map(([status, text]) => `| ${status} | ${text} |`),
    ...commands.flatMap((lines) => ['', ...lines]),
  ].join('\n')}\n`
}

async function commandPage(command: Command): Promise<string[]> {
  return [
    `## ${command.name}`,
    '',
    `${command.summary}.`,
    '',
    '```sh',
    `spikeport ${command.name} ${command.positionals} [options]`,
    ...command.examples.flatMap(([call, text]) => ['', `# ${text}`, call]),
    '```',
    ...command.text.flatMap((text) => ['', text]),
    ...(await groupsOf(command)).flatMap(({ title, options }) => [
      '',
      `| ${title} | |`,
      '|---|---|',
      ...Object.entries(options).map(([name, option]) => `| \`${inCell(spelled(name, option))}\` | ${inCell(option.text)} |`),
    ]),
  ]
}

/** Text in a cell of a table. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** All options of a command: its own, those of formats, and those of every command. */
export async function groupsOf(command: Command): Promise<readonly OptionGroup[]> {
  return [{ title: 'Options', options: { ...command.options, ...COMMON } }, ...((await command.formatOptions?.()) ?? [])]
}

/** The same in one table. */
export async function optionsOf(command: Command): Promise<CommandOptions> {
  return Object.assign({}, ...(await groupsOf(command)).map(({ options }) => options))
}

function optionHelp([name, option]: [string, CommandOption]): string {
  const left = ' '.repeat(INDENT) + spelled(name, option)
  const text = wrapped(option.text, WIDTH, COLUMN)
  return left.length + 2 <= COLUMN ? left + text.slice(left.length) : `${left}\n${text}`
}

/** An option as it is typed, with what comes after it. */
function spelled(name: string, { value, short }: CommandOption): string {
  const placeholder = { text: ' TEXT', number: ' NUMBER', flag: '', date: ' DATE', json: ' JSON' }
  const after = typeof value === 'string' ? placeholder[value] : ` ${value.join('|')}`
  return `${short === undefined ? '' : `-${short}, `}--${typedName(name)}${after}`
}
