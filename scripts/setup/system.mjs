/**
 * What must be on the machine itself: Node, and system packages, which are looked for by using them, not by asking the package
 * manager, so that a compiler or a library installed in any other way counts.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserPath } from './browser.mjs'
import { output, root, SetupError, step, succeeds } from './shell.mjs'

const [CXX, ...CXX_FLAGS] = (process.env.CXX || 'c++').split(' ')
const CXX20 = '#include <concepts>\n#include <ranges>\n#include <span>\n'
const LIBDEFLATE = '#include <libdeflate.h>\nint main() { return libdeflate_adler32(1, nullptr, 0) != 1; }\n'
const DOCTEST_AND_ZLIB = '#include <doctest/doctest.h>\n#include <zlib.h>\n'
const HDF5_ROOTS = [process.env.HDF5_ROOT, '/usr', '/usr/local'].filter(Boolean)
const HDF5_HEADERS = HDF5_ROOTS.flatMap((folder) => [`${folder}/include/hdf5.h`, `${folder}/include/hdf5/serial/hdf5.h`])

/** What PyQt5 loads of the system, and the packages that bring it. */
const QT_LIBRARIES = new Map([
  ['libGL.so.1', 'libgl1'],
  ['libEGL.so.1', 'libegl1'],
  ['libglib-2.0.so.0', 'libglib2.0-0'],
  ['libfontconfig.so.1', 'libfontconfig1'],
  ['libdbus-1.so.3', 'libdbus-1-3'],
  ['libxkbcommon-x11.so.0', 'libxkbcommon-x11-0'],
  ['libxcb-icccm.so.4', 'libxcb-icccm4'],
  ['libxcb-image.so.0', 'libxcb-image0'],
  ['libxcb-keysyms.so.1', 'libxcb-keysyms1'],
  ['libxcb-randr.so.0', 'libxcb-randr0'],
  ['libxcb-render-util.so.0', 'libxcb-render-util0'],
  ['libxcb-shape.so.0', 'libxcb-shape0'],
  ['libxcb-xinerama.so.0', 'libxcb-xinerama0'],
  ['libxcb-xkb.so.1', 'libxcb-xkb1'],
])

/** Looked for and not started, which takes seconds. */
function hasDisplay() {
  const libraries = output('/sbin/ldconfig', ['-p']) ?? ''
  const tools = ['Xvfb', 'xvfb-run', 'xauth'].every((tool) => succeeds('sh', ['-c', `command -v ${tool}`]))
  const drivers = succeeds('sh', ['-c', 'set -- /usr/lib/*/dri/*_dri.so && test -e "$1"'])
  return tools && drivers && [...QT_LIBRARIES.keys()].every((library) => libraries.includes(`${library} `))
}

/**
 * By occasion: what is needed, how to see that it is there, and the Debian and Ubuntu packages that bring it; and where things go
 * on without it, what that means.
 */
export const NEEDS = {
  compile: [
    {
      what: 'a C++20 compiler (g++ 11 or newer)',
      packages: ['g++'],
      present: () => succeeds(CXX, [...CXX_FLAGS, '-std=c++20', '-fsyntax-only', '-x', 'c++', '-'], CXX20),
    },
    { what: 'CMake 3.19 or newer', packages: ['cmake'], present: () => atLeast(output('cmake', ['--version']), [3, 19]) },
    {
      what: 'make or ninja',
      packages: ['make'],
      present: () => succeeds('make', ['--version']) || succeeds('ninja', ['--version']),
    },
  ],
  libraries: [
    {
      what: 'the HDF5 C library 1.10 or newer, with headers',
      packages: ['libhdf5-dev'],
      present: () => HDF5_HEADERS.some((header) => existsSync(header)) || succeeds('h5cc', ['-showconfig']),
    },
    {
      what: 'libdeflate, with headers',
      packages: ['libdeflate-dev'],
      present: () => succeeds(CXX, [...CXX_FLAGS, '-o', '/dev/null', '-x', 'c++', '-', '-ldeflate'], LIBDEFLATE),
    },
  ],
  native: [
    {
      what: 'doctest and zlib, with headers',
      packages: ['doctest-dev', 'zlib1g-dev'],
      present: () => succeeds(CXX, [...CXX_FLAGS, '-fsyntax-only', '-x', 'c++', '-'], DOCTEST_AND_ZLIB),
      without: 'the native tests are skipped',
    },
  ],
  report: [
    {
      what: 'Chromium, which opens reports, and a font',
      packages: ['chromium', 'fonts-dejavu-core'],
      present: () => browserPath() !== undefined,
      without: 'the tests of reports in a browser are skipped',
    },
  ],
  batch: [
    {
      what: 'SLURM and its authentication, for a cluster of one node',
      packages: ['slurm-wlm', 'munge'],
      present: () => ['slurmctld', 'slurmd', 'munged', 'sbatch'].every((tool) => succeeds('sh', ['-c', `command -v ${tool}`])),
      without: 'the test on a cluster is skipped',
    },
    {
      what: 'tmux, a terminal in which programs can be tried',
      packages: ['tmux'],
      present: () => succeeds('tmux', ['-V']),
      without: 'the tests in a terminal are skipped',
    },
    {
      what: 'a Redis server',
      packages: ['redis-server'],
      present: () => succeeds('redis-server', ['--version']),
      without: 'the tests with queues are skipped',
    },
  ],
  interop: [
    {
      what: 'Python 3 with its venv module',
      packages: ['python3', 'python3-venv'],
      present: () => succeeds('python3', ['-c', 'import ensurepip, venv']),
      without: 'the tests against Python readers are skipped',
    },
    {
      what: "the HDF5 library's command line tools",
      packages: ['hdf5-tools'],
      present: () => succeeds('h5repack', ['--version']),
      without: "the tests with the HDF5 library's tools are skipped",
    },
    {
      what: 'GNU Octave',
      packages: ['octave'],
      present: () => succeeds('sh', ['-c', 'command -v octave-cli']),
      without: 'the test in GNU Octave is skipped',
    },
    {
      what: 'a virtual display with OpenGL and the window system libraries of Qt 5, for the Phy program',
      packages: ['xvfb', 'xauth', 'libgl1-mesa-dri', ...QT_LIBRARIES.values()],
      present: hasDisplay,
      without: 'the tests in the Phy program are skipped',
    },
  ],
  lint: [
    {
      what: 'clang-format 14 or newer',
      packages: ['clang-format'],
      present: () => atLeast(output('clang-format', ['--version']), [14]),
    },
    {
      what: 'clang-tidy 14 or newer',
      packages: ['clang-tidy'],
      present: () => atLeast(output('clang-tidy', ['--version']), [14]),
    },
  ],
}

