/**
 * A program that uses the installed tarball, bundled by each bundler: it runs where it was bundled and moved with the package, or
 * fails with an error that names the setting to change.
 */
import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startProcess } from '../support/child.js'
import { linkTree } from './copies.js'
import { installSdk, writeProgram } from './program.js'
import { packageTools, type Tools } from './tools.js'

interface Bundler {
  file: string
  /** Whether the bundle finds the package where it runs, or only where it was bundled. */
  isMovable: boolean
  /** Bundles program.mjs of a folder into `file` there, and returns every warning. */
  bundle(tools: Tools, folder: string, file: string, isExternal: boolean): Promise<string[]>
}

const EXTERNAL = ['spikeport']

function esbuild(format: 'esm' | 'cjs', file: string): Bundler {
  return {
    file,
    isMovable: true,
    async bundle({ load }, folder, file, isExternal) {
      const place = { entryPoints: [join(folder, 'program.mjs')], outfile: join(folder, file) }
      const settings = { bundle: true, platform: 'node', format, minify: true, logLevel: 'silent', external: isExternal ? EXTERNAL : [] }
      const { warnings } = await load('esbuild').build({ ...place, ...settings })
      return warnings.map(({ text }: { text: string }) => text)
    },
  }
}

function rollup(format: 'es' | 'cjs', file: string): Bundler {
  return {
    file,
    isMovable: true,
    async bundle({ load }, folder, file, isExternal) {
      const warnings: string[] = []
      const bundle = await load('rollup').rollup({
        input: join(folder, 'program.mjs'),
        plugins: [load('@rollup/plugin-node-resolve').default({ preferBuiltins: true }), load('@rollup/plugin-commonjs').default()],
        external: isExternal ? EXTERNAL : [],
        onwarn: ({ message }: { message: string }) => warnings.push(message),
      })
      // Archives are read by a module that is imported when the first is.
      await bundle.write({ file: join(folder, file), format, inlineDynamicImports: true })
      return warnings
    },
  }
}

function webpack(type: 'commonjs' | 'module', file: string): Bundler {
  return {
    file,
    // In ES modules webpack leaves nothing from which to learn where the bundle is.
    isMovable: type === 'commonjs',
    async bundle({ load }, context, filename, isExternal) {
      const isModule = type === 'module'
      const settings = {
        ...{ mode: 'production', target: 'node', context, entry: './program.mjs' },
        output: { path: context, filename, module: isModule },
        experiments: { outputModule: isModule },
        // Node shows the line of an error in front of its message: all of the program, were it minified.
        optimization: { minimize: false },
        externals: isExternal ? { spikeport: `${type} spikeport` } : {},
      }
      const stats = await new Promise<Stats>((resolve, reject) => {
        load('webpack')(settings, (error: Error | null, stats: Stats) => (error ? reject(error) : resolve(stats)))
      })
      const { errors, warnings } = stats.toJson()
      return [...errors, ...warnings].map(({ message }) => message)
    },
  }
}

interface Stats {
  toJson(): Record<'errors' | 'warnings', { message: string }[]>
}

function bun(format: 'esm' | 'cjs', file: string): Bundler {
  return {
    file,
    // In CommonJS, import.meta.url is where the source was.
    isMovable: format === 'esm',
    async bundle({ file: fileOf }, folder, file, isExternal) {
      const settings = [
        '--target=node',
        `--format=${format}`,
        `--outfile=${file}`,
        '--minify',
        ...(isExternal ? ['--external', 'spikeport'] : []),
      ]
      const program = fileOf(`@oven/bun-${process.platform}-${process.arch.replace('arm64', 'aarch64')}/bin/bun`)
      const { code, stdout, stderr } = await startProcess(program, ['build', 'program.mjs', ...settings], folder).ended
      return code === 0 && !/warn/.test(stderr) ? [] : [stdout + stderr]
    },
  }
}

