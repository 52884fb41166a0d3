/**
 * Runs the tests, shows what failed and why, and ends with one line that counts assertions: `N passed, N failed`.
 *
 *     npm test                                  everything, with the coverage that .taprc asks for
 *     npm run test:unit                         a tier (scripts/test/tiers.mjs), without coverage
 *     npm test -- test/unit/model-*.test.ts     these files, without coverage
 *
 * One file more runs at once than there are cores, as many wait for a disk, the network or a process; those that .taprc lists as
 * serial, which measure time, run alone.
 * With CI set, a skipped test is a failed one: there, everything that tests need must be in place.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { root } from './setup/shell.mjs'
import { Report } from './test/report.mjs'
import { filesOf, TIERS } from './test/tiers.mjs'

const { values, positionals } = parseArgs({ options: { tier: { type: 'string' } }, allowPositionals: true })
const { tier } = values
if (tier !== undefined && !Object.hasOwn(TIERS, tier)) throw new Error(`Expected ${Object.keys(TIERS).join(', ')} but received ${tier}.`)
const selection = tier !== undefined && positionals.length === 0 ? filesOf(tier) : positionals
if (tier !== undefined && selection.length === 0) throw new Error(`There are no tests of the tier '${tier}'.`)
const settings = [
  '--reporter=tap',
  `--jobs=${os.availableParallelism() + 1}`,
  ...(process.env.CI ? ['--fail-skip'] : []),
  ...(selection.length > 0 ? ['--disable-coverage'] : []),
]
const tap = spawn(process.execPath, ['node_modules/tap/dist/esm/run.mjs', 'run', ...settings, ...selection], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(tap, 'close')
const report = new Report()
for await (const line of createInterface({ input: tap.stdout })) report.read(line)
const [code, signal] = await ended
report.repeatFailures()

const { pass, fail, skip } = report.counts
if (signal) console.log(`tap was ended by ${signal}.`)
else if (pass + fail === 0) console.log('No test ran.')
else if (code !== 0 && fail === 0) console.log(`tap exited with ${code} though no test failed: is coverage below .taprc's bar?`)
process.exitCode = code === 0 && fail === 0 && pass > 0 ? 0 : 1
console.log(`${pass} passed, ${fail} failed${skip > 0 ? `, ${skip} skipped` : ''}`)
