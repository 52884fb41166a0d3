/**
 * What several workloads have in common: calls that both sides make, and limits.
 */
import { VARIANTS } from '../../dist/formats/registry.js'

export const FS_HZ = 30000
export const HOUR_MS = 3600000
/** What most exports may take beyond what is in memory before. */
export const EXTRA_BYTES = 16e6

export const ragged = { call: 'hdf5', options: { style: 'ragged' } }
export const samples = { call: 'hdf5', options: { style: 'ragged', spikeTimesUnit: 'samples', fsHz: FS_HZ } }
export const paired = variant('paired')
export const group = variant('group')
export const rasterOf = (rasterBinSizeMs) => ({ call: 'hdf5', options: { style: 'raster', rasterBinSizeMs } })
export const kilosort = variant('kilosort')
export const phy = variant('phy')
export const pickle = (protocol) => ({ call: 'pickle', options: { protocol } })
/** A complete file; the reference has no profiles, and pynwb makes complete ones as well. */
export const nwb = variant('nwb')
export const spikelab = variant('spikelab')
export const workspace = variant('workspace')
export const nwbPeer = { call: 'nwb' }
export const construct = { call: 'construct' }
export const limit = { call: 'write' }

/**
 * The call that makes a variant of a format.
 * @param {string} wanted
 */
function variant(wanted) {
  const found = VARIANTS.find(({ name }) => name === wanted)
  if (!found) throw new Error(`There is no variant '${wanted}' in the registry.`)
  const { format, options } = found
  return { call: format.name, options }
}