/** Whether the first version number in a text is the given one or a later one; no text, no version. */
function atLeast(text, wanted) {
  const found = /\d+(\.\d+)+/
    .exec(text ?? '')?.[0]
    .split('.')
    .map(Number)
  if (!found) return false
  const difference = wanted.map((part, i) => (found[i] ?? 0) - part).find((part) => part !== 0) ?? 0
  return difference >= 0
}

export function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (!isInRange(process.versions.node, engines.node)) {
    throw new SetupError(`spikeport needs Node ${engines.node}; this is Node ${process.versions.node}.`)
  }
}

/** Whether a version is in a range of the form that package.json has: `^20.19 || >=22.12`. */
export function isInRange(version, range) {
  return range.split('||').some((part) => {
    const [, operator, from] = /^\s*(\^|>=)(\d+(?:\.\d+)*)\s*$/.exec(part) ?? []
    const wanted = from.split('.').map(Number)
    return atLeast(version, wanted) && (operator === '>=' || Number.parseInt(version, 10) === wanted[0])
  })
}

/**
 * What these occasions need and the machine does not have.
 * @param {(keyof typeof NEEDS)[]} occasions
 */
export function missingPackages(occasions) {
  return [...new Set(occasions)].flatMap((occasion) => NEEDS[occasion]).filter((need) => !need.present())
}

/** A line for each of these needs, with the names of its packages. */
export function listOf(missing) {
  return missing.map(({ what, packages }) => `${packages.join(', ')}: ${what}`)
}

/** Installs what is missing, with apt-get where that takes no password; else prints how to. */
export function installPackages(missing) {
  if (missing.length === 0) return
  const packages = missing.flatMap((need) => need.packages)
  const hasApt = succeeds('apt-get', ['--version'])
  const privileged = hasApt ? privilege() : undefined
  if (!privileged) {
    const how = hasApt
      ? `Installing system packages takes an administrator. Run this, then try again:\n\n  sudo apt-get update && sudo apt-get install --yes ${packages.join(' ')}\n`
      : "Install the system packages with your system's package manager, then run this again."
    if (missing.some((need) => !need.without)) throw new SetupError(how)
    console.log(`${how}\nUntil then, ${missing.map((need) => need.without).join(', ')}.`)
    return
  }
  const [command, ...prefix] = [...privileged, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  // A machine that has just started may still be updating itself: wait for the lock.
  const aptGet = (what, ...args) => step(what, command, [...prefix, '--option=DPkg::Lock::Timeout=300', ...args])
  aptGet('Running apt-get update', 'update')
  aptGet(`Running apt-get install ${packages.join(' ')}`, 'install', '--yes', '--no-install-recommends', ...packages)
  const still = missing.filter((need) => !need.present())
  const lines = (needs) =>
    listOf(needs)
      .map((line) => `  - ${line}`)
      .join('\n')
  if (still.some((need) => !need.without)) {
    throw new SetupError(`This system's packages do not bring what is needed:\n${lines(still.filter((need) => !need.without))}`)
  }
  // Ubuntu's Chromium is no package.
  if (still.length > 0) {
    console.log(`This system's packages do not bring:\n${lines(still)}\nWithout, ${still.map((need) => need.without).join(', ')}.`)
  }
}

/** How a command gets root's rights without a prompt; undefined when it cannot. */
function privilege() {
  if (process.getuid?.() === 0) return []
  return succeeds('sudo', ['--non-interactive', 'true']) ? ['sudo', '--non-interactive'] : undefined
}
