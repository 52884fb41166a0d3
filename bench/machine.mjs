/**
 * What a figure depends on: the machine, the file system and the versions.
 */
import { readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { addon } from '../dist/engine/native.js'
import { output, root } from '../scripts/setup/shell.mjs'

/**
 * @param {string} folder where the output goes
 * @param {{ numpy: Record<string, string>, pynwb: Record<string, string>, h5wasm: Record<string, string> }} versions those of the peers
 * @returns {string[]} one line a subject
 */
export function machine(folder, { numpy, pynwb, h5wasm }) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const hdf5 = /[\d.]+$/.exec(addon.hdf5Version)?.[0] ?? addon.hdf5Version
  const cpu = os.cpus()[0]?.model.trim() || os.arch()
  return [
    `Machine: ${os.availableParallelism()} × ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}`,
    `File system: ${fileSystem(folder)}, through the page cache, no fsync`,
    `Ours: spikeport ${version}, Node ${process.versions.node}, HDF5 ${hdf5}, ${os.availableParallelism()} threads`,
    `Reference: SpikeLab ${numpy.spikelab}, Python ${numpy.python}, numpy ${numpy.numpy}, h5py ${numpy.h5py} with HDF5 ${numpy.hdf5}`,
    `NWB: pynwb ${pynwb.pynwb}, hdmf ${pynwb.hdmf}, h5py ${pynwb.h5py}`,
    `Loads in Node: h5wasm ${h5wasm.h5wasm}`,
  ]
}

export function fileSystem(folder) {
  return output('df', ['--output=fstype', folder])?.trim().split('\n').at(-1) ?? 'unknown'
}
