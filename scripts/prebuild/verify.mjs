/**
 * What must be true of a prebuilt addon: it carries the libraries it uses, shows nothing of them, and loads on old systems.
 */
import { readFileSync } from 'node:fs'
import { output, root, SetupError } from '../setup/shell.mjs'

/** All that an addon may show: what Node looks for. */
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']
/** In bytes. */
const LARGEST = 5 * 1024 * 1024

const LINUX = {
  /** Parts of the C library, which is there wherever Node is, and what Node's own releases need besides. */
  libraries: /^(lib(c|m|dl|rt|pthread|gcc_s)\.so\.\d+|ld-linux-[\w-]+\.so\.\d|libc\.musl-\w+\.so\.1)$/,
  /** The newest versions that Node 20's own releases ask for, or that came with the compilers of the same time. */
  baseline: { GLIBC: [2, 28], GCC: [7] },
}

/**
 * Throws when something is not as it must be.
 * @returns {string} what was found, for the reader
 */
export function verify(file) {
  const bytes = readFileSync(file)
  const { libraries, versions, exported } = process.platform === 'darwin' ? readMachO(file) : readElf(file)
  const allowed = process.platform === 'darwin' ? /^\/usr\/lib\// : LINUX.libraries
  const newest = Object.entries(LINUX.baseline).map(([kind, limit]) => ({ kind, limit, found: highest(versions, kind) }))
  const problems = [
    ...libraries.filter((library) => !allowed.test(library)).map((library) => `it needs ${library}`),
    ...exported.filter((name) => !EXPORTS.includes(name)).map((name) => `it exports ${name}`),
    ...EXPORTS.filter((name) => !exported.includes(name)).map((name) => `it does not export ${name}`),
    ...newest
      .filter(({ found, limit }) => found && compare(found, limit) > 0)
      .map(({ kind, found, limit }) => `it asks for ${kind}_${found.join('.')}, which is newer than ${limit.join('.')}`),
    ...(bytes.length > LARGEST ? [`it has ${bytes.length} bytes, more than ${LARGEST}`] : []),
    ...(bytes.includes(root) ? [`it names ${root}`] : []),
  ]
  if (problems.length > 0) throw new SetupError(`${file} is not what a prebuilt addon must be:\n- ${problems.join('\n- ')}`)
  const glibc = newest[0].found
  return [
    `${(bytes.length / 1e6).toFixed(2)} MB`,
    ...(glibc ? [`glibc ${glibc.join('.')} or newer`] : []),
    `needs ${libraries.join(', ')}`,
  ].join('; ')
}

function readElf(file) {
  const dynamic = read('readelf', ['--dynamic', '--wide', file])
  return {
    libraries: [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name),
    versions: [...read('readelf', ['--version-info', '--wide', file]).matchAll(/Name: ([A-Z]+)_([\d.]+)/g)].map(([, kind, version]) => ({
      kind,
      version: version.split('.').map(Number),
    })),
    exported: names(read('nm', ['--dynamic', '--defined-only', file])),
  }
}

function readMachO(file) {
  const [, ...lines] = read('otool', ['-L', file]).split('\n')
  return {
    // The first is its own name.
    libraries: lines.map((line) => line.trim().split(' ')[0]).filter((name) => name && !name.endsWith('.node')),
    versions: [],
    exported: names(read('nm', ['-gU', file])).map((name) => name.replace(/^_/, '')),
  }
}

/** The names in what nm prints. */
function names(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.trim().split(/\s+/).pop().replace(/@.*$/, ''))
}

function read(command, args) {
  const text = output(command, args)
  if (text === undefined) throw new SetupError(`Expected ${command} to read the addon, but it is missing or failed.`)
  return text
}

function highest(versions, kind) {
  return versions
    .filter((version) => version.kind === kind)
    .map(({ version }) => version)
    .sort(compare)
    .pop()
}

function compare(a, b) {
  const difference = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) - (b[i] ?? 0))
  return difference.find((part) => part !== 0) ?? 0
}
