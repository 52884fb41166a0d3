/**
 * Where the addon does not load, the error states why, and to build it from source only where that helps.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type Ended, startProcess } from '../support/child.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Not below the checkout, which is a package of this name, too.
const dir = mkdtempSync(join(tmpdir(), 'spikeport-loader-'))
process.on('exit', () => rmSync(dir, { recursive: true }))
t.afterEach(() => readdirSync(dir).forEach((name) => rmSync(join(dir, name), { recursive: true })))

const platform = `${process.platform}-${process.arch}`
const isLinux = process.platform === 'linux'
const addon = readFileSync(join(root, 'build/Release/spikeport.node'))
const prebuilt = `prebuilds/${platform}/${isLinux ? 'spikeport.glibc.node' : 'spikeport.node'}`

let count = 0
/** Installs a package with this file as its prebuilt addon. Of its sources there is only what stands for all. Returns its folder. */
function install(bytes: Uint8Array | undefined): string {
  const place = join(dir, `${count++}`, 'node_modules/spikeport')
  mkdirSync(place, { recursive: true })
  cpSync(join(root, 'dist'), join(place, 'dist'), { recursive: true })
  for (const name of ['package.json', 'CMakeLists.txt']) copyFileSync(join(root, name), join(place, name))
  for (const name of ['node-gyp-build', 'pend', 'yauzl'])
    cpSync(join(root, 'node_modules', name), join(place, '..', name), { recursive: true })
  if (bytes === undefined) return place
  mkdirSync(dirname(join(place, prebuilt)), { recursive: true })
  writeFileSync(join(place, prebuilt), bytes)
  return place
}

/** Imports a package in a program beside it, which prints the name of a class, or the error and the code of its cause. */
async function load(place: string, flags: readonly string[] = [], command: readonly string[] = []): Promise<Ended> {
  const program = join(place, '../../program.mjs')
  writeFileSync(
    program,
    `import('spikeport').then((s) => console.log(s.SpikeData.name), (e) => console.log(e.code + ' ' + e.message + '\\n' + (e.cause?.code ?? '')))`,
  )
  return startProcess('env', [...command, process.execPath, ...flags, program], join(place, '../..')).ended
}

const buildLine = (place: string) => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `Build it from source: npx --yes cmake-js@${devDependencies['cmake-js']} rebuild --CDSPIKEPORT_STATIC=ON --directory "${place}" --out "${place}/build/cmake"`
}

/** The addon with one text in it replaced, wherever it is. */
function patched(from: string, to: string): Buffer {
  const bytes = Buffer.from(addon)
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1')
  return bytes
}

/** The addon with some bytes of its header replaced. */
function withHeader(at: number, ...values: number[]): Buffer {
  const bytes = Buffer.from(addon)
  bytes.set(values, at)
  return bytes
}

t.test('the prebuilt addon loads', async (t) => {
  t.match(await load(install(addon)), { code: 0, stdout: 'SpikeData\n', stderr: '' })
})

t.test('an addon that was built here comes first', async (t) => {
  const place = install(Buffer.from('never read'))
  mkdirSync(join(place, 'build/Release'), { recursive: true })
  writeFileSync(join(place, 'build/Release/spikeport.node'), addon)
  t.match(await load(place), { stdout: 'SpikeData\n' })
})

t.test('no prebuilt addon for this platform', async (t) => {
  const place = install(undefined)
  const system = isLinux ? `${platform} with glibc` : platform
  t.equal((await load(place)).stdout, `ERR_ADDON_NOT_LOADED spikeport has no prebuilt addon for ${system}. ${buildLine(place)}\n\n`)
})

t.test('a copy of the package without it', async (t) => {
  const place = install(undefined)
  rmSync(join(place, 'CMakeLists.txt'))
  const message = `spikeport's addon is missing: ${place} is a copy without ${prebuilt}. Copy that file, too, or install spikeport there.`
  t.equal((await load(place)).stdout, `ERR_ADDON_NOT_LOADED ${message}\n\n`)
})

t.test(
  'a copy of the package without its sources, on a system that is too old',
  { skip: isLinux ? false : 'these are the words of glibc' },
  async (t) => {
    const place = install(patched('GLIBC_2.', 'GLIBC_9.'))
    rmSync(join(place, 'CMakeLists.txt'))
    t.match(
      (await load(place)).stdout,
      ' Build it from source in a whole copy of the package: there, this error has the command.\nERR_DLOPEN_FAILED\n',
    )
  },
)

t.test('a package without its dependency', async (t) => {
  const place = install(addon)
  rmSync(join(place, '../node-gyp-build'), { recursive: true })
  const message = `spikeport's dependency node-gyp-build does not load in ${place}: install it, or copy it, too.`
  t.equal((await load(place)).stdout, `ERR_ADDON_NOT_LOADED ${message}\n\n`)
})

t.test('another folder', async (t) => {
  const names = `build/Release/spikeport.node and no ${prebuilt}`
  const { stdout } = await load(install(addon), [], ['SPIKEPORT_PREBUILD=/nowhere'])
  t.equal(stdout, `ERR_ADDON_NOT_LOADED SPIKEPORT_PREBUILD is /nowhere, in which there is no ${names}.\n\n`)
})

