/**
 * What callers put into a queue: recordings, and what each is converted to.
 */
import { resolve } from 'node:path'
import type { Conversion, Options, Target } from '../batch/conversion.js'
import { INPUT_NAMES, loaderNamed } from '../batch/conversion.js'
import type { Item } from '../batch/spec/items.js'
import { invalidType, invalidValue } from '../errors.js'
import { OUTPUTS, outputByEnding } from '../formats/outputs.js'
import { oneOf, optionsFrom, requiredString } from '../options/checks.js'
import { isPlainObject } from '../recording/attributes.js'
import { isS3Url } from '../storage/s3-url.js'

/** An output of a recording. */
export interface QueuedTarget {
  /** A path, which counts from the working directory of the process that enqueues, or an S3 URL. Workers write there. */
  readonly output: string
  /** The format, such as `'nwb'`, `'hdf5'`, `'kilosort'`, `'phy'`, `'pickle'`. Default: the ending of `output` says it. */
  readonly to?: string
  /** Options of the exporter by their names, as plain data that survives JSON. Dates are texts in ISO 8601. */
  readonly writing?: Readonly<Record<string, unknown>>
}

/** A recording, and what it is converted to. */
export interface QueuedRecording {
  /** A file, folder or archive, which workers can read, or an S3 URL. */
  readonly input: string
  /** The format. Default: what is in the input says it, and the ending of an S3 URL. */
  readonly from?: string
  /** Options of the loader by their names, as plain data. */
  readonly reading?: Readonly<Record<string, unknown>>
  /** One or more. */
  readonly targets: readonly QueuedTarget[]
}

/** The data of a job: a recording whose paths are absolute and whose formats are known by name. */
export type JobData = Item

const RECORDING = { input: true, from: true, reading: true, targets: true } as const
const TARGET = { output: true, to: true, writing: true } as const

/**
 * The data of the job that converts it.
 *
 * @throws TypeError or RangeError for what is no recording, and for formats that are not known
 */
export function jobDataFrom(recording: QueuedRecording, index: number): JobData {
  const name = `recordings[${index}]`
  const given = optionsFrom<QueuedRecording>(recording, RECORDING, name)
  const input = requiredString(given.input, `${name}.input`)
  if (!Array.isArray(given.targets)) throw invalidType('a list', `${name}.targets`, given.targets)
  if (given.targets.length === 0) throw invalidValue('at least one output', `${name}.targets`, given.targets)
  const from = formatOf(given, name)
  return {
    input: located(input),
    ...(from !== undefined && { from }),
    reading: { ...plain(given.reading, `${name}.reading`), ...(isS3Url(input) && { s3Download: true }) },
    targets: given.targets.map((target, i) => targetFrom(target, `${name}.targets[${i}]`)),
    place: name,
  }
}

function targetFrom(target: QueuedTarget, name: string): Target {
  const given = optionsFrom<QueuedTarget>(target, TARGET, name)
  const output = requiredString(given.output, `${name}.output`)
  const to = given.to ?? outputByEnding(output)
  if (to === undefined) throw invalidValue(`a format, as the ending of the output is that of none,`, `${name}.to`, given.to)
  return {
    output: located(output),
    to: oneOf(to, `${name}.to`, [...OUTPUTS.keys()]),
    writing: { ...plain(given.writing, `${name}.writing`), ...(isS3Url(output) && { s3Upload: true }) },
  }
}

function formatOf({ input, from }: QueuedRecording, name: string): Conversion['from'] {
  if (from !== undefined) return loaderNamed(oneOf(from, `${name}.from`, INPUT_NAMES))
  if (!isS3Url(input)) return undefined
  const byEnding = outputByEnding(input)
  if (byEnding === undefined) throw invalidValue('a format, as the ending of the input is that of none,', `${name}.from`, from)
  return loaderNamed(byEnding)
}

function plain(value: unknown, name: string): Options {
  if (value === undefined) return {}
  if (!isPlainObject(value)) throw invalidType('a plain object', name, value)
  return value
}

function located(path: string): string {
  return isS3Url(path) ? path : resolve(path)
}
