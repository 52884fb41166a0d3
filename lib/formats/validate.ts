/**
 * Says whether a recording is readable, whole and consistent, and which readers refuse it.
 */
import { readEverything } from '../engine/reading/all-data.js'
import { FormatError, Hdf5Error, invalidValue } from '../errors.js'
import type { Candidate } from '../jobs/candidate.js'
import type { Findings } from '../jobs/findings.js'
import { lazyIfLarge } from '../jobs/large-recording.js'
import type { LoadCall, LoadOptions, LoadPath, LoadProgress } from '../jobs/load-call.js'
import { checkLoadCall } from '../jobs/load-call.js'
import type { Reader } from '../jobs/reader.js'
import type { StoredRecording, ValidationFinding } from '../jobs/validation.js'
import { finding, warned } from '../jobs/validation.js'
import type { SpikeData } from '../model/spike-data.js'
import type { OptionNames } from '../options/checks.js'
import { exportPath } from '../options/export-path.js'
import { isS3Url } from '../storage/s3-url.js'
import type { LoadFormat } from './load.js'
import { withRecognised } from './recognise.js'
import type { CheckedRecording } from './recording-checks.js'
import { checkRecording } from './recording-checks.js'

/** What {@link validate} finds. Plain data: `JSON.stringify` shows all of it. */
export interface Validation {
  /** The path that leads to it, as {@link inspect} has it. */
  path: string
  /** The option `format` of {@link loadSpikeData}; absent where no format recognises it. */
  format?: LoadFormat
  /** Whether no finding is an error. */
  isValid: boolean
  /** The number of units of all recordings in it, as far as they can be read. */
  units: number
  /** Their number of spikes. */
  spikes: number
  /** How many of the units have no spikes. */
  unitsWithoutSpikes: number
  /** How many spikes are at the very end of their recording's window. */
  spikesAtEnd: number
  /** Errors first, then warnings, then readers that refuse it. */
  findings: ValidationFinding[]
}

/** Options of {@link validate}. */
export interface ValidateOptions extends Pick<LoadOptions, 'signal' | 'threads'> {
  /** Called a few times a second while the recording is read. If it throws, the call stops and the promise rejects with that error. */
  onProgress?: ((progress: LoadProgress) => void) | undefined
}

const OPTIONS: OptionNames<ValidateOptions> = { signal: true, threads: true, onProgress: true }

/** Of more findings of one kind the rest are counted. */
const MOST_OF_A_CODE = 100

const LEVELS = ['error', 'warning', 'refused'] as const

/**
 * Validates a file or folder of any format that {@link loadSpikeData} recognises. Everything in an HDF5 file is read, and of other formats all
 * that a recording is made of: damage anywhere in it is found. Memory is bounded: recordings of 20 million spikes stay on the disk where
 * their format can have that.
 *
 * Findings are errors, where a file cannot be read, contradicts itself or breaks the rules of its format; warnings, where it can be read and
 * something is suspicious or left out; and readers that are known to refuse it. docs/validation.md lists all of them.
 *
 * @param path - the file or folder, as a path or a `file:` URL
 * @param options - a {@link ValidateOptions}
 * @returns a promise of a {@link Validation}, also of a file that cannot be read
 * @throws TypeError, RangeError for options that make no sense
 * @throws Error with the file system's `code`, as for a path where nothing is; the signal's reason; what `onProgress` throws
 * @example
 * ```js
 * const { isValid, findings } = await validate('recording.nwb')
 * ```
 */
export async function validate(path: LoadPath, options?: ValidateOptions): Promise<Validation> {
  if (isS3Url(exportPath(path, 'path'))) throw invalidValue('a local path or a file: URL', 'path', `${path}`)
  const call = checkLoadCall<LoadOptions>(path, options, OPTIONS as OptionNames<LoadOptions>)
  const work = new Work(call)
  try {
    await withRecognised(call, (reader, candidate) => work.look(reader, candidate))
  } catch (error) {
    work.addError(error)
  }
  return work.result()
}

/** One call. */
class Work {
  readonly #call: LoadCall<LoadOptions>
  readonly #findings = new Map<string, ValidationFinding>()
  readonly #counts = new Map<string, number>()
  readonly #warnings = new Set<string>()
  #about: Pick<Validation, 'path' | 'format'>
  #checked = { units: 0, spikes: 0, unitsWithoutSpikes: 0, spikesAtEnd: 0 }

