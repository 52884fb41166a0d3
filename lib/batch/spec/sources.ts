/**
 * The recordings that a source of a spec stands for.
 */
import type { Stats } from 'node:fs'
import { lstat, stat } from 'node:fs/promises'
import { basename, dirname, relative, resolve } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { withoutEnding } from '../../storage/paths.js'
import { isS3Url } from '../../storage/s3-url.js'

/** A recording, and what the paths of its outputs are made of. */
export interface Source {
  /** An absolute path, or an S3 URL. */
  readonly input: string
  /** Whether a pattern found it. */
  readonly isFound: boolean
  /** Its name without an ending. */
  readonly name: string
  /** Its folder, from where the pattern begins. */
  readonly folder: string
}

/**
 * In the order of their paths; none where nothing matches a pattern.
 *
 * @param source - a path, a pattern, or an S3 URL
 * @param folder - what paths count from
 */
export async function sourcesOf(source: string, folder: string): Promise<Source[]> {
  if (isS3Url(source)) return [{ input: source, isFound: false, name: withoutEnding(basename(source)), folder: '' }]
  const path = resolve(folder, source)
  // Names of recordings may have brackets.
  if (!isDynamicPattern(source) || (await entryAt(path, lstat))) {
    const isFolder = (await entryAt(path, stat))?.isDirectory()
    return [{ input: path, isFound: false, name: isFolder ? basename(path) : withoutEnding(basename(path)), folder: '' }]
  }
  const start = resolve(folder, fixedPart(source))
  const found = await glob(source, { cwd: folder, absolute: true, onlyFiles: false, expandDirectories: false })
  return found.sort().map((match) => {
    const isFolder = match.endsWith('/')
    const input = isFolder ? match.slice(0, -1) : match
    const name = isFolder ? basename(input) : withoutEnding(basename(input))
    return { input, isFound: true, name, folder: relative(start, dirname(input)) }
  })
}

/** What is at a path; undefined for nothing, and for what cannot be reached: converting it says why. */
function entryAt(path: string, look: typeof stat): Promise<Stats | undefined> {
  return look(path).catch(() => undefined)
}

/** The folders of a pattern before the first that is none. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => isDynamicPattern(part))
  return parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.')
}
