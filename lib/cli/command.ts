/**
 * What a command of the command line is: one table, which parsing, help, completion and docs/command-line.md are made from.
 */
import type { Arguments, CommandOptions, OptionGroup } from './parse.js'
import type { Terminal } from './terminal.js'

/** A call of a command. */
export interface CommandCall {
  readonly args: Arguments
  readonly terminal: Terminal
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal
}

/** How a process ends: 1 something failed, 2 it was called wrongly, 75 it may work later (`EX_TEMPFAIL` of sysexits.h). */
export const EXIT = { done: 0, failed: 1, usage: 2, tryAgain: 75 } as const

/** The commands by name. */
export type CommandName =
  | 'convert'
  | 'report'
  | 'plot'
  | 'inspect'
  | 'validate'
  | 'ls'
  | 'run'
  | 'plan'
  | 'work'
  | 'status'
  | 'slurm'
  | 'k8s'
  | 'completion'

/** What a command does. It returns the exit status. */
export type Run = (call: CommandCall) => Promise<number>

export interface Command {
  readonly name: CommandName
  readonly summary: string
  /** What comes after its name, as help shows it. */
  readonly positionals: string
  /** How many there are, at least and at most. */
  readonly count: readonly [least: number, most: number]
  readonly options: CommandOptions
  /** More options, which are known only once the formats have been loaded. */
  readonly formatOptions?: () => Promise<readonly OptionGroup[]>
  /** Paragraphs of help. */
  readonly text: readonly string[]
  /** Calls, each with what it does. */
  readonly examples: readonly (readonly [call: string, text: string])[]
}
