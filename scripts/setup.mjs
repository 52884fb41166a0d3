/**
 * Everything between a fresh checkout and a working one: system packages, node_modules, the addon and dist. Plain Node without
 * dependencies, because on a new machine this is the first thing that runs. It does only what is missing or out of date, so the
 * scripts of package.json start with it.
 *
 *     node scripts/setup.mjs [--tests[=TIER] | --debug | --lint-ts | --lint-native | --prebuild] [--quiet]
 *
 *     --tests        also what the tests need besides, or one tier of them: Python, in which the interoperability tests set up their
 *                    readers, and what the native tests are built with
 *     --debug        also the addon for debuggers, into build/debug (docs/native-debugging.md)
 *     --lint-ts      without the addon
 *     --lint-native  without the addon unless CI is set, but with what builds it, and clang-format and clang-tidy
 *     --prebuild     what a self-contained addon is built with, in place of this machine's addon and what that takes
 *     --quiet        prints only what is done, and the output of commands only when they fail
 */
import { addon, debugAddon, dist, nodeModules } from './setup/build.mjs'
import { madeByTests } from './setup/made-by-tests.mjs'
import { quiet, SetupError } from './setup/shell.mjs'
import { installPackages, listOf, missingPackages, NEEDS, requireNode } from './setup/system.mjs'
import { TIERS } from './test/tiers.mjs'

/** @type {Record<string, (keyof typeof NEEDS)[]>} by flag, what is needed besides what the parts below need */
const OCCASIONS = {
  '--debug': [],
  '--lint-ts': [],
  '--lint-native': ['compile', 'libraries', 'lint'],
  '--prebuild': ['compile'],
}
const given = process.argv.slice(2)
const flags = Object.keys(OCCASIONS).filter((flag) => given.includes(flag))
const tiers = given.includes('--tests') ? Object.keys(TIERS) : Object.keys(TIERS).filter((tier) => given.includes(`--tests=${tier}`))
const known = ['--quiet', '--tests', ...Object.keys(TIERS).map((tier) => `--tests=${tier}`), ...Object.keys(OCCASIONS)]
const withAddon = flags.every((flag) => flag === '--debug' || (flag === '--lint-native' && addon.isStrict))
const PARTS = [nodeModules, ...(withAddon ? [addon] : []), dist, ...(flags.includes('--debug') ? [debugAddon] : [])]

async function setup() {
  requireNode()
  const unknown = given.find((argument) => !known.includes(argument))
  if (unknown !== undefined) throw new SetupError(`Expected ${known.join(', ')} but received ${unknown}.`)
  const due = PARTS.filter((part) => !part.current())
  const occasions = [
    ...due.flatMap((part) => part.needs ?? []),
    ...flags.flatMap((flag) => OCCASIONS[flag]),
    ...tiers.flatMap((tier) => TIERS[tier].needs),
  ]
  const missing = missingPackages(occasions)
  // All of it first and at once: what is going to happen, and what has to be installed by hand.
  announce('Missing, to be installed or built now:', [...listOf(missing), ...due.map(({ what, place }) => `${what}, into ${place}/`)])
  announce('Made besides, by the first test (or benchmark) that needs it:', await madeByTests(tiers, missing))
  installPackages(missing)
  for (const part of due) part.make()
  if (!quiet) for (const part of PARTS) console.log(due.includes(part) ? `Made ${part.what}` : `Up to date: ${part.what}`)
}

function announce(title, lines) {
  if (lines.length > 0) console.log([title, ...lines.map((line) => `  - ${line}`)].join('\n'))
}

try {
  await setup()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\n${error.message}`)
  process.exitCode = 1
}
