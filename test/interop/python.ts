/**
 * Python, for the tests: virtual environments with pinned readers, made on first use, and checkers that run in them.
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import type { PythonEnvironment } from './environments.mjs'

export type { PythonEnvironment } from './environments.mjs'
export { pythonEnvironment } from './environments.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))

/**
 * What a Python script of this folder prints. Rejects with its traceback when it fails.
 *
 * Without the variables of Python's own, one of which may forbid it to keep bytecode: that of readers is made as they are imported.
 */
export async function runPython(
  environment: PythonEnvironment,
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<string> {
  const { stdout } = await run(environment.python, ['-E', ...flags, join(here, script), ...args], { maxBuffer: 2 ** 28 })
  return stdout
}

/** One case to check: its name, and the fields that its checker needs. */
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
  if (cases.length === 0) throw new Error(`There is nothing for ${script} to check.`)
  const manifest = join(t.testdirName, `${script}.json`)
  await writeFile(manifest, JSON.stringify({ ...shared, cases }))
  const problems = new Map<string, string[]>(JSON.parse(await runPython(environment, script, [manifest], flags)))
  for (const { name } of cases) t.same(problems.get(name), [], name)
}
