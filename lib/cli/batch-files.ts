/**
 * The files of a batch, as commands name them.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Item } from '../batch/spec/items.js'
import { formatsWithoutMetadata, itemsFrom } from '../batch/spec/items.js'
import { specFrom } from '../batch/spec/spec.js'
import type { Arguments } from './parse.js'
import { pathFrom } from './paths.js'
import type { Terminal } from './terminal.js'
import { UsageError } from './usage-error.js'

/** The recordings that the spec of a call asks for. */
export async function itemsOfSpec({ positionals }: Arguments, terminal: Terminal): Promise<Item[]> {
  const path = pathFrom(positionals[0] as string)
  const spec = specFrom(await readFile(path, 'utf8'), path)
  for (const format of formatsWithoutMetadata(spec))
    terminal.warn(`The metadata of ${path} is not kept in outputs of the format ${format}.`)
  const items = await itemsFrom(spec, resolve(dirname(path)))
  if (items.length === 0) throw new UsageError(`There is no recording in ${path} that is not an output of another.`)
  return items
}

/** The folder of a batch's results. */
export function resultsFolder({ positionals, values }: Arguments): string {
  const given = values.get('results') as string | undefined
  return given ?? `${pathFrom(positionals[0] as string).replace(/(?<=[^/\\])\.[^./\\]+$/, '')}.results`
}

/** A whole number that an option gives. @throws UsageError for another number */
export function wholeNumber({ values }: Arguments, name: string, least: number): number | undefined {
  const value = values.get(name) as number | undefined
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value
  throw new UsageError(`Expected a whole number from ${least} on for --${name} but received ${value}.`)
}
