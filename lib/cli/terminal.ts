/**
 * What a command shows: results on stdout, all else on stderr, and a line of progress where stderr is a terminal.
 */
import type { Step } from '../batch/progress.js'
import { printable } from '../errors.js'
import { duration, size } from './text.js'

const REDRAW_MS = 100
const BAR = 24

const CLEAR_LINE = '\r\x1b[2K'
const COLOURS = { red: 31, yellow: 33 } as const

/** What is asked of it. */
export interface TerminalOptions {
  /** Whether only errors are shown on stderr. Default false. */
  readonly quiet?: boolean
  /** Whether results are lines of JSON. Default false. */
  readonly json?: boolean
}

export class Terminal {
  readonly isJson: boolean
  readonly #quiet: boolean
  readonly #isInteractive = process.stderr.isTTY === true
  /** By the rule of no-color.org. */
  readonly #hasColours = this.#isInteractive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  #hasLine = false
  #drawnAt = 0
  #phase: { label: string; startedAt: number; bytesBefore: number } | undefined

  constructor({ quiet = false, json = false }: TerminalOptions = {}) {
    this.isJson = json
    this.#quiet = quiet
  }

  /** A result: one line, or several. */
  result(text: string): void {
    this.clear()
    process.stdout.write(`${process.stdout.isTTY ? withoutControls(text) : text}\n`)
  }

  /** A result as a line of JSON. */
  json(value: object): void {
    this.result(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)))
  }

  /** What a person may want to know. */
  say(text: string): void {
    if (!this.#quiet) this.#line(text)
  }

  warn(message: string): void {
    if (!this.#quiet) this.#line(message, this.#coloured('warning:', 'yellow'))
  }

  error(message: string): void {
    this.#line(message, this.#coloured('error:', 'red'))
  }

  /**
   * Shows how far work has come, over the line that was there before.
   *
   * @param step - one with another label starts another measurement of the rate
   */
  progress({ label, bytesDone, bytesTotal }: Step): void {
    if (!this.#isInteractive || this.#quiet) return
    const now = performance.now()
    if (this.#phase?.label !== label) this.#phase = { label, startedAt: now, bytesBefore: bytesDone }
    else if (now - this.#drawnAt < REDRAW_MS && bytesDone < bytesTotal) return
    this.#drawnAt = now
    const { startedAt, bytesBefore } = this.#phase
    const rate = (bytesDone - bytesBefore) / Math.max(now - startedAt, 1)
    const left = rate > 0 && bytesDone < bytesTotal && now - startedAt > 500 ? `   ${duration((bytesTotal - bytesDone) / rate)} left` : ''
    const part = bytesTotal > 0 ? Math.min(bytesDone / bytesTotal, 1) : 0
    const bar = '█'.repeat(Math.round(part * BAR)).padEnd(BAR, '░')
    const percent = `${Math.floor(part * 100)} %`.padStart(5)
    const text = `${label.padEnd(11)} ${bar} ${percent}   ${size(bytesDone)}${rate > 0 ? `   ${size(rate * 1000)}/s` : ''}${left}`
    process.stderr.write(CLEAR_LINE + text.slice(0, Math.max((process.stderr.columns || 80) - 1, 1)))
    this.#hasLine = true
  }

  /** Takes the line of progress away. */
  clear(): void {
    if (this.#hasLine) process.stderr.write(CLEAR_LINE)
    this.#hasLine = false
  }

  #line(text: string, before?: string): void {
    this.clear()
    process.stderr.write(`${before === undefined ? '' : `${before} `}${withoutControls(text)}\n`)
  }

  #coloured(text: string, colour: keyof typeof COLOURS): string {
    return this.#hasColours ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text
  }
}

/** Text in lines, in which nothing moves the cursor of a terminal. */
function withoutControls(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, line.length))
    .join('\n')
}
