/**
 * What `npm test`, its tiers and `npm run demo` print before they install or build anything, and which versions of Node they take.
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type Ended, startProcess } from '../support/child.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { isInRange, NEEDS } = await import(new URL('../../scripts/setup/system.mjs', import.meta.url).href)
const { filesOf, TIERS } = await import(new URL('../../scripts/test/tiers.mjs', import.meta.url).href)

// Where another user may read it, too.
const dir = mkdtempSync(join(tmpdir(), 'spikeport-setup-'))
chmodSync(dir, 0o755)
process.on('exit', () => rmSync(dir, { recursive: true }))

/** A checkout in which nothing has been installed or built, as far as the set-up looks at it. */
function freshCheckout(name: string): string {
  const folder = join(dir, name)
  for (const path of ['package.json', 'package-lock.json', 'scripts', 'test/interop'])
    cpSync(join(root, path), join(folder, path), { recursive: true })
  return folder
}

/** Runs the set-up that a script of package.json starts with, on a machine with these programs and no others. */
async function setUp(script: string, folder: string, programs: Record<string, string>, flags: readonly string[] = []): Promise<Ended> {
  const [, args] = /^node (scripts\/setup\.mjs [^&]*) && /.exec(scripts[script])!
  const path = join(folder, 'bin')
  mkdirSync(path)
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(path, name), text)
    chmodSync(join(path, name), 0o755)
  }
  return startProcess('env', [`PATH=${path}`, process.execPath, ...flags, ...args!.split(' ')], folder).ended
}

/** The line of a need with many packages. */
function lineOf(first: string): string {
  const { packages, what } = NEEDS.interop.find((need: { packages: string[] }) => need.packages[0] === first)
  return `  - ${packages.join(', ')}: ${what}\n`
}

const FOR_ALL = `Missing, to be installed or built now:
  - g++: a C++20 compiler (g++ 11 or newer)
  - cmake: CMake 3.19 or newer
  - make: make or ninja
  - libdeflate-dev: libdeflate, with headers
`
const NATIVE = '  - doctest-dev, zlib1g-dev: doctest and zlib, with headers\n'
const BROWSER = '  - chromium, fonts-dejavu-core: Chromium, which opens reports, and a font\n'
const CLUSTER = '  - slurm-wlm, munge: SLURM and its authentication, for a cluster of one node\n'
const TERMINAL = '  - tmux: tmux, a terminal in which programs can be tried\n'
const QUEUES = '  - redis-server: a Redis server\n'
const FOR_TESTS = `${BROWSER}${CLUSTER}${TERMINAL}${QUEUES}${NATIVE}  - python3, python3-venv: Python 3 with its venv module
  - hdf5-tools: the HDF5 library's command line tools
  - octave: GNU Octave
${lineOf('xvfb')}`
const BUILT = `  - npm packages, into node_modules/
  - the addon, into build/
  - the compiled TypeScript, into dist/
`
const LATER = `Made besides, by the first test (or benchmark) that needs it:
  - Python environments, from PyPI, into .venv/: `
const LATER_BUILT = `
  - the package managers and bundlers that the package is tried with, from npm, into build/package-tools/
  - the addon as it ships, and HDF5, zlib and libdeflate from their sources (downloaded), into build/ and prebuilds/
`

/** Without what may be on this machine all the same: HDF5's header is looked for by its place. */
const withoutHdf5 = (text: string) => text.replace(/^ {2}- libhdf5-dev: .*\n/m, '')

t.test('everything is listed first', async (t) => {
  for (const [script, expected] of [
    ['demo', `${FOR_ALL}${BUILT}`],
    ['test', `${FOR_ALL}${FOR_TESTS}${BUILT}${LATER}`],
    ['test:unit', `${FOR_ALL}${BUILT}`],
    ['test:native', `${FOR_ALL}${NATIVE}${BUILT}`],
  ] as const) {
    await t.test(`npm ${script}`, async (t) => {
      const folder = freshCheckout(`bare-${script.replace(':', '-')}`)
      const before = readdirSync(folder)
      const ended = await setUp(script, folder, {})
      t.equal(ended.code, 1)
      t.equal(withoutHdf5(ended.stdout).slice(0, expected.length), expected)
      if (script === 'test') t.equal(ended.stdout.slice(-LATER_BUILT.length), LATER_BUILT)
      else t.equal(withoutHdf5(ended.stdout), expected)
      t.match(ended.stderr, "Install the system packages with your system's package manager, then run this again.")
      t.strictSame(readdirSync(folder), [...before, 'bin'].sort(), 'nothing was installed')
    })
  }
})

