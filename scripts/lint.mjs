/**
 * What can be said about the sources without running them: types, documentation, the format of native code, and the warnings of
 * two compilers.
 *
 *     npm run lint
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { root } from './setup/shell.mjs'

const COMPILATION = 'build/cmake'

const run = promisify(execFile)
const tsc = (...args) => [process.execPath, ['node_modules/typescript/bin/tsc', ...args]]
const typedoc = (...args) => [process.execPath, ['node_modules/typedoc/bin/typedoc', ...args]]
const native = ['native', 'test/native'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(c|cc|h)$/.test(name))
    .map((name) => `${folder}/${name}`),
)
const compilations = JSON.parse(readFileSync(join(root, COMPILATION, 'compile_commands.json'), 'utf8')).filter(({ file }) =>
  existsSync(file),
)

const jobs = {
  // The build's own commands once more: an incremental build does not repeat its warnings.
  compile: ({ command }) => ['sh', ['-c', `${command.replace(/ -o \S+/, ' -o /dev/null')} -Werror`]],
  tidy: ({ file }) => ['clang-tidy', ['--quiet', '-p', COMPILATION, relative(root, file)]],
}

const passed = [
  await check('types of lib', [tsc('-p', '.', '--noEmit')]),
  await check('types of test', [tsc('-p', 'test')]),
  await check('imports and includes', [[process.execPath, ['scripts/lint/import-graph.mjs']]]),
  await check('documentation of every public name', [typedoc('--emit', 'none')]),
  await check('format of native', [['clang-format', ['--dry-run', '-Werror', ...native]]]),
  await check('compiler warnings', compilations.map(jobs.compile)),
  await check('clang-tidy', compilations.map(jobs.tidy)),
]
process.exitCode = passed.every(Boolean) ? 0 : 1

/**
 * Runs commands, as many at a time as there are cores, and prints the output of those that fail.
 * @param {[string, string[]][]} commands
 */
async function check(what, commands) {
  const started = performance.now()
  const failures = []
  const queue = commands.values()
  const worker = async () => {
    for (const [command, args] of queue) {
      await run(command, args, { cwd: root, maxBuffer: 2 ** 26 }).catch((error) =>
        failures.push(error.stdout || error.stderr || error.message),
      )
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker))
  console.log(`${failures.length > 0 ? '✖' : '✓'} ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  for (const failure of failures) console.log(failure.trimEnd())
  return failures.length === 0
}
