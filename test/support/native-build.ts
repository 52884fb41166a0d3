/**
 * Native code built in folders of their own below build/: as it ships, and for sanitizers to watch.
 */
import { execFile } from 'node:child_process'
import os from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
export const root = fileURLToPath(new URL('../..', import.meta.url))

const [compiler = '', ...compilerFlags] = (process.env['CXX'] || 'c++').split(' ')

/** A build: the folder it is in, or why there is none. */
export interface Build {
  folder: string
  skip: string | false
}

/**
 * Builds targets of CMakeLists.txt in a folder below build/.
 *
 * @param flags - of the compiler; without any, all is built as it ships
 */
export async function build(name: string, targets: readonly string[], flags = ''): Promise<Build> {
  const folder = join(root, 'build', name)
  if (flags && !(await compilerKnows(flags))) return { folder, skip: `the compiler does not know ${flags}` }
  const settings = [
    '-DSPIKEPORT_TESTS=ON',
    `-DCMAKE_BUILD_TYPE=${flags ? 'None' : 'Release'}`,
    `-DCMAKE_CXX_FLAGS=${flags}`,
    ...(process.env['CI'] ? ['-DSPIKEPORT_STRICT=ON'] : []),
    // All sources are compiled, once: in a few large texts, which takes half the time.
    '-DCMAKE_UNITY_BUILD=ON',
    // What cmake-js passes for the addon itself.
    `-DCMAKE_JS_INC=${join(root, 'node_modules/node-api-headers/include')}`,
    // Where the loader looks below the folder.
    `-DSPIKEPORT_ADDON_FOLDER=${join(folder, 'build/Release')}`,
  ]
  try {
    await run('cmake', ['-S', root, '-B', folder, ...settings])
  } catch (error) {
    const missing = /doctest or zlib is missing: .*/.exec((error as { stderr: string }).stderr)
    if (!missing) throw error
    return { folder, skip: missing[0] }
  }
  await run('cmake', ['--build', folder, '--parallel', `${os.availableParallelism()}`, '--target', ...targets], { maxBuffer: 2 ** 26 })
  return { folder, skip: false }
}

async function compilerKnows(flags: string): Promise<boolean> {
  const compile = run(compiler, [...compilerFlags, ...flags.split(' '), '-x', 'c++', '-', '-o', '/dev/null'])
  compile.child.stdin?.end('int main() {}')
  return compile.then(
    () => true,
    () => false,
  )
}

/** The path of a library of the compiler's; undefined when it has none of this name. */
export async function compilerLibrary(name: string): Promise<string | undefined> {
  const { stdout } = await run(compiler, [...compilerFlags, `-print-file-name=${name}`])
  const path = stdout.trim()
  return path === name ? undefined : path
}
