/**
 * The options of NWB files, for the command line.
 */
import type { ExporterTable, LoaderTable } from '../../jobs/option-tables.js'
import { DESCRIBED_STORAGE } from '../hdf5/described-options.js'
import type { LoadNwbOptions } from './read.js'
import type { NwbOptions } from './write.js'

const PROFILES = ['nwb', 'spikelab'] as const

export const DESCRIBED_WRITING: ExporterTable<NwbOptions> = {
  profile: { value: PROFILES, text: 'A complete NWB file, or the tree that SpikeLab writes and alone opens. Default nwb' },
  nwb: { value: 'json', text: 'Session, subject and probe, such as {"sessionStartTime":"2026-03-01T14:05:00+01:00"}' },
  fsHz: { value: 'number', text: 'The sampling frequency in Hz. Default: what the recording states' },
  unitIds: { value: 'json', text: 'The id of each unit, an array of whole numbers or names. Default: those of the recording' },
  rawData: { value: 'json', text: 'Also writes raw data, such as {"conversion":1e-6}. Default: left out' },
  spikeTimesDataset: { value: 'text', text: 'spikelab: the name of all spike times. Default spike_times' },
  spikeTimesIndexDataset: { value: 'text', text: 'spikelab: the name of the index. Default spike_times_index' },
  group: { value: 'text', text: 'spikelab: the group that holds them. Default units' },
  ...DESCRIBED_STORAGE,
}

export const DESCRIBED_READING: LoaderTable<LoadNwbOptions> = {
  profile: { value: PROFILES, text: 'Everything in the file, or what SpikeLab finds in it. Default nwb' },
  lengthMs: { value: 'number', text: 'The length of the recording in ms. Default: what the file says, else up to the last spike' },
  startTimeMs: { value: 'number', text: 'Where the recording starts in ms. Default: what the file says, else 0' },
  allowNoUnits: { value: 'flag', text: 'Takes a file without units for a recording without any' },
  rawData: { value: 'json', text: 'Also reads raw samples: true, or the path of a series in quotes, such as \'"/acquisition/Raw"\'' },
}
