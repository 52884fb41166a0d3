/**
 * A worker process, from the side of the process that starts it.
 */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Conversion } from './conversion.js'
import type { Made } from './convert-item.js'
import type { Step } from './progress.js'
import type { Manner } from './target.js'
import type { Order, Word } from './worker.js'

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url))

/** The end of what it wrote to stderr, in characters. */
const MOST_OF_STDERR = 400

/** How long a worker may take to remove what it has begun, in ms. */
const GRACE = 800

export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<string>
  #said = ''

  constructor() {
    this.#child = fork(WORKER, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const stderr = this.#child.stderr as Readable
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-MOST_OF_STDERR)
    })
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', ({ message }) => resolve(`The process that was to convert it could not be started: ${message}.`))
      // Not its event 'close', which does not come once the two are disconnected. What it has said last may come a little later.
      this.#child.once('exit', (code, signal) => {
        const tell = () => resolve(howItEnded(code, signal, this.#said))
        if (stderr.readableEnded) tell()
        else stderr.once('close', tell)
      })
    })
  }

  /** Whether it takes another recording. */
  get isAlive(): boolean {
    return this.#child.connected
  }

  /**
   * Converts a recording.
   *
   * @returns what became of each target: all of them failed where the process ended
   */
  async convert(conversion: Conversion, manner: Manner, onStep: (step: Step) => void): Promise<readonly Made[]> {
    const startedAt = performance.now()
    const child = this.#child
    const listening = new AbortController()
    const made = new Promise<readonly Made[]>((resolve) => {
      const onWord = (word: Word) => ('made' in word ? resolve(word.made) : onStep(word.step))
      child.on('message', onWord)
      listening.signal.addEventListener('abort', () => child.off('message', onWord))
    })
    const order: Order = { conversion, manner }
    // That it has ended says more than that it cannot be reached.
    child.send(order, () => {})
    const crashed = this.#ended.then((message): readonly Made[] =>
      conversion.targets.map(() => ({ status: 'failed', error: { message, mayPass: false }, elapsedMs: performance.now() - startedAt })),
    )
    try {
      return await Promise.race([made, crashed])
    } finally {
      listening.abort()
    }
  }

  /** Stops what it does, of which nothing is left, and ends it. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    if (this.#child.connected) this.#child.disconnect()
    const deadline = AbortSignal.timeout(GRACE)
    await Promise.race([this.#ended, once(deadline, 'abort')])
    this.#child.kill('SIGKILL')
  }
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const by = signal === null ? `ended with exit status ${code}` : `was ended by ${signal}`
  const memory = signal === 'SIGKILL' ? ', as the system does when memory is short' : ''
  const last = said.trim().split('\n').at(-1)?.trim()
  return `The process that converted it ${by}${memory}${last ? `: ${last}` : ''}.`
}
