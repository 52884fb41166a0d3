/**
 * The package managers and bundlers that the package is tried with, in the releases that tools/package-lock.json pins.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '../support/child.js'

const pins = fileURLToPath(new URL('tools', import.meta.url))
const folder = fileURLToPath(new URL('../../build/package-tools', import.meta.url))

export interface Tools {
  /** Loads a tool's API. */
  load: NodeJS.Require
  /** The path of a file of a tool. */
  file(name: string): string
}

/** Installs the tools below build/, unless they are there. */
export async function packageTools(): Promise<Tools> {
  const lock = join(folder, 'package-lock.json')
  const isCurrent = existsSync(lock) && readFileSync(lock).equals(readFileSync(join(pins, 'package-lock.json')))
  if (!isCurrent || !existsSync(join(folder, 'node_modules/.package-lock.json'))) {
    mkdirSync(folder, { recursive: true })
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(pins, name), join(folder, name))
    // Not `npm ci`: some packages for other platforms, which are optional, are in no lock file, as not every registry has them.
    const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const { code, stderr } = await startProcess('npm', install, folder).ended
    if (code !== 0) throw new Error(`The package managers and bundlers could not be installed:\n${stderr}`)
  }
  return { load: createRequire(join(folder, 'package.json')), file: (name) => join(folder, 'node_modules', name) }
}
