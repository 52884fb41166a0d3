/**
 * What a figure depends on: the machine, the file system and the versions.
 */
import { readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { addon } from '../dist/binding.js'
import { output, root } from '../scripts/setup/shell.mjs'

/**
 * @param {string} folder where the output goes
 * @param {Record<string, string>} versions those of the reference
 * @returns {string[]} one line a subject
 */
export function machine(folder, versions) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const hdf5 = /[\d.]+$/.exec(addon.hdf5Version)?.[0] ?? addon.hdf5Version
  const { python, numpy, h5py, spikelab } = versions
  const cpu = os.cpus()[0]?.model.trim() || os.arch()
  return [
    `Machine: ${os.availableParallelism()} × ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`,
    `File system: ${fileSystem(folder)}, through the page cache, no fsync`,
    `Ours: spikeport ${version}, Node ${process.versions.node}, HDF5 ${hdf5}`,
    `Reference: SpikeLab ${spikelab}, Python ${python}, numpy ${numpy}, h5py ${h5py} with HDF5 ${versions.hdf5}`,
  ]
}

function fileSystem(folder) {
  return output('df', ['--output=fstype', folder])?.trim().split('\n').at(-1) ?? 'unknown'
}
