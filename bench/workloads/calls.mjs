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
/** A complete file; the reference has no profiles, and pynwb makes complete ones as well. */
export const nwb = { call: 'nwb', options: { fsHz: FS_HZ, nwb: { sessionStartTime: '2024-01-01T00:00:00Z' } } }
export const spikelab = { call: 'nwb', options: { profile: 'spikelab' } }
export const nwbPeer = { call: 'nwb' }
export const construct = { call: 'construct' }
export const limit = { call: 'write' }
