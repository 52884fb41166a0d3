/**
 * Everything between a fresh checkout and a working one: system packages, node_modules, the addon and dist. Plain Node without
 * dependencies, because on a new machine this is the first thing that runs. It does only what is missing or out of date, so the
 * scripts of package.json start with it.
 *
 *     node scripts/setup.mjs [--tests] [--lint] [--prebuild] [--quiet]
 *
 *     --tests      also Python, in which the interoperability tests set up their readers, and what the native tests are built with
 *     --lint       also clang-format and clang-tidy
 *     --prebuild   what a self-contained addon is built with, in place of this machine's addon and what that takes
 *     --quiet      says only what it does, and shows what commands print only when they fail
 */
import { addon, dist, nodeModules } from './setup/build.mjs'
import { madeByTests } from './setup/made-by-tests.mjs'
import { quiet, SetupError } from './setup/shell.mjs'
import { installPackages, listOf, missingPackages, requireNode } from './setup/system.mjs'

const isPrebuild = process.argv.includes('--prebuild')
const PARTS = isPrebuild ? [nodeModules, dist] : [nodeModules, addon, dist]

async function setup() {
  requireNode()
  const due = PARTS.filter((part) => !part.current())
  const occasions = [
    ...due.flatMap((part) => part.needs ?? []),
    ...(isPrebuild ? ['compile'] : []),
    ...['tests', 'lint'].filter((occasion) => process.argv.includes(`--${occasion}`)),
  ]
  const missing = missingPackages(occasions)
  // All of it first and at once: what is going to happen, and what has to be installed by hand.
  announce('Missing, to be installed or built now:', [...listOf(missing), ...due.map(({ what, place }) => `${what}, into ${place}/`)])
  if (occasions.includes('tests')) {
    announce('Made besides, by the first test (or benchmark) that needs it:', await madeByTests(missing))
  }
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
