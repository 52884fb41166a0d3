/**
 * `spikeport completion`: a script with which a shell completes commands and options.
 */
import type { CommandCall } from './command.js'
import { EXIT } from './command.js'
import { COMMANDS } from './commands.js'
import { optionsOf } from './help.js'
import type { CommandOption } from './parse.js'
import { typedName } from './parse.js'
import { UsageError } from './usage-error.js'

/** A command with its options, each `--typed`. */
interface Completed {
  readonly name: string
  readonly summary: string
  readonly options: readonly (readonly [typed: string, option: CommandOption])[]
}

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = { bash, zsh, fish }

/** Prints the script, and returns the exit status. */
export async function completion({ args: { positionals }, terminal }: CommandCall): Promise<number> {
  const [name] = positionals as [string]
  const script = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined
  if (!script) throw new UsageError(`Expected one of ${Object.keys(SHELLS).join(', ')} but received '${name}'.`)
  const commands = await Promise.all(
    COMMANDS.map(async (command): Promise<Completed> => {
      const options = Object.entries(await optionsOf(command))
      return { ...command, options: options.map(([each, option]) => [`--${typedName(each)}`, option]) }
    }),
  )
  terminal.result(script(commands))
  return EXIT.done
}

/** The values that an option can have, if they are few. */
function choicesOf({ value }: CommandOption): readonly string[] | undefined {
  return typeof value === 'string' ? undefined : value
}

/** The same by each name of the option. */
function choicesByName([typed, option]: Completed['options'][number]): (readonly [string, readonly string[]])[] {
  const choices = choicesOf(option)
  if (!choices) return []
  return [typed, ...(option.short === undefined ? [] : [`-${option.short}`])].map((name) => [name, choices] as const)
}

function bash(commands: readonly Completed[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  const choices = new Map(commands.flatMap(({ options }) => options.flatMap(choicesByName)))
  return `_spikeport() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} help --help --version' -- "$word"))
    return
  fi
  case "$before" in
${[...choices].map(([typed, values]) => `    ${typed}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$word")); return;;`).join('\n')}
  esac
  case "$word" in
    -*) case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `      ${name}) COMPREPLY=($(compgen -W '${options.map(([typed]) => typed).join(' ')}' -- "$word"));;`).join('\n')}
    esac;;
    *) case "\${COMP_WORDS[1]}" in
      completion) COMPREPLY=($(compgen -W '${Object.keys(SHELLS).join(' ')}' -- "$word"));;
      help) COMPREPLY=($(compgen -W '${names}' -- "$word"));;
    esac;;
  esac
}
complete -o default -F _spikeport spikeport`
}

/** zsh takes completions of bash. */
function zsh(commands: readonly Completed[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`
}

function fish(commands: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
  return commands
    .flatMap(({ name, summary, options }) => [
      `complete -c spikeport -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map(([typed, option]) => {
        const values = choicesOf(option)
        const takes = values ? ` -x -a ${quoted(values.join(' '))}` : option.value === 'flag' ? '' : ' -r'
        return `complete -c spikeport -n '__fish_seen_subcommand_from ${name}' ${option.short === undefined ? '' : `-s ${option.short} `}-l ${typed.slice(2)}${takes} -d ${quoted(option.text)}`
      }),
    ])
    .join('\n')
}
