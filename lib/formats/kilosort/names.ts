/**
 * Names of files that KiloSort, Phy and the reference share.
 */

export const SPIKE_TIMES = 'spike_times.npy'
export const SPIKE_CLUSTERS = 'spike_clusters.npy'
export const SPIKE_TEMPLATES = 'spike_templates.npy'
export const CHANNEL_MAP = 'channel_map.npy'
export const CHANNEL_POSITIONS = 'channel_positions.npy'
export const AMPLITUDES = 'amplitudes.npy'
export const TEMPLATES = 'templates.npy'
