/**
 * What tests and the benchmark install or build themselves, the first time one needs it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missingEnvironments } from '../../test/interop/environments.mjs'
import { root } from './shell.mjs'

/** Builds and installations, by the folder that is there when they have been made. */
const BUILDS = {
  'build/package-tools': 'the package managers and bundlers that the package is tried with, from npm, into build/package-tools/',
  'build/prebuild': 'the addon as it ships, and HDF5, zlib and libdeflate from their sources (downloaded), into build/ and prebuilds/',
}

/**
 * A line for each thing that tests of these tiers are yet to make.
 * @param {string[]} tiers
 * @param {{ packages: string[] }[]} missing the system packages that are going to be installed before
 */
export async function madeByTests(tiers, missing) {
  const expectsPython = missing.some(({ packages }) => packages.includes('python3'))
  const environments = tiers.includes('interop') ? await missingEnvironments(expectsPython) : []
  const builds = tiers.includes('package') ? Object.entries(BUILDS) : []
  return [
    ...(environments.length > 0 ? [`Python environments, from PyPI, into .venv/: ${environments.join(', ')}`] : []),
    ...builds.flatMap(([folder, line]) => (existsSync(join(root, folder)) ? [] : [line])),
  ]
}
