/**
 * What is made inside the checkout: the parts, each with the system packages that making it takes, how to see that it is up to
 * date, and how to make it. A stamp file holds the time a build began, as what a build leaves untouched keeps its old time.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { dirname, join } from 'node:path'
import { root, step, succeeds } from './shell.mjs'

const inRoot = (path) => join(root, path)
const node = process.execPath
/** For an addon that is compiled once: warnings are errors, and a few large texts take half the time of many small ones. */
const STRICTLY = ['--CDSPIKEPORT_STRICT=ON', '--CDCMAKE_UNITY_BUILD=ON']
/** In the stamp of an addon that was built so. */
const STRICT = 'strict'

export const nodeModules = {
  what: 'npm packages',
  place: 'node_modules',
  // npm writes this copy of the lock file last.
  current: () => unchangedSince('node_modules/.package-lock.json', ['package-lock.json']),
  make: () => step('Installing npm packages', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund']),
}

export const addon = {
  what: 'the addon',
  place: 'build',
  needs: ['compile', 'libraries'],
  file: 'build/Release/spikeport.node',
  stamp: 'build/addon.stamp',
  folder: 'build/cmake',
  /** With CI set, warnings are errors, so that linting need not compile the addon a second time. */
  isStrict: Boolean(process.env.CI),
  current() {
    if (this.isStrict && !this.wasStrict()) return false
    const unchanged = unchangedSince(this.stamp, ['native', 'CMakeLists.txt', 'cmake', 'package-lock.json'])
    return unchanged && existsSync(inRoot(this.file)) && this.loads()
  },
  loads() {
    return succeeds(node, ['-e', 'require(process.argv[1])', inRoot(this.file)])
  },
  wasStrict() {
    return existsSync(inRoot(this.stamp)) && readFileSync(inRoot(this.stamp), 'utf8') === STRICT
  },
  make() {
    // An addon that does not load was built on another machine, or against a library that has gone: CMake must look again.
    const foreign = existsSync(inRoot(this.file)) && !this.loads()
    const folder = inRoot(this.folder)
    const isOther = this.isStrict !== this.wasStrict()
    if (foreign || isOther || !isConfigured(folder)) rmSync(folder, { recursive: true, force: true })
    const cmakeJs = inRoot('node_modules/cmake-js/bin/cmake-js')
    const settings = ['--out', folder, '--parallel', `${os.availableParallelism()}`, ...(this.isStrict ? STRICTLY : [])]
    stamped(this.stamp, () => step('Building the addon', node, [cmakeJs, 'build', ...settings]), this.isStrict ? STRICT : '')
  },
}

/** For debuggers: not optimized, with line numbers, beside the other one. SPIKEPORT_PREBUILD=build/debug makes Node load it. */
export const debugAddon = {
  what: 'the addon for debuggers',
  place: 'build/debug',
  needs: ['compile', 'libraries'],
  // CMake finds what is out of date.
  current: () => false,
  make() {
    step('Configuring the addon for debuggers', 'cmake', configuration('build/debug', 'Debug'))
    step('Building the addon for debuggers', 'cmake', [
      '--build',
      'build/debug',
      '--target',
      'spikeport',
      '--parallel',
      `${os.availableParallelism()}`,
    ])
  },
}

/**
 * The arguments with which CMake configures another build of the addon, without cmake-js, in a folder of its own.
 *
 * @param {string} folder relative to the checkout
 * @param {'Debug' | 'Release'} type
 * @param {string} [flags] for the compiler
 */
export function configuration(folder, type, flags = '') {
  return [
    ...['-S', '.', '-B', folder, `-DCMAKE_BUILD_TYPE=${type}`, `-DCMAKE_CXX_FLAGS=${flags}`],
    `-DCMAKE_JS_INC=${inRoot('node_modules/node-api-headers/include')}`,
    // Where the loader looks below the folder that SPIKEPORT_PREBUILD names.
    `-DSPIKEPORT_ADDON_FOLDER=${inRoot(join(folder, 'build/Release'))}`,
  ]
}

export const dist = {
  what: 'the compiled TypeScript',
  place: 'dist',
  stamp: 'build/dist.stamp',
  current() {
    return (
      existsSync(inRoot('dist/index.js')) &&
      unchangedSince(this.stamp, ['lib', 'tsconfig.json', 'scripts/setup/page-bundle.mjs', 'package-lock.json'])
    )
  },
  make() {
    // What was compiled from a file that has gone must not stay.
    rmSync(inRoot('dist'), { recursive: true, force: true })
    stamped(this.stamp, () => {
      step('Compiling TypeScript', node, [inRoot('node_modules/typescript/bin/tsc'), '-p', '.'])
      step('Bundling the page of reports', node, [inRoot('scripts/setup/page-bundle.mjs')])
      copyFileSync(inRoot('lib/batch/spec/spec.schema.json'), inRoot('dist/spec.schema.json'))
    })
  },
}

/** Whether CMake finished configuring this folder, and for this checkout: it refuses a copy of another one. */
export function isConfigured(folder) {
  const cache = join(folder, 'CMakeCache.txt')
  if (!existsSync(cache)) return false
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1]
  return `${home}/` === root && ['Makefile', 'build.ninja'].some((file) => existsSync(join(folder, file)))
}

/** Whether none of the files and folders is newer than the stamp. A folder's own time counts, so a removed file is seen. */
function unchangedSince(stamp, sources) {
  const made = statSync(inRoot(stamp), { throwIfNoEntry: false })
  if (!made) return false
  return sources.every((source) => {
    const path = inRoot(source)
    const below = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : []
    return [path, ...below].every((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) <= made.mtimeMs)
  })
}

/** Runs a build and notes when it began, so that what changes during it counts as newer, and how it was built. */
function stamped(stamp, build, how = '') {
  const begun = new Date()
  build()
  mkdirSync(dirname(inRoot(stamp)), { recursive: true })
  writeFileSync(inRoot(stamp), how)
  utimesSync(inRoot(stamp), begun, begun)
}
