/**
 * Lets Node import the TypeScript of lib/ and test/: a module hook that keeps what it has transpiled in build/test/. A process that
 * finds all of it there does without the compiler, which takes longer than most test files. .taprc puts it into every test.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))

// Types are checked by `npm run typecheck`.
const compilerOptions = { target: 'es2022', module: 'esnext', verbatimModuleSyntax: true, inlineSourceMap: true, inlineSources: true }
const settings = JSON.stringify([compilerOptions, require('typescript/package.json').version])

if (isMainThread) register(import.meta.url)

/**
 * A program imports `./file.js`, which is to become of `./file.ts`.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const isOurs = /^\.\.?\/.*\.js$/.test(specifier) && !context.parentURL?.includes('/node_modules/')
  const source = isOurs && new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
  if (source && existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true }
  return next(specifier, context)
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/^file:.*\.ts$/.test(url)) return next(url, context)
  return { source: transpiled(fileURLToPath(url)), format: 'module', shortCircuit: true }
}

/** @param {string} path of a source */
function transpiled(path) {
  const source = readFileSync(path, 'utf8')
  const hash = createHash('sha256').update(settings).update(source).digest('hex')
  const kept = join(root, 'build/test', `${relative(root, path)}.js`)
  const found = existsSync(kept) ? readFileSync(kept, 'utf8') : undefined
  if (found?.endsWith(hash)) return found
  const { outputText } = require('typescript').transpileModule(source, { fileName: path, compilerOptions })
  const made = `${outputText}\n// Of a source with the hash ${hash}`
  mkdirSync(dirname(kept), { recursive: true })
  // Another process sees all of it or nothing.
  writeFileSync(`${kept}.${process.pid}`, made)
  renameSync(`${kept}.${process.pid}`, kept)
  return made
}
