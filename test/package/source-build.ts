/**
 * The line that builds the addon, as the error prints it where no prebuilt addon is: after configurations that failed, too.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { startProcess } from '../support/child.js'
import { filesBelow, linkTree } from './copies.js'
import { writeProgram } from './program.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where the prebuilt addon was built. */
const PREBUILD = join(root, 'build/prebuild/build/cmake')

/** The source tree of a library that was unpacked there. */
function unpacked(library: string): string {
  const folder = join(
    PREBUILD,
    'sources',
    readdirSync(join(PREBUILD, 'sources')).find((name) => new RegExp(`^${library}-\\w+$`).test(name))!,
  )
  return join(folder, readdirSync(folder)[0]!)
}

/** A source tree of HDF5 that takes the library as it was compiled for the prebuilt addon: compiling it again takes minutes. */
function compiledHdf5(folder: string): string {
  mkdirSync(folder)
  const source = join(unpacked('hdf5'), 'src')
  const lines = [
    `file(WRITE \${CMAKE_CURRENT_BINARY_DIR}/nothing.c "int nothing;")`,
    `add_library(hdf5-static STATIC \${CMAKE_CURRENT_BINARY_DIR}/nothing.c)`,
    `target_include_directories(hdf5-static PUBLIC "${source}" "${source}/H5FDsubfiling" "${PREBUILD}/hdf5/src")`,
    `target_link_libraries(hdf5-static PUBLIC "${PREBUILD}/hdf5/src/libhdf5.a" spikeport_zlib)`,
  ]
  writeFileSync(join(folder, 'CMakeLists.txt'), lines.join('\n'))
  return folder
}

/**
 * Compilers that take what was compiled of the same sources for the prebuilt addon, and compile only what was not: all of it would take
 * minutes.
 */
function sparingCompilers(folder: string): Record<string, string> {
  const compilers = { CC: process.env['CC'] || 'cc', CXX: process.env['CXX'] || 'c++' }
  const wrapped = Object.entries(compilers).map(([variable, compiler]) => {
    const file = join(folder, variable)
    const lines = [
      '#!/bin/sh',
      'for argument; do [ "$before" = -o ] && object=$argument; before=$argument; done',
      `[ "\${object%.o}" != "$object" ] && [ -f "${PREBUILD}/$object" ] && exec cp "${PREBUILD}/$object" "$object"`,
      `exec ${compiler} "$@"`,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 })
    return [variable, file]
  })
  return Object.fromEntries(wrapped)
}

/**
 * @param dir - an empty folder
 * @param modules - a node_modules folder with the package and what it depends on
 * @param expected - what the program's file holds
 */
export async function testSourceBuild(t: Test, dir: string, modules: string, expected: Buffer): Promise<void> {
  const app = join(dir, 'app')
  linkTree(modules, join(app, 'node_modules'))
  writeProgram(app)
  const place = join(app, 'node_modules/spikeport')
  rmSync(join(place, 'prebuilds'), { recursive: true })

  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { stderr } = await startProcess(process.execPath, ['program.mjs', 'out.h5'], app).ended
  const line = /Error: spikeport has no prebuilt addon for .*\. Build it from source: (.*)/.exec(stderr)?.[1]
  const options = `--CDSPIKEPORT_STATIC=ON --directory "${place}" --out "${place}/build/cmake"`
  t.equal(line, `npx --yes cmake-js@${devDependencies['cmake-js']} rebuild ${options}`)

  const sources = { SPIKEPORT_ZLIB_SOURCE: unpacked('zlib'), SPIKEPORT_LIBDEFLATE_SOURCE: unpacked('libdeflate') }
  const run = (command: readonly string[], environment: Record<string, string>, cwd: string) => {
    const settings = Object.entries({ ...sources, ...environment }).map(([name, value]) => `${name}=${value}`)
    return startProcess('env', [...settings, ...command], cwd).ended
  }
  // In this checkout, npx finds cmake-js installed.
  const build = (environment: Record<string, string>) => run(['sh', '-c', line!], environment, root)
  const withoutCompiler = await build({ CXX: '/nowhere/c++', CC: '/nowhere/cc' })
  t.not(withoutCompiler.code, 0)
  t.match(withoutCompiler.stdout + withoutCompiler.stderr, '/nowhere/c')
  const withoutSource = await build({ SPIKEPORT_HDF5_SOURCE: '/nowhere/hdf5' })
  t.not(withoutSource.code, 0)
  t.match(withoutSource.stdout + withoutSource.stderr, "SPIKEPORT_HDF5_SOURCE is '/nowhere/hdf5', which is not there.")

  // So does the script that builds the prebuilt addon.
  for (const source of ['/nowhere/1', '/nowhere/2']) {
    const script = join(root, 'scripts/prebuild/build-addon.mjs')
    const failed = await run([process.execPath, script], { SPIKEPORT_HDF5_SOURCE: source }, dir)
    t.match(failed.stdout + failed.stderr, `SPIKEPORT_HDF5_SOURCE is '${source}', which is not there.`)
  }

  const sourcesIn = (tree: string) =>
    ['native', 'cmake'].map((folder) =>
      filesBelow(join(tree, folder)).map((name) => [name, readFileSync(join(tree, folder, name), 'latin1')]),
    )
  t.strictSame(sourcesIn(place), sourcesIn(root), 'the sources of the prebuilt addon')
  const built = await build({ SPIKEPORT_HDF5_SOURCE: compiledHdf5(join(dir, 'hdf5')), ...sparingCompilers(dir) })
  t.equal(built.code, 0, built.stdout + built.stderr)
  const ran = await startProcess(process.execPath, ['program.mjs', 'out.h5'], app).ended
  t.match(ran, { code: 0, stdout: 'ERR_S3_SDK_MISSING\n' }, ran.stderr)
  t.ok(readFileSync(join(app, 'out.h5')).equals(expected))
}
