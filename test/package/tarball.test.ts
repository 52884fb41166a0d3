/**
 * What npm gets: the package is built, packed and installed with the README's commands, listed, installed where nothing is
 * installed and by every package manager, bundled by every bundler, and built from source.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { librariesIn, makeBareRoot, programsIn } from '../support/bare-root.js'
import { startProcess } from '../support/child.js'
import { COMPLETE_NWB, EVERY_EXPORT } from '../support/every-export.js'
import { testBundlers } from './bundlers.js'
import { filesBelow } from './copies.js'
import { testManagers } from './managers.js'
import { writeProgram } from './program.js'
import { testSourceBuild } from './source-build.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dir = t.testdir({ packages: {}, bare: {}, outside: {} })
// Not below the checkout, where Node and npm would find its package.json and its node_modules.
const apps = mkdtempSync(join(tmpdir(), 'spikeport-package-'))
process.on('exit', () => rmSync(apps, { recursive: true }))
for (const name of ['my-project', 'managers', 'bundlers', 'source-build']) mkdirSync(join(apps, name))
writeFileSync(`${apps}/my-project/package.json`, '{}')
const platform = `${process.platform}-${process.arch}`

/** All files below a folder of the checkout. */
const filesIn = (folder: string) => filesBelow(join(root, folder)).map((name) => join(folder, name))

/** Packs what is in a folder: where the tarball is, and what is in it. */
async function pack(folder: string): Promise<{ tarball: string; files: string[]; size: number }> {
  const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', `${dir}/packages`]
  const { code, stdout, stderr } = await startProcess('npm', args).ended
  if (code !== 0) throw new Error(stderr)
  const [{ filename, files, size }] = JSON.parse(stdout)
  return { tarball: filename, files: files.map(({ path }: { path: string }) => path), size }
}

/** The packages that npm installs with this one: its dependencies, and theirs. */
function allDependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const found = new Set<string>(Object.keys(packages[''].dependencies))
  for (const name of found) for (const other of Object.keys(packages[`node_modules/${name}`].dependencies ?? {})) found.add(other)
  return [...found]
}

/** The commands of the README: the checkout that is tested takes the clone's place. */
function commands(): string[] {
  const [, block] = /^```sh\n(git clone .*?)^```/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))!
  const [clone, ...rest] = block!.trim().split('\n')
  t.match(clone, /^git clone \S+ spikeport$/)
  symlinkSync(root, `${apps}/spikeport`)
  return rest
}

const newcomer = await startProcess('sh', ['-ec', commands().join('\n')], apps).ended
// With neither the network nor Debian's mirror there is nothing to build from.
const missing = /^The sources of .* can be had neither .*$/m.exec(newcomer.stderr)?.[0]

