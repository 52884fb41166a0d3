/**
 * What a command shows: results on stdout, all else on stderr, and a line of progress where stderr is a terminal.
 */
import type { Step } from '../batch/progress.js'
import { printable } from '../errors.js'
import { duration, size } from './text.js'

const REDRAW_MS = 100
const BAR = 24

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
  /** Whether stderr is a terminal. */
  readonly isInteractive = process.stderr.isTTY === true
  /** By the rule of no-color.org. */
  readonly #hasColours = this.isInteractive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  /** Lines of progress that are there. */
  #lines = 0
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
    if (!this.isInteractive || this.#quiet) return
    const now = performance.now()
    if (this.#phase?.label !== label) this.#phase = { label, startedAt: now, bytesBefore: bytesDone }
    else if (now - this.#drawnAt < REDRAW_MS && bytesDone < bytesTotal) return
    const { startedAt, bytesBefore } = this.#phase
    const rate = (bytesDone - bytesBefore) / Math.max(now - startedAt, 1)
    const left = rate > 0 && bytesDone < bytesTotal && now - startedAt > 500 ? `   ${duration((bytesTotal - bytesDone) / rate)} left` : ''
    const part = bytesTotal > 0 ? Math.min(bytesDone / bytesTotal, 1) : 0
    this.#draw([`${label.padEnd(11)} ${bar(part)}   ${size(bytesDone)}${rate > 0 ? `   ${size(rate * 1000)}/s` : ''}${left}`])
  }

  /** Shows some lines over those that were there before. @param make - makes them, if it is time to */
  board(make: () => readonly string[]): void {
    if (this.isInteractive && !this.#quiet && performance.now() - this.#drawnAt >= REDRAW_MS) this.#draw(make())
  }

  /** Takes the lines of progress away. */
  clear(): void {
    if (this.#lines > 0) process.stderr.write(`\r${this.#lines > 1 ? `\x1b[${this.#lines - 1}A` : ''}\x1b[J`)
    this.#lines = 0
  }

  #draw(lines: readonly string[]): void {
    this.#drawnAt = performance.now()
    const width = Math.max((process.stderr.columns || 80) - 1, 1)
    const shown = lines.slice(0, Math.max((process.stderr.rows || 24) - 1, 1))
    this.clear()
    process.stderr.write(shown.map((line) => withoutControls(line).slice(0, width)).join('\n'))
    this.#lines = shown.length
  }

  #line(text: string, before?: string): void {
    this.clear()
    process.stderr.write(`${before === undefined ? '' : `${before} `}${withoutControls(text)}\n`)
  }

  #coloured(text: string, colour: keyof typeof COLOURS): string {
    return this.#hasColours ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text
  }
}

/** A bar, and the percentage beside it. @param part - of the work, from 0 to 1 */
export function bar(part: number): string {
  return `${'█'.repeat(Math.round(part * BAR)).padEnd(BAR, '░')} ${`${Math.floor(part * 100)} %`.padStart(5)}`
}

/** Text in lines, in which nothing moves the cursor of a terminal. */
function withoutControls(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, line.length))
    .join('\n')
}
