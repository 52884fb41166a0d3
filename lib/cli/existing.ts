/**
 * What happens to an output that is there already.
 */
import { readdir, stat } from 'node:fs/promises'
import type { Format } from '../jobs/format.js'
import { entryPath } from '../storage/paths.js'
import { isS3Url } from '../storage/s3-url.js'
import type { EXISTING } from './own-options.js'
import { UsageError } from './usage-error.js'

export type Existing = (typeof EXISTING)[number]

/**
 * Why an output is left as it is; undefined where it is to be written.
 *
 * @throws Error with the code `EEXIST` where that is an error
 */
export async function reasonToSkip(existing: Existing, input: string, output: string, format: Format): Promise<string | undefined> {
  if (existing === 'overwrite') return undefined
  const written = await writtenAt(output, format)
  if (written === undefined) return undefined
  if (existing === 'skip') return 'it is there'
  if (existing === 'error') {
    const error = new Error(`${output} is there already: --existing skip, overwrite or refresh says what to do.`)
    throw Object.assign(error, { code: 'EEXIST', path: output })
  }
  if (isS3Url(input)) throw new UsageError(`Expected another value than refresh for --existing, as ${input} is not looked at.`)
  return (await changedAt(input)) <= written ? `it is as new as ${input}` : undefined
}

/** When an output was written, in ms since 1970; undefined where there is none. */
async function writtenAt(output: string, { output: { kind, ...files } }: Format): Promise<number | undefined> {
  const extensions = kind === 'files' && 'extensions' in files ? files.extensions : ['']
  const times = await Promise.all(extensions.map((extension) => timesAt(output.endsWith(extension) ? output : output + extension)))
  const all = times.flat()
  return all.length > 0 ? Math.min(...all) : undefined
}

/** When an input was changed last. */
async function changedAt(input: string): Promise<number> {
  return Math.max(...(await timesAt(input)), 0)
}

/** When a file, or each file of a folder, was changed; none where nothing is there. */
async function timesAt(path: string): Promise<number[]> {
  try {
    const found = await stat(path)
    if (!found.isDirectory()) return [found.mtimeMs]
    const names = await readdir(path)
    const entries = await Promise.all(names.map((name) => stat(entryPath(path, name))))
    return entries.filter((entry) => entry.isFile()).map(({ mtimeMs }) => mtimeMs)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
