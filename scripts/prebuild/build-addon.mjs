#!/usr/bin/env node
/**
 * Builds the self-contained addon. prebuildify calls this instead of node-gyp, which would download Node's headers, in a folder of
 * its own: node-gyp's arguments do not matter here, and the addon of the checkout stays.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { isConfigured } from '../setup/build.mjs'
import { root } from '../setup/shell.mjs'

const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
const folder = join(process.cwd(), 'build/cmake')
// cmake-js takes a folder in which a configuration failed for one that is configured.
if (!isConfigured(folder)) rmSync(folder, { recursive: true, force: true })
const settings = ['--directory', root, '--out', folder, '--CDSPIKEPORT_STATIC=ON']
const { status } = spawnSync(process.execPath, [cmakeJs, 'build', ...settings, '--parallel', `${os.availableParallelism()}`], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
