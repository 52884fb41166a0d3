#!/usr/bin/env node
/**
 * The program `spikeport`: finds the command, runs it, and turns what happens into an exit status.
 */
import { readFileSync } from 'node:fs'
import { nearestName } from '../options/nearest-name.js'
import type { Command, CommandName, Run } from './command.js'
import { EXIT } from './command.js'
import { COMMANDS } from './commands.js'
import { errorAsJson, exitStatusOf, Interrupted, messageOf } from './ending.js'
import { commandHelp, generalHelp, optionsOf } from './help.js'
import { parse } from './parse.js'
import { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

/** What the commands do, loaded when one is called: help comes at once. */
const RUN: Readonly<Record<CommandName, () => Promise<Run>>> = {
  convert: async () => (await import('./convert.js')).convert,
  report: async () => (await import('./report.js')).report,
  plot: async () => (await import('./plot.js')).plot,
  inspect: async () => (await import('./inspect.js')).inspectAll,
  validate: async () => (await import('./validate.js')).validateAll,
  ls: async () => (await import('./ls.js')).listObjects,
  run: async () => (await import('./run.js')).run,
  plan: async () => (await import('./plan.js')).plan,
  work: async () => (await import('./plan.js')).work,
  status: async () => (await import('./status.js')).status,
  slurm: async () => (await import('./schedulers.js')).slurm,
  k8s: async () => (await import('./schedulers.js')).k8s,
  completion: async () => (await import('./completion.js')).completion,
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long a call may take to stop, in ms. */
const PATIENCE_MS = 5000

/** That of a program that SIGPIPE ends. */
const PIPE_CLOSED = 141

/** Runs a call, and returns the exit status. */
async function main(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const [first, ...rest] = argv
  const plain = new Terminal()
  if (first === '--version' || first === '-V') {
    plain.result(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version)
    return EXIT.done
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const command = first === 'help' && rest.length > 0 ? commandNamed(rest[0] as string) : undefined
    const help = command ? await commandHelp(command) : generalHelp()
    if (first !== undefined) plain.result(help)
    else plain.say(help)
    return first === undefined ? EXIT.usage : EXIT.done
  }
  const command = commandNamed(first)
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (options.includes('--help') || options.includes('-h')) {
    plain.result(await commandHelp(command))
    return EXIT.done
  }
  const args = await parse(rest, await optionsOf(command))
  const [least, most] = command.count
  if (args.positionals.length < least || args.positionals.length > most) {
    const received = args.positionals.length === 0 ? 'nothing' : args.positionals.join(' ')
    throw new UsageError(`Expected ${command.positionals} after spikeport ${command.name} but received ${received}.`)
  }
  const terminal = new Terminal({ quiet: args.values.get('quiet') === true, json: args.values.get('json') === true })
  const run = await RUN[command.name]()
  try {
    return await run({ args, terminal, signal })
  } finally {
    terminal.clear()
  }
}

/** Stops the call. What does not end by that, such as a file system that does not answer, ends with the process. */
function interrupt(signal: NodeJS.Signals): void {
  stop.abort(new Interrupted(signal))
  setTimeout(() => endBy(signal), PATIENCE_MS).unref()
}

/** Ends as a program does that does not catch the signal: a shell then stops its loop, too. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name)
  if (command) return command
  const names = COMMANDS.map((each) => each.name)
  const nearest = nearestName(name, names)
  throw new UsageError(`There is no command '${name}'${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}: ${names.join(', ')}.`)
}

// Each command shows the warnings of its own calls.
process.removeAllListeners('warning')
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the results has seen enough.
  if (error.code === 'EPIPE') process.exit(PIPE_CLOSED)
  new Terminal().error(`Results cannot be written: ${error.message}.`)
  process.exit(exitStatusOf(error))
})
// There is no other place to report to.
process.stderr.on('error', () => {})

const argv = process.argv.slice(2)
const stop = new AbortController()
for (const signal of SIGNALS) process.once(signal, () => interrupt(signal))
try {
  process.exitCode = await main(argv, stop.signal)
} catch (error) {
  const terminal = new Terminal({ json: argv.includes('--json') })
  terminal.error(messageOf(error))
  if (error instanceof UsageError) terminal.say('spikeport --help says how it is called.')
  if (terminal.isJson) terminal.json({ status: 'failed', arguments: argv, error: errorAsJson(error) })
  process.exitCode = exitStatusOf(error)
}
const { reason } = stop.signal
if (reason instanceof Interrupted) endBy(reason.signal)
