/**
 * Running commands, and saying so.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const quiet = process.argv.includes('--quiet')

/** A failure that its message explains without a stack. */
export class SetupError extends Error {}

/** What a command prints, or undefined when it is not there or fails. */
export function output(command, args, input) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] })
  return status === 0 ? stdout : undefined
}

/** Whether a command is there and succeeds. */
export function succeeds(command, args, input) {
  return output(command, args, input) !== undefined
}

/**
 * Runs a command that may take a while: prints what and how long, and hides its output unless it fails (or without
 * `--quiet`, when it is streamed).
 * @param {string} what one line for the reader, such as 'Building the addon'
 */
export function step(what, command, args) {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  process.stdout.write(quiet ? `${what} … ` : `${what}\n`)
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  })
  if (status === 0) {
    console.log(quiet ? seconds() : `${what}: ${seconds()}`)
    return
  }
  if (quiet) process.stdout.write(`failed after ${seconds()}\n\n${stdout ?? ''}${stderr ?? ''}`)
  const why = error ? error.message : signal ? `ended by ${signal}` : `exit code ${status}`
  throw new SetupError(`${what} failed (${why}):\n  ${command} ${args.join(' ')}`)
}
