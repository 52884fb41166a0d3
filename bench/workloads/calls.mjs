/**
 * What several workloads have in common: calls that both sides make, and limits.
 */
export const FS_HZ = 30000
export const HOUR_MS = 3600000
/** What most exports may take beyond what is in memory before. */
export const EXTRA_BYTES = 16e6

export const ragged = { call: 'hdf5', options: { style: 'ragged' } }
export const samples = { call: 'hdf5', options: { style: 'ragged', spikeTimesUnit: 'samples', fsHz: FS_HZ } }
export const paired = { call: 'hdf5', options: { style: 'paired' } }
export const group = { call: 'hdf5', options: { style: 'group' } }
export const rasterOf = (rasterBinSizeMs) => ({ call: 'hdf5', options: { style: 'raster', rasterBinSizeMs } })
export const kilosort = { call: 'kilosort', options: { fsHz: FS_HZ } }
export const phy = { call: 'kilosort', options: { ...kilosort.options, phy: true } }
export const pickle = (protocol) => ({ call: 'pickle', options: { protocol } })
export const nwb = { call: 'nwb' }
export const construct = { call: 'construct' }
export const limit = { call: 'write' }
