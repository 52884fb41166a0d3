/**
 * Builds the self-contained addon of this platform into prebuilds/, and checks it: HDF5, zlib and libdeflate are built from pinned
 * sources and linked statically. What was built stays below build/, so that doing it again is quick.
 *
 *     npm run prebuild
 *
 * SPIKEPORT_HDF5_SOURCE, SPIKEPORT_ZLIB_SOURCE and SPIKEPORT_LIBDEFLATE_SOURCE name archives or trees to build from instead.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import prebuildify from 'prebuildify'
import { sources } from './prebuild/sources.mjs'
import { verify } from './prebuild/verify.mjs'
import { output, root, SetupError } from './setup/shell.mjs'

const FOLDER = join(root, 'build/prebuild')
const place = join(root, 'prebuilds', `${process.platform}-${process.arch}`)

async function prebuild() {
  const started = performance.now()
  Object.assign(process.env, await sources())
  mkdirSync(FOLDER, { recursive: true })
  rmSync(place, { recursive: true, force: true })
  await promisify(prebuildify)({
    name: 'spikeport',
    cwd: FOLDER,
    out: root,
    // Else a folder for Node's headers, of which none are needed, is left in the system's temporary folder.
    cache: FOLDER,
    nodeGyp: join(root, 'scripts/prebuild/build-addon.mjs'),
    napi: true,
    strip: true,
    // A name that only the same C library's Node takes.
    tagLibc: process.platform === 'linux',
  })
  const [name] = readdirSync(place)
  const file = join(place, name)
  const found = verify(file)
  const loaded = output(process.execPath, ['-p', 'require(process.argv[1]).hdf5Version', file])
  if (!loaded) throw new SetupError(`${file} does not load.`)
  console.log(`prebuilds/${process.platform}-${process.arch}/${name}: ${loaded.trim()}; ${found}`)
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

try {
  await prebuild()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\n${error.message}`)
  process.exitCode = 1
}
