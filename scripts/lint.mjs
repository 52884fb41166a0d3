/**
 * What can be checked without running the code.
 *
 *     node scripts/lint.mjs ts        format, rules, unhandled promises, types, imports, documentation of public names
 *     node scripts/lint.mjs types     types alone
 *     node scripts/lint.mjs native    format, compiler warnings, clang-tidy
 */
import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { checkSources } from './lint/batches.mjs'
import { inParallel, run } from './lint/run.mjs'
import { addon, configuration } from './setup/build.mjs'
import { output, root } from './setup/shell.mjs'

const BUILD = 'build/lint'
const node = (script, ...args) => run(process.execPath, [`node_modules/${script}`, ...args])
/** The newest, which is several times as fast as the one that tap and typedoc take. */
const typescript = (...args) => node('typescript-7/bin/tsc', ...args)

const TYPES = {
  'types of lib': () => typescript('-p', '.', '--noEmit'),
  'types of the page': () => typescript('-p', 'tsconfig.page.json'),
  'types of test': () => typescript('-p', 'test'),
  'types of JavaScript': () => typescript('-p', 'tsconfig.tools.json'),
}

/** By group, what is checked, and the function that returns the output of what failed. */
const CHECKS = {
  ts: {
    'format and rules': () => node('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
    'unhandled promises': () => node('oxlint/bin/oxlint', '--type-aware', '--deny-warnings', 'lib', 'test', 'scripts', 'bench', 'examples'),
    ...TYPES,
    'imports and includes': () => run(process.execPath, ['scripts/lint/import-graph.mjs']),
    'documentation of every public name': () => node('typedoc/bin/typedoc', '--emit', 'none'),
  },
  types: TYPES,
  native: {
    'format of native': () => run('clang-format', ['--dry-run', '-Werror', ...nativeFiles()]),
    // With CI set, the addon was built with warnings as errors just now.
    ...(addon.isStrict ? {} : { 'compiler warnings': compile }),
    'clang-tidy': tidy,
  },
}

const group = process.argv[2]
if (!Object.hasOwn(CHECKS, group)) throw new Error(`Expected ${Object.keys(CHECKS).join(' or ')} but received ${group}.`)
// What is native needs the compile commands of the build, and takes all cores by itself.
const atOnce = group === 'native' ? 1 : os.availableParallelism()
await inParallel(Object.entries(CHECKS[group]), atOnce, async ([what, check]) => {
  const started = performance.now()
  const failures = await check()
  console.log(`${failures.length > 0 ? '✖' : '✓'} ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  for (const failure of failures) console.log(failure.trimEnd())
  if (failures.length > 0) process.exitCode = 1
})

function nativeFiles() {
  return ['native', 'test/native', 'test/fuzz'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(c|cc|h)$/.test(name))
      .map((name) => `${folder}/${name}`),
  )
}

/** Checks the sources of the addon as they are compiled for it. */
async function checkBuild(version, command) {
  const configured = await run('cmake', configuration(BUILD, 'Release'))
  return configured.length > 0 ? configured : checkSources(join(root, BUILD), version, command)
}

/** Compiles everything as it ships, with warnings as errors. */
function compile() {
  return checkBuild('', (source, { compiler, flags }) => `${compiler} ${flags} -Werror -c -o /dev/null '${source}'`)
}

function tidy() {
  const settings = join(root, '.clang-tidy')
  const version = `${output('clang-tidy', ['--version'])}${readFileSync(settings, 'utf8')}`
  return checkBuild(version, (source, { flags }) => `clang-tidy --quiet --config-file='${settings}' '${source}' -- ${flags}`)
}
