/**
 * Runs the fuzz targets of test/fuzz for a given time: by libFuzzer where there is a clang++ that has it, else by the
 * driver that tests use. What it finds is left in build/fuzz.
 *
 *     npm run fuzz -- [--seconds=60] [TARGET]...
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { root, step, succeeds } from './setup/shell.mjs'

const folder = join(root, 'build/fuzz')
const saved = join(root, 'test/fuzz/saved')
const given = process.argv.slice(2)
const seconds = Number(given.find((argument) => argument.startsWith('--seconds='))?.slice('--seconds='.length) ?? 60)
const chosen = given.filter((argument) => !argument.startsWith('--'))
const targets = chosen.length > 0 ? chosen : readdirSync(saved)

const FUZZER = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }'
const VERSIONS = ['', '-19', '-18', '-17', '-16', '-15', '-14']
const clang = VERSIONS.map((version) => `clang++${version}`).find((compiler) =>
  succeeds(compiler, ['-fsanitize=fuzzer,address', '-x', 'c++', '-', '-o', '/dev/null'], FUZZER),
)
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
step('Building the fuzz targets', 'cmake', ['--build', folder, '--target', 'spikeport_fuzz_targets', '--parallel', threads])

for (const target of targets) {
  const corpus = join(folder, 'corpus', target)
  mkdirSync(corpus, { recursive: true })
  // libFuzzer keeps what it finds worth keeping in the first folder.
  const program = join(folder, 'test/fuzz', `fuzz_${target}`)
  const options = [`-max_total_time=${seconds}`, ...(clang ? ['-max_len=4096', '-rss_limit_mb=6000', '-print_final_stats=1'] : [])]
  const { status, stdout, stderr } = spawnSync(program, [...options, corpus, join(saved, target)], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const inputs = /number_of_executed_units: (\d+)|inputs and (\d+)/.exec(stdout + stderr)
  const found = `${inputs?.[1] ?? inputs?.[2] ?? 'no'} inputs in ${seconds} s, by ${clang ? 'libFuzzer' : 'our own driver'}`
  console.log(`${status === 0 ? '✓' : '✖'} ${target}: ${found}`)
  if (status === 0) continue
  console.log(stdout + stderr)
  process.exitCode = 1
}
