/**
 * What is there already where an output is to be.
 */
import { readdir, stat } from 'node:fs/promises'
import { valueError } from '../errors.js'
import type { Format } from '../jobs/format.js'
import { entryPath } from '../storage/paths.js'
import { isS3Url } from '../storage/s3-url.js'

/** The kind of output that a format has, or a picture or page. */
export type OutputKind = Pick<Format, 'output'>

/** What may happen to an output that is there already. */
export const EXISTING = ['error', 'skip', 'overwrite', 'refresh'] as const

/** What happens to an output that is there already. */
export type Existing = (typeof EXISTING)[number]

/** @throws RangeError for an output that is the input, under whichever name: what it does not hold would be lost */
export async function requireOther(input: string, output: string, format: OutputKind): Promise<void> {
  if (isS3Url(input) || isS3Url(output)) return
  const [read] = await found([input])
  if (read && (await found(pathsOf(output, format))).some(({ dev, ino }) => dev === read.dev && ino === read.ino)) {
    throw valueError(`Expected an output that is not the input, as ${output} is ${input}.`)
  }
}

/** The error of an output that may not be there. */
export function alreadyThere(output: string): Error & { code: string } {
  const error = new Error(`${output} is there already: --existing skip, overwrite or refresh says what to do.`)
  return Object.assign(error, { code: 'EEXIST' })
}

/** @throws Error with the code `EISDIR` for a folder where a file is to be */
export async function requirePlace(output: string, { output: { kind } }: OutputKind): Promise<void> {
  if (kind !== 'file' || isS3Url(output)) return
  const [there] = await found([output])
  if (there?.isDirectory()) throw Object.assign(new Error(`${output} is a folder.`), { code: 'EISDIR' })
}

/** Where an output is. */
export function pathsOf(path: string, { output }: OutputKind): string[] {
  if (output.kind !== 'files') return [path]
  const ending = output.extensions.find((extension) => path.endsWith(extension)) ?? ''
  return output.extensions.map((extension) => path.slice(0, path.length - ending.length) + extension)
}

/** When an output was written, in ms since 1970; undefined where there is none. A folder may have files of others in it. */
export async function writtenAt(path: string, format: OutputKind): Promise<number | undefined> {
  const { output } = format
  const paths = pathsOf(path, format)
  const mark = output.kind === 'folder' ? await found([entryPath(path, output.mark)]) : []
  if (mark[0]) return mark[0].mtimeMs
  const times = (await Promise.all(paths.map(timesAt))).flat()
  return times.length > 0 ? Math.min(...times) : undefined
}

/** When an input was changed last; undefined where nothing is there by this name. */
export async function changedAt(path: string): Promise<number | undefined> {
  const times = await timesAt(path)
  return times.length > 0 ? Math.max(...times) : undefined
}

/** When a file, or each entry of a folder, was changed; none where nothing is there. */
async function timesAt(path: string): Promise<number[]> {
  const [file] = await found([path])
  if (!file) return []
  if (!file.isDirectory()) return [file.mtimeMs]
  const names = await readdir(path)
  const times = (await found(names.map((name) => entryPath(path, name)))).map(({ mtimeMs }) => mtimeMs)
  // One with nothing but links that lead nowhere is not empty.
  return times.length > 0 || names.length === 0 ? times : [file.mtimeMs]
}

/** Those files and folders of some paths that are there. */
async function found(paths: readonly string[]) {
  const all = await Promise.all(
    paths.map((path) =>
      stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
        throw error
      }),
    ),
  )
  return all.filter((each) => each !== undefined)
}
