/**
 * What npm gets: the addon is built as it ships, the package is packed, listed, and installed where nothing is installed.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { librariesIn, makeBareRoot, programsIn } from './support/bare-root.js'
import { startProcess } from './support/child.js'
import { COMPLETE_NWB, EVERY_EXPORT } from './support/every-export.js'

// HDF5 is built from its sources, on a slow machine in minutes.
t.setTimeout(1_200_000)

const root = fileURLToPath(new URL('..', import.meta.url))
const dir = t.testdir({ packages: {}, bare: {}, outside: {} })
const platform = `${process.platform}-${process.arch}`

/** All files below a folder, sorted. */
function filesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true }) as string[]
  return names.map((name) => join(folder, name)).filter((path) => statSync(join(root, path)).isFile())
}

/** Packs what is in a folder: where the tarball is, and what is in it. */
async function pack(folder: string): Promise<{ tarball: string; files: string[]; size: number }> {
  const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', `${dir}/packages`]
  const { code, stdout, stderr } = await startProcess('npm', args).ended
  if (code !== 0) throw new Error(stderr)
  const [{ filename, files, size }] = JSON.parse(stdout)
  return { tarball: filename, files: files.map(({ path }: { path: string }) => path), size }
}

// Politely: other tests run, and some of them measure time.
const prebuild = await startProcess('nice', [process.execPath, 'scripts/prebuild.mjs']).ended
// With neither the network nor Debian's mirror there is nothing to build from.
const missing = /^The sources of .* can be had neither .*$/m.exec(prebuild.stderr)?.[0]

t.test('the package', { skip: missing ?? false }, async (t) => {
  t.equal(prebuild.code, 0, prebuild.stdout + prebuild.stderr)
  t.match(prebuild.stdout, /HDF5 library version: \d+\.\d+\.\d+; \d\.\d\d MB; (glibc 2\.28 or newer; )?needs \S+/)

  const addons = filesIn('prebuilds').filter((path) => path.endsWith('.node'))
  const { tarball, files, size } = await pack('.')

  t.test('the tarball holds what is needed to run it and to build it, and nothing else', async (t) => {
    const single = ['CHANGELOG.md', 'CMakeLists.txt', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md', 'binding.gyp', 'package.json']
    const wanted = [...single, ...addons, ...filesIn('cmake'), ...filesIn('native'), ...filesIn('dist')]
    t.strictSame(files.toSorted(), wanted.toSorted())
    t.strictSame(
      filesIn('dist').filter((path) => !/\.(js|js\.map|d\.ts)$/.test(path)),
      [],
    )
    t.ok(size < 3e6, `it has ${size} bytes`)
  })

  t.test('nothing runs when it is installed', async (t) => {
    const { scripts, gypfile, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    t.strictSame(
      ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts),
      [],
    )
    // Else npm runs node-gyp, as there is a binding.gyp.
    t.equal(gypfile, false)
    t.strictSame(Object.keys(dependencies), ['node-addon-api', 'node-gyp-build'])
  })

  t.test('the notices name the versions that are built in', async (t) => {
    const notices = readFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), 'utf8')
    const pins: Record<string, { version: string }> = JSON.parse(readFileSync(join(root, 'cmake/sources.json'), 'utf8'))
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const versions = Object.entries(pins).map(([name, { version }]) => [name, version])
    for (const [name, version] of [...versions, ['node-addon-api', dependencies['node-addon-api']]]) {
      t.match(notices, new RegExp(`^\\| \\[${name}\\].* \\| ${version} \\|`, 'im'), `${name} ${version}`)
    }
  })

  const bare = await makeBareRoot(`${dir}/bare`)

  t.test('installed where there is Node and nothing else', { skip: typeof bare === 'string' && bare }, async (t) => {
    if (typeof bare === 'string') return
    t.strictSame(programsIn(bare), ['bin/node'])
    t.strictSame(
      librariesIn(bare).filter((name) => !/^(ld-linux[\w-]*|lib(c|dl|gcc_s|m|pthread|stdc\+\+))\.so\.\d$/.test(name)),
      [],
    )

    const dependencies = await Promise.all(['node-addon-api', 'node-gyp-build'].map((name) => pack(`./node_modules/${name}`)))
    const tarballs = [tarball, ...dependencies.map(({ tarball }) => tarball)]
    cpSync(`${dir}/packages`, `${bare.folder}/packages`, { recursive: true })

    // What this machine's own addon, with this machine's HDF5, writes.
    writeFileSync(join(root, 'build', 'every-export.mjs'), EVERY_EXPORT.esm)
    const outside = await startProcess(process.execPath, ['build/every-export.mjs', `${dir}/outside`]).ended
    t.match(outside, { code: 0, stderr: '' })
    const expected = contentsOf(`${dir}/outside`)
    t.equal(expected.size, 20)

    for (const [title, settings] of Object.entries({ enabled: [], disabled: ['--ignore-scripts'] })) {
      t.test(`with install scripts ${title}`, async (t) => {
        const app = `/${title}`
        mkdirSync(bare.folder + app)
        writeFileSync(`${bare.folder}${app}/package.json`, '{}')
        const install = ['install', '--offline', '--no-audit', '--no-fund', ...settings]
        const installed = await bare.npm(app, [...install, ...tarballs.map((name) => `/packages/${name}`)])
        t.match(installed, { code: 0, stderr: '' })
        t.strictSame(readdirSync(`${bare.folder}${app}/node_modules`).filter((name) => !name.startsWith('.')), [
          'node-addon-api',
          'node-gyp-build',
          'spikeport',
        ])

        for (const [kind, name] of [
          ['esm', 'program.mjs'],
          ['cjs', 'program.cjs'],
        ] as const) {
          writeFileSync(`${bare.folder}${app}/${name}`, EVERY_EXPORT[kind])
          mkdirSync(`${bare.folder}${app}/${kind}`)
          t.match(await bare.node(app, [name, kind]), { code: 0, stderr: '' })
          t.strictSame(contentsOf(`${bare.folder}${app}/${kind}`), expected, `every format from ${kind}`)
        }
      })
    }

    t.test('without a prebuilt addon, the error says how to build one', async (t) => {
      const place = `${bare.folder}/enabled/node_modules/spikeport`
      rmSync(`${place}/prebuilds`, { recursive: true })
      const { code, stderr } = await bare.node('/enabled', ['program.mjs', 'esm'])
      t.equal(code, 1)
      const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
      const inside = '/enabled/node_modules/spikeport'
      const line = `npx --yes cmake-js@${devDependencies['cmake-js']} build --CDSPIKEPORT_STATIC=ON --directory "${inside}" --out "${inside}/build/cmake"`
      t.match(stderr, `Error: spikeport has no prebuilt addon for ${platform}. Build it from source: ${line}\n`)
    })

    t.test('an addon that does not load is not one that is missing', async (t) => {
      for (const addon of addons) writeFileSync(`${bare.folder}/disabled/node_modules/spikeport/${addon}`, 'no library')
      const { code, stderr } = await bare.node('/disabled', ['program.mjs', 'esm'])
      t.equal(code, 1)
      t.match(stderr, "Error: spikeport's addon does not load on this system. Build it from source: npx ")
    })
  })
})

/** By path below a folder, the bytes of each file; of one that names its time and has ids of its own, how many. */
function contentsOf(folder: string): Map<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => statSync(join(folder, name)).isFile())
  const contents = (name: string) => {
    const bytes = readFileSync(join(folder, name))
    return name === COMPLETE_NWB ? `${bytes.length} bytes` : bytes.toString('base64')
  }
  return new Map(names.toSorted().map((name) => [name, contents(name)]))
}
