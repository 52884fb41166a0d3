/**
 * Names of files that KiloSort, Phy and the reference share.
 */

export const SPIKE_TIMES = 'spike_times.npy'
export const SPIKE_CLUSTERS = 'spike_clusters.npy'
export const SPIKE_TEMPLATES = 'spike_templates.npy'
export const CHANNEL_MAP = 'channel_map.npy'
