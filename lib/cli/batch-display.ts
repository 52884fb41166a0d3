/**
 * What is shown of a batch while it runs, and at its end.
 */
import { relative } from 'node:path'
import { MADE_BEFORE } from '../batch/due.js'
import type { Failure, Outcome } from '../batch/journal.js'
import type { Step } from '../batch/progress.js'
import type { Item } from '../batch/spec/items.js'
import { isS3Url } from '../storage/s3-url.js'
import { EXIT } from './command.js'
import { table } from './table.js'
import type { Terminal } from './terminal.js'
import { bar } from './terminal.js'
import { count, counted, duration, size } from './text.js'

/** The time between two lines where stderr is no terminal, in ms. */
const PACE = 30_000

/** A warning, and the outputs that have it. */
interface Repeated {
  readonly message: string
  outputs: number
}

/** The most characters of a path on the board: its end says most. */
const MOST_OF_PATH = 56

/** A path from the working folder, where that is shorter, without its beginning where it is long. */
function shortPath(path: string): string {
  const fromHere = isS3Url(path) ? path : relative(process.cwd(), path)
  const shorter = fromHere.length < path.length ? fromHere : path
  return shorter.length <= MOST_OF_PATH ? shorter : `…${shorter.slice(1 - MOST_OF_PATH)}`
}

/** What went wrong with a recording, and where the spec asks for it. */
export function problemText({ input, place }: Outcome, { message }: Failure): string {
  return `${message.includes(input) ? '' : `${input}: `}${message} (${place})`
}

export class BatchDisplay {
  readonly #terminal: Terminal
  readonly #outputs: number
  readonly #startedAt = performance.now()
  readonly #steps = new Map<string, Step>()
  readonly #warnings = new Map<string, Repeated>()
  /** Outcomes by format, in the order of the first. */
  readonly #counts = new Map<string, Record<Outcome['status'], number>>()
  readonly #sums = { done: 0, skipped: 0, failed: 0, passing: 0, other: 0, spikes: 0, bytes: 0 }
  #saidAt = performance.now()
  /** What was said last. */
  #problem: string | undefined

  constructor(terminal: Terminal, items: readonly Item[]) {
    this.#terminal = terminal
    this.#outputs = items.reduce((sum, { targets }) => sum + targets.length, 0)
  }

  readonly onStep = (input: string, step: Step | undefined): void => {
    if (step) this.#steps.set(input, step)
    else this.#steps.delete(input)
    this.#terminal.board(() => this.#board())
  }

  readonly onOutcome = (outcome: Outcome): void => {
    const { status, output, format, reason, warnings = [], error } = outcome
    const sums = this.#sums
    sums[status]++
    sums.spikes += outcome.spikes ?? 0
    sums.bytes += outcome.bytesWritten ?? 0
    if (error?.mayPass) sums.passing++
    if (status === 'skipped' && reason !== MADE_BEFORE) sums.other++
    const counts = this.#counts.get(format) ?? { done: 0, skipped: 0, failed: 0 }
    this.#counts.set(format, counts)
    counts[status]++
    for (const { code, message } of warnings) {
      const known = this.#warnings.get(code)
      if (known) known.outputs++
      else this.#warnings.set(code, { message, outputs: 1 })
    }
    const terminal = this.#terminal
    // What is wrong with a recording is so for all its outputs.
    const problem = error && problemText(outcome, error)
    if (problem !== undefined && problem !== this.#problem) terminal.error(problem)
    this.#problem = problem
    if (terminal.isJson) terminal.json(outcome)
    else if (status === 'done') terminal.result(output)
    terminal.board(() => this.#board())
    this.#sayNowAndThen()
  }

  /** Shows the table at the end. */
  summary(results: string): void {
    const { spikes, bytes } = this.#sums
    const rows = [...this.#counts].map(([format, { done, skipped, failed }]) => [format, ...[done, skipped, failed].map(count)])
    const terminal = this.#terminal
    for (const [code, { message, outputs }] of this.#warnings) terminal.warn(`${counted(outputs, 'output')}: ${message} (${code})`)
    terminal.say(table(['', 'done', 'skipped', 'failed'], rows))
    const { other } = this.#sums
    if (other > 0) {
      terminal.warn(
        `${counted(other, 'output')} left as they are, though not made as this batch would make them now: --existing refresh does.`,
      )
    }
    const elapsed = duration(performance.now() - this.#startedAt)
    terminal.say(`Wrote ${counted(spikes, 'spike')}, ${size(bytes)}, in ${elapsed}. Results are in ${results}.`)
  }

  /** The exit status that the outcomes make: to try again where all failures may pass. */
  get exitStatus(): number {
    const { failed, passing } = this.#sums
    if (failed === 0) return EXIT.done
    return failed === passing ? EXIT.tryAgain : EXIT.failed
  }

  get #ended(): number {
    const { done, skipped, failed } = this.#sums
    return done + skipped + failed
  }

  #board(): string[] {
    const { failed, skipped, bytes } = this.#sums
    const part = this.#ended / this.#outputs
    const elapsed = performance.now() - this.#startedAt
    const made = this.#ended - skipped
    const left = made > 0 && elapsed > 1000 ? `   ${duration((elapsed / made) * (this.#outputs - this.#ended))} left` : ''
    const failures = failed > 0 ? `   ${count(failed)} failed` : ''
    const steps = [...this.#steps].map(([input, { label, bytesDone, bytesTotal }]) => {
      const percent = bytesTotal > 0 ? `${Math.floor((bytesDone / bytesTotal) * 100)} %` : ''
      return `  ${label.padEnd(11)} ${percent.padStart(5)}   ${shortPath(input)}`
    })
    return [`${bar(part)}   ${count(this.#ended)} of ${counted(this.#outputs, 'output')}   ${size(bytes)}${left}${failures}`, ...steps]
  }

  /** A line for logs, where no one sees a board. */
  #sayNowAndThen(): void {
    const now = performance.now()
    if (this.#terminal.isInteractive || now - this.#saidAt < PACE) return
    this.#saidAt = now
    this.#terminal.say(`${count(this.#ended)} of ${counted(this.#outputs, 'output')}, ${count(this.#sums.failed)} failed.`)
  }
}