t.test('Windows', async (t) => {
  const place = install(undefined)
  const windows = `--import=data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})`
  const { stdout } = await load(place, [windows])
  t.equal(stdout, 'ERR_ADDON_NOT_LOADED spikeport does not run on Windows, as it writes files with POSIX calls. It runs in WSL.\n\n')
})

/** Files that the system does not load: its reason, and what to do; by default to build from source. */
const FOREIGN = /is of another system, or damaged: install spikeport anew on this one\.$/
const REFUSED: Record<string, { bytes: Buffer; reason: RegExp; remedy?: RegExp }> = {
  'a file that is no library': {
    bytes: Buffer.from('no library, but more than a few bytes of text, so that it is read as one'.repeat(9)),
    reason: /invalid ELF header/,
    remedy: FOREIGN,
  },
  'an empty file': { bytes: Buffer.alloc(0), reason: /file too short/, remedy: FOREIGN },
  'an addon of another architecture': {
    bytes: withHeader(18, process.arch === 'arm64' ? 62 : 183, 0),
    reason: /cannot open shared object file/,
    remedy: FOREIGN,
  },
  'an addon of another word size': { bytes: withHeader(4, 1), reason: /wrong ELF class/, remedy: FOREIGN },
  'an addon of macOS': {
    bytes: Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), addon.subarray(4)]),
    reason: /invalid ELF header/,
    remedy: FOREIGN,
  },
  'a glibc that is too old': { bytes: patched('GLIBC_2.', 'GLIBC_9.'), reason: /version `GLIBC_9\.\d+' not found/ },
  'a library that is missing': {
    bytes: patched('libgcc_s.so.1\0', 'libgcc_x.so.1\0'),
    reason: /libgcc_x\.so\.1: cannot open shared object file/,
  },
}

t.test('refused by the system', { skip: isLinux ? false : 'these are the words of glibc' }, async (t) => {
  for (const [title, { bytes, reason, remedy }] of Object.entries(REFUSED)) {
    t.test(title, async (t) => {
      const place = install(bytes)
      const [message, cause] = (await load(place)).stdout.split('\n')
      t.match(message, /^ERR_ADDON_NOT_LOADED spikeport's addon does not load \(/)
      t.match(message, reason)
      t.match(message, remedy ?? buildLine(place))
      if (remedy) t.notMatch(message, /from source/)
      t.equal(cause, 'ERR_DLOPEN_FAILED')
    })
  }
})

t.test(
  'a file system from which nothing may be run',
  { skip: process.getuid?.() === 0 ? false : 'only root mounts file systems' },
  async (t) => {
    const place = install(undefined)
    const folder = join(place, 'prebuilds')
    mkdirSync(folder)
    writeFileSync(join(place, 'addon'), addon)
    // In a namespace of its own: the mount ends with the process.
    const script = `mount -t tmpfs -o noexec none ${folder} && mkdir -p ${dirname(join(place, prebuilt))} && cp ${place}/addon ${place}/${prebuilt} && exec "$@"`
    const { stdout } = await load(place, [], ['unshare', '--mount', 'sh', '-c', script, 'sh'])
    t.match(stdout, `ERR_ADDON_NOT_LOADED spikeport's addon does not load (${place}/${prebuilt}: failed to map segment`)
    t.match(
      stdout,
      /A file system mounted noexec, permissions or a policy keep Node from running code in .*: allow that, or install spikeport elsewhere\.\n/,
    )
  },
)

t.test('a Node that loads no addons', async (t) => {
  const place = install(addon)
  const { stdout } = await load(place, ['--no-addons'])
  t.equal(
    stdout,
    'ERR_ADDON_NOT_LOADED spikeport is an addon, and this Node may load none: start it without --no-addons.\nERR_DLOPEN_DISABLED\n',
  )
})

t.test('the permission model', async (t) => {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
  const place = install(addon)
  const app = join(place, '../..')
  const refused = await load(place, [permission, `--allow-fs-read=${app}/*`])
  t.equal(
    refused.stdout,
    'ERR_ADDON_NOT_LOADED spikeport is an addon, and this Node may load none: start it with --allow-addons, and without --no-addons.\nERR_DLOPEN_DISABLED\n',
  )
  const readable = [`${app}/program.mjs`, `${app}/package.json`, `${place}/dist/*`, `${place}/package.json`].map(
    (path) => `--allow-fs-read=${path}`,
  )
  const hidden = await load(place, [permission, '--allow-addons', ...readable])
  t.match(
    hidden.stdout,
    `ERR_ADDON_NOT_LOADED Node may not read spikeport's addon: start it with --allow-fs-read=${place}/prebuilds/*, too.\n`,
  )
  const allowed = await load(place, [permission, '--allow-addons', `--allow-fs-read=${app}/*`])
  t.equal(allowed.stdout, 'SpikeData\n', allowed.stderr)
})
