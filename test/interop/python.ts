/**
 * Python, for the tests: virtual environments with pinned readers, made on first use, and checkers that run in them.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const repository = dirname(dirname(here))

/** tap's time limit for test files that use Python: long enough to make an environment over a slow line. */
export const PYTHON_TIMEOUT_MS = 900_000

/** What each environment is made from, and the first Python its pinned versions have no wheels for. */
const ENVIRONMENTS = {
  /** Today's numpy, SpikeLab, h5py and an S3 server. */
  numpy2: { requirements: 'requirements.txt', below: 14 },
  /** SpikeLab on an old numpy. */
  numpy1: { requirements: 'requirements-numpy1.txt', below: 13 },
}

/** A Python to run scripts with, or why there is none. */
export interface PythonEnvironment {
  python: string
  /** For tap's `skip` option: false, or the reason. */
  skip: string | false
}

/** The environment of that name, made if it is not there or its requirements have changed. */
export async function pythonEnvironment(name: keyof typeof ENVIRONMENTS): Promise<PythonEnvironment> {
  const { requirements, below } = ENVIRONMENTS[name]
  const folder = join(repository, '.venv', name)
  const python = join(folder, 'bin', 'python')
  const source = join(here, requirements)
  const system = await systemPython(below)
  if (system === undefined) return { python, skip: `no Python from 3.10 to 3.${below - 1} with venv was found` }
  const stamp = createHash('sha256')
    .update(system.version)
    .update(await readFile(source))
    .digest('hex')
  if ((await readFile(join(folder, 'stamp'), 'utf8').catch(() => '')) === stamp) return { python, skip: false }
  try {
    await run(system.command, ['-B', join(here, 'environment.py'), source, folder, stamp])
    return { python, skip: false }
  } catch (error) {
    return { python, skip: `the Python packages of ${requirements} could not be installed: ${lastLine(error)}` }
  }
}

/** What a Python script of this folder prints. Rejects with its traceback when it fails. */
export async function runPython(
  environment: PythonEnvironment,
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<string> {
  const { stdout } = await run(environment.python, ['-B', ...flags, join(here, script), ...args], { maxBuffer: 2 ** 28 })
  return stdout
}

/** One thing to check: its name, and whatever its checker wants to know. */
export interface Case {
  name: string
  [field: string]: unknown
}

/**
 * Checks all cases in one Python process, which is slow to start, and passes or fails each under its own name.
 *
 * @param script - a checker: reads the path of a JSON manifest from its arguments and prints the problems of each case
 * @param shared - what all cases need, such as the recordings
 */
export async function check(
  t: Test,
  environment: PythonEnvironment,
  script: string,
  cases: readonly Case[],
  { shared = {}, flags = [] }: { shared?: object; flags?: readonly string[] } = {},
): Promise<void> {
  const manifest = join(t.testdirName, `${script}.json`)
  await writeFile(manifest, JSON.stringify({ ...shared, cases }))
  const problems = new Map<string, string[]>(JSON.parse(await runPython(environment, script, [manifest], flags)))
  for (const { name } of cases) t.same(problems.get(name), [], name)
}

interface SystemPython {
  command: string
  version: string
}

/** The first Python 3.10 or newer, below 3.`below`, that can make environments. */
async function systemPython(below: number): Promise<SystemPython | undefined> {
  if (process.platform === 'win32') return undefined
  const script = 'import sys, venv, ensurepip, fcntl; print(*sys.version_info[:3], sep=".")'
  for (const command of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const version = await run(command, ['-c', script]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    )
    const [major, minor] = version.split('.').map(Number)
    if (major === 3 && minor! >= 10 && minor! < below) return { command, version }
  }
  return undefined
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n').at(-1) as string
}
