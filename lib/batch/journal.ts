/**
 * What has been done of a batch: lines of JSON in a folder, one for each output that was made, left or could not be made. Each process that
 * works appends to a file of its own shard; all files are read.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import type { ExportWarning } from '../engine/warnings.js'
import { isPlainObject } from '../recording/attributes.js'
import { entryPath } from '../storage/paths.js'
import { makeFolder } from './folders.js'

/** What became of an output. */
export interface Outcome {
  /** It was made, left as it is, or could not be made. */
  readonly status: 'done' | 'skipped' | 'failed'
  /** The path of the recording, or its S3 URL. */
  readonly input: string
  /** The path of the output, or its S3 URL. */
  readonly output: string
  /** The name of its format. */
  readonly format: string
  /** Of one that is done: what it was made of. */
  readonly fingerprint?: string
  /** Why it was left as it is. */
  readonly reason?: string
  /** Of one that is done: its units. */
  readonly units?: number
  /** Of one that is done: its spikes. */
  readonly spikes?: number
  /** Of one that is done: its size. */
  readonly bytesWritten?: number
  /** How long it took, in ms. */
  readonly elapsedMs?: number
  /** Of one that is done: its files. */
  readonly paths?: readonly string[]
  /** Of one that is done: what it does not hold as may be expected. */
  readonly warnings?: readonly ExportWarning[]
  /** Of one that has failed: why. */
  readonly error?: Failure
  /** Where the spec asks for it. */
  readonly place: string
  /** When it was recorded, in ISO 8601. */
  readonly time: string
}

/** Why an output could not be made. */
export interface Failure {
  /** One sentence. */
  readonly message: string
  /** That of the error; docs/errors.md lists those of this package. */
  readonly code?: string
  /** Whether it may be gone the next time. */
  readonly mayPass: boolean
}

/** What is known of an output that this batch has made. */
export type MadeBefore = Pick<Outcome, 'bytesWritten'> & Required<Pick<Outcome, 'fingerprint'>>

/** Whether an outcome is of an output that was made. */
export function isDone(outcome: Outcome): outcome is Outcome & MadeBefore {
  return outcome.fingerprint !== undefined
}

/** What the names of journals end in. */
export const ENDING = '.jsonl'

export class Journal {
  readonly #file: number
  /** By output: how it was made last. What has failed since has left it as it was. */
  readonly #made: Map<string, MadeBefore>

  private constructor(file: number, made: Map<string, MadeBefore>) {
    this.#file = file
    this.#made = made
  }

  /** @param name - of the file that is appended to, without its ending */
  static async open(folder: string, name: string): Promise<Journal> {
    await makeFolder(folder)
    const made = new Map<string, MadeBefore>()
    for (const outcome of await outcomesIn(folder)) if (isDone(outcome)) made.set(outcome.output, outcome)
    const file = openSync(entryPath(folder, name + ENDING), 'a+')
    // A process that was killed may have left half a line.
    const { size } = fstatSync(file)
    const last = Buffer.alloc(1)
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n') writeSync(file, '\n')
    return new Journal(file, made)
  }

  /** How an output was made last; undefined where that is not known. */
  madeBefore(output: string): MadeBefore | undefined {
    return this.#made.get(output)
  }

  /** @throws Error of the file system, such as that of a full disk */
  add(outcome: Outcome): void {
    // One call, so that lines of two processes do not mix.
    writeSync(this.#file, `${JSON.stringify(outcome)}\n`)
    if (isDone(outcome)) this.#made.set(outcome.output, outcome)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** All that the journals of a folder know, in the order in which it came about; nothing where there is no such folder. */
export async function outcomesIn(folder: string): Promise<Outcome[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const journals = names.filter((name) => name.endsWith(ENDING)).map((name) => readFile(entryPath(folder, name), 'utf8'))
  const lines = (await Promise.all(journals)).flatMap((text) => text.split('\n'))
  return lines.flatMap((line) => outcomeFrom(line) ?? []).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}

/** Undefined for a line that was cut off. */
export function outcomeFrom(line: string): Outcome | undefined {
  try {
    const value: unknown = line === '' ? undefined : JSON.parse(line)
    return isPlainObject(value) && typeof value['output'] === 'string' ? (value as unknown as Outcome) : undefined
  } catch {
    return undefined
  }
}
