/**
 * The Python with the reference in it: the virtual environment of pinned packages that the interoperability tests use
 * (test/interop/python.ts), made here in the same way when no test has made it yet.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, root, SetupError } from '../scripts/setup/shell.mjs'

const NAME = 'numpy2'
const REQUIREMENTS = join(root, 'test/interop/requirements.txt')
/** The Pythons that the pinned packages have wheels for, 3.x. */
const MINORS = { first: 10, last: 13 }
const COMMANDS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']
const VERSION = 'import sys, venv, ensurepip, fcntl; print(*sys.version_info[:3], sep=".")'

/** The path of that environment's Python. */
export function referencePython() {
  const { command, version } = systemPython()
  const folder = join(root, '.venv', NAME)
  const stamp = createHash('sha256').update(version).update(readFileSync(REQUIREMENTS)).digest('hex')
  // It returns at once where the environment is there and has this stamp.
  const { status } = spawnSync(command, ['-B', join(root, 'test/interop/environment.py'), REQUIREMENTS, folder, stamp], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new SetupError('The Python packages of test/interop/requirements.txt could not be installed.')
  return join(folder, 'bin', 'python')
}

function systemPython() {
  for (const command of COMMANDS) {
    const version = output(command, ['-c', VERSION])?.trim()
    const [major, minor] = (version ?? '').split('.').map(Number)
    if (major === 3 && minor >= MINORS.first && minor <= MINORS.last) return { command, version }
  }
  throw new SetupError(`The reference needs a Python from 3.${MINORS.first} to 3.${MINORS.last} with its venv module.`)
}
