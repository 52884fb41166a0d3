/**
 * Names of files that KiloSort, Phy and the reference share, and of what becomes of them.
 */

export const SPIKE_TIMES = 'spike_times.npy'
export const SPIKE_CLUSTERS = 'spike_clusters.npy'
export const SPIKE_TEMPLATES = 'spike_templates.npy'
export const CHANNEL_MAP = 'channel_map.npy'
export const CHANNEL_POSITIONS = 'channel_positions.npy'
export const AMPLITUDES = 'amplitudes.npy'
export const TEMPLATES = 'templates.npy'

/** The attribute of a unit with the amplitude of each of its spikes, and the name of those on the disk. */
export const AMPLITUDES_ATTRIBUTE = 'amplitudes'
