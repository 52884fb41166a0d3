/**
 * Trees of files: what is in them, and copies that take no room on the disk.
 */
import { linkSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The names of all files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort()
}

/** Makes a copy of a folder of hard links, for tests that add and remove files there but change none. */
export function linkTree(folder: string, copy: string): void {
  mkdirSync(copy, { recursive: true })
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [from, to] = [join(folder, entry.name), join(copy, entry.name)]
    if (entry.isDirectory()) linkTree(from, to)
    else linkSync(from, to)
  }
}
