/**
 * Copies of installed packages that take no room on the disk.
 */
import { linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a copy of a folder of hard links, for tests that add and remove files there but change none. */
export function linkTree(folder: string, copy: string): void {
  mkdirSync(copy, { recursive: true })
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [from, to] = [join(folder, entry.name), join(copy, entry.name)]
    if (entry.isDirectory()) linkTree(from, to)
    else linkSync(from, to)
  }
}
