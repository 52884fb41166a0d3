/**
 * What all workers of a queue have made: journals in a folder, as `spikeport run` writes them. Each process appends to one of its own, and
 * reads what others have appended since it looked last.
 */
import { randomUUID } from 'node:crypto'
import { appendFile, open, readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { makeFolder } from '../batch/folders.js'
import type { MadeBefore, Outcome } from '../batch/journal.js'
import { ENDING, isDone, outcomeFrom } from '../batch/journal.js'
import { inSlices, isDue, type Steps, spend } from '../steps.js'
import { entryPath } from '../storage/paths.js'

const NEWLINE = 0x0a

/** How an output was made, and when, in ISO 8601. */
type Making = MadeBefore & Pick<Outcome, 'time'>

export class SharedJournal {
  readonly #folder: string
  /** Never one that another process has begun: a killed one may have left half a line. */
  readonly #name = `queue-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}${ENDING}`
  /** By output: how it was made last. */
  readonly #made = new Map<string, Making>()
  /** By the name of a journal: the bytes that have been read. */
  readonly #read = new Map<string, number>()
  #catchingUp: Promise<void> = Promise.resolve()

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<SharedJournal> {
    await makeFolder(folder)
    return new SharedJournal(folder)
  }

  /** Reads what has been recorded since the last call, by any process. */
  catchUp(): Promise<void> {
    // One after the other: two that read the same bytes would both count them. A folder that cannot be read now may be read next time.
    this.#catchingUp = this.#catchingUp.catch(() => {}).then(() => this.#readAll())
    return this.#catchingUp
  }

  /** How an output was made last; undefined where that is not known. */
  madeBefore(output: string): MadeBefore | undefined {
    return this.#made.get(output)
  }

  /** @throws Error of the file system, such as that of a full disk */
  async add(outcome: Outcome): Promise<void> {
    // One call, so that lines of two jobs do not mix.
    await appendFile(entryPath(this.#folder, this.#name), `${JSON.stringify(outcome)}\n`)
  }

  async #readAll(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING))
    for (const name of names) {
      const from = this.#read.get(name) ?? 0
      const lines = await wholeLines(entryPath(this.#folder, name), from)
      this.#read.set(name, from + lines.length)
      if (lines.length > 0) await inSlices(this.#take(lines))
    }
  }

  *#take(lines: Buffer): Steps<void> {
    for (let from = 0; from < lines.length; ) {
      const to = lines.indexOf(NEWLINE, from)
      const outcome = outcomeFrom(lines.toString('utf8', from, to))
      if (outcome && isDone(outcome)) this.#remember(outcome)
      spend(to - from)
      if (isDue()) yield
      from = to + 1
    }
  }

  /** Journals are read one after the other, in no order of time. */
  #remember({ output, fingerprint, bytesWritten, time = '' }: Outcome & MadeBefore): void {
    const known = this.#made.get(output)
    if (known && time < known.time) return
    this.#made.set(output, { fingerprint, time, ...(bytesWritten !== undefined && { bytesWritten }) })
  }
}

/** The lines of a file from a byte on that have ended. */
async function wholeLines(path: string, from: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(size - from, 0))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytes.lastIndexOf(NEWLINE, bytesRead - 1) + 1)
  } finally {
    await file.close()
  }
}
