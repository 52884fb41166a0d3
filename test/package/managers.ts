/**
 * The tarball, installed by each package manager in an empty home.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startProcess } from '../support/child.js'
import { writeProgram } from './program.js'
import { packageTools } from './tools.js'

/**
 * @param dir - an empty folder
 * @param expected - what the program's file holds
 */
export async function testManagers(t: Test, dir: string, tarball: string, expected: Buffer): Promise<void> {
  const { file } = await packageTools()
  const registry = (await startProcess('npm', ['config', 'get', 'registry']).ended).stdout.trim()
  const node = process.execPath
  const managers: Record<string, { command: string[]; run?: string[]; settings?: string }> = {
    npm: { command: ['npm'] },
    'pnpm 9': { command: [node, file('pnpm-9/bin/pnpm.cjs')] },
    pnpm: { command: [node, file('pnpm/bin/pnpm.mjs')] },
    'Yarn 1': { command: [node, file('yarn/bin/yarn.js')] },
    // Without node_modules: there, Yarn's own loader finds packages, and unpacks this one, as it has an addon.
    "Yarn with Plug'n'Play": { command: [node, file('@yarnpkg/cli-dist/bin/yarn.js')], run: ['node'] },
    'Yarn with node_modules': { command: [node, file('@yarnpkg/cli-dist/bin/yarn.js')], settings: 'nodeLinker: node-modules\n' },
  }
  for (const [title, { command, run, settings = '' }] of Object.entries(managers)) {
    await t.test(title, async (t) => {
      const app = join(dir, title.replaceAll(/\W+/g, '-'))
      mkdirSync(join(app, 'home/tmp'), { recursive: true })
      t.teardown(() => rmSync(app, { recursive: true }))
      writeFileSync(
        join(app, 'package.json'),
        JSON.stringify({ name: 'app', private: true, dependencies: { spikeport: `file:${tarball}` } }),
      )
      writeFileSync(join(app, '.yarnrc.yml'), settings)
      writeProgram(app)
      // The program's only dependency besides comes from where npm has its packages from.
      const environment = {
        HOME: join(app, 'home'),
        TMPDIR: join(app, 'home/tmp'),
        XDG_CACHE_HOME: join(app, 'home/cache'),
        XDG_DATA_HOME: join(app, 'home/data'),
        npm_config_registry: registry,
        npm_config_cache: join(app, 'home/npm'),
        YARN_CACHE_FOLDER: join(app, 'home/yarn'),
        YARN_NPM_REGISTRY_SERVER: registry,
        YARN_ENABLE_TELEMETRY: '0',
        // With CI set, a project without a lock file would be refused.
        YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
      }
      const inHome = (args: readonly string[]) =>
        startProcess('env', [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...args], app).ended
      const installed = await inHome([...command, 'install'])
      t.equal(installed.code, 0, installed.stdout + installed.stderr)
      t.notMatch(installed.stdout + installed.stderr, /node-gyp rebuild|gyp info/)
      for (const program of ['program.mjs', 'program.cjs']) {
        const ran = await inHome([...(run ? [...command, ...run] : [node]), program, `${program}.h5`])
        t.match(ran, { code: 0, stdout: 'ERR_S3_SDK_MISSING\n' }, ran.stderr)
        t.ok(readFileSync(join(app, `${program}.h5`)).equals(expected), program)
      }
    })
  }
}
