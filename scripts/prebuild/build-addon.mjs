#!/usr/bin/env node
/**
 * Builds the self-contained addon. prebuildify calls this instead of node-gyp, which would download Node's headers, in a folder of
 * its own: node-gyp's arguments do not matter here, and the addon of the checkout stays.
 */
import { spawnSync } from 'node:child_process'
import os from 'node:os'
import { join } from 'node:path'
import { root } from '../setup/shell.mjs'

const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
const settings = ['--directory', root, '--out', join(process.cwd(), 'build/cmake'), '--CDSPIKEPORT_STATIC=ON']
const { status } = spawnSync(
  process.execPath,
  [cmakeJs, 'build', ...settings, '--parallel', `${os.availableParallelism()}`],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