  constructor(call: LoadCall<LoadOptions>) {
    this.#call = call
    this.#about = { path: call.path }
  }

  /** Takes each finding once: a loader repeats what reading everything has found. */
  add(...findings: readonly ValidationFinding[]): void {
    for (const each of findings) {
      const kind = `${each.level} ${each.code}`
      const key = JSON.stringify([kind, each.message, each.reader])
      if (this.#findings.has(key)) continue
      const count = (this.#counts.get(kind) ?? 0) + 1
      this.#counts.set(kind, count)
      if (count <= MOST_OF_A_CODE) this.#findings.set(key, each)
    }
  }

  /** What cannot be read; other errors are thrown. */
  addError(error: unknown, object?: string): void {
    if (!(error instanceof FormatError || error instanceof Hdf5Error)) throw error
    // Loaders are given the absolute path, as the working directory may be another by now.
    const message = error.message.replace(`'${this.#call.absolute}`, () => `'${this.#call.path}`)
    this.add(finding('UNREADABLE', message, 'object' in error ? (error.object ?? object) : object))
  }

  async look(reader: Reader, candidate: Candidate): Promise<void> {
    this.#about = { path: candidate.path, format: reader.name as LoadFormat }
    const { signal } = candidate
    if (candidate.isHdf5) await this.#readAll(candidate)
    const found = await this.#attempt(() => reader.inspect(candidate))
    const recordings = found && reader.recordings?.(found)
    if (recordings) {
      for (const recording of recordings) await this.#load(reader, candidate, found, recording, recordings.length > 1)
    } else {
      const assumed = await this.#attempt(async () => reader.asRecognised?.(candidate))
      await this.#load(reader, candidate, found, { options: assumed?.options ?? {}, findings: assumed?.warnings?.map(warned) ?? [] }, false)
    }
    signal?.throwIfAborted()
  }

  async #readAll(candidate: Candidate): Promise<void> {
    await this.#attempt(async () => {
      const { threads } = this.#call.given
      for await (const { path, error, skipped } of readEverything(await candidate.hdf5(), { signal: candidate.signal, threads })) {
        if (skipped === undefined) this.addError(error, path)
        else this.add(finding('NOT_CHECKED', `It is not read: ${skipped}.`, path))
      }
    })
  }

  async #load(
    reader: Reader,
    candidate: Candidate,
    found: Findings | undefined,
    { object, options, findings = [] }: StoredRecording,
    isOfSeveral: boolean,
  ): Promise<void> {
    const { signal, threads, onProgress } = this.#call.given
    this.add(...findings)
    const sd = await this.#attempt(
      () =>
        reader.load(candidate.absolute, {
          ...options,
          ...lazyIfLarge(reader, found),
          ...(threads !== undefined && { threads }),
          signal,
          onProgress,
          onWarning: (warning) => {
            this.#warnings.add(warning.code)
            this.add({ ...warned(warning), ...(object !== undefined && { object }) })
          },
        }),
      object,
    )
    try {
      if (sd) await this.#check(sd, isOfSeveral ? undefined : found, object)
      if (isOfSeveral) return
      const more = await this.#attempt(async () => reader.validate?.(candidate, { found, sd, warnings: this.#warnings }))
      this.add(...(more ?? []))
    } finally {
      await sd?.close()
    }
  }

  async #check(sd: SpikeData, found: Findings | undefined, object: string | undefined): Promise<void> {
    const checked: CheckedRecording | undefined = await this.#attempt(
      () => checkRecording(sd, found, object, this.#call.given.signal),
      object,
    )
    if (!checked) return
    const { findings, ...counts } = checked
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) this.#checked[name] += counts[name]
    this.add(...findings)
  }

  /** What cannot be read is a finding. */
  async #attempt<T>(work: () => Promise<T>, object?: string): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.addError(error, object)
      return undefined
    }
  }

  result(): Validation {
    const findings = [...this.#findings.values()]
    for (const [kind, count] of this.#counts) {
      const [level, code] = kind.split(' ') as [ValidationFinding['level'], string]
      if (count > MOST_OF_A_CODE) findings.push({ level, code, message: `There are ${count - MOST_OF_A_CODE} more of this kind.` })
    }
    findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
    return { ...this.#about, isValid: findings.every(({ level }) => level !== 'error'), ...this.#checked, findings }
  }
}
