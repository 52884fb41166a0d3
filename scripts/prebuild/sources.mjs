/**
 * The sources of the libraries that a prebuilt addon carries: the release archives that cmake/sources.json pins, or where these
 * cannot be reached, those that Debian has made of them, from the mirror this machine uses. Nothing is used whose SHA-256 is not
 * the pinned one.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, root, SetupError, succeeds } from '../setup/shell.mjs'

const CACHE = join(root, 'build/sources')
const APT_HELPER = '/usr/lib/apt/apt-helper'
/** How long an archive may take, in ms. */
const PATIENCE = 120_000

/** @type {Record<string, { version: string, url: string, sha256: string, debian: { file: string, sha256: string }[] }>} */
const pins = JSON.parse(readFileSync(join(root, 'cmake/sources.json'), 'utf8'))

/**
 * By the environment variable that CMake reads, the archive or tree of each library. A variable that is set already stays.
 * @returns {Promise<Record<string, string>>}
 */
export async function sources() {
  /** @type {Record<string, string>} */
  const found = {}
  for (const [name, pin] of Object.entries(pins)) {
    const variable = `SPIKEPORT_${name.toUpperCase()}_SOURCE`
    found[variable] = process.env[variable] || (await archive(name, pin))
  }
  return found
}

async function archive(name, { version, url, sha256, debian }) {
  const candidates = [
    {
      from: `${name} ${version} from its release`,
      file: join(CACHE, `${name}-${sha256}.tar.gz`),
      sha256,
      fetch: (file) => download(url, file),
    },
    ...debian.map((source) => ({
      from: `${source.file.split('/').pop()} from Debian`,
      file: join(CACHE, `${name}-${source.sha256}.tar.gz`),
      sha256: source.sha256,
      fetch: (file) => downloadFromDebian(source, file),
    })),
  ]
  mkdirSync(CACHE, { recursive: true })
  const cached = candidates.find(({ file, sha256 }) => existsSync(file) && checksum(file) === sha256)
  if (cached) return cached.file
  for (const { from, file, sha256, fetch } of candidates) {
    const partial = `${file}.partial`
    rmSync(partial, { force: true })
    if (!(await fetch(partial))) continue
    if (checksum(partial) !== sha256) throw new SetupError(`Expected SHA-256 ${sha256} of ${from} but received ${checksum(partial)}.`)
    renameSync(partial, file)
    console.log(`Got ${from}`)
    return file
  }
  throw new SetupError(
    `The sources of ${name} ${version} can be had neither from ${url} nor from Debian. Set SPIKEPORT_${name.toUpperCase()}_SOURCE to an archive or a tree of them.`,
  )
}

/** Whether the file could be had. */
async function download(url, file) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
    if (!response.ok) return false
    writeFileSync(file, new Uint8Array(await response.arrayBuffer()))
    return true
  } catch {
    return false
  }
}

/** Whether one of the Debian mirrors in apt's configuration has it: old sources stay in their pools as long as a suite has them. */
function downloadFromDebian({ file, sha256 }, target) {
  if (!existsSync(APT_HELPER)) return false
  const mirrors = new Set(output('apt-get', ['indextargets', '--format', '$(REPO_URI)'])?.split('\n').filter(Boolean))
  return [...mirrors].some((mirror) =>
    succeeds(APT_HELPER, ['download-file', `${mirror.replace(/\/?$/, '/')}pool/main/${file}`, target, `SHA256:${sha256}`]),
  )
}

function checksum(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