t.test('the package', { skip: missing ?? false }, async (t) => {
  t.equal(newcomer.code, 0, newcomer.stdout + newcomer.stderr)
  t.match(newcomer.stdout, /HDF5 library version: \d+\.\d+\.\d+; \d\.\d\d MB; (glibc 2\.28 or newer; )?needs \S+/)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  rmSync(join(root, `spikeport-${version}.tgz`))
  writeProgram(`${apps}/my-project`)
  t.match(await startProcess(process.execPath, ['program.mjs', 'out.h5'], `${apps}/my-project`).ended, { code: 0, stderr: '' })
  const written = readFileSync(`${apps}/my-project/out.h5`)
  const inspected = await startProcess('node_modules/.bin/spikeport', ['inspect', '--json', 'out.h5'], `${apps}/my-project`).ended
  t.match(inspected, { code: 0, stderr: '' }, 'the program is there')
  t.match(JSON.parse(inspected.stdout), { path: 'out.h5', format: 'hdf5' })

  const addons = filesIn('prebuilds').filter((path) => path.endsWith('.node'))
  const { tarball, files, size } = await pack('.')

  t.test('the tarball holds what is needed to run it and to build it, and nothing else', async (t) => {
    const single = ['CHANGELOG.md', 'CMakeLists.txt', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'package.json']
    const wanted = [...single, ...addons, ...filesIn('cmake'), ...filesIn('native'), ...filesIn('dist')]
    t.strictSame(files.toSorted(), wanted.toSorted())
    t.strictSame(
      filesIn('dist').filter((path) => !/\.(js|js\.map|d\.ts)$/.test(path)),
      ['dist/spec.schema.json'],
    )
    t.ok(size < 4.1e6, `it has ${size} bytes`)
  })

  t.test('nothing runs when it is installed', async (t) => {
    const { scripts, gypfile, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    t.strictSame(
      ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts),
      [],
    )
    // Else npm runs node-gyp in a checkout, as there is a binding.gyp. In the tarball is none: other managers would run it all the same.
    t.equal(gypfile, false)
    t.notOk(files.includes('binding.gyp'))
    t.strictSame(Object.keys(dependencies), ['ajv', 'node-addon-api', 'node-gyp-build', 'tinyglobby', 'yaml', 'yauzl'])
  })

  t.test('the notices name the versions that are built in', async (t) => {
    const notices = readFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), 'utf8')
    const pins: Record<string, { version: string }> = JSON.parse(readFileSync(join(root, 'cmake/sources.json'), 'utf8'))
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const versions = Object.entries(pins).map(([name, { version }]) => [name, version])
    const inScripts = [
      ['node-addon-api', dependencies['node-addon-api']],
      ['uPlot', devDependencies.uplot],
    ]
    for (const [name, version] of [...versions, ...inScripts]) {
      t.match(notices, new RegExp(`^\\| \\[${name}\\].* \\| ${version} \\|`, 'im'), `${name} ${version}`)
    }
  })

  const bare = await makeBareRoot(`${dir}/bare`)

  t.test('installed where there is Node and nothing else', { skip: typeof bare === 'string' && bare }, async (t) => {
    if (typeof bare === 'string') return
    t.teardown(() => rmSync(bare.folder, { recursive: true }))
    t.strictSame(programsIn(bare), ['bin/node'])
    t.strictSame(
      librariesIn(bare).filter((name) => !/^(ld-linux[\w-]*|lib(c|dl|gcc_s|m|pthread|stdc\+\+))\.so\.\d$/.test(name)),
      [],
    )

    const dependencies = allDependencies()
    const tarballs = [tarball]
    for (const name of dependencies) tarballs.push((await pack(`./node_modules/${name}`)).tarball)
    cpSync(`${dir}/packages`, `${bare.folder}/packages`, { recursive: true })

    // What this machine's own addon, with this machine's HDF5, writes.
    writeFileSync(join(root, 'build', 'every-export.mjs'), EVERY_EXPORT.esm)
    const outside = await startProcess(process.execPath, ['build/every-export.mjs', `${dir}/outside`]).ended
    t.match(outside, { code: 0, stderr: '' })
    const expected = contentsOf(`${dir}/outside`)
    t.equal(expected.size, 36)

    t.test('every format is written, by both kinds of modules', async (t) => {
      mkdirSync(`${bare.folder}/app`)
      writeFileSync(`${bare.folder}/app/package.json`, '{}')
      const install = ['install', '--offline', '--no-audit', '--no-fund']
      const installed = await bare.npm('/app', [...install, ...tarballs.map((name) => `/packages/${name}`)])
      t.match(installed, { code: 0, stderr: '' })
      t.strictSame(
        readdirSync(`${bare.folder}/app/node_modules`).filter((name) => !name.startsWith('.')),
        [...dependencies, 'spikeport'].sort(),
      )

      for (const [kind, name] of [
        ['esm', 'program.mjs'],
        ['cjs', 'program.cjs'],
      ] as const) {
        writeFileSync(`${bare.folder}/app/${name}`, EVERY_EXPORT[kind])
        mkdirSync(`${bare.folder}/app/${kind}`)
        t.match(await bare.node('/app', [name, kind]), { code: 0, stderr: '' })
        t.strictSame(contentsOf(`${bare.folder}/app/${kind}`), expected, `every format from ${kind}`)
      }
    })

    t.test('a Node for musl takes the addon for musl, and only that', async (t) => {
      // This one but for the loader that its file names, which is there by that name, too.
      const [loader] = readFileSync(`${bare.folder}/bin/node`)
        .subarray(0, 4096)
        .toString('latin1')
        .match(/\/lib\w*\/ld-linux[\w.-]+/)!
      const other = `/lib/ld-musl-${loader.length}`.padEnd(loader.length, '1').slice(0, loader.length)
      copyFileSync(bare.folder + loader, bare.folder + other)
      const program = readFileSync(`${bare.folder}/bin/node`)
      program.write(other, program.indexOf(loader), 'latin1')
      writeFileSync(`${bare.folder}/bin/musl-node`, program, { mode: 0o755 })
      const script = `require('child_process').spawnSync('/bin/musl-node', ['program.mjs', 'esm'], { stdio: 'inherit' })`
      const without = await bare.node('/app', ['-e', script])
      t.match(without.stderr, `Error: spikeport has no prebuilt addon for ${platform} with musl. Build it from source: npx `)
      const place = `${bare.folder}/app/node_modules/spikeport/prebuilds/${platform}`
      copyFileSync(`${place}/spikeport.glibc.node`, `${place}/spikeport.musl.node`)
      writeFileSync(`${place}/spikeport.glibc.node`, 'the other one')
      t.strictSame((await bare.node('/app', ['-e', script])).stderr, '')
    })
  })

  const modules = `${apps}/my-project/node_modules`
  t.test('installed by every package manager', (t) => testManagers(t, `${apps}/managers`, `${dir}/packages/${tarball}`, written))
  t.test('bundled', (t) => testBundlers(t, `${apps}/bundlers`, modules, written))
  t.test('built from source', (t) => testSourceBuild(t, `${apps}/source-build`, modules, written))
})

/** By path below a folder, the bytes of each file; of one that names its time and has ids of its own, how many. */
function contentsOf(folder: string): Map<string, string> {
  const contents = (name: string) => {
    const bytes = readFileSync(join(folder, name))
    return name === COMPLETE_NWB ? `${bytes.length} bytes` : bytes.toString('base64')
  }
  return new Map(filesBelow(folder).map((name) => [name, contents(name)]))
}
