/**
 * Virtual environments of Python with pinned packages, made on first use. Plain JavaScript, because the benchmark uses them too.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const repository = dirname(dirname(here))

/** What each environment is made from, the first Python 3 that has wheels of its pinned versions, and the first that has no more. */
const ENVIRONMENTS = {
  /** Today's numpy, SpikeLab, h5py and an S3 server. */
  numpy2: { requirements: 'requirements.txt', from: 10, below: 14 },
  /** SpikeLab on an old numpy. */
  numpy1: { requirements: 'requirements-numpy1.txt', from: 10, below: 13 },
  /** The newest pynwb, nwbinspector and DANDI, and SpikeLab beside them. */
  nwb: { requirements: 'requirements-nwb.txt', from: 11, below: 14 },
  /** An older pynwb and nwbinspector. */
  'nwb-old': { requirements: 'requirements-nwb-old.txt', from: 10, below: 13 },
  /** Readers of NWB that analyse, index or convert a file: pynapple, neo, lindi, hdmf-zarr. */
  'nwb-readers': { requirements: 'requirements-nwb-readers.txt', from: 11, below: 14 },
  /** What adds recordings to NWB files. */
  neuroconv: { requirements: 'requirements-neuroconv.txt', from: 11, below: 14 },
  /** Readers of spike sorting: SpikeInterface, phylib, neo, SpikeLab and pynwb. */
  sorting: { requirements: 'requirements-sorting.txt', from: 10, below: 14 },
  /** An older phylib. */
  'phylib-old': { requirements: 'requirements-phylib-old.txt', from: 11, below: 13 },
  /** Bombcell, which computes quality metrics from Phy folders. */
  bombcell: { requirements: 'requirements-bombcell.txt', from: 11, below: 14 },
  /** Readers of HDF5 over HTTP: h5py, fsspec and kerchunk. */
  cloud: { requirements: 'requirements-cloud.txt', from: 11, below: 14 },
  /** NWB files that packages ship in their source distributions, and h5py. */
  recordings: { requirements: 'requirements-recordings.txt', from: 11, below: 14 },
  /** The schemas of the Kubernetes API. */
  kubernetes: { requirements: 'requirements-kubernetes.txt', from: 11, below: 14 },
  /** The Phy program. */
  phy: { requirements: 'requirements-phy.txt', from: 10, below: 14 },
}

/** The environment of that name, made if it is not there or its requirements have changed. */
export async function pythonEnvironment(name) {
  const { requirements, from, below, folder, source, system, stamp, isCurrent } = await stateOf(name)
  const python = join(folder, 'bin', 'python')
  if (system === undefined) return { python, skip: `no Python from 3.${from} to 3.${below - 1} with venv was found` }
  if (isCurrent) return { python, skip: false }
  try {
    await run(system.command, ['-B', join(here, 'environment.py'), source, folder, stamp])
    return { python, skip: false }
  } catch (error) {
    return { python, skip: `the Python packages of ${requirements} could not be installed: ${lastLine(error)}` }
  }
}

/**
 * The names of the environments that have yet to be made, of those that can be.
 *
 * @param {boolean} expectsPython whether a Python is going to be installed that may suit those that can not be made yet
 */
export async function missingEnvironments(expectsPython) {
  const states = await Promise.all(Object.keys(ENVIRONMENTS).map(async (name) => ({ name, ...(await stateOf(name)) })))
  return states.filter(({ system, isCurrent }) => (system ? !isCurrent : expectsPython)).map(({ name }) => name)
}

/** What an environment is made from and where, with which Python, if there is one, and whether it is as it must be. */
async function stateOf(name) {
  const { requirements, from, below } = ENVIRONMENTS[name]
  const folder = join(repository, '.venv', name)
  const source = join(here, requirements)
  const system = await systemPython(from, below)
  const stamp = createHash('sha256')
    .update(system?.version ?? '')
    .update(await readFile(source))
    .digest('hex')
  const isCurrent = (await readFile(join(folder, 'stamp'), 'utf8').catch(() => '')) === stamp
  return { requirements, from, below, folder, source, system, stamp, isCurrent }
}

/** The first Python from 3.`from` on, below 3.`below`, that can make environments. */
async function systemPython(from, below) {
  if (process.platform === 'win32') return undefined
  const script = 'import sys, venv, ensurepip, fcntl; print(*sys.version_info[:3], sep=".")'
  for (const command of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const version = await run(command, ['-c', script]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    )
    const [major, minor] = version.split('.').map(Number)
    if (major === 3 && minor >= from && minor < below) return { command, version }
  }
  return undefined
}

/** @param {any} error of a program that has run */
function lastLine({ stderr, message }) {
  // pip ends with a line of its own that only switches its colours off.
  return stripVTControlCharacters(stderr || message)
    .trim()
    .split('\n')
    .at(-1)
}
