/**
 * The options of KiloSort and Phy folders, for the command line.
 */
import type { ExporterTable, LoaderTable } from '../../jobs/option-tables.js'
import { TIME_UNIT_NAMES } from '../../options/time-unit.js'
import type { LoadKilosortOptions } from './load-options.js'
import type { KilosortOptions } from './write.js'

const FILES = {
  spikeTimesFile: { value: 'text', text: 'The file of the spike times. Default spike_times.npy' },
  spikeClustersFile: { value: 'text', text: 'The file of the cluster of each spike. Default spike_clusters.npy' },
  timeUnit: { value: TIME_UNIT_NAMES, text: 'The unit of the spike times. Default samples' },
} as const

export const DESCRIBED_WRITING: ExporterTable<KilosortOptions> = {
  fsHz: { value: 'number', text: 'The sampling frequency in Hz. Default: what the recording states' },
  phy: { value: 'json', text: 'Writes a folder for Phy: true, or an object of its options. Default: true for the format phy' },
  clusterIds: { value: 'json', text: 'The cluster of each unit, an array of whole numbers. Default: those of the recording' },
  ...FILES,
  channels: { value: 'json', text: 'phy: the whole probe, an object of its channels. Default: the electrodes of the units' },
  shift: { value: 'flag', text: 'phy: counts samples from the start of the recording' },
  overwrite: { value: 'flag', text: 'Replaces the files of a folder in which a person or another program has worked' },
}

export const DESCRIBED_READING: LoaderTable<LoadKilosortOptions> = {
  fsHz: { value: 'number', text: 'The sampling frequency in Hz. Default: sample_rate in params.py' },
  clusterInfoTsv: { value: 'text', text: 'A table of labels, such as cluster_group.tsv: only clusters that are good or mua become units' },
  includeNoise: { value: 'flag', text: 'Also takes the clusters of that table that have other labels' },
  ...FILES,
  lengthMs: { value: 'number', text: 'The length of the recording in ms. Default: just after the last spike' },
  channelMapFile: { value: 'text', text: 'The file with the channel of each row of the probe. Default channel_map.npy' },
  channelPositionsFile: { value: 'text', text: 'The file with their coordinates. Default channel_positions.npy' },
  amplitudes: { value: 'flag', text: 'Reads amplitudes.npy, one number for each spike' },
}
