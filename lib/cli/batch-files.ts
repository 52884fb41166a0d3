/**
 * The files of a batch, as commands name them.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isThere } from '../batch/input-files.js'
import type { Item } from '../batch/spec/items.js'
import { formatsWithoutMetadata, itemsFrom } from '../batch/spec/items.js'
import { specFrom } from '../batch/spec/spec.js'
import { isS3Url } from '../storage/s3-url.js'
import type { Arguments } from './parse.js'
import { typedName } from './parse.js'
import { pathFrom } from './paths.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

/** The recordings that the spec of a call asks for. */
export async function itemsOfSpec({ positionals }: Arguments, terminal: Terminal): Promise<Item[]> {
  const path = pathFrom(positionals[0] as string)
  const spec = specFrom(await textOf(path), path)
  for (const format of formatsWithoutMetadata(spec))
    terminal.warn(`The metadata of ${path} is not kept in outputs of the format ${format}.`)
  const items = await itemsFrom(spec, resolve(dirname(path)))
  if (items.length === 0) throw new UsageError(`There is no recording in ${path} that is not an output of another.`)
  return items
}

/** @throws UsageError for what is no text, or a plan */
async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EISDIR' ? new UsageError(`Expected a spec but ${path} is a folder.`) : error
  })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(`Expected a spec but ${path} is no text in UTF-8.`)
  }
  if (text.startsWith('{"spikeportPlan"')) throw new UsageError(`Expected a spec but ${path} is a plan: spikeport work takes it.`)
  return text
}

/** Says which of the recordings are not there, before they are due. */
export async function warnOfMissing(items: readonly Item[], terminal: Terminal): Promise<void> {
  for (const { input, place } of items) {
    if (!isS3Url(input) && !(await isThere(input))) terminal.warn(`${input} is not there (${place}).`)
  }
}

/** The folder of a batch's results. */
export function resultsFolder({ positionals, values }: Arguments): string {
  const given = values.get('results') as string | undefined
  if (given === '') throw new UsageError('Expected a folder for --results but received nothing.')
  return given ?? `${pathFrom(positionals[0] as string).replace(/(?<=[^/\\])\.[^./\\]+$/, '')}.results`
}

/** The most threads that an export takes, and more processes than a machine has cores. */
const MOST = 1024

/** A whole number that an option gives. @throws UsageError for another number */
export function wholeNumber({ values }: Arguments, name: string, least: number, most = MOST): number | undefined {
  const value = values.get(name) as number | undefined
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return value
  throw new UsageError(`Expected a whole number from ${least} to ${most} for --${typedName(name)} but received ${value}.`)
}
