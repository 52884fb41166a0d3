/**
 * The tests of native code that runs without Node: built twice, as it ships and with sanitizers, and run.
 */
import { execFile } from 'node:child_process'
import os from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const sanitize = '-fsanitize=address,undefined'

// Compiling takes a while on a slow machine.
t.setTimeout(900_000)

/** Builds the tests in a folder below build/. */
async function build(folder: string, ...settings: string[]): Promise<{ program: string; skip: string | false }> {
  const path = join(root, 'build', folder)
  const program = join(path, 'test/native/spikeport_tests')
  try {
    await run('cmake', ['-S', root, '-B', path, '-DSPIKEPORT_TESTS=ON', ...settings])
  } catch (error) {
    const missing = /doctest or zlib is missing: .*/.exec((error as { stderr: string }).stderr)
    if (!missing) throw error
    return { program, skip: missing[0] }
  }
  await run('cmake', ['--build', path, '--target', 'spikeport_tests', '--parallel', `${os.availableParallelism()}`])
  return { program, skip: false }
}

async function compilerKnows(flag: string): Promise<boolean> {
  const [compiler = '', ...flags] = (process.env['CXX'] || 'c++').split(' ')
  const compile = run(compiler, [...flags, flag, '-x', 'c++', '-', '-o', '/dev/null'])
  compile.child.stdin?.end('int main() {}')
  return compile.then(
    () => true,
    () => false,
  )
}

const shipped = await build('native', '-DCMAKE_BUILD_TYPE=Release')
await t.spawn(shipped.program, [], { skip: shipped.skip }, 'as it ships')

const flags = `${sanitize} -fno-sanitize-recover=all -O1`
const sanitized = (await compilerKnows(sanitize))
  ? await build('native-sanitized', '-DCMAKE_BUILD_TYPE=Debug', `-DCMAKE_CXX_FLAGS=${flags}`)
  : { program: '', skip: `the compiler does not know ${sanitize}` }
await t.spawn(sanitized.program, [], { skip: sanitized.skip }, 'with sanitizers')
