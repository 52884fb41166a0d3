/**
 * All native code under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer: its own tests, whole exports without Node,
 * the fuzz targets for a short while, and the addon in Node.
 */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { startProcess } from '../support/child.js'
import { build, compilerLibrary, root } from '../support/native-build.js'

const run = promisify(execFile)
const SECONDS_A_TARGET = 2

const targets = ['spikeport_tests', 'spikeport_export_tests', 'spikeport_fuzz_targets', 'spikeport']
const flags = '-fsanitize=address,undefined -fno-sanitize-recover=all -Og -g1 -Wno-maybe-uninitialized'
const { folder, skip } = await build('native-sanitized', targets, flags)

await t.spawn(`${folder}/test/native/spikeport_tests`, [], { skip }, 'the kernels')
await t.spawn(`${folder}/test/native/spikeport_export_tests`, [], { skip }, 'exports without Node')

/** The HDF5 library leaks where it refuses what is damaged on purpose. */
const LEAKS = { ...process.env, LSAN_OPTIONS: `suppressions=${join(root, 'test/fuzz/leaks.supp')}:print_suppressions=0` }

for (const name of ['deflate', 'hdf5', 'hdf5_reading', 'hdf5_structure', 'kernels', 'segments', 'spikes']) {
  await t.test(`fuzz target: ${name}`, { skip }, async (t) => {
    const saved = join(root, 'test/fuzz/saved', name)
    const inputs = readdirSync(saved).length
    const options = { cwd: t.testdir(), env: name === 'hdf5_structure' ? LEAKS : process.env }
    const { stdout } = await run(`${folder}/test/fuzz/fuzz_${name}`, [`-max_total_time=${SECONDS_A_TARGET}`, saved], options)
    t.comment(stdout.trim())
    t.match(stdout, new RegExp(`^Done ${inputs} saved inputs and [1-9]`))
  })
}

/** What is loaded into Node before all else; clang has no such library under this name. */
const library = skip ? undefined : await compilerLibrary('libasan.so')
const standard = skip ? undefined : await compilerLibrary('libstdc++.so')

t.test('the addon in Node', { skip: skip || (library ? false : 'the compiler has no libasan.so') }, async (t) => {
  const environment = {
    LD_PRELOAD: `${library} ${standard}`,
    SPIKEPORT_PREBUILD: folder,
    // Node may leak, too: only what the addon does is looked for in the report.
    LSAN_OPTIONS: 'exitcode=0',
  }
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const script = join(root, 'test/native/sanitized-exports.mjs')
  const { code, stdout, stderr } = await startProcess('env', [...assignments, process.execPath, script, t.testdir()]).ended
  t.equal(code, 0, stderr)
  const reports = stderr.split(/\n\n/).filter((report) => report.includes(root))
  t.strictSame(reports, [])
  const { exports, stopped, left } = JSON.parse(stdout)
  t.comment(`${exports} exports and ${stopped} that were stopped`)
  t.ok(exports > 100 && stopped > 0)
  t.strictSame(left, [])
})
