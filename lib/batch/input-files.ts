/**
 * The files that an input is made of, as the file system has them.
 */
import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { READERS } from '../formats/registry.js'
import { entryPath } from '../storage/paths.js'

export interface InputFile {
  /** Below the input; empty for the input itself. */
  readonly name: string
  readonly size: number
  /** When it was changed, in ms since 1970. */
  readonly mtimeMs: number
}

/**
 * The input itself, or all files in its folder but hidden ones: Phy keeps caches of its own beside a recording.
 *
 * @throws Error of the file system where nothing is there
 */
export async function filesOf(input: string): Promise<InputFile[]> {
  const { path, entry } = await entryAt(input)
  return entry.isDirectory() ? filesIn(path, '') : [{ name: '', size: entry.size, mtimeMs: entry.mtimeMs }]
}

/** Whether something is at a path, or what a format reads in its place. */
export function isThere(input: string): Promise<boolean> {
  return entryAt(input).then(
    () => true,
    () => false,
  )
}

/** What is at a path, or what a format reads in its place where it leads to nothing. */
async function entryAt(input: string): Promise<{ path: string; entry: Stats }> {
  try {
    return { path: input, entry: await stat(input) }
  } catch (error) {
    for (const { fileAt } of READERS) {
      const path = fileAt?.(input)
      const entry = path === undefined ? undefined : await stat(path).catch(() => undefined)
      if (path !== undefined && entry) return { path, entry }
    }
    throw error
  }
}

async function filesIn(folder: string, name: string): Promise<InputFile[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'))
  const found = entries.map(async (entry): Promise<InputFile[]> => {
    const [path, below] = [entryPath(folder, entry.name), `${name}/${entry.name}`]
    // Links are not followed to folders, where they may lead round in a circle, and some lead nowhere.
    if (entry.isDirectory()) return filesIn(path, below)
    const file = await stat(path).catch(() => undefined)
    return file?.isFile() ? [{ name: below, size: file.size, mtimeMs: file.mtimeMs }] : []
  })
  return (await Promise.all(found)).flat().sort((a, b) => (a.name < b.name ? -1 : 1))
}
