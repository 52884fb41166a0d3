/**
 * Runs the fuzz targets of test/fuzz for a given time: those of native code by libFuzzer where there is a clang++ that has it, else by the
 * driver that tests use; those of readers in TypeScript by Jazzer.js, which is libFuzzer for Node. What it finds is left in build/fuzz.
 *
 *     npm run fuzz -- [--seconds=60] [TARGET]...
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { root, step, succeeds } from './setup/shell.mjs'

/** Its program for Linux needs glibc 2.38: Debian 13, Ubuntu 24.04. */
const JAZZER = '@jazzer.js/core@4.0.0'

const LIMITS = ['-max_len=4096', '-print_final_stats=1']

/** Fewer bytes for these: each few are a change of a file, and after some dozen changes nothing of it is as it was. */
const SHORT = new Set(['hdf5_structure', 'hdf5_reading'])

/** What the HDF5 library leaks when it refuses a file is not ours. */
const LEAKS = { LSAN_OPTIONS: `suppressions=${join(root, 'test/fuzz/leaks.supp')}:print_suppressions=0` }

const folder = join(root, 'build/fuzz')
const saved = join(root, 'test/fuzz/saved')
const given = process.argv.slice(2)
const seconds = Number(given.find((argument) => argument.startsWith('--seconds='))?.slice('--seconds='.length) ?? 60)
const chosen = given.filter((argument) => !argument.startsWith('--'))
const targets = chosen.length > 0 ? chosen : readdirSync(saved)

const readers = Object.keys(await import('../test/fuzz/readers.mjs'))
const inTypeScript = targets.filter((target) => readers.includes(target))
const inNative = targets.filter((target) => !readers.includes(target))
if (inNative.length > 0) fuzzNative(inNative)
if (inTypeScript.length > 0) fuzzReaders(inTypeScript)

/** @param {string[]} names */
function fuzzNative(names) {
  const program = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }'
  const clang = ['', '-19', '-18', '-17', '-16', '-15', '-14']
    .map((version) => `clang++${version}`)
    .find((compiler) => succeeds(compiler, ['-fsanitize=fuzzer,address', '-x', 'c++', '-', '-o', '/dev/null'], program))
  const sanitizers = `-fsanitize=address,undefined${clang ? ',fuzzer-no-link' : ''} -fno-sanitize-recover=all -O1 -g1`
  const settings = [
    '-DSPIKEPORT_TESTS=ON',
    '-DCMAKE_BUILD_TYPE=None',
    `-DCMAKE_CXX_FLAGS=${sanitizers}`,
    `-DSPIKEPORT_LIBFUZZER=${clang ? 'ON' : 'OFF'}`,
    ...(clang ? [`-DCMAKE_CXX_COMPILER=${clang}`, `-DCMAKE_C_COMPILER=${clang.replace('clang++', 'clang')}`] : []),
  ]
  step('Configuring the fuzz targets', 'cmake', ['-S', root, '-B', folder, ...settings])
  const threads = `${os.availableParallelism()}`
  step('Building the fuzz targets', 'cmake', ['--build', folder, '--parallel', threads, '--target', ...names.map((name) => `fuzz_${name}`)])
  const options = [`-max_total_time=${seconds}`, ...(clang ? [...LIMITS, '-rss_limit_mb=6000'] : [])]
  for (const name of names) {
    run(
      name,
      join(folder, 'test/fuzz', `fuzz_${name}`),
      [...options, ...(clang && SHORT.has(name) ? ['-max_len=128'] : []), corpus(name), join(saved, name)],
      clang ? 'libFuzzer' : 'our own driver',
    )
  }
}

/** @param {string[]} names */
function fuzzReaders(names) {
  const jazzer = join(folder, 'jazzer')
  const program = join(jazzer, 'node_modules/@jazzer.js/core/dist/cli.js')
  if (!existsSync(program)) {
    mkdirSync(jazzer, { recursive: true })
    step('Installing Jazzer.js', 'npm', ['install', '--prefix', jazzer, '--no-save', '--no-audit', '--no-fund', JAZZER])
  }
  for (const name of names) {
    const target = [join(root, 'test/fuzz/readers.mjs'), '--fuzz_entry_point', name, '--includes', join(root, 'dist'), '--timeout', '5000']
    const options = [`-max_total_time=${seconds}`, ...LIMITS, '-rss_limit_mb=1500', `-artifact_prefix=${folder}/${name}-`]
    run(name, process.execPath, [program, ...target, corpus(name), join(saved, name), '--', ...options], 'Jazzer.js')
  }
}

/**
 * Where libFuzzer keeps what it finds worth keeping.
 * @param {string} name
 */
function corpus(name) {
  const path = join(folder, 'corpus', name)
  mkdirSync(path, { recursive: true })
  return path
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @param {string} fuzzer what people call it
 */
function run(name, program, args, fuzzer) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    env: { ...process.env, ...LEAKS },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const inputs = /number_of_executed_units: (\d+)|inputs and (\d+)/.exec(stdout + stderr)
  const isClean = status === 0
  console.log(`${isClean ? '✓' : '✖'} ${name}: ${inputs?.[1] ?? inputs?.[2] ?? 'no'} inputs in ${seconds} s, by ${fuzzer}`)
  if (isClean) return
  console.log(stdout + stderr)
  process.exitCode = 1
}
