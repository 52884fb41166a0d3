/**
 * A root of a file system that holds Node, what its program needs to start, npm, and nothing else: no compiler, no Python, no
 * library but the C and C++ ones, and not even a shell, so that a package's install script could not run.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { type Ended, startProcess } from './child.js'

const isRoot = process.getuid?.() === 0
/** Other users than root become root in a user namespace, where the system allows that. */
const CHROOT = isRoot ? ['chroot'] : ['unshare', '--map-root-user', 'chroot']
const PROGRAMS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface BareRoot {
  /** Where it is, seen from outside. */
  folder: string
  /** Runs node in a folder of it, in an environment of nothing but a PATH and a HOME. */
  node(cwd: string, args: readonly string[]): Promise<Ended>
  npm(cwd: string, args: readonly string[]): Promise<Ended>
}

/** Makes one in an empty folder, or returns why it cannot. */
export async function makeBareRoot(folder: string): Promise<BareRoot | string> {
  if (process.platform !== 'linux') return `there is no chroot on ${process.platform}`
  for (const file of [process.execPath, ...librariesOf(process.execPath)]) {
    const isNode = file === process.execPath
    const place = join(folder, isNode ? '/bin/node' : file)
    mkdirSync(dirname(place), { recursive: true })
    if (isNode) linkOrCopy(file, place)
    else copyFileSync(file, place)
  }
  for (const name of ['tmp', 'home']) mkdirSync(join(folder, name))
  cpSync(npmFolder(), join(folder, 'npm'), { recursive: true })
  // chroot changes no working folder, so Node does.
  writeFileSync(join(folder, 'run.mjs'), RUN)

  const node = (cwd: string, args: readonly string[]) =>
    startProcess('env', ['-i', `PATH=${PROGRAMS}`, 'HOME=/home', ...CHROOT, folder, '/bin/node', '/run.mjs', cwd, ...args]).ended
  const { code, stderr } = await node('/', ['-p', '1'])
  if (code !== 0) return `chroot does not work here: ${stderr.trim()}`
  return { folder, node, npm: (cwd, args) => node(cwd, ['/npm/bin/npm-cli.js', ...args]) }
}

/** For a large file, which is copied only to another file system, and where users may not link what belongs to root. */
function linkOrCopy(file: string, place: string): void {
  try {
    linkSync(realpathSync(file), place)
  } catch {
    copyFileSync(file, place)
  }
}

const RUN = `
import { spawnSync } from 'node:child_process'
const [cwd, ...args] = process.argv.slice(2)
process.exitCode = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' }).status ?? 1
`

/** Every program there is in it. */
export function programsIn({ folder }: BareRoot): string[] {
  return ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin']
    .filter((path) => existsSync(join(folder, path)))
    .flatMap((path) => readdirSync(join(folder, path)).map((name) => `${path}/${name}`))
}

/** Every shared library in it. */
export function librariesIn({ folder }: BareRoot): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => /\.so(\.|$)/.test(path))
    .map((path) => path.replace(/^.*\//, ''))
}

function librariesOf(program: string): string[] {
  const listing = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!)
}

function npmFolder(): string {
  const programs = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'npm'))
  const npm = process.env['npm_execpath'] ?? programs.find((path) => existsSync(path))
  if (!npm) throw new Error('Expected npm to be on the PATH.')
  return dirname(dirname(realpathSync(npm)))
}