t.test('then system packages are installed', { skip: process.getuid?.() === 0 ? false : 'that takes root' }, async (t) => {
  const folder = freshCheckout('with-apt')
  const log = join(folder, 'log')
  const ended = await setUp('demo', folder, {
    'apt-get': `#!/bin/sh\necho "$@" >> ${log}\n`,
    env: `#!/bin/sh\nshift\nexec "$@"\n`,
  })
  t.equal(ended.code, 1)
  const [listed, ran] = ended.stdout.split('Running apt-get update')
  t.equal(withoutHdf5(listed!), `${FOR_ALL}${BUILT}`)
  t.match(ran, /Running apt-get install g\+\+ cmake make /)
  t.match(readFileSync(log, 'utf8'), /^--version\n.* update\n.* install --yes --no-install-recommends g\+\+ cmake make .*libdeflate-dev\n$/)
  t.match(ended.stderr, /^\nThis system's packages do not bring what is needed:\n {2}- g\+\+: a C\+\+20 compiler/)
})

t.test('a browser that no package brings is done without', { skip: process.getuid?.() === 0 ? false : 'that takes root' }, async (t) => {
  const folder = freshCheckout('without-browser')
  const does = (what = '') => `#!/bin/sh\n${what}\n`
  const ended = await setUp('test:report', folder, {
    ...{ 'apt-get': does(), env: does('shift\nexec "$@"'), 'c++': does(), make: does(), h5cc: does() },
    cmake: does('echo cmake version 3.25.1'),
  })
  t.match(ended.stdout, `This system's packages do not bring:\n${BROWSER}Without, the tests of reports in a browser are skipped.\n`)
  t.match(ended.stdout, 'Installing npm packages', 'it goes on')
})

t.test('where that takes an administrator, the command is printed', async (t) => {
  const folder = freshCheckout('without-root')
  const asNobody = '--import=data:text/javascript,if(process.getuid()===0)process.setuid(65534)'
  const ended = await setUp('demo', folder, { 'apt-get': '#!/bin/sh\n' }, [asNobody])
  t.equal(withoutHdf5(ended.stdout), `${FOR_ALL}${BUILT}`)
  t.match(
    ended.stderr,
    /takes an administrator\. Run this, then try again:\n\n {2}sudo apt-get update && sudo apt-get install --yes g\+\+ cmake make /,
  )
})

t.test('every test file is of one tier, which has a command', (t) => {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).map((name) => `test/${name}`)
  const tiers = Object.keys(TIERS)
  t.strictSame(tiers.flatMap(filesOf).sort(), all.filter((name) => name.endsWith('.test.ts')).sort())
  for (const tier of tiers) {
    t.equal(scripts[`test:${tier}`], `node scripts/setup.mjs --quiet --tests=${tier} && node scripts/test.mjs --tier=${tier}`)
  }
  t.end()
})

t.test('nothing is printed when nothing is missing', async (t) => {
  t.match(await startProcess(process.execPath, ['scripts/setup.mjs', '--quiet']).ended, { code: 0, stdout: '', stderr: '' })
})

t.test('Node', async (t) => {
  t.equal(engines.node, '^20.19 || >=22.12')
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  t.strictSame(packages[''].engines, engines)
  const verdicts = {
    '18.20.8': false,
    '20.18.3': false,
    '20.19.0': true,
    '20.20.2': true,
    '21.7.3': false,
    '22.11.0': false,
    '22.12.0': true,
    '23.0.0': true,
    '24.1.0': true,
  }
  for (const [version, verdict] of Object.entries(verdicts)) t.equal(isInRange(version, engines.node), verdict, version)

  const folder = freshCheckout('old-node')
  const manifest = join(folder, 'package.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('^20.19 || >=22.12', '^18.1 || >=99.1'))
  const { code, stdout, stderr } = await startProcess(process.execPath, ['scripts/setup.mjs'], folder).ended
  t.strictSame(
    { code, stdout, stderr },
    { code: 1, stdout: '', stderr: `\nspikeport needs Node ^18.1 || >=99.1; this is Node ${process.versions.node}.\n` },
  )
})
