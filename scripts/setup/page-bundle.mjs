/**
 * Bundles the page of a report into one module beside the compiled files: its program, its style, and its elements, as texts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './shell.mjs'

const PAGE = join(root, 'lib/report/page')
/** Each report has a copy of uPlot, whose licence asks for this. */
const NOTICE = `/*! With uPlot (github.com/leeoniya/uPlot), copyright Leon Sorokin, MIT licence:
${readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8').trim()} */`

/** One file with all that it imports, as text. */
async function bundled(name, banner = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE, name)],
    nodePaths: [join(root, 'node_modules')],
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    format: 'esm',
    target: ['chrome103', 'firefox113', 'safari16.4'],
    banner,
  })
  return outputFiles[0].text.trim()
}

// A module, as it awaits its data.
const texts = {
  SCRIPT: await bundled('main.ts', { js: NOTICE }),
  STYLE: await bundled('style.css'),
  BODY: readFileSync(join(PAGE, 'body.html'), 'utf8'),
}
const lines = Object.entries(texts).map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}\n`)
writeFileSync(join(root, 'dist/report/page-bundle.js'), lines.join(''))