const BUNDLERS: Record<string, Bundler> = {
  'esbuild, ES module': esbuild('esm', 'esbuild.mjs'),
  'esbuild, CommonJS': esbuild('cjs', 'esbuild.cjs'),
  'rollup, ES module': rollup('es', 'rollup.mjs'),
  'rollup, CommonJS': rollup('cjs', 'rollup.cjs'),
  'webpack, ES module': webpack('module', 'webpack.mjs'),
  'webpack, CommonJS': webpack('commonjs', 'webpack.cjs'),
  'bun build, ES module': bun('esm', 'bun.mjs'),
  'bun build, CommonJS': bun('cjs', 'bun.cjs'),
}

const ALONE = `Error: spikeport's addon is not where its code is: a bundler took the code alone. Mark spikeport as external (external: ['spikeport']), and install it where the bundle runs.\n`

/**
 * @param dir - an empty folder
 * @param modules - a node_modules folder with the package and what it depends on, and nothing else
 * @param expected - what the program's file holds
 */
export async function testBundlers(t: Test, dir: string, modules: string, expected: Buffer): Promise<void> {
  const tools = await packageTools()

  /** Runs a bundle, and checks what it exports, prints, or fails with. */
  async function run(t: Test, what: string, folder: string, file: string, result: { stdout: string } | { stderr: string }): Promise<void> {
    const out = join(folder, 'out.h5')
    rmSync(out, { force: true })
    const ended = await startProcess(process.execPath, [file, out], folder).ended
    if ('stderr' in result) {
      t.equal(ended.code, 1, what)
      t.match(ended.stderr, result.stderr, what)
    } else {
      t.match(ended, { code: 0, ...result }, `${what}: ${ended.stderr}`)
      t.ok(readFileSync(out).equals(expected), what)
    }
  }

  for (const [title, { file, isMovable, bundle }] of Object.entries(BUNDLERS)) {
    await t.test(title, async (t) => {
      const made = join(dir, `made-${file}`)
      const moved = join(dir, `moved-${file}`)
      t.teardown(() => [made, moved].forEach((folder) => rmSync(folder, { recursive: true, force: true })))
      linkTree(modules, join(made, 'node_modules'))
      writeProgram(made)
      t.strictSame(await bundle(tools, made, file, false), [], 'no warning')
      t.strictSame(await bundle(tools, made, `external-${file}`, true), [], 'no warning with the package external')
      t.ok(readFileSync(join(made, `external-${file}`)).length < 5000, 'the package is not part of it then')
      await run(t, 'in place', made, file, { stdout: 'ERR_S3_SDK_MISSING\n' })
      installSdk(made)
      await run(t, 'with the AWS SDK installed', made, file, { stdout: 'uploaded\n' })

      renameSync(made, moved)
      await run(t, 'moved', moved, file, isMovable ? { stdout: 'uploaded\n' } : { stderr: ALONE })
      await run(t, 'moved, the package external', moved, `external-${file}`, { stdout: 'uploaded\n' })
      rmSync(join(moved, 'node_modules'), { recursive: true })
      await run(t, 'without the package', moved, file, { stderr: ALONE })
    })
  }

  await t.test('@vercel/nft', async (t) => {
    const made = join(dir, 'made-nft')
    const traced = join(dir, 'traced')
    linkTree(modules, join(made, 'node_modules'))
    writeProgram(made)
    installSdk(made)
    for (const program of ['program.mjs', 'program.cjs']) {
      const { fileList } = await tools.load('@vercel/nft').nodeFileTrace([join(made, program)], { base: made })
      rmSync(traced, { recursive: true, force: true })
      for (const name of fileList) cpSync(join(made, name), join(traced, name), { recursive: true })
      t.notOk(fileList.has('node_modules/spikeport/CMakeLists.txt'), 'only what the program needs')
      renameSync(made, `${made}-away`)
      await run(t, program, traced, program, { stdout: 'uploaded\n' })
      renameSync(`${made}-away`, made)
    }
    const place = join(traced, 'node_modules/spikeport')
    rmSync(join(place, 'prebuilds'), { recursive: true })
    const missing = `Error: spikeport's addon is missing: ${place} is a copy without prebuilds/`
    await run(t, 'without the addon', traced, 'program.cjs', { stderr: missing })
  })
}
