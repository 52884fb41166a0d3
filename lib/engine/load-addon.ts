/**
 * Finds the addon and loads it. Where it does not load, the error states why and what to do: to build it from source where that
 * helps, and only there.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withCode } from '../errors.js'

const { platform, arch } = process

/**
 * Loads the addon: one that was built here, else the prebuilt one. `SPIKEPORT_PREBUILD` names a folder to take both from instead.
 *
 * @throws Error with code `ERR_ADDON_NOT_LOADED`, its `cause` the error of the system where there is one
 */
export function loadAddon(): unknown {
  const given = process.env['SPIKEPORT_PREBUILD']
  const folder = packageFolder()
  const file = folder && addonIn(folder)
  if (file === undefined) {
    const problem = given
      ? `SPIKEPORT_PREBUILD is ${given}, in which there is no build/Release/spikeport.node and no ${prebuilt()}.`
      : explainMissing()
    throw withCode(new Error(problem), 'ERR_ADDON_NOT_LOADED')
  }
  try {
    return module.createRequire(file)(file)
  } catch (cause) {
    throw withCode(new Error(explainRefused(file, cause as NodeJS.ErrnoException), { cause }), 'ERR_ADDON_NOT_LOADED')
  }
}

/** The addon of a package's folder, as node-gyp-build finds it there: what was built, else the prebuilt one for this system. */
function addonIn(folder: string): string | undefined {
  try {
    return nodeGypBuild(folder).resolve(folder)
  } catch {
    return undefined
  }
}

/** The dependency, as the package in this folder finds it. */
function nodeGypBuild(folder: string): { resolve(folder: string): string } {
  // In this form, with this name of the import, tools that copy the files a program needs (nft) see the dependency, and bundlers
  // leave it where it is.
  const require = module.createRequire(join(folder, 'package.json'))
  // It takes the C library from this variable, or looks for a file of Alpine: other systems with musl do not have it, and
  // --permission throws where it may not be read.
  const given = process.env['LIBC']
  process.env['LIBC'] ||= libc()
  try {
    return require('node-gyp-build')
  } finally {
    if (given === undefined) delete process.env['LIBC']
    else process.env['LIBC'] = given
  }
}

/** This platform's prebuilt addon, below the package's folder. */
function prebuilt(): string {
  return join('prebuilds', `${platform}-${arch}`, platform === 'linux' ? `spikeport.${libc()}.node` : 'spikeport.node')
}

/** The folders that may be the package's: above this file, or where a bundle that this code has become part of finds the package. */
function packageFolders(): string[] {
  // A bundler leaves one of the two ways to this code's place as it is; the other is undefined, or of the machine that bundled.
  const finders = [() => dirname(prebuilds()), () => installed(import.meta.url), () => installed(__filename)]
  const found = finders.flatMap((find) => {
    try {
      return [find()]
    } catch {
      return []
    }
  })
  return [...new Set(found)]
}

/** Where prebuilt addons are, seen from this file. Tools that copy the files a program needs (nft) evaluate this expression. */
function prebuilds(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../../prebuilds')
}

/** The folder of the package, as a module at `place` finds it by name; within the package that is the package itself. */
function installed(place: string): string {
  return dirname(module.createRequire(place).resolve('spikeport/package.json'))
}

/** The C library of this Node: its program file names musl's loader in its first bytes, or another. */
function libc(): 'glibc' | 'musl' {
  try {
    const program = openSync(process.execPath, 'r')
    const head = Buffer.alloc(4096)
    try {
      readSync(program, head)
    } finally {
      closeSync(program)
    }
    return head.includes('/ld-musl-') ? 'musl' : 'glibc'
  } catch {
    // With --permission, it may not be readable.
    return 'glibc'
  }
}

/** Why no addon was found. */
function explainMissing(): string {
  if (platform === 'win32') return 'spikeport does not run on Windows, as it writes files with POSIX calls. It runs in WSL.'
  const folder = packageFolder()
  const hidden = (folder ? [join(folder, 'prebuilds')] : packageFolders()).find(isForbidden)
  if (hidden !== undefined) return forbidden(hidden)
  if (folder === undefined) {
    return (
      "spikeport's addon is not where its code is: a bundler took the code alone. " +
      "Mark spikeport as external (external: ['spikeport']), and install it where the bundle runs."
    )
  }
  if (!isThere(join(folder, 'CMakeLists.txt'))) {
    return `spikeport's addon is missing: ${folder} is a copy without ${prebuilt()}. Copy that file, too, or install spikeport there.`
  }
  try {
    nodeGypBuild(folder)
  } catch {
    return `spikeport's dependency node-gyp-build does not load in ${folder}: install it, or copy it, too.`
  }
  const system = platform === 'linux' ? `${platform}-${arch} with ${libc()}` : `${platform}-${arch}`
  return `spikeport has no prebuilt addon for ${system}. ${howToBuild(folder)}`
}

/** Why the addon that was found does not load, from the words of the loaders of glibc, musl and macOS. */
function explainRefused(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_DLOPEN_DISABLED') {
    const remedy = process.permission ? 'with --allow-addons, and without --no-addons' : 'without --no-addons'
    return `spikeport is an addon, and this Node may load none: start it ${remedy}.`
  }
  if (code === 'ERR_ACCESS_DENIED') return forbidden(dirname(file))
  const problem = `spikeport's addon does not load (${message.replace(/\s*\n[\s\S]*/, '')}).`
  if (/failed to map segment|not permitted|permission denied|system policy/i.test(message)) {
    return `${problem} A file system mounted noexec, permissions or a policy keep Node from running code in ${dirname(file)}: allow that, or install spikeport elsewhere.`
  }
  // glibc does not see a file of another architecture at all.
  const isForeign = message.startsWith(`${file}: cannot open shared object file: No such file`)
  if (
    isForeign ||
    /wrong ELF class|invalid ELF header|file too short|cannot read file data|exec format|mach-o|incompatible architecture/i.test(message)
  ) {
    return `${problem} ${file} is of another system, or damaged: install spikeport anew on this one.`
  }
  const folder = packageFolder()
  return folder === undefined ? problem : `${problem} ${howToBuild(folder)}`
}

/** The line that builds the addon in the package's folder. */
function howToBuild(folder: string): string {
  if (!isThere(join(folder, 'CMakeLists.txt')))
    return 'Build it from source in a whole copy of the package: there, this error has the command.'
  const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  // `rebuild` configures anew, so that it also works after a configuration that failed. Every library comes from its source: that
  // takes a compiler and CMake, and nothing else.
  const command = `npx --yes cmake-js@${devDependencies['cmake-js']} rebuild --CDSPIKEPORT_STATIC=ON --directory "${folder}" --out "${join(folder, 'build', 'cmake')}"`
  return `Build it from source: ${command}`
}

/** Of the folders that may be the package's, the one that is. */
function packageFolder(): string | undefined {
  return packageFolders().find((folder) => {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === 'spikeport'
    } catch {
      return false
    }
  })
}

function isThere(path: string): boolean {
  try {
    return existsSync(path)
  } catch {
    // With --permission, when it may not be read.
    return false
  }
}

/** Whether --permission keeps this process from reading there. */
function isForbidden(path: string): boolean {
  return (process.permission as NodeJS.ProcessPermission | undefined)?.has('fs.read', path) === false
}

function forbidden(path: string): string {
  return `Node may not read spikeport's addon: start it with --allow-fs-read=${join(path, '*')}, too.`
}
