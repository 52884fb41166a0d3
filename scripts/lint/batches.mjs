/**
 * A check of every source of a build by a compiler or the like. Most of the time for one file goes into the headers of the standard
 * library, so that sources with the same compile command are checked as one text. Where that finds something, or two sources have
 * the same name for something of their own, the halves are checked, down to the single file, which decides.
 *
 * What passed is not checked again until it, a header, the compile command or the check changes. With CI set, nothing has been checked
 * before, and nothing is noted: that takes a preprocessor's time.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../setup/shell.mjs'
import { inParallel, run } from './run.mjs'

/** Sources in one text: more take less processor time in all, fewer find their names apart and keep all cores busy. */
const MOST = Math.max(25, Math.ceil(150 / os.availableParallelism()))
/** The same of the binding, where several sources have helpers of one name. */
const MOST_OF_BINDING = 8

const remembers = !process.env.CI

/**
 * @param {string} build folder of a CMake build, with compile_commands.json
 * @param {string} version what else than the sources decides: the tool's version and settings
 * @param {(source: string, compile: { compiler: string, flags: string }) => string} command of the shell that checks a text
 * @returns {Promise<string[]>} the findings of each file that has some
 */
export async function checkSources(build, version, command) {
  const folder = join(build, 'checked')
  mkdirSync(folder, { recursive: true })
  /** @type {string[]} */
  const findings = []
  const batches = batchesOf(join(build, 'compile_commands.json'))
  await inParallel(batches, os.availableParallelism(), async ({ compiler, flags, files }) => {
    findings.push(...(await check(files)))

    /** @param {string[]} files @returns {Promise<string[]>} */
    async function check(files) {
      const source = files.length === 1 ? files[0] : join(folder, `${digest(...files)}.cc`)
      if (files.length > 1) writeFileSync(source, files.map((file) => `#line 1 "${file}"\n${readFileSync(file, 'utf8')}\n`).join(''))
      const passed = remembers && join(folder, digest(version, flags, await preprocessed(source, compiler, flags)))
      if (passed && existsSync(passed)) return []
      const found = await run('sh', ['-c', command(source, { compiler, flags })])
      const middle = files.length >> 1
      const isFinal = found.length === 0 || middle === 0
      const left = isFinal ? found : [...(await check(files.slice(0, middle))), ...(await check(files.slice(middle)))]
      if (passed && left.length === 0) writeFileSync(passed, '')
      return left
    }
  })
  return findings
}

/** A source with its headers and comments, which can switch checks off, and its macros, which some checks are about. */
async function preprocessed(source, compiler, flags) {
  // The shell takes the flags apart as it does for the build.
  const command = `${compiler} ${flags} -E -dD -C '${source}'`
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root, maxBuffer: 2 ** 28 })
  return stdout
}

/** @param {string[]} texts */
function digest(...texts) {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text).update('\0')
  return hash.digest('hex')
}

/**
 * The sources of a build, at most MOST of one compile command together. The longest come first: so all cores are busy to the end.
 *
 * @param {string} commands path of compile_commands.json
 */
function batchesOf(commands) {
  /** @type {Map<string, string[]>} by command */
  const groups = new Map()
  for (const { command, file } of JSON.parse(readFileSync(commands, 'utf8'))) {
    // The build drops what has gone only when CMake looks again.
    if (!existsSync(file)) continue
    const common = command.replace(/ -o \S+ -c \S+$/, '')
    groups.set(common, [...(groups.get(common) ?? []), file])
  }
  const batches = [...groups].flatMap(([command, files]) => {
    const [compiler = ''] = command.split(' ', 1)
    const isBinding = files.some((file) => file.includes('/native/binding/'))
    const count = Math.ceil(files.length / (isBinding ? MOST_OF_BINDING : MOST))
    const sorted = files.sort()
    return Array.from({ length: count }, (_, i) => ({
      compiler,
      flags: command.slice(compiler.length),
      files: sorted.slice(Math.floor((i * files.length) / count), Math.floor(((i + 1) * files.length) / count)),
    }))
  })
  /** @param {{ files: string[] }} batch */
  const size = ({ files }) => files.reduce((bytes, file) => bytes + statSync(file).size, 0)
  return batches.sort((a, b) => size(b) - size(a))
}
